//! Hand-offs: each once, with what came of it.

use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;
use crate::model::handoff::{Handoff, Outcome};

macro_rules! columns {
    () => {
        "h.id, h.conversation_id, h.from_staff_id, h.from_desk_id, h.to_staff_id, h.to_desk_id, h.reason, h.summary, \
         h.at, h.falls_back_at, h.settled_at FROM handoffs h"
    };
}

const INSERT: &str = "INSERT INTO handoffs (id, conversation_id, from_staff_id, from_desk_id, to_staff_id, to_desk_id, \
     reason, summary, at, falls_back_at, settled_at, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const BY_ID: &str = concat!("SELECT ", columns!(), " WHERE h.id = $1");
const OPEN_OF: &str =
    concat!("SELECT ", columns!(), " WHERE h.conversation_id = $1 AND h.settled_at IS NULL");
/// Done meanwhile: nobody need answer.
const OPEN_TO: &str = concat!(
    "SELECT ",
    columns!(),
    " JOIN conversations c ON c.id = h.conversation_id \
     WHERE h.to_staff_id = $1 AND h.settled_at IS NULL AND c.state <> 'done' ORDER BY h.at, h.id LIMIT 100"
);
const SETTLE: &str =
    "UPDATE handoffs SET settled_at = $2, outcome = $3, why = $4 WHERE id = $1 AND settled_at IS NULL";
const WITHDRAW: &str = "UPDATE handoffs SET settled_at = $2, outcome = 'withdrawn' \
     WHERE conversation_id = $1 AND settled_at IS NULL";
const ASK_AGAIN: &str =
    "UPDATE handoffs SET settled_at = NULL, outcome = NULL WHERE id = $1 AND outcome = 'withdrawn'";
const DUE: &str = "SELECT id FROM handoffs WHERE settled_at IS NULL AND falls_back_at <= $1 \
     ORDER BY falls_back_at, id LIMIT $2";
const NEXT_DUE: &str = "SELECT MIN(falls_back_at) FROM handoffs WHERE settled_at IS NULL";

pub(super) const ALL: &[&str] =
    &[INSERT, BY_ID, OPEN_OF, OPEN_TO, SETTLE, WITHDRAW, ASK_AGAIN, DUE, NEXT_DUE];

/// Keeps a new one. `outcome` is what came of it already; none: a person is asked, and no other may be asked about this
/// conversation until that ends.
pub async fn insert(tx: &mut Tx, new: &Handoff, outcome: Option<Outcome>) -> Result<(), Error> {
    execute!(
        &mut **tx,
        INSERT,
        new.id,
        new.conversation_id,
        new.from_staff_id,
        new.from_desk_id,
        new.to_staff_id,
        new.to_desk_id,
        new.reason.as_str(),
        &new.summary,
        new.at,
        new.falls_back_at,
        new.settled_at,
        outcome.map(Outcome::as_str)
    )?;
    Ok(())
}

/// The hand-off of this id.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Handoff>, Error> {
    Ok(row!(conn, Handoff, BY_ID, id)?)
}

/// The one that a person has not answered yet.
pub async fn open_of(conn: &mut Conn, conversation: Uuid) -> Result<Option<Handoff>, Error> {
    Ok(row!(conn, Handoff, OPEN_OF, conversation)?)
}

/// What this person is asked to take, longest asked first, a hundred at most.
pub async fn open_to(conn: &mut Conn, staff: Uuid) -> Result<Vec<Handoff>, Error> {
    Ok(rows!(conn, Handoff, OPEN_TO, staff)?)
}

/// Ends one. `false`: it had ended already.
pub async fn settle(
    tx: &mut Tx,
    id: Uuid,
    at: Millis,
    outcome: Outcome,
    why: Option<&str>,
) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, SETTLE, id, at, outcome.as_str(), why)? == 1)
}

/// Ends the one that a person has not answered yet, as taken back. `false`: there is none.
pub async fn withdraw_of(tx: &mut Tx, conversation: Uuid, at: Millis) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, WITHDRAW, conversation, at)? == 1)
}

/// The person is asked still, as if nobody had taken it back.
pub async fn ask_again(tx: &mut Tx, id: Uuid) -> Result<(), Error> {
    execute!(&mut **tx, ASK_AGAIN, id)?;
    Ok(())
}

/// What nobody answered until now, longest ago first.
pub async fn due(conn: &mut Conn, now: Millis, most: i64) -> Result<Vec<Uuid>, Error> {
    Ok(rows!(conn, (Uuid,), DUE, now, most)?.into_iter().map(|(id,)| id).collect())
}

/// When the next of them falls back.
pub async fn next_due(conn: &mut Conn) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, (Option<i64>,), NEXT_DUE)?.and_then(|(at,)| at))
}
