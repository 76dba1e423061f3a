//! What somebody is writing and has not sent.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Millis, words};

words! {
    /// What it becomes.
    Kind {
        /// An answer to the patron.
        Reply = "reply",
        /// A note for colleagues.
        Note = "note",
    }
}

/// One draft: at most one of each kind for a person in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Draft {
    /// Where.
    pub conversation_id: Uuid,
    /// What it becomes.
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    /// As far as it is written.
    pub text: String,
    /// Where its writer was in it, in UTF-16 units as browsers count.
    pub caret: i64,
    /// When its writer last changed it.
    pub changed_at: Millis,
}
