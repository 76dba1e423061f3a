//! SMTP and LMTP spoken by hand, so that a test's mail is exactly the bytes it says.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

/// One conversation with a mail server on loopback.
pub struct Conversation {
    reader: BufReader<TcpStream>,
}

/// What the server said: its code and its last line.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// Three digits; 2xx and 3xx are consent.
    pub code: u16,
    /// The text of the last line.
    pub text: String,
}

impl Conversation {
    /// Connects, waits for the greeting and says `hello` (`EHLO` or `LHLO`).
    pub fn open(port: u16, hello: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the mail server listens");
        stream.set_read_timeout(Some(super::PATIENCE)).expect("a socket setting");
        stream.set_nodelay(true).expect("a socket setting");
        let mut conversation = Self { reader: BufReader::new(stream) };
        assert_eq!(conversation.answer().code, 220, "greeting");
        conversation.agreed(&format!("{hello} test.invalid"));
        conversation
    }

    /// Sends one line and takes the answer to it.
    pub fn say(&mut self, line: &str) -> Answer {
        self.write(format!("{line}\r\n").as_bytes());
        self.answer()
    }

    /// Sends one line that the server must consent to.
    pub fn agreed(&mut self, line: &str) -> Answer {
        let answer = self.say(line);
        assert!(answer.code < 400, "{line}: {answer:?}");
        answer
    }

    /// Hands over one mail. The answer is the server's to the whole of it; its recipients must have been accepted.
    pub fn mail(&mut self, from: &str, to: &[&str], raw: &[u8]) -> Answer {
        self.agreed(&format!("MAIL FROM:<{from}>"));
        for to in to {
            self.agreed(&format!("RCPT TO:<{to}>"));
        }
        self.agreed("DATA");
        self.write(&stuffed(raw));
        self.answer()
    }

    /// The next answer, however many lines it has.
    pub fn answer(&mut self) -> Answer {
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line).expect("the mail server answers in text");
            let (code, rest) = line.split_at_checked(3).unwrap_or_else(|| panic!("no answer: {line:?}"));
            if !rest.starts_with('-') {
                return Answer {
                    code: code.parse().unwrap_or_else(|_| panic!("no code: {line:?}")),
                    text: rest.trim().to_owned(),
                };
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.reader.get_mut().write_all(bytes).expect("the mail server reads");
    }
}

/// RFC 5321 4.5.2: CRLF line ends, a dot before each leading dot, and a dot alone at the end.
fn stuffed(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 64);
    let body = raw.strip_suffix(b"\n").unwrap_or(raw);
    for line in body.split(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}
