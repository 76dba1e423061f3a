//! HTTP spoken by hand to a program that may be killed in the middle of its answer.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// Where the program answers, and who asks.
#[derive(Clone)]
pub struct Api {
    /// On loopback.
    pub port: u16,
    /// For the `Authorization` header.
    pub token: String,
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// Three digits.
    pub status: u16,
    /// The head's lines after the first, as they came.
    pub head: String,
    /// Everything after the head.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first field of this name, in lower case.
    pub fn field(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The body read as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }
}

impl Api {
    /// Asks; an error when nobody is there or the line broke before the answer was whole.
    pub fn get(&self, path: &str) -> io::Result<Answer> {
        self.ask("GET", path, &[])
    }

    /// Posts JSON.
    pub fn post(&self, path: &str, body: &Value) -> io::Result<Answer> {
        self.ask("POST", path, &serde_json::to_vec(body)?)
    }

    /// Posts bytes of any kind.
    pub fn send(&self, path: &str, body: &[u8]) -> io::Result<Answer> {
        self.ask("POST", path, body)
    }

    /// Changes something by JSON.
    pub fn patch(&self, path: &str, body: &Value) -> io::Result<Answer> {
        self.ask("PATCH", path, &serde_json::to_vec(body)?)
    }

    /// Puts JSON.
    pub fn put(&self, path: &str, body: &Value) -> io::Result<Answer> {
        self.ask("PUT", path, &serde_json::to_vec(body)?)
    }

    /// Takes something away.
    pub fn delete(&self, path: &str) -> io::Result<Answer> {
        self.ask("DELETE", path, &[])
    }

    /// The JSON of a page that must be there.
    pub fn read(&self, path: &str) -> Value {
        let answer = self.get(path).expect("the program answers");
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    /// Every item of a list, page by page.
    pub fn all(&self, path: &str) -> Vec<Value> {
        let join = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let mut page = self.read(&format!("{path}{join}limit=200{cursor}"));
            items.append(page["items"].as_array_mut().expect("a list"));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    fn ask(&self, method: &str, path: &str, body: &[u8]) -> io::Result<Answer> {
        let token = format!("Bearer {}", self.token);
        exchange(self.port, method, &format!("/api/v1{path}"), &[("Authorization", &token)], body)
    }
}

/// One request to whoever listens at `port`, on a line of its own; `path` as it is sent.
pub fn exchange(
    port: u16,
    method: &str,
    path: &str,
    fields: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Answer> {
    let mut line = TcpStream::connect(("127.0.0.1", port))?;
    line.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    for (name, value) in fields {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len()));
    line.write_all(head.as_bytes())?;
    line.write_all(body)?;
    let mut all = Vec::new();
    line.read_to_end(&mut all)?;
    whole(&all).ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "the answer was cut off"))
}

/// Takes an answer apart; none when it is not whole.
fn whole(all: &[u8]) -> Option<Answer> {
    let end = all.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (_, given) = std::str::from_utf8(&all[..end]).ok()?.split_once("\r\n")?;
    let head = std::str::from_utf8(&all[..end]).ok()?.to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let body = &all[end + 4..];
    let body = match field("content-length:") {
        Some(length) => (body.len() == length.parse::<usize>().ok()?).then(|| body.to_vec())?,
        None if field("transfer-encoding:") == Some("chunked") => unchunked(body)?,
        None => body.to_vec(),
    };
    Some(Answer { status, head: given.to_owned(), body })
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(rest.get(end + 2..end + 2 + size)?);
        rest = rest.get(end + 4 + size..)?;
    }
}
