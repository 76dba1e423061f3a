//! Handing a question to somebody else: the question moves, the patron stays where they are and goes on waiting from
//! where they began.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Millis, words};

/// How long a person is given to accept, milliseconds; then it waits for everybody at the desk.
pub const ACCEPT_WITHIN_MS: i64 = 30 * 60_000;
/// The same while the patron waits at their screen.
pub const ACCEPT_LIVE_WITHIN_MS: i64 = 2 * 60_000;
/// Longest "what they already told us" and longest "not now because", characters.
pub const LONGEST: usize = 280;

words! {
    /// Why it is handed on.
    Reason {
        /// Somebody else knows more.
        NeedsASpecialist = "needs_a_specialist",
        /// The patron's account must be looked at.
        NeedsAccountAccess = "needs_account_access",
        /// It belongs to another branch.
        AnotherBranch = "another_branch",
        /// Whoever has it goes home.
        MyShiftEnds = "my_shift_ends",
        /// The patron wants it so.
        PatronAsked = "patron_asked",
        /// Something else.
        Other = "other",
    }
}

impl Reason {
    /// As a line of the history says it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::NeedsASpecialist => "needs a specialist",
            Self::NeedsAccountAccess => "needs account access",
            Self::AnotherBranch => "another branch's question",
            Self::MyShiftEnds => "my shift ends",
            Self::PatronAsked => "the patron asked for it",
            Self::Other => "another reason",
        }
    }
}

words! {
    /// How a hand-off ended.
    Outcome {
        /// It went to a desk: nobody had to answer.
        AtDesk = "at_desk",
        /// The person took it.
        Accepted = "accepted",
        /// The person could not take it.
        NotNow = "not_now",
        /// The person did not answer in time.
        FellBack = "fell_back",
        /// It was taken back, or the question was put back or done meanwhile.
        Withdrawn = "withdrawn",
    }
}

/// One hand-off.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Handoff {
    /// Its id.
    pub id: Uuid,
    /// What is handed on.
    pub conversation_id: Uuid,
    /// By whom.
    pub from_staff_id: Uuid,
    /// From the desk it was at.
    pub from_desk_id: Uuid,
    /// To this person,
    pub to_staff_id: Option<Uuid>,
    /// or to this desk.
    pub to_desk_id: Option<Uuid>,
    /// Why.
    #[sqlx(try_from = "String")]
    pub reason: Reason,
    /// What the patron already told us, so that nobody asks them again.
    pub summary: String,
    /// When.
    pub at: Millis,
    /// Unless the person answers until then, it waits for everybody at the desk.
    pub falls_back_at: Option<Millis>,
    /// When it ended; none: the person has not answered yet.
    pub settled_at: Option<Millis>,
}

/// Until when whoever is asked at this moment may answer. `live`: the patron waits at their screen.
pub const fn falls_back_at(asked_at: Millis, live: bool) -> Millis {
    asked_at + if live { ACCEPT_LIVE_WITHIN_MS } else { ACCEPT_WITHIN_MS }
}
