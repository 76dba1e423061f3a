//! Searches that people keep under a name.

use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::saved::Saved;

const LIST: &str = "SELECT id, staff_id, desk_id, name, query, version, created_at, changed_at FROM saved_searches \
     WHERE staff_id = $1 OR desk_id IS NOT NULL ORDER BY name, id LIMIT 2000";
const BY_ID: &str = "SELECT id, staff_id, desk_id, name, query, version, created_at, changed_at FROM saved_searches \
     WHERE id = $1";
const OWN: &str = "SELECT COUNT(*) FROM saved_searches WHERE staff_id = $1";
const AT_DESK: &str = "SELECT COUNT(*) FROM saved_searches WHERE desk_id = $1";
const INSERT: &str = "INSERT INTO saved_searches (id, staff_id, desk_id, name, query, version, created_at, changed_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const CHANGE: &str = "UPDATE saved_searches SET name = $3, query = $4, desk_id = $5, version = version + 1, \
     changed_at = $6 WHERE id = $1 AND version = $2";
const REMOVE: &str = "DELETE FROM saved_searches WHERE id = $1 AND version = $2";

pub(super) const ALL: &[&str] = &[LIST, BY_ID, OWN, AT_DESK, INSERT, CHANGE, REMOVE];

/// Somebody's own and every desk's, by name.
pub async fn own_and_shared(conn: &mut Conn, staff: Uuid) -> Result<Vec<Saved>, Error> {
    Ok(rows!(conn, Saved, LIST, staff)?)
}

/// One of them.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Saved>, Error> {
    Ok(row!(conn, Saved, BY_ID, id)?)
}

/// How many somebody keeps.
pub async fn own(conn: &mut Conn, staff: Uuid) -> Result<i64, Error> {
    Ok(row!(conn, (i64,), OWN, staff)?.map_or(0, |(count,)| count))
}

/// How many a desk has.
pub async fn at_desk(conn: &mut Conn, desk: Uuid) -> Result<i64, Error> {
    Ok(row!(conn, (i64,), AT_DESK, desk)?.map_or(0, |(count,)| count))
}

/// Keeps a new one.
pub async fn insert(tx: &mut Tx, new: &Saved) -> Result<(), Error> {
    let Saved { id, staff_id, desk_id, name, query, version, created_at, changed_at } = new;
    execute!(&mut **tx, INSERT, id, staff_id, *desk_id, name, query, version, created_at, changed_at)?;
    Ok(())
}

/// Keeps what changed of one that still has this version, and gives it the next. `false`: it has another.
pub async fn change(tx: &mut Tx, saved: &Saved) -> Result<bool, Error> {
    let Saved { id, name, query, desk_id, version, changed_at, .. } = saved;
    Ok(execute!(&mut **tx, CHANGE, id, version, name, query, *desk_id, changed_at)? == 1)
}

/// Takes one of this version away. `false`: it has another.
pub async fn remove(tx: &mut Tx, id: Uuid, version: i64) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, REMOVE, id, version)? == 1)
}
