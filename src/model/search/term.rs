//! What may be asked of a conversation or of something said in it.

use jiff::tz::TimeZone;
use uuid::Uuid;

use super::words::words;
use crate::model::{Millis, words as stable};

stable! {
    /// What a conversation may be.
    Is {
        /// It waits for us.
        Open = "open",
        /// Open, nobody's.
        Unclaimed = "unclaimed",
        /// Mine, open or waiting for the patron.
        Mine = "mine",
        /// Something was promised and its moment has passed.
        Late = "late",
        /// Something was promised and its moment is still to come.
        Due = "due",
        /// Waiting for the patron.
        Waiting = "waiting",
        /// Put aside.
        Snoozed = "snoozed",
        /// Done.
        Done = "done",
        /// No patron's.
        Spam = "spam",
        /// Comes before what is not late.
        Urgent = "urgent",
        /// Everybody can read it on the platform.
        Public = "public",
    }
}

stable! {
    /// What a conversation may have.
    Has {
        /// Any message brought files.
        File = "file",
        /// Somebody wrote for colleagues.
        Note = "note",
        /// I am writing something.
        Draft = "draft",
        /// Somebody promised to see to it.
        Followup = "followup",
    }
}

/// One thing that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// These words side by side in one message; the last one may go on.
    Words {
        /// The words.
        words: Vec<String>,
        /// Whether the last one may be the beginning of a longer one.
        open_ended: bool,
    },
    /// A message from whom all these words name.
    From {
        /// The words.
        words: Vec<String>,
        /// Whether the last one may be the beginning of a longer one.
        open_ended: bool,
    },
    /// A message to whom all these words name.
    To {
        /// The words.
        words: Vec<String>,
        /// Whether the last one may be the beginning of a longer one.
        open_ended: bool,
    },
    /// Of one of these people; of nobody where there is none.
    Owner {
        /// As it was typed.
        name: String,
        /// What is called so.
        ids: Option<Vec<Uuid>>,
    },
    /// At one of these desks.
    Desk {
        /// As it was typed.
        name: String,
        /// What is called so.
        ids: Vec<Uuid>,
    },
    /// By one of these channels.
    Channel {
        /// As it was typed.
        name: String,
        /// What is called so.
        ids: Vec<Uuid>,
    },
    /// At a desk of such a branch: the desks.
    Branch {
        /// As it was typed.
        name: String,
        /// What is called so.
        ids: Vec<Uuid>,
    },
    /// With one of these tags.
    Tag {
        /// As it was typed.
        name: String,
        /// What is called so.
        ids: Vec<Uuid>,
    },
    /// Is so.
    Is(Is),
    /// Has such a thing.
    Has(Has),
    /// Said from the first moment on and before the second.
    Said {
        /// From then on.
        from: Millis,
        /// Before then.
        until: Millis,
        /// As people say it: "before 1 Oct 2026".
        named: String,
    },
}

/// Names that may be asked for, each with what it stands for.
#[derive(Clone, Debug, Default)]
pub struct Names(pub Vec<(String, Uuid)>);

impl Names {
    /// What is called so: the whole name where there is such a one, else every name in which these words stand side by
    /// side, the last one perhaps going on.
    pub fn called(&self, typed: &str) -> Vec<Uuid> {
        let typed = words(typed);
        let matching = |whole: bool| -> Vec<Uuid> {
            let named = self.0.iter().filter(|(name, _)| {
                let name = words(name);
                if whole { name == typed } else { stands_in(&name, &typed, true) }
            });
            named.map(|(_, id)| *id).collect()
        };
        if typed.is_empty() {
            return Vec::new();
        }
        let whole = matching(true);
        if whole.is_empty() { matching(false) } else { whole }
    }
}

/// Whether these words stand side by side in those.
pub fn stands_in(all: &[String], looked_for: &[String], open_ended: bool) -> bool {
    let Some((last, before)) = looked_for.split_last() else { return false };
    all.windows(looked_for.len()).any(|window| {
        window.split_last().is_some_and(|(end, begin)| {
            begin == before && (end == last || (open_ended && end.starts_with(last.as_str())))
        })
    })
}

/// Who asks, when, and what names there are.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Who asks.
    pub me: Uuid,
    /// Now.
    pub now: Millis,
    /// The library's.
    pub zone: TimeZone,
    /// Everybody of us, by full name.
    pub staff: Names,
    /// Every desk.
    pub desks: Names,
    /// Every branch's name with each of its desks.
    pub branches: Names,
    /// Every channel.
    pub channels: Names,
    /// Every tag.
    pub tags: Names,
}

impl Surroundings {
    /// A house in which nothing has a name.
    pub fn nameless(me: Uuid, now: Millis) -> Self {
        let none = Names::default;
        let (staff, desks, branches, channels, tags) = (none(), none(), none(), none(), none());
        Self { me, now, zone: TimeZone::UTC, staff, desks, branches, channels, tags }
    }
}
