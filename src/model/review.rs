//! Answers that somebody else looks through before they leave: who may, and what leaves then.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Millis, words};

words! {
    /// How far it is.
    State {
        /// Somebody is to look through it.
        Open = "open",
        /// It left, as it was or changed.
        Approved = "approved",
        /// It went back to its author, with a word.
        Returned = "returned",
        /// Its author took it back.
        TakenBack = "taken_back",
    }
}

/// Longest word with which one is returned, characters.
pub const LONGEST_WORD: usize = 2_000;

/// An answer that is to be looked through, or was.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Review {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub conversation_id: Uuid,
    /// Who wrote it.
    pub author_id: Uuid,
    /// The same, as shown.
    pub author_name: String,
    /// Whom they asked by name.
    pub reviewer_id: Option<Uuid>,
    /// What they wrote.
    pub text: String,
    /// Its subject, where they changed it.
    pub subject: Option<String>,
    /// The address it goes to; none: the usual one.
    pub way: Option<Uuid>,
    /// The conversation is done with it.
    pub done: bool,
    /// The newest event that its author had seen.
    pub seen: i64,
    /// Since when it waits.
    pub asked_at: Millis,
    /// How far it is.
    #[sqlx(try_from = "String")]
    pub state: State,
    /// Since when it does not wait any more.
    pub settled_at: Option<Millis>,
    /// Who approved or returned it.
    pub settled_by: Option<Uuid>,
    /// The same, as shown.
    pub settled_name: Option<String>,
    /// Other words left than its author's.
    pub changed: bool,
    /// With which word it was returned.
    pub word: Option<String>,
    /// What it became.
    pub message_id: Option<Uuid>,
}

/// Why somebody cannot look through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody was faster.
    Settled,
    /// Nobody looks through what they wrote themselves.
    Own,
    /// Their own answers are looked through.
    Reviewed,
}

impl Review {
    /// Whether this person may approve or return it; `reviewed`: their own answers are looked through.
    ///
    /// # Errors
    /// Why not.
    pub fn looks_through(&self, who: Uuid, reviewed: bool) -> Result<(), Refusal> {
        if self.state != State::Open {
            return Err(Refusal::Settled);
        }
        if self.author_id == who {
            return Err(Refusal::Own);
        }
        if reviewed { Err(Refusal::Reviewed) } else { Ok(()) }
    }

    /// What leaves, and whether these are other words than its author's. Nothing given: as it is.
    pub fn approved(&self, given: Option<String>) -> (String, bool) {
        match given.filter(|given| given.trim() != self.text.trim()) {
            Some(changed) => (changed, true),
            None => (self.text.clone(), false),
        }
    }

    /// What was done to it, for the history.
    pub fn in_words(&self, changed: bool) -> String {
        let how = if changed { "changed it" } else { "sent it as it was" };
        format!("{}’s answer and {how}", self.author_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn review(state: State, author: u128, text: &str) -> Review {
        Review {
            id: Uuid::from_u128(1),
            conversation_id: Uuid::from_u128(2),
            author_id: Uuid::from_u128(author),
            author_name: "Bryan".to_owned(),
            reviewer_id: None,
            text: text.to_owned(),
            subject: None,
            way: None,
            done: false,
            seen: 1,
            asked_at: 0,
            state,
            settled_at: None,
            settled_by: None,
            settled_name: None,
            changed: false,
            word: None,
            message_id: None,
        }
    }

    fn state() -> impl Strategy<Value = State> {
        prop_oneof![Just(State::Open), Just(State::Approved), Just(State::Returned), Just(State::TakenBack)]
    }

    proptest! {
        #[test]
        fn it_is_looked_through_once_by_somebody_else_whose_own_are_not(state in state(), author in 0..4_u128, who in 0..4_u128, reviewed: bool) {
            let may = review(state, author, "").looks_through(Uuid::from_u128(who), reviewed).is_ok();
            prop_assert_eq!(may, state == State::Open && author != who && !reviewed);
        }

        #[test]
        fn what_leaves_is_what_was_given_or_what_was_written(text in "\\PC{0,20}", given in prop::option::of("\\PC{0,20}")) {
            let (left, changed) = review(State::Open, 0, &text).approved(given.clone());
            prop_assert_eq!(changed, given.as_ref().is_some_and(|given| given.trim() != text.trim()));
            prop_assert_eq!(left, if changed { given.unwrap() } else { text });
        }
    }
}
