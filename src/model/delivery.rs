//! One part on its way out.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Millis, words};

words! {
    /// Where a part is on its way.
    State {
        /// Can still be taken back.
        Held = "held",
        /// Due, or waiting for its next try.
        Queued = "queued",
        /// Given to the platform; whether it took it is not yet known.
        Sending = "sending",
        /// The platform took it.
        Sent = "sent",
        /// It arrived.
        Delivered = "delivered",
        /// It was seen.
        Read = "read",
        /// It never will.
        Failed = "failed",
        /// Nobody knows; never sent again without looking.
        Unknown = "unknown",
        /// Taken back in time.
        Withdrawn = "withdrawn",
    }
}

impl State {
    /// How far along: receipts only move a delivery forward.
    pub const fn step(self) -> u8 {
        match self {
            Self::Held => 0,
            Self::Queued => 1,
            Self::Sending | Self::Unknown => 2,
            Self::Sent => 3,
            Self::Delivered => 4,
            Self::Read => 5,
            Self::Failed | Self::Withdrawn => 6,
        }
    }

    /// The word beside a reply.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Held | Self::Queued | Self::Sending => "Sending",
            Self::Sent => "Sent",
            Self::Delivered => "Delivered",
            Self::Read => "Read",
            Self::Failed => "Not delivered",
            Self::Unknown => "May not have been sent",
            Self::Withdrawn => "Taken back",
        }
    }
}

/// One part on its way out.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Delivery {
    /// Its id, and its key on the platform.
    pub id: Uuid,
    /// The reply it is a part of.
    pub message_id: Uuid,
    /// Where.
    pub conversation_id: Uuid,
    /// By which channel.
    pub channel_id: Uuid,
    /// Its place among the reply's parts.
    pub position: i64,
    /// The connector's own plan, as JSON.
    pub part: String,
    /// Where it is.
    #[sqlx(try_from = "String")]
    pub state: State,
    /// Until when it can be taken back.
    pub release_at: Millis,
    /// When it is next looked at.
    pub due_at: Millis,
    /// How often the platform was asked to take it.
    pub tries: i64,
    /// Its id on the platform: expected until it is known.
    pub external_id: Option<String>,
    /// Why it failed, the kind.
    pub reason: Option<String>,
    /// Why it failed or is not yet sent, in words.
    pub why: Option<String>,
    /// When it was written.
    pub created_at: Millis,
    /// When its fate was known.
    pub settled_at: Option<Millis>,
}

/// How long a transient failure is retried before the patron's question goes back to a person: 72 hours.
pub const RETRIED_FOR_MS: i64 = 72 * 3_600_000;

/// When to try again after the n-th try (from 1): 5 s, doubling, at most an hour, with up to a quarter of jitter.
/// `jitter` is in 0..=255.
pub fn backoff_ms(tries: i64, jitter: u8) -> i64 {
    let doubled = 5_000_i64.saturating_mul(1 << (tries - 1).clamp(0, 20));
    let base = doubled.min(3_600_000);
    base + base / 4 * i64::from(jitter) / 255
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn waiting_grows_and_stays_within_an_hour_and_a_quarter(tries in 1i64..1000, jitter: u8) {
            let wait = backoff_ms(tries, jitter);
            prop_assert!((5_000..=4_500_000).contains(&wait));
            prop_assert!(backoff_ms(tries + 1, 0) >= backoff_ms(tries, 0));
        }
    }
}
