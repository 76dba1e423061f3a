//! What the core makes of envelopes, in small: one of each name is kept, every further one is a duplicate, and it must say
//! the same as the first.

use std::collections::BTreeMap;

use super::Paper;
use crate::contract::{Address, Channel, Content, Envelope, Event, Message, Visibility};

/// Platforms tell the time in whole seconds by one way and in thousandths by another.
const SAME_TIME_MS: i64 = 1_000;
const LARGEST_FILE: u64 = 1 << 20;

/// The counts are those of the health page.
#[derive(Default)]
pub struct Books {
    kept: BTreeMap<String, Reading>,
    pub received: usize,
    pub duplicates: usize,
    /// Where a duplicate said something else.
    differences: Vec<String>,
}

/// What is understood of an envelope, without its form.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// `message`, `echo`, or what else it is.
    pub kind: &'static str,
    pub text: String,
    reply_text: String,
    html: Option<String>,
    subject: Option<String>,
    id: Option<String>,
    author: Option<String>,
    visibility: Visibility,
    conversation: Option<String>,
    references: Vec<String>,
    automatic: bool,
    /// What is in them, or why they cannot be had; names and kinds are told in one way and not in another.
    files: Vec<String>,
    /// Compared only where both ways tell it.
    name: Option<String>,
    /// Compared to the second.
    at: i64,
}

impl Books {
    /// Keeps what is new of these.
    pub fn accept(&mut self, envelopes: Vec<(String, Reading)>) {
        for (name, reading) in envelopes {
            self.received += 1;
            let Some(first) = self.kept.get(&name) else {
                self.kept.insert(name, reading);
                continue;
            };
            self.duplicates += 1;
            if !first.says_what(&reading) {
                self.differences.push(format!("{name} was {first:?} and then {reading:?}"));
            }
        }
    }

    /// Each of `said` (a word that only it has, and what it is) must be here once, and nothing else.
    pub fn close(self, order: &str, said: &[(&'static str, String)], paper: &mut Paper) {
        let Self { kept, received, duplicates, differences } = self;
        for (kind, word) in said {
            let of: Vec<&Reading> = kept.values().filter(|reading| reading.is(kind, word)).collect();
            let times = of.len();
            paper.check(times == 1, || {
                format!("overlap: {order}: the {kind} \"{word}\" is here {times} times: {of:?}")
            });
        }
        paper.check(kept.len() == said.len() && received == said.len() + duplicates, || {
            let (kept, said) = (kept.len(), said.len());
            format!(
                "overlap: {order}: {received} received, {kept} kept and {duplicates} duplicates; {said} were said"
            )
        });
        paper.check(differences.is_empty(), || {
            format!(
                "overlap: {order}: the same thing was read otherwise: {}",
                differences.first().map_or("", String::as_str)
            )
        });
    }
}

impl Reading {
    /// A picture may come without a word.
    pub fn is(&self, kind: &str, word: &str) -> bool {
        let picture = word == PICTURE && !self.files.is_empty();
        self.kind == kind && (picture || (!word.is_empty() && self.text.contains(word)))
    }

    fn says_what(&self, other: &Self) -> bool {
        let names = match (&self.name, &other.name) {
            (Some(one), Some(another)) => one == another,
            _ => true,
        };
        let form = |reading: &Self| Self { name: None, at: 0, ..reading.clone() };
        names && self.at.abs_diff(other.at) <= SAME_TIME_MS.unsigned_abs() && form(self) == form(other)
    }
}

/// Stands for the words of what has none.
pub const PICTURE: &str = "a picture";

/// What patrons and we said in these, by name, files fetched. What the platform says of ours (receipts) is not counted.
pub async fn read(channel: &dyn Channel, envelopes: Vec<Envelope>) -> Vec<(String, Reading)> {
    let mut all = Vec::new();
    for envelope in envelopes {
        let (kind, message) = match envelope.event {
            Event::Message(message) => ("message", *message),
            Event::Echo(message) => ("echo", *message),
            Event::Held(_) => ("held", Message::default()),
            Event::Edited { .. } => ("edited", Message::default()),
            Event::Deleted { .. } => ("deleted", Message::default()),
            Event::OptOut { .. } => ("opt-out", Message::default()),
            Event::Receipt(_) | Event::Gap { .. } | Event::Revoked { .. } => continue,
        };
        all.push((envelope.external_id, reading(channel, kind, message, envelope.at).await));
    }
    all
}

async fn reading(channel: &dyn Channel, kind: &'static str, message: Message, at: i64) -> Reading {
    let mut files = Vec::new();
    for file in message.attachments {
        let bytes = match file.content {
            Content::Here(bytes) => bytes,
            Content::There { reference, .. } => match channel.media() {
                Some(media) => match media.fetch(&reference, LARGEST_FILE).await {
                    Ok(fetched) => fetched.bytes,
                    Err(failure) => format!("it cannot be fetched: {failure}").into(),
                },
                None => "nobody fetches it".into(),
            },
        };
        files.push(bytes.escape_ascii().to_string());
    }
    let Address { id: author, name, .. } =
        message.author.clone().unwrap_or(Address { id: String::new(), shown: String::new(), name: None });
    Reading {
        kind,
        text: message.said.text,
        reply_text: message.said.reply_text,
        html: message.said.html,
        subject: message.subject,
        id: message.id,
        author: message.author.is_some().then_some(author),
        visibility: message.visibility,
        conversation: message.thread.conversation,
        references: message.thread.references,
        automatic: message.automatic,
        files,
        name,
        at,
    }
}
