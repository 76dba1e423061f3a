//! A browser of the smallest kind: one kept connection, one request after the other.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection that is signed in.
pub struct Browser {
    stream: TcpStream,
    page: String,
    token: String,
    buffer: Vec<u8>,
}

impl Browser {
    /// To `host:port`.
    pub async fn to(page: &str, token: &str) -> Self {
        let stream = TcpStream::connect(page).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, page: page.to_owned(), token: token.to_owned(), buffer: Vec::new() }
    }

    /// Another window of the same person.
    pub async fn another(&self) -> Self {
        Self::to(&self.page, &self.token).await
    }

    /// Asks, and gives the body and how long it took to the last byte.
    pub async fn get(&mut self, path: &str) -> (Vec<u8>, Duration) {
        self.send("GET", path, "").await
    }

    /// Does something; of the answer, as of what is said, JSON is made.
    pub async fn act(&mut self, method: &str, path: &str, said: &Value) -> (Value, Duration) {
        let said = if said.is_null() { String::new() } else { said.to_string() };
        let (body, took) = self.send(method, path, &said).await;
        (serde_json::from_slice(&body).unwrap_or_default(), took)
    }

    /// Asks for what has no end.
    pub async fn follow(mut self, path: &str) -> TcpStream {
        let request = self.request("GET", path, "");
        self.stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.stream.read_u8().await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
        self.stream
    }

    fn request(&self, method: &str, path: &str, said: &str) -> String {
        let kind = if said.is_empty() { "" } else { "Content-Type: application/json\r\n" };
        format!(
            "{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\n{kind}Content-Length: {}\r\n\r\n{said}",
            self.token,
            said.len()
        )
    }

    async fn send(&mut self, method: &str, path: &str, said: &str) -> (Vec<u8>, Duration) {
        let request = self.request(method, path, said);
        let since = Instant::now();
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.buffer.clear();
        let (head, length) = loop {
            self.read().await;
            if let Some(head) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break (head + 4, length(&self.buffer[..head]));
            }
        };
        while self.buffer.len() < head + length {
            self.read().await;
        }
        let took = since.elapsed();
        (self.buffer[head..].to_vec(), took)
    }

    async fn read(&mut self) {
        assert_ne!(self.stream.read_buf(&mut self.buffer).await.unwrap(), 0, "the server hung up");
    }
}

fn length(head: &[u8]) -> usize {
    let head = std::str::from_utf8(head).unwrap().to_lowercase();
    assert!(head.starts_with("http/1.1 20"), "{head}");
    let field = head.lines().find_map(|line| line.strip_prefix("content-length:")).unwrap();
    field.trim().parse().unwrap()
}
