//! What is asked for, as the Graph API writes it: only the fields that were named, lists in pages.

use axum::http::Uri;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::book::{Book, Comment, Message, Page, Post, SentFile, Thread};
use super::fields::{Field, written};
use super::refusal::{Refusal, no};
use crate::facebook::time;

const USUAL_LIMIT: usize = 25;

/// One thing that can be asked for.
#[derive(Clone, Copy)]
pub enum Node<'a> {
    Page(&'a Page),
    Post(&'a Post),
    Comment(&'a Comment),
    Thread(&'a Thread),
    Message(&'a Thread, &'a Message),
}

/// Who asks, for the addresses of next pages.
pub struct Asker<'a> {
    pub base: &'a str,
    pub token: &'a str,
}

impl Book {
    /// The thing of this number, if this Page may see it.
    pub fn node(&self, page: &str, id: &str) -> Option<Node<'_>> {
        let threads = || self.threads.iter().filter(|thread| thread.page == page);
        let message = || {
            threads().find_map(|thread| {
                let message = thread.messages.iter().find(|message| message.id == id)?;
                Some(Node::Message(thread, message))
            })
        };
        self.pages
            .get(id)
            .filter(|found| found.id == page)
            .map(Node::Page)
            .or_else(|| self.post(id).filter(|post| post.page == page).map(Node::Post))
            .or_else(|| self.comment(id).filter(|comment| comment.page == page).map(Node::Comment))
            .or_else(|| threads().find(|thread| thread.id == id).map(Node::Thread))
            .or_else(message)
    }

    /// These fields of a thing.
    pub fn render(&self, node: Node<'_>, fields: &[Field], asker: &Asker<'_>) -> Result<Value, Refusal> {
        let usual: Vec<Field>;
        let fields = if fields.is_empty() {
            usual = node
                .usual()
                .iter()
                .map(|name| Field { name: (*name).to_owned(), ..Field::default() })
                .collect();
            &usual
        } else {
            fields
        };
        let plain = node.plain();
        let mut out = Map::new();
        out.insert("id".to_owned(), json!(node.id()));
        for field in fields {
            if let Some(listed) = self.edge(node, field, asker)? {
                // An empty list is left out where it is only part of an answer.
                if listed["data"].as_array().is_some_and(|data| !data.is_empty())
                    || listed.get("id").is_some()
                {
                    out.insert(field.name.clone(), listed);
                }
                continue;
            }
            match plain.get(&field.name) {
                Some(Value::Null) => {}
                Some(value) => {
                    out.insert(field.name.clone(), picked(value, &field.within));
                }
                None if field.name == "id" => {}
                None => {
                    let what = format!(
                        "Tried accessing nonexisting field ({}) on node type ({})",
                        field.name,
                        node.kind()
                    );
                    return Err(no(100, 0, &what));
                }
            }
        }
        Ok(Value::Object(out))
    }

    /// A list that hangs on a thing; none: the field is no such list.
    pub fn edge(&self, node: Node<'_>, field: &Field, asker: &Asker<'_>) -> Result<Option<Value>, Refusal> {
        let path = format!("{}/{}", node.id(), field.name);
        let items: Vec<Node<'_>> = match (node, field.name.as_str()) {
            (Node::Thread(thread), "messages") => {
                thread.messages.iter().rev().map(|message| Node::Message(thread, message)).collect()
            }
            (Node::Post(post), "comments") => self.under(field, |comment| comment.post == post.id),
            (Node::Comment(parent), "comments") => {
                self.under(field, |comment| comment.parent.as_deref() == Some(&parent.id))
            }
            (Node::Page(page), "conversations") => {
                if field.said("platform").is_some_and(|platform| !platform.eq_ignore_ascii_case("messenger"))
                {
                    return Err(no(100, 0, "This Page has no Instagram account."));
                }
                let wanted = |thread: &&Thread| {
                    thread.page == page.id
                        && field.said("user_id").is_none_or(|person| person == thread.person.0)
                };
                let mut threads: Vec<&Thread> = self.threads.iter().filter(wanted).collect();
                threads.sort_by_key(|thread| std::cmp::Reverse((thread.updated, thread.id.clone())));
                threads.into_iter().map(Node::Thread).collect()
            }
            (Node::Page(page), "feed") => {
                let mut posts: Vec<&Post> = self.posts.iter().filter(|post| post.page == page.id).collect();
                posts.sort_by_key(|post| std::cmp::Reverse((post.at, post.id.clone())));
                posts.into_iter().map(Node::Post).collect()
            }
            (Node::Comment(comment), "private_reply_conversation") => {
                let thread =
                    self.threads.iter().find(|thread| Some(&thread.id) == comment.answered_in.as_ref());
                return Ok(Some(match thread {
                    Some(thread) => self.render(Node::Thread(thread), &field.within, asker)?,
                    None => json!({ "data": [] }),
                }));
            }
            _ => return Ok(None),
        };
        self.listed(&path, &items, field, asker).map(Some)
    }

    fn under(&self, field: &Field, wanted: impl Fn(&Comment) -> bool) -> Vec<Node<'_>> {
        let whole = field.said("filter") == Some("stream");
        let mut comments: Vec<&Comment> = self
            .comments
            .iter()
            .filter(|comment| {
                wanted(comment) && (whole || comment.parent.is_none() || field.name != "comments")
            })
            .collect();
        comments.sort_by_key(|comment| (comment.at, comment.id.clone()));
        if field.said("order") == Some("reverse_chronological") {
            comments.reverse();
        }
        comments.into_iter().map(Node::Comment).collect()
    }

    fn listed(
        &self,
        path: &str,
        items: &[Node<'_>],
        field: &Field,
        asker: &Asker<'_>,
    ) -> Result<Value, Refusal> {
        let limit =
            field.said("limit").and_then(|limit| limit.parse().ok()).unwrap_or(USUAL_LIMIT).clamp(1, 100);
        let start = field.said("after").and_then(|after| {
            let after = String::from_utf8(URL_SAFE_NO_PAD.decode(after).ok()?).ok()?;
            Some(items.iter().position(|item| item.id() == after)? + 1)
        });
        let rest = &items[start.unwrap_or(0).min(items.len())..];
        let shown = &rest[..limit.min(rest.len())];
        let data: Vec<Value> =
            shown.iter().map(|item| self.render(*item, &field.within, asker)).collect::<Result<_, _>>()?;
        let mut listed = json!({ "data": data });
        if let (Some(first), Some(last)) = (shown.first(), shown.last()) {
            let cursor = |node: &Node<'_>| URL_SAFE_NO_PAD.encode(node.id());
            listed["paging"] = json!({ "cursors": { "before": cursor(first), "after": cursor(last) } });
            if rest.len() > shown.len() {
                listed["paging"]["next"] = json!(next(path, field, &cursor(last), asker));
            }
        }
        Ok(listed)
    }
}

/// The address of the next page; it carries the asker's token, as Meta's do.
fn next(path: &str, field: &Field, after: &str, asker: &Asker<'_>) -> String {
    let mut url = url::Url::parse(&format!("{}/{path}", asker.base)).expect("the base is an address");
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("access_token", asker.token);
        for (name, value) in field.said.iter().filter(|(name, _)| name != "after") {
            query.append_pair(name, value);
        }
        if !field.within.is_empty() {
            query.append_pair("fields", &written(&field.within));
        }
        query.append_pair("after", after);
    }
    url.to_string()
}

/// Only these fields of an object, or of each in a list.
fn picked(value: &Value, wanted: &[Field]) -> Value {
    if wanted.is_empty() {
        return value.clone();
    }
    match value {
        Value::Object(fields) => match fields.get("data") {
            Some(data) => json!({ "data": picked(data, wanted) }),
            None => {
                let chosen = wanted.iter().filter_map(|field| {
                    Some((field.name.clone(), picked(fields.get(&field.name)?, &field.within)))
                });
                Value::Object(chosen.collect())
            }
        },
        Value::Array(items) => items.iter().map(|item| picked(item, wanted)).collect(),
        other => other.clone(),
    }
}

impl<'a> Node<'a> {
    fn id(&self) -> &'a str {
        match self {
            Self::Page(page) => &page.id,
            Self::Post(post) => &post.id,
            Self::Comment(comment) => &comment.id,
            Self::Thread(thread) => &thread.id,
            Self::Message(_, message) => &message.id,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Page(_) => "Page",
            Self::Post(_) => "PagePost",
            Self::Comment(_) => "Comment",
            Self::Thread(_) => "UnifiedThread",
            Self::Message(..) => "UnifiedMessage",
        }
    }

    /// What is told when no fields are named.
    fn usual(&self) -> &'static [&'static str] {
        match self {
            Self::Page(_) => &["id", "name"],
            Self::Post(_) => &["created_time", "message", "id"],
            Self::Comment(_) => &["created_time", "from", "message", "id"],
            Self::Thread(_) => &["id", "link", "updated_time"],
            Self::Message(..) => &["id", "created_time"],
        }
    }

    /// Everything but lists of other things.
    fn plain(&self) -> Value {
        match self {
            Self::Page(page) => json!({ "name": page.name, "category": "Library" }),
            Self::Post(post) => json!({
                "message": post.message,
                "created_time": time::write(post.at),
                "updated_time": time::write(post.at),
                "from": { "id": post.from.0, "name": post.from.1 },
                "permalink_url": format!("https://www.facebook.com/{}", post.id),
                "is_published": true,
            }),
            Self::Comment(comment) => json!({
                "message": comment.message,
                "created_time": time::write(comment.at),
                "from": { "id": comment.from.0, "name": comment.from.1 },
                "parent": comment.parent.as_ref().map(|parent| json!({ "id": parent })),
                "attachment": comment.photo.as_ref().map(|url| json!({
                    "type": "photo",
                    "media": { "image": { "height": 720, "width": 960, "src": url } },
                    "url": "https://www.facebook.com/photo.php?fbid=1",
                })),
                "permalink_url": format!("https://www.facebook.com/{}?comment_id={}", comment.post, comment.id),
                "can_reply_privately": comment.answered_in.is_none() && comment.from.0 != comment.page,
                "is_hidden": false,
                "comment_count": 0,
            }),
            Self::Thread(thread) => json!({
                "link": format!("/{}/inbox/{}/", thread.page, thread.id),
                "updated_time": time::write(thread.updated),
                "message_count": thread.messages.len(),
                "unread_count": 0,
                "snippet": thread.messages.last().and_then(|message| message.text.clone()),
                "can_reply": true,
                "participants": { "data": [
                    { "name": thread.person.1, "email": format!("{}@facebook.com", thread.person.0), "id": thread.person.0 },
                    { "name": "Page", "email": format!("{}@facebook.com", thread.page), "id": thread.page },
                ] },
            }),
            Self::Message(thread, message) => {
                let person = json!({ "name": thread.person.1, "email": format!("{}@facebook.com", thread.person.0), "id": thread.person.0 });
                let page = json!({ "name": "Page", "email": format!("{}@facebook.com", thread.page), "id": thread.page });
                let (from, to) = if message.ours { (page, person) } else { (person, page) };
                json!({
                    "created_time": time::write(message.at),
                    "from": from,
                    "to": { "data": [to] },
                    "message": message.text.clone().unwrap_or_default(),
                    "attachments": (!message.files.is_empty()).then(|| json!({ "data": message.files.iter().map(attachment).collect::<Vec<_>>() })),
                    "sticker": null,
                    "shares": null,
                })
            }
        }
    }
}

fn attachment(file: &SentFile) -> Value {
    let mut told = json!({ "id": file.name, "mime_type": file.mime, "name": file.name, "size": file.size });
    match file.kind.as_str() {
        "image" => {
            told["image_data"] = json!({ "width": 960, "height": 720, "max_width": 960, "max_height": 720, "url": file.url, "preview_url": file.url, "image_type": 1 });
        }
        "video" => {
            told["video_data"] =
                json!({ "width": 960, "height": 720, "length": 5, "url": file.url, "preview_url": file.url })
        }
        _ => told["file_url"] = json!(file.url),
    }
    told
}

/// The parameters of an address as what is said of a field.
pub fn said(uri: &Uri) -> Vec<(String, String)> {
    url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect()
}
