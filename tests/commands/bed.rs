//! The real binary with a data folder of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::eventually;

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// It did its work.
    #[track_caller]
    pub fn well(self) -> Self {
        assert_eq!(self.code, 0, "{self:#?}");
        self
    }

    /// It ended with a sentence for a person, and with nothing a person cannot use.
    #[track_caller]
    pub fn with_a_sentence(self, part: &str) -> Self {
        assert_eq!(self.code, 1, "{self:#?}");
        assert!(self.err.contains(part), "{self:#?}");
        for word in ["panicked", "RUST_BACKTRACE", "Err(", "Some(", "stack backtrace"] {
            assert!(!self.err.contains(word), "{self:#?}");
        }
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// A library's data folder.
pub struct House {
    folder: TempDir,
}

impl House {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deskbell"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DESKBELL_")) {
            command.env_remove(name);
        }
        command.args(args).arg("--data").arg(self.data()).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, args: &[&str]) -> Said {
        finish(self.command(args).spawn().unwrap())
    }

    /// With something on its standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Said {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        finish(child)
    }

    /// Starts something that stays, on any free port, and waits until it says that it is ready.
    pub fn start(&self, args: &[&str]) -> Running {
        let mut child =
            self.command(args).args(["--listen", "127.0.0.1:0"]).stderr(Stdio::inherit()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let address = first.trim().strip_prefix("ready http://").and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("it is not ready: {first:?}"));
        Running { child, lines, address }
    }
}

fn finish(child: Child) -> Said {
    let output = child.wait_with_output().unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A running server; ended with this value.
pub struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
    pub address: SocketAddr,
}

impl Running {
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Asks it to stop and waits for it; gives its code and what else it said.
    pub fn stop(mut self) -> (i32, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), rest)
    }

    pub fn get(&self, path: &str, token: &str) -> (u16, Value) {
        let header = format!("Authorization: Bearer {token}\r\n");
        ask(self.address, "GET", path, &header, "")
    }

    pub fn post(&self, path: &str, body: &str) -> (u16, Value) {
        ask(self.address, "POST", path, "Content-Type: application/json\r\n", body)
    }

    pub fn post_as(&self, path: &str, body: &str, token: &str) -> (u16, Value) {
        let headers = format!("Content-Type: application/json\r\nAuthorization: Bearer {token}\r\n");
        ask(self.address, "POST", path, &headers, body)
    }

    /// Asks for a list until it has so many items.
    pub fn until_there_are(&self, count: usize, path: &str, token: &str) -> Vec<Value> {
        eventually(&format!("{count} at {path}"), || {
            let items = self.get(path, token).1["items"].as_array().cloned().unwrap_or_default();
            (items.len() >= count).then_some(items)
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ask(address: SocketAddr, method: &str, path: &str, headers: &str, body: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let body = if head.to_lowercase().contains("transfer-encoding: chunked") {
        unchunked(body)
    } else {
        body.to_owned()
    };
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        whole += &rest[..size];
        body = rest[size..].trim_start_matches("\r\n");
    }
    whole
}

/// A mail as a file.
pub fn mail(from: &str, number: usize) -> String {
    format!(
        "From: Patron {number} <{from}>\r\nTo: ask@fernhill.example\r\nSubject: Question {number}\r\n\
         Message-ID: <old-{number}@patron.example>\r\nDate: Tue, 06 Oct 2026 09:02:11 +0000\r\n\r\nWhere is book {number}?\r\n"
    )
}

/// Everything in a folder that can be read as text, for looking for what must not be there.
pub fn everything_in(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all += &everything_in(&path);
        } else {
            all += &String::from_utf8_lossy(&std::fs::read(path).unwrap());
        }
    }
    all
}
