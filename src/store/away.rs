//! What desks say by themselves while they are closed, and to whom it was said.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row};
use crate::model::Millis;
use crate::model::away::Text;

const TEXT: &str = "SELECT text, short, changed_at FROM away_texts WHERE desk_id = $1";
const PUT: &str = "INSERT INTO away_texts (desk_id, text, short, changed_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (desk_id) DO UPDATE SET text = excluded.text, short = excluded.short, changed_at = excluded.changed_at";
const REMOVE: &str = "DELETE FROM away_texts WHERE desk_id = $1";
const KEEP: &str = "INSERT INTO away_answers (message_id, conversation_id, patron_id, at, opens_at) \
     VALUES ($1, $2, $3, $4, $5)";
const TOLD: &str = "SELECT (SELECT MAX(p.at) FROM away_answers p WHERE p.patron_id = $1) AS patron_at, \
     (SELECT MAX(h.at) FROM away_answers h WHERE h.conversation_id = $2) AS here_at, \
     (SELECT MAX(m.at) FROM messages m WHERE m.conversation_id = $2 AND m.direction = 'out' AND NOT m.automatic) \
     AS answered_at";
const OPENS_AT: &str = "SELECT opens_at FROM away_answers WHERE message_id = $1";

pub(super) const ALL: &[&str] = &[TEXT, PUT, REMOVE, KEEP, TOLD, OPENS_AT];

/// That somebody was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// With which message.
    pub message_id: Uuid,
    /// Where.
    pub conversation_id: Uuid,
    /// Who.
    pub patron_id: Uuid,
    /// When.
    pub at: Millis,
    /// When the desk opens again, as they were told.
    pub opens_at: Millis,
}

/// What was said before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Told {
    /// When this patron was last told.
    pub patron_at: Option<Millis>,
    /// When it was last said in this conversation.
    pub here_at: Option<Millis>,
    /// When a person of ours last said something in it.
    pub answered_at: Option<Millis>,
}

/// What a desk says; none: nothing.
pub async fn text(conn: &mut Conn, desk: Uuid) -> Result<Option<Text>, Error> {
    let kept = row!(conn, (String, Option<String>, Millis), TEXT, desk)?;
    Ok(kept.map(|(text, short, changed_at)| Text { text, short, changed_at }))
}

/// Has a desk say this.
pub async fn put(tx: &mut Tx, desk: Uuid, new: &Text) -> Result<(), Error> {
    let Text { text, short, changed_at } = new;
    execute!(&mut **tx, PUT, desk, text, short.as_deref(), changed_at)?;
    Ok(())
}

/// Has it say nothing.
pub async fn remove(tx: &mut Tx, desk: Uuid) -> Result<(), Error> {
    execute!(&mut **tx, REMOVE, desk)?;
    Ok(())
}

/// Keeps that somebody was told; the message is kept already.
pub async fn keep(tx: &mut Tx, new: &Answer) -> Result<(), Error> {
    let Answer { message_id, conversation_id, patron_id, at, opens_at } = new;
    execute!(&mut **tx, KEEP, message_id, conversation_id, patron_id, at, opens_at)?;
    Ok(())
}

/// What was said before to a patron and in a conversation.
pub async fn told(conn: &mut Conn, patron: Uuid, conversation: Uuid) -> Result<Told, Error> {
    Ok(row!(conn, Told, TOLD, patron, conversation)?.unwrap_or_default())
}

/// When the desk opens again by what this message says; none: it says nothing of the kind.
pub async fn opens_at(conn: &mut Conn, message: Uuid) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, (Millis,), OPENS_AT, message)?.map(|(at,)| at))
}
