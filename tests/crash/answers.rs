//! Answers posted while the program is being killed: each leaves once, or staff are told that nobody knows.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::http::Api;
use crate::support::program::House;
use crate::support::sink::Sink;

/// An answer that takes longer is told of.
const LONG: Duration = Duration::from_secs(60);
use crate::support::{PATIENCE, eventually};

/// An answer that the program has said yes to.
#[derive(Debug)]
pub struct Posted {
    conversation: String,
    message: String,
    /// Stands in its text.
    marker: String,
}

/// Answers one conversation after the other, `count` in all or until `end`. An answer whose yes was lost is posted again
/// under the same key, as the page does.
pub fn post(api: &Api, count: usize, end: &AtomicBool) -> Vec<Posted> {
    let mut posted: Vec<Posted> = Vec::new();
    let mut answered = BTreeSet::new();
    while posted.len() < count && !end.load(Ordering::Relaxed) {
        let marker = format!("answer-{:03}-ends", posted.len());
        if let Some((conversation, seen)) = next(api, &answered) {
            answered.insert(conversation.clone());
            if let Some(message) = answer(api, &conversation, seen, &marker) {
                posted.push(Posted { conversation, message, marker });
            }
        }
        std::thread::sleep(Duration::from_millis(300));
    }
    posted
}

/// The newest conversation that a made mail opened and nobody has answered.
fn next(api: &Api, answered: &BTreeSet<String>) -> Option<(String, i64)> {
    let page = api.get("/conversations?view=all&limit=100").ok().filter(|page| page.status == 200)?.json();
    let fresh = |row: &&Value| {
        let subject = row["subject"].as_str().unwrap_or_default();
        subject.contains("[bell-") && row["id"].as_str().is_some_and(|id| !answered.contains(id))
    };
    let row = page["items"].as_array()?.iter().find(fresh)?.clone();
    Some((row["id"].as_str()?.to_owned(), row["seq"].as_i64()?))
}

fn answer(api: &Api, conversation: &str, mut seen: i64, marker: &str) -> Option<String> {
    let path = format!("/conversations/{conversation}/replies");
    let key = Uuid::now_v7();
    eventually("an answer is taken", || {
        let body = json!({ "text": format!("We have it.\n\n{marker}"), "seen": seen, "key": key });
        let answer = api.post(&path, &body).ok()?;
        match answer.status {
            201 => Some(answer.json()["id"].as_str().map(str::to_owned)),
            // The patron has written again.
            409 => {
                seen = answer.json()["seen"].as_i64()?;
                None
            }
            422 => Some(None),
            _ => panic!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)),
        }
    })
}

/// Waits until the fate of each answer is known, then fails unless each arrived as often as it says.
pub fn each_once_or_unknown(api: &Api, posted: &[Posted], sink: &Sink, house: &House) {
    let mut tally = [0; 3];
    for one in posted {
        let (state, trouble) = ended(api, one, house);
        let arrived = sink.taken().iter().filter(|taken| taken.raw.contains(&one.marker)).count();
        match state.as_str() {
            "sent" => {
                tally[0] += 1;
                assert_eq!(arrived, 1, "{one:?} says {state}");
            }
            "unknown" => {
                tally[1 + arrived.min(1)] += 1;
                assert!(arrived <= 1, "{one:?} was sent {arrived} times");
                let told = trouble.as_deref().unwrap_or_default();
                assert!(
                    told.starts_with("It may not have been sent: "),
                    "{one:?}: staff are told {trouble:?}"
                );
            }
            _ => panic!("{one:?} ended as {state} ({trouble:?})"),
        }
    }
    let [sent, lost, arrived] = tally;
    eprintln!(
        "{} answers: {sent} sent once; {} unknown, {arrived} of which had arrived",
        posted.len(),
        lost + arrived
    );
}

/// Waits until it is final where an answer is; gives that, and what its conversation says of it.
fn ended(api: &Api, one: &Posted, house: &House) -> (String, Option<String>) {
    let began = Instant::now();
    let mut said = false;
    loop {
        let delivery = match fate(api, one) {
            Ok(ended) => return ended,
            Err(delivery) => delivery,
        };
        assert!(began.elapsed() < PATIENCE, "{one:?} has no end: {delivery}\n{}", house.log());
        // Rare, and allowed: who is slow is waited for, and who was put off is asked again later.
        if began.elapsed() > LONG && !said {
            eprintln!("{} after {LONG:?}: {delivery}\n{}", one.marker, house.log());
            said = true;
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// Where an answer is if that is final, and what its conversation says of it; otherwise the delivery as it stands.
fn fate(api: &Api, one: &Posted) -> Result<(String, Option<String>), Value> {
    let page = api.read(&format!("/conversations/{}", one.conversation));
    let said = page["messages"].as_array().expect("a list");
    let message = said.iter().find(|message| message["id"] == one.message.as_str());
    let message = message.unwrap_or_else(|| panic!("{one:?} has vanished"));
    let state = message["delivery"]["state"].as_str().expect("it is on its way").to_owned();
    let trouble = page["trouble"].as_str().map(str::to_owned);
    let open = matches!(state.as_str(), "held" | "queued" | "sending");
    if open { Err(message["delivery"].clone()) } else { Ok((state, trouble)) }
}
