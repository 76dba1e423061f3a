//! A mail submission server (RFC 6409 over RFC 5321), written for this simulator.
//!
//! With PIPELINING (RFC 2920), SIZE (RFC 1870), 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531), DSN (RFC 3461), AUTH (RFC 4954)
//! and enhanced status codes (RFC 2034).

mod data;
mod envelope;
mod session;
mod signin;

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;

use super::office::Office;
use super::wire::Wire;

/// Serves one connection; `tls`: TLS comes first.
pub(super) async fn serve(office: Arc<Office>, stream: TcpStream, tls: bool) -> io::Result<()> {
    let wire = Wire::open(&office, stream, "smtp", tls).await?;
    session::Session::new(office, wire).run().await
}
