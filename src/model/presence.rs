//! Whether a person is there: what they say of themselves, and what their page tells.

use sqlx::FromRow;
use uuid::Uuid;

use super::event::length_in_words;
use super::{Millis, words};

/// Whose page has told nothing for so long is away, whatever they said: a lid was closed. A page that is open somewhere
/// tells each minute that it is.
pub const UNSEEN_MS: i64 = 10 * 60_000;

words! {
    /// Whether a person can be asked.
    Presence {
        /// There.
        AtDesk = "at_desk",
        /// There, with somebody at the counter or on the telephone.
        Helping = "helping",
        /// Not there.
        Away = "away",
    }
}

/// What is known of whether a person is there.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Signs {
    /// Who.
    pub staff_id: Uuid,
    /// The name colleagues and patrons see.
    pub public_name: String,
    /// What they said last.
    #[sqlx(try_from = "String")]
    pub presence: Presence,
    /// When they said it.
    pub presence_since: Millis,
    /// When a browser they are signed in with was last seen, to the minute; none: they are signed out everywhere.
    pub last_seen_at: Option<Millis>,
    /// Since when they may no longer sign in.
    pub disabled_at: Option<Millis>,
}

/// Why somebody is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// They said so.
    Away,
    /// No browser is signed in as them.
    SignedOut,
    /// Their page has told nothing for so many milliseconds.
    Unseen(i64),
    /// They may no longer sign in.
    ShutOut,
}

impl Signs {
    /// As colleagues see it.
    pub fn shown(&self, now: Millis) -> Presence {
        if self.gone(0, now).is_some() { Presence::Away } else { self.presence }
    }

    /// Why they cannot be seeing to what they took at `claimed_at`; none: they may be. Who takes something is there at
    /// that moment, whatever they said before and by whatever means they took it.
    pub fn gone(&self, claimed_at: Millis, now: Millis) -> Option<Gone> {
        if self.disabled_at.is_some() {
            return Some(Gone::ShutOut);
        }
        if self.presence == Presence::Away && self.presence_since >= claimed_at {
            return Some(Gone::Away);
        }
        let seen = self.last_seen_at.map_or(claimed_at, |seen| seen.max(claimed_at));
        if now - seen < UNSEEN_MS {
            return None;
        }
        Some(if self.last_seen_at.is_some() { Gone::Unseen(now - seen) } else { Gone::SignedOut })
    }
}

impl Gone {
    /// As a line of the history says it.
    pub fn in_words(self, name: &str) -> String {
        match self {
            Self::Away => format!("{name} is away"),
            Self::SignedOut => format!("{name} is signed out"),
            Self::Unseen(ms) => format!("{name} has not been here for {}", length_in_words(ms)),
            Self::ShutOut => format!("{name} no longer works here"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Millis = 1_790_856_000_000;

    fn signs(presence: Presence, since: Millis, last_seen_at: Option<Millis>) -> Signs {
        Signs {
            staff_id: Uuid::nil(),
            public_name: "Bryan".to_owned(),
            presence,
            presence_since: since,
            last_seen_at,
            disabled_at: None,
        }
    }

    #[test]
    fn away_is_what_one_says_or_what_a_closed_page_says() {
        let here = signs(Presence::Helping, 0, Some(NOW - UNSEEN_MS + 1));
        assert_eq!((here.shown(NOW), here.shown(NOW + 1)), (Presence::Helping, Presence::Away));
        assert_eq!(here.gone(0, NOW + 1), Some(Gone::Unseen(UNSEEN_MS)));
        assert_eq!(signs(Presence::AtDesk, 0, None).gone(0, NOW), Some(Gone::SignedOut));
        assert_eq!(signs(Presence::Away, NOW, Some(NOW)).gone(NOW - 1, NOW), Some(Gone::Away));
        let shut_out = Signs { disabled_at: Some(NOW), ..signs(Presence::AtDesk, 0, Some(NOW)) };
        assert_eq!(shut_out.gone(NOW, NOW), Some(Gone::ShutOut));
    }

    #[test]
    fn each_reason_is_a_sentence() {
        assert_eq!(Gone::Away.in_words("Bryan"), "Bryan is away");
        assert_eq!(Gone::Unseen(720_000).in_words("Bryan"), "Bryan has not been here for 12 minutes");
    }

    proptest! {
        /// Whoever took something a moment ago is there, even where they had said that they were away.
        #[test]
        fn who_takes_something_is_there(
            presence in prop_oneof![Just(Presence::AtDesk), Just(Presence::Helping), Just(Presence::Away)],
            said in -UNSEEN_MS..0_i64,
            seen in proptest::option::of(-3 * UNSEEN_MS..0_i64),
            claimed in -UNSEEN_MS + 1..0_i64,
        ) {
            let signs = signs(presence, NOW + said, seen.map(|seen| NOW + seen));
            let gone = signs.gone(NOW + claimed, NOW);
            let left_since = presence == Presence::Away && said >= claimed;
            prop_assert_eq!(gone, left_since.then_some(Gone::Away));
        }

        /// Time alone never brings anybody back.
        #[test]
        fn who_is_gone_stays_gone_until_they_do_something(
            seen in proptest::option::of(-3 * UNSEEN_MS..0_i64),
            claimed in -3 * UNSEEN_MS..0_i64,
            later in 0..UNSEEN_MS,
        ) {
            let signs = signs(Presence::AtDesk, 0, seen.map(|seen| NOW + seen));
            if signs.gone(NOW + claimed, NOW).is_some() {
                prop_assert!(signs.gone(NOW + claimed, NOW + later).is_some());
            }
        }
    }
}
