//! Waits: how long patrons wait, row by row, so that every number can be defended.

use std::slice;

use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::several::tell_all;
use super::{Conn, Error, Tx, on, row, rows, tell};
use crate::model::Millis;
use crate::model::wait::{Measured, Outcome, Wait};

const OPEN_OF: &str = "SELECT id, conversation_id, channel_id, desk_id, is_first, opened_at, opened_by, closed_at, \
     closed_by, staff_id FROM waits WHERE conversation_id = $1 AND closed_at IS NULL";
const OF_CONVERSATION: &str = "SELECT id, conversation_id, channel_id, desk_id, is_first, opened_at, opened_by, \
     closed_at, closed_by, staff_id FROM waits WHERE conversation_id = $1 ORDER BY opened_at, id";
const INSERT: &str = "INSERT INTO waits (id, conversation_id, channel_id, desk_id, is_first, opened_at, opened_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
const CLOSE: &str = "UPDATE waits SET closed_at = $2, outcome = $3, closed_by = $4, staff_id = $5 \
     WHERE conversation_id = $1 AND closed_at IS NULL";
const REOPEN: &str = "UPDATE waits SET closed_at = NULL, outcome = NULL, closed_by = NULL, staff_id = NULL \
     WHERE closed_by = $1 AND NOT EXISTS \
     (SELECT 1 FROM waits w WHERE w.conversation_id = waits.conversation_id AND w.closed_at IS NULL)";
const MERGE_INTO_OPEN: &str = "UPDATE waits SET opened_at = (SELECT MIN(w.opened_at) FROM waits w \
     WHERE w.conversation_id = waits.conversation_id AND (w.closed_by = $1 OR w.closed_at IS NULL)) \
     WHERE closed_at IS NULL AND conversation_id = (SELECT m.conversation_id FROM messages m WHERE m.id = $1)";
const REOPEN_UNANSWERED: &str = "UPDATE waits SET closed_at = NULL, outcome = NULL, closed_by = NULL, staff_id = NULL \
     WHERE outcome = 'no_answer_needed' AND id = \
     (SELECT w.id FROM waits w WHERE w.conversation_id = $1 ORDER BY w.opened_at DESC, w.id DESC LIMIT 1) \
     RETURNING opened_at";
const OPENED_BETWEEN: &str = "SELECT id, channel_id, desk_id, opened_at, closed_at, outcome, staff_id FROM waits \
     WHERE (opened_at, id) > ($1, $2) AND opened_at < $3 ORDER BY opened_at, id LIMIT $4";
const HAS_ANY: &str = "SELECT EXISTS (SELECT 1 FROM waits WHERE conversation_id = $1)";

pub(super) const ALL: &[&str] = &[
    OPEN_OF,
    OF_CONVERSATION,
    INSERT,
    CLOSE,
    REOPEN,
    REOPEN_UNANSWERED,
    MERGE_INTO_OPEN,
    OPENED_BETWEEN,
    HAS_ANY,
];

/// The conversation's open wait.
pub async fn open_of(conn: &mut Conn, conversation: Uuid) -> Result<Option<Wait>, Error> {
    Ok(row!(conn, Wait, OPEN_OF, conversation)?)
}

/// Every wait of a conversation, oldest first.
pub async fn of_conversation(conn: &mut Conn, conversation: Uuid) -> Result<Vec<Wait>, Error> {
    Ok(on!(conn, c => query_as(OF_CONVERSATION).bind(conversation).fetch_all(c).await)?)
}

/// Whether the conversation has ever waited.
pub async fn any(conn: &mut Conn, conversation: Uuid) -> Result<bool, Error> {
    Ok(row!(conn, (bool,), HAS_ANY, conversation)?.is_some_and(|(any,)| any))
}

/// Waits that opened before `to` and after `after` (a time and the id of one that opened then; the nil id for all of
/// that time), oldest first, at most `limit`.
pub async fn opened_between(
    conn: &mut Conn,
    after: (Millis, Uuid),
    to: Millis,
    limit: i64,
) -> Result<Vec<Measured>, Error> {
    Ok(rows!(conn, Measured, OPENED_BETWEEN, after.0, after.1, to, limit)?)
}

/// Opens a wait; one that is open stays as it is, a nudge does not reset it.
pub async fn open(tx: &mut Tx, wait: &Wait) -> Result<(), Error> {
    open_all(tx, slice::from_ref(wait)).await
}

/// Opens several, in different conversations.
pub async fn open_all(tx: &mut Tx, new: &[Wait]) -> Result<(), Error> {
    Ok(tell_all!(
        &mut tx.conn,
        INSERT,
        new,
        wait => wait.id,
        wait.conversation_id,
        wait.channel_id,
        wait.desk_id,
        wait.is_first,
        wait.opened_at,
        wait.opened_by
    )?)
}

/// Closes the open wait, if there is one. `by` is the answer, `staff` who gave it.
pub async fn close(
    tx: &mut Tx,
    conversation: Uuid,
    at: Millis,
    outcome: Outcome,
    by: Option<Uuid>,
    staff: Option<Uuid>,
) -> Result<bool, Error> {
    let rows = on!(&mut tx.conn, c => query(CLOSE)
        .bind(conversation).bind(at).bind(outcome.as_str()).bind(by).bind(staff)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// The answer failed after all: the wait it closed is open again as if it had never been answered. If the patron has
/// nudged meanwhile, the open wait is the older one's from now on.
pub async fn reopen(tx: &mut Tx, answer: Uuid) -> Result<(), Error> {
    let rows =
        on!(&mut tx.conn, c => query(REOPEN).bind(answer).execute(c).await.map(|done| done.rows_affected()))?;
    if rows == 0 {
        tell!(&mut tx.conn, MERGE_INTO_OPEN, answer)?;
    }
    Ok(())
}

/// The conversation is not done after all: a wait that ended without an answer goes on from where it began. Gives since
/// when the patron has been waiting, or nothing where the last wait was answered.
pub async fn reopen_unanswered(tx: &mut Tx, conversation: Uuid) -> Result<Option<Millis>, Error> {
    Ok(on!(&mut tx.conn, c => query_scalar(REOPEN_UNANSWERED).bind(conversation).fetch_optional(c).await)?)
}
