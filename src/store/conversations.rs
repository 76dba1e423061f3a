//! Conversations: one row carries everything a list shows.

use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::{Conn, Error, Tx, on, tallies};
use crate::model::Millis;
use crate::model::conversation::Conversation;

const NEXT_NUMBER: &str =
    "UPDATE sequences SET value = value + 1 WHERE name = 'conversation' RETURNING value";
const BY_ID: &str = "SELECT id, number, channel_id, desk_id, patron_id, patron_name, thread, subject, preview, \
     visibility, state, owner_id, owner_since, waiting_since, due_at, snoozed_until, last_patron_at, last_at, seq, \
     trouble, has_attachments, created_at FROM conversations WHERE id = $1";
const LOCK: &str = "UPDATE conversations SET seq = seq WHERE id = $1 RETURNING id, number, channel_id, desk_id, \
     patron_id, patron_name, thread, subject, preview, visibility, state, owner_id, owner_since, waiting_since, due_at, \
     snoozed_until, last_patron_at, last_at, seq, trouble, has_attachments, created_at";
const BY_THREAD: &str = "SELECT id FROM conversations WHERE channel_id = $1 AND thread = $2";
const INSERT: &str = "INSERT INTO conversations (id, number, channel_id, desk_id, patron_id, patron_name, thread, \
     subject, preview, visibility, state, owner_id, owner_since, waiting_since, due_at, snoozed_until, last_patron_at, \
     last_at, seq, trouble, has_attachments, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
const UPDATE: &str = "UPDATE conversations SET desk_id = $2, patron_name = $3, subject = $4, preview = $5, state = $6, \
     owner_id = $7, owner_since = $8, waiting_since = $9, due_at = $10, snoozed_until = $11, last_patron_at = $12, \
     last_at = $13, seq = $14, trouble = $15, has_attachments = $16 WHERE id = $1";
const CLAIM: &str =
    "UPDATE conversations SET owner_id = $2, owner_since = $3 WHERE id = $1 AND owner_id IS NULL";
const ADD_ADDRESS: &str = "INSERT INTO conversation_addresses (conversation_id, address_id) VALUES ($1, $2) \
     ON CONFLICT DO NOTHING";
const LINK: &str = "INSERT INTO conversation_links (conversation_id, other_id, why) VALUES ($1, $2, $3) \
     ON CONFLICT DO NOTHING";
const DESK_PROMISE: &str = "SELECT promise_ms FROM desks WHERE id = $1";

pub(super) const ALL: &[&str] =
    &[NEXT_NUMBER, BY_ID, LOCK, BY_THREAD, INSERT, UPDATE, CLAIM, ADD_ADDRESS, LINK, DESK_PROMISE];

/// The conversation of this id.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Conversation>, Error> {
    Ok(on!(conn, c => query_as(BY_ID).bind(id).fetch_optional(c).await)?)
}

/// The conversation of this id, with nobody else able to change it until this transaction ends: every verb begins so.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Conversation>, Error> {
    Ok(on!(&mut tx.conn, c => query_as(LOCK).bind(id).fetch_optional(c).await)?)
}

/// The conversation that the platform itself calls so.
pub async fn by_thread(conn: &mut Conn, channel: Uuid, thread: &str) -> Result<Option<Uuid>, Error> {
    Ok(on!(conn, c => query_scalar(BY_THREAD).bind(channel).bind(thread).fetch_optional(c).await)?)
}

/// The number people will call a new conversation by.
pub async fn next_number(tx: &mut Tx) -> Result<i64, Error> {
    Ok(on!(&mut tx.conn, c => query_scalar(NEXT_NUMBER).fetch_one(c).await)?)
}

/// How long a desk takes at most, milliseconds.
pub async fn promise_of_desk(conn: &mut Conn, desk: Uuid) -> Result<i64, Error> {
    Ok(on!(conn, c => query_scalar(DESK_PROMISE).bind(desk).fetch_one(c).await)?)
}

/// Keeps a new conversation.
pub async fn insert(tx: &mut Tx, new: &Conversation) -> Result<(), Error> {
    on!(&mut tx.conn, c => query(INSERT)
        .bind(new.id)
        .bind(new.number)
        .bind(new.channel_id)
        .bind(new.desk_id)
        .bind(new.patron_id)
        .bind(&new.patron_name)
        .bind(&new.thread)
        .bind(&new.subject)
        .bind(&new.preview)
        .bind(new.visibility.as_str())
        .bind(new.state.as_str())
        .bind(new.owner_id)
        .bind(new.owner_since)
        .bind(new.waiting_since)
        .bind(new.due_at)
        .bind(new.snoozed_until)
        .bind(new.last_patron_at)
        .bind(new.last_at)
        .bind(new.seq)
        .bind(&new.trouble)
        .bind(new.has_attachments)
        .bind(new.created_at)
        .execute(c).await.map(|_| ()))?;
    tallies::moved(tx, None, Some(place(new))).await
}

/// Keeps what changed; `before` is what the row holds now, so that the tallies can follow.
pub async fn update(tx: &mut Tx, before: &Conversation, after: &Conversation) -> Result<(), Error> {
    on!(&mut tx.conn, c => query(UPDATE)
        .bind(after.id)
        .bind(after.desk_id)
        .bind(&after.patron_name)
        .bind(&after.subject)
        .bind(&after.preview)
        .bind(after.state.as_str())
        .bind(after.owner_id)
        .bind(after.owner_since)
        .bind(after.waiting_since)
        .bind(after.due_at)
        .bind(after.snoozed_until)
        .bind(after.last_patron_at)
        .bind(after.last_at)
        .bind(after.seq)
        .bind(&after.trouble)
        .bind(after.has_attachments)
        .execute(c).await.map(|_| ()))?;
    tallies::moved(tx, Some(place(before)), Some(place(after))).await
}

/// Gives the conversation to this person if it is nobody's: a compare-and-set, so that of many at once one wins. The
/// caller then writes the rest with [`update`], `before` being the row as it was.
pub async fn claim_if_free(tx: &mut Tx, id: Uuid, staff: Uuid, now: Millis) -> Result<bool, Error> {
    let rows = on!(&mut tx.conn, c => query(CLAIM).bind(id).bind(staff).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Remembers that this address has written in the conversation.
pub async fn add_address(tx: &mut Tx, conversation: Uuid, address: Uuid) -> Result<(), Error> {
    Ok(
        on!(&mut tx.conn, c => query(ADD_ADDRESS).bind(conversation).bind(address).execute(c).await.map(|_| ()))?,
    )
}

/// Links two conversations, for both to see.
pub async fn link(tx: &mut Tx, one: Uuid, other: Uuid, why: &str) -> Result<(), Error> {
    for (from, to) in [(one, other), (other, one)] {
        on!(&mut tx.conn, c => query(LINK).bind(from).bind(to).bind(why).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

fn place(of: &Conversation) -> tallies::Place {
    tallies::Place { desk: of.desk_id, owner: of.owner_id, state: of.state }
}
