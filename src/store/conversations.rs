//! Conversations: one row carries everything a list shows.

use std::slice;

use sqlx::{query, query_as};
use uuid::Uuid;

use super::several::tell_all;
use super::{Conn, Error, Tx, on, row, rows, sequences, stacks, tallies};
use crate::model::Millis;
use crate::model::closure::Outcome;
use crate::model::conversation::Conversation;
use crate::model::next::Rung;

const BY_ID: &str = "SELECT id, number, channel_id, desk_id, patron_id, patron_name, thread, subject, preview, \
     visibility, state, owner_id, owner_since, waiting_since, due_at, snoozed_until, last_patron_at, last_at, seq, \
     trouble, has_attachments, created_at, outcome, follow_up_at, tags, urgent, merged_into, live, skill, language, \
     offered, kept_for, kept_until, step, hop_at FROM conversations WHERE id = $1";
const BY_NUMBER: &str = "SELECT id FROM conversations WHERE number = $1";
const NEWEST_WITH: &str =
    "SELECT id FROM conversations WHERE patron_id = $1 AND channel_id = $2 ORDER BY id DESC LIMIT 1";
const OF_PATRON_CALLED: &str =
    "SELECT id FROM conversations WHERE patron_id = $1 AND patron_name = $2 ORDER BY id";
const BY_THREAD: &str = "SELECT id FROM conversations WHERE channel_id = $1 AND thread = $2";
const INSERT: &str = "INSERT INTO conversations (id, number, channel_id, desk_id, patron_id, patron_name, thread, \
     subject, preview, visibility, state, owner_id, owner_since, waiting_since, due_at, snoozed_until, last_patron_at, \
     last_at, seq, trouble, has_attachments, created_at, outcome, follow_up_at, tags, urgent, merged_into, live, \
     skill, language, offered, kept_for, kept_until, rung, step, hop_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, \
     $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)";
const MOVE: &str = "INSERT INTO moves (conversation_id, seq, from_desk_id, to_desk_id) VALUES ($1, $2, $3, $4) \
     ON CONFLICT DO NOTHING";
const UPDATE: &str = "UPDATE conversations SET desk_id = $2, patron_name = $3, subject = $4, preview = $5, state = $6, \
     owner_id = $7, owner_since = $8, waiting_since = $9, due_at = $10, snoozed_until = $11, last_patron_at = $12, \
     last_at = $13, seq = $14, trouble = $15, has_attachments = $16, outcome = $17, follow_up_at = $18, \
     tags = $19, urgent = $20, merged_into = $21, skill = $22, language = $23, offered = $24, kept_for = $25, \
     kept_until = $26, rung = $27, step = $28, hop_at = $29 WHERE id = $1";
/// What one more message changes. An engine writes every index anew of which it is told a column, changed or not.
const UPDATE_SAID: &str = "UPDATE conversations SET preview = $2, last_patron_at = $3, last_at = $4, seq = $5, \
     has_attachments = $6 WHERE id = $1";
const CLAIM: &str =
    "UPDATE conversations SET owner_id = $2, owner_since = $3 WHERE id = $1 AND owner_id IS NULL";
const ADD_ADDRESS: &str = "INSERT INTO conversation_addresses (conversation_id, address_id) VALUES ($1, $2) \
     ON CONFLICT DO NOTHING";
const LINK: &str = "INSERT INTO conversation_links (conversation_id, other_id, why) VALUES ($1, $2, $3) \
     ON CONFLICT DO NOTHING";
const DUE_TO_WAKE: &str = "SELECT id FROM conversations WHERE state = 'snoozed' AND snoozed_until <= $1 \
     ORDER BY snoozed_until, id LIMIT $2";
const NEXT_TO_WAKE: &str = "SELECT MIN(snoozed_until) FROM conversations WHERE state = 'snoozed'";
const PROMISED: &str = "SELECT id, waiting_since, due_at FROM conversations WHERE desk_id = $1 \
     AND state IN ('open', 'snoozed', 'waiting') AND waiting_since IS NOT NULL AND merged_into IS NULL ORDER BY id";
const DESK_PROMISE: &str = "SELECT promise_ms FROM desks WHERE id = $1";

pub(super) const ALL: &[&str] = &[
    BY_ID,
    BY_NUMBER,
    NEWEST_WITH,
    OF_PATRON_CALLED,
    BY_THREAD,
    INSERT,
    UPDATE,
    MOVE,
    UPDATE_SAID,
    CLAIM,
    ADD_ADDRESS,
    LINK,
    DUE_TO_WAKE,
    NEXT_TO_WAKE,
    DESK_PROMISE,
    PROMISED,
];

/// That one conversation has to do with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it is seen.
    pub from: Uuid,
    /// The other.
    pub to: Uuid,
    /// Why.
    pub why: &'static str,
}

impl Link {
    /// For both to see.
    pub fn both_ways(one: Uuid, other: Uuid, why: &'static str) -> [Self; 2] {
        [Self { from: one, to: other, why }, Self { from: other, to: one, why }]
    }
}

/// The conversation of this id.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Conversation>, Error> {
    Ok(on!(conn, c => query_as(BY_ID).bind(id).fetch_optional(c).await)?)
}

/// The conversation that people call by this number.
pub async fn by_number(conn: &mut Conn, number: i64) -> Result<Option<Uuid>, Error> {
    Ok(row!(conn, (Uuid,), BY_NUMBER, number)?.map(|(id,)| id))
}

/// The conversation of this id. There is one writer, so nobody else can change it until this transaction ends: every verb
/// begins so.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Conversation>, Error> {
    Ok(row!(&mut tx.conn, Conversation, BY_ID, id)?)
}

/// The conversation that the platform itself calls so.
pub async fn by_thread(conn: &mut Conn, channel: Uuid, thread: &str) -> Result<Option<Uuid>, Error> {
    Ok(row!(conn, (Uuid,), BY_THREAD, channel, thread)?.map(|(id,)| id))
}

/// The number people will call a new conversation by.
pub async fn next_number(tx: &mut Tx) -> Result<i64, Error> {
    next_numbers(tx, 1).await
}

/// The first of so many numbers, for as many new conversations.
pub async fn next_numbers(tx: &mut Tx, conversations: usize) -> Result<i64, Error> {
    sequences::next_conversations(tx, conversations).await
}

/// How long a desk takes at most, milliseconds.
pub async fn promise_of_desk(conn: &mut Conn, desk: Uuid) -> Result<i64, Error> {
    let promise = row!(conn, (i64,), DESK_PROMISE, desk)?;
    Ok(promise.ok_or(sqlx::Error::RowNotFound)?.0)
}

/// Whose patrons wait at a desk: the conversation, since when, and until when an answer is promised.
pub async fn promised(conn: &mut Conn, desk: Uuid) -> Result<Vec<(Uuid, Millis, Millis)>, Error> {
    Ok(rows!(conn, (Uuid, Millis, Millis), PROMISED, desk)?)
}

/// What was put aside until now or earlier, soonest first.
pub async fn due_to_wake(conn: &mut Conn, now: Millis, most: i64) -> Result<Vec<Uuid>, Error> {
    Ok(rows!(conn, (Uuid,), DUE_TO_WAKE, now, most)?.into_iter().map(|(id,)| id).collect())
}

/// When the next of what was put aside comes back.
pub async fn next_to_wake(conn: &mut Conn) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, (Option<i64>,), NEXT_TO_WAKE)?.and_then(|(at,)| at))
}

/// A patron's newest conversation at a channel.
pub async fn newest_with(conn: &mut Conn, channel: Uuid, patron: Uuid) -> Result<Option<Uuid>, Error> {
    Ok(row!(conn, (Uuid,), NEWEST_WITH, patron, channel)?.map(|(id,)| id))
}

/// The conversations of a patron that call them so, oldest first.
pub async fn of_patron_called(conn: &mut Conn, patron: Uuid, name: &str) -> Result<Vec<Uuid>, Error> {
    let found = rows!(conn, (Uuid,), OF_PATRON_CALLED, patron, name)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Keeps a new conversation.
pub async fn insert(tx: &mut Tx, new: &Conversation) -> Result<(), Error> {
    insert_all(tx, slice::from_ref(new)).await
}

/// Keeps new conversations.
pub async fn insert_all(tx: &mut Tx, new: &[Conversation]) -> Result<(), Error> {
    tell_all!(
        &mut tx.conn,
        INSERT,
        new,
        new => new.id,
        new.number,
        new.channel_id,
        new.desk_id,
        new.patron_id,
        &new.patron_name,
        &new.thread,
        &new.subject,
        &new.preview,
        new.visibility.as_str(),
        new.state.as_str(),
        new.owner_id,
        new.owner_since,
        new.waiting_since,
        new.due_at,
        new.snoozed_until,
        new.last_patron_at,
        new.last_at,
        new.seq,
        &new.trouble,
        new.has_attachments,
        new.created_at,
        new.outcome.map(Outcome::as_str),
        new.follow_up_at,
        &new.tags,
        new.urgent,
        new.merged_into,
        new.live,
        &new.skill,
        &new.language,
        &new.offered,
        new.kept_for,
        new.kept_until,
        Rung::of(new) as i64,
        new.step,
        new.hop_at
    )?;
    stacks::moved(tx, new.iter().map(|new| (None, stacks::place(new)))).await?;
    tallies::moved(tx, new.iter().map(|new| (None, place(new)))).await
}

/// Keeps what changed; `before` is what the row holds now, so that the tallies can follow.
pub async fn update(tx: &mut Tx, before: &Conversation, after: &Conversation) -> Result<(), Error> {
    update_all(tx, &[(before, after)]).await
}

/// Keeps what changed of several, each before and after. That it went to another desk is known as of the line whose number
/// it bears.
pub async fn update_all(tx: &mut Tx, changed: &[(&Conversation, &Conversation)]) -> Result<(), Error> {
    let (said, moved): (Vec<_>, Vec<_>) =
        changed.iter().copied().partition(|(before, after)| only_said(before, after));
    tell_all!(
        &mut tx.conn,
        UPDATE_SAID,
        &said[..],
        (_, after) => after.id,
        &after.preview,
        after.last_patron_at,
        after.last_at,
        after.seq,
        after.has_attachments
    )?;
    tell_all!(
        &mut tx.conn,
        UPDATE,
        &moved[..],
        (_, after) => after.id,
        after.desk_id,
        &after.patron_name,
        &after.subject,
        &after.preview,
        after.state.as_str(),
        after.owner_id,
        after.owner_since,
        after.waiting_since,
        after.due_at,
        after.snoozed_until,
        after.last_patron_at,
        after.last_at,
        after.seq,
        &after.trouble,
        after.has_attachments,
        after.outcome.map(Outcome::as_str),
        after.follow_up_at,
        &after.tags,
        after.urgent,
        after.merged_into,
        &after.skill,
        &after.language,
        &after.offered,
        after.kept_for,
        after.kept_until,
        Rung::of(after) as i64,
        after.step,
        after.hop_at
    )?;
    let moves = moved.iter().filter(|(before, after)| before.desk_id != after.desk_id);
    tell_all!(
        &mut tx.conn,
        MOVE,
        &moves.collect::<Vec<_>>()[..],
        (before, after) => after.id,
        after.seq,
        before.desk_id,
        after.desk_id
    )?;
    let stacked = moved.iter().map(|(before, after)| (stacks::place(before), stacks::place(after)));
    stacks::moved(tx, stacked).await?;
    tallies::moved(tx, moved.iter().map(|(before, after)| (place(before), place(after)))).await
}

/// Gives the conversation to this person if it is nobody's: a compare-and-set, so that of many at once one wins. The
/// caller then writes the rest with [`update`], `before` being the row as it was.
pub async fn claim_if_free(tx: &mut Tx, id: Uuid, staff: Uuid, now: Millis) -> Result<bool, Error> {
    let rows = on!(&mut tx.conn, c => query(CLAIM).bind(id).bind(staff).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Remembers that this address has written in the conversation.
pub async fn add_address(tx: &mut Tx, conversation: Uuid, address: Uuid) -> Result<(), Error> {
    add_addresses(tx, &[(conversation, address)]).await
}

/// The same of several, each conversation and address.
pub async fn add_addresses(tx: &mut Tx, new: &[(Uuid, Uuid)]) -> Result<(), Error> {
    Ok(tell_all!(&mut tx.conn, ADD_ADDRESS, new, (conversation, address) => conversation, address)?)
}

/// Keeps links; of two between the same conversations, the first.
pub async fn link_all(tx: &mut Tx, new: &[Link]) -> Result<(), Error> {
    Ok(tell_all!(&mut tx.conn, LINK, new, link => link.from, link.to, link.why)?)
}

/// Links two conversations, for both to see.
pub async fn link(tx: &mut Tx, one: Uuid, other: Uuid, why: &'static str) -> Result<(), Error> {
    link_all(tx, &Link::both_ways(one, other, why)).await
}

fn only_said(before: &Conversation, after: &Conversation) -> bool {
    let said = Conversation {
        preview: after.preview.clone(),
        last_patron_at: after.last_patron_at,
        last_at: after.last_at,
        seq: after.seq,
        has_attachments: after.has_attachments,
        ..before.clone()
    };
    said == *after
}

/// Where it is counted; what became part of another one is counted nowhere.
fn place(of: &Conversation) -> Option<tallies::Place> {
    let place = tallies::Place { desk: of.desk_id, owner: of.owner_id, state: of.state };
    of.merged_into.is_none().then_some(place)
}
