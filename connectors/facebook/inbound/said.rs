//! What is said in Messenger: between one person and the Page, in private.

use serde_json::{Value, json};

use super::body::Item;
use super::files::{self, Enclosed};
use super::{Meaning, Own, again, aside, envelope, fingerprint, joined, raw};
use crate::contract::{
    Envelope, Event, Held, HeldReason, Message, Receipt, ReceiptState, Said, Thread, Visibility,
};
use crate::facebook::json::{data, id_of, is_true, list, text};
use crate::facebook::{metadata, time};

/// The name of a conversation: with one person the Page has exactly one.
pub fn thread(person: &str) -> String {
    format!("dm:{person}")
}

/// A message that the platform told of.
pub fn told(item: &Item, own: &Own) -> Meaning {
    let none = Value::Null;
    let message = item.value.get("message").unwrap_or(&none);
    let mid = text(message, "mid");
    if is_true(message, "is_deleted")
        && let Some(of) = mid
    {
        return Meaning { external_id: format!("deleted/{of}"), event: Event::Deleted { of } };
    }
    let (author, recipient) = (item.author(), item.recipient());
    // By who we are, and by the platform's word for it: our own number never writes as a patron.
    let ours = is_true(message, "is_echo") || author.as_deref() == Some(&own.page_id);
    let person = if author.as_deref() == Some(&own.page_id) { recipient } else { author };
    let answers = message.get("reply_to").and_then(|reply| text(reply, "mid"));
    let heard = Heard {
        person,
        person_name: None,
        ours,
        proven: text(message, "metadata").and_then(|metadata| metadata::verify(&own.proof_key, &metadata)),
        text: text(message, "text"),
        enclosed: files::of_event(message, mid.as_deref()),
        answers,
        at: time::read(&item.time),
        id: mid.clone(),
    };
    let fallback = || fingerprint(&raw(&item.value), &item.time);
    Meaning { external_id: format!("message/{}", mid.unwrap_or_else(fallback)), event: heard.event(own) }
}

/// A message that was asked for, out of a conversation with `person`.
pub fn asked(message: &Value, person: Option<(&str, Option<&str>)>, own: &Own) -> Envelope {
    let at = message.get("created_time").and_then(time::read);
    let bytes = raw(message);
    let (Some(id), Some(at)) = (text(message, "id"), at) else {
        let held = Held {
            reason: HeldReason::Unreadable,
            why: "Facebook listed a message without its number or its time. It is kept as it came."
                .to_owned(),
            author: None,
            subject: None,
            receipt: None,
        };
        let name = format!("unreadable/{}", fingerprint(&bytes, &Value::Null));
        return envelope(name, bytes, at.unwrap_or(0), Event::Held(held));
    };
    let from = id_of(message, "from");
    let ours = from.as_deref() == Some(&own.page_id);
    let to = || data(message, "to").iter().find_map(|to| text(to, "id")).or_else(|| id_of(message, "to"));
    let writer = if ours { to() } else { from };
    let name = message.get("from").filter(|_| !ours).and_then(|from| text(from, "name"));
    let heard = Heard {
        person: writer.or_else(|| person.map(|(id, _)| id.to_owned())),
        person_name: name.or_else(|| person.and_then(|(_, name)| name.map(str::to_owned))),
        ours,
        proven: None,
        text: text(message, "message"),
        enclosed: files::of_message(message, &id),
        answers: None,
        at: Some(at),
        id: Some(id.clone()),
    };
    let person = person.map(|(id, name)| json!({ "id": id, "name": name }));
    let bytes = again::asked("message", message, person.unwrap_or_default());
    envelope(format!("message/{id}"), bytes, at, heard.event(own))
}

/// A button with words on it: the person said them by pressing it.
pub fn pressed(item: &Item, own: &Own) -> Meaning {
    let none = Value::Null;
    let postback = item.value.get("postback").unwrap_or(&none);
    let Some(title) = text(postback, "title") else {
        return aside(
            item,
            HeldReason::Ignored,
            "Somebody pressed a button of the Page that has no words on it.",
        );
    };
    let id = text(postback, "mid");
    let heard = Heard {
        person: item.author(),
        person_name: None,
        ours: false,
        proven: None,
        text: Some(title),
        enclosed: Enclosed::default(),
        answers: None,
        at: time::read(&item.time),
        id: id.clone(),
    };
    let fallback = || fingerprint(&raw(&item.value), &item.time);
    Meaning { external_id: format!("message/{}", id.unwrap_or_else(fallback)), event: heard.event(own) }
}

/// The writer changed what they said.
pub fn edited(item: &Item) -> Meaning {
    let none = Value::Null;
    let edit = item.value.get("message_edit").unwrap_or(&none);
    match (text(edit, "mid"), text(edit, "text")) {
        (Some(of), Some(text)) => Meaning {
            external_id: format!("edited/{of}/{}", fingerprint(text.as_bytes(), &Value::Null)),
            event: Event::Edited { of, text },
        },
        _ => aside(item, HeldReason::Ignored, "Somebody changed a message, and Facebook did not say which."),
    }
}

/// Our messages arrived or were seen, each by its number. Without numbers only a moment is named, which says nothing of
/// one message: then nothing settles, and the word itself is kept.
pub fn receipts(item: &Item) -> Vec<Meaning> {
    let told = item.value.get("delivery").or_else(|| item.value.get("read"));
    let state = if item.value.get("read").is_some() { ReceiptState::Read } else { ReceiptState::Delivered };
    let ids: Vec<String> = told
        .map_or(&[][..], |told| list(told, "mids"))
        .iter()
        .filter_map(|id| id.as_str().map(str::to_owned))
        .collect();
    if ids.is_empty() {
        return vec![aside(item, HeldReason::Ignored, "Somebody received or saw what the Page wrote.")];
    }
    let of = |id: String| Meaning {
        external_id: format!("receipt/{id}/{state:?}"),
        event: Event::Receipt(Receipt {
            key: None,
            id: Some(id),
            state,
            recipient: item.author(),
            why: None,
        }),
    };
    ids.into_iter().map(of).collect()
}

/// One thing said, however it was learnt.
struct Heard {
    person: Option<String>,
    person_name: Option<String>,
    ours: bool,
    proven: Option<crate::contract::Key>,
    text: Option<String>,
    enclosed: Enclosed,
    answers: Option<String>,
    at: Option<i64>,
    id: Option<String>,
}

impl Heard {
    fn event(self, own: &Own) -> Event {
        let person = self.person.as_deref().map(|id| own.person(id, self.person_name.clone()));
        let (author, recipients) = if self.ours {
            (Some(own.page()), person.into_iter().collect())
        } else {
            (person, vec![own.page()])
        };
        let text = joined(self.text, self.enclosed.lines);
        let message = Message {
            id: self.id,
            author,
            recipients,
            written_at: self.at,
            visibility: Visibility::Private,
            subject: None,
            said: Said { reply_text: text.clone(), text, html: None },
            thread: Thread {
                conversation: self.person.as_deref().map(thread),
                references: self.answers.into_iter().collect(),
                proven: self.proven.into_iter().collect(),
            },
            attachments: self.enclosed.files,
            link: None,
            automatic: false,
        };
        if self.ours { Event::Echo(Box::new(message)) } else { Event::Message(Box::new(message)) }
    }
}
