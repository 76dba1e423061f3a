//! What people and the Page's own staff do on the platform itself, and what follows from it.

use std::sync::Arc;

use super::book::{Comment, Message, Post, SentFile, StoredFile};
use super::patron::{Heard, Resident};
use super::{Hall, Happened};
use crate::simulator::lock;

impl Hall {
    /// A person writes to the Page in Messenger: the window opens, and the app is told.
    pub(super) fn person_writes(
        &self,
        who: &Resident,
        page: &str,
        text: Option<&str>,
        file: Option<(&str, &str, Vec<u8>)>,
    ) -> String {
        let now = self.front.now();
        let file = file.map(|(kind, name, bytes)| self.store(kind, name, bytes));
        let mut book = lock(&self.book);
        let id = book.mid(&self.front.stage.random.word());
        let at = book.thread(page, (&who.id, &who.name), now);
        let message = Message {
            id: id.clone(),
            ours: false,
            text: text.map(str::to_owned),
            at: now,
            files: file.into_iter().collect(),
            metadata: None,
            app: None,
        };
        let thread = &mut book.threads[at];
        thread.messages.push(message.clone());
        (thread.updated, thread.opened_at) = (now, Some(now));
        let thread = thread.clone();
        drop(book);
        let text = text.unwrap_or_default().to_owned();
        self.front.note(Happened::Said { id: id.clone(), person: who.id.clone(), public: false, text });
        self.tell_message(&thread, &message);
        id
    }

    /// Somebody comments under a post or answers a comment. None: neither is there.
    pub(super) fn comments(
        &self,
        who: (&str, &str),
        on: &str,
        text: &str,
        photo: Option<String>,
    ) -> Option<String> {
        let mut book = lock(&self.book);
        let (post, parent, page) = match (book.post(on), book.comment(on)) {
            (Some(post), _) => (post.id.clone(), None, post.page.clone()),
            (_, Some(comment)) => (comment.post.clone(), Some(comment.id.clone()), comment.page.clone()),
            _ => return None,
        };
        let number = book.number();
        let after = post.rsplit('_').next().unwrap_or_default().to_owned();
        let comment = Comment {
            id: format!("{after}_{number}"),
            post,
            page: page.clone(),
            parent,
            from: (who.0.to_owned(), who.1.to_owned()),
            message: text.to_owned(),
            at: self.front.now(),
            photo,
            answered_in: None,
        };
        book.comments.push(comment.clone());
        drop(book);
        let id = comment.id.clone();
        if who.0 != page {
            let (person, text) = (who.0.to_owned(), text.to_owned());
            self.front.note(Happened::Said { id: id.clone(), person, public: true, text });
        }
        self.tell_comment(&comment, "add");
        Some(id)
    }

    /// Somebody posts on the Page's wall, or the Page itself does.
    pub(super) fn posts(&self, page: &str, who: (&str, &str), text: &str) -> String {
        let mut book = lock(&self.book);
        let number = book.number();
        let post = Post {
            id: format!("{page}_{number}"),
            page: page.to_owned(),
            from: (who.0.to_owned(), who.1.to_owned()),
            message: text.to_owned(),
            at: self.front.now(),
        };
        book.posts.push(post.clone());
        drop(book);
        if who.0 != page {
            let (person, text) = (who.0.to_owned(), text.to_owned());
            self.front.note(Happened::Said { id: post.id.clone(), person, public: true, text });
        }
        self.tell_post(&post);
        post.id
    }

    /// The Page says something to a person, through the app or by hand: it reaches them, and the app is told of it.
    pub(super) fn page_writes(self: &Arc<Self>, page: &str, person: &str, message: Message) {
        let now = self.front.now();
        let mut book = lock(&self.book);
        let resident = book.people.get(person).cloned();
        let name = resident.as_ref().map_or_else(String::new, |resident| resident.name.clone());
        let at = book.thread(page, (person, &name), now);
        let thread = &mut book.threads[at];
        thread.messages.push(message.clone());
        thread.updated = now;
        let thread = thread.clone();
        drop(book);
        self.tell_message(&thread, &message);
        self.tell_delivered(&thread, &message);
        if let Some(resident) = resident {
            let heard = Heard {
                at_ms: now,
                id: message.id,
                text: message.text.unwrap_or_default(),
                file: message.files.first().map(|file| file.name.clone()),
                under: None,
                page: page.to_owned(),
            };
            self.reaches(&resident, heard);
        }
    }

    /// A person got something, and may answer.
    pub(super) fn reaches(self: &Arc<Self>, who: &Arc<Resident>, heard: Heard) {
        lock(&who.heard).push(heard.clone());
        let Some((after_ms, text)) = who.answer(&heard) else { return };
        let (hall, who) = (self.clone(), who.clone());
        self.front.later(self.front.now().saturating_add(after_ms), move || match &heard.under {
            None => {
                hall.person_writes(&who, &heard.page, Some(&text), None);
            }
            Some(comment) => {
                hall.comments((&who.id, &who.name), comment, &text, None);
            }
        });
    }

    /// Keeps a file where it can be fetched.
    pub(super) fn store(&self, mime: &str, name: &str, bytes: Vec<u8>) -> SentFile {
        let shown = ["image", "video", "audio"].into_iter().find(|kind| mime.starts_with(kind));
        let kind = shown.unwrap_or("file");
        let piece = format!("{}-{name}", self.front.stage.random.word());
        let size = bytes.len();
        lock(&self.book)
            .files
            .insert(piece.clone(), StoredFile { kind: mime.to_owned(), bytes: Some(bytes) });
        SentFile {
            kind: kind.to_owned(),
            mime: mime.to_owned(),
            name: name.to_owned(),
            size,
            url: format!("{}/files/{piece}", self.address()),
        }
    }
}
