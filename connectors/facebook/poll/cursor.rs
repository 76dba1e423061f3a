//! Where reading resumes. Facebook pages by no time and keeps no cursors of ours, so the mark is our own: everything up to
//! `mark` has been given. A while before it is looked through again each time, since what is new may show late and times
//! have whole seconds only; what was given out of that while is remembered.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::contract;

/// How far behind the mark reading begins again, milliseconds.
pub const OVERLAP_MS: i64 = 60 * 60_000;
/// Beyond this many, what was given longest ago may be given again: the core knows what it has.
const MOST_REMEMBERED: usize = 4_000;

/// A place in a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    v: u8,
    /// Epoch milliseconds of the newest thing given.
    pub mark: i64,
    /// Nothing before this is read, epoch milliseconds: what stays unread.
    pub floor: i64,
    /// Short names of what was given since `mark - OVERLAP_MS`, with the time of each.
    given: Vec<(i64, String)>,
}

impl Cursor {
    /// A place at which everything from `floor` on is still to come.
    pub fn from(floor: i64) -> Self {
        Self { v: 1, mark: floor, floor, given: Vec::new() }
    }

    /// From when on to look.
    pub fn since(&self) -> i64 {
        self.mark.saturating_sub(OVERLAP_MS).max(self.floor)
    }

    /// Whether this was given already, or stays unread.
    pub fn has(&self, at: i64, id: &str) -> bool {
        let name = short(id);
        at < self.since() || self.given.iter().any(|(_, given)| *given == name)
    }

    /// Gives this too. In the order of time: the mark moves to it.
    pub fn give(&mut self, at: i64, id: &str) {
        self.mark = self.mark.max(at);
        self.given.push((at, short(id)));
    }

    /// As the core keeps it.
    pub fn write(mut self) -> contract::Cursor {
        let since = self.since();
        self.given.retain(|(at, _)| *at >= since);
        if self.given.len() > MOST_REMEMBERED {
            self.given.drain(..self.given.len() - MOST_REMEMBERED);
        }
        contract::Cursor(serde_json::to_value(self).expect("texts and numbers are always JSON"))
    }

    /// None: another version's, or nonsense.
    pub fn read(kept: &contract::Cursor) -> Option<Self> {
        serde_json::from_value::<Self>(kept.0.clone()).ok().filter(|cursor| cursor.v == 1)
    }
}

/// Ids have a hundred letters and more.
fn short(id: &str) -> String {
    Sha256::digest(id.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_is_not_given_again_and_what_shows_late_still_is() {
        let mut cursor = Cursor::from(0);
        cursor.give(10_000_000, "a");
        let cursor = Cursor::read(&cursor.write()).expect("our own");
        assert!(cursor.has(10_000_000, "a"));
        assert!(!cursor.has(10_000_000, "b"), "in the same second");
        assert!(!cursor.has(9_000_000, "late"), "within the while before");
        assert!(cursor.has(10_000_000 - OVERLAP_MS - 1, "old"));
    }

    #[test]
    fn what_stays_unread_stays_unread_however_far_the_look_goes_back() {
        let cursor = Cursor::from(5_000);
        assert!(cursor.has(4_999, "older"));
        assert!(!cursor.has(5_000, "new"));
    }

    #[test]
    fn another_versions_place_is_refused() {
        assert_eq!(Cursor::read(&contract::Cursor(serde_json::json!({"v": 2, "mark": 1}))), None);
        assert_eq!(Cursor::read(&contract::Cursor(serde_json::json!("x"))), None);
    }
}
