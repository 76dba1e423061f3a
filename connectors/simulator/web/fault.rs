//! What can go wrong at a platform that is reached over HTTP.

use crate::simulator::Fault;

/// A fault of a platform on the web. What stands before `/` in a plan is one of the platform's doors, as
/// [`super::Manners::place`] names them, or `webhook` for calls that the platform makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "`effect` says of each what happens, for people and for code")]
pub enum WebFault {
    TooMany,
    OutOfOrder,
    Expired,
    Revoked,
    Refused,
    Silent,
    Reset,
    Nonsense,
    Slow,
    Half,
    Lost,
    Mute,
    Duplicate,
    Reorder,
}

impl WebFault {
    /// Those where the platform says no in its own words and does nothing, in the order in which they are asked.
    pub(super) const REFUSALS: &'static [Self] =
        &[Self::Revoked, Self::Expired, Self::TooMany, Self::OutOfOrder, Self::Refused];
}

impl Fault for WebFault {
    const ALL: &'static [Self] = &[
        Self::TooMany,
        Self::OutOfOrder,
        Self::Expired,
        Self::Revoked,
        Self::Refused,
        Self::Silent,
        Self::Reset,
        Self::Nonsense,
        Self::Slow,
        Self::Half,
        Self::Lost,
        Self::Mute,
        Self::Duplicate,
        Self::Reorder,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::TooMany => "429",
            Self::OutOfOrder => "5xx",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Refused => "refused",
            Self::Silent => "silent",
            Self::Reset => "reset",
            Self::Nonsense => "nonsense",
            Self::Slow => "slow",
            Self::Half => "half",
            Self::Lost => "lost",
            Self::Mute => "mute",
            Self::Duplicate => "duplicate",
            Self::Reorder => "reorder",
        }
    }

    fn effect(self) -> &'static str {
        match self {
            Self::TooMany => {
                "the request is one too many: 429 with the platform's own headers; nothing is done"
            }
            Self::OutOfOrder => "the platform is out of order: a 5xx; nothing is done",
            Self::Expired => "the access token has run out and must be refreshed",
            Self::Revoked => "the sign-in was withdrawn by a person",
            Self::Refused => "what is sent is refused for good",
            Self::Silent => "the request is read and nothing is ever answered; nothing is done",
            Self::Reset => "the connection is cut before anything is done",
            Self::Nonsense => "a web page is answered in place of what was asked for; nothing is done",
            Self::Slow => "the answer comes two seconds late",
            Self::Half => "the work is done, and the answer breaks off in the middle",
            Self::Lost => "the work is done, and the connection is cut before the answer",
            Self::Mute => {
                "the work is done, and the line stays open without a word until whoever asked gives up"
            }
            Self::Duplicate => "a webhook is called twice",
            Self::Reorder => "a webhook's call is made after the one that follows it",
        }
    }
}
