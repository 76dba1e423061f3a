//! A webhook's body, taken apart: each thing that happened, named by what it is. Nothing is decided here.

use serde_json::Value;

use crate::facebook::json::{id_of, list, text};

/// Bodies nest their events at most this deep in practice; deeper ones are taken as they are.
const DEEPEST: u32 = 4;

/// One thing that happened, as it was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// The Page whose entry it stood in.
    pub page: Option<String>,
    /// When, as written there.
    pub time: Value,
    /// All of it.
    pub value: Value,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something was said in Messenger; whether by us is in it.
    Message,
    /// What was said was changed.
    Edit,
    /// Our messages arrived, or were seen.
    Receipt,
    /// A button was pressed.
    Postback,
    /// Something else that Messenger has a word for.
    Named(&'static str),
    /// Messenger has something new, or this is none of its own.
    Unknown,
    /// Something happened to a comment.
    Comment,
    /// Something happened to a post.
    Post,
    /// Something else happened around the Page, in its own word.
    Around(String),
    /// An entry in which nothing is that we know.
    Nothing,
}

/// What Messenger calls its events, in the order in which they are looked for.
const WORDS: &[(&str, Kind)] = &[
    ("message", Kind::Message),
    ("message_edit", Kind::Edit),
    ("delivery", Kind::Receipt),
    ("read", Kind::Receipt),
    ("postback", Kind::Postback),
    ("reaction", Kind::Named("reaction")),
    ("referral", Kind::Named("referral")),
    ("optin", Kind::Named("optin")),
    ("optout", Kind::Named("optout")),
    ("account_linking", Kind::Named("account_linking")),
    ("pass_thread_control", Kind::Named("pass_thread_control")),
    ("take_thread_control", Kind::Named("take_thread_control")),
    ("request_thread_control", Kind::Named("request_thread_control")),
    ("app_roles", Kind::Named("app_roles")),
    ("payment", Kind::Named("payment")),
    ("pre_checkout", Kind::Named("pre_checkout")),
    ("game_play", Kind::Named("game_play")),
    ("policy_enforcement", Kind::Named("policy_enforcement")),
    ("policy-enforcement", Kind::Named("policy_enforcement")),
];

/// Every item in a body, in its order.
pub fn items(body: &Value) -> Vec<Item> {
    let mut items = Vec::new();
    if body.get("entry").is_some() {
        for entry in list(body, "entry") {
            of_entry(entry, DEEPEST, &mut items);
        }
    } else if is_entry(body) {
        of_entry(body, DEEPEST, &mut items);
    } else if ["sender", "recipient", "message"].iter().any(|name| body.get(name).is_some()) {
        items.push(event(body, None));
    }
    items
}

fn is_entry(value: &Value) -> bool {
    ["messaging", "standby", "changes"].iter().any(|name| value.get(name).is_some())
}

fn of_entry(entry: &Value, depth: u32, items: &mut Vec<Item>) {
    let page = text(entry, "id");
    let before = items.len();
    // In `standby` another app answers this person at the moment; what they say is theirs all the same.
    for told in ["messaging", "standby"].iter().flat_map(|name| list(entry, name)) {
        if is_entry(told) && depth > 0 {
            of_entry(told, depth - 1, items);
        } else {
            items.push(event(told, page.clone()));
        }
    }
    for change in list(entry, "changes") {
        items.push(around(change, entry, page.clone()));
    }
    if items.len() == before {
        items.push(Item { kind: Kind::Nothing, page, time: time_of(entry), value: entry.clone() });
    }
}

fn event(told: &Value, page: Option<String>) -> Item {
    let known = WORDS.iter().find(|(word, _)| told.get(word).is_some_and(|value| !value.is_null()));
    let kind = known.map_or(Kind::Unknown, |(_, kind)| kind.clone());
    Item { kind, page, time: told.get("timestamp").cloned().unwrap_or_default(), value: told.clone() }
}

fn around(change: &Value, entry: &Value, page: Option<String>) -> Item {
    let field = text(change, "field").unwrap_or_default();
    let value = change.get("value").unwrap_or(&Value::Null);
    let item = text(value, "item").unwrap_or_default();
    let kind = match (field.as_str(), item.as_str()) {
        ("feed", "comment") => Kind::Comment,
        ("feed", "post" | "status" | "photo" | "video" | "share") => Kind::Post,
        ("feed", other) => Kind::Around(format!("feed:{other}")),
        (other, _) => Kind::Around(other.to_owned()),
    };
    let time = value.get("created_time").cloned().unwrap_or_else(|| time_of(entry));
    Item { kind, page, time, value: value.clone() }
}

fn time_of(entry: &Value) -> Value {
    entry.get("time").cloned().unwrap_or_default()
}

impl Item {
    /// To whom Messenger's event went.
    pub fn recipient(&self) -> Option<String> {
        id_of(&self.value, "recipient")
    }

    /// Who made it happen.
    pub fn author(&self) -> Option<String> {
        id_of(&self.value, "sender")
            .or_else(|| id_of(&self.value, "from"))
            .or_else(|| text(&self.value, "sender_id"))
    }
}
