//! What the library decided, by name.

use super::{Conn, Error, Tx, execute, row};

pub(super) const ALL: &[&str] = &[GET, SET, REMOVE];

const GET: &str = "SELECT value FROM settings WHERE name = $1";
const SET: &str = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const REMOVE: &str = "DELETE FROM settings WHERE name = $1";

/// What was decided, if anything was.
pub async fn get(conn: &mut Conn, name: &str) -> Result<Option<String>, Error> {
    let found = row!(conn, (String,), GET, name)?;
    Ok(found.map(|(value,)| value))
}

/// Decides.
pub async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<(), Error> {
    execute!(&mut **tx, SET, name, value)?;
    Ok(())
}

/// Forgets the decision; the program's own default counts again.
pub async fn remove(tx: &mut Tx, name: &str) -> Result<(), Error> {
    execute!(&mut **tx, REMOVE, name)?;
    Ok(())
}
