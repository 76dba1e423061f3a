//! Who is at which conversation just now. Kept in the store so that every process knows; nothing of it is history.

use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;
use crate::model::viewing::{COUNTS_MS, Viewing};

// Of two windows of one person, one looked at and one written in, the writing counts.
const BEAT: &str = "INSERT INTO viewers (conversation_id, staff_id, seen_at, wrote_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (conversation_id, staff_id) DO UPDATE SET seen_at = excluded.seen_at, \
     wrote_at = CASE WHEN excluded.wrote_at > viewers.wrote_at THEN excluded.wrote_at ELSE viewers.wrote_at END";
const LEAVE: &str = "DELETE FROM viewers WHERE conversation_id = $1 AND staff_id = $2";
const SWEEP: &str = "DELETE FROM viewers WHERE seen_at <= $1";
const ONE: &str = "SELECT conversation_id, staff_id, seen_at, wrote_at FROM viewers \
     WHERE conversation_id = $1 AND staff_id = $2";
const FRESH: &str = "SELECT conversation_id, staff_id, seen_at, wrote_at FROM viewers WHERE seen_at > $1";

pub(super) const ALL: &[&str] = &[BEAT, LEAVE, SWEEP, ONE, FRESH];

/// Somebody is there; and what no longer counts is cleared away.
pub async fn beat(tx: &mut Tx, beat: &Viewing) -> Result<(), Error> {
    execute!(&mut **tx, BEAT, beat.conversation_id, beat.staff_id, beat.seen_at, beat.wrote_at)?;
    execute!(&mut **tx, SWEEP, beat.seen_at - COUNTS_MS)?;
    Ok(())
}

/// They look no more.
pub async fn leave(tx: &mut Tx, conversation: Uuid, staff: Uuid) -> Result<(), Error> {
    execute!(&mut **tx, LEAVE, conversation, staff)?;
    Ok(())
}

/// What one person's page last said of a conversation; whether it counts is for whoever has a clock.
pub async fn one(conn: &mut Conn, conversation: Uuid, staff: Uuid) -> Result<Option<Viewing>, Error> {
    Ok(row!(conn, Viewing, ONE, conversation, staff)?)
}

/// Everybody who is somewhere now, always in the same order.
pub async fn fresh(conn: &mut Conn, now: Millis) -> Result<Vec<Viewing>, Error> {
    let mut fresh = rows!(conn, Viewing, FRESH, now - COUNTS_MS)?;
    fresh.sort_unstable_by_key(|one| (one.conversation_id, one.staff_id));
    Ok(fresh)
}
