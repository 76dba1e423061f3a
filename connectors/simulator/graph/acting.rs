//! What the library's app does: it sends, comments and uploads, and is refused where Meta refuses.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::book::Message;
use super::patron::Heard;
use super::refusal::{Refusal, no};
use super::{Hall, Happened};
use crate::simulator::lock;

const DAY_MS: i64 = 86_400_000;
const MOST_TEXT: usize = 2_000;
const MOST_METADATA: usize = 1_000;

/// What a request said: its fields, and its file.
#[derive(Default)]
pub struct Form {
    pub fields: HashMap<String, Value>,
    /// Kind, name, bytes.
    pub file: Option<(String, String, Vec<u8>)>,
}

impl Form {
    fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name)? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// A field that is an object, in JSON or as a form writes it.
    fn object(&self, name: &str) -> Value {
        match self.fields.get(name) {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            Some(other) => other.clone(),
            None => Value::Null,
        }
    }
}

impl Hall {
    /// `POST /{page}/messages`.
    pub(super) fn send(self: &Arc<Self>, page: &str, form: Form) -> Result<Value, Refusal> {
        let (recipient, message) = (form.object("recipient"), form.object("message"));
        let word = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let text = word(&message, "text");
        let has_file = message.get("attachment").is_some();
        if text.is_some() == has_file || (has_file && form.file.is_none()) {
            return Err(no(100, 0, "The parameter message must have either a text or an attachment."));
        }
        if text.as_ref().is_some_and(|text| text.chars().count() > MOST_TEXT || text.trim().is_empty()) {
            return Err(no(100, 0, "Length of param message[text] must be from 1 to 2000."));
        }
        let metadata = word(&message, "metadata");
        if metadata.as_ref().is_some_and(|metadata| metadata.len() > MOST_METADATA) {
            return Err(no(100, 0, "Length of param message[metadata] must be less than or equal to 1000."));
        }
        let person =
            match (word(&recipient, "id"), word(&recipient, "comment_id"), word(&recipient, "post_id")) {
                (Some(person), None, None) => {
                    self.may_write(page, &person, &form)?;
                    person
                }
                (None, Some(on), None) | (None, None, Some(on)) => self.may_answer_once(page, &on)?,
                _ => return Err(no(100, 0, "The parameter recipient is required.")),
            };
        let file = form.file.map(|(kind, name, bytes)| self.store(&kind, &name, bytes));
        let mut book = lock(&self.book);
        let id = book.mid(&self.front.stage.random.word());
        let app = Some(book.app_id.clone());
        if let Some(on) = word(&recipient, "comment_id") {
            let name = book.people.get(&person).map_or_else(String::new, |person| person.name.clone());
            let at = book.thread(page, (&person, &name), self.front.now());
            let thread = book.threads[at].id.clone();
            if let Some(comment) = book.comments.iter_mut().find(|comment| comment.id == on) {
                comment.answered_in = Some(thread);
            }
        }
        drop(book);
        let said = text.clone().or_else(|| file.as_ref().map(|file| file.name.clone())).unwrap_or_default();
        self.front.note(Happened::Taken {
            id: id.clone(),
            to: person.clone(),
            public: false,
            text: said,
            metadata: metadata.clone(),
            files: file.iter().map(|file| file.size).collect(),
        });
        let message = Message {
            id: id.clone(),
            ours: true,
            text,
            at: self.front.now(),
            files: file.into_iter().collect(),
            metadata,
            app,
        };
        self.page_writes(page, &person, message);
        Ok(json!({ "recipient_id": person, "message_id": id }))
    }

    /// Whether the window is open, and for what.
    fn may_write(&self, page: &str, person: &str, form: &Form) -> Result<(), Refusal> {
        let book = lock(&self.book);
        let thread = book.threads.iter().find(|thread| thread.page == page && thread.person.0 == person);
        let Some(thread) = thread else {
            return Err(no(100, 2_018_001, "No matching user found"));
        };
        let age = thread.opened_at.map_or(i64::MAX, |opened| self.front.now() - opened);
        let outside = || no(10, 2_018_278, "This message is sent outside of allowed window.");
        match (form.text("messaging_type").as_deref(), form.text("tag").as_deref()) {
            (Some("RESPONSE" | "UPDATE"), None) if age <= DAY_MS => Ok(()),
            (Some("RESPONSE" | "UPDATE"), None) => Err(outside()),
            (Some("MESSAGE_TAG"), Some("HUMAN_AGENT")) if !book.human_agent => {
                Err(no(100, 0, "Invalid parameter: the message tag HUMAN_AGENT is not approved for this app"))
            }
            (Some("MESSAGE_TAG"), Some("HUMAN_AGENT")) if age <= 7 * DAY_MS => Ok(()),
            (Some("MESSAGE_TAG"), Some("HUMAN_AGENT")) => Err(outside()),
            (Some("MESSAGE_TAG"), _) => {
                Err(no(100, 0, "Invalid parameter: this message tag is not supported"))
            }
            _ => {
                Err(no(100, 0, "Param messaging_type must be one of RESPONSE, UPDATE, MESSAGE_TAG, UTILITY."))
            }
        }
    }

    /// Who wrote this in public, if they may still be answered in private.
    fn may_answer_once(&self, page: &str, on: &str) -> Result<String, Refusal> {
        let book = lock(&self.book);
        let comment = book.comment(on).filter(|comment| comment.page == page);
        let post = book.post(on).filter(|post| post.page == page);
        let (person, at, answered) = match (comment, post) {
            (Some(comment), _) => (&comment.from.0, comment.at, comment.answered_in.is_some()),
            (_, Some(post)) => (&post.from.0, post.at, false),
            _ => return Err(no(100, 33, "Unsupported post request. Object does not exist.")),
        };
        if answered || person == page {
            return Err(no(10_900, 0, "Activity already replied to"));
        }
        if self.front.now() - at > 7 * DAY_MS {
            return Err(no(10, 2_018_278, "This message is sent outside of allowed window."));
        }
        Ok(person.clone())
    }

    /// `POST /{post|comment}/comments`.
    pub(super) fn comment(self: &Arc<Self>, page: &str, on: &str, form: &Form) -> Result<Value, Refusal> {
        let text = form.text("message").unwrap_or_default();
        let photo = match form.text("attachment_id") {
            None => None,
            Some(id) => {
                let book = lock(&self.book);
                let address = book.photos.get(&id).cloned();
                Some(address.ok_or_else(|| no(100, 0, "Invalid parameter attachment_id"))?)
            }
        };
        if text.trim().is_empty() && photo.is_none() {
            return Err(no(100, 0, "The parameter message is required"));
        }
        let book = lock(&self.book);
        let kept = photo.as_ref().and_then(|url| book.files.get(url.rsplit('/').next()?));
        let shown = kept.and_then(|file| file.bytes.as_ref()).map(Vec::len).into_iter().collect();
        let name = book.pages.get(page).map_or_else(String::new, |page| page.name.clone());
        let writer = book.comment(on).map(|comment| comment.from.0.clone());
        let writer = writer.or_else(|| book.post(on).map(|post| post.from.0.clone()));
        let reached = writer.and_then(|writer| book.people.get(&writer).cloned());
        drop(book);
        let id = self
            .comments((page, &name), on, &text, photo)
            .ok_or_else(|| no(100, 33, "Unsupported post request. Object does not exist."))?;
        self.front.note(Happened::Taken {
            id: id.clone(),
            to: on.to_owned(),
            public: true,
            text: text.clone(),
            metadata: None,
            files: shown,
        });
        if let Some(resident) = reached {
            let (under, page) = (Some(on.to_owned()), page.to_owned());
            let heard = Heard { at_ms: self.front.now(), id: id.clone(), text, file: None, under, page };
            self.reaches(&resident, heard);
        }
        Ok(json!({ "id": id }))
    }

    /// `POST /{page}/photos`: kept, and shown nowhere yet.
    pub(super) fn upload(&self, form: Form) -> Result<Value, Refusal> {
        let Some((kind, name, bytes)) = form.file else {
            return Err(no(324, 0, "Requires upload file"));
        };
        if form.fields.get("published") != Some(&json!("false")) {
            return Err(no(200, 0, "This would be shown to everybody."));
        }
        let stored = self.store(&kind, &name, bytes);
        let mut book = lock(&self.book);
        let id = book.number();
        book.photos.insert(id.clone(), stored.url);
        Ok(json!({ "id": id }))
    }
}
