//! Simulated patrons: they write in public and in private, and may answer what they get.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use super::world::{Directed, Posted};
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

/// A patron on a running platform.
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

    /// Writes to an account in public; gives the post's number. The account's name is put before the text unless it
    /// stands there.
    pub fn mention(&self, account: &str, text: &str) -> String {
        self.mention_with(account, text, None)
    }

    /// As [`Self::mention`], with a picture.
    pub fn mention_with(&self, account: &str, text: &str, picture: Option<Vec<u8>>) -> String {
        let now = self.office.front.now();
        let mut world = lock(&self.office.world);
        let username =
            world.person(account).map_or_else(|| account.to_owned(), |person| person.username.clone());
        let named = super::world::mentions(text, &username);
        let text = if named { text.to_owned() } else { format!("@{username} {text}") };
        let media = picture.map(|bytes| keep(&mut world, bytes, now)).into_iter().collect();
        let post = world.put(&self.id, &text, None, media, now);
        drop(world);
        self.office.posted(&post, false);
        post.id
    }

    /// Answers a post in public; gives the number of the answer.
    pub fn reply(&self, to: &str, text: &str) -> String {
        let post =
            lock(&self.office.world).put(&self.id, text, Some(to), Vec::new(), self.office.front.now());
        self.office.posted(&post, false);
        post.id
    }

    /// Writes to an account in private; gives the message's number.
    pub fn direct(&self, account: &str, text: &str) -> String {
        self.direct_with(account, text, None)
    }

    /// As [`Self::direct`], with a picture.
    pub fn direct_with(&self, account: &str, text: &str, picture: Option<Vec<u8>>) -> String {
        let now = self.office.front.now();
        let mut world = lock(&self.office.world);
        let media = picture.map(|bytes| keep(&mut world, bytes, now)).into_iter().collect();
        let direct = world.send(&self.id, account, text, media, now);
        drop(world);
        self.office.directed(&direct, false);
        direct.id
    }

    /// Writes to an account in X Chat, which nobody but its own devices can read.
    pub fn encrypted(&self, account: &str) {
        self.office.tell_of_chat(&self.id, account);
    }

    /// Takes no direct messages any more.
    pub fn shut(&self) {
        let mut world = lock(&self.office.world);
        world.people.iter_mut().filter(|person| person.id == self.id).for_each(|person| person.open = false);
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

    /// What came to them, in order.
    pub fn heard(&self) -> Vec<String> {
        lock(&self.office.minds).get(&self.id).map(|habits| habits.heard.clone()).unwrap_or_default()
    }
}

fn keep(world: &mut super::world::World, bytes: Vec<u8>, now: i64) -> String {
    let id = world.number(now);
    world.files.insert(id.clone(), super::world::Stored { content_type: "image/png".to_owned(), bytes });
    id
}

impl Office {
    /// What somebody says to this, if they are a patron and say anything.
    fn reaction(&self, whom: &str, text: &str) -> Option<(i64, String)> {
        let mut minds = lock(&self.minds);
        let habits = minds.get_mut(whom)?;
        habits.heard.push(text.to_owned());
        let decide = habits.decide.as_mut();
        habits.next.pop_front().or_else(|| decide.and_then(|decide| decide(text)))
    }

    pub fn heard_in_private(self: &Arc<Self>, direct: &Directed) {
        let Some((after_ms, text)) = self.reaction(&direct.to, &direct.text) else { return };
        let patron = Patron { id: direct.to.clone(), office: Arc::clone(self) };
        let account = direct.from.clone();
        self.front.later(self.front.now() + after_ms, move || {
            patron.direct(&account, &text);
        });
    }

    pub fn heard_in_public(self: &Arc<Self>, whom: &str, post: &Posted) {
        if post.by == whom {
            return;
        }
        let Some((after_ms, text)) = self.reaction(whom, &post.text) else { return };
        let patron = Patron { id: whom.to_owned(), office: Arc::clone(self) };
        let id = post.id.clone();
        self.front.later(self.front.now() + after_ms, move || {
            patron.reply(&id, &text);
        });
    }
}
