//! Simulated patrons: they write in public and in private, and may answer what they get.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use super::world::{Posted, Seen, Stored};
use super::{Office, lock};

/// What a patron says to an answer, after so many milliseconds; none: nothing.
pub type Reaction = Box<dyn FnMut(&str) -> Option<(i64, String)> + Send>;

/// Somebody's habits.
#[derive(Default)]
pub struct Habits {
    next: VecDeque<(i64, String)>,
    decide: Option<Reaction>,
    heard: Vec<String>,
}

impl fmt::Debug for Habits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Habits").field("heard", &self.heard).finish_non_exhaustive()
    }
}

/// All habits by account.
pub type Minds = HashMap<String, Habits>;

/// A patron on a running instance.
#[derive(Clone, Debug)]
pub struct Patron {
    pub(super) id: String,
    pub(super) office: Arc<Office>,
}

impl Patron {
    /// Their number.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Writes to an account in public; gives the post's number.
    pub fn mention(&self, account: &str, text: &str) -> String {
        self.write(account, text, Seen::Public, None, None)
    }

    /// Writes to an account in private; gives the post's number.
    pub fn direct(&self, account: &str, text: &str) -> String {
        self.write(account, text, Seen::Direct, None, None)
    }

    /// Writes to an account: who may read it, what it answers, with a picture. The account's name is put before the text
    /// unless it stands there.
    pub fn write(
        &self,
        account: &str,
        text: &str,
        seen: Seen,
        answers: Option<&str>,
        picture: Option<Vec<u8>>,
    ) -> String {
        let mut world = lock(&self.office.world);
        let acct = world.of(account).map_or_else(|| account.to_owned(), super::world::Person::acct);
        let named = text.to_lowercase().contains(&format!("@{}", acct.to_lowercase()));
        let text = if named { text.to_owned() } else { format!("@{acct} {text}") };
        let media = picture.map(|bytes| {
            let id = world.number(self.office.front.now());
            let stored = Stored { content_type: "image/png".to_owned(), bytes, unready: 0 };
            world.files.insert(id.clone(), stored);
            id
        });
        drop(world);
        self.office.say(&self.id, &text, seen, answers, media.into_iter().collect(), false).id
    }

    /// Lays one more answer ready.
    pub fn answers_next(&self, after_ms: i64, text: &str) {
        lock(&self.office.minds)
            .entry(self.id.clone())
            .or_default()
            .next
            .push_back((after_ms, text.to_owned()));
    }

    /// Decides about an answer to whatever comes and finds none laid ready.
    pub fn answers_with(&self, decide: Reaction) {
        lock(&self.office.minds).entry(self.id.clone()).or_default().decide = Some(decide);
    }

    /// What named them, in order.
    pub fn heard(&self) -> Vec<String> {
        lock(&self.office.minds).get(&self.id).map(|habits| habits.heard.clone()).unwrap_or_default()
    }
}

impl Office {
    /// Somebody is named in a post, and may say something to it: seen by no more than could read the post.
    pub fn heard(self: &Arc<Self>, whom: &str, post: &Posted) {
        let reaction = {
            let mut minds = lock(&self.minds);
            let Some(habits) = minds.get_mut(whom) else { return };
            habits.heard.push(post.text.clone());
            let decide = habits.decide.as_mut();
            habits.next.pop_front().or_else(|| decide.and_then(|decide| decide(&post.text)))
        };
        let Some((after_ms, text)) = reaction else { return };
        let patron = Patron { id: whom.to_owned(), office: Arc::clone(self) };
        let (account, answers, seen) = (post.by.clone(), post.id.clone(), post.seen);
        self.front.later(self.front.now() + after_ms, move || {
            patron.write(&account, &text, seen, Some(&answers), None);
        });
    }
}
