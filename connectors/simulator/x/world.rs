//! What is there on the simulated X: people, posts, direct messages.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::x::{ids, wire};

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub username: String,
    pub name: String,
    /// Takes direct messages from anybody.
    pub open: bool,
}

/// A post.
#[derive(Clone, Debug)]
pub struct Posted {
    pub id: String,
    pub by: String,
    /// As a person reads it, with the names X puts before an answer.
    pub text: String,
    pub at_ms: i64,
    /// The first post of its thread.
    pub thread: String,
    /// The post it answers, and whose that is.
    pub answers: Option<(String, String)>,
    pub media: Vec<String>,
    /// Edited from this one.
    pub earlier: Vec<String>,
}

/// A direct message.
#[derive(Clone, Debug)]
pub struct Directed {
    pub id: String,
    pub from: String,
    pub to: String,
    pub text: String,
    pub at_ms: i64,
    pub media: Vec<String>,
}

/// A file.
#[derive(Clone, Debug)]
pub struct Stored {
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// A line of the platform's own in its ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// Something was posted; `through` the API, or in the app.
    Posted {
        /// Its number.
        id: String,
        /// By whom.
        by: String,
        /// What it says.
        text: String,
        /// Through the API.
        through: bool,
        /// How many bytes each of its files has.
        #[serde(default)]
        files: Vec<usize>,
    },
    /// A direct message was sent.
    Directed {
        /// Its number.
        id: String,
        /// By whom.
        by: String,
        /// To whom.
        to: String,
        /// What it says.
        text: String,
        /// Through the API.
        through: bool,
        /// How many bytes each of its files has.
        #[serde(default)]
        files: Vec<usize>,
    },
    /// A pair of tokens was given.
    Signed {
        /// To whom.
        account: String,
        /// In exchange for a refresh token.
        refreshed: bool,
    },
}

/// Everything, under one lock.
#[derive(Debug, Default)]
pub struct World {
    pub people: Vec<Person>,
    pub posts: Vec<Posted>,
    pub directs: Vec<Directed>,
    pub files: HashMap<String, Stored>,
    last: (i64, u64),
}

impl World {
    /// How many bytes each of these files has.
    pub fn sizes(&self, media: &[String]) -> Vec<usize> {
        media.iter().filter_map(|id| self.files.get(id)).map(|file| file.bytes.len()).collect()
    }

    /// A number for something made now; each is greater than the one before.
    pub fn number(&mut self, now_ms: i64) -> String {
        self.last = if self.last.0 >= now_ms { (self.last.0, self.last.1 + 1) } else { (now_ms, 0) };
        let first: u64 = ids::first_at(self.last.0).parse().unwrap_or(0);
        (first + self.last.1).to_string()
    }

    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub fn named(&self, username: &str) -> Option<&Person> {
        let username = username.trim_start_matches('@');
        self.people.iter().find(|person| person.username.eq_ignore_ascii_case(username))
    }

    pub fn post(&self, id: &str) -> Option<&Posted> {
        self.posts.iter().find(|post| post.id == id)
    }

    /// Puts a post up; what answers somebody begins with their name, as X has it.
    pub fn put(
        &mut self,
        by: &str,
        text: &str,
        answers: Option<&str>,
        media: Vec<String>,
        now_ms: i64,
    ) -> Posted {
        let id = self.number(now_ms);
        let parent = answers.and_then(|id| self.post(id)).cloned();
        let to = parent.as_ref().and_then(|parent| self.person(&parent.by)).filter(|to| to.id != by);
        let named = to.filter(|to| !mentions(text, &to.username));
        let text = named.map_or_else(|| text.to_owned(), |to| format!("@{} {text}", to.username));
        let post = Posted {
            thread: parent.as_ref().map_or_else(|| id.clone(), |parent| parent.thread.clone()),
            answers: parent.map(|parent| (parent.id, parent.by)),
            by: by.to_owned(),
            at_ms: now_ms,
            earlier: Vec::new(),
            id,
            text,
            media,
        };
        self.posts.push(post.clone());
        post
    }

    pub fn send(&mut self, from: &str, to: &str, text: &str, media: Vec<String>, now_ms: i64) -> Directed {
        let (from, to, text) = (from.to_owned(), to.to_owned(), text.to_owned());
        let direct = Directed { id: self.number(now_ms), from, to, text, at_ms: now_ms, media };
        self.directs.push(direct.clone());
        direct
    }

    /// Whether somebody is spoken to or answered in a post.
    pub fn concerns(&self, post: &Posted, account: &Person) -> bool {
        post.by != account.id
            && (mentions(&post.text, &account.username)
                || post.answers.as_ref().is_some_and(|(_, whom)| *whom == account.id))
    }
}

impl Directed {
    pub fn conversation(&self) -> String {
        wire::conversation_of(&self.from, &self.to).unwrap_or_default()
    }

    pub fn is_of(&self, person: &str) -> bool {
        self.from == person || self.to == person
    }
}

/// The number of whoever has this name, the same in every simulated X, so that people stay who they are when it is built
/// anew.
pub fn number_of(username: &str) -> String {
    // FNV-1a: spreads names well enough that no two of a town share a number.
    let spread = username.to_lowercase().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (1_000_000_000 + spread % 9_000_000_000).to_string()
}

/// Whether `@name` stands in a text.
pub fn mentions(text: &str, username: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '@'))
        .any(|word| word.strip_prefix('@').is_some_and(|name| name.eq_ignore_ascii_case(username)))
}
