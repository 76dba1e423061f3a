//! One connection to either mail server: lines and bytes in, bytes out, plain or under TLS, well or badly.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::faults::MailFault;
use super::office::Office;

/// No line of either protocol is longer, base64 tokens included.
const LONGEST_LINE: usize = 64 * 1024;

/// The `slow` fault: so many bytes at a time, with this pause between them.
const TRICKLE: (usize, Duration) = (256, Duration::from_millis(10));

trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

pub(super) struct Wire {
    stream: BufReader<Box<dyn Duplex>>,
    line: Vec<u8>,
    stop: CancellationToken,
    /// Set by the `slow` fault.
    pub slow: bool,
    pub tls: bool,
}

impl Wire {
    /// Takes a new connection in, with the faults that strike before anybody has said a word.
    pub async fn open(office: &Office, stream: TcpStream, place: &str, tls: bool) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        let mut wire = Self {
            stream: BufReader::new(Box::new(stream)),
            line: Vec::new(),
            stop: office.stage.stop.clone(),
            slow: office.faults.strikes(MailFault::Slow, place, None),
            tls: false,
        };
        if office.faults.strikes(MailFault::Hang, place, None) {
            wire.hang().await?;
        }
        if tls {
            wire.start_tls(office, place).await?;
        }
        Ok(wire)
    }

    /// Puts the rest of the connection under TLS. What the client sent ahead of it is dropped, not believed.
    pub async fn start_tls(&mut self, office: &Office, place: &str) -> io::Result<()> {
        if office.faults.strikes(MailFault::TlsBroken, place, None) {
            self.send(b"This is not the TLS you are looking for.\r\n").await?;
            return Err(self.cut().await);
        }
        let Some(tls) = &office.tls else {
            return Err(io::Error::other("started without TLS"));
        };
        let nothing: Box<dyn Duplex> = Box::new(tokio::io::empty());
        let stream = std::mem::replace(&mut self.stream, BufReader::new(nothing)).into_inner();
        let secured = tls.acceptor.accept(stream).await?;
        self.stream = BufReader::new(Box::new(secured));
        self.line.clear();
        self.tls = true;
        Ok(())
    }

    /// The next line without its end; `None` when the client has gone or the platform stops.
    ///
    /// Safe to give up and call again: what was read so far is kept.
    pub async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let Some(mut line) = self.raw_line().await? else {
            return Ok(None);
        };
        if line.pop() != Some(b'\n') {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "endless line"));
        }
        line.pop_if(|byte| *byte == b'\r');
        Ok(Some(line))
    }

    /// The next line with its end, or the next piece of a very long one; otherwise as [`Wire::line`].
    pub async fn raw_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let read = tokio::select! {
                () = self.stop.cancelled() => return Ok(None),
                read = self.stream.fill_buf() => read?,
            };
            if read.is_empty() {
                return Ok(None);
            }
            let end = read.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(read.len(), |end| end + 1);
            self.line.extend_from_slice(&read[..taken]);
            self.stream.consume(taken);
            if end.is_some() || self.line.len() > LONGEST_LINE {
                return Ok(Some(std::mem::take(&mut self.line)));
            }
        }
    }

    /// Exactly `count` bytes, appended to `into`.
    pub async fn bytes(&mut self, count: usize, into: &mut Vec<u8>) -> io::Result<()> {
        let wanted = into.len() + count;
        let mut limited = (&mut self.stream).take(count as u64);
        tokio::select! {
            () = self.stop.cancelled() => return Err(stopped()),
            read = limited.read_to_end(into) => read?,
        };
        if into.len() < wanted {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    pub async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.slow {
            for piece in bytes.chunks(TRICKLE.0) {
                self.stream.write_all(piece).await?;
                self.stream.flush().await?;
                tokio::time::sleep(TRICKLE.1).await;
            }
            return Ok(());
        }
        self.stream.write_all(bytes).await?;
        self.stream.flush().await
    }

    /// Never answers again: reads and forgets until the client gives up. Always ends in an error, which ends the session.
    pub async fn hang(&mut self) -> io::Result<()> {
        loop {
            let read = tokio::select! {
                () = self.stop.cancelled() => return Err(stopped()),
                read = self.stream.fill_buf() => read?.len(),
            };
            if read == 0 {
                return Err(io::Error::other("the client gave up waiting"));
            }
            self.stream.consume(read);
        }
    }

    /// Ends the connection here; returns the error that ends the session.
    pub async fn cut(&mut self) -> io::Error {
        // The client may be faster than we are.
        let _ = self.stream.shutdown().await;
        io::Error::other("cut on purpose")
    }
}

fn stopped() -> io::Error {
    io::Error::other("the platform stops")
}
