//! Envelopes: everything a platform gave, as it came.

use sqlx::{FromRow, query_as};
use uuid::Uuid;

use super::several::tell_all;
use super::{Conn, Error, Tx, execute, on, row, tell};
use crate::model::Millis;

const INSERT: &str = "INSERT INTO envelopes (id, channel_id, external_id, fingerprint, received_at, at, content_type, \
     size, raw, blob, held, held_why, held_from, held_subject) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
     ON CONFLICT (channel_id, external_id) DO NOTHING";
/// The key must be known to be new: a second envelope under it is refused, and with it whatever came along.
const INSERT_NEW: &str = "INSERT INTO envelopes (id, channel_id, external_id, fingerprint, received_at, at, \
     content_type, size, raw, blob) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const KNOWN_CONTENT: &str = "SELECT id FROM envelopes WHERE channel_id = $1 AND fingerprint = $2 LIMIT 1";
const KNOWN: &str = "SELECT id FROM envelopes WHERE channel_id = $1 AND external_id = $2";
const BY_ID: &str = "SELECT id, channel_id, external_id, fingerprint, received_at, at, content_type, size, raw, blob, \
     held, held_why, held_from, held_subject FROM envelopes WHERE id = $1";
const HELD: &str = "SELECT id, channel_id, external_id, fingerprint, received_at, at, content_type, size, \
     NULL AS raw, blob, held, held_why, held_from, held_subject FROM envelopes \
     WHERE held IS NOT NULL AND (received_at, id) < ($1, $2) \
     AND channel_id = COALESCE($3, channel_id) ORDER BY received_at DESC, id DESC LIMIT $4";
const HOLD: &str =
    "UPDATE envelopes SET held = $2, held_why = $3, held_from = $4, held_subject = $5 WHERE id = $1";

const LET_IN: &str = "UPDATE envelopes SET held = NULL, held_why = NULL, held_from = NULL, held_subject = NULL \
     WHERE id = $1 AND held = $2";

pub(super) const ALL: &[&str] = &[INSERT, INSERT_NEW, KNOWN_CONTENT, KNOWN, BY_ID, HELD, HOLD, LET_IN];

/// One thing a platform gave.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Envelope {
    /// Its id.
    pub id: Uuid,
    /// By which channel.
    pub channel_id: Uuid,
    /// Unique in the channel, the platform's numbering.
    pub external_id: String,
    /// Its content's name, where the platform may renumber.
    pub fingerprint: Option<String>,
    /// When we had it.
    pub received_at: Millis,
    /// When the platform had it.
    pub at: Millis,
    /// Of the raw bytes.
    pub content_type: String,
    /// Of the raw bytes.
    pub size: i64,
    /// The raw bytes when they are small.
    pub raw: Option<Vec<u8>>,
    /// The name of the raw bytes in the blob store when they are not.
    pub blob: Option<String>,
    /// Why it is held, if it is.
    pub held: Option<String>,
    /// The same in words.
    pub held_why: Option<String>,
    /// Who sent it, for the held tray.
    pub held_from: Option<String>,
    /// Its subject, for the held tray.
    pub held_subject: Option<String>,
}

/// Keeps an envelope. False: the channel has had it already, and nothing was changed.
pub async fn insert(tx: &mut Tx, new: &Envelope) -> Result<bool, Error> {
    let rows = execute!(
        &mut tx.conn,
        INSERT,
        new.id,
        new.channel_id,
        &new.external_id,
        &new.fingerprint,
        new.received_at,
        new.at,
        &new.content_type,
        new.size,
        &new.raw,
        &new.blob,
        &new.held,
        &new.held_why,
        &new.held_from,
        &new.held_subject
    )?;
    Ok(rows == 1)
}

/// Keeps envelopes of messages. The channel must not have had them.
pub async fn insert_new(tx: &mut Tx, new: &[&Envelope]) -> Result<(), Error> {
    Ok(tell_all!(
        &mut tx.conn,
        INSERT_NEW,
        new,
        new => new.id,
        new.channel_id,
        &new.external_id,
        &new.fingerprint,
        new.received_at,
        new.at,
        &new.content_type,
        new.size,
        &new.raw,
        &new.blob
    )?)
}

/// Puts an envelope that was kept into the held tray.
pub async fn hold(
    tx: &mut Tx,
    id: Uuid,
    reason: &str,
    why: &str,
    from: Option<&str>,
    subject: Option<&str>,
) -> Result<(), Error> {
    Ok(tell!(&mut tx.conn, HOLD, id, reason, why, from, subject)?)
}

/// Takes it out of the held tray where it lies for this reason. False: it does not lie there.
pub async fn let_in(tx: &mut Tx, id: Uuid, reason: &str) -> Result<bool, Error> {
    Ok(execute!(&mut tx.conn, LET_IN, id, reason)? == 1)
}

/// Whether the channel has had this content under another number.
pub async fn knows_content(conn: &mut Conn, channel: Uuid, fingerprint: &str) -> Result<bool, Error> {
    Ok(row!(conn, (Uuid,), KNOWN_CONTENT, channel, fingerprint)?.is_some())
}

/// Whether the channel has had this number.
pub async fn knows(conn: &mut Conn, channel: Uuid, external_id: &str) -> Result<bool, Error> {
    Ok(row!(conn, (Uuid,), KNOWN, channel, external_id)?.is_some())
}

/// The envelope of this id, raw bytes included when they are small.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Envelope>, Error> {
    Ok(on!(conn, c => query_as(BY_ID).bind(id).fetch_optional(c).await)?)
}

/// The held tray, newest first, without raw bytes; `after` is the last one seen.
pub async fn held(
    conn: &mut Conn,
    channel: Option<Uuid>,
    limit: i64,
    after: Option<(Millis, Uuid)>,
) -> Result<Vec<Envelope>, Error> {
    let (at, id) = after.unwrap_or((i64::MAX, Uuid::max()));
    Ok(on!(conn, c => query_as(HELD).bind(at).bind(id).bind(channel).bind(limit).fetch_all(c).await)?)
}
