//! IMAP spoken by hand: enough to look into a mailbox without the client under test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// One signed-in connection.
pub struct Mailbox {
    reader: BufReader<TcpStream>,
    tag: u32,
}

impl Mailbox {
    /// Signs in with a password and selects `folder`.
    pub fn open(port: u16, user: &str, password: &str, folder: &str) -> Self {
        let mut mailbox = Self::connect(port);
        mailbox.done(&format!("LOGIN {user} {password}"));
        mailbox.done(&format!("SELECT \"{folder}\""));
        mailbox
    }

    /// Connects and reads the greeting.
    pub fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the IMAP server listens");
        stream.set_read_timeout(Some(super::PATIENCE)).expect("a socket setting");
        let mut mailbox = Self { reader: BufReader::new(stream), tag: 0 };
        let mut greeting = Vec::new();
        mailbox.reader.read_until(b'\n', &mut greeting).expect("a greeting");
        assert!(greeting.starts_with(b"* OK"), "{}", String::from_utf8_lossy(&greeting));
        mailbox
    }

    /// Sends a command that must succeed and returns everything said before its `OK`.
    pub fn done(&mut self, command: &str) -> Vec<u8> {
        let (said, end) = self.command(command);
        assert!(end.starts_with("OK"), "{command}: {end}");
        said
    }

    /// Sends a command; returns what was said before the tagged line, and that line without its tag.
    pub fn command(&mut self, command: &str) -> (Vec<u8>, String) {
        self.tag += 1;
        let tag = format!("t{} ", self.tag);
        self.reader
            .get_mut()
            .write_all(format!("{tag}{command}\r\n").as_bytes())
            .expect("the IMAP server reads");
        let mut said = Vec::new();
        loop {
            let mut line = Vec::new();
            let read = self.reader.read_until(b'\n', &mut line).expect("the IMAP server answers");
            assert!(read > 0, "the IMAP server hung up after {command}");
            if let Some(end) = line.strip_prefix(tag.as_bytes()) {
                return (said, String::from_utf8_lossy(end).trim().to_owned());
            }
            // A continuation after a refused token wants an empty line before the server says NO (RFC 7628, 3.2.3).
            if line.starts_with(b"+ ") {
                self.reader.get_mut().write_all(b"\r\n").expect("the IMAP server reads");
            }
            let literal = literal_size(&line);
            said.extend_from_slice(&line);
            if let Some(size) = literal {
                let start = said.len();
                said.resize(start + size, 0);
                self.reader.read_exact(&mut said[start..]).expect("the literal it announced");
            }
        }
    }

    /// How many messages the selected folder has now.
    pub fn count(&mut self) -> usize {
        let said = String::from_utf8_lossy(&self.done("UID SEARCH ALL")).into_owned();
        said.lines()
            .filter_map(|line| line.strip_prefix("* SEARCH"))
            .map(|uids| uids.split_whitespace().count())
            .sum()
    }

    /// The messages of the selected folder as they are stored, each in one string (bytes above ASCII may be replaced).
    pub fn messages(&mut self) -> Vec<String> {
        (1..=self.count())
            .map(|number| {
                let said = self.done(&format!("FETCH {number} BODY.PEEK[]"));
                String::from_utf8_lossy(&said).into_owned()
            })
            .collect()
    }

    /// The messages of the selected folder, byte for byte.
    pub fn originals(&mut self) -> Vec<Vec<u8>> {
        (1..=self.count())
            .map(|number| {
                let said = self.done(&format!("FETCH {number} BODY.PEEK[]"));
                let end = said.iter().position(|byte| *byte == b'\n').expect("a line about the message") + 1;
                let size = literal_size(&said[..end]).unwrap_or(0);
                said[end..end + size].to_vec()
            })
            .collect()
    }
}

/// The size in `{123}` at the end of a line.
fn literal_size(line: &[u8]) -> Option<usize> {
    let line = std::str::from_utf8(line).ok()?.trim_end();
    line.strip_suffix('}')?.rsplit_once('{')?.1.parse().ok()
}
