//! From an outcome to what happens next: one match, pure.

use connectors::contract::{Failure, Sent};

use crate::failpoint::shortened;
use crate::model::Millis;
use crate::model::delivery::{Delivery, RETRIED_FOR_MS, State, backoff_ms};
use crate::store::deliveries::Fate;

/// How long after an attempt nobody looks whether it arrived: a platform that is slow to show what it took must not be
/// misread as one that did not take it.
pub const LOOKED_FOR_AFTER_MS: i64 = shortened(30_000);
const PARKED_MS: i64 = shortened(60_000);

/// What came of asking the platform.
#[derive(Debug)]
pub enum Outcome {
    /// It took the part.
    Sent(Sent),
    /// It did not, or nobody knows.
    Failed(Failure),
    /// We looked, and it is there.
    Found(Sent),
    /// We looked, and it is not there: it may be sent again.
    NotFound,
    /// We could not look, or looking tells nothing.
    CannotTell(Failure),
}

impl Outcome {
    /// The same of a part that was never let out: whatever broke, the platform does not have it, and nobody need look for it.
    pub fn before_it_left(self) -> Self {
        match self {
            Self::Failed(Failure::Ambiguous { why } | Failure::Malformed { why, .. }) => {
                Self::Failed(Failure::Transient { after_ms: None, why })
            }
            known => known,
        }
    }
}

/// A quarter of a back-off's jitter, 0..=255.
pub(super) fn jitter() -> u8 {
    let mut byte = [0];
    // Without randomness the retries of many would fall together, and nothing worse.
    let _ = getrandom::fill(&mut byte);
    byte[0]
}

/// What happens to the delivery now.
pub(super) fn decide(delivery: &Delivery, outcome: Outcome, now: Millis, jitter: u8) -> Fate {
    let since = delivery.release_at;
    let again = |state, at: Millis, why: String| Fate {
        state,
        due_at: at,
        external_id: None,
        reason: None,
        why: Some(why),
        settled_at: None,
    };
    let failed = |reason: &str, why: String| Fate {
        state: State::Failed,
        due_at: now,
        external_id: None,
        reason: Some(reason.to_owned()),
        why: Some(why),
        settled_at: Some(now),
    };
    let patience_ends = since.saturating_add(RETRIED_FOR_MS);
    match outcome {
        Outcome::Sent(sent) | Outcome::Found(sent) => Fate {
            state: State::Sent,
            due_at: now,
            external_id: sent.id,
            reason: None,
            why: refused_words(&sent.refused),
            settled_at: Some(now),
        },
        Outcome::NotFound => {
            again(State::Queued, now, "Looked for it on the platform: it had not arrived.".to_owned())
        }
        // Parked by time, not by the number of tries: the platform has taken none of them.
        Outcome::Failed(Failure::RateLimited { until, why, .. }) => {
            again(State::Queued, until.unwrap_or(now + PARKED_MS).max(now + 1_000), why)
        }
        Outcome::Failed(Failure::CursorInvalid { why, .. }) => again(State::Queued, now + PARKED_MS, why),
        Outcome::Failed(Failure::Transient { after_ms, why }) => {
            let wait = backoff_ms(delivery.tries.max(1), jitter);
            let at_least = i64::try_from(after_ms.unwrap_or(0)).unwrap_or(i64::MAX);
            let at = now.saturating_add(wait.max(at_least));
            if at > patience_ends {
                failed("gave_up", format!("Tried for three days, in vain. The last reason: {why}"))
            } else {
                again(State::Queued, at, why)
            }
        }
        Outcome::Failed(Failure::Permanent { reason, why }) => failed(reason.as_str(), why),
        // The channel's own state keeps the sender away; nothing is dropped meanwhile.
        Outcome::Failed(Failure::NeedsSignin { why }) => again(State::Queued, now + PARKED_MS, why),
        Outcome::Failed(Failure::AccountBlocked { until, why }) => {
            again(State::Queued, until.unwrap_or(now + PARKED_MS), why)
        }
        Outcome::Failed(Failure::Ambiguous { why } | Failure::Malformed { why, .. }) => {
            again(State::Unknown, now + LOOKED_FOR_AFTER_MS, why)
        }
        Outcome::CannotTell(failure) => {
            let at = now.saturating_add(backoff_ms(delivery.tries.max(1), jitter).max(LOOKED_FOR_AFTER_MS));
            let settled_at =
                (matches!(failure, Failure::Ambiguous { .. }) || at > patience_ends).then_some(now);
            Fate { settled_at, ..again(State::Unknown, at, failure.to_string()) }
        }
    }
}

pub(super) fn refused_words(refused: &[(String, String)]) -> Option<String> {
    if refused.is_empty() {
        return None;
    }
    let each: Vec<String> = refused.iter().map(|(who, why)| format!("{who} ({why})")).collect();
    Some(format!("Not delivered to {}. The others have it.", each.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use connectors::contract::{Reason, Scope};
    use uuid::Uuid;

    const NOW: Millis = 1_700_000_000_000;

    fn delivery(tries: i64, written: Millis) -> Delivery {
        Delivery {
            id: Uuid::nil(),
            message_id: Uuid::nil(),
            conversation_id: Uuid::nil(),
            channel_id: Uuid::nil(),
            position: 0,
            part: String::new(),
            state: State::Sending,
            release_at: written,
            due_at: written,
            tries,
            external_id: None,
            reason: None,
            why: None,
            created_at: written,
            settled_at: None,
        }
    }

    fn transient() -> Outcome {
        Outcome::Failed(Failure::Transient { after_ms: None, why: "busy".into() })
    }

    #[test]
    fn each_failure_leads_to_its_own_next_step() {
        let why = || "said so".to_owned();
        let cases = [
            (Outcome::Sent(Sent { id: None, refused: vec![] }), State::Sent, true),
            (Outcome::Found(Sent { id: None, refused: vec![] }), State::Sent, true),
            (Outcome::NotFound, State::Queued, false),
            (transient(), State::Queued, false),
            (
                Outcome::Failed(Failure::RateLimited { until: Some(NOW + 5), scope: Scope::App, why: why() }),
                State::Queued,
                false,
            ),
            (
                Outcome::Failed(Failure::Permanent { reason: Reason::OptedOut, why: why() }),
                State::Failed,
                true,
            ),
            (Outcome::Failed(Failure::NeedsSignin { why: why() }), State::Queued, false),
            (Outcome::Failed(Failure::AccountBlocked { until: None, why: why() }), State::Queued, false),
            (Outcome::Failed(Failure::Ambiguous { why: why() }), State::Unknown, false),
            (Outcome::Failed(Failure::Malformed { raw: vec![], why: why() }), State::Unknown, false),
            (Outcome::CannotTell(Failure::Transient { after_ms: None, why: why() }), State::Unknown, false),
            (Outcome::CannotTell(Failure::Ambiguous { why: why() }), State::Unknown, true),
        ];
        for (outcome, state, settled) in cases {
            let named = format!("{outcome:?}");
            let fate = decide(&delivery(1, NOW), outcome, NOW, 0);
            assert_eq!((fate.state, fate.settled_at.is_some()), (state, settled), "{named}");
        }
    }

    #[test]
    fn what_never_left_is_tried_again_and_not_looked_for() {
        let unclear = [
            Failure::Ambiguous { why: "it hung up".into() },
            Failure::Malformed { raw: vec![1], why: "what is this".into() },
        ];
        for failure in unclear {
            let outcome = Outcome::Failed(failure).before_it_left();
            assert_eq!(decide(&delivery(1, NOW), outcome, NOW, 0).state, State::Queued);
        }
        let refused = Failure::Permanent { reason: Reason::OptedOut, why: "said so".into() };
        let fate = decide(&delivery(1, NOW), Outcome::Failed(refused).before_it_left(), NOW, 0);
        assert_eq!(fate.state, State::Failed, "and what is for good stays so");
    }

    #[test]
    fn after_three_days_of_trying_the_question_goes_back_to_a_person() {
        let fate = decide(&delivery(80, NOW - RETRIED_FOR_MS), transient(), NOW, 0);
        assert_eq!(fate.state, State::Failed);
        let fate = decide(&delivery(80, NOW - RETRIED_FOR_MS / 2), transient(), NOW, 0);
        assert_eq!(fate.state, State::Queued);
    }

    #[test]
    fn who_did_not_get_it_is_said_once() {
        let why = "this address does not exist; the mail server said \"550\"".to_owned();
        let words = refused_words(&[("a@x.example".to_owned(), why)]);
        let said = "Not delivered to a@x.example (this address does not exist; the mail server said \"550\"). The others have it.";
        assert_eq!(words.as_deref(), Some(said));
    }

    #[test]
    fn a_rate_limit_never_wears_patience_out() {
        let limited =
            Outcome::Failed(Failure::RateLimited { until: None, scope: Scope::Account, why: "slow".into() });
        let fate = decide(&delivery(500, NOW - 2 * RETRIED_FOR_MS), limited, NOW, 0);
        assert_eq!(fate.state, State::Queued);
    }
}
