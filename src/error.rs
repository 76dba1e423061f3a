//! What a caller may know about why something did not happen. Every variant is a sentence for a person: what happened,
//! what was kept, what to do. How it becomes a status is `http/`'s business.

use uuid::Uuid;

use crate::model::Millis;
use crate::model::event::Event;
use crate::model::message::Message;
use crate::model::session::Scope;
use crate::store;

/// Why a verb was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it is not the caller's to see.
    #[error("There is no such {0}. It may have been removed.")]
    Missing(&'static str),
    /// The caller is not signed in.
    #[error("You are signed out. Sign in again; what you wrote is still in this window.")]
    SignedOut,
    /// The address and the password do not go together.
    #[error("That address and password do not go together. Check both, or ask for a sign-in link.")]
    WrongSignIn,
    /// The sign-in link is used up or too old.
    #[error("This sign-in link has been used or is too old. Ask for a new one with `deskbell staff link`.")]
    LinkSpent,
    /// Too many tries.
    #[error("Too many tries. Try again in {retry_after_s} seconds.")]
    TooManyTries {
        /// Seconds until the next try counts.
        retry_after_s: u64,
    },
    /// The caller's role does not include this.
    #[error("Your role does not allow this. A person with the role {0} can do it.")]
    NotAllowed(&'static str),
    /// The caller's token was made without this scope.
    #[error(
        "This token may not do this: it was made without the scope {0}. Nothing was changed. `deskbell staff token --scope {0}` makes one that may."
    )]
    OutOfScope(Scope),
    /// Somebody else has it.
    #[error("{owner_name} has this one. Nothing was changed.")]
    Claimed {
        /// Who.
        owner: Uuid,
        /// Who, as shown.
        owner_name: String,
        /// Since when.
        since: Option<Millis>,
    },
    /// Somebody else has it, and here only whoever has a conversation answers in it.
    #[error(
        "{owner_name} has this one, and only whoever has a conversation answers in it here. Nothing was sent and your text \
         is kept: leave it as a note, or ask a lead to take it over."
    )]
    OwnersOnly {
        /// Who.
        owner: Uuid,
        /// Who, as shown.
        owner_name: String,
        /// Since when.
        since: Option<Millis>,
    },
    /// It is part of another conversation since.
    #[error("{why}")]
    Merged {
        /// Which, where everything goes on.
        into: Uuid,
        /// Who did that, in words.
        why: String,
    },
    /// It is not part of another conversation, or not any more.
    #[error("{0}")]
    NotMerged(String),
    /// These are two people's conversations, and nobody said that this is known.
    #[error(
        "This would put together what {one} and {other} wrote. Nothing was changed: say that you mean to, or choose another conversation."
    )]
    TwoPatrons {
        /// Whose conversation would go.
        one: String,
        /// Whose it would go into.
        other: String,
    },
    /// Only the owner may do this.
    #[error("This conversation is not yours, so you cannot put it back. Nothing was changed.")]
    NotYours,
    /// What the caller writes is looked through before it leaves.
    #[error(
        "Your answers are looked through before they leave. Nothing was sent and your text is kept: send it for review."
    )]
    ReviewFirst,
    /// The caller cannot look through this answer.
    #[error("{0} Nothing was changed.")]
    CannotReview(&'static str),
    /// A hand-off was answered, taken back or fell back before.
    #[error("This hand-off has ended already. Nothing was changed; the conversation says what came of it.")]
    Over,
    /// Somebody else has changed it since the caller read it.
    #[error(
        "Somebody has changed this meanwhile. Nothing of yours was kept; read it again and change it then."
    )]
    Changed,
    /// Something was said that the writer has not seen.
    #[error(
        "Something new was said while you wrote. Your answer was not sent and your text is kept; read what is new first."
    )]
    Newer {
        /// What was said.
        messages: Vec<Message>,
        /// What happened.
        events: Vec<Event>,
        /// The newest number, to send along next time.
        seen: i64,
    },
    /// This answer cannot go this way.
    #[error("{0}")]
    CannotSend(String),
    /// Too late to take it back.
    #[error("This answer has already left. Nothing was changed.")]
    AlreadyLeft,
    /// The request does not make sense.
    #[error("{0}")]
    Invalid(String),
    /// More than is taken.
    #[error("{0}")]
    TooLarge(String),
    /// Settings of a channel that cannot be used, each with its field.
    #[error("{}", sentences(.0))]
    Settings(Vec<connectors::contract::Invalid>),
    /// A platform did not do its part.
    #[error("{0}")]
    Platform(#[from] connectors::contract::Failure),
    /// The store did not do its part.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A file could not be kept or found.
    #[error("{0}")]
    File(String),
}

fn sentences(wrong: &[connectors::contract::Invalid]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What a verb gives.
pub type Result<T> = std::result::Result<T, Error>;
