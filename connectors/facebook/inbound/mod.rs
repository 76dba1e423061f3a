//! Bytes to events, pure: what a webhook told, and what was asked for. Both ways end in the same two places, [`said`] for
//! Messenger and [`comment`] for what everybody can read, so that the same thing has the same name whichever way it came.

mod again;
mod body;
mod comment;
mod files;
mod inspect;
mod said;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest, Sha256};

pub use again::again;
pub use comment::{asked as comment_asked, post_asked};
pub use files::{Whereabouts, address as file_address, picture as comment_picture};
pub use inspect::inspect;
pub use said::asked as message_asked;

use self::body::{Item, Kind};
use super::time;
use crate::contract::{Address, Envelope, Event, Held, HeldReason};

const JSON: &str = "application/json";

/// Who we are on the platform.
#[derive(Clone)]
pub struct Own {
    /// The Page's number.
    pub page_id: String,
    /// The channel's, for what our messages carry.
    pub proof_key: Arc<[u8]>,
    /// Names by number, as far as asking has told them: calls come without.
    pub names: Names,
}

/// What people are called.
#[derive(Clone, Default)]
pub struct Names(Arc<Mutex<HashMap<String, String>>>);

impl Names {
    /// More than any library's patrons; then it begins anew.
    const MOST: usize = 20_000;

    /// Keeps a name.
    pub fn learn(&self, id: &str, name: &str) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= Self::MOST {
            names.clear();
        }
        names.insert(id.to_owned(), name.to_owned());
    }

    fn of(&self, id: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}

impl Own {
    /// The person of this number.
    fn person(&self, id: &str, name: Option<String>) -> Address {
        let name = name.or_else(|| self.names.of(id)).filter(|name| !name.trim().is_empty());
        let last: String = id.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        let shown = name.clone().unwrap_or_else(|| format!("Somebody on Facebook (…{last})"));
        Address { id: id.to_owned(), shown, name }
    }

    /// The Page itself.
    fn page(&self) -> Address {
        let name = self.names.of(&self.page_id);
        let shown = name.clone().unwrap_or_else(|| self.page_id.clone());
        Address { id: self.page_id.clone(), shown, name }
    }
}

/// What one item means: its name on the platform, and what was read in it.
struct Meaning {
    external_id: String,
    event: Event,
}

/// A webhook's body as envelopes; never panics, skips nothing.
pub fn envelopes(bytes: &[u8], own: &Own, now: i64) -> Vec<Envelope> {
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else {
        return vec![unreadable(
            Bytes::copy_from_slice(bytes),
            now,
            "Facebook called with something that is no JSON. It was signed; the bytes are kept.",
        )];
    };
    let items = body::items(&body);
    if items.is_empty() {
        return vec![unreadable(
            Bytes::copy_from_slice(bytes),
            now,
            "Facebook called with something that this version cannot read. The bytes are kept.",
        )];
    }
    let alone = items.len() == 1;
    items
        .into_iter()
        .flat_map(|item| {
            // One call may tell of a thousand things; each keeps its own part of it.
            let raw = if alone { Bytes::copy_from_slice(bytes) } else { raw(&item.value) };
            let at = time::read(&item.time).unwrap_or(now);
            let named = move |Meaning { external_id, event }| envelope(external_id, raw.clone(), at, event);
            meanings(&item, own).into_iter().map(named)
        })
        .collect()
}

fn meanings(item: &Item, own: &Own) -> Vec<Meaning> {
    match &item.kind {
        Kind::Receipt => said::receipts(item),
        _ => vec![meaning(item, own)],
    }
}

fn meaning(item: &Item, own: &Own) -> Meaning {
    let elsewhere = item.page.as_deref().is_some_and(|page| page != own.page_id);
    if elsewhere && !concerns(item, own) {
        return aside(
            item,
            HeldReason::Ignored,
            "This call is about another Page than this channel's. That Page's own channel reads it by asking.",
        );
    }
    match &item.kind {
        Kind::Message => said::told(item, own),
        Kind::Edit => said::edited(item),
        Kind::Postback => said::pressed(item, own),
        Kind::Comment => comment::told(item, own),
        Kind::Post => comment::post_told(item, own),
        Kind::Named(word) => aside(
            item,
            HeldReason::Ignored,
            &format!("Messenger told of {}: nothing for an inbox.", word.replace('_', " ")),
        ),
        Kind::Around(word) => aside(
            item,
            HeldReason::Ignored,
            &format!("The Page was told of \"{word}\": nothing for an inbox."),
        ),
        Kind::Receipt | Kind::Unknown => aside(
            item,
            HeldReason::Unreadable,
            "Messenger told of something that this version does not know. It is kept as it came; in Facebook's own inbox it can be seen.",
        ),
        Kind::Nothing => aside(
            item,
            HeldReason::Ignored,
            "The Page was told of something that this version does not know. It is kept as it came.",
        ),
    }
}

/// Whether our Page takes part although the entry names another: old bodies name the app's Page there.
fn concerns(item: &Item, own: &Own) -> bool {
    [item.author(), item.recipient()].iter().flatten().any(|id| *id == own.page_id)
}

/// Kept, and no conversation.
fn aside(item: &Item, reason: HeldReason, why: &str) -> Meaning {
    let author = item.author().map(|id| Address { shown: id.clone(), id, name: None });
    let held = Held { reason, why: why.to_owned(), author, subject: None, receipt: None };
    Meaning {
        external_id: format!("aside/{}", fingerprint(&raw(&item.value), &item.time)),
        event: Event::Held(held),
    }
}

fn unreadable(raw: Bytes, now: i64, why: &str) -> Envelope {
    let held = Held {
        reason: HeldReason::Unreadable,
        why: why.to_owned(),
        author: None,
        subject: None,
        receipt: None,
    };
    envelope(format!("unreadable/{}", fingerprint(&raw, &Value::Null)), raw, now, Event::Held(held))
}

fn envelope(external_id: String, raw: Bytes, at: i64, event: Event) -> Envelope {
    Envelope { external_id, fingerprint: None, renumbered: false, raw, content_type: JSON, at, event }
}

/// An item's own bytes.
fn raw(value: &Value) -> Bytes {
    Bytes::from(value.to_string())
}

/// A name for what the platform does not number.
fn fingerprint(raw: &[u8], time: &Value) -> String {
    let mut hash = Sha256::new();
    hash.update(raw);
    hash.update(time.to_string().as_bytes());
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Words and the lines that stand for what cannot be fetched.
fn joined(text: Option<String>, lines: Vec<String>) -> String {
    let missing = lines.into_iter().filter(|line| !text.as_ref().is_some_and(|text| text.contains(line)));
    text.iter().cloned().chain(missing).collect::<Vec<_>>().join("\n")
}
