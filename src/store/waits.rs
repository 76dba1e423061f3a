//! Waits: how long patrons wait, row by row, so that every number can be defended.

use std::slice;

use sqlx::{FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use super::several::tell_all;
use super::{Conn, Error, Tx, execute, on, row, rows, tell};
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
/// Whoever wrote what came to us under that number could have seen what opened it.
const ANSWER: &str = "UPDATE waits SET closed_at = $2, outcome = 'answered', closed_by = $3, staff_id = $4 \
     WHERE conversation_id = $1 AND closed_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = waits.opened_by AND m.seq >= $5)";
const BEGIN_EARLIER: &str = "UPDATE waits SET opened_at = $2 \
     WHERE conversation_id = $1 AND closed_at IS NULL AND opened_at > $2";
const ENDED_BY: &str = "SELECT id, conversation_id, opened_at, \
     COALESCE((SELECT m.seq FROM messages m WHERE m.id = opened_by), 0) AS seq FROM waits WHERE closed_by = $1";
const OPEN_PLACE: &str = "SELECT id, conversation_id, opened_at, \
     COALESCE((SELECT m.seq FROM messages m WHERE m.id = opened_by), 0) AS seq FROM waits \
     WHERE conversation_id = $1 AND closed_at IS NULL";
const REMOVE: &str = "DELETE FROM waits WHERE id = $1";
const REOPEN: &str = "UPDATE waits SET opened_at = $2, closed_at = NULL, outcome = NULL, closed_by = NULL, \
     staff_id = NULL WHERE id = $1";
const REOPEN_UNANSWERED: &str = "UPDATE waits SET closed_at = NULL, outcome = NULL, closed_by = NULL, staff_id = NULL \
     WHERE id = (SELECT w.id FROM waits w LEFT JOIN messages m ON m.id = w.opened_by WHERE w.conversation_id = $1 \
     AND w.outcome = 'no_answer_needed' AND w.closed_at = (SELECT e.at FROM events e WHERE e.conversation_id = $1 \
     AND e.kind = 'closed' ORDER BY e.seq DESC LIMIT 1) ORDER BY COALESCE(m.seq, 0) DESC, w.opened_at DESC LIMIT 1) \
     AND NOT EXISTS (SELECT 1 FROM waits o WHERE o.conversation_id = $1 AND o.closed_at IS NULL) \
     RETURNING opened_at";
const REOPEN_ENDED_AT: &str = "UPDATE waits SET closed_at = NULL, outcome = NULL, closed_by = NULL, staff_id = NULL \
     WHERE id = (SELECT w.id FROM waits w LEFT JOIN messages m ON m.id = w.opened_by WHERE w.conversation_id = $1 \
     AND w.outcome = 'no_answer_needed' AND w.closed_at = $2 ORDER BY COALESCE(m.seq, 0) DESC, w.opened_at DESC LIMIT 1) \
     AND NOT EXISTS (SELECT 1 FROM waits o WHERE o.conversation_id = $1 AND o.closed_at IS NULL)";
/// Practice is looked up among the practice there is.
const OPENED_BETWEEN: &str = "SELECT w.id, w.channel_id, w.desk_id, w.opened_at, w.closed_at, w.outcome, w.staff_id \
     FROM waits w WHERE (w.opened_at, w.id) > ($1, $2) AND w.opened_at < $3 AND NOT EXISTS \
     (SELECT 1 FROM conversations c WHERE c.id = w.conversation_id AND c.outcome = 'practice') \
     ORDER BY w.opened_at, w.id LIMIT $4";
const HAS_ANY: &str = "SELECT EXISTS (SELECT 1 FROM waits WHERE conversation_id = $1)";

pub(super) const ALL: &[&str] = &[
    OPEN_OF,
    OF_CONVERSATION,
    INSERT,
    CLOSE,
    ANSWER,
    BEGIN_EARLIER,
    ENDED_BY,
    OPEN_PLACE,
    REMOVE,
    REOPEN,
    REOPEN_UNANSWERED,
    REOPEN_ENDED_AT,
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
/// that time), oldest first, at most `limit`. Those of practice are no waits.
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

/// Ends the open wait with an answer that has left, if its writer could have seen what opened it: `seq` is the number under
/// which the answer was written. `false`: nobody waits, or only for an answer to what was said later.
pub async fn answer(
    tx: &mut Tx,
    conversation: Uuid,
    at: Millis,
    answer: (Uuid, i64),
    staff: Option<Uuid>,
) -> Result<bool, Error> {
    Ok(execute!(&mut tx.conn, ANSWER, conversation, at, answer.0, staff, answer.1)? > 0)
}

/// Something that was said before the open wait began has come only now: the wait began with that.
pub async fn begin_earlier(tx: &mut Tx, conversation: Uuid, at: Millis) -> Result<(), Error> {
    Ok(tell!(&mut tx.conn, BEGIN_EARLIER, conversation, at)?)
}

/// The answer failed after all: the wait it ended is open again as if it had never been answered. What the patron said
/// meanwhile was a nudge: a wait that it opened is part of the older one from now on.
pub async fn reopen(tx: &mut Tx, answer: Uuid) -> Result<(), Error> {
    #[derive(FromRow)]
    struct Place {
        id: Uuid,
        conversation_id: Uuid,
        opened_at: Millis,
        seq: i64,
    }
    let Some(ended) = row!(&mut tx.conn, Place, ENDED_BY, answer)? else { return Ok(()) };
    let Some(open) = row!(&mut tx.conn, Place, OPEN_PLACE, ended.conversation_id)? else {
        return Ok(tell!(&mut tx.conn, REOPEN, ended.id, ended.opened_at)?);
    };
    let place = |of: &Place| (of.seq, of.opened_at);
    let (stays, goes) = if place(&open) < place(&ended) { (open, ended) } else { (ended, open) };
    tell!(&mut tx.conn, REMOVE, goes.id)?;
    Ok(tell!(&mut tx.conn, REOPEN, stays.id, stays.opened_at.min(goes.opened_at))?)
}

/// The conversation is not done after all: a wait that was ended by that, without an answer, goes on from where it began.
/// Gives since when the patron has been waiting, or nothing where that ended no wait.
pub async fn reopen_unanswered(tx: &mut Tx, conversation: Uuid) -> Result<Option<Millis>, Error> {
    Ok(on!(&mut tx.conn, c => query_scalar(REOPEN_UNANSWERED).bind(conversation).fetch_optional(c).await)?)
}

/// The wait that ended without an answer at that moment goes on, if none is open.
pub async fn reopen_ended_at(tx: &mut Tx, conversation: Uuid, at: Millis) -> Result<(), Error> {
    Ok(tell!(&mut tx.conn, REOPEN_ENDED_AT, conversation, at)?)
}
