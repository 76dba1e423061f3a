//! Until when a platform wants to be left alone. The row is what every process obeys.

use sqlx::FromRow;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;

const NOTE: &str = "INSERT INTO rates (scope, until, why, noted_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (scope) DO UPDATE SET until = excluded.until, why = excluded.why, noted_at = excluded.noted_at \
     WHERE excluded.until >= rates.until OR rates.until <= excluded.noted_at";
const LIFT: &str = "DELETE FROM rates WHERE scope = $1";
const IN_FORCE: &str = "SELECT scope, until, why, noted_at FROM rates \
     WHERE scope IN ($1, $2, $3) AND until > $4 ORDER BY until DESC LIMIT 1";
const EVERY: &str = "SELECT scope, until, why, noted_at FROM rates WHERE until > $1 ORDER BY scope";
const FORGET: &str = "DELETE FROM rates WHERE until <= $1";

pub(super) const ALL: &[&str] = &[NOTE, LIFT, IN_FORCE, EVERY, FORGET];

/// One limit.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Rate {
    /// What it covers, as [`crate::model::rate`] names it.
    pub scope: String,
    /// Until when nobody asks.
    pub until: Millis,
    /// In words.
    pub why: String,
    /// When the platform said so.
    pub noted_at: Millis,
}

/// Writes a limit down. One that is in force and lasts longer stays as it is.
pub async fn note(tx: &mut Tx, new: &Rate) -> Result<(), Error> {
    execute!(&mut **tx, NOTE, &new.scope, new.until, &new.why, new.noted_at)?;
    Ok(())
}

/// The limit no longer counts.
pub async fn lift(tx: &mut Tx, scope: &str) -> Result<(), Error> {
    execute!(&mut **tx, LIFT, scope)?;
    Ok(())
}

/// The limit that lasts longest of those that cover any of these.
pub async fn in_force(conn: &mut Conn, scopes: &[String; 3], now: Millis) -> Result<Option<Rate>, Error> {
    let [account, app, endpoint] = scopes;
    Ok(row!(conn, Rate, IN_FORCE, account, app, endpoint, now)?)
}

/// Every limit in force.
pub async fn all(conn: &mut Conn, now: Millis) -> Result<Vec<Rate>, Error> {
    Ok(rows!(conn, Rate, EVERY, now)?)
}

/// Takes out limits that ended before `then`; gives how many.
pub async fn forget(tx: &mut Tx, then: Millis) -> Result<u64, Error> {
    Ok(execute!(&mut **tx, FORGET, then)?)
}
