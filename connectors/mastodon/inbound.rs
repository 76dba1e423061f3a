//! A notification or a post of our own becomes an envelope. Pure.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::files;
use super::wire::{Account, Notification, Status, is_id, moment};
use super::words;
use crate::contract::{Address, Envelope, Event, Held, HeldReason, Message, Said, Thread, Visibility};

/// Who we are.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// The instance's number for us.
    pub id: String,
    /// Our name with its host, in small letters.
    pub acct: String,
    /// The name behind the second @ of this instance's accounts, in small letters.
    pub domain: String,
}

/// What the instance told the account. What cannot be read is held.
pub fn notification(item: &Value, own: &Own, now: i64) -> Envelope {
    let raw = Bytes::from(item.to_string());
    let Ok(told) = Notification::deserialize(item) else {
        return unreadable(
            raw,
            now,
            "The instance told something that cannot be read. It is kept as it came.",
        );
    };
    let (author, at) = (told.account.as_ref(), told.created_at.as_deref().and_then(moment));
    let Some(status) = told.status.filter(|_| told.kind == "mention") else {
        let held = ignored(
            "Somebody followed, passed on or marked something, or a mention is gone again; nothing was said.",
            author.map(|author| address(author, own)),
        );
        return Envelope {
            external_id: format!("told/{}", told.id),
            at: at.unwrap_or(now),
            ..envelope(raw, held, now)
        };
    };
    Envelope { at: at.unwrap_or(now), ..post(status, own, now, raw) }
}

/// A post of the account's own timeline. What cannot be read is held.
pub fn own_post(item: &Value, own: &Own, now: i64) -> Envelope {
    let raw = Bytes::from(item.to_string());
    match Status::deserialize(item) {
        Ok(status) => post(status, own, now, raw),
        Err(_) => {
            unreadable(raw, now, "The instance gave a post that cannot be read. It is kept as it came.")
        }
    }
}

fn post(status: Status, own: &Own, now: i64, raw: Bytes) -> Envelope {
    let written_at = status.created_at.as_deref().and_then(moment);
    let external_id = format!("post/{}", status.id);
    let author = status.account.as_ref().map(|author| address(author, own));
    let is_ours = status.account.as_ref().is_some_and(|author| author.id == own.id);
    let is_private = visibility(&status) == Visibility::Private;
    let answers = status.in_reply_to_id.clone().filter(|id| is_id(id));
    let event = if status.reblog.as_ref().is_some_and(|passed_on| !passed_on.is_null()) {
        ignored("Somebody's post was passed on without a word of one's own.", author)
    } else if is_ours && answers.is_none() && !is_private {
        ignored("The account's own post that answers nobody.", author)
    } else {
        let message = message(status, own, author, is_ours, answers, written_at);
        if is_ours { Event::Echo(Box::new(message)) } else { Event::Message(Box::new(message)) }
    };
    Envelope { external_id, at: written_at.unwrap_or(now), ..envelope(raw, event, now) }
}

fn message(
    status: Status,
    own: &Own,
    author: Option<Address>,
    is_ours: bool,
    answers: Option<String>,
    written_at: Option<i64>,
) -> Message {
    let seen = visibility(&status);
    let body = words::readable(status.content.as_deref().unwrap_or_default());
    let reply = words::without_names(&body, Some(&own.acct), is_ours).to_owned();
    let (text, reply_text) = (whole(&status, &body), whole(&status, &reply));
    let named = status.mentions.unwrap_or_default();
    let others = named.iter().filter(|one| one.id != own.id);
    let recipients: Vec<Address> = others.map(|one| called(&one.acct, None, own)).collect();
    let patron = if is_ours { recipients.first() } else { author.as_ref() };
    Message {
        id: Some(status.id),
        // What is said to one person in private is one conversation, as in the apps; a public thread may hold many people.
        thread: Thread {
            conversation: patron
                .filter(|_| status.visibility.as_deref() == Some("direct"))
                .map(|patron| format!("direct/{}", patron.id)),
            references: answers.into_iter().collect(),
            proven: Vec::new(),
        },
        automatic: !is_ours && status.account.is_some_and(|author| author.bot == Some(true)),
        author,
        recipients,
        written_at,
        visibility: seen,
        subject: None,
        said: Said { text, reply_text, html: None },
        attachments: status
            .media_attachments
            .unwrap_or_default()
            .into_iter()
            .map(files::attachment)
            .collect(),
        link: status.url.filter(|url| url.starts_with("https://")),
    }
}

/// What hides the text, the text, and the answers to choose from.
fn whole(status: &Status, body: &str) -> String {
    let warning = status.spoiler_text.as_deref().map(str::trim).filter(|warning| !warning.is_empty());
    let options = status.poll.as_ref().and_then(|poll| poll.options.as_ref());
    let options = options.into_iter().flatten().filter_map(|option| option.title.as_deref());
    let options: Vec<String> = options.map(|title| format!("( ) {title}")).collect();
    let pieces =
        [warning.map(|warning| format!("[{warning}]")), Some(body.to_owned()), Some(options.join("\n"))];
    let pieces: Vec<String> = pieces.into_iter().flatten().filter(|piece| !piece.is_empty()).collect();
    pieces.join("\n\n")
}

fn visibility(status: &Status) -> Visibility {
    match status.visibility.as_deref() {
        Some("public" | "unlisted") => Visibility::Public,
        _ => Visibility::Private,
    }
}

/// Somebody by their whole name, which is the same at every instance.
pub fn address(account: &Account, own: &Own) -> Address {
    let name = account.display_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    called(&account.acct, name.map(str::to_owned), own)
}

fn called(acct: &str, name: Option<String>, own: &Own) -> Address {
    let whole = if acct.contains('@') { acct.to_owned() } else { format!("{acct}@{}", own.domain) };
    Address { id: whole.to_lowercase(), shown: format!("@{whole}"), name }
}

fn ignored(why: &str, author: Option<Address>) -> Event {
    Event::Held(Held {
        reason: HeldReason::Ignored,
        why: why.to_owned(),
        author,
        subject: None,
        receipt: None,
    })
}

fn unreadable(raw: Bytes, now: i64, why: &str) -> Envelope {
    let held = Held {
        reason: HeldReason::Unreadable,
        why: why.to_owned(),
        author: None,
        subject: None,
        receipt: None,
    };
    envelope(raw, Event::Held(held), now)
}

/// An envelope named by its content, for what has no number of its own.
fn envelope(raw: Bytes, event: Event, now: i64) -> Envelope {
    Envelope {
        external_id: format!("other/{}", hash(&raw)),
        fingerprint: None,
        renumbered: false,
        raw,
        content_type: "application/json",
        at: now,
        event,
    }
}

/// A name made of content.
pub(super) fn hash(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
