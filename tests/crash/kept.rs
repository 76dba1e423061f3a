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

    let there = Mailbox::open(dovecot.imap, "ask", PASSWORD, "INBOX").originals();
    let count = there.len();
    let (messages, held) = (messages(api), api.all("/held"));
    let mut here = Vec::with_capacity(count);
    for (what, path) in [(&messages, "messages"), (&held, "held")] {
        for item in what {
            let path = format!("/{path}/{}/original", item["id"].as_str().expect("an id"));
            let answer = api.get(&path).expect("the program answers");
            assert_eq!(answer.status, 200, "{path}");
            here.push(answer.body);
        }
    }
    let none = Vec::<String>::new();
    assert_eq!(compared(&there, &here), [none.clone(), none], "lost; doubled, or from nowhere");
    assert_eq!((intake.messages, intake.held), (messages.len(), held.len()), "counted, and here");
    assert_eq!(intake.messages + intake.held, count, "kept, and in the mailbox");
}

/// What is there more often than here, and what is here more often than there.
fn compared(there: &[Vec<u8>], here: &[Vec<u8>]) -> [Vec<String>; 2] {
    let mut balance: BTreeMap<&[u8], i32> = BTreeMap::new();
    there.iter().for_each(|raw| *balance.entry(raw).or_default() += 1);
    here.iter().for_each(|raw| *balance.entry(raw).or_default() -= 1);
    [1, -1].map(|sign| {
        let wrong = balance.iter().filter(|(_, times)| times.signum() == sign);
        wrong.map(|(raw, times)| format!("{}x {}", times.abs(), title(raw))).collect()
    })
}

#[test]
fn the_comparison_sees_what_is_lost_and_what_is_doubled() {
    let mail = |subject: &str| format!("Subject: {subject}\n\n.").into_bytes();
    let there = [mail("kept"), mail("lost"), mail("twins"), mail("twins")];
    let here = [mail("kept"), mail("kept"), mail("twins"), mail("twins"), mail("nobody's")];
    let [lost, doubled] = compared(&there, &here);
    assert!(lost.len() == 1 && lost[0].contains("Subject: lost"), "{lost:?}");
    assert_eq!(doubled.len(), 2, "{doubled:?}");
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
