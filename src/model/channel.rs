//! One connected account and the streams read in it.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Millis, words};

words! {
    /// What we believe of a channel.
    State {
        /// In order.
        Active = "active",
        /// Behind, and trying.
        Degraded = "degraded",
        /// A person must sign it in again.
        NeedsSignin = "needs_signin",
        /// The platform has shut it out.
        Blocked = "blocked",
        /// Switched off by us.
        Paused = "paused",
    }
}

/// One connected account.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Channel {
    /// Its id.
    pub id: Uuid,
    /// As staff call it; unique among those not removed.
    pub name: String,
    /// The connector's name.
    pub kind: String,
    /// Where its conversations land.
    pub desk_id: Uuid,
    /// As patrons see it.
    pub address: String,
    /// Every address that means "us", separated by spaces.
    pub ours: String,
    /// Settings that may be shown, a JSON object.
    pub open_settings: String,
    /// Settings that may not, sealed.
    pub sealed_settings: Vec<u8>,
    /// A cron expression or an interval (`30s`, `5m`); none: as the platform suggests.
    pub schedule: Option<String>,
    /// The library's own undo hold; none: the platform kind's.
    pub undo_hold_ms: Option<i64>,
    /// The most it may use up in a day, in millionths of its platform's currency; none: no limit.
    pub budget_micros: Option<i64>,
    /// What we believe of it.
    #[sqlx(try_from = "String")]
    pub state: State,
    /// Since when.
    pub state_since: Millis,
    /// Why, and what to do, in words.
    pub state_why: Option<String>,
    /// When the sign-in ends.
    pub signin_ends_at: Option<Millis>,
    /// When it was connected.
    pub created_at: Millis,
    /// When it was taken away.
    pub removed_at: Option<Millis>,
}

/// One place of a channel to read.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Stream {
    /// The channel.
    pub channel_id: Uuid,
    /// The connector's name for it.
    pub stream: String,
    /// As staff call it.
    pub name: String,
    /// What is found there is ours by definition.
    pub echoes: bool,
    /// The cursor, JSON; none before the first read.
    pub place: Option<String>,
    /// When it is next read.
    pub next_poll_at: Millis,
    /// How many reads in a row found nothing.
    pub quiet_polls: i64,
    /// How many reads in a row failed.
    pub failures: i64,
    /// When a read last succeeded.
    pub last_success_at: Option<Millis>,
    /// When it last brought something.
    pub last_item_at: Option<Millis>,
    /// Why the last read failed, in words; none after a success.
    pub last_error: Option<String>,
    /// How many are still to be read.
    pub backlog: Option<i64>,
    /// What was decided while it was read that a person should know.
    pub note: Option<String>,
    /// When that was.
    pub noted_at: Option<Millis>,
}

/// What became of everything a channel gave: received = messages + held + duplicates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Intake {
    /// Everything.
    pub received: i64,
    /// Became messages.
    pub messages: i64,
    /// In the held tray.
    pub held: i64,
    /// Known already.
    pub duplicates: i64,
}

impl std::ops::Add for Intake {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            received: self.received + other.received,
            messages: self.messages + other.messages,
            held: self.held + other.held,
            duplicates: self.duplicates + other.duplicates,
        }
    }
}
