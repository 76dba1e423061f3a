//! Who watches what that is not theirs. A watch ends when the conversation is done, so that a person's are few: they are
//! found by their own key and may be counted.

use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;

const PUT: &str =
    "INSERT INTO watches (staff_id, conversation_id, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const END: &str = "DELETE FROM watches WHERE staff_id = $1 AND conversation_id = $2";
const END_ALL_OF: &str = "DELETE FROM watches WHERE conversation_id = $1";
const WATCHES: &str = "SELECT EXISTS (SELECT 1 FROM watches WHERE staff_id = $1 AND conversation_id = $2)";
const OF: &str = "SELECT conversation_id FROM watches WHERE staff_id = $1";
const WATCHERS: &str = "SELECT staff_id, since FROM watches WHERE conversation_id = $1";
const COUNT: &str = "SELECT COUNT(*) FROM watches WHERE staff_id = $1";

pub(super) const ALL: &[&str] = &[PUT, END, END_ALL_OF, WATCHES, OF, WATCHERS, COUNT];

/// Begins to watch; who does already goes on.
pub async fn put(tx: &mut Tx, staff: Uuid, conversation: Uuid, now: Millis) -> Result<(), Error> {
    execute!(&mut **tx, PUT, staff, conversation, now)?;
    Ok(())
}

/// Watches no more.
pub async fn end(tx: &mut Tx, staff: Uuid, conversation: Uuid) -> Result<(), Error> {
    execute!(&mut **tx, END, staff, conversation)?;
    Ok(())
}

/// Nobody watches it any more.
pub async fn end_all_of(tx: &mut Tx, conversation: Uuid) -> Result<(), Error> {
    execute!(&mut **tx, END_ALL_OF, conversation)?;
    Ok(())
}

/// Whether this person watches it.
pub async fn watches(conn: &mut Conn, staff: Uuid, conversation: Uuid) -> Result<bool, Error> {
    Ok(row!(conn, (bool,), WATCHES, staff, conversation)?.is_some_and(|(watches,)| watches))
}

/// What this person watches.
pub async fn of(conn: &mut Conn, staff: Uuid) -> Result<Vec<Uuid>, Error> {
    Ok(rows!(conn, (Uuid,), OF, staff)?.into_iter().map(|(id,)| id).collect())
}

/// Who watches a conversation, and since when.
pub async fn watchers(conn: &mut Conn, conversation: Uuid) -> Result<Vec<(Uuid, Millis)>, Error> {
    Ok(rows!(conn, (Uuid, i64), WATCHERS, conversation)?)
}

/// How much this person watches.
pub async fn count(conn: &mut Conn, staff: Uuid) -> Result<i64, Error> {
    Ok(row!(conn, (i64,), COUNT, staff)?.map_or(0, |(count,)| count))
}
