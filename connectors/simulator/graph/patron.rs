//! Simulated people: they write, they read what comes back, and they may answer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::Hall;
use crate::simulator::lock;

/// What somebody says to what they got, after so many milliseconds; none: nothing.
pub type Decide = Box<dyn FnMut(&Heard) -> Option<(i64, String)> + Send>;

/// Somebody with an account.
pub struct Resident {
    /// Their number.
    pub id: String,
    /// As they call themselves.
    pub name: String,
    pub(super) next: Mutex<VecDeque<(i64, String)>>,
    pub(super) decide: Mutex<Option<Decide>>,
    pub(super) heard: Mutex<Vec<Heard>>,
}

/// Something that a person got from the Page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// When, by the platform's clock.
    pub at_ms: i64,
    /// Its number.
    pub id: String,
    /// The words; empty for a file.
    pub text: String,
    /// The file's name.
    pub file: Option<String>,
    /// The comment it answers in public; none: in Messenger.
    pub under: Option<String>,
    /// The Page.
    pub page: String,
}

/// Somebody on a running platform.
#[derive(Clone)]
pub struct GraphPatron {
    pub(super) resident: Arc<Resident>,
    pub(super) hall: Arc<Hall>,
}

impl GraphPatron {
    /// Their number at the Page.
    pub fn id(&self) -> &str {
        &self.resident.id
    }

    /// Writes to the Page in Messenger; gives the message's number.
    pub fn write(&self, page: &str, text: &str) -> String {
        self.hall.person_writes(&self.resident, page, Some(text), None)
    }

    /// Sends the Page a file in Messenger; gives the message's number.
    pub fn send_file(&self, page: &str, kind: &str, name: &str, bytes: Vec<u8>) -> String {
        self.hall.person_writes(&self.resident, page, None, Some((kind, name, bytes)))
    }

    /// Comments under a post, or answers a comment; gives the comment's number.
    pub fn comment(&self, on: &str, text: &str) -> Option<String> {
        self.hall.comments((&self.resident.id, &self.resident.name), on, text, None)
    }

    /// Writes on the Page's wall; gives the post's number.
    pub fn post(&self, page: &str, text: &str) -> String {
        self.hall.posts(page, (&self.resident.id, &self.resident.name), text)
    }

    /// Lays ready what they say to the next thing they get.
    pub fn answers_next(&self, after_ms: i64, text: &str) {
        lock(&self.resident.next).push_back((after_ms, text.to_owned()));
    }

    /// What came to them, in order.
    pub fn heard(&self) -> Vec<Heard> {
        lock(&self.resident.heard).clone()
    }
}

impl std::fmt::Debug for GraphPatron {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("GraphPatron").field(&self.resident.id).finish()
    }
}

impl Resident {
    /// What they say to this, if anything.
    pub(super) fn answer(&self, heard: &Heard) -> Option<(i64, String)> {
        let laid_ready = lock(&self.next).pop_front();
        laid_ready.or_else(|| lock(&self.decide).as_mut().and_then(|decide| decide(heard)))
    }
}
