//! How X puts things: its answers by the fields that were asked for, its short links, its problems.

use std::collections::HashMap;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::world::{Directed, Person, Posted, World};
use crate::x::links;

/// What of a page was asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    fields: Vec<String>,
    expansions: Vec<String>,
    /// In the names of before August 2026.
    older: bool,
}

impl Asked {
    /// Of posts or of direct messages.
    pub fn read(query: &HashMap<String, String>) -> Self {
        let listed = |name: &str| -> Vec<String> {
            query.get(name).map(|text| text.split(',').map(str::to_owned).collect()).unwrap_or_default()
        };
        let older =
            query.contains_key("tweet.fields") || listed("dm_event.fields").contains(&"sender_id".to_owned());
        let names = ["post.fields", "tweet.fields", "dm_event.fields"];
        Self {
            fields: names.iter().flat_map(|name| listed(name)).collect(),
            expansions: listed("expansions"),
            older,
        }
    }

    fn wants(&self, field: &str) -> bool {
        self.fields.iter().any(|one| one == field)
    }

    fn expands(&self, what: &str) -> bool {
        self.expansions.iter().any(|one| one == what || one == &format!("{what}.id"))
    }
}

/// A problem as RFC 7807 has it.
pub fn problem(status: StatusCode, kind: &str, title: &str, detail: &str) -> Response {
    let kind = if kind.is_empty() {
        "about:blank".to_owned()
    } else {
        format!("https://api.x.com/2/problems/{kind}")
    };
    let body = json!({"title": title, "detail": detail, "type": kind, "status": status.as_u16()});
    (status, Json(body)).into_response()
}

pub fn unauthorized() -> Response {
    problem(StatusCode::UNAUTHORIZED, "", "Unauthorized", "Unauthorized")
}

pub fn forbidden(detail: &str) -> Response {
    problem(StatusCode::FORBIDDEN, "", "Forbidden", detail)
}

pub fn invalid(detail: &str) -> Response {
    problem(StatusCode::BAD_REQUEST, "invalid-request", "Invalid Request", detail)
}

pub fn not_found(what: &str) -> Response {
    problem(
        StatusCode::NOT_FOUND,
        "resource-not-found",
        "Not Found Error",
        &format!("Could not find {what}."),
    )
}

/// The text as X keeps it: links shortened, three characters escaped; and its entities.
pub fn shortened(text: &str, seed: &str) -> (String, Value) {
    let mut out = String::new();
    let mut urls = Vec::new();
    let mut at = 0;
    for (number, link) in links::find(text).into_iter().enumerate() {
        out.push_str(&escaped(&text[at..link.at.start]));
        let tail: String = seed.chars().rev().take(8).collect();
        let short = format!("https://t.co/{tail}{number}");
        let start = out.chars().count();
        out.push_str(&short);
        let written = &text[link.at.clone()];
        let whole = if written.contains("://") { written.to_owned() } else { format!("http://{written}") };
        urls.push(json!({
            "start": start, "end": out.chars().count(), "url": short, "expanded_url": whole, "display_url": written,
        }));
        at = link.at.end;
    }
    out.push_str(&escaped(&text[at..]));
    let entities = if urls.is_empty() { Value::Null } else { json!({"urls": urls}) };
    (out, entities)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// RFC 3339 with milliseconds.
pub fn written(ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// A post as API v2 gives it.
pub fn post(post: &Posted, asked: &Asked) -> Value {
    let (text, entities) = shortened(&post.text, &post.id);
    let mut out = Map::new();
    out.insert("id".into(), post.id.clone().into());
    out.insert("text".into(), text.into());
    let history = if asked.older { "edit_history_tweet_ids" } else { "edit_history_post_ids" };
    let earlier: Vec<&String> = post.earlier.iter().chain([&post.id]).collect();
    if asked.older {
        out.insert(history.into(), json!(earlier));
    }
    if asked.wants("author_id") || asked.expands("author_id") {
        out.insert("author_id".into(), post.by.clone().into());
    }
    if asked.wants("created_at") {
        out.insert("created_at".into(), written(post.at_ms).into());
    }
    if asked.wants("conversation_id") {
        out.insert("conversation_id".into(), post.thread.clone().into());
    }
    if let Some((parent, whom)) = &post.answers {
        if asked.wants("in_reply_to_user_id") || asked.expands("in_reply_to_user_id") {
            out.insert("in_reply_to_user_id".into(), whom.clone().into());
        }
        let name = if asked.older { "referenced_tweets" } else { "referenced_posts" };
        if asked.wants(name) || asked.expands(name) {
            out.insert(name.into(), json!([{"type": "replied_to", "id": parent}]));
        }
    }
    if asked.wants("entities") && !entities.is_null() {
        out.insert("entities".into(), entities);
    }
    if !post.media.is_empty() && (asked.wants("attachments") || asked.expands("attachments.media_keys")) {
        out.insert("attachments".into(), json!({"media_keys": keys(&post.media)}));
    }
    Value::Object(out)
}

/// A direct message as API v2 gives it.
pub fn direct(direct: &Directed, asked: &Asked) -> Value {
    let (text, entities) = shortened(&direct.text, &direct.id);
    let mut out = Map::new();
    out.insert("id".into(), direct.id.clone().into());
    out.insert("event_type".into(), "MessageCreate".into());
    if !text.is_empty() {
        out.insert("text".into(), text.into());
    }
    if asked.wants("sender_id") || asked.expands("sender_id") {
        out.insert("sender_id".into(), direct.from.clone().into());
    }
    if asked.wants("created_at") {
        out.insert("created_at".into(), written(direct.at_ms).into());
    }
    if asked.wants("dm_conversation_id") {
        out.insert("dm_conversation_id".into(), direct.conversation().into());
    }
    if asked.wants("entities") && !entities.is_null() {
        out.insert("entities".into(), entities);
    }
    if !direct.media.is_empty() && asked.wants("attachments") {
        out.insert("attachments".into(), json!({"media_keys": keys(&direct.media)}));
    }
    Value::Object(out)
}

/// A person as API v2 gives them.
pub fn person(person: &Person) -> Value {
    json!({"id": person.id, "name": person.name, "username": person.username})
}

/// Who and what a page speaks of.
pub fn includes(world: &World, people: &[&str], media: &[(String, String)]) -> Option<Value> {
    let mut seen: Vec<&str> = Vec::new();
    let mut users = Vec::new();
    for id in people {
        if !seen.contains(id) {
            seen.push(id);
            users.extend(world.person(id).map(person));
        }
    }
    let files: Vec<Value> = media
        .iter()
        .map(|(id, url)| json!({"media_key": format!("3_{id}"), "type": "photo", "url": url}))
        .collect();
    let mut out = Map::new();
    if !users.is_empty() {
        out.insert("users".into(), users.into());
    }
    if !files.is_empty() {
        out.insert("media".into(), files.into());
    }
    (!out.is_empty()).then_some(Value::Object(out))
}

fn keys(media: &[String]) -> Vec<String> {
    media.iter().map(|id| format!("3_{id}")).collect()
}
