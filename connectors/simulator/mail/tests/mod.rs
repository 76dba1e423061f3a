//! The mail platform, met by real clients: `async-imap`, `lettre`, and bare bytes where no client would go.

mod faults;
mod folders;
mod patrons;
mod reading;
mod robust;
mod sending;
mod tls;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::*;
use crate::simulator::FrozenClock;

const NOW_MS: i64 = 1_791_277_331_000;
const ASK: &str = "ask@library.example";
const PASSWORD: &str = "s3cret";

type Imap = async_imap::Session<TcpStream>;

/// A platform with one mailbox, and the clock it lives by.
async fn platform() -> (MailPlatform, Arc<FrozenClock>) {
    platform_with(|_| {}).await
}

async fn platform_with(change: impl FnOnce(&mut MailOptions)) -> (MailPlatform, Arc<FrozenClock>) {
    let clock = FrozenClock::at(NOW_MS);
    let mut options = MailOptions::new(clock.clone());
    let mut mailbox = MailboxOptions::new(ASK, PASSWORD);
    mailbox.token = Some("token-1".to_owned());
    options.mailboxes.push(mailbox);
    change(&mut options);
    (MailPlatform::start(options).await.unwrap(), clock)
}

/// Long enough for any machine; only a test that would never end meets it.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, what).await.expect("this should have happened by now")
}

/// A small mail that can be told from others.
fn mail(name: &str) -> String {
    format!(
        "From: a@patron.example\r\nTo: {ASK}\r\nSubject: About {name}\r\nMessage-ID: <{name}@patron.example>\r\n\
         \r\nText of {name}\r\n"
    )
}

async fn imap_client(address: SocketAddr) -> async_imap::Client<TcpStream> {
    let mut client = async_imap::Client::new(TcpStream::connect(address).await.unwrap());
    client.read_response().await.unwrap().expect("a greeting");
    client
}

async fn imap(platform: &MailPlatform) -> Imap {
    let client = imap_client(platform.imap_addr()).await;
    client.login(ASK, PASSWORD).await.map_err(|(error, _)| error).unwrap()
}

async fn smtp(platform: &MailPlatform) -> AsyncSmtpConnection {
    let hello = ClientId::Domain("client.example".to_owned());
    let address = platform.smtp_addr();
    let mut connection =
        AsyncSmtpConnection::connect_tokio1(address, None, &hello, None, None).await.unwrap();
    let credentials = Credentials::new(ASK.to_owned(), PASSWORD.to_owned());
    connection.auth(&[Mechanism::Plain], &credentials).await.unwrap();
    connection
}

/// Hands a message to the submission server.
async fn send(platform: &MailPlatform, to: &[&str], raw: &str) -> Result<(), lettre::transport::smtp::Error> {
    let to = to.iter().map(|to| to.parse().unwrap()).collect();
    let envelope = lettre::address::Envelope::new(Some(ASK.parse().unwrap()), to).unwrap();
    smtp(platform).await.send(&envelope, raw.as_bytes()).await.map(|_| ())
}

/// A client that sends whatever it is told to.
struct Bare {
    stream: BufReader<TcpStream>,
}

impl Bare {
    /// Connects and takes the greeting.
    async fn connect(address: SocketAddr) -> Self {
        let mut bare = Self { stream: BufReader::new(TcpStream::connect(address).await.unwrap()) };
        bare.line().await;
        bare
    }

    /// Connects and signs in to IMAP.
    async fn imap(platform: &MailPlatform) -> Self {
        let mut bare = Self::connect(platform.imap_addr()).await;
        bare.ask(&format!("in LOGIN {ASK} {PASSWORD}\r\n"), "in OK").await;
        bare
    }

    /// Connects and signs in to SMTP.
    async fn smtp(platform: &MailPlatform) -> Self {
        let mut bare = Self::connect(platform.smtp_addr()).await;
        bare.ask("EHLO client.example\r\n", "250 ").await;
        bare.ask("AUTH PLAIN AGFza0BsaWJyYXJ5LmV4YW1wbGUAczNjcmV0\r\n", "235 ").await;
        bare
    }

    async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// The next line; empty at the end.
    async fn line(&mut self) -> String {
        let mut line = String::new();
        soon(self.stream.read_line(&mut line)).await.unwrap_or_default();
        line.trim_end().to_owned()
    }

    /// Says something and reads up to the line that begins with `last`, which must come.
    async fn ask(&mut self, bytes: &str, last: &str) -> Vec<String> {
        self.say(bytes).await;
        let mut lines = Vec::new();
        loop {
            let line = self.line().await;
            assert!(!line.is_empty(), "{bytes:?} was answered {lines:?} and no {last:?}");
            lines.push(line);
            if lines.last().is_some_and(|line| line.starts_with(last)) {
                return lines;
            }
        }
    }

    /// All there is until the other side ends it.
    async fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        // However it ends, the end is what matters.
        let _ = soon(self.stream.read_to_end(&mut rest)).await;
        String::from_utf8_lossy(&rest).into_owned()
    }
}
