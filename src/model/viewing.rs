//! Who looks at a conversation just now, and who is writing an answer to it.

use sqlx::FromRow;
use uuid::Uuid;

use super::Millis;
use super::presence::Presence;

/// A page that is looked at says so this often.
pub const BEAT_MS: i64 = 15_000;
/// What it said counts for so long: two beats may get lost and one come late.
pub const COUNTS_MS: i64 = 40_000;
/// Whoever changed the answer within so long is replying.
pub const REPLYING_MS: i64 = 20_000;

/// Somebody at a conversation.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Viewing {
    /// Where.
    pub conversation_id: Uuid,
    /// Who.
    pub staff_id: Uuid,
    /// When their page last said so.
    pub seen_at: Millis,
    /// When they last changed their answer; 0 where they have not.
    pub wrote_at: Millis,
}

impl Viewing {
    /// How much longer this counts, milliseconds; 0 when it does not.
    pub fn left_ms(&self, now: Millis) -> i64 {
        (self.seen_at + COUNTS_MS - now).clamp(0, COUNTS_MS)
    }

    /// How much longer they are replying, milliseconds; 0 when they are not.
    pub fn replying_left_ms(&self, now: Millis) -> i64 {
        (self.wrote_at + REPLYING_MS - now).clamp(0, REPLYING_MS).min(self.left_ms(now))
    }
}

/// Everybody who is there, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Everybody {
    /// The moment.
    pub at: Millis,
    /// Those who are not away.
    pub people: Vec<(Uuid, Presence)>,
    /// Who is at which conversation.
    pub viewings: Vec<Viewing>,
}

impl Everybody {
    /// Whether a page would show both alike, but for how long each still counts.
    pub fn shows_like(&self, other: &Self) -> bool {
        let acts = |one: &Self| -> Vec<_> {
            let act = |viewing: &Viewing| {
                (viewing.conversation_id, viewing.staff_id, viewing.replying_left_ms(one.at) > 0)
            };
            one.viewings.iter().filter(|viewing| viewing.left_ms(one.at) > 0).map(act).collect()
        };
        self.people == other.people && acts(self) == acts(other)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn who_replies_also_looks_and_everything_ends(seen in 0..100_000_i64, wrote in 0..100_000_i64, now in 0..300_000_i64) {
            let viewing = Viewing { conversation_id: Uuid::nil(), staff_id: Uuid::nil(), seen_at: seen, wrote_at: wrote };
            prop_assert!(viewing.replying_left_ms(now) <= viewing.left_ms(now));
            prop_assert_eq!(viewing.left_ms(seen + COUNTS_MS), 0);
            prop_assert_eq!(viewing.replying_left_ms(wrote + REPLYING_MS), 0);
            prop_assert!(viewing.left_ms(seen) == COUNTS_MS);
        }
    }

    #[test]
    fn a_beat_that_changes_nothing_shows_the_same_and_a_first_letter_does_not() {
        let viewing =
            Viewing { conversation_id: Uuid::nil(), staff_id: Uuid::nil(), seen_at: 100_000, wrote_at: 0 };
        let first = Everybody { at: 100_000, people: Vec::new(), viewings: vec![viewing.clone()] };
        let beat = |wrote_at| Everybody {
            at: 115_000,
            people: Vec::new(),
            viewings: vec![Viewing { seen_at: 115_000, wrote_at, ..viewing.clone() }],
        };
        assert!(first.shows_like(&beat(0)));
        assert!(!first.shows_like(&beat(114_000)));
        let over = Everybody { at: 140_000, ..first.clone() };
        assert!(!first.shows_like(&over) && over.shows_like(&Everybody::default()));
    }
}
