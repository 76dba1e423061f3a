//! Everything the platform keeps: Pages, people, what they said, and who may act for whom.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::patron::Resident;
use super::refusal::Refusal;

/// All of it.
#[derive(Default)]
pub struct Book {
    pub app_id: String,
    pub app_secret: String,
    /// Meta has looked at the feature Human Agent.
    pub human_agent: bool,
    pub pages: BTreeMap<String, Page>,
    pub people: BTreeMap<String, Arc<Resident>>,
    pub posts: Vec<Post>,
    pub comments: Vec<Comment>,
    /// In no order: listed by when they were last touched.
    pub threads: Vec<Thread>,
    pub grants: BTreeMap<String, Grant>,
    /// Codes of a sign-in, each good once.
    pub codes: BTreeMap<String, String>,
    pub callback: Option<Callback>,
    /// By the last piece of the address; a file without bytes has run out.
    pub files: BTreeMap<String, StoredFile>,
    pub photos: BTreeMap<String, String>,
    /// By what they are about: `app`, `pages`, `messenger`.
    pub usage: BTreeMap<String, Usage>,
    /// Said to the next calls that would do something, each once.
    pub refusals: VecDeque<Refusal>,
    pub last_number: u64,
    pub last_account: u64,
}

#[derive(Debug, Clone)]
pub struct Page {
    pub id: String,
    pub name: String,
    pub token: String,
    /// What the app is told of; none: it is not told.
    pub subscribed: Option<Vec<String>>,
}

/// What a token may do.
#[derive(Debug, Clone)]
pub enum Grant {
    /// Speaks for a Page.
    Page(String),
    /// Speaks for a person; lasts, or ends within the hour.
    User { lasting: bool },
}

#[derive(Debug, Clone)]
pub struct Callback {
    pub url: String,
    pub fields: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct StoredFile {
    pub kind: String,
    pub bytes: Option<Vec<u8>>,
}

#[derive(Debug, Clone, Copy)]
pub struct Usage {
    pub percent: u32,
    pub regain_minutes: u32,
}

#[derive(Debug, Clone)]
pub struct Post {
    pub id: String,
    pub page: String,
    pub from: (String, String),
    pub message: String,
    pub at: i64,
}

#[derive(Debug, Clone)]
pub struct Comment {
    pub id: String,
    pub post: String,
    pub page: String,
    pub parent: Option<String>,
    pub from: (String, String),
    pub message: String,
    pub at: i64,
    /// Address of a picture.
    pub photo: Option<String>,
    /// The conversation that its private answer began.
    pub answered_in: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Thread {
    pub id: String,
    pub page: String,
    /// Number and name.
    pub person: (String, String),
    pub updated: i64,
    /// When the person last did something that opens the window.
    pub opened_at: Option<i64>,
    /// Oldest first.
    pub messages: Vec<Message>,
}

#[derive(Debug, Clone)]
pub struct Message {
    pub id: String,
    pub ours: bool,
    pub text: Option<String>,
    pub at: i64,
    pub files: Vec<SentFile>,
    pub metadata: Option<String>,
    /// Sent through an app; none: by hand or by the person.
    pub app: Option<String>,
}

#[derive(Debug, Clone)]
pub struct SentFile {
    /// `image`, `video`, `audio` or `file`.
    pub kind: String,
    pub mime: String,
    pub name: String,
    pub size: usize,
    pub url: String,
}

impl Book {
    /// A number nobody had before, of as many digits as Facebook's own.
    pub fn number(&mut self) -> String {
        self.last_number += 1;
        format!("{}", 122_100_000_000_000 + self.last_number)
    }

    /// A number for a person or a Page: those who come in the same order get the same ones, whatever else happened.
    pub fn account(&mut self) -> String {
        self.last_account += 1;
        format!("{}", 612_500_000_000_000 + self.last_account)
    }

    /// The conversation between these two, begun if there is none.
    pub fn thread(&mut self, page: &str, person: (&str, &str), now: i64) -> usize {
        let known = self.threads.iter().position(|thread| thread.page == page && thread.person.0 == person.0);
        known.unwrap_or_else(|| {
            let id = format!("t_{}", self.number());
            self.threads.push(Thread {
                id,
                page: page.to_owned(),
                person: (person.0.to_owned(), person.1.to_owned()),
                updated: now,
                opened_at: None,
                messages: Vec::new(),
            });
            self.threads.len() - 1
        })
    }

    /// A mid.
    pub fn mid(&mut self, word: &str) -> String {
        format!("m_{word}{}", self.number())
    }

    pub fn comment(&self, id: &str) -> Option<&Comment> {
        self.comments.iter().find(|comment| comment.id == id)
    }

    pub fn post(&self, id: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }
}
