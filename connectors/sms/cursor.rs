//! Where reading the list resumes.
//!
//! The list can be asked for days only and gives the newest first, so a day is always asked for again: what has been given
//! is remembered by the end of its name. Days are the platform's own, so that a wrong clock here loses nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::wire;
use crate::contract::Cursor;

/// What is remembered beyond this is given again, and known again by the core.
const MOST_SEEN: usize = 4000;

/// A place in one of the lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    v: u8,
    /// The day from which on everything is asked for; none: from the beginning.
    pub since: Option<String>,
    /// Marks of what has been given, by day.
    #[serde(default)]
    seen: BTreeMap<String, BTreeSet<String>>,
    /// The next page of a list that is being gone through.
    #[serde(default)]
    pub walk: Option<String>,
    /// What is in the list now was there before the channel: it is marked and not given.
    #[serde(default)]
    pub before_us: bool,
}

impl Place {
    /// At the beginning of a list.
    pub fn start(since: Option<String>, before_us: bool) -> Self {
        Self { v: 1, since, seen: BTreeMap::new(), walk: None, before_us }
    }

    /// As stored; none: made by nobody we know.
    pub fn read(cursor: &Cursor) -> Option<Self> {
        serde_json::from_value(cursor.0.clone()).ok().filter(|place: &Self| place.v == 1)
    }

    /// To be stored.
    pub fn cursor(&self) -> Cursor {
        Cursor(serde_json::to_value(self).expect("texts and flags become JSON"))
    }

    /// Marks an item that the list gave; false: it was marked before.
    pub fn mark(&mut self, day: &str, mark: &str) -> bool {
        !self.seen.values().any(|marks| marks.contains(mark))
            && self.seen.entry(day.to_owned()).or_default().insert(mark.to_owned())
    }

    /// The list is at its end: from now on it is asked from the day before the latest that was seen. `now` bounds what a
    /// platform's slip of the clock could do.
    pub fn end(&mut self, now: i64) {
        self.walk = None;
        self.before_us = false;
        let bound = wire::day(now.saturating_add(86_400_000));
        let latest = self.seen.keys().next_back().map(|day| day.min(&bound).clone());
        let day_before =
            latest.and_then(|day| day.parse::<Date>().ok()?.yesterday().ok()).map(|day| day.to_string());
        if day_before > self.since {
            self.since = day_before;
        }
        if let Some(since) = &self.since {
            self.seen = self.seen.split_off(since);
        }
        while self.seen.values().map(BTreeSet::len).sum::<usize>() > MOST_SEEN {
            let Some(mut oldest) = self.seen.first_entry() else { return };
            if oldest.get_mut().pop_first().is_none() {
                oldest.remove();
            }
        }
    }
}
