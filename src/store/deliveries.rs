//! The outbox: parts on their way out, and the leases by which workers take them.

use sqlx::{query, query_as};
use uuid::Uuid;

use super::fit::Fit;
use super::{Conn, Error, Tx, execute, on, row};
use crate::model::Millis;
use crate::model::delivery::{Delivery, State};

macro_rules! columns {
    () => {
        "d.id, d.message_id, d.conversation_id, d.channel_id, d.position, d.part, d.state, d.release_at, d.due_at, \
         d.tries, d.external_id, d.reason, d.why, d.created_at, d.settled_at"
    };
}
/// In order per conversation: nothing leaves before what was written earlier has left, failed or been taken back.
macro_rules! due {
    () => {
        " FROM deliveries d JOIN channels ch ON ch.id = d.channel_id \
         WHERE d.state IN ('held', 'queued', 'sending', 'unknown') AND d.settled_at IS NULL AND d.due_at <= $1 AND d.lease_until <= $1 \
         AND ch.state IN ('active', 'degraded') AND ch.removed_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.conversation_id = d.conversation_id \
         AND e.state IN ('held', 'queued', 'sending', 'unknown') AND e.settled_at IS NULL \
         AND (e.created_at < d.created_at OR (e.created_at = d.created_at AND e.position < d.position))) \
         ORDER BY d.due_at, d.id LIMIT $2"
    };
}

const DUE: &str = concat!("SELECT ", columns!(), due!());
const DUE_UNLOCKED: &str = concat!("SELECT ", columns!(), due!(), " FOR UPDATE OF d SKIP LOCKED");
const LEASE: &str = "UPDATE deliveries SET lease_holder = $2, lease_until = $3 WHERE id = $1";
const RENEW: &str = "UPDATE deliveries SET lease_until = $3 WHERE id = $1 AND lease_holder = $2";
const INSERT: &str = "INSERT INTO deliveries (id, message_id, conversation_id, channel_id, position, part, state, \
     release_at, due_at, tries, lease_until, external_id, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10, $11)";
const BY_ID: &str = concat!("SELECT ", columns!(), " FROM deliveries d WHERE d.id = $1");
const BY_EXTERNAL: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM deliveries d WHERE d.channel_id = $1 AND d.external_id = $2 LIMIT 1"
);
const OF_MESSAGE: &str =
    concat!("SELECT ", columns!(), " FROM deliveries d WHERE d.message_id = $1 ORDER BY d.position");
const OF_CONVERSATION: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM deliveries d WHERE d.conversation_id = $1 ORDER BY d.created_at, d.position"
);
const BEGIN: &str = "UPDATE deliveries SET state = 'sending', tries = $3 \
     WHERE id = $1 AND lease_holder = $2 AND state IN ('held', 'queued', 'sending')";
const UNDO_BEGIN: &str =
    "UPDATE deliveries SET state = 'queued' WHERE id = $1 AND lease_holder = $2 AND state = 'sending'";
macro_rules! settle {
    ($and:literal) => {
        concat!(
            "UPDATE deliveries SET state = $2, due_at = $3, external_id = COALESCE($4, external_id), \
             reason = $5, why = $6, settled_at = $7, lease_until = 0, lease_holder = NULL",
            $and
        )
    };
}
const SETTLE: &str = settle!(" WHERE id = $1");
const SETTLE_HELD: &str =
    settle!(", tries = $9 WHERE id = $1 AND lease_holder = $8 RETURNING conversation_id");
const SAY: &str = "UPDATE deliveries SET why = $2 WHERE id = $1";
const LOCK: &str = "UPDATE deliveries SET due_at = due_at WHERE id = $1";
const FREE: &str = "UPDATE deliveries SET lease_until = 0, lease_holder = NULL, \
     due_at = CASE WHEN state = 'sending' AND due_at < $1 THEN $1 ELSE due_at END \
     WHERE state IN ('held', 'queued', 'sending', 'unknown') AND settled_at IS NULL AND lease_until > 0";
const WAKE_CHANNEL: &str = "UPDATE deliveries SET due_at = $2 WHERE channel_id = $1 AND due_at > $2 \
     AND release_at <= $2 AND state IN ('held', 'queued') AND settled_at IS NULL";
const PARK: &str = "UPDATE deliveries SET due_at = $3, why = $4, lease_until = 0, lease_holder = NULL \
     WHERE id = $1 AND lease_holder = $2 AND settled_at IS NULL";
const WITHDRAW: &str = "UPDATE deliveries SET state = 'withdrawn', settled_at = $2, lease_until = 0, lease_holder = NULL \
     WHERE message_id = $1 AND state = 'held'";
const NEXT_DUE: &str = "SELECT MIN(due_at) FROM deliveries WHERE state IN ('held', 'queued', 'sending', 'unknown') \
     AND settled_at IS NULL AND due_at > $1";

pub(super) const ALL: &[&str] = &[
    DUE,
    LEASE,
    RENEW,
    INSERT,
    BY_ID,
    BY_EXTERNAL,
    OF_MESSAGE,
    OF_CONVERSATION,
    BEGIN,
    UNDO_BEGIN,
    SETTLE,
    SETTLE_HELD,
    SAY,
    LOCK,
    FREE,
    WAKE_CHANNEL,
    PARK,
    WITHDRAW,
    NEXT_DUE,
];
/// Only the server has them.
pub(super) const ONLY_POSTGRES: &[&str] = &[DUE_UNLOCKED];

/// What becomes of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Where it is now.
    pub state: State,
    /// When it is next looked at, while it is not settled.
    pub due_at: Millis,
    /// Its id on the platform, when learnt.
    pub external_id: Option<String>,
    /// The kind of failure.
    pub reason: Option<String>,
    /// In words.
    pub why: Option<String>,
    /// When its fate was known.
    pub settled_at: Option<Millis>,
}

/// Keeps a new part; its state is `held` until `release_at`, or `queued` at once.
pub async fn insert(tx: &mut Tx, new: &Delivery) -> Result<(), Error> {
    Ok(on!(&mut tx.conn, c => query(INSERT)
        .bind(new.id)
        .bind(new.message_id)
        .bind(new.conversation_id)
        .bind(new.channel_id)
        .bind(new.position)
        .bind(Fit::fit(&new.part))
        .bind(new.state.as_str())
        .bind(new.release_at)
        .bind(new.due_at)
        .bind(Fit::fit(&new.external_id))
        .bind(new.created_at)
        .execute(c).await.map(|_| ()))?)
}

/// Whether anything is due that nobody holds.
pub async fn any_due(conn: &mut Conn, now: Millis) -> Result<bool, Error> {
    Ok(row!(conn, Delivery, DUE, now, 1_i64)?.is_some())
}

/// Takes what is due until `until`: nobody else gets it before. `token` names this one hold and no other, so that whoever
/// lost it meanwhile can be told.
pub async fn lease(
    tx: &mut Tx,
    token: Uuid,
    now: Millis,
    until: Millis,
    limit: i64,
) -> Result<Vec<Delivery>, Error> {
    let due: Vec<Delivery> = match &mut tx.conn {
        Conn::Sqlite(file) => file.add(DUE).with(now).with(limit).ask().await?.read()?,
        Conn::Postgres(c) => query_as(DUE_UNLOCKED).bind(now).bind(limit).fetch_all(&mut **c).await?,
    };
    for delivery in &due {
        on!(&mut tx.conn, c => query(LEASE).bind(delivery.id).bind(token).bind(until).execute(c).await.map(|_| ()))?;
    }
    Ok(due)
}

/// Goes on holding it. False: the hold was lost, or what it was for is settled.
pub async fn renew(tx: &mut Tx, id: Uuid, token: Uuid, until: Millis) -> Result<bool, Error> {
    Ok(execute!(&mut tx.conn, RENEW, id, token, until)? == 1)
}

/// Marks that the platform is about to be asked, for the so-manieth time. False: it was taken back, or another worker has it.
pub async fn begin(tx: &mut Tx, id: Uuid, token: Uuid, tries: i64) -> Result<bool, Error> {
    Ok(execute!(&mut tx.conn, BEGIN, id, token, tries)? == 1)
}

/// Marks that it has surely not left after all. False: as [`begin`].
pub async fn undo_begin(tx: &mut Tx, id: Uuid, token: Uuid) -> Result<bool, Error> {
    Ok(execute!(&mut tx.conn, UNDO_BEGIN, id, token)? == 1)
}

/// Writes down what became of it, whoever holds it, and ends that hold.
pub async fn settle(tx: &mut Tx, id: Uuid, fate: &Fate) -> Result<(), Error> {
    let Fate { state, due_at, external_id, reason, why, settled_at } = fate;
    let state = state.as_str();
    execute!(&mut tx.conn, SETTLE, id, state, *due_at, external_id, reason, why, *settled_at)?;
    Ok(())
}

/// The same for whoever holds it under this token, with how often it was tried by now; gives where it is now, which may not be
/// where it was when it was taken. Nothing: the hold was lost, and nothing is written.
pub async fn settle_held(
    tx: &mut Tx,
    id: Uuid,
    token: Uuid,
    tries: i64,
    fate: &Fate,
) -> Result<Option<Uuid>, Error> {
    let Fate { state, due_at, external_id, reason, why, settled_at } = fate;
    let state = state.as_str();
    let conversation = row!(
        &mut tx.conn,
        (Uuid,),
        SETTLE_HELD,
        id,
        state,
        *due_at,
        external_id,
        reason,
        why,
        *settled_at,
        token,
        tries
    )?;
    Ok(conversation.map(|(id,)| id))
}

/// Changes nothing but the words beside it.
pub async fn say(tx: &mut Tx, id: Uuid, why: &str) -> Result<(), Error> {
    execute!(&mut tx.conn, SAY, id, why)?;
    Ok(())
}

/// The delivery of this id, with nobody else able to change it until this transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Delivery>, Error> {
    execute!(&mut tx.conn, LOCK, id)?;
    by_id(tx, id).await
}

/// Gives up the lease of everybody, whoever they were, and has what was being sent looked for from `look_at` on; gives how
/// many there were.
pub async fn free(tx: &mut Tx, look_at: Millis) -> Result<u64, Error> {
    Ok(execute!(&mut tx.conn, FREE, look_at)?)
}

/// What is parked at a channel is due now (it may send again).
pub async fn wake_channel(tx: &mut Tx, channel: Uuid, now: Millis) -> Result<u64, Error> {
    Ok(execute!(&mut tx.conn, WAKE_CHANNEL, channel, now)?)
}

/// Leaves a part as it is until `until`, because nobody may ask the platform now: no try was made. Gives up the lease.
pub async fn park(tx: &mut Tx, id: Uuid, holder: Uuid, until: Millis, why: &str) -> Result<bool, Error> {
    Ok(execute!(&mut tx.conn, PARK, id, holder, until, why)? == 1)
}

/// Takes back every part of a reply that is still held; gives how many.
pub async fn withdraw(tx: &mut Tx, message: Uuid, now: Millis) -> Result<u64, Error> {
    Ok(
        on!(&mut tx.conn, c => query(WITHDRAW).bind(message).bind(now).execute(c).await.map(|done| done.rows_affected()))?,
    )
}

/// The delivery of this id.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Delivery>, Error> {
    Ok(on!(conn, c => query_as(BY_ID).bind(id).fetch_optional(c).await)?)
}

/// The delivery that the platform calls so.
pub async fn by_external(
    conn: &mut Conn,
    channel: Uuid,
    external_id: &str,
) -> Result<Option<Delivery>, Error> {
    Ok(
        on!(conn, c => query_as(BY_EXTERNAL).bind(channel).bind(Fit::fit(external_id)).fetch_optional(c).await)?,
    )
}

/// The parts of one reply, in order.
pub async fn of_message(conn: &mut Conn, message: Uuid) -> Result<Vec<Delivery>, Error> {
    Ok(on!(conn, c => query_as(OF_MESSAGE).bind(message).fetch_all(c).await)?)
}

/// The parts of every reply of a conversation, in order.
pub async fn of_conversation(conn: &mut Conn, conversation: Uuid) -> Result<Vec<Delivery>, Error> {
    Ok(on!(conn, c => query_as(OF_CONVERSATION).bind(conversation).fetch_all(c).await)?)
}

/// When the next delivery falls due after `now`.
pub async fn next_due(conn: &mut Conn, now: Millis) -> Result<Option<Millis>, Error> {
    let (next,): (Option<Millis>,) = on!(conn, c => query_as(NEXT_DUE).bind(now).fetch_one(c).await)?;
    Ok(next)
}
