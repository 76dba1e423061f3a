//! Where reading resumes.
//!
//! An instance numbers what it tells before it shows it, so a lower number may appear after a higher one was read. The last
//! few are therefore asked for again each time, and what was given of them is remembered.

use serde::{Deserialize, Serialize};

use super::wire::is_id;
use crate::contract;

/// How many of the newest are asked for again.
pub const TAIL: usize = 20;
/// Before the mark of what the instance gave without a number: it is remembered, and cannot be asked from.
pub const UNNUMBERED: &str = "no-";

/// Everything up to `after` is kept, and of what follows all in `seen`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    v: u8,
    /// The number from which on the instance is asked.
    pub after: String,
    /// Given already, in the instance's order.
    pub seen: Vec<String>,
    /// What was made before this moment stays there, epoch milliseconds.
    pub from: Option<i64>,
}

impl Cursor {
    /// At the beginning of all there is.
    pub fn start(from: Option<i64>) -> Self {
        Self { v: 1, after: "0".to_owned(), seen: Vec::new(), from }
    }

    /// After the newest page: what is on it, oldest first, counts as given.
    pub fn after_all(page: Vec<String>) -> Self {
        let mut cursor = Self::start(None);
        cursor.seen = page;
        cursor.forget(cursor.seen.len());
        cursor
    }

    /// Takes in a page, oldest first: at most `most` that are new are to be given, the others wait for the next reading. Says
    /// for each whether it is given now.
    pub fn take(&mut self, page: &[String], most: usize) -> Vec<bool> {
        let mut left = most;
        let mut given = Vec::with_capacity(page.len());
        let (mut seen, mut whole) = (Vec::new(), None);
        for id in page {
            let is_known = self.seen.contains(id);
            let is_given = !is_known && left > 0;
            left -= usize::from(is_given);
            if is_known || is_given {
                seen.push(id.clone());
            } else {
                whole.get_or_insert(seen.len());
            }
            given.push(is_given);
        }
        self.seen = seen;
        self.forget(whole.unwrap_or(self.seen.len()));
        given
    }

    /// Moves on, but for the tail. Only the first `whole` have nothing before them that was not given.
    fn forget(&mut self, whole: usize) {
        let done = self.seen.len().saturating_sub(TAIL).min(whole);
        if let Some(last) = self.seen.drain(..done).rfind(|id| !id.starts_with(UNNUMBERED)) {
            self.after = last;
        }
    }

    /// As it was kept; none: nobody of ours wrote that.
    pub fn read(kept: &contract::Cursor) -> Option<Self> {
        let cursor: Self = serde_json::from_value(kept.0.clone()).ok()?;
        (cursor.v == 1 && is_id(&cursor.after)).then_some(cursor)
    }

    /// To be kept.
    pub fn write(&self) -> contract::Cursor {
        contract::Cursor(serde_json::to_value(self).expect("texts and numbers are always JSON"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ids(from: u32, to: u32) -> Vec<String> {
        (from..=to).map(|id| id.to_string()).collect()
    }

    #[test]
    fn what_shows_late_below_the_newest_is_given_once() {
        let mut cursor = Cursor::after_all(ids(1, 3));
        assert_eq!(cursor.take(&["1", "2", "3", "5"].map(str::to_owned), 10), [false, false, false, true]);
        assert_eq!(cursor.take(&ids(1, 5), 10), [false, false, false, true, false], "4 came late");
        assert_eq!(cursor.take(&ids(1, 5), 10), [false; 5]);
        assert_eq!(cursor.after, "0");
    }

    #[test]
    fn it_moves_on_and_never_past_what_was_not_given() {
        let mut cursor = Cursor::after_all(ids(1, 30));
        assert_eq!((cursor.after.as_str(), cursor.seen.len()), ("10", TAIL));
        let given = cursor.take(&ids(11, 40), 3);
        assert_eq!(given.iter().filter(|given| **given).count(), 3);
        assert_eq!((cursor.after.as_str(), cursor.seen.len()), ("13", TAIL));
        // 12 came late and did not fit in: nothing above it is forgotten.
        let mut late = Cursor { after: "10".into(), seen: ids(13, 40), ..Cursor::start(None) };
        assert!(late.take(&[vec!["12".to_owned()], ids(13, 40)].concat(), 0).iter().all(|given| !given));
        assert_eq!(late.after, "10");
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_no_other() {
        let cursor = Cursor { from: Some(7), ..Cursor::after_all(ids(1, 25)) };
        assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
        for strange in [json!({"v": 2}), json!([]), json!({"v": 1, "after": "a b", "seen": []}), json!(null)]
        {
            assert_eq!(Cursor::read(&contract::Cursor(strange)), None);
        }
    }
}
