//! How long patrons wait: opens with the first patron message nobody has answered, closes with the first human answer
//! that leaves.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Millis, words};

words! {
    /// How a wait ended.
    Outcome {
        /// A person answered.
        Answered = "answered",
        /// A person decided that there is nothing to answer; counted apart, never as fast.
        NoAnswerNeeded = "no_answer_needed",
    }
}

words! {
    /// What waits are told apart by.
    By {
        /// Where they came in.
        Channel = "channel",
        /// The desk they began at.
        Desk = "desk",
        /// Who answered.
        Person = "person",
    }
}

/// One wait.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Wait {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub conversation_id: Uuid,
    /// The channel it opened at.
    pub channel_id: Uuid,
    /// The desk it opened at.
    pub desk_id: Uuid,
    /// The conversation's first.
    pub is_first: bool,
    /// The platform's time of the first unanswered message.
    pub opened_at: Millis,
    /// That message.
    pub opened_by: Uuid,
    /// When the answer left.
    pub closed_at: Option<Millis>,
    /// The answer.
    pub closed_by: Option<Uuid>,
    /// Who answered.
    pub staff_id: Option<Uuid>,
}

/// A wait as reports read it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Measured {
    /// Its id.
    pub id: Uuid,
    /// The channel it opened at.
    pub channel_id: Uuid,
    /// The desk it opened at.
    pub desk_id: Uuid,
    /// When it opened.
    pub opened_at: Millis,
    /// When it ended.
    pub closed_at: Option<Millis>,
    /// How it ended, a word of [`Outcome`].
    pub outcome: Option<String>,
    /// Who answered; none for one that was answered outside Deskbell.
    pub staff_id: Option<Uuid>,
}
