//! Which conversation is part of which, and what moves with that.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows, tell};
use crate::model::Millis;
use crate::model::merge::Merge;

const INSERT: &str =
    "INSERT INTO merges (id, from_id, into_id, seq, at, staff_id, kept) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const STANDING: &str = "SELECT id, from_id, into_id, seq, at, staff_id, kept, undone_at FROM merges \
     WHERE from_id = $1 AND undone_at IS NULL";
const INTO: &str = "SELECT id, from_id, into_id, seq, at, staff_id, kept, undone_at FROM merges \
     WHERE into_id = $1 AND undone_at IS NULL ORDER BY seq";
const LAST_OF: &str = "SELECT id, from_id, into_id, seq, at, staff_id, kept, undone_at FROM merges \
     WHERE from_id = $1 ORDER BY seq DESC LIMIT 1";
const UNDO: &str = "UPDATE merges SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL";
const ON: &str = "SELECT merged_into FROM conversations WHERE id = $1";
const SIZE: &str = "SELECT COUNT(*) FROM messages WHERE conversation_id = $1";
const MESSAGES_GO: &str =
    "UPDATE messages SET conversation_id = $2, home_id = COALESCE(home_id, $1) WHERE conversation_id = $1";
const DELIVERIES_GO: &str = "UPDATE deliveries SET conversation_id = $2 WHERE conversation_id = $1";
const WAITS_GO: &str = "UPDATE waits SET conversation_id = $2 WHERE conversation_id = $1";
/// `home_id` is said again only where it is another one still.
const DELIVERIES_BACK: &str = "UPDATE deliveries SET conversation_id = $2 WHERE message_id IN \
     (SELECT m.id FROM messages m WHERE m.home_id = $1 AND m.conversation_id = $3)";
const MESSAGES_BACK: &str = "UPDATE messages SET conversation_id = $2, home_id = NULLIF(home_id, $2) \
     WHERE home_id = $1 AND conversation_id = $3";
const SINCE: &str = "SELECT MAX(CASE WHEN m.direction = 'in' THEN m.at END) AS patron_at, \
     MAX(CASE WHEN m.direction <> 'inside' THEN m.at END) AS at, \
     EXISTS (SELECT 1 FROM attachments a JOIN messages f ON f.id = a.message_id \
     WHERE f.conversation_id = $1 AND f.seq > $2 AND f.direction = 'in') AS files \
     FROM messages m WHERE m.conversation_id = $1 AND m.seq > $2";
const REMOVE_WAIT: &str = "DELETE FROM waits WHERE id = $1";
const OWN_LAST_AT: &str =
    "SELECT MAX(at) FROM messages WHERE conversation_id = $1 AND direction = 'in' AND home_id IS NULL";
const ANY_INTO: &str = "SELECT EXISTS (SELECT 1 FROM merges WHERE into_id = $1 AND undone_at IS NULL)";

pub(super) const ALL: &[&str] = &[
    INSERT,
    STANDING,
    INTO,
    LAST_OF,
    UNDO,
    ON,
    SIZE,
    MESSAGES_GO,
    DELIVERIES_GO,
    WAITS_GO,
    DELIVERIES_BACK,
    MESSAGES_BACK,
    SINCE,
    REMOVE_WAIT,
    OWN_LAST_AT,
    ANY_INTO,
];

/// What was said in a conversation after a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Said {
    /// When the patron last wrote.
    pub patron_at: Option<Millis>,
    /// When anybody last wrote.
    pub at: Option<Millis>,
    /// Whether it brought files.
    pub files: bool,
}

/// Keeps a new one.
pub async fn insert(tx: &mut Tx, new: &Merge) -> Result<(), Error> {
    let Merge { id, from_id, into_id, seq, at, staff_id, kept, .. } = new;
    Ok(tell!(&mut tx.conn, INSERT, id, from_id, into_id, *seq, *at, staff_id, kept)?)
}

/// The merge by which this conversation is part of another one.
pub async fn standing(conn: &mut Conn, from: Uuid) -> Result<Option<Merge>, Error> {
    Ok(row!(conn, Merge, STANDING, from)?)
}

/// The last one of this conversation, undone or not.
pub async fn last_of(conn: &mut Conn, from: Uuid) -> Result<Option<Merge>, Error> {
    Ok(row!(conn, Merge, LAST_OF, from)?)
}

/// Those by which others are part of this one, in their order.
pub async fn into(conn: &mut Conn, into: Uuid) -> Result<Vec<Merge>, Error> {
    Ok(rows!(conn, Merge, INTO, into)?)
}

/// Whether any other conversation is part of this one.
pub async fn any_into(conn: &mut Conn, into: Uuid) -> Result<bool, Error> {
    Ok(row!(conn, (bool,), ANY_INTO, into)?.is_some_and(|(any,)| any))
}

/// It stands no more.
pub async fn undo(tx: &mut Tx, id: Uuid, at: Millis) -> Result<(), Error> {
    execute!(&mut tx.conn, UNDO, id, at)?;
    Ok(())
}

/// Where a conversation is found: itself, or what it became part of, through as many as there are.
pub async fn root(conn: &mut Conn, of: Uuid) -> Result<Uuid, Error> {
    let mut id = of;
    while let Some(on) = row!(conn, (Option<Uuid>,), ON, id)?.and_then(|(on,)| on) {
        id = on;
    }
    Ok(id)
}

/// A conversation and every other one that leads to it.
pub async fn leading_to(conn: &mut Conn, id: Uuid) -> Result<Vec<Uuid>, Error> {
    let mut all = vec![id];
    let mut looked_at = 0;
    while let Some(next) = all.get(looked_at).copied() {
        all.extend(into(conn, next).await?.into_iter().map(|merge| merge.from_id));
        looked_at += 1;
    }
    Ok(all)
}

/// How many messages are in a conversation.
pub async fn size(conn: &mut Conn, id: Uuid) -> Result<i64, Error> {
    Ok(row!(conn, (i64,), SIZE, id)?.map_or(0, |(count,)| count))
}

/// Takes everything that was said, is on its way or waits in one conversation into another.
pub async fn go(tx: &mut Tx, from: Uuid, into: Uuid) -> Result<(), Error> {
    for text in [MESSAGES_GO, DELIVERIES_GO, WAITS_GO] {
        tell!(&mut tx.conn, text, from, into)?;
    }
    Ok(())
}

/// Takes what belongs to these threads back out of a conversation, into another one. The waits are the caller's.
pub async fn go_back(tx: &mut Tx, threads: &[Uuid], from: Uuid, to: Uuid) -> Result<(), Error> {
    for thread in threads {
        tell!(&mut tx.conn, DELIVERIES_BACK, *thread, to, from)?;
        tell!(&mut tx.conn, MESSAGES_BACK, *thread, to, from)?;
    }
    Ok(())
}

/// This wait is part of another one from now on.
pub async fn end_wait(tx: &mut Tx, wait: Uuid) -> Result<(), Error> {
    Ok(tell!(&mut tx.conn, REMOVE_WAIT, wait)?)
}

/// What was said in a conversation after a number.
pub async fn since(conn: &mut Conn, conversation: Uuid, seq: i64) -> Result<Said, Error> {
    Ok(row!(conn, Said, SINCE, conversation, seq)?.unwrap_or_default())
}

/// When a conversation's own patron last wrote in it, whatever is merged into it.
pub async fn own_last_at(conn: &mut Conn, conversation: Uuid) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, (Option<i64>,), OWN_LAST_AT, conversation)?.and_then(|(at,)| at))
}
