//! What is said under the Page's posts, and on its wall by visitors: everybody can read it.

use serde_json::{Value, json};

use super::body::Item;
use super::files::{self, Enclosed};
use super::{Meaning, Own, again, aside, envelope, fingerprint, joined, raw};
use crate::contract::{Address, Envelope, Event, Held, HeldReason, Message, Said, Thread, Visibility};
use crate::facebook::json::{id_of, text};
use crate::facebook::time;

/// The name of a conversation under a comment: all answers hang on the first one.
pub fn thread(root: &str) -> String {
    format!("comment:{root}")
}

/// The name of a conversation that a visitor began with a post.
pub fn post_thread(post: &str) -> String {
    format!("post:{post}")
}

/// A comment that the platform told of.
pub fn told(item: &Item, own: &Own) -> Meaning {
    let value = &item.value;
    let Some(id) = text(value, "comment_id") else {
        return aside(
            item,
            HeldReason::Unreadable,
            "Facebook told of a comment without its number. It is kept as it came.",
        );
    };
    match text(value, "verb").as_deref() {
        Some("add") | None => {}
        Some("edited" | "edit") => {
            let text = text(value, "message").unwrap_or_default();
            let name = fingerprint(text.as_bytes(), &Value::Null);
            return Meaning {
                external_id: format!("edited/{id}/{name}"),
                event: Event::Edited { of: id, text },
            };
        }
        Some("remove") => {
            return Meaning { external_id: format!("deleted/{id}"), event: Event::Deleted { of: id } };
        }
        Some(verb) => {
            return aside(
                item,
                HeldReason::Ignored,
                &format!("A comment was changed (\"{verb}\"): nothing for an inbox."),
            );
        }
    }
    let post = text(value, "post_id");
    let enclosed = files::of_comment_event(value, Some(&id));
    let link = value.get("post").and_then(|post| text(post, "permalink_url"));
    let said = Public {
        parent: text(value, "parent_id").filter(|parent| Some(parent) != post.as_ref() && *parent != id),
        from: id_of(value, "from"),
        name: value.get("from").and_then(|from| text(from, "name")),
        text: text(value, "message"),
        enclosed,
        at: time::read(&item.time),
        link,
        post,
        id,
    };
    Meaning { external_id: format!("comment/{}", said.id), event: said.event(own) }
}

/// A post that the platform told of: a visitor's is a question, the Page's own is none.
pub fn post_told(item: &Item, own: &Own) -> Meaning {
    let value = &item.value;
    let (Some(id), Some("add")) = (text(value, "post_id"), text(value, "verb").as_deref()) else {
        return aside(item, HeldReason::Ignored, "A post of the Page was changed: nothing for an inbox.");
    };
    let from = id_of(value, "from").or_else(|| text(value, "sender_id"));
    let words = text(value, "message");
    if from.as_deref().is_none_or(|from| from == own.page_id) || words.is_none() {
        return aside(item, HeldReason::Ignored, "Something was posted on the Page that asks nothing.");
    }
    let said = Public {
        post: None,
        parent: None,
        name: value.get("from").and_then(|from| text(from, "name")),
        from,
        text: words,
        enclosed: files::of_comment_event(value, None),
        at: time::read(&item.time),
        link: value.get("post").and_then(|post| text(post, "permalink_url")),
        id,
    };
    Meaning { external_id: format!("post/{}", said.id), event: said.event(own) }
}

/// A comment that was asked for, under `post`.
pub fn asked(comment: &Value, post: &str, own: &Own) -> Envelope {
    let bytes = raw(comment);
    let at = comment.get("created_time").and_then(time::read);
    let (Some(id), Some(at)) = (text(comment, "id"), at) else {
        return unnumbered(bytes, at);
    };
    let said = Public {
        post: Some(post.to_owned()),
        parent: id_of(comment, "parent"),
        from: id_of(comment, "from"),
        name: comment.get("from").and_then(|from| text(from, "name")),
        text: text(comment, "message"),
        enclosed: files::of_comment(comment, &id),
        at: Some(at),
        link: text(comment, "permalink_url"),
        id,
    };
    let bytes = again::asked("comment", comment, json!({ "post": post }));
    envelope(format!("comment/{}", said.id), bytes, at, said.event(own))
}

/// A visitor's post that was asked for. None: it is the Page's own, or says nothing.
pub fn post_asked(post: &Value, own: &Own) -> Option<Envelope> {
    let from = id_of(post, "from").filter(|from| *from != own.page_id)?;
    let words = text(post, "message")?;
    let mut bare = post.clone();
    if let Some(fields) = bare.as_object_mut() {
        fields.remove("comments");
    }
    let bytes = raw(&bare);
    let at = post.get("created_time").and_then(time::read);
    let (Some(id), Some(at)) = (text(post, "id"), at) else {
        return Some(unnumbered(bytes, at));
    };
    let said = Public {
        post: None,
        parent: None,
        from: Some(from),
        name: post.get("from").and_then(|from| text(from, "name")),
        text: Some(words),
        enclosed: Enclosed::default(),
        at: Some(at),
        link: text(post, "permalink_url"),
        id,
    };
    let bytes = again::asked("post", &bare, Value::Null);
    Some(envelope(format!("post/{}", said.id), bytes, at, said.event(own)))
}

fn unnumbered(bytes: bytes::Bytes, at: Option<i64>) -> Envelope {
    let held = Held {
        reason: HeldReason::Unreadable,
        why: "Facebook listed a comment without its number or its time. It is kept as it came.".to_owned(),
        author: None,
        subject: None,
        receipt: None,
    };
    let name = format!("unreadable/{}", fingerprint(&bytes, &Value::Null));
    envelope(name, bytes, at.unwrap_or(0), Event::Held(held))
}

/// One thing said in public, however it was learnt.
struct Public {
    id: String,
    /// The post it stands under; none: it is a post itself.
    post: Option<String>,
    /// The comment it answers.
    parent: Option<String>,
    from: Option<String>,
    name: Option<String>,
    text: Option<String>,
    enclosed: Enclosed,
    at: Option<i64>,
    link: Option<String>,
}

impl Public {
    fn event(self, own: &Own) -> Event {
        let ours = self.from.as_deref() == Some(&own.page_id);
        // Facebook hides who wrote from apps that it has not reviewed. An answer needs the comment only.
        let writer = match &self.from {
            Some(from) => own.person(from, self.name),
            None => Address {
                id: format!("comment:{}", self.id),
                shown: "Somebody on Facebook (name withheld)".to_owned(),
                name: None,
            },
        };
        let conversation = match (&self.post, &self.parent) {
            (None, _) => post_thread(&self.id),
            (Some(_), Some(parent)) => thread(parent),
            (Some(_), None) => thread(&self.id),
        };
        let text = joined(self.text, self.enclosed.lines);
        let message = Message {
            id: Some(self.id),
            author: Some(if ours { own.page() } else { writer }),
            recipients: vec![own.page()],
            written_at: self.at,
            visibility: Visibility::Public,
            subject: None,
            said: Said { reply_text: text.clone(), text, html: None },
            thread: Thread {
                conversation: Some(conversation),
                references: self.parent.into_iter().chain(self.post).collect(),
                proven: Vec::new(),
            },
            attachments: self.enclosed.files,
            link: self.link.filter(|link| link.starts_with("https://")),
            automatic: false,
        };
        if ours { Event::Echo(Box::new(message)) } else { Event::Message(Box::new(message)) }
    }
}
