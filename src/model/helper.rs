//! Who knows a patron: whoever answered them most often, and whoever had their last question. They are given what the
//! patron asks next before others are, for a moment.

use sqlx::FromRow;
use uuid::Uuid;

use super::Millis;

/// So far back answers count.
pub const COUNTED_MS: i64 = 365 * 24 * 3_600_000;
/// So many of a patron's conversations are looked at, the latest.
pub const LOOKED_AT: i64 = 50;
/// The moment, in the desk's open time, where nothing else was decided.
pub const HEAD_START_MS: i64 = 2 * 60_000;
/// Longest moment.
pub const LONGEST_HEAD_START_MS: i64 = 60 * 60_000;
/// What was written longer ago and comes only now waits for nobody in particular.
pub const FRESH_MS: i64 = 3_600_000;

/// An answer that ended a patron's wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Answer {
    /// Whose.
    pub staff_id: Uuid,
    /// When it left.
    pub at: Millis,
}

/// Whoever answered a patron most often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// Who.
    pub staff_id: Uuid,
    /// So many times.
    pub times: usize,
    /// Of so many.
    pub of: usize,
}

/// Who answered most often; of several whoever did so last.
pub fn usual(answers: &[Answer]) -> Option<Usual> {
    let tally = |staff: Uuid| answers.iter().filter(move |answer| answer.staff_id == staff);
    let most = answers.iter().max_by_key(|one| {
        let last = tally(one.staff_id).map(|answer| answer.at).max();
        (tally(one.staff_id).count(), last, one.staff_id)
    })?;
    Some(Usual { staff_id: most.staff_id, times: tally(most.staff_id).count(), of: answers.len() })
}

/// Why somebody is given a patron's question first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knows {
    /// They had the last one.
    Last,
    /// They answered most often.
    Most(Usual),
}

impl Knows {
    /// As a line of the history says it.
    pub fn in_words(self, name: &str) -> String {
        match self {
            Self::Last => format!("{name} had this patron's last question"),
            Self::Most(Usual { times, of, .. }) => {
                format!("{name} usually helps this patron, {times} times of {of}")
            }
        }
    }
}

/// Who is given it first: whoever had the last one, or else whoever usually helps, if they can be `given` it.
pub fn first(
    last: Option<Uuid>,
    usual: Option<Usual>,
    given: impl Fn(Uuid) -> bool,
) -> Option<(Uuid, Knows)> {
    let last = last.map(|staff| (staff, Knows::Last));
    let usual = usual.map(|usual| (usual.staff_id, Knows::Most(usual)));
    last.into_iter().chain(usual).find(|(staff, _)| given(*staff))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: u8) -> Uuid {
        Uuid::from_u128(u128::from(number))
    }

    #[test]
    fn the_reason_is_a_sentence() {
        let usual = Usual { staff_id: id(1), times: 5, of: 6 };
        assert_eq!(Knows::Most(usual).in_words("Ana"), "Ana usually helps this patron, 5 times of 6");
        assert_eq!(Knows::Last.in_words("Ana"), "Ana had this patron's last question");
    }

    proptest! {
        #[test]
        fn nobody_answered_more_often_than_the_usual_helper_and_none_of_those_later(
            answers in prop::collection::vec((0..4_u8, 0..50_i64), 0..20),
        ) {
            let answers: Vec<Answer> =
                answers.into_iter().map(|(staff, at)| Answer { staff_id: id(staff), at }).collect();
            let count = |staff| answers.iter().filter(|one| one.staff_id == staff).count();
            let last = |staff| answers.iter().filter(|one| one.staff_id == staff).map(|one| one.at).max();
            let Some(found) = usual(&answers) else {
                prop_assert!(answers.is_empty());
                return Ok(());
            };
            prop_assert_eq!((found.times, found.of), (count(found.staff_id), answers.len()));
            for other in (0..4).map(id) {
                prop_assert!(count(other) <= found.times);
                prop_assert!(count(other) < found.times || last(other) <= last(found.staff_id));
            }
        }

        /// The last one comes first, nobody is given it who cannot be, and only who knows the patron is.
        #[test]
        fn whoever_is_given_it_first_knows_the_patron_and_can_take_it(
            last in prop::option::of(0..3_u8),
            most in prop::option::of(0..3_u8),
            there in prop::collection::vec(0..3_u8, 0..3),
        ) {
            let usual = most.map(|staff| Usual { staff_id: id(staff), times: 1, of: 1 });
            let can = |staff| there.iter().any(|one| id(*one) == staff);
            let found = first(last.map(id), usual, can).map(|(staff, _)| staff);
            let expected = [last, most].into_iter().flatten().map(id).find(|staff| can(*staff));
            prop_assert_eq!(found, expected);
        }
    }
}
