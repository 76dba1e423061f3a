//! In which order the unclaimed questions are shown.

use super::Millis;
use super::conversation::Conversation;

/// What comes before what; within one rank the one due soonest is first, then the oldest.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Rank {
    /// Its patron waits at their screen.
    #[default]
    Live,
    /// Its moment has passed, urgent or not.
    Late,
    /// It is not late, and somebody said that it is urgent.
    Urgent,
    /// Everything else.
    InTurn,
}

/// Where a question stands now.
pub fn rank(row: &Conversation, now: Millis) -> Rank {
    match (row.due_at <= now, row.urgent) {
        _ if row.live && row.waiting_since.is_some() => Rank::Live,
        (true, _) => Rank::Late,
        (false, true) => Rank::Urgent,
        (false, false) => Rank::InTurn,
    }
}
