//! Messages and the files that came with them.

use std::slice;

use bytes::Bytes;
use sqlx::query_as;
use uuid::Uuid;

use super::blobs::Blobs;
use super::several::tell_all;
use super::{Conn, Db, Error, Tx, on, row, rows};
use crate::model::Millis;
use crate::model::message::{Attachment, Message};

macro_rules! columns {
    () => {
        "m.id, m.seq, m.conversation_id, m.channel_id, m.direction, m.kind, m.visibility, m.staff_id, m.address_id, \
         m.author_name, m.external_id, m.refs, m.at, m.subject, m.text, m.reply_text, m.html, m.envelope_id, \
         m.automatic, m.unverified, m.link, m.home_id"
    };
}

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM messages m WHERE m.id = $1");
const OF_CONVERSATION: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m WHERE m.conversation_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3"
);
const AFTER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m WHERE m.conversation_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT 200"
);
const LAST_INBOUND: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m WHERE m.conversation_id = $1 AND m.direction = 'in' ORDER BY m.seq DESC LIMIT 1"
);
/// Of its own: what came by another thread that is merged into it says nothing about how its own patron is reached.
const LAST_OWN: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m WHERE m.conversation_id = $1 AND m.direction = 'in' AND m.home_id IS NULL \
     ORDER BY m.seq DESC LIMIT 1"
);
const OF_THREAD: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m WHERE m.conversation_id = $1 AND m.home_id = $2 AND m.seq <= $3 ORDER BY m.seq DESC LIMIT 200"
);
/// What an ended wait held was answered, or needed no answer; an answer covers what came before it was written, one given
/// elsewhere what had been said by then.
const UNANSWERED: &str = "WITH unanswered AS (SELECT m.id, m.seq, m.at FROM messages m JOIN events e ON e.seq = m.seq \
     WHERE m.conversation_id = $1 AND m.direction = 'in' AND NOT m.automatic AND m.seq > $2 AND m.at > $3 \
     AND NOT EXISTS (SELECT 1 FROM waits w JOIN messages o ON o.id = w.opened_by \
     LEFT JOIN messages a ON a.id = w.closed_by WHERE w.conversation_id = $1 AND w.closed_at IS NOT NULL \
     AND o.seq <= m.seq AND CASE WHEN a.id IS NULL THEN e.at <= w.closed_at \
     WHEN a.kind = 'reply' THEN m.seq < a.seq ELSE m.seq < a.seq AND m.at <= a.at END)) \
     SELECT u.id, (SELECT MIN(f.at) FROM unanswered f) FROM unanswered u ORDER BY u.seq LIMIT 1";
const INSERT: &str = "INSERT INTO messages (id, seq, conversation_id, channel_id, direction, kind, visibility, \
     staff_id, address_id, author_name, external_id, refs, at, subject, text, reply_text, html, envelope_id, \
     automatic, unverified, link, home_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
const INSERT_ATTACHMENT: &str = "INSERT INTO attachments (id, message_id, position, filename, content_type, size, \
     sha256, content_id, inline_shown, reference, state, why, bytes) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const ATTACHMENT: &str = "SELECT id, message_id, position, filename, content_type, size, sha256, content_id, \
     inline_shown, reference, state, why FROM attachments WHERE id = $1";
const BYTES: &str = "SELECT bytes FROM attachments WHERE id = $1";
const ATTACHMENTS_OF: &str = "SELECT id, message_id, position, filename, content_type, size, sha256, content_id, \
     inline_shown, reference, state, why FROM attachments WHERE message_id = $1 ORDER BY position";
const ATTACHMENTS_IN: &str = "SELECT a.id, a.message_id, a.position, a.filename, a.content_type, a.size, a.sha256, \
     a.content_id, a.inline_shown, a.reference, a.state, a.why FROM attachments a \
     JOIN messages m ON m.id = a.message_id WHERE m.conversation_id = $1 ORDER BY m.seq, a.position";

pub(super) const ALL: &[&str] = &[
    BY_ID,
    OF_CONVERSATION,
    AFTER,
    LAST_INBOUND,
    LAST_OWN,
    OF_THREAD,
    UNANSWERED,
    INSERT,
    INSERT_ATTACHMENT,
    ATTACHMENT,
    BYTES,
    ATTACHMENTS_OF,
    ATTACHMENTS_IN,
];

/// The message of this id.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Message>, Error> {
    Ok(on!(conn, c => query_as(BY_ID).bind(id).fetch_optional(c).await)?)
}

/// A conversation's messages before a number (none: the newest), oldest first.
pub async fn of_conversation(
    conn: &mut Conn,
    conversation: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Message>, Error> {
    let before = before.unwrap_or(i64::MAX);
    let mut found: Vec<Message> = on!(conn, c => query_as(OF_CONVERSATION).bind(conversation).bind(before).bind(limit).fetch_all(c).await)?;
    found.reverse();
    Ok(found)
}

/// A conversation's messages after a number, oldest first, at most 200.
pub async fn after(conn: &mut Conn, conversation: Uuid, seq: i64) -> Result<Vec<Message>, Error> {
    Ok(on!(conn, c => query_as(AFTER).bind(conversation).bind(seq).fetch_all(c).await)?)
}

/// What the patron said last.
pub async fn last_inbound(conn: &mut Conn, conversation: Uuid) -> Result<Option<Message>, Error> {
    Ok(on!(conn, c => query_as(LAST_INBOUND).bind(conversation).fetch_optional(c).await)?)
}

/// What its own patron said last, whatever is merged into it.
pub async fn last_own(conn: &mut Conn, conversation: Uuid) -> Result<Option<Message>, Error> {
    Ok(row!(conn, Message, LAST_OWN, conversation)?)
}

/// What was said up to a number in a thread that is merged into a conversation, at most the newest 200.
pub async fn of_thread(
    conn: &mut Conn,
    conversation: Uuid,
    thread: Uuid,
    seq: i64,
) -> Result<Vec<Message>, Error> {
    Ok(rows!(conn, Message, OF_THREAD, conversation, thread, seq)?)
}

/// What people outside said that came after a number and was said after a moment: what came first of it, and when the
/// first of it was said.
pub async fn unanswered(
    conn: &mut Conn,
    conversation: Uuid,
    seq: i64,
    at: Millis,
) -> Result<Option<(Uuid, Millis)>, Error> {
    Ok(row!(conn, (Uuid, i64), UNANSWERED, conversation, seq, at)?)
}

/// Keeps a message.
pub async fn insert(tx: &mut Tx, new: &Message) -> Result<(), Error> {
    insert_all(tx, slice::from_ref(new)).await
}

/// Keeps messages.
pub async fn insert_all(tx: &mut Tx, new: &[Message]) -> Result<(), Error> {
    Ok(tell_all!(
        &mut tx.conn,
        INSERT,
        new,
        new => new.id,
        new.seq,
        new.conversation_id,
        new.channel_id,
        new.direction.as_str(),
        new.kind.as_str(),
        new.visibility.as_str(),
        new.staff_id,
        new.address_id,
        &new.author_name,
        &new.external_id,
        &new.refs,
        new.at,
        &new.subject,
        &new.text,
        &new.reply_text,
        &new.html,
        new.envelope_id,
        new.automatic,
        new.unverified,
        &new.link,
        new.home_id
    )?)
}

/// Keeps a file's row; `bytes` where they are little and not in the blob store.
pub async fn insert_attachment(tx: &mut Tx, new: &Attachment, bytes: Option<&[u8]>) -> Result<(), Error> {
    insert_attachments(tx, &[(new, bytes)]).await
}

/// The same of several.
pub async fn insert_attachments(tx: &mut Tx, new: &[(&Attachment, Option<&[u8]>)]) -> Result<(), Error> {
    Ok(tell_all!(
        &mut tx.conn,
        INSERT_ATTACHMENT,
        new,
        (new, bytes) => new.id,
        new.message_id,
        new.position,
        &new.filename,
        &new.content_type,
        new.size,
        &new.sha256,
        &new.content_id,
        new.inline_shown,
        &new.reference,
        &new.state,
        &new.why,
        *bytes
    )?)
}

/// The file of this id.
pub async fn attachment(conn: &mut Conn, id: Uuid) -> Result<Option<Attachment>, Error> {
    Ok(on!(conn, c => query_as(ATTACHMENT).bind(id).fetch_optional(c).await)?)
}

/// A file's bytes, wherever they are kept.
pub async fn bytes_of(db: &Db, blobs: &Blobs, file: &Attachment) -> Result<Option<Bytes>, Error> {
    if let Some(name) = &file.sha256 {
        return Ok(Some(blobs.get(name).await?));
    }
    let found = row!(&mut db.read().await?, (Option<Vec<u8>>,), BYTES, file.id)?;
    Ok(found.and_then(|(bytes,)| bytes).map(Bytes::from))
}

/// The files of one message, in its order.
pub async fn attachments_of(conn: &mut Conn, message: Uuid) -> Result<Vec<Attachment>, Error> {
    Ok(on!(conn, c => query_as(ATTACHMENTS_OF).bind(message).fetch_all(c).await)?)
}

/// The files of a whole conversation, in the order of its messages.
pub async fn attachments_in(conn: &mut Conn, conversation: Uuid) -> Result<Vec<Attachment>, Error> {
    Ok(on!(conn, c => query_as(ATTACHMENTS_IN).bind(conversation).fetch_all(c).await)?)
}
