//! Messages and the files that came with them.

use sqlx::{FromRow, query_as};
use uuid::Uuid;

use super::{Conn, Error, Tx, on, rows, tell};
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
     EXISTS (SELECT 1 FROM conversation_addresses a WHERE a.conversation_id = m.conversation_id AND a.address_id = $1) \
     AS knows_writer, \
     m.direction FROM messages m JOIN conversations c ON c.id = m.conversation_id \
     WHERE m.external_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
macro_rules! same_elsewhere {
    ($columns:literal) => {
        concat!(
            "INSERT INTO conversation_links (conversation_id, other_id, why) SELECT ",
            $columns,
            ", 'same_message' FROM messages m WHERE m.external_id = $2 AND m.channel_id <> $3 \
             AND m.direction = 'in' AND m.conversation_id <> $1 LIMIT 4 ON CONFLICT DO NOTHING"
        )
    };
}
const LINK_SAME: &str = same_elsewhere!("$1, m.conversation_id");
const LINK_SAME_BACK: &str = same_elsewhere!("m.conversation_id, $1");
const INSERT_ATTACHMENT: &str = "INSERT INTO attachments (id, message_id, position, filename, content_type, size, \
     sha256, content_id, inline_shown, reference, state, why) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const ATTACHMENT: &str = "SELECT id, message_id, position, filename, content_type, size, sha256, content_id, \
     inline_shown, reference, state, why FROM attachments WHERE id = $1";
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
    INSERT,
    REFERRED,
    LINK_SAME,
    LINK_SAME_BACK,
    INSERT_ATTACHMENT,
    ATTACHMENT,
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

/// Which of these references are messages of ours to know, and whether `address` has written in their conversations.
pub async fn referred(
    conn: &mut Conn,
    address: Option<Uuid>,
    references: &[String],
) -> Result<Vec<Referred>, Error> {
    let slots: [Option<&str>; REFERENCES_LOOKED_UP] =
        std::array::from_fn(|i| references.get(i).map(String::as_str));
    let [a, b, c, d, e, f, g, h, i, j, k, l] = slots;
    Ok(rows!(conn, Referred, REFERRED, address, a, b, c, d, e, f, g, h, i, j, k, l)?)
}

/// Links a conversation with those at other channels in which the very same message is.
pub async fn link_same_elsewhere(
    tx: &mut Tx,
    conversation: Uuid,
    external_id: &str,
    channel: Uuid,
) -> Result<(), Error> {
    for text in [LINK_SAME, LINK_SAME_BACK] {
        tell!(&mut tx.conn, text, conversation, external_id, channel)?;
    }
    Ok(())
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

/// Keeps a file's row.
pub async fn insert_attachment(tx: &mut Tx, new: &Attachment) -> Result<(), Error> {
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
        &new.why
    )?)
}

/// The file of this id.
pub async fn attachment(conn: &mut Conn, id: Uuid) -> Result<Option<Attachment>, Error> {
    Ok(on!(conn, c => query_as(ATTACHMENT).bind(id).fetch_optional(c).await)?)
}

/// The files of one message, in its order.
pub async fn attachments_of(conn: &mut Conn, message: Uuid) -> Result<Vec<Attachment>, Error> {
    Ok(on!(conn, c => query_as(ATTACHMENTS_OF).bind(message).fetch_all(c).await)?)
}

/// The files of a whole conversation, in the order of its messages.
pub async fn attachments_in(conn: &mut Conn, conversation: Uuid) -> Result<Vec<Attachment>, Error> {
    Ok(on!(conn, c => query_as(ATTACHMENTS_IN).bind(conversation).fetch_all(c).await)?)
}
