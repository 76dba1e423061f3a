//! When a claim ends by itself: nobody is locked out of a question whose owner is not there.

use super::Millis;
use super::presence::{Gone, Signs};

/// So long before an answer is due, in the desk's open time, what somebody holds who is not there is everybody's again.
pub const AHEAD_MS: i64 = 15 * 60_000;
/// Whose draft changed within so long is still answering.
pub const WRITING_MS: i64 = 5 * 60_000;

/// A question that somebody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Since when they have it.
    pub since: Millis,
    /// Open time of its desk until an answer is due, milliseconds; less than 0 when that moment has passed. None: no
    /// patron waits for us, or it is put aside.
    pub due_in_ms: Option<i64>,
    /// Their page says that they are replying to it.
    pub replying: bool,
    /// When they last changed what they are writing, if anything of it is kept.
    pub draft_changed_at: Option<Millis>,
}

/// Why it goes back to everybody; none: it stays whose it is. Never while they are answering it.
pub fn returns(held: Held, owner: &Signs, now: Millis) -> Option<Gone> {
    let due = held.due_in_ms.is_some_and(|left| left <= AHEAD_MS);
    let answering = held.replying || held.draft_changed_at.is_some_and(|at| now - at < WRITING_MS);
    if due && !answering { owner.gone(held.since, now) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::model::presence::Presence;

    const NOW: Millis = 1_790_856_000_000;

    fn owner(presence: Presence, last_seen_at: Option<Millis>) -> Signs {
        Signs {
            staff_id: Uuid::nil(),
            public_name: "Bryan".to_owned(),
            presence,
            presence_since: NOW - 1,
            last_seen_at,
            disabled_at: None,
        }
    }

    #[test]
    fn it_goes_back_when_it_is_due_and_its_owner_is_away() {
        let held = Held { since: 0, due_in_ms: Some(AHEAD_MS), replying: false, draft_changed_at: None };
        let away = owner(Presence::Away, Some(NOW));
        assert_eq!(returns(held, &away, NOW), Some(Gone::Away));
        assert_eq!(returns(Held { due_in_ms: Some(AHEAD_MS + 1), ..held }, &away, NOW), None);
        assert_eq!(returns(Held { due_in_ms: None, ..held }, &away, NOW), None);
        assert_eq!(returns(held, &owner(Presence::Helping, Some(NOW)), NOW), None);
        assert_eq!(returns(Held { replying: true, ..held }, &away, NOW), None);
        let changed = |at| Held { draft_changed_at: Some(at), ..held };
        assert_eq!(returns(changed(NOW - WRITING_MS + 1), &away, NOW), None);
        assert_eq!(returns(changed(NOW - WRITING_MS), &away, NOW), Some(Gone::Away));
    }

    proptest! {
        #[test]
        fn nothing_is_taken_from_who_is_there_or_answers_or_has_time(
            since in -60_000_000_i64..0,
            due in proptest::option::of(-60_000_000_i64..60_000_000),
            replying: bool,
            draft in proptest::option::of(-2 * WRITING_MS..0_i64),
            seen in proptest::option::of(-60_000_000_i64..0),
            away: bool,
        ) {
            let draft_changed_at = draft.map(|at| NOW + at);
            let held = Held { since: NOW + since, due_in_ms: due, replying, draft_changed_at };
            let presence = if away { Presence::Away } else { Presence::AtDesk };
            let owner = owner(presence, seen.map(|seen| NOW + seen));
            let returned = returns(held, &owner, NOW);
            let there = owner.gone(held.since, NOW).is_none();
            let answering = replying || draft.is_some_and(|at| -at < WRITING_MS);
            let has_time = due.is_none_or(|left| left > AHEAD_MS);
            prop_assert_eq!(returned.is_none(), there || answering || has_time);
        }
    }
}
