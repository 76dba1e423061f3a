//! A failure says what happens next, not what went wrong inside.

use serde::{Deserialize, Serialize};

use super::Cursor;

/// Why something with the platform did not happen, named by what the core does about it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// Park everything of this scope until then (epoch ms; none: the core's own back-off). Does not count as a try.
    #[error("{why}")]
    RateLimited {
        /// When the platform will listen again.
        until: Option<i64>,
        /// What else must wait too.
        scope: Scope,
        /// A sentence for the channel's card.
        why: String,
    },
    /// Try again with back-off; not before `after_ms` when the platform says.
    #[error("{why}")]
    Transient {
        /// Least delay in milliseconds.
        after_ms: Option<u64>,
        /// A sentence for the channel's card.
        why: String,
    },
    /// Never try this one again; a person is told why.
    #[error("{why}")]
    Permanent {
        /// The kind, for what the page offers instead.
        reason: Reason,
        /// A sentence for the person who wrote the answer: why, and what to do. It stands behind "Not delivered:".
        why: String,
    },
    /// The account must be signed in again; everything of the channel waits, nothing is dropped.
    #[error("{why}")]
    NeedsSignin {
        /// A sentence for the channel's card: what happened and what to do.
        why: String,
    },
    /// The platform has shut the account out (policy, credit); everything waits until then or until a person acts.
    #[error("{why}")]
    AccountBlocked {
        /// Epoch milliseconds, where the platform says.
        until: Option<i64>,
        /// A sentence for the channel's card.
        why: String,
    },
    /// The cursor means nothing any more; go on from `reset` (none: from the very beginning), which must lose nothing.
    #[error("{why}")]
    CursorInvalid {
        /// Where to go on.
        reset: Option<Cursor>,
        /// A sentence for the log.
        why: String,
    },
    /// The request left and its outcome is unknown: ask [`super::Deliver::find`] before anything is sent again.
    #[error("{why}")]
    Ambiguous {
        /// A sentence for the conversation.
        why: String,
    },
    /// The platform answered something we cannot read; the bytes are kept for a person.
    #[error("{why}")]
    Malformed {
        /// What it answered.
        raw: Vec<u8>,
        /// A sentence for the channel's card.
        why: String,
    },
}

/// What a rate limit covers. One limited endpoint must not stop the others; a limited app must stop all its accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// This account.
    Account,
    /// Every account of the same app registration.
    App,
    /// One endpoint of this account.
    Endpoint(String),
}

/// Why a delivery can never succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The address does not exist or cannot be reached.
    RecipientUnavailable,
    /// The patron asked us to stop.
    OptedOut,
    /// Too late to answer this way.
    WindowClosed,
    /// Longer or larger than the platform takes.
    TooLong,
    /// A file that the platform does not take.
    BadAttachment,
    /// The platform says it has this already.
    Duplicate,
    /// The account may not do this.
    NotAllowed,
    /// The content was refused (policy, spam).
    ContentRefused,
}

impl Reason {
    /// The stable word in the API and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RecipientUnavailable => "recipient_unavailable",
            Self::OptedOut => "opted_out",
            Self::WindowClosed => "window_closed",
            Self::TooLong => "too_long",
            Self::BadAttachment => "bad_attachment",
            Self::Duplicate => "duplicate",
            Self::NotAllowed => "not_allowed",
            Self::ContentRefused => "content_refused",
        }
    }
}

/// One setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct Invalid {
    /// The manifest's field name.
    pub field: String,
    /// A sentence: what is wrong and what would be right.
    pub why: String,
}

/// A webhook call that did not prove who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusedRequest {
    /// No signature where one is required.
    #[error("the request carries no signature")]
    Unsigned,
    /// The signature does not fit the bytes.
    #[error("the signature does not fit the request")]
    Forged,
    /// A handshake with the wrong token.
    #[error("the handshake carries the wrong token")]
    WrongToken,
    /// Signed too long ago.
    #[error("the request is too old")]
    Stale,
}
