//! A platform's calls, all at once: over so many connections, on each one call after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::cost::per_mille;
use super::recorder::Call;

/// What became of a burst.
pub struct Burst {
    /// From the first byte of each call to the last of its answer, as the sender sees it.
    times: Vec<Duration>,
    /// Of all of it.
    pub wall: Duration,
    /// Answers that were not 2xx, with how often each came.
    pub refused: Vec<(String, usize)>,
}

impl Burst {
    /// The time below which so many in a thousand stayed, milliseconds.
    pub fn ms(&mut self, part: usize) -> f64 {
        per_mille(&mut self.times, part).as_secs_f64() * 1e3
    }

    /// As shown.
    pub fn shown(&mut self) -> String {
        let a_second = self.times.len() as f64 / self.wall.as_secs_f64();
        let (median, p99, most) = (self.ms(500), self.ms(990), self.ms(1000));
        format!("median {median:.1} ms, p99 {p99:.1} ms, most {most:.0} ms; {a_second:.0}/s")
    }
}

/// Sends every call once to `host:port`.
pub async fn send(page: &str, calls: &[Call], connections: usize) -> Burst {
    let requests: Arc<Vec<Vec<u8>>> = Arc::new(calls.iter().map(Call::to_bytes).collect());
    let next = Arc::new(AtomicUsize::new(0));
    let mut lines = Vec::new();
    for _ in 0..connections {
        let stream = TcpStream::connect(page).await.unwrap();
        stream.set_nodelay(true).unwrap();
        lines.push(stream);
    }
    let since = Instant::now();
    let mut sending = JoinSet::new();
    for stream in lines {
        sending.spawn(one_after_the_other(stream, requests.clone(), next.clone()));
    }
    let mut burst = Burst { times: Vec::new(), wall: Duration::ZERO, refused: Vec::new() };
    for (times, answers) in sending.join_all().await {
        burst.times.extend(times);
        for answer in answers {
            match burst.refused.iter_mut().find(|(known, _)| *known == answer) {
                Some((_, often)) => *often += 1,
                None => burst.refused.push((answer, 1)),
            }
        }
    }
    burst.wall = since.elapsed();
    burst
}

async fn one_after_the_other(
    mut stream: TcpStream,
    requests: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
) -> (Vec<Duration>, Vec<String>) {
    let (mut times, mut refused, mut buffer) = (Vec::new(), Vec::new(), Vec::with_capacity(4096));
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        let since = Instant::now();
        stream.write_all(request).await.unwrap();
        buffer.clear();
        let (head, length) = loop {
            assert_ne!(stream.read_buf(&mut buffer).await.unwrap(), 0, "the program hung up");
            if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break (end + 4, length(&buffer[..end]));
            }
        };
        while buffer.len() < head + length {
            assert_ne!(stream.read_buf(&mut buffer).await.unwrap(), 0, "the program hung up");
        }
        times.push(since.elapsed());
        let status = String::from_utf8_lossy(&buffer[9..12]);
        if !status.starts_with('2') {
            refused.push(format!("{status} {}", String::from_utf8_lossy(&buffer[head..head + length])));
        }
    }
    (times, refused)
}

fn length(head: &[u8]) -> usize {
    let head = std::str::from_utf8(head).unwrap().to_lowercase();
    let field = head.lines().find_map(|line| line.strip_prefix("content-length:")).unwrap();
    field.trim().parse().unwrap()
}
