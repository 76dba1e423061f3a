//! Where reading a folder resumes: the era of its UIDs and the highest UID that is dealt with.
//!
//! Never flags (people read mail elsewhere), never dates (servers disagree about them), never places (they shift), and never
//! Message-IDs, which the sender chooses. Dates help in one case only: when the server has given every mail a new number, they
//! tell the mail that was to stay unread at the beginning.

use serde::{Deserialize, Serialize};

use crate::contract;

/// Version 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    v: u8,
    /// UIDs mean something within this era only.
    pub uid_validity: u32,
    /// Up to here everything was given, or left for a reason.
    pub last: u32,
    /// Mail dated up to here (INTERNALDATE, epoch milliseconds) was there before the channel and stays unread; looked at for
    /// UIDs up to `until` only.
    #[serde(default)]
    pub floor: Option<i64>,
    /// Mail that was there when the folder was opened for the first time, or after it was renumbered, ends here.
    #[serde(default)]
    pub until: u32,
    /// What stands up to `until` was renumbered: the channel may know it.
    #[serde(default)]
    pub renumbered: bool,
}

impl Cursor {
    /// The very first one.
    pub fn first(uid_validity: u32, last: u32, floor: Option<i64>, until: u32) -> Self {
        Self { v: 1, uid_validity, last, floor, until, renumbered: false }
    }

    /// The folder was renumbered: from its beginning again.
    pub fn renumbered(&self, uid_validity: u32, until: u32) -> Self {
        Self { uid_validity, last: 0, until, renumbered: true, ..*self }
    }

    /// Everything up to `uid` is dealt with.
    pub fn at(&self, uid: u32) -> Self {
        Self { last: uid.max(self.last), ..*self }
    }

    /// Whether a mail is one that was to stay unread.
    pub fn leaves(&self, uid: u32, at: Option<i64>) -> bool {
        uid <= self.until && self.floor.zip(at).is_some_and(|(floor, at)| at <= floor)
    }

    /// Whether a mail may be known under another number.
    pub fn may_know(&self, uid: u32) -> bool {
        self.renumbered && uid <= self.until
    }

    /// From what the core kept; none: not ours, or of a version we do not know.
    pub fn read(kept: &contract::Cursor) -> Option<Self> {
        serde_json::from_value::<Self>(kept.0.clone()).ok().filter(|cursor| cursor.v == 1)
    }

    /// For the core to keep.
    pub fn write(&self) -> contract::Cursor {
        contract::Cursor(serde_json::to_value(self).expect("numbers and flags are always JSON"))
    }
}
