//! The streams of each channel: where reading resumes, whose turn it is, how it goes.

use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

use super::fit::Fit;
use super::{Conn, Error, Tx, execute, on};
use crate::model::Millis;
use crate::model::channel::Stream;

macro_rules! columns {
    () => {
        "s.channel_id, s.stream, s.name, s.echoes, s.place, s.next_poll_at, s.quiet_polls, s.failures, \
         s.last_success_at, s.last_item_at, s.last_error, s.backlog, s.note, s.noted_at"
    };
}
/// What we said ourselves is first read when everything that patrons said was read once, so that it finds what it answers.
/// A place that cannot be read at all is not waited for.
macro_rules! readable {
    () => {
        "c.removed_at IS NULL AND c.state <> 'paused' AND (NOT s.echoes OR s.place IS NOT NULL OR NOT EXISTS \
         (SELECT 1 FROM streams r WHERE r.channel_id = s.channel_id AND NOT r.echoes AND r.failures < 10 \
         AND (r.last_success_at IS NULL OR r.backlog > 0)))"
    };
}
macro_rules! due {
    () => {
        concat!(
            " FROM streams s JOIN channels c ON c.id = s.channel_id WHERE s.next_poll_at <= $1 \
         AND s.lease_until <= $1 AND ",
            readable!(),
            " ORDER BY s.next_poll_at LIMIT $2"
        )
    };
}

const DUE: &str = concat!("SELECT ", columns!(), due!());
const DUE_UNLOCKED: &str = concat!("SELECT ", columns!(), due!(), " FOR UPDATE OF s SKIP LOCKED");
/// Whoever wakes the stream while it is read sets it to 0 again; the read's end leaves that as it is.
const LEASE: &str = "UPDATE streams SET lease_holder = $3, lease_until = $4, next_poll_at = $4 \
     WHERE channel_id = $1 AND stream = $2";
const RENEW: &str =
    "UPDATE streams SET lease_until = $4 WHERE channel_id = $1 AND stream = $2 AND lease_holder = $3";
const ADVANCE: &str = "UPDATE streams SET place = $4, lease_until = $5, backlog = $6, \
     last_item_at = COALESCE($7, last_item_at), note = COALESCE($8, note), noted_at = COALESCE($9, noted_at) WHERE channel_id = $1 AND stream = $2 AND lease_holder = $3";
const FINISH: &str = "UPDATE streams SET lease_until = 0, lease_holder = NULL, next_poll_at = $4, quiet_polls = $5, failures = $6, \
     last_success_at = COALESCE($7, last_success_at), last_error = $8 \
     WHERE channel_id = $1 AND stream = $2 AND lease_holder = $3";
const FREE: &str =
    "UPDATE streams SET lease_until = 0, lease_holder = NULL, next_poll_at = 0 WHERE lease_until > 0";
const WAKE: &str =
    "UPDATE streams SET next_poll_at = 0 WHERE channel_id = $1 AND stream = $2 AND next_poll_at > 0";
const WAKE_CHANNEL: &str = "UPDATE streams SET next_poll_at = 0 WHERE channel_id = $1";
const PUT: &str = "INSERT INTO streams (channel_id, stream, name, echoes, lease_until, next_poll_at, quiet_polls, \
     failures) VALUES ($1, $2, $3, $4, 0, 0, 0, 0) \
     ON CONFLICT (channel_id, stream) DO UPDATE SET name = excluded.name, echoes = excluded.echoes";
const OF_CHANNEL: &str =
    concat!("SELECT ", columns!(), " FROM streams s WHERE s.channel_id = $1 ORDER BY s.stream");
const EVERY: &str = concat!("SELECT ", columns!(), " FROM streams s ORDER BY s.channel_id, s.stream");
const NEXT_POLL: &str = concat!(
    "SELECT MIN(CASE WHEN s.lease_until > s.next_poll_at THEN s.lease_until ELSE s.next_poll_at END) \
     AS at FROM streams s JOIN channels c ON c.id = s.channel_id WHERE ",
    readable!()
);

pub(super) const ALL: &[&str] =
    &[DUE, LEASE, RENEW, ADVANCE, FINISH, FREE, WAKE, WAKE_CHANNEL, PUT, OF_CHANNEL, EVERY, NEXT_POLL];
/// Only the server has them.
pub(super) const ONLY_POSTGRES: &[&str] = &[DUE_UNLOCKED];

/// Where a read has got to; saved in the transaction that keeps what was read.
#[derive(Clone, Debug)]
pub struct Place {
    /// The stream.
    pub stream: String,
    /// Who reads it: a lease that was lost keeps nothing.
    pub holder: Uuid,
    /// The cursor, JSON.
    pub cursor: String,
    /// The lease goes on until then.
    pub lease_until: Millis,
    /// How many are still to be read.
    pub backlog: Option<i64>,
    /// What a person should know of this read, and since when.
    pub note: Option<(String, Millis)>,
}

/// How a read ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// When the stream is next read.
    pub next_poll_at: Millis,
    /// How many reads in a row found nothing.
    pub quiet_polls: i64,
    /// How many reads in a row failed.
    pub failures: i64,
    /// When it succeeded, if it did.
    pub succeeded_at: Option<Millis>,
    /// Why it failed, in words, if it did.
    pub error: Option<String>,
}

#[derive(FromRow)]
struct NextPoll {
    at: Option<Millis>,
}

/// Takes the streams that are due for this poller until `until`: no other poller reads them before, and when this one
/// dies they move on then.
pub async fn lease(
    tx: &mut Tx,
    holder: Uuid,
    now: Millis,
    until: Millis,
    limit: i64,
) -> Result<Vec<Stream>, Error> {
    let due: Vec<Stream> = match &mut tx.conn {
        Conn::Sqlite(file) => file.add(DUE).with(now).with(limit).ask().await?.read()?,
        Conn::Postgres(c) => query_as(DUE_UNLOCKED).bind(now).bind(limit).fetch_all(&mut **c).await?,
    };
    for stream in &due {
        on!(&mut tx.conn, c => query(LEASE)
            .bind(stream.channel_id).bind(&stream.stream).bind(holder).bind(until)
            .execute(c).await.map(|_| ()))?;
    }
    Ok(due)
}

/// Goes on holding a stream. False: it was lost meanwhile.
pub async fn renew(
    tx: &mut Tx,
    channel: Uuid,
    stream: &str,
    holder: Uuid,
    until: Millis,
) -> Result<bool, Error> {
    let rows = on!(&mut tx.conn, c => query(RENEW)
        .bind(channel).bind(stream).bind(holder).bind(until)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Saves the place. False: the lease was lost, another poller is reading; the caller must keep nothing.
pub async fn advance(
    tx: &mut Tx,
    channel: Uuid,
    place: &Place,
    item_at: Option<Millis>,
) -> Result<bool, Error> {
    let (note, noted_at) = place.note.clone().unzip();
    let rows = execute!(
        &mut tx.conn,
        ADVANCE,
        channel,
        &place.stream,
        place.holder,
        &place.cursor,
        place.lease_until,
        place.backlog,
        item_at,
        &note,
        noted_at
    )?;
    Ok(rows == 1)
}

/// Writes down how a read ended and gives up the lease.
pub async fn finish(
    tx: &mut Tx,
    channel: Uuid,
    stream: &str,
    holder: Uuid,
    end: &Finished,
) -> Result<(), Error> {
    Ok(on!(&mut tx.conn, c => query(FINISH)
        .bind(channel)
        .bind(stream)
        .bind(holder)
        .bind(end.next_poll_at)
        .bind(end.quiet_polls)
        .bind(end.failures)
        .bind(end.succeeded_at)
        .bind(Fit::fit(&end.error))
        .execute(c).await.map(|_| ()))?)
}

/// Gives up the lease of everybody, whoever they were; gives how many there were.
pub async fn free(tx: &mut Tx) -> Result<u64, Error> {
    Ok(execute!(&mut tx.conn, FREE)?)
}

/// Something is new there: read it at once.
pub async fn wake(tx: &mut Tx, channel: Uuid, stream: &str) -> Result<(), Error> {
    Ok(on!(&mut tx.conn, c => query(WAKE).bind(channel).bind(stream).execute(c).await.map(|_| ()))?)
}

/// Reads every stream of a channel at once (after it was signed in again).
pub async fn wake_channel(tx: &mut Tx, channel: Uuid) -> Result<(), Error> {
    Ok(on!(&mut tx.conn, c => query(WAKE_CHANNEL).bind(channel).execute(c).await.map(|_| ()))?)
}

/// Remembers a stream that a channel has; its place is kept if it is known already.
pub async fn put(tx: &mut Tx, channel: Uuid, stream: &str, name: &str, echoes: bool) -> Result<(), Error> {
    Ok(on!(&mut tx.conn, c => query(PUT)
        .bind(channel).bind(stream).bind(Fit::fit(name)).bind(echoes)
        .execute(c).await.map(|_| ()))?)
}

/// The streams of a channel.
pub async fn of_channel(conn: &mut Conn, channel: Uuid) -> Result<Vec<Stream>, Error> {
    Ok(on!(conn, c => query_as(OF_CHANNEL).bind(channel).fetch_all(c).await)?)
}

/// The streams of every channel.
pub async fn all(conn: &mut Conn) -> Result<Vec<Stream>, Error> {
    Ok(on!(conn, c => query_as(EVERY).fetch_all(c).await)?)
}

/// When the next stream falls due.
pub async fn next_poll(conn: &mut Conn) -> Result<Option<Millis>, Error> {
    let next: NextPoll = on!(conn, c => query_as(NEXT_POLL).fetch_one(c).await)?;
    Ok(next.at)
}
