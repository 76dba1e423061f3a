//! Whether each channel's platform still calls us, and whose turn it is to look.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;

macro_rules! columns {
    () => {
        "s.channel_id, s.next_check_at, s.failures, s.checked_at, s.renewed_at, s.last_error"
    };
}
macro_rules! due {
    () => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM subscriptions s JOIN channels c ON c.id = s.channel_id \
             WHERE s.next_check_at <= $1 AND s.lease_until <= $1 AND c.removed_at IS NULL \
             AND c.state <> 'paused' ORDER BY s.next_check_at LIMIT $2"
        )
    };
}
const PUT: &str = "INSERT INTO subscriptions (channel_id, next_check_at, lease_until, failures) VALUES ($1, $2, 0, 0) \
     ON CONFLICT (channel_id) DO NOTHING";
const DUE: &str = due!();
const DUE_UNLOCKED: &str = concat!(due!(), " FOR UPDATE OF s SKIP LOCKED");
const LEASE: &str = "UPDATE subscriptions SET lease_holder = $2, lease_until = $3 WHERE channel_id = $1";
const FINISH: &str = "UPDATE subscriptions SET lease_until = 0, lease_holder = NULL, next_check_at = $3, failures = $4, \
     checked_at = COALESCE($5, checked_at), renewed_at = COALESCE($6, renewed_at), last_error = $7 \
     WHERE channel_id = $1 AND lease_holder = $2";
const SOON: &str = "UPDATE subscriptions SET next_check_at = 0 WHERE channel_id = $1 AND next_check_at > 0";
const EVERY: &str = concat!("SELECT ", columns!(), " FROM subscriptions s ORDER BY s.channel_id");
const NEXT_CHECK: &str = "SELECT MIN(CASE WHEN s.lease_until > s.next_check_at THEN s.lease_until ELSE s.next_check_at END) \
     AS at FROM subscriptions s JOIN channels c ON c.id = s.channel_id \
     WHERE c.removed_at IS NULL AND c.state <> 'paused'";
const FREE: &str = "UPDATE subscriptions SET lease_until = 0, lease_holder = NULL WHERE lease_until > 0";

pub(super) const ALL: &[&str] = &[PUT, DUE, LEASE, FINISH, SOON, EVERY, NEXT_CHECK, FREE];
/// Only the server has them.
pub(super) const ONLY_POSTGRES: &[&str] = &[DUE_UNLOCKED];

/// One channel's subscription.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Subscription {
    /// Which channel.
    pub channel_id: Uuid,
    /// When it is looked at next.
    pub next_check_at: Millis,
    /// How many looks in a row failed.
    pub failures: i64,
    /// When a look last succeeded.
    pub checked_at: Option<Millis>,
    /// When it was last found lapsed and renewed.
    pub renewed_at: Option<Millis>,
    /// Why the last look failed, in words; none after a success.
    pub last_error: Option<String>,
}

/// How a look ended.
#[derive(Clone, Debug)]
pub struct Looked {
    /// When it is looked at next.
    pub next_check_at: Millis,
    /// How many looks in a row failed.
    pub failures: i64,
    /// When it succeeded, if it did.
    pub checked_at: Option<Millis>,
    /// When it was renewed, if it had to be.
    pub renewed_at: Option<Millis>,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

#[derive(FromRow)]
struct NextCheck {
    at: Option<Millis>,
}

/// From now on this channel's subscription is looked at; what is known of it stays.
pub async fn put(tx: &mut Tx, channel: Uuid, first_check_at: Millis) -> Result<bool, Error> {
    Ok(execute!(&mut tx.conn, PUT, channel, first_check_at)? == 1)
}

/// Takes subscriptions that are due for this worker until `until`.
pub async fn lease(
    tx: &mut Tx,
    holder: Uuid,
    now: Millis,
    until: Millis,
    limit: i64,
) -> Result<Vec<Subscription>, Error> {
    let text = if matches!(&tx.conn, Conn::Sqlite(_)) { DUE } else { DUE_UNLOCKED };
    let due = rows!(&mut tx.conn, Subscription, text, now, limit)?;
    for one in &due {
        execute!(&mut tx.conn, LEASE, one.channel_id, holder, until)?;
    }
    Ok(due)
}

/// Writes down how a look ended and gives up the lease. False: it was lost.
pub async fn finish(tx: &mut Tx, channel: Uuid, holder: Uuid, end: &Looked) -> Result<bool, Error> {
    let touched = execute!(
        &mut tx.conn,
        FINISH,
        channel,
        holder,
        end.next_check_at,
        end.failures,
        end.checked_at,
        end.renewed_at,
        &end.error
    )?;
    Ok(touched == 1)
}

/// Looks at it at once (the platform has just told of a gap).
pub async fn soon(tx: &mut Tx, channel: Uuid) -> Result<(), Error> {
    execute!(&mut tx.conn, SOON, channel)?;
    Ok(())
}

/// Every channel's subscription.
pub async fn all(conn: &mut Conn) -> Result<Vec<Subscription>, Error> {
    Ok(rows!(conn, Subscription, EVERY)?)
}

/// When the next look falls due.
pub async fn next_check(conn: &mut Conn) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, NextCheck, NEXT_CHECK)?.and_then(|next| next.at))
}

/// Gives up the lease of everybody, whoever they were; gives how many there were.
pub async fn free(tx: &mut Tx) -> Result<u64, Error> {
    Ok(execute!(&mut tx.conn, FREE)?)
}
