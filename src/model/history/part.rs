//! Part of a history that is a conversation's own from some line on.

use std::collections::HashMap;

use uuid::Uuid;

use super::{History, Reckoned, place};

/// That some messages became a conversation of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parted {
    /// The line that says so, in the history of what they came from.
    pub seq: i64,
    /// The conversation that they are since.
    pub into: Uuid,
    /// Each with the conversation to whose thread it belonged until then.
    pub homes: HashMap<Uuid, Uuid>,
}

impl History {
    /// Takes out what belongs to `into` from now on. A wait that ended goes with the message that opened it; one that is open
    /// goes on wherever something of it has no answer, each part since the first of that was said.
    pub(super) fn part(&mut self, into: Uuid, goes: impl Fn(Uuid) -> bool) -> Self {
        let mut own = Self::begun_at(self.desk_id);
        own.done = self.done;
        let (gone, stays) = std::mem::take(&mut self.heard).into_iter().partition(|heard| goes(heard.id));
        (own.heard, self.heard) = (gone, stays);
        own.heard.iter_mut().for_each(|heard| heard.home = into);
        let (mut open, ended): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waits).into_iter().partition(|wait| wait.end.is_none());
        open.append(&mut self.within);
        (own.waits, self.waits) = ended.into_iter().partition(|wait| goes(wait.opened_by));
        for wait in open {
            self.goes_on(&wait);
            own.goes_on(&wait);
        }
        self.put_in_one();
        self.has_a_first();
        own
    }

    /// What is unanswered here of a wait that was open.
    fn goes_on(&mut self, wait: &Reckoned) {
        let mut own: Vec<_> = self.heard.iter_mut().filter(|heard| heard.waits_in(wait.opened_by)).collect();
        let Some(opened_at) = own.iter().map(|heard| heard.at).min() else { return };
        let (opened_by, opened_seq, channel_id) = (own[0].id, own[0].seq, own[0].channel_id);
        own.iter_mut().for_each(|heard| heard.wait = opened_by);
        self.waits.push(Reckoned { opened_at, opened_by, opened_seq, channel_id, ..wait.clone() });
    }

    /// Whose first wait went away, or who came with others' later ones: the oldest is the first.
    pub(super) fn has_a_first(&mut self) {
        if !self.waits.iter().chain(&self.within).any(|wait| wait.is_first)
            && let Some(oldest) = self.waits.iter_mut().min_by_key(|wait| place(wait))
        {
            oldest.is_first = true;
        }
    }
}
