//! Holds a line open for each stream that can be watched; what comes over it wakes the poller. A line that breaks is
//! taken up again with patience; polling goes on meanwhile as the net under it.

use std::collections::HashMap;
use std::time::Duration;

use connectors::contract::{BoxFuture, Envelope, Failure, Sink, StreamId};
use futures::FutureExt;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::App;
use crate::channel::roster::Open;
use crate::error::Error;
use crate::inbound;
use crate::store::streams;

const LOOKED_AROUND_EVERY: Duration = Duration::from_secs(10);
const SHORTEST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut lines: HashMap<(Uuid, String), AbortHandle> = HashMap::new();
    loop {
        let wanted = wanted(&app).await;
        lines.retain(|line, task| {
            let keep = wanted.iter().any(|one| one == line) && !task.is_finished();
            if !keep {
                task.abort();
            }
            keep
        });
        for (channel, stream) in wanted {
            let line = lines.entry((channel, stream.clone()));
            line.or_insert_with(|| tokio::spawn(hold(app.clone(), channel, stream)).abort_handle());
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(LOOKED_AROUND_EVERY) => {}
        }
    }
    for task in lines.into_values() {
        task.abort();
    }
}

async fn wanted(app: &App) -> Vec<(Uuid, String)> {
    let mut wanted = Vec::new();
    for open in app.roster.all() {
        if open.channel.watch().is_none() {
            continue;
        }
        let Ok(mut conn) = app.db.read().await else { continue };
        let streams = streams::of_channel(&mut conn, open.row.id).await.unwrap_or_default();
        wanted.extend(streams.into_iter().map(|stream| (open.row.id, stream.stream)));
    }
    wanted
}

/// Holds one line until the task is aborted.
async fn hold(app: App, channel: Uuid, stream: String) {
    let mut pause = SHORTEST_PAUSE;
    while let Some(open) = app.roster.get(channel) {
        let Some(watch) = open.channel.watch() else { return };
        let line = Line { app: &app, open: &open, stream: &stream };
        let began = app.clock.now();
        match watch.watch(&StreamId(stream.clone()), &line).await {
            Ok(()) => {}
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

    fn push(&self, envelopes: Vec<Envelope>) -> BoxFuture<'_, Result<(), Failure>> {
        async move {
            match inbound::accept(self.app, &self.open.row, envelopes, None).await {
                Ok(_) => Ok(()),
                Err(error) => Err(Failure::Transient { after_ms: None, why: error.to_string() }),
            }
        }
        .boxed()
    }
}
