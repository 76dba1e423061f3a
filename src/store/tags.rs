//! The house's list of tags, and which conversation bears which.

use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows, tell};
use crate::model::tag::{Tag, folded};

const LIST: &str = "SELECT id, name, created_at, removed_at FROM tags ORDER BY folded";
const BY_ID: &str = "SELECT id, name, created_at, removed_at FROM tags WHERE id = $1";
const BY_NAME: &str = "SELECT id, name, created_at, removed_at FROM tags WHERE folded = $1";
const INSERT: &str =
    "INSERT INTO tags (id, name, folded, created_at, removed_at) VALUES ($1, $2, $3, $4, $5)";
const SET: &str = "UPDATE tags SET name = $2, folded = $3, removed_at = $4 WHERE id = $1";
const PUT: &str =
    "INSERT INTO conversation_tags (tag_id, conversation_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const TAKE: &str = "DELETE FROM conversation_tags WHERE tag_id = $1 AND conversation_id = $2";

pub(super) const ALL: &[&str] = &[LIST, BY_ID, BY_NAME, INSERT, SET, PUT, TAKE];

/// Every tag that was ever on the list, by name.
pub async fn all(conn: &mut Conn) -> Result<Vec<Tag>, Error> {
    Ok(rows!(conn, Tag, LIST)?)
}

/// The tag of this id.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Tag>, Error> {
    Ok(row!(conn, Tag, BY_ID, id)?)
}

/// The tag of this name, whatever its case, on the list or not.
pub async fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Tag>, Error> {
    Ok(row!(conn, Tag, BY_NAME, folded(name))?)
}

/// Keeps a new one.
pub async fn insert(tx: &mut Tx, tag: &Tag) -> Result<(), Error> {
    execute!(&mut **tx, INSERT, tag.id, &tag.name, folded(&tag.name), tag.created_at, tag.removed_at)?;
    Ok(())
}

/// Keeps another name, or that it is off the list or on it again.
pub async fn set(tx: &mut Tx, tag: &Tag) -> Result<(), Error> {
    execute!(&mut **tx, SET, tag.id, &tag.name, folded(&tag.name), tag.removed_at)?;
    Ok(())
}

/// A conversation bears it, or does so no more; the row is the caller's to keep.
pub async fn mark(tx: &mut Tx, tag: Uuid, conversation: Uuid, bears: bool) -> Result<(), Error> {
    Ok(tell!(&mut tx.conn, if bears { PUT } else { TAKE }, tag, conversation)?)
}
