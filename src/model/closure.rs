//! How a conversation is put down: what somebody decided, and where it stands then. A pure rule; the verb keeps it.

use uuid::Uuid;

use super::conversation::{Conversation, State};
use super::{Millis, words};

words! {
    /// What somebody decides at "done".
    Outcome {
        /// There is nothing more to say.
        Answered = "answered",
        /// Whoever says so sees to it on a day that they choose.
        FollowUp = "follow_up",
        /// The desk that the patron thinks they are talking to sees to it.
        HomeLibrary = "home_library",
        /// The patron went away before there was an answer.
        PatronLost = "patron_lost",
        /// No patron was behind it: one of us practised. In no statistics.
        Practice = "practice",
    }
}

impl Outcome {
    /// Whether it is done then, and not put off.
    pub const fn ends(self) -> bool {
        matches!(self, Self::Answered | Self::PatronLost | Self::Practice)
    }

    /// As a person reads it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::FollowUp => "to be followed up",
            Self::HomeLibrary => "for the home library",
            Self::PatronLost => "patron lost",
            Self::Practice => "practice",
        }
    }
}

/// An outcome with what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Done.
    Answered,
    /// Mine, put aside until then.
    FollowUp {
        /// When it comes back.
        at: Millis,
    },
    /// Nobody's, open at that desk.
    HomeLibrary {
        /// Which.
        desk: Uuid,
        /// Until when it is to be seen to.
        due_at: Millis,
    },
    /// Done.
    PatronLost,
    /// Done.
    Practice,
}

impl Decision {
    /// Without what belongs to it.
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Answered => Outcome::Answered,
            Self::FollowUp { .. } => Outcome::FollowUp,
            Self::HomeLibrary { .. } => Outcome::HomeLibrary,
            Self::PatronLost => Outcome::PatronLost,
            Self::Practice => Outcome::Practice,
        }
    }
}

/// Where a conversation stands that `who` put down so. Only what ends it ends a patron's wait, and that without an answer
/// where nobody gave one (`unanswered`); what puts it off leaves the wait as it was.
#[must_use]
pub fn decide(
    before: &Conversation,
    decision: Decision,
    who: Uuid,
    now: Millis,
    unanswered: bool,
) -> Conversation {
    let mut after = before.clone();
    after.outcome = Some(decision.outcome());
    after.snoozed_until = None;
    after.follow_up_at = None;
    match decision {
        Decision::Answered | Decision::PatronLost | Decision::Practice => {
            after.state = State::Done;
            if unanswered {
                after.waits_no_more();
            }
        }
        Decision::FollowUp { at } => {
            after.state = State::Snoozed;
            after.snoozed_until = Some(at);
            after.promise(at);
            if before.owner_id != Some(who) {
                after.owner_id = Some(who);
                after.owner_since = Some(now);
            }
        }
        Decision::HomeLibrary { desk, due_at } => {
            after.state = State::Open;
            after.desk_id = desk;
            after.owner_id = None;
            after.owner_since = None;
            after.promise(due_at);
        }
    }
    after
}

/// It is no patron's: nobody waits for anything, and nothing comes back. Whether it was done is remembered.
#[must_use]
pub fn mark_spam(before: &Conversation, unanswered: bool) -> Conversation {
    let mut after = before.clone();
    after.outcome = before.outcome.filter(|_| before.state == State::Done);
    after.state = State::Spam;
    after.snoozed_until = None;
    after.follow_up_at = None;
    if unanswered || before.waiting_since.is_none() {
        after.waits_no_more();
    }
    after
}

/// It is a patron's after all, who waits since and is to have an answer by these moments, or does not wait.
#[must_use]
pub fn unmark_spam(before: &Conversation, waiting: Option<(Millis, Millis)>) -> Conversation {
    let mut after = before.clone();
    after.state = State::Done;
    match waiting {
        Some((since, promised)) => {
            after.open();
            after.waits(since, promised);
        }
        None => {
            after.waits_no_more();
            if !before.outcome.is_some_and(Outcome::ends) {
                after.open();
            }
        }
    }
    after
}

#[cfg(test)]
mod tests;
