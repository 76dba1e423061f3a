//! An event in one line, for snapshots.

use crate::contract::{Address, Event, Message};

/// What a reader of a test wants to know of these events.
pub fn summary(events: &[Event]) -> String {
    events.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn one(event: &Event) -> String {
    match event {
        Event::Message(message) => format!("message {}", said(message)),
        Event::Echo(message) => format!("echo {}", said(message)),
        Event::Receipt(receipt) => format!("receipt {:?} id={}", receipt.state, text(receipt.id.as_deref())),
        Event::Edited { of, text } => format!("edited {of} {text:?}"),
        Event::Deleted { of } => format!("deleted {of}"),
        Event::OptOut { address, stopped } => format!("opt-out {} {stopped}", address.id),
        Event::Held(held) => format!(
            "held {} from={} subject={:?} receipt={}",
            held.reason.as_str(),
            who(held.author.as_ref()),
            text(held.subject.as_deref()),
            held.receipt.as_ref().map_or("-".to_owned(), |receipt| format!("{:?}", receipt.state)),
        ),
        Event::Gap { .. } => "gap".to_owned(),
        Event::Revoked { .. } => "revoked".to_owned(),
    }
}

fn said(message: &Message) -> String {
    let first_line = message.said.reply_text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    format!(
        "from={} subject={:?} says={:?} html={} references={} files={}{}",
        who(message.author.as_ref()),
        text(message.subject.as_deref()),
        first_line.trim().chars().take(60).collect::<String>(),
        message.said.html.is_some(),
        message.thread.references.len(),
        message.attachments.len(),
        if message.automatic { " automatic" } else { "" },
    )
}

fn who(address: Option<&Address>) -> &str {
    address.map_or("-", |address| address.id.as_str())
}

fn text(text: Option<&str>) -> &str {
    text.unwrap_or("-")
}
