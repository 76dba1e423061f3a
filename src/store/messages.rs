//! Messages and the files that came with them.

use bytes::Bytes;
use sqlx::{FromRow, query_as};
use uuid::Uuid;

use super::blobs::Blobs;
use super::file::File;
use super::fit::Fit;
use super::{Conn, Db, Error, Tx, on, row, tell};
use crate::model::Millis;
use crate::model::message::{Attachment, Message};

/// How many references of one message are looked up: the nearest.
pub const REFERENCES_LOOKED_UP: usize = 12;

macro_rules! columns {
    () => {
        "m.id, m.seq, m.conversation_id, m.channel_id, m.direction, m.kind, m.visibility, m.staff_id, m.address_id, \
         m.author_name, m.external_id, m.refs, m.at, m.subject, m.text, m.reply_text, m.html, m.envelope_id, \
         m.automatic, m.unverified, m.link"
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
const FIRST_INBOUND_LATER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m WHERE m.conversation_id = $1 AND m.direction = 'in' AND NOT m.automatic AND m.at > $2 \
     ORDER BY m.at, m.seq LIMIT 1"
);
const FIRST_INBOUND_AFTER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m WHERE m.conversation_id = $1 AND m.direction = 'in' AND NOT m.automatic AND m.seq > $2 \
     ORDER BY m.seq LIMIT 1"
);
const INSERT: &str = "INSERT INTO messages (id, seq, conversation_id, channel_id, direction, kind, visibility, \
     staff_id, address_id, author_name, external_id, refs, at, subject, text, reply_text, html, envelope_id, \
     automatic, unverified, link) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
const REFERRED: &str = "SELECT m.external_id, m.conversation_id, c.channel_id, \
     EXISTS (SELECT 1 FROM conversation_addresses k JOIN addresses a ON a.id = k.address_id \
     WHERE k.conversation_id = m.conversation_id AND a.kind = $1 AND a.address = $2) AS knows_writer, \
     m.direction FROM messages m JOIN conversations c ON c.id = m.conversation_id \
     WHERE m.external_id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const LINK_SAME: &str = "INSERT INTO conversation_links (conversation_id, other_id, why) \
     SELECT CASE way.there WHEN 1 THEN $1 ELSE same.conversation_id END, \
     CASE way.there WHEN 1 THEN same.conversation_id ELSE $1 END, 'same_message' \
     FROM (SELECT m.conversation_id FROM messages m WHERE m.external_id = $2 AND m.channel_id <> $3 \
     AND m.direction = 'in' AND m.conversation_id <> $1 LIMIT 4) same \
     CROSS JOIN (SELECT 1 AS there UNION ALL SELECT 0) way WHERE true ON CONFLICT DO NOTHING";
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
    FIRST_INBOUND_AFTER,
    FIRST_INBOUND_LATER,
    INSERT,
    REFERRED,
    LINK_SAME,
    INSERT_ATTACHMENT,
    ATTACHMENT,
    BYTES,
    ATTACHMENTS_OF,
    ATTACHMENTS_IN,
];

/// A message that another one refers to.
#[derive(Clone, Debug, FromRow)]
pub struct Referred {
    /// The id by which it was referred to.
    pub external_id: String,
    /// Where it is.
    pub conversation_id: Uuid,
    /// By which channel.
    pub channel_id: Uuid,
    /// Whether the asking address has written there.
    pub knows_writer: bool,
    /// Which way it went.
    pub direction: String,
}

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

/// The first thing a person outside said after a number.
pub async fn first_inbound_after(
    conn: &mut Conn,
    conversation: Uuid,
    seq: i64,
) -> Result<Option<Message>, Error> {
    Ok(on!(conn, c => query_as(FIRST_INBOUND_AFTER).bind(conversation).bind(seq).fetch_optional(c).await)?)
}

/// The first thing a person outside said later than that, by the platform's time.
pub async fn first_inbound_later(
    conn: &mut Conn,
    conversation: Uuid,
    at: Millis,
) -> Result<Option<Message>, Error> {
    Ok(row!(conn, Message, FIRST_INBOUND_LATER, conversation, at)?)
}

/// Which of these references are messages of ours to know, and whether the writer (the connector's name and the address)
/// has written in their conversations.
pub async fn referred(
    conn: &mut Conn,
    writer: Option<(&str, &str)>,
    references: &[String],
) -> Result<Vec<Referred>, Error> {
    let (kind, address) = writer.unzip();
    Ok(match conn {
        Conn::Sqlite(file) => {
            ask_referred(file, writer, references);
            file.ask().await?.read()?
        }
        Conn::Postgres(conn) => {
            let mut asking = query_as(REFERRED).bind(kind.fit()).bind(address.fit());
            for slot in slots(references) {
                asking = asking.bind(slot.fit());
            }
            asking.fetch_all(&mut **conn).await?
        }
    })
}

/// The same, gathered only.
pub(super) fn ask_referred(file: &mut File, writer: Option<(&str, &str)>, references: &[String]) {
    let (kind, address) = writer.unzip();
    file.add(REFERRED).with(kind).with(address);
    for slot in slots(references) {
        file.with(slot);
    }
}

pub(super) fn slots(references: &[String]) -> [Option<&str>; REFERENCES_LOOKED_UP] {
    std::array::from_fn(|i| references.get(i).map(String::as_str))
}

/// Links a conversation with those at other channels in which the very same message is, for both to see.
pub async fn link_same_elsewhere(
    tx: &mut Tx,
    conversation: Uuid,
    external_id: &str,
    channel: Uuid,
) -> Result<(), Error> {
    Ok(tell!(&mut tx.conn, LINK_SAME, conversation, external_id, channel)?)
}

/// Keeps a message.
pub async fn insert(tx: &mut Tx, new: &Message) -> Result<(), Error> {
    Ok(tell!(
        &mut tx.conn,
        INSERT,
        new.id,
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
        &new.link
    )?)
}

/// Keeps a file's row; `bytes` where they are little and not in the blob store.
pub async fn insert_attachment(tx: &mut Tx, new: &Attachment, bytes: Option<&[u8]>) -> Result<(), Error> {
    Ok(tell!(
        &mut tx.conn,
        INSERT_ATTACHMENT,
        new.id,
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
        bytes
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
