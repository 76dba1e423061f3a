//! Money that channels used up, day by day.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;

const ADD: &str = "INSERT INTO spendings (channel_id, day, currency, read_micros, sent_micros, reads, sends) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (channel_id, day) DO UPDATE SET \
     currency = excluded.currency, read_micros = spendings.read_micros + excluded.read_micros, \
     sent_micros = spendings.sent_micros + excluded.sent_micros, reads = spendings.reads + excluded.reads, \
     sends = spendings.sends + excluded.sends";
const ON: &str = "SELECT channel_id, day, currency, read_micros, sent_micros, reads, sends FROM spendings \
     WHERE channel_id = $1 AND day = $2";
const SINCE: &str = "SELECT channel_id, day, currency, read_micros, sent_micros, reads, sends FROM spendings \
     WHERE day >= $1 ORDER BY channel_id, day";

pub(super) const ALL: &[&str] = &[ADD, ON, SINCE];

/// What one channel used up on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Spending {
    /// Which channel.
    pub channel_id: Uuid,
    /// The day's first millisecond, UTC.
    pub day: Millis,
    /// ISO 4217.
    pub currency: String,
    /// For what was read, in millionths.
    pub read_micros: i64,
    /// For what was sent, in millionths.
    pub sent_micros: i64,
    /// How often it was read.
    pub reads: i64,
    /// How many parts were sent.
    pub sends: i64,
}

impl Spending {
    /// All of it, in millionths.
    pub fn micros(&self) -> i64 {
        self.read_micros.saturating_add(self.sent_micros)
    }
}

/// Adds to a day's spending.
pub async fn add(tx: &mut Tx, more: &Spending) -> Result<(), Error> {
    execute!(
        &mut **tx,
        ADD,
        more.channel_id,
        more.day,
        &more.currency,
        more.read_micros,
        more.sent_micros,
        more.reads,
        more.sends
    )?;
    Ok(())
}

/// What a channel used up on a day; none: nothing.
pub async fn on(conn: &mut Conn, channel: Uuid, day: Millis) -> Result<Option<Spending>, Error> {
    Ok(row!(conn, Spending, ON, channel, day)?)
}

/// What every channel used up on each day from `day` on.
pub async fn since(conn: &mut Conn, day: Millis) -> Result<Vec<Spending>, Error> {
    Ok(rows!(conn, Spending, SINCE, day)?)
}
