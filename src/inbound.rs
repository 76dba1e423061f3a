//! What platforms give becomes conversations: envelope and events, in ONE idempotent transaction.
//!
//! Pollers, watchers and webhooks all end here. Each envelope becomes a message, goes to held, or is a known duplicate;
//! the database's unique key decides, and the counts are kept in the same transaction, as is the place in the stream.

mod acquaintance;
mod ahead;
mod apart;
mod arrival;
pub mod blocked;
mod echo;
pub mod files;
mod filing;
mod harmless;
mod known;
mod names;
mod ready;
mod rows;
mod ruling;
mod together;
mod word;
mod words;

use std::sync::Arc;

use connectors::contract;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};

use crate::app::App;
use crate::error::{Error, Result};
use crate::failpoint::{self, At};
use crate::model::channel::{Channel, Intake};
use crate::outbound;
use crate::store::streams::Place;
use crate::store::{self, Tx, envelopes, intake, streams};
use ready::Ready;
use word::Aftermath;

pub use ahead::{PORTION, accept_in_turn};
pub use together::Together;

/// A disk presses several files at once as fast as one.
const PRESSED_AT_ONCE: usize = 16;
/// Why a batch was not kept.
const LEASE_LOST: &str = "Another process has taken this stream over; nothing of this batch was kept.";

/// What became of one envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filed {
    Message,
    Held,
    Duplicate,
    /// Word of something of ours, not something a patron gave.
    Receipt,
}

/// Keeps everything in `envelopes`, or nothing. `place` is where the read has got to; with a lease that was lost
/// meanwhile nothing is kept, since another process is reading the same.
pub async fn accept(
    app: &App,
    channel: &Channel,
    envelopes: Vec<contract::Envelope>,
    place: Option<Place>,
) -> Result<Intake> {
    let prepared = prepare(app, channel, envelopes).await?;
    keep_or_part(app, channel, Arc::new(prepared), place).await
}

/// Files are kept first: bytes without a row only take up space, a row without its bytes would be a loss.
async fn prepare(app: &App, channel: &Channel, envelopes: Vec<contract::Envelope>) -> Result<Vec<Ready>> {
    stream::iter(envelopes)
        .map(|envelope| ready::prepare(app, channel, envelope))
        .buffered(PRESSED_AT_ONCE)
        .try_collect()
        .await
}

/// Keeps all of it in one transaction, or, where the store refuses something of it, one by one.
async fn keep_or_part(
    app: &App,
    channel: &Channel,
    prepared: Arc<Vec<Ready>>,
    place: Option<Place>,
) -> Result<Intake> {
    match keep(app, channel, prepared.clone(), place.clone()).await {
        Err(Error::Store(error)) if error.is_about_the_data() => {
            tracing::warn!(channel = %channel.name, %error, "a batch holds something the store refuses; it is kept one by one");
            apart::accept(app, channel, Arc::unwrap_or_clone(prepared), place).await
        }
        other => other,
    }
}

/// Keeps all of it and the place in one transaction.
async fn keep(
    app: &App,
    channel: &Channel,
    prepared: Arc<Vec<Ready>>,
    place: Option<Place>,
) -> Result<Intake> {
    failpoint::pass(At::EnvelopesReady);
    let (filing_app, filing_channel) = (app.clone(), channel.clone());
    let has_files = prepared.iter().any(Ready::is_to_be_completed);
    let ((counts, aftermath), committed) =
        app.db.write(move |tx| file_all(filing_app, filing_channel, prepared, place, tx).boxed()).await?;
    failpoint::pass(At::BatchKept);
    app.bus.publish(committed);
    if has_files {
        app.bus.wake_fetcher();
    }
    aftermath.follow(app, channel).await?;
    Ok(counts)
}

async fn file_all(
    app: App,
    channel: Channel,
    prepared: Arc<Vec<Ready>>,
    place: Option<Place>,
    tx: &mut Tx,
) -> Result<(Intake, Aftermath)> {
    let (mut counts, mut aftermath) = (Intake::default(), Aftermath::default());
    let mut left = &prepared[..];
    while let Some(first) = left.first() {
        let (run, rest) = left.split_at(filing::run(left));
        if !run.is_empty() {
            counts = counts + filing::file(&app, &channel, run, &mut aftermath, tx).await?;
            left = rest;
            continue;
        }
        left = &left[1..];
        match file(&app, &channel, first, &mut aftermath, tx).await? {
            Filed::Message => counts.messages += 1,
            Filed::Held => counts.held += 1,
            Filed::Duplicate => counts.duplicates += 1,
            Filed::Receipt => continue,
        }
        counts.received += 1;
    }
    failpoint::pass(At::BatchFiled);
    let now = app.clock.now();
    intake::add(tx, channel.id, counts, (counts.messages > 0).then_some(now)).await?;
    if let Some(place) = place {
        let item_at = (counts.received > 0).then_some(now);
        if !streams::advance(tx, channel.id, &place, item_at).await? {
            return Err(store::Error::Group(LEASE_LOST.to_owned()).into());
        }
    }
    Ok((counts, aftermath))
}

/// What is no patron's message, one at a time.
async fn file(
    app: &App,
    channel: &Channel,
    ready: &Ready,
    aftermath: &mut Aftermath,
    tx: &mut Tx,
) -> Result<Filed> {
    if let contract::Event::Receipt(receipt) = &ready.event {
        outbound::receive(app, channel.id, receipt, tx).await?;
        return Ok(Filed::Receipt);
    }
    if ready.renumbered
        && let Some(fingerprint) = &ready.envelope.fingerprint
        && envelopes::knows_content(tx, channel.id, fingerprint).await?
    {
        return Ok(Filed::Duplicate);
    }
    if !envelopes::insert(tx, &ready.envelope).await? {
        return Ok(Filed::Duplicate);
    }
    if ready.envelope.held.is_some() {
        if let contract::Event::Held(contract::Held { receipt: Some(receipt), .. }) = &ready.event {
            outbound::receive(app, channel.id, receipt, tx).await?;
        }
        word::heed(app, channel, ready, aftermath, tx).await?;
        return Ok(Filed::Held);
    }
    echo::file(app, channel, ready, tx).await
}
