//! What was kept, read once more: a call, one item of a call, or what was asked for with what it was asked of.

use bytes::Bytes;
use serde_json::{Value, json};

use super::body::{Item, Kind};
use super::{Own, comment, envelope, envelopes, meaning, said};
use crate::contract::{Envelope, Kept};
use crate::facebook::json::text;

/// The bytes of something that was asked for: as the platform wrote it, with what is needed to read it again.
pub fn asked(kind: &str, item: &Value, with: Value) -> Bytes {
    Bytes::from(json!({ "asked": kind, "item": item, "with": with }).to_string())
}

/// Everything in what was kept; the one that is looked for is among them, or it cannot be read.
pub fn again(kept: &Kept, own: &Own) -> Vec<Envelope> {
    let whole = serde_json::from_slice(&kept.raw).unwrap_or(Value::Null);
    let (item, with) = (&whole["item"], &whole["with"]);
    match whole["asked"].as_str() {
        Some("message") => {
            let (id, name) = (text(with, "id"), text(with, "name"));
            vec![said::asked(item, id.as_deref().map(|id| (id, name.as_deref())), own)]
        }
        Some("comment") => vec![comment::asked(item, &text(with, "post").unwrap_or_default(), own)],
        Some("post") => comment::post_asked(item, own).into_iter().collect(),
        _ => match around(&whole, kept) {
            Some(item) => {
                let meaning = meaning(&item, own);
                vec![envelope(meaning.external_id, kept.raw.clone(), kept.at, meaning.event)]
            }
            None => envelopes(&kept.raw, own, kept.at),
        },
    }
}

/// One of several things around the Page that came in one call: without the call it was kept alone.
fn around(value: &Value, kept: &Kept) -> Option<Item> {
    let kind = match text(value, "item")?.as_str() {
        "comment" => Kind::Comment,
        _ => Kind::Post,
    };
    let time = value.get("created_time").cloned().unwrap_or_else(|| kept.at.into());
    Some(Item { kind, page: None, time, value: value.clone() })
}
