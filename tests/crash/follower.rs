//! One page that follows everything, as a browser does: it comes and goes, and each time goes on from its last number.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use connectors::simulator::Random;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::support::http::Api;

/// What one page knows.
#[derive(Default)]
pub struct View {
    /// The number of the last event it was told of.
    pub last: i64,
    /// Everything it was told, in its order.
    pub told: DefaultHasher,
    /// Who has which conversation.
    pub owners: HashMap<String, String>,
    /// How often it opened the line.
    pub opened: usize,
}

/// What all pages share.
pub struct Town {
    /// Whom to ask.
    pub api: Api,
    /// Moments.
    pub chance: Random,
    /// The newest number that anybody was told.
    pub newest: watch::Sender<i64>,
    /// The number after which nothing more will come; none while colleagues work.
    pub end: watch::Sender<Option<i64>>,
}

/// Follows from the first event to the last. `lag`: waits, with the line open, until so many have happened meanwhile.
pub async fn follow(town: Arc<Town>, lag: i64) -> View {
    let mut view = View::default();
    let mut end = town.end.subscribe();
    loop {
        if *end.borrow_and_update() == Some(view.last) {
            return view;
        }
        let stays = 20 + town.chance.below(600);
        // The program may be dead just now, or die under us: a browser comes back too.
        if let Ok(line) = open(&town.api, view.last).await {
            view.opened += 1;
            if lag > 0 {
                let behind = view.last + lag;
                let mut newest = town.newest.subscribe();
                tokio::select! {
                    _ = newest.wait_for(|newest| *newest >= behind) => {}
                    _ = end.wait_for(Option::is_some) => {}
                }
            }
            let _ = read(line, &mut view, &town, &mut end, stays).await;
        } else {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn open(api: &Api, last: i64) -> io::Result<Lines<BufReader<TcpStream>>> {
    let mut line = TcpStream::connect(("127.0.0.1", api.port)).await?;
    // HTTP/1.0: what comes is the stream and nothing else, to its end.
    let ask = format!(
        "GET /api/v1/live HTTP/1.0\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {}\r\nLast-Event-ID: {last}\r\n\r\n",
        api.port, api.token
    );
    line.write_all(ask.as_bytes()).await?;
    let mut lines = BufReader::new(line).lines();
    let status = lines.next_line().await?.unwrap_or_default();
    if status.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    assert!(status.contains(" 200 "), "after {last}: {status}");
    Ok(lines)
}

/// Reads until the line breaks, it has been told so many, or everything.
async fn read(
    mut line: Lines<BufReader<TcpStream>>,
    view: &mut View,
    town: &Town,
    end: &mut watch::Receiver<Option<i64>>,
    stays: usize,
) -> io::Result<()> {
    let mut told = 0;
    while told < stays && *end.borrow() != Some(view.last) {
        let said = tokio::select! {
            said = line.next_line() => said?.ok_or(io::ErrorKind::UnexpectedEof)?,
            _ = end.changed() => continue,
        };
        if let Some(event) = said.strip_prefix("data: ").filter(|data| data.contains("\"seq\"")) {
            view.hear(event);
            town.newest.send_if_modified(|newest| {
                view.last > *newest && {
                    *newest = view.last;
                    true
                }
            });
            told += 1;
        }
    }
    Ok(())
}

impl View {
    fn hear(&mut self, event: &str) {
        let said: Value = serde_json::from_str(event).expect("JSON");
        let seq = said["seq"].as_i64().expect("a number");
        assert_eq!(seq, self.last + 1, "none is missed and none comes twice");
        self.last = seq;
        event.hash(&mut self.told);
        let text = |name: &str| said.pointer(name).and_then(Value::as_str).expect("a text").to_owned();
        match text("/kind").as_str() {
            "claimed" => drop(self.owners.insert(text("/conversation_id"), text("/actor/staff_id"))),
            "released" => drop(self.owners.remove(&text("/conversation_id"))),
            _ => {}
        }
    }
}
