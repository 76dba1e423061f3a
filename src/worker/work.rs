//! The one shape of the loops: take what is due, carry it out, and take more as soon as a hand is free. One piece that
//! takes long keeps nobody else's waiting.

use std::time::Duration;

use futures::StreamExt;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::error::{Error, Result};

/// The longest a loop sleeps when nothing tells it otherwise: the net under wake-ups that got lost.
const NAP: Duration = Duration::from_secs(5);
/// The shortest: what is due and yet is not to be had must not be asked for without end.
const BLINK: Duration = Duration::from_millis(20);

/// One kind of due work.
pub(super) trait Work: Clone + Send + Sync + 'static {
    /// One thing to do, held by a lease.
    type Piece: Send + 'static;
    /// What the log calls it.
    const NAME: &'static str;
    /// How many pieces are done at once.
    const AT_ONCE: usize;
    /// The longest it sleeps when nothing tells it otherwise.
    const LONGEST_NAP: Duration = NAP;

    /// Where it is done.
    fn app(&self) -> &App;
    /// Takes at most so many that are due.
    fn take(&self, most: usize) -> impl Future<Output = Result<Vec<Self::Piece>>> + Send;
    /// Does one, to its settlement.
    fn carry_out(&self, piece: Self::Piece) -> impl Future<Output = ()> + Send;
    /// When there is something next, epoch milliseconds.
    fn next_due(&self) -> impl Future<Output = Option<i64>> + Send;
    /// Resolves when something became due since last asked.
    fn woken(&self) -> impl Future<Output = ()> + Send;
}

/// Works until `stop`; what was begun is finished first.
pub(super) async fn run<W: Work>(work: W, stop: CancellationToken) {
    let mut busy = JoinSet::new();
    while !stop.is_cancelled() {
        let free = W::AT_ONCE - busy.len();
        let taken = if free == 0 { Ok(Vec::new()) } else { work.take(free).await };
        let pieces = match taken {
            Ok(pieces) => pieces,
            Err(error) => {
                stumble(W::NAME, &error, &stop).await;
                continue;
            }
        };
        let idle = pieces.len() < free;
        for piece in pieces {
            let work = work.clone();
            busy.spawn(async move { work.carry_out(piece).await });
        }
        let due = if idle { work.next_due().await } else { None };
        tokio::select! {
            Some(done) = busy.join_next() => {
                complain::<W>(done);
                while let Some(done) = busy.try_join_next() {
                    complain::<W>(done);
                }
            }
            () = nap(&work, due, &stop), if idle => {}
        }
    }
    while let Some(done) = busy.join_next().await {
        complain::<W>(done);
    }
}

/// Does what is due now and waits for its end; gives how much it was.
pub(super) async fn turn<W: Work>(work: &W) -> Result<usize> {
    let pieces = work.take(W::AT_ONCE).await?;
    let count = pieces.len();
    let mut doing =
        futures::stream::iter(pieces).map(|piece| work.carry_out(piece)).buffer_unordered(W::AT_ONCE);
    while doing.next().await.is_some() {}
    Ok(count)
}

/// One piece must not take the others down; its lease runs out and it is looked at again.
fn complain<W: Work>(done: std::result::Result<(), JoinError>) {
    if let Err(error) = done {
        tracing::error!(%error, "{} broke off in the middle of a piece of work; it is done again", W::NAME);
    }
}

/// Sleeps until `due` (epoch ms), a wake-up, the nap's end, or until it is time to stop.
async fn nap<W: Work>(work: &W, due: Option<i64>, stop: &CancellationToken) {
    let now = work.app().clock.now();
    let until_due = due.map(|at| Duration::from_millis(u64::try_from(at - now).unwrap_or(0)));
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(until_due.unwrap_or(W::LONGEST_NAP).clamp(BLINK, W::LONGEST_NAP)) => {}
        () = work.woken() => {}
    }
}

/// Says what went wrong with a loop's turn and lets it breathe.
pub(super) async fn stumble(what: &str, error: &Error, stop: &CancellationToken) {
    tracing::error!(%error, "{what} could not do its turn; it tries again");
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(Duration::from_secs(1)) => {}
    }
}
