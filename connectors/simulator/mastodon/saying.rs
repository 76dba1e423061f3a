//! How an instance puts things: posts with their markup, people, what it tells, its refusals.

use std::sync::LazyLock;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use regex::Regex;
use serde_json::{Value, json};

use super::world::{Person, Posted, Stored, Told, World};
use crate::markup::escape;

/// A refusal in Mastodon's shape.
pub fn error(status: u16, why: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(json!({"error": why}))).into_response()
}

/// RFC 3339 with milliseconds.
pub fn written(ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// A person.
pub fn person(world: &World, person: &Person, base: &str) -> Value {
    let home = person.host.as_deref().unwrap_or(&world.domain);
    let picture = format!("{base}/system/accounts/{}.png", person.id);
    json!({
        "id": person.id, "username": person.username, "acct": person.acct(), "display_name": person.name,
        "url": format!("https://{home}/@{}", person.username), "uri": format!("https://{home}/users/{}", person.username),
        "avatar": picture, "avatar_static": picture, "header": picture, "header_static": picture, "note": "",
        "locked": false, "bot": false, "group": false, "discoverable": true, "indexable": false,
        "created_at": "2022-11-05T00:00:00.000Z", "last_status_at": null, "statuses_count": 1, "followers_count": 1,
        "following_count": 1, "emojis": [], "fields": [], "hide_collections": null,
    })
}

/// A post.
pub fn post(world: &World, post: &Posted, base: &str) -> Value {
    let author = world.of(&post.by);
    let home = author.and_then(|author| author.host.as_deref()).unwrap_or(&world.domain);
    let username = author.map_or("", |author| author.username.as_str());
    let named: Vec<&Person> = post.names.iter().filter_map(|id| world.of(id)).collect();
    let mention = |person: &&Person| json!({"id": person.id, "username": person.username, "acct": person.acct(), "url": page(world, person)});
    let parent = post.answers.as_ref().and_then(|id| world.post(id));
    let media: Vec<Value> =
        post.media.iter().filter_map(|id| world.files.get(id).map(|stored| file(id, stored, base))).collect();
    json!({
        "id": post.id, "created_at": written(post.at_ms), "edited_at": null,
        "in_reply_to_id": post.answers, "in_reply_to_account_id": parent.map(|parent| parent.by.clone()),
        "sensitive": false, "spoiler_text": "", "visibility": post.seen.name(), "language": null,
        "uri": format!("https://{home}/users/{username}/statuses/{}", post.id),
        "url": format!("https://{home}/@{username}/{}", post.id),
        "content": markup(world, &post.text), "account": author.map(|author| person(world, author, base)),
        "mentions": named.iter().map(mention).collect::<Vec<_>>(), "media_attachments": media,
        "tags": [], "emojis": [], "replies_count": 0, "reblogs_count": 0, "favourites_count": 0, "quotes_count": 0,
        "favourited": false, "reblogged": false, "muted": false, "bookmarked": false, "reblog": null, "card": null,
        "poll": null, "quote": null,
    })
}

/// What somebody is told.
pub fn told(world: &World, told: &Told, base: &str) -> Option<Value> {
    let status = world.post(&told.post)?;
    Some(json!({
        "id": told.id, "type": "mention", "created_at": written(told.at_ms), "group_key": format!("ungrouped-{}", told.id),
        "account": person(world, world.of(&status.by)?, base), "status": post(world, status, base),
    }))
}

/// A file; without an address while it is worked on.
pub fn file(id: &str, stored: &Stored, base: &str) -> Value {
    let kind =
        stored.content_type.split('/').next().filter(|kind| ["image", "video", "audio"].contains(kind));
    let kind = kind.unwrap_or("unknown");
    let ending = stored.content_type.rsplit('/').next().unwrap_or("bin").replace("mpeg", "mp3");
    let url = (stored.unready == 0).then(|| format!("{base}/system/media_attachments/{id}.{ending}"));
    json!({
        "id": id, "type": kind, "url": url, "preview_url": url, "remote_url": null, "meta": {}, "description": null,
        "blurhash": null,
    })
}

fn page(world: &World, person: &Person) -> String {
    format!("https://{}/@{}", person.host.as_deref().unwrap_or(&world.domain), person.username)
}

static PIECES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?P<url>https?://[^\s<>]*[\w/=#-])|(?P<before>^|[^=/\w@])@(?P<name>\w+(?:[\w.-]*\w)?(?:@[\w.-]*\w)?)")
        .expect("it is written above")
});

/// The markup that the instance makes of a text: paragraphs, links cut for the eye, names without their hosts.
fn markup(world: &World, text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for found in PIECES.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        escape(&text[at..whole.start()], &mut out);
        if let Some(url) = found.name("url") {
            link(url.as_str(), &mut out);
        } else if let Some(name) = found.name("name") {
            escape(found.name("before").map_or("", |before| before.as_str()), &mut out);
            match world.named(name.as_str()) {
                Some(person) => out.push_str(&format!(
                    r#"<span class="h-card" translate="no"><a href="{}" class="u-url mention">@<span>{}</span></a></span>"#,
                    page(world, person),
                    person.username
                )),
                None => escape(&format!("@{}", name.as_str()), &mut out),
            }
        }
        at = whole.end();
    }
    escape(&text[at..], &mut out);
    format!("<p>{}</p>", out.trim().replace("\n\n", "</p><p>").replace('\n', "<br />"))
}

fn link(url: &str, out: &mut String) {
    let scheme = url.find("://").map_or(0, |at| at + 3);
    let rest: Vec<char> = url[scheme..].chars().collect();
    let shown = rest.len().min(30);
    let piece = |class: &str, text: &str| {
        let mut piece = format!(r#"<span class="{class}">"#);
        escape(text, &mut piece);
        piece + "</span>"
    };
    let text = |chars: &[char]| chars.iter().collect::<String>();
    out.push_str("<a href=\"");
    escape(url, out);
    out.push_str(r#"" target="_blank" rel="nofollow noopener" translate="no">"#);
    out.push_str(&piece("invisible", &url[..scheme]));
    out.push_str(&piece(if shown < rest.len() { "ellipsis" } else { "" }, &text(&rest[..shown])));
    out.push_str(&piece("invisible", &text(&rest[shown..])));
    out.push_str("</a>");
}
