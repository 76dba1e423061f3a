//! The calls that Meta makes: what stands in them, signed, letters escaped as Meta escapes them.

use serde_json::{Value, json};

use super::Hall;
use super::book::{Comment, Message, Post, Thread};
use crate::facebook::{signature, time};
use crate::simulator::lock;
use crate::simulator::web::{Callback, Called, Persistence};

/// After so long without a success the app is taken off its Pages.
const DEAF_MS: i64 = 3_600_000;

/// How Meta insists: at once a few more times, then no more; what is lost then must be asked for.
pub fn persistence() -> Persistence {
    Persistence { again_after_ms: vec![0, 1_000, 5_000, 20_000], ..Persistence::default() }
}

/// The headers of a call with this secret.
pub fn sign(app_secret: &str, call: &Callback) -> Vec<(String, String)> {
    vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        (signature::HEADER.to_owned(), signature::sign(app_secret, &call.body)),
    ]
}

impl Hall {
    /// Tells of a message: a person's, or the Page's own as an echo.
    pub(super) fn tell_message(&self, thread: &Thread, message: &Message) {
        let field = if message.ours { "message_echoes" } else { "messages" };
        let (person, page) = (json!({ "id": thread.person.0 }), json!({ "id": thread.page }));
        let (sender, recipient) = if message.ours { (page, person) } else { (person, page) };
        let mut said = json!({ "mid": message.id });
        if let Some(text) = &message.text {
            said["text"] = json!(text);
        }
        if !message.files.is_empty() {
            let files =
                message.files.iter().map(|file| json!({ "type": file.kind, "payload": { "url": file.url } }));
            said["attachments"] = files.collect();
        }
        if message.ours {
            said["is_echo"] = json!(true);
            if let Some(app) = &message.app {
                said["app_id"] = app.parse::<u64>().map_or_else(|_| json!(app), |number| json!(number));
            }
            if let Some(metadata) = &message.metadata {
                said["metadata"] = json!(metadata);
            }
        }
        let event =
            json!({ "sender": sender, "recipient": recipient, "timestamp": message.at, "message": said });
        self.tell(&thread.page, field, "messaging", event);
    }

    /// Tells that messages of the Page have arrived at a person.
    pub(super) fn tell_delivered(&self, thread: &Thread, message: &Message) {
        let event = json!({
            "sender": { "id": thread.person.0 },
            "recipient": { "id": thread.page },
            "timestamp": self.front.now(),
            "delivery": { "mids": [message.id], "watermark": message.at },
        });
        self.tell(&thread.page, "message_deliveries", "messaging", event);
    }

    /// Tells of a comment.
    pub(super) fn tell_comment(&self, comment: &Comment, verb: &str) {
        let mut value = json!({
            "item": "comment",
            "verb": verb,
            "from": { "id": comment.from.0, "name": comment.from.1 },
            "message": comment.message,
            "post_id": comment.post,
            "comment_id": comment.id,
            "parent_id": comment.parent.as_ref().unwrap_or(&comment.post),
            "created_time": comment.at / 1000,
            "post": {
                "id": comment.post,
                "permalink_url": format!("https://www.facebook.com/{}", comment.post),
                "status_type": "mobile_status_update",
                "is_published": true,
                "updated_time": time::write(comment.at),
                "promotion_status": "inactive",
            },
        });
        if let Some(photo) = &comment.photo {
            value["photo"] = json!(photo);
        }
        self.tell(&comment.page, "feed", "changes", json!({ "field": "feed", "value": value }));
    }

    /// Tells of a post.
    pub(super) fn tell_post(&self, post: &Post) {
        let value = json!({
            "item": "status",
            "verb": "add",
            "from": { "id": post.from.0, "name": post.from.1 },
            "message": post.message,
            "post_id": post.id,
            "created_time": post.at / 1000,
            "published": 1,
        });
        self.tell(&post.page, "feed", "changes", json!({ "field": "feed", "value": value }));
    }

    /// Tells whom the app named, if the Page tells the app of this at all.
    fn tell(&self, page: &str, field: &str, list: &str, event: Value) {
        self.forget_the_deaf(page);
        let url = {
            let book = lock(&self.book);
            let told = book.pages.get(page).and_then(|page| page.subscribed.as_ref());
            let wanted = told.is_some_and(|fields| fields.iter().any(|wanted| wanted == field));
            match &book.callback {
                Some(callback) if wanted && callback.fields.iter().any(|known| known == field) => {
                    callback.url.clone()
                }
                _ => return,
            }
        };
        // Seconds in the feed, milliseconds in Messenger.
        let now = self.front.now();
        let at = if list == "changes" { now / 1000 } else { now };
        let body = json!({ "object": "page", "entry": [{ "id": page, "time": at, list: [event] }] });
        let body = escaped(&body.to_string()).into_bytes();
        self.caller.call(Callback { url, headers: Vec::new(), body, account: Some(page.to_owned()) });
    }

    /// Takes the app off the Page where every call of the last hour has failed.
    fn forget_the_deaf(&self, page: &str) {
        let calls =
            self.front.ledger.pick(|line| line.what.called().map(|called| (line.at_ms, succeeded(called))));
        let last_success = calls.iter().rposition(|(_, succeeded)| *succeeded);
        let failing_since = calls.get(last_success.map_or(0, |at| at + 1)).map(|(at_ms, _)| *at_ms);
        if failing_since.is_none_or(|since| self.front.now() - since < DEAF_MS) {
            return;
        }
        let mut book = lock(&self.book);
        let was = book.pages.get_mut(page).and_then(|page| page.subscribed.take());
        drop(book);
        if was.is_some() {
            self.front.note(super::Happened::Unsubscribed { page: page.to_owned() });
        }
    }
}

fn succeeded(called: &Called) -> bool {
    called.status.is_some_and(|status| (200..300).contains(&status))
}

/// Meta signs what it sends, and it sends letters beyond ASCII as `\u00e4`, slashes as `\/`.
pub fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut units = [0; 2];
    for letter in json.chars() {
        match letter {
            '/' => out.push_str("\\/"),
            ' '..='~' => out.push(letter),
            _ => letter
                .encode_utf16(&mut units)
                .iter()
                .for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    out
}

impl Hall {
    /// Whether whoever listens there knows the word.
    pub(super) async fn shake_hands(&self, url: &str, verify_token: &str) -> bool {
        let challenge = format!("{}", 1_000_000_000 + self.front.stage.random.below(1_000_000_000));
        let Ok(mut asked) = url::Url::parse(url) else { return false };
        asked
            .query_pairs_mut()
            .append_pair("hub.mode", "subscribe")
            .append_pair("hub.challenge", &challenge)
            .append_pair("hub.verify_token", verify_token);
        let answer = self.caller.ask(asked.as_str()).await;
        answer.is_ok_and(|answer| answer.is_success() && answer.body == challenge.as_bytes())
    }
}
