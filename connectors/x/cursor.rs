//! Where reading resumes.

use serde::{Deserialize, Serialize};

use super::ids;
use crate::contract;

/// Everything up to `last` is kept, and everything from `gap.below` to `gap.top`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    v: u8,
    /// The newest thing that is kept with all before it; none: nothing is kept yet.
    pub last: Option<String>,
    /// What was made before this moment stays on X, epoch milliseconds.
    pub from: Option<i64>,
    /// A way down that was longer than one reading.
    pub gap: Option<Gap>,
}

/// A way down, from the newest to the last that was known before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Where it began: what is newer is for later.
    pub top: String,
    /// Everything from here up to `top` is kept.
    pub below: String,
    /// The page to go on with; none: the first.
    pub token: Option<String>,
}

impl Cursor {
    /// At the beginning: of everything, or of what was made since `from`.
    pub fn start(from: Option<i64>) -> Self {
        Self { v: 1, last: None, from, gap: None }
    }

    /// After this one, with nothing open.
    pub fn after(&self, last: Option<String>) -> Self {
        Self { last: last.or_else(|| self.last.clone()), gap: None, ..self.clone() }
    }

    /// With a way down still open.
    pub fn within(&self, gap: Gap) -> Self {
        Self { gap: Some(gap), ..self.clone() }
    }

    /// Whether this is kept already, or stays on X.
    pub fn leaves(&self, id: &str) -> bool {
        let is_old = self.last.as_deref().is_some_and(|last| !ids::is_newer(id, last));
        is_old || self.from.is_some_and(|from| ids::made_at(id).is_some_and(|at| at < from))
    }

    /// As it was kept; none: nobody of ours wrote that.
    pub fn read(kept: &contract::Cursor) -> Option<Self> {
        let cursor: Self = serde_json::from_value(kept.0.clone()).ok()?;
        let is_last = cursor.last.as_deref().is_none_or(ids::is_id);
        let is_gap = cursor.gap.as_ref().is_none_or(|gap| ids::is_id(&gap.top) && ids::is_id(&gap.below));
        (cursor.v == 1 && is_last && is_gap).then_some(cursor)
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

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_no_other() {
        let gap = Gap { top: "30".into(), below: "20".into(), token: Some("t".into()) };
        let cursor = Cursor::start(Some(7)).after(Some("10".into())).within(gap);
        assert_eq!(Cursor::read(&cursor.write()), Some(cursor.clone()));
        assert!(cursor.leaves("10") && cursor.leaves("9") && !cursor.leaves("11"));
        for strange in [json!({"v": 2}), json!([]), json!({"v": 1, "last": "x"}), json!(null)] {
            assert_eq!(Cursor::read(&contract::Cursor(strange)), None);
        }
    }
}
