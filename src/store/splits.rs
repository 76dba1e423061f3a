//! Which conversation was part of which until somebody split it off, and what went.

use sqlx::FromRow;
use uuid::Uuid;

use super::several::tell_all;
use super::{Conn, Error, Tx, row, rows, tell};
use crate::model::split::{Piece, Split};

const INSERT: &str = "INSERT INTO splits (id, from_id, into_id, home_id, seq, at, staff_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const INSERT_MESSAGE: &str = "INSERT INTO split_messages (split_id, message_id, home_id) VALUES ($1, $2, $3)";
const PIECES: &str = "SELECT m.id, m.seq, m.at, m.direction, m.automatic, \
     COALESCE(m.home_id, m.conversation_id) AS home_id, m.address_id, \
     EXISTS (SELECT 1 FROM attachments a WHERE a.message_id = m.id) AS files, \
     (SELECT d.state FROM deliveries d WHERE d.message_id = m.id AND NOT m.automatic AND (d.settled_at IS NULL \
     OR d.state IN ('failed', 'unknown')) ORDER BY d.position LIMIT 1) AS delivery \
     FROM messages m WHERE m.conversation_id = $1 ORDER BY m.seq";
/// Whoever began it is no stranger there, whatever they were where it comes from.
const MESSAGES_GO: &str = "UPDATE messages SET conversation_id = $2, home_id = NULL, \
     unverified = unverified AND NOT EXISTS (SELECT 1 FROM addresses a WHERE a.id = messages.address_id AND a.patron_id = $3) \
     WHERE id IN (SELECT s.message_id FROM split_messages s WHERE s.split_id = $1)";
const DELIVERIES_GO: &str = "UPDATE deliveries SET conversation_id = $2 \
     WHERE message_id IN (SELECT s.message_id FROM split_messages s WHERE s.split_id = $1)";
const WRITERS: &str = "INSERT INTO conversation_addresses (conversation_id, address_id) \
     SELECT DISTINCT m.conversation_id, m.address_id FROM messages m WHERE m.conversation_id = $1 \
     AND m.direction = 'in' AND m.address_id IS NOT NULL AND NOT m.unverified ON CONFLICT DO NOTHING";
const SOURCE: &str =
    "SELECT c.id, c.thread FROM splits s JOIN conversations c ON c.id = s.home_id WHERE s.into_id = $1";
const OUT_OF: &str =
    "SELECT DISTINCT s.into_id FROM splits s JOIN split_messages m ON m.split_id = s.id WHERE m.home_id = $1";
const LAST_WITH: &str = "SELECT s.into_id FROM splits s JOIN split_messages m ON m.split_id = s.id \
     WHERE m.message_id = $1 ORDER BY s.seq DESC LIMIT 1";
const ANY: &str = "SELECT EXISTS (SELECT 1 FROM splits WHERE from_id = $1 OR into_id = $1) \
     OR EXISTS (SELECT 1 FROM split_messages WHERE home_id = $1)";

pub(super) const ALL: &[&str] =
    &[INSERT, INSERT_MESSAGE, PIECES, MESSAGES_GO, DELIVERIES_GO, WRITERS, SOURCE, OUT_OF, LAST_WITH, ANY];

/// What a conversation consists of, in the order in which it came.
pub async fn pieces(conn: &mut Conn, conversation: Uuid) -> Result<Vec<Piece>, Error> {
    Ok(rows!(conn, Piece, PIECES, conversation)?)
}

/// Keeps a new one, and takes what goes with everything that is on its way of it to where it goes, whose patron is `patron`.
/// The waits are the caller's.
pub async fn go(tx: &mut Tx, new: &Split, goes: &[(Uuid, Uuid)], patron: Uuid) -> Result<(), Error> {
    let Split { id, from_id, into_id, home_id, seq, at, staff_id } = *new;
    tell!(&mut tx.conn, INSERT, id, from_id, into_id, home_id, seq, at, staff_id)?;
    tell_all!(&mut tx.conn, INSERT_MESSAGE, goes, (message, home) => id, *message, *home)?;
    tell!(&mut tx.conn, DELIVERIES_GO, id, into_id)?;
    tell!(&mut tx.conn, MESSAGES_GO, id, into_id, patron)?;
    Ok(tell!(&mut tx.conn, WRITERS, into_id)?)
}

/// What the platform itself calls the conversation of which this was part.
pub async fn thread(conn: &mut Conn, of: Uuid) -> Result<Option<String>, Error> {
    #[derive(FromRow)]
    struct Source {
        id: Uuid,
        thread: Option<String>,
    }
    let mut id = of;
    while let Some(source) = row!(conn, Source, SOURCE, id)? {
        if source.thread.is_some() {
            return Ok(source.thread);
        }
        id = source.id;
    }
    Ok(None)
}

/// A conversation and every other one that was split off it, or off one of those.
pub async fn and_split_off(conn: &mut Conn, id: Uuid) -> Result<Vec<Uuid>, Error> {
    let mut all = vec![id];
    let mut looked_at = 0;
    while let Some(next) = all.get(looked_at).copied() {
        let off = rows!(conn, (Uuid,), OUT_OF, next)?.into_iter().map(|(id,)| id);
        all.extend(off.filter(|id| !all.contains(id)).collect::<Vec<_>>());
        looked_at += 1;
    }
    Ok(all)
}

/// Where the last split took this message.
pub async fn last_with(conn: &mut Conn, message: Uuid) -> Result<Option<Uuid>, Error> {
    Ok(row!(conn, (Uuid,), LAST_WITH, message)?.map(|(id,)| id))
}

/// Whether anything was split off this conversation, or this off another one.
pub async fn any(conn: &mut Conn, id: Uuid) -> Result<bool, Error> {
    Ok(row!(conn, (bool,), ANY, id)?.is_some_and(|(any,)| any))
}
