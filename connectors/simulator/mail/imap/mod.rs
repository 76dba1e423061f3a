//! An IMAP4rev1 server (RFC 3501, read with RFC 9051), written for this simulator: small, strict, and able to misbehave.
//!
//! With SASL-IR (RFC 4959), LITERAL+ (RFC 7888), IDLE (RFC 2177), UIDPLUS (RFC 4315), MOVE (RFC 6851), UNSELECT (RFC 3691),
//! SPECIAL-USE (RFC 6154), NAMESPACE (RFC 2342), ID (RFC 2971) and Google's XOAUTH2.

mod command;
mod fetch;
mod folders;
mod idle;
mod messages;
mod parse;
mod search;
mod selected;
mod session;
mod set;
mod signin;

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;

use super::office::Office;
use super::wire::Wire;

/// Serves one connection; `tls`: TLS comes first.
pub(super) async fn serve(office: Arc<Office>, stream: TcpStream, tls: bool) -> io::Result<()> {
    let wire = Wire::open(&office, stream, "imap", tls).await?;
    session::Session::new(office, wire).run().await
}

/// Reads a line as a command, for the one question whether that can go wrong.
#[cfg(test)]
pub(super) fn try_line(line: &[u8]) {
    if let Some((_, mut tokens)) = command::tag(line) {
        let _ = command::Command::parse(&mut tokens);
    }
    let _ = parse::literal_at_end(line);
}
