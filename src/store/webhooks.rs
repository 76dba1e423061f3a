//! Addresses of other programs, whose turn it is to call them, and how the latest calls went.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;
use crate::model::webhook::{Attempt, Webhook};

/// How many calls of each address are remembered.
const REMEMBERED: i64 = 100;

macro_rules! columns {
    () => {
        "id, url, kinds, with_text, sealed_secret, created_at, seq, tries, failing_since, next_at, last_success_at, \
         off_since, off_why"
    };
}
macro_rules! behind {
    () => {
        "off_since IS NULL AND seq < (SELECT value FROM sequences WHERE name = 'event')"
    };
}
const INSERT: &str = "INSERT INTO webhooks (id, url, kinds, with_text, sealed_secret, created_at, seq, tries, next_at, \
     lease_until) VALUES ($1, $2, $3, $4, $5, $6, (SELECT value FROM sequences WHERE name = 'event'), 0, 0, 0)";
const EVERY: &str = concat!("SELECT ", columns!(), " FROM webhooks ORDER BY created_at, id");
const BY_ID: &str = concat!("SELECT ", columns!(), " FROM webhooks WHERE id = $1");
const REMOVE: &str = "DELETE FROM webhooks WHERE id = $1";
const ANY: &str = "SELECT id FROM webhooks LIMIT 1";
const ANY_DUE: &str =
    concat!("SELECT id FROM webhooks WHERE next_at <= $1 AND lease_until <= $1 AND ", behind!(), " LIMIT 1");
const LEASE: &str = concat!(
    "UPDATE webhooks SET lease_holder = $1, lease_until = $2 WHERE id IN (SELECT id FROM webhooks \
     WHERE next_at <= $3 AND lease_until <= $3 AND ",
    behind!(),
    " ORDER BY next_at, id LIMIT $4) RETURNING ",
    columns!()
);
const STEP: &str = "UPDATE webhooks SET seq = $3, tries = $4, failing_since = $5, next_at = $6, \
     last_success_at = COALESCE($7, last_success_at), off_since = $8, off_why = $9, lease_until = $10 \
     WHERE id = $1 AND lease_holder = $2 AND off_since IS NULL";
const SWITCH: &str = "UPDATE webhooks SET off_since = $2, off_why = $3, tries = 0, failing_since = NULL, next_at = 0, \
     lease_holder = NULL, lease_until = 0 WHERE id = $1";
const NEXT_DUE: &str = concat!(
    "SELECT MIN(CASE WHEN lease_until > next_at THEN lease_until ELSE next_at END) AS at FROM webhooks WHERE ",
    behind!()
);
const ADD_ATTEMPT: &str = "INSERT INTO webhook_attempts (id, webhook_id, seq, kind, at, took_ms, status, why) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const FORGET_OLD: &str = "DELETE FROM webhook_attempts WHERE webhook_id = $1 AND id NOT IN \
     (SELECT id FROM webhook_attempts WHERE webhook_id = $1 ORDER BY at DESC, COALESCE(seq, 0) DESC, id DESC LIMIT $2)";
const FORGET: &str = "DELETE FROM webhook_attempts WHERE webhook_id = $1";
const ATTEMPTS: &str = "SELECT id, webhook_id, seq, kind, at, took_ms, status, why FROM webhook_attempts \
     WHERE webhook_id = $1 ORDER BY at DESC, COALESCE(seq, 0) DESC, id DESC";
const ATTEMPT: &str = "SELECT id, webhook_id, seq, kind, at, took_ms, status, why FROM webhook_attempts \
     WHERE webhook_id = $1 AND id = $2";

pub(super) const ALL: &[&str] = &[
    INSERT,
    EVERY,
    BY_ID,
    REMOVE,
    ANY,
    ANY_DUE,
    LEASE,
    STEP,
    SWITCH,
    NEXT_DUE,
    ADD_ATTEMPT,
    FORGET_OLD,
    FORGET,
    ATTEMPTS,
    ATTEMPT,
];

#[derive(FromRow)]
struct NextDue {
    at: Option<Millis>,
}

/// Where an address stands after a call; it is let go of at `lease_until`, in the past: at once.
#[derive(Clone, Debug)]
pub struct Step {
    /// The last line that it was told, or did not want.
    pub seq: i64,
    /// How often in a row it did not take the next one.
    pub tries: i64,
    /// Since when it has taken nothing.
    pub failing_since: Option<Millis>,
    /// It is not called before then.
    pub next_at: Millis,
    /// When it took something, if it just did.
    pub last_success_at: Option<Millis>,
    /// That it is called no more: since when and why.
    pub off: Option<(Millis, String)>,
    /// How long it is held on to.
    pub lease_until: Millis,
}

/// Registers an address. It is told what happens from now on.
pub async fn insert(tx: &mut Tx, new: &Webhook) -> Result<(), Error> {
    let Webhook { id, url, kinds, with_text, sealed_secret, created_at, .. } = new;
    execute!(&mut **tx, INSERT, id, url, kinds, *with_text, sealed_secret, created_at)?;
    Ok(())
}

/// Every address, the oldest first.
pub async fn all(conn: &mut Conn) -> Result<Vec<Webhook>, Error> {
    Ok(rows!(conn, Webhook, EVERY)?)
}

/// One address.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Webhook>, Error> {
    Ok(row!(conn, Webhook, BY_ID, id)?)
}

/// Takes an address away with what is remembered of it. `false`: there is none.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<bool, Error> {
    execute!(&mut **tx, FORGET, id)?;
    Ok(execute!(&mut **tx, REMOVE, id)? == 1)
}

/// Whether there is any.
pub async fn any(conn: &mut Conn) -> Result<bool, Error> {
    Ok(row!(conn, (Uuid,), ANY)?.is_some())
}

/// Whether any is to be called now.
pub async fn any_due(conn: &mut Conn, now: Millis) -> Result<bool, Error> {
    Ok(row!(conn, (Uuid,), ANY_DUE, now)?.is_some())
}

/// Takes hold of at most so many that are to be called now.
pub async fn lease(
    tx: &mut Tx,
    holder: Uuid,
    now: Millis,
    until: Millis,
    most: i64,
) -> Result<Vec<Webhook>, Error> {
    Ok(rows!(&mut **tx, Webhook, LEASE, holder, until, now, most)?)
}

/// Writes down where an address stands. `false`: it is somebody else's, switched off or gone, and nothing was written.
pub async fn step(tx: &mut Tx, id: Uuid, holder: Uuid, to: &Step) -> Result<bool, Error> {
    let Step { seq, tries, failing_since, next_at, last_success_at, off, lease_until } = to;
    let (off_since, off_why) = off.as_ref().map(|(since, why)| (*since, why.as_str())).unzip();
    let touched = execute!(
        &mut **tx,
        STEP,
        id,
        holder,
        seq,
        tries,
        failing_since,
        next_at,
        last_success_at,
        off_since,
        off_why,
        lease_until
    )?;
    Ok(touched == 1)
}

/// Switches an address off, with the reason, or on; either way whoever holds it has lost it. `false`: there is none.
pub async fn switch(tx: &mut Tx, id: Uuid, off: Option<(Millis, &str)>) -> Result<bool, Error> {
    let (since, why) = off.unzip();
    Ok(execute!(&mut **tx, SWITCH, id, since, why)? == 1)
}

/// When the next one is to be called; none: none is behind.
pub async fn next_due(conn: &mut Conn) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, NextDue, NEXT_DUE)?.and_then(|found| found.at))
}

/// Remembers a call, and forgets those long before it.
pub async fn remember(tx: &mut Tx, call: &Attempt) -> Result<(), Error> {
    let Attempt { id, webhook_id, seq, kind, at, took_ms, status, why } = call;
    execute!(&mut **tx, ADD_ATTEMPT, id, webhook_id, seq, kind, at, took_ms, status, why)?;
    execute!(&mut **tx, FORGET_OLD, webhook_id, REMEMBERED)?;
    Ok(())
}

/// The latest calls of an address, the newest first.
pub async fn attempts(conn: &mut Conn, webhook: Uuid) -> Result<Vec<Attempt>, Error> {
    Ok(rows!(conn, Attempt, ATTEMPTS, webhook)?)
}

/// One of them.
pub async fn attempt(conn: &mut Conn, webhook: Uuid, id: Uuid) -> Result<Option<Attempt>, Error> {
    Ok(row!(conn, Attempt, ATTEMPT, webhook, id)?)
}
