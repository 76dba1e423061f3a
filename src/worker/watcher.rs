//! Holds a line open for each stream that can be watched; what comes over it wakes the poller. A line that breaks is
//! taken up again with patience; polling goes on meanwhile as the net under it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use connectors::contract::{BoxFuture, Channel, Cost, Envelope, Failure, Sink, StreamId};
use futures::FutureExt;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::App;
use crate::channel::budget;
use crate::channel::roster::Open;
use crate::error::Error;
use crate::inbound;
use crate::model::channel::Stream;
use crate::store::streams;

const LOOKED_AROUND_EVERY: Duration = Duration::from_secs(10);
const SHORTEST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut lines = Lines::default();
    loop {
        lines.look_around(&app).await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOKED_AROUND_EVERY) => {}
        }
    }
}

/// The lines that are held open, each for one stream; they end with this value.
#[derive(Default)]
pub struct Lines(HashMap<(Uuid, String), Held>);

struct Held {
    account: Arc<dyn Channel>,
    task: JoinHandle<()>,
}

impl Lines {
    /// Begins the lines that are wanted and not there, ends those that are not wanted any more; gives how many began. A
    /// line that the platform refused for good is not begun again for the same opening of its channel.
    pub async fn look_around(&mut self, app: &App) -> usize {
        let wanted = wanted(app).await;
        self.0
            .retain(|line, held| wanted.get(line).is_some_and(|account| Arc::ptr_eq(account, &held.account)));
        let mut begun = 0;
        for (line, account) in wanted {
            self.0.entry(line).or_insert_with_key(|(channel, stream)| {
                begun += 1;
                let task = hold(app.clone(), *channel, stream.clone(), account.clone());
                Held { account, task: tokio::spawn(task) }
            });
        }
        begun
    }

    /// How many are being held: those that were refused are not.
    pub fn held(&self) -> usize {
        self.0.values().filter(|held| !held.task.is_finished()).count()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn wanted(app: &App) -> HashMap<(Uuid, String), Arc<dyn Channel>> {
    let mut wanted = HashMap::new();
    for open in app.roster.all() {
        if open.channel.watch().is_none() {
            continue;
        }
        let Ok(mut conn) = app.db.read().await else { continue };
        let streams = streams::of_channel(&mut conn, open.row.id).await.unwrap_or_default();
        let line = |stream: Stream| ((open.row.id, stream.stream), open.channel.clone());
        wanted.extend(streams.into_iter().map(line));
    }
    wanted
}

/// Holds one line until the task is aborted, the channel is opened anew, or the platform says that it never will.
async fn hold(app: App, channel: Uuid, stream: String, account: Arc<dyn Channel>) {
    let mut pause = SHORTEST_PAUSE;
    while let Some(open) = app.roster.get(channel).filter(|open| Arc::ptr_eq(&open.channel, &account)) {
        let Some(watch) = open.channel.watch() else { return };
        let line = Line { app: &app, open: &open, stream: &stream };
        let began = app.clock.now();
        match watch.watch(&StreamId(stream.clone()), &line).await {
            Ok(()) => {}
            Err(Failure::Permanent { why, .. }) => {
                tracing::info!(channel = %open.row.name, stream, why, "cannot be watched; polling alone brings everything");
                return;
            }
            Err(failure) => tracing::debug!(channel = %open.row.name, stream, %failure, "a line broke"),
        }
        let lasted = app.clock.now() - began;
        pause = if lasted > 60_000 { SHORTEST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
        tokio::time::sleep(pause).await;
    }
}

struct Line<'a> {
    app: &'a App,
    open: &'a Open,
    stream: &'a str,
}

impl Sink for Line<'_> {
    fn wake(&self) {
        let (app, channel, stream) = (self.app.clone(), self.open.row.id, self.stream.to_owned());
        tokio::spawn(async move {
            let woken = app
                .db
                .write(move |tx| {
                    async move { Ok::<_, Error>(streams::wake(tx, channel, &stream).await?) }.boxed()
                })
                .await;
            match woken {
                Ok(_) => app.bus.wake_poller(),
                Err(error) => {
                    tracing::warn!(%error, "a wake-up was lost; the next read comes by the schedule")
                }
            }
        });
    }

    fn push(&self, envelopes: Vec<Envelope>, cost: Cost) -> BoxFuture<'_, Result<(), Failure>> {
        async move {
            let kept = inbound::accept(self.app, &self.open.row, envelopes, None).await;
            let counted = match kept {
                Ok(_) => budget::spend_reading(&self.app.roster, self.open, cost).await,
                Err(error) => Err(error),
            };
            match counted {
                Ok(()) => Ok(()),
                Err(error) => Err(Failure::Transient { after_ms: None, why: error.to_string() }),
            }
        }
        .boxed()
    }
}
