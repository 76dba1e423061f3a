//! What became of everything each channel gave. Counted in the transaction that decides, so that the sum always holds:
//! received = messages + held + duplicates.

use sqlx::{FromRow, query_as};
use uuid::Uuid;

use super::{Conn, Error, Tx, on, tell};
use crate::model::Millis;
use crate::model::channel::Intake;

const ADD: &str = "INSERT INTO intake (channel_id, received, messages, held, duplicates, last_message_at) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (channel_id) DO UPDATE SET \
     received = intake.received + excluded.received, messages = intake.messages + excluded.messages, \
     held = intake.held + excluded.held, duplicates = intake.duplicates + excluded.duplicates, \
     last_message_at = COALESCE(excluded.last_message_at, intake.last_message_at)";
const BY_CHANNEL: &str = "SELECT channel_id, received, messages, held, duplicates, last_message_at FROM intake ORDER BY channel_id";

pub(super) const ALL: &[&str] = &[ADD, BY_CHANNEL];

/// One channel's counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct ChannelIntake {
    /// Which channel.
    pub channel_id: Uuid,
    /// Its counts.
    #[sqlx(flatten)]
    pub counts: Intake,
    /// When it last brought a message.
    pub last_message_at: Option<Millis>,
}

/// Adds to a channel's counts; `last_message_at` when a message was among them.
pub async fn add(
    tx: &mut Tx,
    channel: Uuid,
    counts: Intake,
    last_message_at: Option<Millis>,
) -> Result<(), Error> {
    if counts == Intake::default() {
        return Ok(());
    }
    Ok(tell!(
        &mut tx.conn,
        ADD,
        channel,
        counts.received,
        counts.messages,
        counts.held,
        counts.duplicates,
        last_message_at
    )?)
}

/// Every channel's counts, removed channels included: what they gave is still here.
pub async fn all(conn: &mut Conn) -> Result<Vec<ChannelIntake>, Error> {
    Ok(on!(conn, c => query_as(BY_CHANNEL).fetch_all(c).await)?)
}
