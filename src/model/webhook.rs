//! Addresses of other programs that are told what happens here, and when they are told again.

use sqlx::FromRow;
use uuid::Uuid;

use super::Millis;
use super::delivery::{RETRIED_FOR_MS, backoff_ms};
use super::event::Kind;

/// One address.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Webhook {
    /// Its id.
    pub id: Uuid,
    /// Where it is called.
    pub url: String,
    /// The words of the kinds of events wanted, with spaces between; empty: every kind.
    pub kinds: String,
    /// Whether it is told what patrons and staff wrote to each other.
    pub with_text: bool,
    /// What its calls are signed with, sealed.
    pub sealed_secret: Vec<u8>,
    /// When it was registered.
    pub created_at: Millis,
    /// The last line of the history that it was told, or did not want.
    pub seq: i64,
    /// How often in a row it did not take the next one.
    pub tries: i64,
    /// Since when it has taken nothing.
    pub failing_since: Option<Millis>,
    /// It is not called before then.
    pub next_at: Millis,
    /// When it last took something.
    pub last_success_at: Option<Millis>,
    /// Since when it is called no more.
    pub off_since: Option<Millis>,
    /// Why, in words.
    pub off_why: Option<String>,
}

/// One call, as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Attempt {
    /// Its id.
    pub id: Uuid,
    /// Who was called.
    pub webhook_id: Uuid,
    /// The line of the history that was told; none: a test.
    pub seq: Option<i64>,
    /// What it was: an event's kind, or `test`.
    pub kind: String,
    /// When.
    pub at: Millis,
    /// How long it took, milliseconds.
    pub took_ms: i64,
    /// What it answered.
    pub status: Option<i64>,
    /// Why it does not count, in words; none: it was taken.
    pub why: Option<String>,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was taken: any status from 200 to 299.
    Taken,
    /// 410: nobody there wants to be called again.
    Unwanted,
    /// Anything else, in words.
    Failed(String),
}

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The next event.
    On,
    /// The same one again.
    Again {
        /// How often in a row it was not taken.
        tries: i64,
        /// Since when.
        failing_since: Millis,
        /// When.
        at: Millis,
    },
    /// Nothing, until somebody switches it on; it goes on with the same event then.
    Off {
        /// In words.
        why: String,
    },
}

impl Webhook {
    /// Whether it is to be told of events of this kind.
    pub fn wants(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.split(' ').any(|word| word == kind.as_str())
    }

    /// Whether its calls do not arrive now.
    pub fn is_troubled(&self) -> bool {
        self.off_since.is_some() || self.failing_since.is_some()
    }
}

/// What follows from a call. Events are told in order, so one that is not taken is told again before any other, for 72
/// hours; an address that took nothing for so long is called no more. `jitter` is in 0..=255.
pub fn next(ending: &Ending, before: &Webhook, now: Millis, jitter: u8) -> Next {
    let why = match ending {
        Ending::Taken => return Next::On,
        Ending::Unwanted => {
            let why = "The address says that nobody wants to be called there any more (410).";
            return Next::Off { why: format!("{why} Take the webhook away, or switch it on again.") };
        }
        Ending::Failed(why) => why,
    };
    let failing_since = before.failing_since.unwrap_or(now);
    if now.saturating_sub(failing_since) >= RETRIED_FOR_MS {
        return Next::Off {
            why: format!(
                "Nothing was taken for 72 hours, so it is called no more. {why} Nothing is lost: switched on again, it \
                 goes on where it stopped."
            ),
        };
    }
    let tries = before.tries.saturating_add(1);
    Next::Again { tries, failing_since, at: now.saturating_add(backoff_ms(tries, jitter)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn webhook(kinds: &str) -> Webhook {
        Webhook {
            id: Uuid::nil(),
            url: String::new(),
            kinds: kinds.to_owned(),
            with_text: false,
            sealed_secret: Vec::new(),
            created_at: 0,
            seq: 0,
            tries: 0,
            failing_since: None,
            next_at: 0,
            last_success_at: None,
            off_since: None,
            off_why: None,
        }
    }

    #[test]
    fn a_kind_is_wanted_by_its_whole_word_or_by_all_being_wanted() {
        assert!(webhook("").wants(Kind::Note));
        assert!(webhook("handed_off closed").wants(Kind::Closed));
        assert!(!webhook("handoff_accepted handed_off").wants(Kind::Claimed));
        assert!(!webhook("sent_home").wants(Kind::Sent), "part of a word is not the word");
    }

    proptest! {
        /// Whatever the luck: it is called again at once growing lengths, and given up neither early nor never.
        #[test]
        fn what_takes_nothing_is_called_for_72_hours_and_then_no_more(jitters: Vec<u8>, begin in 0_i64..1_i64 << 45) {
            let mut row = webhook("");
            let (mut now, mut calls) = (begin, 0_usize);
            loop {
                calls += 1;
                prop_assert!(calls < 200);
                let jitter = jitters.get(calls % jitters.len().max(1)).copied().unwrap_or(0);
                match next(&Ending::Failed("No.".to_owned()), &row, now, jitter) {
                    Next::Again { tries, failing_since, at } => {
                        prop_assert!(at >= now + 5_000);
                        prop_assert_eq!(failing_since, begin);
                        row = Webhook { tries, failing_since: Some(failing_since), ..row };
                        now = at;
                    }
                    Next::Off { .. } => break,
                    Next::On => prop_assert!(false, "it did not take it"),
                }
            }
            let after = now - begin;
            prop_assert!((RETRIED_FOR_MS..RETRIED_FOR_MS + 4_500_000).contains(&after), "{}", after);
            prop_assert_eq!(next(&Ending::Taken, &row, now, 0), Next::On);
        }
    }
}
