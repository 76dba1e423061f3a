//! Notes about patrons, for colleagues.

use uuid::Uuid;

use super::{Conn, Error, Tx, row, rows, tell};
use crate::model::Millis;
use crate::model::patron::Note;

const INSERT: &str = "INSERT INTO patron_notes (id, patron_id, staff_id, text, at, changed_at) VALUES ($1, $2, $3, $4, $5, $6)";
const BY_ID: &str = "SELECT id, patron_id, staff_id, text, at, changed_at FROM patron_notes WHERE id = $1";
const ABOUT: &str = "SELECT id, patron_id, staff_id, text, at, changed_at FROM patron_notes \
     WHERE patron_id = $1 ORDER BY id";
const CHANGE: &str = "UPDATE patron_notes SET text = $2, changed_at = $3 WHERE id = $1";
const REMOVE: &str = "DELETE FROM patron_notes WHERE id = $1";

pub(super) const ALL: &[&str] = &[INSERT, BY_ID, ABOUT, CHANGE, REMOVE];

/// Keeps a new one.
pub async fn insert(tx: &mut Tx, new: &Note) -> Result<(), Error> {
    let Note { id, patron_id, staff_id, text, at, changed_at } = new;
    Ok(tell!(&mut tx.conn, INSERT, *id, *patron_id, *staff_id, text, *at, *changed_at)?)
}

/// The note of this id.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Note>, Error> {
    Ok(row!(conn, Note, BY_ID, id)?)
}

/// What colleagues are told about a patron, oldest first.
pub async fn about(conn: &mut Conn, patron: Uuid) -> Result<Vec<Note>, Error> {
    Ok(rows!(conn, Note, ABOUT, patron)?)
}

/// It says this from now on.
pub async fn change(tx: &mut Tx, id: Uuid, text: &str, now: Millis) -> Result<(), Error> {
    Ok(tell!(&mut tx.conn, CHANGE, id, text, now)?)
}

/// It is gone.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<(), Error> {
    Ok(tell!(&mut tx.conn, REMOVE, id)?)
}
