//! The people at the desk: one answers every tenth question, one looks after the channels.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use deskbell::model::file::LARGEST_IN_ROW;
use serde_json::{Value, json};
use uuid::Uuid;

use super::patrons::{is_answered, is_enclosed, number_in};
use super::platform::Platform;
use crate::support::PATIENCE;
use crate::support::http::{Answer, Api, exchange};
use crate::support::program::House;

/// A channel that is signed out stays so for a while: nobody sits beside it.
const NOTICED_AFTER: Duration = Duration::from_secs(4);
const LOOK: Duration = Duration::from_millis(250);

/// Somebody who may do everything.
pub struct Staff<'a> {
    pub house: &'a House,
    pub api: Api,
}

/// An answer that the program has said yes to.
#[derive(Debug)]
pub struct Posted {
    /// Which platform it went to.
    pub kind: String,
    pub conversation: String,
    pub message: String,
    /// Stands in its text.
    pub marker: String,
    /// Goes with it.
    pub file: Option<Vec<u8>>,
}

impl Staff<'_> {
    /// Answers what patrons ask on these channels, until `end`; what was begun is posted to its end, unless all is `over`.
    pub fn answer(
        &self,
        kinds: &BTreeMap<String, String>,
        platforms: &[Box<dyn Platform>],
        end: &AtomicBool,
        over: &AtomicBool,
    ) -> Vec<Posted> {
        let (mut posted, mut seen) = (Vec::new(), BTreeSet::new());
        while !end.load(Ordering::Relaxed) {
            for row in kinds.keys().flat_map(|channel| self.newest(channel).unwrap_or_default()) {
                let text = row["preview"].as_str().unwrap_or_default();
                let Some(number) = number_in(text).filter(|number| is_answered(*number)) else { continue };
                if seen.insert(number) {
                    let kind = &kinds[row["channel_id"].as_str().expect("a word")];
                    let carries =
                        platforms.iter().any(|platform| platform.kind() == kind && platform.carries());
                    let file = (carries && is_enclosed(number)).then(|| file(number));
                    posted.extend(self.post(&row, number, kind, file, over));
                }
            }
            std::thread::sleep(LOOK);
        }
        posted
    }

    /// What one channel brought last: of all channels together, those that are read would never be seen for those that call.
    fn newest(&self, channel: &str) -> Option<Vec<Value>> {
        let path = format!("/conversations?view=all&limit=100&channel={channel}");
        let page = self.api.get(&path).ok().filter(|page| page.status == 200)?;
        page.json()["items"].as_array().cloned()
    }

    /// An answer whose yes was lost is posted again under the same key, as the page does.
    fn post(
        &self,
        row: &Value,
        number: usize,
        kind: &str,
        file: Option<Vec<u8>>,
        over: &AtomicBool,
    ) -> Option<Posted> {
        let word = |name: &str| row[name].as_str().expect("a word").to_owned();
        let (conversation, key, marker) = (word("id"), Uuid::now_v7(), format!("answer-{number:06}-ends"));
        let path = format!("/conversations/{conversation}/replies");
        let mut seen = row["seq"].as_i64().expect("a number");
        let deadline = Instant::now() + PATIENCE;
        let files: Vec<String> = match &file {
            Some(bytes) => vec![self.add(&format!("{marker}.png"), bytes, over)?],
            None => Vec::new(),
        };
        while !over.load(Ordering::Relaxed) {
            let text = format!("We have it.\n\n{marker}");
            let body = json!({ "text": text, "seen": seen, "key": key, "files": files });
            match self.api.post(&path, &body) {
                Ok(Answer { status: 201, body, .. }) => {
                    let kept: Value = serde_json::from_slice(&body).expect("JSON");
                    let message = kept["id"].as_str().expect("an id").to_owned();
                    return Some(Posted { kind: kind.to_owned(), conversation, message, marker, file });
                }
                // The patron has written again.
                Ok(answer) if answer.status == 409 => {
                    seen = answer.json()["seen"].as_i64().expect("what is new has a number");
                }
                Ok(answer) if answer.status >= 500 => std::thread::sleep(LOOK),
                Ok(answer) => panic!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)),
                // It was killed.
                Err(_) => std::thread::sleep(LOOK),
            }
            assert!(Instant::now() < deadline, "{marker} is not taken:\n{}", self.house.log());
        }
        None
    }

    /// Adds a file to an answer that is being written; one whose yes was lost is added again, and the first thrown away in
    /// its time.
    fn add(&self, name: &str, bytes: &[u8], over: &AtomicBool) -> Option<String> {
        let deadline = Instant::now() + PATIENCE;
        while !over.load(Ordering::Relaxed) {
            match self.api.send(&format!("/uploads?name={name}"), bytes) {
                Ok(answer) if answer.status == 201 => {
                    return answer.json()["id"].as_str().map(str::to_owned);
                }
                Ok(answer) if answer.status >= 500 => {}
                Ok(answer) => panic!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)),
                Err(_) => {}
            }
            assert!(Instant::now() < deadline, "{name} is not taken:\n{}", self.house.log());
            std::thread::sleep(LOOK);
        }
        None
    }

    /// Signs in what says that it is signed out, until `end`; gives how often that was said, by platform.
    pub fn look_after(&self, platforms: &[Box<dyn Platform>], end: &AtomicBool) -> BTreeMap<String, usize> {
        let mut since: BTreeMap<String, Instant> = BTreeMap::new();
        let mut said = BTreeMap::new();
        while !end.load(Ordering::Relaxed) {
            std::thread::sleep(LOOK);
            for channel in self.channels().unwrap_or_default() {
                let word = |name: &str| channel[name].as_str().expect("a word").to_owned();
                let (id, kind) = (word("id"), word("kind"));
                if channel["state"] != "needs_signin" {
                    since.remove(&id);
                    continue;
                }
                let out_since = *since.entry(id.clone()).or_insert_with(|| {
                    *said.entry(kind.clone()).or_default() += 1;
                    Instant::now()
                });
                if out_since.elapsed() < NOTICED_AFTER {
                    continue;
                }
                let platform = platforms.iter().find(|platform| platform.kind() == kind).expect("ours");
                // It may have been killed on the way, or the platform is in trouble: then it is done again.
                if let Err(error) = platform.sign_in(self, &id) {
                    eprintln!("{kind} could not be signed in again just now: {error}");
                }
            }
        }
        said
    }

    pub fn channels(&self) -> Option<Vec<Value>> {
        let page = self.api.get("/channels").ok().filter(|page| page.status == 200)?;
        page.json()["items"].as_array().cloned()
    }

    /// Changes a channel.
    pub fn change(&self, channel: &str, to: &Value) -> io::Result<()> {
        let answer = self.api.patch(&format!("/channels/{channel}"), to)?;
        well(&answer, 200)
    }

    /// Signs a channel in on the platform's page, which listens at `port`, as in a browser: with a session of one's own.
    pub fn sign_in_on_page(&self, channel: &str, port: u16) -> io::Result<()> {
        let link = self.house.run(&["staff", "link", "ana@fernhill.example"]);
        let link = link.rsplit_once("link=").map_or(link.as_str(), |(_, secret)| secret);
        let ours = self.api.port;
        let ask = |method, path: &str, cookie: &str, body: &Value| {
            let body = if body.is_null() { Vec::new() } else { serde_json::to_vec(body)? };
            exchange(ours, method, path, &[("Cookie", cookie)], &body)
        };
        let entered = ask("POST", "/api/v1/sessions", "", &json!({ "link": link.trim() }))?;
        well(&entered, 201)?;
        let cookie =
            entered.field("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap_or_default();
        let begun = ask("POST", &format!("/api/v1/channels/{channel}/signin"), cookie, &json!({}))?;
        well(&begun, 201)?;
        let begun = begun.json();
        let there = path_of(begun["url"].as_str().unwrap_or_default());
        let agreed = exchange(port, "GET", &there, &[], &[])?;
        well(&agreed, 302)?;
        let back = path_of(agreed.field("location").unwrap_or_default());
        ask("GET", &back, cookie, &Value::Null)?;
        let how = ask(
            "GET",
            &format!("/api/v1/signins/{}", begun["id"].as_str().unwrap_or_default()),
            cookie,
            &Value::Null,
        )?;
        well(&how, 200)?;
        match how.json()["stage"].as_str() {
            Some("connected") => Ok(()),
            _ => Err(io::Error::other(String::from_utf8_lossy(&how.body).into_owned())),
        }
    }
}

/// Each another's; small ones lie in the store, large ones beside it.
fn file(number: usize) -> Vec<u8> {
    let size = if number.is_multiple_of(2) { 2_000 } else { LARGEST_IN_ROW + 2_000 };
    let line = format!("file of {number:06}\r\n.\r\n--\0");
    let head = b"\x89PNG\r\n\x1a\n".iter().copied();
    head.chain(line.bytes().cycle()).take(size).collect()
}

fn well(answer: &Answer, status: u16) -> io::Result<()> {
    if answer.status == status {
        return Ok(());
    }
    Err(io::Error::other(format!("{}: {:.300}", answer.status, String::from_utf8_lossy(&answer.body))))
}

/// Path and query of an address.
fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or_else(|| "/".to_owned(), |at| rest[at..].to_owned())
}
