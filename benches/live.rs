//! From a commit to those who follow what happens, beside the same number of lines told by a bare channel.

use std::time::{Duration, Instant};

use deskbell::config::Synchronous;
use deskbell::error::Error;
use deskbell::model::event::Kind;
use deskbell::store::events::{self, Appending};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;

use super::Size;
use super::list::{LEAST, SMALLER, library};
use super::support::cost::per_mille;
use super::support::house::House;
use super::support::large;
use super::support::table::Table;

/// So many people have the page open.
const LINES: usize = 20;
const TOLD: usize = 1_000;

pub async fn measure(size: Size, table: &mut Table) {
    let folder = tempfile::tempdir().unwrap();
    let few = (size.large / SMALLER).max(LEAST);
    large::copy_of(&large::library(few, size.seed), folder.path());
    House::enter(folder.path(), Synchronous::Normal).await.app.close().await;
    let stop = CancellationToken::new();
    let (mut browser, app) = library(folder.path(), &stop).await;
    let page = browser.act("GET", "/api/v1/conversations?view=all&limit=1", &Value::Null).await.0;
    let conversation_id = page["items"][0]["id"].as_str().unwrap().parse().unwrap();
    let (heard, mut hears) = mpsc::unbounded_channel();
    for _ in 0..LINES {
        let line = browser.another().await.follow("/api/v1/live").await;
        tokio::spawn(listen(line, b"\n\n", heard.clone()));
    }
    let (bare_heard, mut bare_hears) = mpsc::unbounded_channel();
    let bare = bare(bare_heard).await;
    let (mut times, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..TOLD {
        let (_, committed) = app
            .db
            .write::<_, Error, _>(move |tx| {
                let line = Appending {
                    at: 1_790_856_000_000,
                    kind: Kind::Claimed,
                    conversation_id,
                    message_id: None,
                    staff_id: None,
                    actor_name: "Ana Lima".to_owned(),
                    detail: None,
                };
                Box::pin(async move { Ok(events::append(tx, line).await?) })
            })
            .await
            .unwrap();
        let since = Instant::now();
        app.bus.publish(committed);
        times.push(last_of_all(&mut hears, since).await);
        let since = Instant::now();
        bare.send(()).unwrap();
        floor.push(last_of_all(&mut bare_hears, since).await);
    }
    stop.cancel();
    app.close().await;
    let ms = |times: &mut Vec<Duration>, part| per_mille(times, part).as_secs_f64() * 1e3;
    let shown =
        |times: &mut Vec<Duration>| format!("median {:.2} ms, p99 {:.2} ms", ms(times, 500), ms(times, 990));
    let (p99, bare_p99) = (ms(&mut times, 990), ms(&mut floor, 990));
    table.row(
        &format!("from a commit to the last of {LINES} who follow"),
        shown(&mut times),
        shown(&mut floor),
        Some(p99 / bare_p99),
        ("p99 < 50 ms", p99 < 50.0),
    );
}

/// Until every line has said it once more.
async fn last_of_all(hears: &mut mpsc::UnboundedReceiver<Instant>, since: Instant) -> Duration {
    let mut last = since;
    for _ in 0..LINES {
        last = last.max(hears.recv().await.unwrap());
    }
    last - since
}

/// Tells when a piece has come; `end` is how each ends.
async fn listen(mut line: TcpStream, end: &'static [u8], heard: mpsc::UnboundedSender<Instant>) {
    let mut read = Vec::new();
    while line.read_buf(&mut read).await.is_ok_and(|bytes| bytes > 0) {
        let now = Instant::now();
        while let Some(at) = read.windows(end.len()).position(|piece| piece == end) {
            let piece: Vec<u8> = read.drain(..at + end.len()).collect();
            // Who is there, and the pulse of a silent line, are no news of a commit.
            if piece.windows(13).any(|part| part == b"event: change") && heard.send(now).is_err() {
                return;
            }
        }
    }
}

/// As many lines that a channel tells of as many bytes.
async fn bare(heard: mpsc::UnboundedSender<Instant>) -> broadcast::Sender<()> {
    let (news, _) = broadcast::channel(64);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    for _ in 0..LINES {
        let line = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut writes, _) = listener.accept().await.unwrap();
        writes.set_nodelay(true).unwrap();
        let mut news = news.subscribe();
        tokio::spawn(async move {
            let piece = format!("event: change\ndata: {}\n\n", "a".repeat(400));
            while news.recv().await.is_ok() {
                if writes.write_all(piece.as_bytes()).await.is_err() {
                    return;
                }
            }
        });
        tokio::spawn(listen(line, b"\n\n", heard.clone()));
    }
    news
}
