//! A browser of the smallest kind: one kept connection, one request after the other.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection that is signed in.
pub struct Browser {
    stream: TcpStream,
    token: String,
    buffer: Vec<u8>,
}

impl Browser {
    /// To `host:port`.
    pub async fn to(page: &str, token: &str) -> Self {
        let stream = TcpStream::connect(page).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, token: token.to_owned(), buffer: Vec::new() }
    }

    /// Asks, and gives the body and how long it took to the last byte.
    pub async fn get(&mut self, path: &str) -> (Vec<u8>, Duration) {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\n\r\n", self.token);
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
    assert!(head.starts_with("http/1.1 200"), "{head}");
    let field = head.lines().find_map(|line| line.strip_prefix("content-length:")).unwrap();
    field.trim().parse().unwrap()
}
