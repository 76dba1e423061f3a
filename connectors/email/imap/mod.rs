//! One conversation with an IMAP server: commands out, several at once; answers in, in their order.
//!
//! `async-imap` reads and parses what the server says. Commands are written here, so that several leave in one packet, no
//! password passes through a library that may log it, and the server's words become our sentences.

pub mod folders;
mod pool;
mod read;
mod signin;
mod trouble;
mod utf7;

use std::collections::BTreeSet;
use std::time::Duration;

use async_imap::Client as Wire;
use async_imap::imap_proto::{Capability, Outcome, Response, ResponseCode, Status};
use tokio::io::AsyncWriteExt;

pub use pool::Pool;
pub use read::{Listed, Opened, Piece};
pub use trouble::said;

use super::settings::{Config, Security, Server};
use crate::contract::{Account, Failure, Line, Tls};

/// Nobody gets more than this to say goodbye or hello beyond the channel's patience.
const SLOWEST_BYTES_PER_S: u64 = 32 * 1024;

/// A signed-in session.
pub struct Imap {
    wire: Wire<Line>,
    tags: u32,
    server: Server,
    patience: Duration,
    /// Upper case.
    capabilities: BTreeSet<String>,
    /// The capabilities are those of after the sign-in.
    told_after_signin: bool,
    /// How many times something was sent and waited for.
    pub round_trips: u32,
    /// A folder is open.
    selected: bool,
    /// Nothing can be asked any more.
    broken: bool,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// OK, rather than NO or BAD.
    pub ok: bool,
    /// The response code's word, upper case, where there is one (`AUTHENTICATIONFAILED`, `LIMIT`).
    pub code: String,
    /// The server's words.
    pub text: String,
}

impl Imap {
    /// Connects and signs in.
    ///
    /// # Errors
    /// As [`crate::contract::Outside::dial`] and the sign-in have it.
    pub async fn open(account: &Account, config: &Config) -> Result<Self, Failure> {
        let mut session = Self::greeted(account, config).await?;
        session.sign_in(account, config).await?;
        Ok(session)
    }

    async fn greeted(account: &Account, config: &Config) -> Result<Self, Failure> {
        let Server { host, port, security } = &config.reading;
        let tls = if *security == Security::Implicit { Tls::Implicit } else { Tls::Later };
        let line = account.outside.dial(host, *port, tls).await?;
        let mut session = Self {
            wire: Wire::new(line),
            tags: 0,
            server: config.reading.clone(),
            patience: config.patience,
            capabilities: BTreeSet::new(),
            told_after_signin: false,
            round_trips: 0,
            selected: false,
            broken: false,
        };
        session.greeting().await?;
        if *security == Security::StartTls {
            session = session.secured(account).await?;
        }
        if session.capabilities.is_empty() {
            session.ask_capabilities().await?;
        }
        Ok(session)
    }

    async fn greeting(&mut self) -> Result<(), Failure> {
        let welcome = self
            .next(self.patience, |response| match response {
                Response::Data { status: Status::Ok | Status::PreAuth, outcome } => Some(told(outcome)),
                _ => None,
            })
            .await?;
        match welcome {
            Some(capabilities) => {
                self.capabilities = capabilities.unwrap_or_default();
                Ok(())
            }
            None => Err(self.unreadable("its greeting is none of IMAP's")),
        }
    }

    /// STARTTLS. What the server said before is forgotten: somebody on the way may have said it.
    async fn secured(mut self, account: &Account) -> Result<Self, Failure> {
        let ended = self.run(&["STARTTLS".to_owned()], |_, _| ()).await?.remove(0);
        if !ended.ok {
            return Err(Failure::Transient {
                after_ms: None,
                why: format!(
                    "{} does not offer STARTTLS on port {}, so nothing was sent. Choose TLS from the start, usually port 993.",
                    self.server.host, self.server.port
                ),
            });
        }
        // Bytes that came in the clear after the OK stay behind in the old reader and are never believed.
        let line = account.outside.upgrade(self.wire.into_inner(), &self.server.host).await?;
        Ok(Self { wire: Wire::new(line), capabilities: BTreeSet::new(), ..self })
    }

    async fn ask_capabilities(&mut self) -> Result<(), Failure> {
        let mut found = None;
        self.run(&["CAPABILITY".to_owned()], |_, response| {
            if let Response::Capabilities(list) = response {
                found = Some(names(list));
            }
        })
        .await?;
        self.capabilities = found.unwrap_or_default();
        Ok(())
    }

    /// Whether the server says it can do this (`IDLE`, `AUTH=PLAIN`).
    pub fn can(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }

    /// Whether the session can be used again.
    pub fn is_whole(&self) -> bool {
        !self.broken
    }

    /// Sends all commands at once and waits until all have ended. `each` sees what comes in between, with the number of the
    /// command it most likely belongs to.
    ///
    /// # Errors
    /// Only when the line broke; a NO or BAD is in the answer.
    pub async fn run(
        &mut self,
        commands: &[String],
        each: impl FnMut(usize, &Response<'_>),
    ) -> Result<Vec<Ended>, Failure> {
        self.run_expecting(commands, 0, each).await
    }

    /// As [`Self::run`], with more patience where `bytes` are to come.
    pub async fn run_expecting(
        &mut self,
        commands: &[String],
        bytes: u64,
        mut each: impl FnMut(usize, &Response<'_>),
    ) -> Result<Vec<Ended>, Failure> {
        let first = self.tags + 1;
        let mut out = String::new();
        for command in commands {
            self.tags += 1;
            out.push_str(&format!("D{} {command}\r\n", self.tags));
        }
        self.send(out.as_bytes()).await?;
        let patience = self.patience + Duration::from_secs(bytes / SLOWEST_BYTES_PER_S);
        let mut ended = Vec::with_capacity(commands.len());
        while ended.len() < commands.len() {
            let awaited = format!("D{}", first as usize + ended.len());
            let capabilities = self
                .next(patience, |response| match response {
                    Response::Done { tag, status, outcome } if tag.0 == awaited => {
                        ended.push(Ended::of(status, outcome));
                        told(outcome)
                    }
                    response => {
                        each(ended.len(), response);
                        None
                    }
                })
                .await?;
            self.capabilities = capabilities.unwrap_or(std::mem::take(&mut self.capabilities));
        }
        Ok(ended)
    }

    /// Sends bytes as they are: the rest of a command, or a secret.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.round_trips += 1;
        let patience = self.patience + Duration::from_secs(bytes.len() as u64 / SLOWEST_BYTES_PER_S);
        let line = self.wire.get_mut();
        let sending = async {
            line.write_all(bytes).await?;
            line.flush().await
        };
        match tokio::time::timeout(patience, sending).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.lost(&error.to_string())),
            Err(_) => Err(self.lost("it took nothing for too long")),
        }
    }

    /// Looks at the next thing the server says. A BYE is a failure. Called off, it has taken nothing away.
    pub async fn next<T>(
        &mut self,
        patience: Duration,
        look: impl FnOnce(&Response<'_>) -> T,
    ) -> Result<T, Failure> {
        match tokio::time::timeout(patience, self.wire.read_response()).await {
            Ok(Ok(Some(answer))) => {
                if let Response::Data { status: Status::Bye, outcome } = answer.parsed() {
                    self.broken = true;
                    return Err(trouble::farewell(&self.server.host, &Ended::of(&Status::Bye, outcome)));
                }
                Ok(look(answer.parsed()))
            }
            Ok(Ok(None)) => Err(self.lost("it closed the connection")),
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::Other => {
                // The library's error quotes what it could not parse, which may be a patron's mail.
                Err(self.unreadable("an answer is none of IMAP's"))
            }
            Ok(Err(error)) => Err(self.lost(&error.kind().to_string())),
            Err(_) => Err(self.lost(&format!("nothing came for {} s", patience.as_secs()))),
        }
    }

    /// The line broke.
    pub fn lost(&mut self, why: &str) -> Failure {
        self.broken = true;
        Failure::Transient {
            after_ms: None,
            why: format!(
                "The connection to {} broke ({why}). Nothing is lost: reading goes on from where it was.",
                self.server.host
            ),
        }
    }

    fn unreadable(&mut self, why: &str) -> Failure {
        self.broken = true;
        Failure::Transient {
            after_ms: None,
            why: format!(
                "{} port {} could not be understood ({why}). Is it an IMAP server, and is the encryption right?",
                self.server.host, self.server.port
            ),
        }
    }

    /// A tag for a command that is written by hand.
    pub fn next_tag(&mut self) -> String {
        self.tags += 1;
        format!("D{}", self.tags)
    }
}

impl Ended {
    fn of(status: &Status, outcome: &Outcome<'_>) -> Self {
        let text = outcome.information.as_deref().unwrap_or_default();
        // Codes that the parser does not know are left in the text.
        let (code, text) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((code, rest)) => (code.split(' ').next().unwrap_or_default(), rest.trim_start()),
            None => ("", text),
        };
        Self { ok: *status == Status::Ok, code: code.to_ascii_uppercase(), text: text.to_owned() }
    }
}

/// The capabilities that came along with an OK.
fn told(outcome: &Outcome<'_>) -> Option<BTreeSet<String>> {
    match &outcome.code {
        Some(ResponseCode::Capabilities(list)) => Some(names(list)),
        _ => None,
    }
}

fn names(list: &[Capability<'_>]) -> BTreeSet<String> {
    list.iter()
        .map(|capability| match capability {
            Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
            Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_ascii_uppercase()),
            Capability::Atom(atom) => atom.to_ascii_uppercase(),
        })
        .collect()
}

/// A string as IMAP takes it inside quotes; the caller sees to it that it holds no line break.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')) {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

impl std::fmt::Debug for Imap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Imap")
            .field("server", &self.server)
            .field("broken", &self.broken)
            .finish_non_exhaustive()
    }
}
