//! Reads the streams that are due: lease, poll, keep, and again while there is more.

use connectors::contract::{Budget, Cursor, Failure, StreamId};
use futures::FutureExt;
use uuid::Uuid;

use super::lease::Lease;
use super::work::Work;
use crate::app::App;
use crate::channel::roster::Open;
use crate::channel::{budget, health, rate};
use crate::error::{Error, Result};
use crate::failpoint::{self, At};
use crate::inbound;
use crate::model::channel::{State, Stream};
use crate::model::schedule::{Mood, Schedule};
use crate::store::people;
use crate::store::streams::{self, Finished, Place};

/// How long a stream is somebody's without a sign of life. Renewed while it is being read, however long that takes.
pub const LEASE_MS: i64 = failpoint::shortened(45_000);
const BUDGET: Budget = Budget { max_items: 100, max_bytes: 32 * 1024 * 1024 };
/// One stream with an endless backlog must not keep a hand for ever.
const BATCHES_A_TURN: usize = 50;
/// A platform that wants to be left alone for longer than this is on the channel's card.
const LOUD_AFTER_MS: i64 = 5 * 60_000;
/// A server that stumbles once is no news; the card would cry wolf.
const FAILURES_BEFORE_A_WORD: i64 = 2;

/// What is due to be read.
#[derive(Clone)]
pub(super) struct Streams(pub(super) App);

/// A stream, and the hold on it.
pub(super) struct Taken {
    stream: Stream,
    token: Uuid,
    until: i64,
}

impl Work for Streams {
    type Piece = Taken;
    const NAME: &'static str = "The poller";
    const AT_ONCE: usize = 16;

    fn app(&self) -> &App {
        &self.0
    }

    async fn take(&self, most: usize) -> Result<Vec<Taken>> {
        let app = &self.0;
        let now = app.clock.now();
        if self.next_due().await.is_none_or(|at| at > now) {
            return Ok(Vec::new());
        }
        let (token, until, most) = (app.clock.id(), now + LEASE_MS, i64::try_from(most).unwrap_or(i64::MAX));
        let (due, _) = app
            .db
            .write(move |tx| {
                async move { Ok::<_, Error>(streams::lease(tx, token, now, until, most).await?) }.boxed()
            })
            .await?;
        if !due.is_empty() {
            failpoint::pass(At::StreamLeased);
        }
        Ok(due.into_iter().map(|stream| Taken { stream, token, until }).collect())
    }

    async fn carry_out(&self, taken: Taken) {
        let (app, stream) = (&self.0, &taken.stream);
        let lease = lease(app, &taken);
        let read = tokio::select! {
            read = read(app, taken.token, stream) => read,
            // Whoever has it now reads the same again; what was kept before is known there.
            () = lease.lost() => Err(Error::Invalid("another process has taken this stream over".to_owned())),
        };
        if let Err(error) = read {
            tracing::warn!(channel = %stream.channel_id, stream = %stream.stream, %error, "a read was not kept; it is done again");
        }
    }

    async fn next_due(&self) -> Option<i64> {
        let mut conn = self.0.db.read().await.ok()?;
        streams::next_poll(&mut conn).await.ok().flatten()
    }

    async fn woken(&self) {
        self.0.bus.poller_woken().await;
    }
}

fn lease(app: &App, taken: &Taken) -> Lease {
    let (db, channel, name) = (app.db.clone(), taken.stream.channel_id, taken.stream.stream.clone());
    let token = taken.token;
    Lease::taken(&app.clock, LEASE_MS, taken.until, move |until| {
        let (db, name) = (db.clone(), name.clone());
        async move {
            let (held, _) = db
                .write(move |tx| {
                    async move { Ok::<_, Error>(streams::renew(tx, channel, &name, token, until).await?) }
                        .boxed()
                })
                .await?;
            Ok(held)
        }
        .boxed()
    })
}

async fn read(app: &App, holder: Uuid, stream: &Stream) -> Result<()> {
    let Some(open) = app.roster.get(stream.channel_id) else { return Ok(()) };
    let Some(poll) = open.channel.poll() else { return Ok(()) };
    let id = StreamId(stream.stream.clone());
    let endpoint = poll.endpoint(&id).unwrap_or_else(|| id.0.clone());
    if let Some(rate) = rate::in_force(&app.roster, &open.row, Some(&endpoint)).await? {
        return wait(app, holder, stream, rate.until, rate.why).await;
    }
    if let Some(failure) = budget::refuses_reading(&app.roster, &open).await? {
        return failed(app, holder, &open, stream, &failure).await;
    }
    let mut cursor = cursor(stream);
    let mut received = 0;
    let (mut more, mut not_before, mut told) = (false, None, None);
    for _ in 0..BATCHES_A_TURN {
        let batch = match poll.poll(&id, cursor.as_ref(), BUDGET).await {
            Ok(batch) => batch,
            Err(Failure::CursorInvalid { reset, why }) => {
                tracing::warn!(channel = %open.row.name, stream = %id, why = why.as_str(), "the place in the stream means nothing any more; reading goes on from a new one");
                cursor = reset;
                told = Some(why);
                continue;
            }
            Err(failure) => {
                let limited = rate::note(&app.roster, &open.row, &failure).await?;
                return match limited {
                    Some(until) if until - app.clock.now() < LOUD_AFTER_MS => {
                        wait(app, holder, stream, until, failure.to_string()).await
                    }
                    _ => failed(app, holder, &open, stream, &failure).await,
                };
            }
        };
        failpoint::pass(At::BatchGiven);
        // Spent, whatever becomes of what it brought.
        budget::spend_reading(&app.roster, &open, batch.cost).await?;
        let place = Place {
            stream: stream.stream.clone(),
            holder,
            cursor: batch.next.0.to_string(),
            lease_until: app.clock.now() + LEASE_MS,
            backlog: batch.backlog.and_then(|n| i64::try_from(n).ok()),
            note: batch.note.or(told.take()).map(|note| (note, app.clock.now())),
        };
        if let Some((note, _)) = &place.note {
            tracing::info!(channel = %open.row.name, stream = %id, note);
        }
        let unmoved =
            place.note.is_none() && batch.envelopes.is_empty() && cursor.as_ref() == Some(&batch.next);
        #[cfg(feature = "wrong-cursor-first")]
        if crate::wrong::is("cursor-first") {
            inbound::accept(app, &open.row, Vec::new(), Some(place.clone())).await?;
        }
        if !unmoved {
            received += inbound::accept(app, &open.row, batch.envelopes, Some(place)).await?.received;
        }
        cursor = Some(batch.next);
        (more, not_before) = (batch.more, batch.not_before);
        if !more || budget::refuses_reading(&app.roster, &open).await?.is_some() {
            break;
        }
    }
    failpoint::pass(At::ReadToEnd);
    let soonest = if more { app.clock.now() } else { i64::MAX };
    succeeded(app, holder, &open, stream, received, (soonest, not_before.unwrap_or(0))).await
}

async fn succeeded(
    app: &App,
    holder: Uuid,
    open: &Open,
    stream: &Stream,
    received: i64,
    (soonest, not_before): (i64, i64),
) -> Result<()> {
    let now = app.clock.now();
    let quiet = if received > 0 { 0 } else { stream.quiet_polls.saturating_add(1) };
    let next = next(app, open, Mood { quiet, failures: 0 }).await.min(soonest).max(not_before);
    let next = next.max(budget::next_read(&app.roster, open).await?.unwrap_or(0));
    let end = Finished {
        next_poll_at: next,
        quiet_polls: quiet,
        failures: 0,
        succeeded_at: Some(now),
        error: None,
    };
    finish(app, holder, stream, end).await?;
    if let Some(spent) = budget::refuses_reading(&app.roster, open).await? {
        return health::record(&app.roster, open.row.id, &spent).await;
    }
    if open.row.state == State::Active || another_fails(app, stream).await? {
        return Ok(());
    }
    health::recovered(&app.roster, open.row.id).await
}

/// One stream in order does not make up for another: the card would say both in turn.
async fn another_fails(app: &App, stream: &Stream) -> Result<bool> {
    let streams = streams::of_channel(&mut app.db.read().await?, stream.channel_id).await?;
    Ok(streams.iter().any(|other| other.stream != stream.stream && other.last_error.is_some()))
}

/// Leaves the stream alone until then. The platform asked for it: nothing has failed.
async fn wait(app: &App, holder: Uuid, stream: &Stream, until: i64, why: String) -> Result<()> {
    let end = Finished {
        next_poll_at: until,
        quiet_polls: stream.quiet_polls,
        failures: stream.failures,
        succeeded_at: None,
        error: Some(why),
    };
    finish(app, holder, stream, end).await
}

async fn failed(app: &App, holder: Uuid, open: &Open, stream: &Stream, failure: &Failure) -> Result<()> {
    let failures = match failure {
        Failure::RateLimited { .. } => stream.failures,
        _ => stream.failures.saturating_add(1),
    };
    let mut next_poll_at = next(app, open, Mood { quiet: 0, failures }).await;
    if let Failure::RateLimited { until: Some(until), .. } = failure {
        next_poll_at = *until;
    }
    let error = Some(failure.to_string());
    let end = Finished { next_poll_at, quiet_polls: stream.quiet_polls, failures, succeeded_at: None, error };
    finish(app, holder, stream, end).await?;
    if failures < FAILURES_BEFORE_A_WORD && matches!(failure, Failure::Transient { .. }) {
        return Ok(());
    }
    health::record(&app.roster, open.row.id, failure).await
}

async fn finish(app: &App, holder: Uuid, stream: &Stream, end: Finished) -> Result<()> {
    let (channel, stream) = (stream.channel_id, stream.stream.clone());
    app.db
        .write(move |tx| {
            async move { Ok::<_, Error>(streams::finish(tx, channel, &stream, holder, &end).await?) }.boxed()
        })
        .await?;
    Ok(())
}

async fn next(app: &App, open: &Open, mood: Mood) -> i64 {
    let suggested = Schedule::Every(open.channel.capabilities().poll_interval_ms.max(1_000));
    let schedule = open.row.schedule.as_deref().and_then(|text| text.parse().ok()).unwrap_or(suggested);
    let mut byte = [0];
    // Without randomness the reads of many channels would fall together, and nothing worse.
    let _ = getrandom::fill(&mut byte);
    schedule.next(app.clock.now(), &zone(app).await, mood, byte[0])
}

async fn zone(app: &App) -> String {
    let utc = || "UTC".to_owned();
    let Ok(mut conn) = app.db.read().await else { return utc() };
    people::library(&mut conn).await.ok().flatten().map_or_else(utc, |library| library.zone)
}

fn cursor(stream: &Stream) -> Option<Cursor> {
    stream.place.as_deref().and_then(|place| serde_json::from_str(place).ok()).map(Cursor)
}
