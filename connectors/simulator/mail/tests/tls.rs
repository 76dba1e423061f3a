//! TLS that a client can trust, and TLS that is broken.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::*;

/// A client that trusts `pem` and nothing else.
fn connector(pem: Option<&str>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = pem {
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn secured(
    connector: &TlsConnector,
    name: &'static str,
    stream: TcpStream,
) -> io::Result<TlsStream<TcpStream>> {
    soon(connector.connect(ServerName::try_from(name).unwrap(), stream)).await
}

async fn connect(
    platform: &MailPlatform,
    address: SocketAddr,
    name: &'static str,
) -> io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await.unwrap();
    secured(&connector(platform.tls_pem()), name, stream).await
}

async fn read_line(stream: &mut BufReader<TlsStream<TcpStream>>) -> String {
    let mut line = String::new();
    soon(stream.read_line(&mut line)).await.unwrap();
    line
}

#[tokio::test]
async fn both_servers_speak_tls_first_on_their_own_ports() {
    let (platform, _) = platform_with(|options| options.tls = true).await;
    platform.deliver(ASK, mail("one")).unwrap();
    for name in ["localhost", "127.0.0.1", "mail.library.example"] {
        connect(&platform, platform.imaps_addr().unwrap(), name).await.unwrap();
    }
    let stream = connect(&platform, platform.imaps_addr().unwrap(), "localhost").await.unwrap();
    let mut client = async_imap::Client::new(stream);
    client.read_response().await.unwrap();
    let mut session = client.login(ASK, PASSWORD).await.map_err(|(error, _)| error).unwrap();
    assert_eq!(session.select("INBOX").await.unwrap().exists, 1);

    let stream = connect(&platform, platform.smtps_addr().unwrap(), "localhost").await.unwrap();
    assert!(read_line(&mut BufReader::new(stream)).await.starts_with("220 "));

    let wrong_name = connect(&platform, platform.imaps_addr().unwrap(), "imap.other.example").await;
    assert!(wrong_name.is_err());
    let stream = TcpStream::connect(platform.imaps_addr().unwrap()).await.unwrap();
    assert!(secured(&connector(None), "localhost", stream).await.is_err(), "nobody trusts it unasked");
}

#[tokio::test]
async fn starttls_begins_anew_and_believes_nothing_said_before() {
    let (platform, _) = platform_with(|options| options.tls = true).await;
    let mut client = Bare::connect(platform.smtp_addr()).await;
    let offered = client.ask("EHLO client.example\r\n", "250 ").await;
    assert!(offered.contains(&"250-STARTTLS".to_owned()));
    // What is sent along in the clear must not be taken for something said under TLS.
    client.ask("STARTTLS\r\nQUIT\r\n", "220 ").await;
    let stream = secured(&connector(platform.tls_pem()), "localhost", client.stream.into_inner()).await;
    let mut stream = BufReader::new(stream.unwrap());
    stream.write_all(b"MAIL FROM:<a@b.example>\r\n").await.unwrap();
    assert!(read_line(&mut stream).await.starts_with("503 "));
    stream.write_all(b"EHLO client.example\r\n").await.unwrap();
    let mut lines = vec![read_line(&mut stream).await];
    while !lines.last().unwrap().starts_with("250 ") {
        lines.push(read_line(&mut stream).await);
    }
    assert!(!lines.iter().any(|line| line.contains("STARTTLS")));

    let mut client = Bare::connect(platform.imap_addr()).await;
    client.ask("a STARTTLS\r\n", "a OK").await;
    let stream = secured(&connector(platform.tls_pem()), "localhost", client.stream.into_inner()).await;
    let client = async_imap::Client::new(stream.unwrap());
    assert!(client.login(ASK, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn broken_tls_is_rubbish_on_the_wire() {
    let (platform, _) = platform_with(|options| options.tls = true).await;
    platform.faults().switch_on("imap/tls-broken:2".parse::<crate::simulator::Plan<_>>().unwrap());
    let address = platform.imaps_addr().unwrap();
    assert!(connect(&platform, address, "localhost").await.is_err());
    let mut client = Bare::connect(platform.imap_addr()).await;
    client.ask("a STARTTLS\r\n", "a OK").await;
    let stream = client.stream.into_inner();
    assert!(secured(&connector(platform.tls_pem()), "localhost", stream).await.is_err());
    connect(&platform, address, "localhost").await.unwrap();
}

#[tokio::test]
async fn without_tls_none_is_offered() {
    let (platform, _) = platform().await;
    assert_eq!((platform.tls_pem(), platform.imaps_addr(), platform.smtps_addr()), (None, None, None));
    let mut client = Bare::connect(platform.imap_addr()).await;
    let offered = client.ask("a CAPABILITY\r\n", "a OK").await;
    assert!(!offered[0].contains("STARTTLS"));
    client.ask("b STARTTLS\r\n", "b BAD").await;
    let mut client = Bare::connect(platform.smtp_addr()).await;
    client.ask("STARTTLS\r\n", "503 ").await;
}
