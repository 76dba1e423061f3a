//! Loops of one shape: take, do, settle. Each takes work by a lease, so that any number of processes may run, and one
//! that dies leaves its work to the others.

mod poller;
mod sender;
mod watcher;

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::App;
use crate::store;

/// How long a worker may be silent before its work moves on. A read of a large backlog renews it with each batch.
pub const LEASE_MS: i64 = 45_000;
/// The longest a loop sleeps when nothing tells it otherwise: the net under wake-ups that got lost.
const NAP: Duration = Duration::from_secs(5);

/// The running workers of this process.
pub struct Workers {
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

/// Starts every worker. They end when `stop` is cancelled; work in hand is finished first.
pub fn spawn(app: &App, stop: &CancellationToken) -> Workers {
    let mut tasks = JoinSet::new();
    let holder = app.clock.id();
    tasks.spawn(poller::run(app.clone(), holder, stop.clone()));
    tasks.spawn(sender::run(app.clone(), holder, stop.clone()));
    tasks.spawn(watcher::run(app.clone(), stop.clone()));
    tasks.spawn(follow(app.clone(), stop.clone()));
    Workers { tasks, stop: stop.clone() }
}

impl Workers {
    /// Stops them and waits until the work in hand is settled.
    pub async fn finish(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Runs both kinds of due work until nothing is due any more; gives how much was done. What a test calls instead of
/// waiting.
pub async fn settle(app: &App) -> crate::error::Result<usize> {
    let holder = app.clock.id();
    let mut done = 0;
    loop {
        let now = poller::turn(app, holder).await? + sender::turn(app, holder).await?;
        if now == 0 {
            return Ok(done);
        }
        done += now;
    }
}

/// Sleeps until `due` (epoch ms), a wake-up, or the nap's end; false when it is time to stop.
async fn nap(app: &App, due: Option<i64>, woken: impl Future<Output = ()>, stop: &CancellationToken) -> bool {
    let until_due = due.map(|at| Duration::from_millis(u64::try_from(at - app.clock.now()).unwrap_or(0)));
    let sleep = until_due.unwrap_or(NAP).min(NAP);
    tokio::select! {
        () = stop.cancelled() => false,
        () = tokio::time::sleep(sleep) => true,
        () = woken => true,
    }
}

/// Says what went wrong with a loop's turn and lets it breathe.
async fn stumble(what: &str, error: &crate::error::Error, stop: &CancellationToken) -> bool {
    tracing::error!(%error, "{what} could not do its turn; it tries again");
    tokio::select! {
        () = stop.cancelled() => false,
        () = tokio::time::sleep(Duration::from_secs(1)) => true,
    }
}

/// Hears what other processes keep, and what one of this process kept and did not come to tell.
async fn follow(app: App, stop: CancellationToken) {
    let from = loop {
        let newest = async { store::events::newest(&mut app.db.read().await?).await };
        match newest.await {
            Ok(seq) => break seq,
            Err(error) => {
                if !stumble("the relay", &error.into(), &stop).await {
                    return;
                }
            }
        }
    };
    app.bus.tell_in_order_after(from);
    store::wake::follow(&app.db, from, |event| app.bus.relay(event), &stop).await;
}

/// Who holds a lease: one id per process.
type Holder = Uuid;
