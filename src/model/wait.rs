//! How long patrons wait: opens with the first patron message nobody has answered, closes with the first human answer
//! that leaves.

use sqlx::FromRow;
use uuid::Uuid;

use super::conversation::Conversation;
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
    /// When the first unanswered message was said, by the platform's clock.
    pub opened_at: Millis,
    /// What came first; where something earlier came later, not that.
    pub opened_by: Uuid,
    /// When the answer left.
    pub closed_at: Option<Millis>,
    /// The answer.
    pub closed_by: Option<Uuid>,
    /// Who answered.
    pub staff_id: Option<Uuid>,
}

impl Wait {
    /// One that opens now, with what came first of what nobody has answered and the moment when the first of it was said.
    pub fn opened(id: Uuid, at: &Conversation, unanswered: (Uuid, Millis), is_first: bool) -> Self {
        Self {
            id,
            conversation_id: at.id,
            channel_id: at.channel_id,
            desk_id: at.desk_id,
            is_first,
            opened_at: unanswered.1,
            opened_by: unanswered.0,
            closed_at: None,
            closed_by: None,
            staff_id: None,
        }
    }
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
