//! What waits can be reckoned from, and what is kept of them: some conversations at a time, in the order of their ids.

use sqlx::FromRow;
use uuid::Uuid;

use super::several::tell_all;
use super::{Conn, Error, Tx, row, rows, tell};
use crate::model::Millis;
use crate::model::history::{Kept, Line, Reckoned};

const CONVERSATIONS: &str = "SELECT c.id, c.number, c.channel_id, COALESCE((SELECT d.from_desk_id FROM moves d \
     WHERE d.conversation_id = c.id ORDER BY d.seq LIMIT 1), c.desk_id) AS desk_id, c.waiting_since \
     FROM conversations c WHERE c.id > $1 ORDER BY c.id LIMIT $2";
const LINES: &str = "SELECT e.conversation_id, e.seq, e.at, e.kind, e.staff_id, e.detail, e.message_id, \
     m.seq AS said_seq, m.at AS said_at, m.automatic, m.staff_id AS author_id, d.to_desk_id FROM events e \
     LEFT JOIN messages m ON m.id = e.message_id \
     LEFT JOIN moves d ON d.conversation_id = e.conversation_id AND d.seq = e.seq \
     WHERE (e.conversation_id, e.seq) > ($1, $2) AND e.conversation_id <= $3 \
     AND (e.kind IN ('opened', 'message', 'sent', 'echo', 'failed', 'closed', 'reopened', 'spam', 'not_spam') OR d.seq IS NOT NULL) \
     ORDER BY e.conversation_id, e.seq LIMIT $4";
const KEPT: &str = "SELECT id, conversation_id, channel_id, desk_id, is_first, opened_at, opened_by, closed_at, \
     outcome, closed_by, staff_id FROM waits WHERE conversation_id > $1 AND conversation_id <= $2 \
     ORDER BY conversation_id";
const ANSWER_ON_ITS_WAY: &str =
    "SELECT EXISTS (SELECT 1 FROM deliveries WHERE conversation_id = $1 AND settled_at IS NULL)";
const FORGET: &str = "DELETE FROM waits WHERE conversation_id = $1";
const KEEP: &str = "INSERT INTO waits (id, conversation_id, channel_id, desk_id, is_first, opened_at, opened_by, \
     closed_at, outcome, closed_by, staff_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

pub(super) const ALL: &[&str] = &[CONVERSATIONS, LINES, KEPT, ANSWER_ON_ITS_WAY, FORGET, KEEP];

/// A conversation whose waits are reckoned.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Told {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub number: i64,
    /// By which it came.
    pub channel_id: Uuid,
    /// The desk it began at.
    pub desk_id: Uuid,
    /// Since when its row says that the patron waits.
    pub waiting_since: Option<Millis>,
}

/// The next conversations after this id, `most` at most.
pub async fn next(conn: &mut Conn, after: Uuid, most: i64) -> Result<Vec<Told>, Error> {
    Ok(rows!(conn, Told, CONVERSATIONS, after, most)?)
}

/// The next lines after a place (a conversation and a number) of the conversations up to `last`, in their order.
pub async fn lines(conn: &mut Conn, after: (Uuid, i64), last: Uuid, most: i64) -> Result<Vec<Line>, Error> {
    Ok(rows!(conn, Line, LINES, after.0, after.1, last, most)?)
}

/// The waits that are kept of the conversations after one id up to another.
pub async fn kept(conn: &mut Conn, after: Uuid, last: Uuid) -> Result<Vec<Kept>, Error> {
    Ok(rows!(conn, Kept, KEPT, after, last)?)
}

/// Whether something was answered of which nobody knows yet whether it left.
pub async fn answer_on_its_way(conn: &mut Conn, conversation: Uuid) -> Result<bool, Error> {
    Ok(row!(conn, (bool,), ANSWER_ON_ITS_WAY, conversation)?.is_some_and(|(any,)| any))
}

/// Keeps these waits of a conversation and no others, under these ids.
pub async fn replace(
    tx: &mut Tx,
    conversation: Uuid,
    channel: Uuid,
    waits: &[(Uuid, Reckoned)],
) -> Result<(), Error> {
    tell!(&mut tx.conn, FORGET, conversation)?;
    Ok(tell_all!(
        &mut tx.conn,
        KEEP,
        waits,
        (id, wait) => id,
        conversation,
        channel,
        wait.desk_id,
        wait.is_first,
        wait.opened_at,
        wait.opened_by,
        wait.end.map(|end| end.at),
        wait.end.map(|end| end.outcome.as_str()),
        wait.end.and_then(|end| end.by),
        wait.end.and_then(|end| end.staff_id)
    )?)
}
