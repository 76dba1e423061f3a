//! A post or a direct message becomes an envelope. Pure: polls, the webhook and the stream all end here, so that the same
//! thing has the same name whichever way it came.

use bytes::Bytes;
use serde_json::{Value, json};

use super::ids;
use super::media::{self, Named};
use super::wire::{Direct, Includes, Media, Post, User};
use super::words;
use crate::contract::{
    Address, Attachment, Content, Envelope, Event, Held, HeldReason, Message, Said, Thread, Visibility,
};

/// Who we are, as far as is known.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// Our number.
    pub id: Option<String>,
    /// Our name, without the @.
    pub username: Option<String>,
}

impl Own {
    fn is(&self, id: Option<&str>) -> bool {
        id.is_some() && self.id.as_deref() == id
    }
}

/// A post of API v2. What cannot be named is held.
pub fn post(item: &Value, includes: &Includes, own: &Own, now: i64) -> Envelope {
    match Post::read(item) {
        Some(post) => {
            let raw = with_includes(item, &of_post(&post, includes));
            posted(post, includes, own, now, raw)
        }
        None => unreadable(item, now, "X gave a post without a number. It is kept as it came."),
    }
}

/// A post of any shape.
pub fn posted(post: Post, includes: &Includes, own: &Own, now: i64, raw: Bytes) -> Envelope {
    let author = post.author.as_deref();
    let event = if post.is_repost() {
        ignored("Somebody passed on a post without a word of their own.", address(author, includes))
    } else {
        let is_ours = own.is(author);
        let whole = words::readable(&post.text, &post.links);
        let reply = words::without_names(&whole, own.username.as_deref(), post.answers().is_some());
        // One thread can hold many patrons: each has a conversation of their own with us.
        let patron = if is_ours { post.answers_user.as_deref() } else { author };
        let conversation = post.conversation.as_deref().zip(patron);
        let handle = author.and_then(|id| includes.user(id)).and_then(|user| user.username.as_deref());
        let message = Message {
            id: Some(post.id.clone()),
            author: address(author, includes),
            recipients: post.answers_user.iter().filter_map(|id| address(Some(id), includes)).collect(),
            written_at: None,
            visibility: Visibility::Public,
            subject: None,
            said: Said { reply_text: reply.to_owned(), text: whole.clone(), html: None },
            thread: Thread {
                conversation: conversation.map(|(thread, patron)| format!("post/{thread}/{patron}")),
                references: answered_first(&post),
                proven: Vec::new(),
            },
            attachments: attachments(&post.media, Some(&post.id), includes),
            link: ids::is_id(&post.id)
                .then(|| format!("https://x.com/{}/status/{}", handle.unwrap_or("i/web"), post.id)),
            automatic: false,
        };
        if is_ours { Event::Echo(Box::new(message)) } else { Event::Message(Box::new(message)) }
    };
    Envelope {
        external_id: format!("post/{}", post.id),
        at: post.created_at.as_deref().and_then(moment).or_else(|| ids::made_at(&post.id)).unwrap_or(now),
        ..envelope(raw, event, now)
    }
}

/// A direct message of API v2. What cannot be named is held.
pub fn direct(item: &Value, includes: &Includes, own: &Own, now: i64) -> Envelope {
    match Direct::read(item) {
        Some(direct) => {
            let users: Vec<&str> = direct.sender.iter().map(String::as_str).collect();
            let raw = with_includes(item, &some(&users, &direct.media, includes));
            directed(direct, includes, own, now, raw)
        }
        None => unreadable(item, now, "X gave a direct message without a number. It is kept as it came."),
    }
}

/// A direct message of any shape.
pub fn directed(direct: Direct, includes: &Includes, own: &Own, now: i64, raw: Bytes) -> Envelope {
    let sender = direct.sender.as_deref();
    let author = address(sender, includes);
    // Conversations that only the patron's own devices can read have another name.
    let is_encrypted = direct.conversation.as_deref().is_some_and(|name| name.contains(':'));
    let event = if direct.kind != "MessageCreate" {
        ignored("Somebody joined or left a group, or did something else without a word.", author)
    } else if direct.text.is_none() && direct.media.is_empty() {
        if is_encrypted { encrypted(author) } else { empty(author) }
    } else {
        let is_ours = own.is(sender);
        let whole = words::readable(direct.text.as_deref().unwrap_or_default(), &direct.links);
        let message = Message {
            id: Some(direct.id.clone()),
            author,
            recipients: direct.recipient.iter().filter_map(|id| address(Some(id), includes)).collect(),
            written_at: None,
            visibility: Visibility::Private,
            subject: None,
            said: Said { reply_text: whole.clone(), text: whole, html: None },
            thread: Thread {
                conversation: direct.conversation.as_ref().map(|name| format!("dm/{name}")),
                references: Vec::new(),
                proven: Vec::new(),
            },
            attachments: attachments(&direct.media, None, includes),
            link: None,
            automatic: false,
        };
        if is_ours { Event::Echo(Box::new(message)) } else { Event::Message(Box::new(message)) }
    };
    Envelope {
        external_id: format!("dm/{}", direct.id),
        at: direct.created.as_deref().and_then(moment).or_else(|| ids::made_at(&direct.id)).unwrap_or(now),
        ..envelope(raw, event, now)
    }
}

/// What is kept although it cannot be read.
pub fn unreadable(item: &Value, now: i64, why: &str) -> Envelope {
    let raw = Bytes::from(item.to_string());
    let held = Held {
        reason: HeldReason::Unreadable,
        why: why.to_owned(),
        author: None,
        subject: None,
        receipt: None,
    };
    envelope(raw, Event::Held(held), now)
}

/// Understood, and nothing for an inbox.
pub fn ignored(why: &str, author: Option<Address>) -> Event {
    Event::Held(Held {
        reason: HeldReason::Ignored,
        why: why.to_owned(),
        author,
        subject: None,
        receipt: None,
    })
}

/// A message of X Chat.
pub fn encrypted(author: Option<Address>) -> Event {
    Event::Held(Held {
        reason: HeldReason::Encrypted,
        why: "An encrypted message: only the account's own devices can read it. Look at it in the X app, and ask the patron to write an ordinary message or another way.".to_owned(),
        author,
        subject: None,
        receipt: None,
    })
}

fn empty(author: Option<Address>) -> Event {
    Event::Held(Held {
        reason: HeldReason::Unreadable,
        why: "A direct message that holds no text and no file that X would show. Look at it in the X app."
            .to_owned(),
        author,
        subject: None,
        receipt: None,
    })
}

/// An envelope named by its content, for what has no number of its own.
pub fn envelope(raw: Bytes, event: Event, now: i64) -> Envelope {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(&raw);
    let name: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Envelope {
        external_id: format!("other/{name}"),
        fingerprint: None,
        renumbered: false,
        raw,
        content_type: "application/json",
        at: now,
        event,
    }
}

/// Somebody, as well as they are known.
pub fn address(id: Option<&str>, includes: &Includes) -> Option<Address> {
    let id = id?;
    let user = includes.user(id);
    let username = user.and_then(|user| user.username.as_deref());
    Some(Address {
        id: id.to_owned(),
        shown: username.map_or_else(|| id.to_owned(), |username| format!("@{username}")),
        name: user.and_then(|user| user.name.clone()),
    })
}

/// RFC 3339, milliseconds as text, or the form of the oldest API (`Wed Jan 06 18:40:40 +0000 2021`).
pub fn moment(text: &str) -> Option<i64> {
    if let Ok(ms) = text.parse::<i64>() {
        return Some(ms);
    }
    let parsed = text.parse::<jiff::Timestamp>().ok();
    let older = || jiff::Zoned::strptime("%a %b %d %H:%M:%S %z %Y", text).ok().map(|zoned| zoned.timestamp());
    parsed.or_else(older).map(|at| at.as_millisecond())
}

fn answered_first(post: &Post) -> Vec<String> {
    let rest = post.references.iter().filter(|(kind, _)| kind != "replied_to").map(|(_, id)| id.clone());
    post.answers().map(str::to_owned).into_iter().chain(rest).collect()
}

fn attachments(keys: &[String], post: Option<&String>, includes: &Includes) -> Vec<Attachment> {
    let attached = |key: &String| {
        let unknown = Media { key: key.clone(), ..Media::default() };
        let named = Named::of(includes.file(key).unwrap_or(&unknown));
        let named = Named { post: post.filter(|_| named.url.is_none()).cloned(), ..named };
        Attachment {
            filename: named.filename(),
            content_type: named.content_type().to_owned(),
            content: Content::There { reference: media::reference(&named), size: None },
            content_id: None,
            inline: false,
        }
    };
    keys.iter().map(attached).collect()
}

/// What of a page's company belongs to this post.
fn of_post(post: &Post, includes: &Includes) -> Includes {
    let users: Vec<&str> = post.author.iter().chain(&post.answers_user).map(String::as_str).collect();
    some(&users, &post.media, includes)
}

fn some(users: &[&str], media: &[String], includes: &Includes) -> Includes {
    Includes {
        users: includes.users.iter().filter(|user| users.contains(&user.id.as_str())).cloned().collect(),
        media: includes.media.iter().filter(|file| media.contains(&file.key)).cloned().collect(),
    }
}

/// The item as X wrote it, with what is needed to read it again.
fn with_includes(item: &Value, includes: &Includes) -> Bytes {
    let user = |user: &User| json!({"id": user.id, "username": user.username, "name": user.name});
    let file = |file: &Media| json!({"media_key": file.key, "type": file.kind, "url": file.url});
    let whole = json!({
        "data": item,
        "includes": {
            "users": includes.users.iter().map(user).collect::<Vec<_>>(),
            "media": includes.media.iter().map(file).collect::<Vec<_>>(),
        },
    });
    Bytes::from(whole.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_x_writes_a_moment_is_read() {
        assert_eq!(moment("2022-10-19T20:58:00.000Z"), Some(1_666_213_080_000));
        assert_eq!(moment("1784928224372"), Some(1_784_928_224_372));
        assert_eq!(moment("Wed Jan 06 18:40:40 +0000 2021"), Some(1_609_958_440_000));
        assert_eq!(moment("yesterday"), None);
    }
}
