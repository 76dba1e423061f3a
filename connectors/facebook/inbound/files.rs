//! What came along with a message: files to be fetched, and what is better said in words.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::contract::{Attachment, Content};
use crate::facebook::json::{data, list, text};

/// Where a file lies, and how to be told again when that address has run out: Facebook's are signed and end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// The address as it came.
    pub url: String,
    /// The message or comment that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Which of its files, from 0.
    pub nth: usize,
}

/// Files and words.
#[derive(Clone, Debug, Default)]
pub struct Enclosed {
    /// To be fetched.
    pub files: Vec<Attachment>,
    /// Lines that say what cannot be fetched: a place, a shared link.
    pub lines: Vec<String>,
}

/// What stands in a webhook's `attachments`.
pub fn of_event(message: &Value, id: Option<&str>) -> Enclosed {
    let mut enclosed = Enclosed::default();
    for (nth, told) in list(message, "attachments").iter().enumerate() {
        let kind = text(told, "type").unwrap_or_default();
        let none = Value::Null;
        let payload = told.get("payload").unwrap_or(&none);
        let address = text(payload, "url").or_else(|| text(told, "url"));
        match (kind.as_str(), address) {
            ("image" | "audio" | "video" | "file" | "sticker", Some(url)) => {
                let whereabouts = Whereabouts { url, of: id.map(str::to_owned), nth };
                enclosed.files.push(file(whereabouts, type_of(&kind), None, None));
            }
            ("location", _) => enclosed.lines.extend(place(payload)),
            (_, address) => {
                let title = text(told, "title").or_else(|| text(payload, "title"));
                let link = address.or_else(|| text(told, "URL"));
                let said: Vec<String> = title.into_iter().chain(link).collect();
                if !said.is_empty() {
                    enclosed.lines.push(said.join("\n"));
                }
            }
        }
    }
    enclosed
}

/// What stands in a message that was asked for.
pub fn of_message(message: &Value, id: &str) -> Enclosed {
    let mut enclosed = Enclosed::default();
    for (nth, told) in data(message, "attachments").iter().enumerate() {
        let Some(url) = address(told) else {
            enclosed.lines.extend(text(told, "name"));
            continue;
        };
        let usual = if told.get("image_data").is_some() { "image/jpeg" } else { "application/octet-stream" };
        let kind = text(told, "mime_type").unwrap_or_else(|| usual.to_owned());
        let size = told.get("size").and_then(Value::as_u64);
        let whereabouts = Whereabouts { url, of: Some(id.to_owned()), nth };
        enclosed.files.push(file(whereabouts, &kind, text(told, "name"), size));
    }
    if let Some(url) = text(message, "sticker") {
        enclosed.files.push(file(Whereabouts { url, of: None, nth: 0 }, "image/png", None, None));
    }
    for share in data(message, "shares") {
        let said: Vec<String> = text(share, "name").into_iter().chain(text(share, "link")).collect();
        if !said.is_empty() {
            enclosed.lines.push(said.join("\n"));
        }
    }
    enclosed
}

/// Where a file lies that was asked for.
pub fn address(told: &Value) -> Option<String> {
    ["image_data", "video_data"]
        .iter()
        .find_map(|name| text(told.get(name)?, "url"))
        .or_else(|| text(told, "file_url"))
}

/// What came with a comment that was asked for.
pub fn of_comment(comment: &Value, id: &str) -> Enclosed {
    let mut enclosed = Enclosed::default();
    let Some(told) = comment.get("attachment").filter(|told| told.is_object()) else { return enclosed };
    match picture(told) {
        Some(url) => {
            let whereabouts = Whereabouts { url, of: Some(id.to_owned()), nth: 0 };
            enclosed.files.push(file(whereabouts, "image/jpeg", None, None));
        }
        None => {
            let said: Vec<String> = text(told, "title").into_iter().chain(text(told, "url")).collect();
            if !said.is_empty() {
                enclosed.lines.push(said.join("\n"));
            }
        }
    }
    enclosed
}

/// The picture of a comment's attachment.
pub fn picture(told: &Value) -> Option<String> {
    text(told.get("media")?.get("image")?, "src")
}

/// What came with a comment that was told of.
pub fn of_comment_event(comment: &Value, id: Option<&str>) -> Enclosed {
    let told = [("photo", "image/jpeg"), ("video", "video/mp4")];
    let files = told.iter().filter_map(|(name, kind)| {
        let whereabouts = Whereabouts { url: text(comment, name)?, of: id.map(str::to_owned), nth: 0 };
        Some(file(whereabouts, kind, None, None))
    });
    Enclosed { files: files.collect(), lines: Vec::new() }
}

fn file(whereabouts: Whereabouts, kind: &str, name: Option<String>, size: Option<u64>) -> Attachment {
    Attachment {
        filename: name.or_else(|| last_of(&whereabouts.url)),
        content_type: kind.to_owned(),
        content: Content::There { reference: serde_json::to_string(&whereabouts).unwrap_or_default(), size },
        content_id: None,
        inline: false,
    }
}

/// The last piece of an address's path.
fn last_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let last = url.path_segments()?.next_back()?.to_owned();
    (!last.is_empty()).then_some(last)
}

fn type_of(kind: &str) -> &'static str {
    match kind {
        "image" => "image/jpeg",
        "sticker" => "image/png",
        "audio" => "audio/mpeg",
        "video" => "video/mp4",
        _ => "application/octet-stream",
    }
}

fn place(payload: &Value) -> Option<String> {
    let coordinates = payload.get("coordinates")?;
    let number = |name| coordinates.get(name).and_then(Value::as_f64);
    Some(format!("Location: {}, {}", number("lat")?, number("long")?))
}
