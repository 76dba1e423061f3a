//! Fills a store with any number of conversations, through the door that all mail comes by. Each is made from its number
//! alone: what was interrupted goes on where it stopped, and the same seed makes the same store.

use std::sync::Arc;

use anyhow::Context;
use connectors::contract::Envelope;
use connectors::simulator::town::{Crowd, Said};
use futures::StreamExt;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use super::story::Tales;
use crate::app::App;
use crate::channel::roster::Open;
use crate::commands::progress;
use crate::error::Error;
use crate::inbound;
use crate::store::settings;

const WORDS: &str = include_str!("stories/crowd.toml");
/// The setting that remembers how many there are.
const DONE: &str = "demo_crowd";
/// How many are kept in one transaction.
const BATCH: u64 = 200;
/// How many batches are made ready ahead of the one that is being kept.
const AHEAD: usize = 2;
/// The crowd wrote within this time before the stories begin.
const SPAN_MS: i64 = 2 * 365 * 86_400_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    given: Vec<String>,
    family: Vec<String>,
    things: Vec<String>,
    questions: Vec<(String, String)>,
}

/// Brings the crowd to `target` conversations under the app's frozen clock, which it moves along to `end`. False when it
/// was stopped on the way.
pub async fn gather(
    app: &App,
    tales: &Tales,
    target: u64,
    seed: u64,
    end: i64,
    stop: &CancellationToken,
) -> anyhow::Result<bool> {
    let done = settings::get(&mut app.db.read().await?, DONE).await?;
    let done: u64 = done.and_then(|done| done.parse().ok()).unwrap_or(0);
    if done >= target {
        return Ok(true);
    }
    let crowds = crowds(app, tales, seed)?;
    let bar = progress::bar(target, "conversations");
    bar.set_position(done);
    let at = move |number: u64| {
        let share = number as f64 / target as f64;
        end - SPAN_MS + (SPAN_MS as f64 * share) as i64
    };
    let starts: Vec<u64> = (done..target).step_by(BATCH as usize).collect();
    let mut batches = futures::stream::iter(starts)
        .map(|start| {
            let numbers = start..(start + BATCH).min(target);
            // One account a batch: a transaction is one channel's.
            let (crowd, open) = crowds[(start / BATCH) as usize % crowds.len()].clone();
            let next = numbers.end;
            let made = tokio::task::spawn_blocking(move || {
                numbers.map(|number| crowd.envelope(number, at(number))).collect::<Vec<Envelope>>()
            });
            async move { made.await.map(|envelopes| (open, envelopes, next)) }
        })
        .buffered(AHEAD);
    while let Some(batch) = batches.next().await {
        let (open, envelopes, next) = batch.context("The crowd could not be made")?;
        app.clock.advance((at(next) - app.clock.now()).max(0));
        inbound::accept(app, &open.row, envelopes, None).await?;
        bar.set_position(next);
        let stopped = stop.is_cancelled();
        if stopped || next >= target || next % (BATCH * 25) == 0 {
            remember(app, next).await?;
        }
        if stopped {
            bar.abandon();
            return Ok(false);
        }
    }
    bar.finish_and_clear();
    Ok(true)
}

fn crowds(app: &App, tales: &Tales, seed: u64) -> anyhow::Result<Vec<(Crowd, Arc<Open>)>> {
    let Words { given, family, things, questions } =
        toml::from_str(WORDS).context("The crowd's words cannot be read")?;
    let said = Arc::new(Said { given, family, questions, things });
    let mut crowds = Vec::new();
    for desk in &tales.library.desks {
        let open = app.roster.all().into_iter().find(|open| open.row.name == desk.channel);
        let open = open.with_context(|| format!("The channel {} is not open", desk.channel))?;
        let proof_key = app.vault.proof_key(open.row.id);
        crowds.push((Crowd::new(said.clone(), seed, &desk.account, proof_key), open));
    }
    Ok(crowds)
}

async fn remember(app: &App, done: u64) -> anyhow::Result<()> {
    let write = app.db.write::<_, Error, _>(move |tx| {
        Box::pin(async move { Ok(settings::set(tx, DONE, &done.to_string()).await?) })
    });
    write.await?;
    Ok(())
}
