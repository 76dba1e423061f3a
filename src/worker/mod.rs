//! Loops of one shape: take, do, settle. Each takes work by a lease that it renews while it works, so that any number of
//! processes may run, and one that dies leaves its work to the others.

mod clerk;
mod desk;
mod exit;
mod fetcher;
mod herald;
mod lease;
mod poller;
mod reader;
mod sender;
mod subscriber;
mod surveyor;
mod sweeper;
mod watcher;
mod work;

use std::time::Duration;

use futures::FutureExt;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::store;

pub use poller::LEASE_MS;
pub use watcher::Lines;

use clerk::{Lapses, Snoozes};
use fetcher::Files;
use herald::Herald;
use poller::Streams;
use sender::Outbox;
use subscriber::Subscriptions;
use sweeper::Leftovers;
use work::stumble;

/// Workers begin one after the other, and so their naps end: of those that look at the same moment each has the store open
/// a connection of its own, which it keeps.
const APART: Duration = Duration::from_millis(20);

/// The running workers of this process.
pub struct Workers {
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

/// Starts every worker. They end when `stop` is cancelled; work in hand is finished first.
pub fn spawn(app: &App, stop: &CancellationToken) -> Workers {
    let mut tasks = JoinSet::new();
    // First, so that nothing that others keep from now on goes unheard.
    tasks.spawn(follow(app.clone(), stop.clone()));
    let each = [
        work::run(Streams(app.clone()), stop.clone()).boxed(),
        work::run(Outbox(app.clone()), stop.clone()).boxed(),
        work::run(Files(app.clone()), stop.clone()).boxed(),
        work::run(Subscriptions::of(app), stop.clone()).boxed(),
        work::run(Snoozes(app.clone()), stop.clone()).boxed(),
        work::run(Leftovers::of(app), stop.clone()).boxed(),
        work::run(Lapses(app.clone()), stop.clone()).boxed(),
        work::run(Herald::of(app), stop.clone()).boxed(),
        reader::run(app.clone(), stop.clone()).boxed(),
        surveyor::run(app.clone(), stop.clone()).boxed(),
        desk::run(app.clone(), stop.clone()).boxed(),
        watcher::run(app.clone(), stop.clone()).boxed(),
    ];
    for (place, worker) in (1..).zip(each) {
        tasks.spawn(async move {
            tokio::time::sleep(APART * place).await;
            worker.await;
        });
    }
    Workers { tasks, stop: stop.clone() }
}

impl Workers {
    /// Stops them and waits until the work in hand is settled.
    pub async fn finish(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Runs every kind of due work until nothing is due any more; gives how much was done. What a test calls instead of
/// waiting.
pub async fn settle(app: &App) -> crate::error::Result<usize> {
    let (streams, outbox) = (Streams(app.clone()), Outbox(app.clone()));
    let (files, subscriptions) = (Files(app.clone()), Subscriptions::of(app));
    let (snoozes, leftovers) = (Snoozes(app.clone()), Leftovers::of(app));
    let (lapses, herald) = (Lapses(app.clone()), Herald::of(app));
    let mut done = 0;
    loop {
        let now = work::turn(&subscriptions).await?
            + work::turn(&streams).await?
            + work::turn(&outbox).await?
            + work::turn(&files).await?
            + work::turn(&snoozes).await?
            + work::turn(&leftovers).await?
            + work::turn(&lapses).await?
            + reader::turn(app).await?
            + desk::turn(app).await?
            + work::turn(&herald).await?;
        if now == 0 {
            return Ok(done);
        }
        done += now;
    }
}

/// Hears what other processes keep, and what one of this process kept and did not come to tell.
async fn follow(app: App, stop: CancellationToken) {
    let from = loop {
        let newest = async { store::events::newest(&mut app.db.read().await?).await };
        match newest.await {
            Ok(seq) => break seq,
            Err(error) => stumble("The relay", &error.into(), &stop).await,
        }
        if stop.is_cancelled() {
            return;
        }
    };
    app.bus.tell_in_order_after(from);
    store::wake::follow(&app.db, from, |event| app.bus.relay(event), &stop).await;
}
