//! What a webhook's body becomes, for a person who looks into one: from the same items that [`super::envelopes`] files.

use serde_json::Value;

use super::body::{self, Item, Kind};
use crate::contract::Inspected;
use crate::facebook::json::{is_true, list, text};

/// One line an item, in its order; none for bodies that are none of Facebook's.
pub fn inspect(bytes: &[u8]) -> Vec<Inspected> {
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else { return Vec::new() };
    body::items(&body).iter().filter_map(one).collect()
}

fn one(item: &Item) -> Option<Inspected> {
    let none = Value::Null;
    let laid_out = Inspected {
        account: item.recipient().or_else(|| item.page.clone()),
        author: item.author(),
        timestamp: item.time.clone(),
        ..Inspected::default()
    };
    let of = |kind: &str| Inspected { kind: kind.to_owned(), ..laid_out.clone() };
    Some(match &item.kind {
        Kind::Message => {
            let message = item.value.get("message").unwrap_or(&none);
            let files = list(message, "attachments");
            Inspected {
                external_id: text(message, "mid"),
                text: text(message, "text"),
                attachments: files.len(),
                attachment_types: files.iter().map(|file| text(file, "type").unwrap_or_default()).collect(),
                reply_to: message.get("reply_to").and_then(|reply| text(reply, "mid")),
                ..of(match (is_true(message, "is_deleted"), is_true(message, "is_echo")) {
                    (true, _) => "deleted",
                    (_, true) => "echo",
                    _ => "message",
                })
            }
        }
        Kind::Comment | Kind::Post => public(item, of("message")),
        Kind::Edit => {
            let edit = item.value.get("message_edit").unwrap_or(&none);
            Inspected { external_id: text(edit, "mid"), text: text(edit, "text"), ..of("edited") }
        }
        Kind::Receipt => of("receipt"),
        Kind::Postback => of("postback"),
        Kind::Named(word) => of(word),
        Kind::Around(word) => of(&format!("ignored:{word}")),
        Kind::Unknown => of("unknown"),
        Kind::Nothing => return None,
    })
}

fn public(item: &Item, laid_out: Inspected) -> Inspected {
    let value = &item.value;
    let post = text(value, "post_id");
    let files: Vec<String> = ["photo", "video"]
        .iter()
        .filter(|name| text(value, name).is_some())
        .map(|name| (*name).to_owned())
        .collect();
    let own = item.author().is_some() && item.author() == item.page;
    let kind = match (text(value, "verb").as_deref(), &item.kind) {
        (Some("add") | None, Kind::Comment) if own => "echo".to_owned(),
        (Some("add") | None, Kind::Comment) => "message".to_owned(),
        (Some("add"), _) if !own && text(value, "message").is_some() => "message".to_owned(),
        (Some("edited" | "edit"), Kind::Comment) => "edited".to_owned(),
        (Some("remove"), Kind::Comment) => "deleted".to_owned(),
        (verb, _) => format!("ignored:{}", verb.unwrap_or("post")),
    };
    Inspected {
        kind,
        external_id: text(value, "comment_id").or_else(|| post.clone()),
        text: text(value, "message"),
        attachments: files.len(),
        attachment_types: files,
        reply_to: text(value, "parent_id").filter(|parent| Some(parent) != post.as_ref()),
        ..laid_out
    }
}
