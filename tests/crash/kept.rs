//! What is here in the end, against what the mail server has: byte for byte, each as often.

use std::collections::BTreeMap;

use crate::support::dovecot::{Dovecot, PASSWORD};
use crate::support::http::Api;
use crate::support::imap::Mailbox;
use serde_json::Value;

/// What the program says it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intake {
    pub received: usize,
    pub messages: usize,
    pub held: usize,
    pub duplicates: usize,
}

/// Asks for the counts.
pub fn intake(api: &Api) -> Intake {
    let said = api.read("/health/intake");
    let count = |name: &str| usize::try_from(said[name].as_u64().expect("a count")).expect("not so many");
    Intake {
        received: count("received"),
        messages: count("messages"),
        held: count("held"),
        duplicates: count("duplicates"),
    }
}

/// Fails unless every mail of the mailbox is here once, as a message or held, and nothing else is.
pub fn nothing_lost_nothing_doubled(api: &Api, dovecot: &Dovecot) {
    let intake = intake(api);
    eprintln!("{intake:?}");
    assert_eq!(intake.received, intake.messages + intake.held + intake.duplicates, "{intake:?}");

    let mut balance: BTreeMap<Vec<u8>, i32> = BTreeMap::new();
    let there = Mailbox::open(dovecot.imap, "ask", PASSWORD, "INBOX").originals();
    let count = there.len();
    for raw in there {
        *balance.entry(raw).or_default() += 1;
    }
    let (messages, held) = (messages(api), api.all("/held"));
    for (what, path) in [(&messages, "messages"), (&held, "held")] {
        for item in what {
            let path = format!("/{path}/{}/original", item["id"].as_str().expect("an id"));
            let answer = api.get(&path).expect("the program answers");
            assert_eq!(answer.status, 200, "{path}");
            *balance.entry(answer.body).or_default() -= 1;
        }
    }
    let told = |sign: fn(&i32) -> bool| -> Vec<String> {
        let wrong = balance.iter().filter(|(_, times)| sign(times));
        wrong.map(|(raw, times)| format!("{times}x {}", title(raw))).collect()
    };
    assert_eq!(told(|times| *times > 0), Vec::<String>::new(), "lost");
    assert_eq!(told(|times| *times < 0), Vec::<String>::new(), "doubled, or from nowhere");
    assert_eq!((intake.messages, intake.held), (messages.len(), held.len()), "counted, and here");
    assert_eq!(intake.messages + intake.held, count, "kept, and in the mailbox");
}

/// Everything that came in, of every conversation.
pub fn messages(api: &Api) -> Vec<Value> {
    let mut all = Vec::new();
    for row in api.all("/conversations?view=all") {
        let path = format!("/conversations/{}", row["id"].as_str().expect("an id"));
        let mut page = api.read(&path);
        loop {
            let said = page["messages"].as_array_mut().expect("a list");
            all.extend(said.drain(..).filter(|message| message["direction"] == "in"));
            match page["earlier"].as_str() {
                Some(earlier) => page = api.read(&format!("{path}?before={earlier}")),
                None => break,
            }
        }
    }
    all
}

/// For people: what a mail calls itself.
fn title(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let line =
        |name: &str| text.lines().find(|line| line.to_ascii_lowercase().starts_with(name)).map(str::to_owned);
    format!("{} bytes, {:?}, {:?}", raw.len(), line("subject:"), line("message-id:"))
}
