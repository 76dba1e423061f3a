//! Files that a platform keeps elsewhere: whose turn it is to fetch them, and what became of each.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;

macro_rules! due {
    () => {
        "SELECT a.id, a.message_id, a.filename, a.reference, a.fetch_tries, m.conversation_id, m.channel_id, m.at \
         FROM attachments a JOIN messages m ON m.id = a.message_id JOIN channels c ON c.id = m.channel_id \
         WHERE a.state = 'to_fetch' AND a.fetch_due_at <= $1 AND a.lease_until <= $1 AND a.reference IS NOT NULL \
         AND c.removed_at IS NULL AND c.state IN ('active', 'degraded') ORDER BY a.fetch_due_at, a.id LIMIT $2"
    };
}
const DUE: &str = due!();
const DUE_UNLOCKED: &str = concat!(due!(), " FOR UPDATE OF a SKIP LOCKED");
const LEASE: &str = "UPDATE attachments SET lease_holder = $2, lease_until = $3 WHERE id = $1";
const KEEP: &str = "UPDATE attachments SET state = 'kept', sha256 = $3, size = $4, content_type = $5, \
     filename = COALESCE(filename, $6), why = NULL, lease_until = 0, lease_holder = NULL \
     WHERE id = $1 AND lease_holder = $2 AND state = 'to_fetch'";
const REFUSE: &str = "UPDATE attachments SET state = 'refused', why = $3, lease_until = 0, lease_holder = NULL \
     WHERE id = $1 AND lease_holder = $2 AND state = 'to_fetch'";
const AGAIN: &str = "UPDATE attachments SET why = $3, fetch_due_at = $4, fetch_tries = $5, lease_until = 0, \
     lease_holder = NULL WHERE id = $1 AND lease_holder = $2 AND state = 'to_fetch'";
const NEXT_DUE: &str = "SELECT MIN(CASE WHEN a.lease_until > a.fetch_due_at THEN a.lease_until ELSE a.fetch_due_at END) \
     AS at FROM attachments a JOIN messages m ON m.id = a.message_id JOIN channels c ON c.id = m.channel_id \
     WHERE a.state = 'to_fetch' AND a.reference IS NOT NULL AND c.removed_at IS NULL AND c.state IN ('active', 'degraded')";
const FREE: &str = "UPDATE attachments SET lease_until = 0, lease_holder = NULL WHERE state = 'to_fetch' AND lease_until > 0";

pub(super) const ALL: &[&str] = &[DUE, LEASE, KEEP, REFUSE, AGAIN, NEXT_DUE, FREE];
/// Only the server has them.
pub(super) const ONLY_POSTGRES: &[&str] = &[DUE_UNLOCKED];

/// A file to fetch.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Absent {
    /// The attachment.
    pub id: Uuid,
    /// The message it came with.
    pub message_id: Uuid,
    /// As the sender named it.
    pub filename: Option<String>,
    /// Where the platform keeps it.
    pub reference: String,
    /// How often it was asked for.
    pub fetch_tries: i64,
    /// The message's conversation.
    pub conversation_id: Uuid,
    /// By which channel.
    pub channel_id: Uuid,
    /// When the message was said.
    pub at: Millis,
}

/// A file that has come.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Names its bytes in the blob store.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// As the platform declared it; never trusted.
    pub content_type: String,
    /// As the platform named it; one the sender gave stays.
    pub filename: Option<String>,
}

#[derive(FromRow)]
struct NextDue {
    at: Option<Millis>,
}

/// Takes files that are due for this worker until `until`.
pub async fn lease(
    tx: &mut Tx,
    holder: Uuid,
    now: Millis,
    until: Millis,
    limit: i64,
) -> Result<Vec<Absent>, Error> {
    let text = if matches!(&tx.conn, Conn::Sqlite(_)) { DUE } else { DUE_UNLOCKED };
    let due = rows!(&mut tx.conn, Absent, text, now, limit)?;
    for file in &due {
        execute!(&mut tx.conn, LEASE, file.id, holder, until)?;
    }
    Ok(due)
}

/// The file has come. False: the lease was lost, and another worker decides.
pub async fn keep(tx: &mut Tx, id: Uuid, holder: Uuid, file: &Fetched) -> Result<bool, Error> {
    let touched = execute!(
        &mut tx.conn,
        KEEP,
        id,
        holder,
        &file.sha256,
        file.size,
        &file.content_type,
        &file.filename
    )?;
    Ok(touched == 1)
}

/// The file will never come, and why. False: the lease was lost.
pub async fn refuse(tx: &mut Tx, id: Uuid, holder: Uuid, why: &str) -> Result<bool, Error> {
    Ok(execute!(&mut tx.conn, REFUSE, id, holder, why)? == 1)
}

/// It is asked for again from `due_at` on. False: the lease was lost.
pub async fn again(
    tx: &mut Tx,
    id: Uuid,
    holder: Uuid,
    why: &str,
    due_at: Millis,
    tries: i64,
) -> Result<bool, Error> {
    Ok(execute!(&mut tx.conn, AGAIN, id, holder, why, due_at, tries)? == 1)
}

/// When the next file falls due.
pub async fn next_due(conn: &mut Conn) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, NextDue, NEXT_DUE)?.and_then(|next| next.at))
}

/// Gives up the lease of everybody, whoever they were; gives how many there were.
pub async fn free(tx: &mut Tx) -> Result<u64, Error> {
    Ok(execute!(&mut tx.conn, FREE)?)
}
