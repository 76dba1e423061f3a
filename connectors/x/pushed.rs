//! What X tells us by itself, over the webhook or the stream: activity events of API v2, the account activity they
//! replace, and pages as a poll would give them. Pure.

use bytes::Bytes;
use serde_json::{Value, json};

use super::inbound::{self, Own};
use super::wire::{self, Direct, Includes, Post, User};
use crate::contract::{Envelope, Event, Receipt, ReceiptState};

/// The one event that X's price list names.
const CHARGED: &str = "dm.received";

/// One thing found in what was pushed.
#[derive(Clone, Debug)]
pub struct Found {
    /// Whose account it happened to.
    pub account: Option<String>,
    /// What X calls it.
    pub what: String,
    /// X takes money for telling it.
    pub is_charged: bool,
    /// Ready to be kept.
    pub envelope: Envelope,
}

/// Everything in a pushed body. Bytes that are no JSON object are one unreadable envelope; an object in which nothing
/// happened is none.
pub fn found(body: &[u8], own: &Own, now: i64) -> Vec<Found> {
    let Ok(value @ Value::Object(_)) = serde_json::from_slice::<Value>(body) else {
        let text = Value::String(String::from_utf8_lossy(body).into_owned());
        let mut envelope = inbound::unreadable(
            &text,
            now,
            "X sent something that is not in its own format. It is kept as it came.",
        );
        envelope.raw = Bytes::copy_from_slice(body);
        return vec![Found { account: None, what: "unreadable".to_owned(), is_charged: false, envelope }];
    };
    match value.get("data") {
        Some(event) if event.get("event_type").is_some() && event.get("payload").is_some() => {
            activity(event, own, now)
        }
        Some(data) => page(data, &value, own, now),
        None => account_activity(&value, own, now),
    }
}

/// `{"data":{"event_type","filter","payload"}}`
fn activity(event: &Value, own: &Own, now: i64) -> Vec<Found> {
    let kind = wire::text(event, "event_type").unwrap_or_default();
    let filter = event.get("filter").unwrap_or(&Value::Null);
    let account = wire::text(filter, "user_id");
    let own = Own { id: own.id.clone().or_else(|| account.clone()), username: own.username.clone() };
    let is_charged = kind == CHARGED;
    let payload = event.get("payload").unwrap_or(&Value::Null);
    let mut all = match kind.as_str() {
        kind if kind.starts_with("dm.") => older_parts(payload, &own, now),
        kind if kind.starts_with("chat.") => vec![(kind.to_owned(), chat(event, payload, &own, now))],
        "post.delete" => vec![(kind.clone(), deleted(payload, now))],
        kind if kind.starts_with("post.") => {
            let item = payload.get("data").unwrap_or(payload);
            let company = payload.get("includes").or_else(|| event.get("includes")).unwrap_or(&Value::Null);
            vec![(kind.to_owned(), inbound::post(item, &Includes::read(company), &own, now))]
        }
        "oauth.revoke" => vec![(kind.clone(), revoked(event, now))],
        _ => Vec::new(),
    };
    if all.is_empty() {
        let why = format!("X told of \"{kind}\", which brings nothing to answer.");
        let raw = Bytes::from(event.to_string());
        all.push((kind, inbound::envelope(raw, inbound::ignored(&why, None), now)));
    }
    let found = |(what, envelope)| Found { account: account.clone(), what, is_charged, envelope };
    all.into_iter().map(found).collect()
}

/// `{"for_user_id","direct_message_events","tweet_create_events",…}`
fn account_activity(value: &Value, own: &Own, now: i64) -> Vec<Found> {
    let account = wire::text(value, "for_user_id");
    let own = Own { id: own.id.clone().or_else(|| account.clone()), username: own.username.clone() };
    let parts = older_parts(value, &own, now);
    let found = |(what, envelope)| Found { account: account.clone(), what, is_charged: false, envelope };
    parts.into_iter().map(found).collect()
}

/// The members of the older shape: lists of events by kind, and the people in them.
fn older_parts(value: &Value, own: &Own, now: i64) -> Vec<(String, Envelope)> {
    let Some(members) = value.as_object() else { return Vec::new() };
    let people = members.get("users").and_then(Value::as_object);
    let users: Vec<User> = people.into_iter().flatten().filter_map(|(_, user)| User::read(user)).collect();
    let mut parts = Vec::new();
    for (name, member) in members {
        let events: Vec<&Value> = match member {
            Value::Array(events) => events.iter().collect(),
            // `user_event` is one event, not a list; people and apps are no events.
            Value::Object(_) if name.ends_with("_event") => vec![member],
            _ => continue,
        };
        for event in events {
            let envelope = match name.as_str() {
                "direct_message_events" => older_direct(event, &users, own, now),
                "tweet_create_events" | "post_create_events" => older_post(event, own, now),
                "tweet_delete_events" | "post_delete_events" => deleted(event, now),
                "direct_message_mark_read_events" => read(event, own, now),
                "user_event" if event.get("revoke").is_some() => revoked(event, now),
                _ => other(name, event, now),
            };
            parts.push((name.clone(), envelope));
        }
    }
    parts
}

fn older_direct(event: &Value, users: &[User], own: &Own, now: i64) -> Envelope {
    let Some((direct, media)) = Direct::read_older(event) else {
        return inbound::unreadable(
            event,
            now,
            "X pushed a direct message without a number. It is kept as it came.",
        );
    };
    let includes = Includes { users: users.to_vec(), media };
    let named =
        |id: &Option<String>| users.iter().filter(|user| Some(&user.id) == id.as_ref()).collect::<Vec<_>>();
    let company: serde_json::Map<String, Value> = named(&direct.sender)
        .into_iter()
        .chain(named(&direct.recipient))
        .map(|user| (user.id.clone(), json!({"id": user.id, "username": user.username, "name": user.name})))
        .collect();
    let raw = json!({"for_user_id": own.id, "direct_message_events": [event], "users": company});
    inbound::directed(direct, &includes, own, now, Bytes::from(raw.to_string()))
}

fn older_post(event: &Value, own: &Own, now: i64) -> Envelope {
    let Some((post, includes)) = Post::read_older(event) else {
        return inbound::unreadable(event, now, "X pushed a post without a number. It is kept as it came.");
    };
    let raw = json!({"for_user_id": own.id, "tweet_create_events": [event]});
    inbound::posted(post, &includes, own, now, Bytes::from(raw.to_string()))
}

fn deleted(event: &Value, now: i64) -> Envelope {
    let of = event.get("status").unwrap_or(event);
    let Some(of) =
        wire::text(of, "id_str").or_else(|| wire::text(of, "id")).or_else(|| wire::text(of, "post_id"))
    else {
        return inbound::unreadable(event, now, "X said that a post was deleted, but not which.");
    };
    let raw = Bytes::from(event.to_string());
    let envelope = inbound::envelope(raw, Event::Deleted { of: of.clone() }, now);
    Envelope { external_id: format!("delete/{of}"), ..envelope }
}

/// The patron has read up to a message of ours.
fn read(event: &Value, own: &Own, now: i64) -> Envelope {
    let raw = Bytes::from(event.to_string());
    let at = wire::text(event, "created_timestamp").as_deref().and_then(inbound::moment).unwrap_or(now);
    let reader = wire::text(event, "sender_id");
    let event = match wire::text(event, "last_read_event_id") {
        Some(id) if reader != own.id => {
            let state = ReceiptState::Read;
            Event::Receipt(Receipt { key: None, id: Some(id), state, recipient: reader, why: None })
        }
        _ => inbound::ignored("The account has read its own messages in X's app.", None),
    };
    Envelope { at, ..inbound::envelope(raw, event, now) }
}

fn revoked(event: &Value, now: i64) -> Envelope {
    let why = "The account has taken back its permission on X. Sign it in again under Channels; nothing is lost meanwhile.";
    inbound::envelope(Bytes::from(event.to_string()), Event::Revoked { why: why.to_owned() }, now)
}

/// X Chat: counted and shown, although nobody but the account's own devices can read it.
fn chat(event: &Value, payload: &Value, own: &Own, now: i64) -> Envelope {
    let inner = payload.get("data").unwrap_or(payload);
    let first = |fields: &[&str]| fields.iter().find_map(|field| wire::text(inner, field));
    let id =
        first(&["id", "event_id", "message_id", "sequence_id"]).or_else(|| wire::text(event, "event_uuid"));
    let sender = first(&["sender_id", "from_user_id"]);
    let company = event.get("includes").or_else(|| payload.get("includes")).unwrap_or(&Value::Null);
    let author = inbound::address(sender.as_deref(), &Includes::read(company));
    let happened = if sender.is_some() && sender == own.id {
        inbound::ignored("An encrypted message that this account sent from X's own app.", author)
    } else {
        inbound::encrypted(author)
    };
    let at = first(&["created_at_msec", "created_at", "created_timestamp"]);
    let plain = inbound::envelope(Bytes::from(event.to_string()), happened, now);
    Envelope {
        external_id: id.as_ref().map_or(plain.external_id.clone(), |id| format!("chat/{id}")),
        at: at.as_deref().and_then(inbound::moment).unwrap_or(now),
        ..plain
    }
}

fn other(name: &str, event: &Value, now: i64) -> Envelope {
    let why = format!("X told of \"{name}\", which brings nothing to answer.");
    inbound::envelope(Bytes::from(event.to_string()), inbound::ignored(&why, None), now)
}

/// `{"data":[…],"includes":{…}}`, or one of them.
fn page(data: &Value, value: &Value, own: &Own, now: i64) -> Vec<Found> {
    let includes = Includes::read(value.get("includes").unwrap_or(&Value::Null));
    let items = data.as_array().map_or(std::slice::from_ref(data), Vec::as_slice);
    let one = |item: &Value| {
        let is_direct = item.get("event_type").is_some() || item.get("dm_conversation_id").is_some();
        let (what, envelope) = match is_direct {
            true => ("direct_message", inbound::direct(item, &includes, own, now)),
            false => ("post", inbound::post(item, &includes, own, now)),
        };
        Found { account: None, what: what.to_owned(), is_charged: false, envelope }
    };
    items.iter().map(one).collect()
}
