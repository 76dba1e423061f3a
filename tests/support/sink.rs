//! The far side of the post: a mail server that takes, refuses or puts off what is sent to it, and keeps what it took.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A mail server on loopback. What it says to a recipient is in the address: `550-full@…` is refused with 550,
/// `451-later@…` is put off with 451, everybody else is at home.
pub struct Sink {
    /// Where it listens.
    pub port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
}

/// One mail that the sink accepted.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Envelope sender; empty for a bounce.
    pub from: String,
    /// Envelope recipients that were accepted.
    pub to: Vec<String>,
    /// The mail with its lines ended by LF.
    pub raw: String,
}

impl Sink {
    /// Starts listening; the threads end with the process.
    pub fn start() -> Self {
        Self::start_slow(Duration::ZERO)
    }

    /// The same; its yes comes so long after it has taken a mail.
    pub fn start_slow(slowness: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let keep = Arc::clone(&keep);
                // A client that hangs up in the middle has sent nothing.
                std::thread::spawn(move || drop(converse(stream, &keep, slowness)));
            }
        });
        Self { port, taken }
    }

    /// Everything taken so far, oldest first.
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().expect("no panic while it is held").clone()
    }
}

fn converse(stream: TcpStream, keep: &Mutex<Vec<Taken>>, slowness: Duration) -> std::io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut say = move |line: &str| writer.write_all(format!("{line}\r\n").as_bytes());
    let mut lines = BufReader::new(stream).split(b'\n');
    let mut next = move || {
        let line = lines.next().transpose()?.unwrap_or_default();
        std::io::Result::Ok(String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(&line)).into_owned())
    };
    let mut mail = Taken { from: String::new(), to: Vec::new(), raw: String::new() };
    say("220 far.test ESMTP")?;
    loop {
        let line = next()?;
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "" => return Ok(()),
            "EHLO" | "HELO" => say("250 far.test")?,
            "MAIL" => {
                mail = Taken { from: bracketed(&line), to: Vec::new(), raw: String::new() };
                say("250 2.1.0 go on")?;
            }
            "RCPT" => {
                let to = bracketed(&line);
                if to.starts_with("550-") {
                    say("550 5.1.1 nobody of that name lives here")?;
                } else if to.starts_with("451-") {
                    say("451 4.3.0 come back later")?;
                } else {
                    mail.to.push(to);
                    say("250 2.1.5 at home")?;
                }
            }
            "DATA" if mail.to.is_empty() => say("554 5.5.1 for whom?")?,
            "DATA" => {
                say("354 until a dot alone")?;
                loop {
                    let line = next()?;
                    if line == "." {
                        break;
                    }
                    mail.raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.raw.push('\n');
                }
                keep.lock().expect("no panic while it is held").push(mail.clone());
                std::thread::sleep(slowness);
                say("250 2.0.0 taken")?;
            }
            "RSET" | "NOOP" => say("250 2.0.0 done")?,
            "QUIT" => return say("221 2.0.0 goodbye"),
            _ => say("502 5.5.1 not here")?,
        }
    }
}

/// The address between `<` and `>`.
fn bracketed(line: &str) -> String {
    let inside = line.split_once('<').map_or("", |(_, rest)| rest);
    inside.split_once('>').map_or("", |(address, _)| address).to_owned()
}
