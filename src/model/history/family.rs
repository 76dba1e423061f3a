//! The waits of conversations that became one: their histories told together, line by line.
//!
//! From the line that joins them on, what was heard in both is in one wait. A merge that was undone counts as if it had never
//! been: every message is told where its thread belongs. A split counts from its line on: until then what went is told where
//! it was.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::super::Millis;
use super::super::event::Kind;
use super::part::Parted;
use super::{End, Heard, History, Line, Over, Reckoned, place};

/// That one became part of another one, and still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The line that says so, in the history of what went.
    pub seq: i64,
    /// When.
    pub at: Millis,
    /// What went.
    pub from: Uuid,
    /// Where it went.
    pub into: Uuid,
}

/// Conversations of which one was, or became, part of another at some time.
#[derive(Clone, Debug)]
pub struct Family {
    histories: HashMap<Uuid, History>,
    joined: Vec<Joined>,
    /// In their order.
    parted: Vec<Parted>,
}

impl Family {
    /// Of these members, with the merges that stand and every split.
    pub fn of(
        members: impl IntoIterator<Item = (Uuid, History)>,
        joined: Vec<Joined>,
        mut parted: Vec<Parted>,
    ) -> Self {
        parted.sort_by_key(|one| one.seq);
        Self { histories: members.into_iter().collect(), joined, parted }
    }

    /// What happened next to any of them.
    pub fn then(&mut self, line: &Line) {
        let joins = |one: &&Joined| one.seq == line.seq && one.from == line.conversation_id;
        if let Some(merge) = self.joined.iter().find(joins).copied() {
            let into = self.place(merge.into, |one| one.seq < line.seq);
            if let (Some(from), Some(into)) =
                (self.histories.remove(&merge.from), self.histories.get_mut(&into))
            {
                into.join(from);
            }
            return;
        }
        if let Some(split) = self.parted.iter().find(|one| one.seq == line.seq).cloned() {
            return self.part(&split);
        }
        let home = self.home(line);
        // Where it is now counts from its split on only.
        let then = (line.home_id != Some(home)).then(|| Line { home_id: Some(home), ..line.clone() });
        let line = then.as_ref().unwrap_or(line);
        let here = self.place(home, |one| one.seq < line.seq);
        let Some(mut history) = self.histories.remove(&here) else { return };
        // Whoever answered saw what was in one conversation with that when they wrote it, or said it elsewhere.
        let written = |one: &Joined| match line.kind {
            Kind::Echo => line.said_at.is_none_or(|at| one.at <= at),
            _ => line.said_seq.is_none_or(|seq| one.seq < seq),
        };
        history.then_seeing(line, &|thread| self.place(thread, written) == self.place(home, written));
        self.histories.insert(here, history);
        if let (Kind::Failed, Some(answer)) = (line.kind, line.message_id) {
            // Part of what it answered may be another conversation's by now, and waits there.
            let others = self.histories.iter_mut().filter(|(id, _)| **id != here);
            others.for_each(|(_, one)| one.came_back(answer));
        }
    }

    fn part(&mut self, split: &Parted) {
        let Some(mut own) = self.histories.remove(&split.into) else { return };
        let homes = split.homes.values();
        let from: BTreeSet<Uuid> = homes.map(|home| self.place(*home, |one| one.seq < split.seq)).collect();
        for from in from {
            let Some(from) = self.histories.get_mut(&from) else { continue };
            let part = from.part(split.into, |message| split.homes.contains_key(&message));
            own.done = own.done.or(part.done);
            own.join(part);
        }
        own.has_a_first();
        self.histories.insert(split.into, own);
    }

    /// The conversation to whose thread it belonged when this line was written.
    fn home(&self, line: &Line) -> Uuid {
        let later = self.parted.iter().filter(|one| one.seq > line.seq);
        let was = line.message_id.and_then(|id| later.filter_map(|one| one.homes.get(&id)).next());
        was.copied().unwrap_or_else(|| line.home_id.unwrap_or(line.conversation_id))
    }

    /// The waits of each that is not part of another one, the oldest first.
    pub fn waits(self) -> HashMap<Uuid, Vec<Reckoned>> {
        self.histories.into_iter().map(|(id, history)| (id, history.waits())).collect()
    }

    /// Where a thread is found once these merges have happened.
    fn place(&self, thread: Uuid, happened: impl Fn(&Joined) -> bool) -> Uuid {
        let mut place = thread;
        // A conversation goes once at most while the merge stands, so this ends.
        for _ in 0..=self.joined.len() {
            match self.joined.iter().find(|one| one.from == place && happened(one)) {
                Some(on) => place = on.into,
                None => break,
            }
        }
        place
    }
}

impl History {
    /// Of two open waits the one that opened first goes on, from the earlier moment; the other is part of it.
    fn join(&mut self, mut from: Self) {
        self.heard.append(&mut from.heard);
        self.heard.sort_by_key(|heard| heard.seq);
        self.within.append(&mut from.within);
        self.waits.append(&mut from.waits);
        self.put_in_one();
    }

    /// One of the open waits stays open, the others are part of it.
    pub(super) fn put_in_one(&mut self) {
        let (mut open, ended): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waits).into_iter().partition(|wait| wait.end.is_none());
        self.waits = ended;
        open.sort_by_key(place);
        let mut open = open.into_iter();
        let Some(mut first) = open.next() else { return };
        self.within.extend(open);
        let begun = self.within.iter().map(|wait| wait.opened_at).min();
        first.opened_at = begun.map_or(first.opened_at, |begun| first.opened_at.min(begun));
        self.waits.push(first);
    }

    /// Ends those of several waits in one of which something is answered, as one; the others go on as what they were.
    pub(super) fn end_some(&mut self, end: End, over: Over, covered: &dyn Fn(&Heard) -> bool) {
        let Some(open) = self.waits.iter().position(|wait| wait.end.is_none()) else { return };
        let mut parts = std::mem::take(&mut self.within);
        parts.push(self.waits.remove(open));
        let waiting = |heard: &&Heard| heard.over.is_none();
        for part in &mut parts {
            let own = self.heard.iter().filter(waiting).filter(|heard| heard.wait == part.opened_by);
            part.opened_at = own.map(|heard| heard.at).min().unwrap_or(part.opened_at);
        }
        let ends = |part: &Reckoned| {
            let mut own = self.heard.iter().filter(waiting).filter(|heard| heard.wait == part.opened_by);
            own.any(covered)
        };
        let (mut ended, waits): (Vec<_>, Vec<_>) = parts.into_iter().partition(ends);
        ended.sort_by_key(place);
        let named: Vec<Uuid> = ended.iter().map(|part| part.opened_by).collect();
        let begun = ended.iter().map(|part| part.opened_at).min();
        if let (Some(mut whole), Some(begun)) = (ended.into_iter().next(), begun) {
            whole.opened_at = begun;
            whole.end = Some(end);
            self.waits.push(whole);
        }
        for heard in self.heard.iter_mut().filter(|heard| heard.over.is_none() && covered(heard)) {
            heard.over = Some(over);
        }
        self.begin_with(|heard| named.contains(&heard.wait));
        self.waits.extend(waits);
        self.put_in_one();
    }
}
