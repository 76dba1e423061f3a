//! A timed hold on a row, renewed while the work runs. A process that dies lets go of it by itself; one that was stopped
//! and wakes up finds out that it lost it before it does harm.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use connectors::contract::BoxFuture;

use crate::clock::Clock;
use crate::error::Result;

/// How often the clock is looked at. Not one long sleep: a machine that was suspended sleeps on after it wakes.
const LOOK: Duration = Duration::from_secs(1);

/// What a renewal says: whether the hold is still ours.
type Renewed = BoxFuture<'static, Result<bool>>;

/// A hold on one row.
pub(super) struct Lease {
    clock: Clock,
    length_ms: i64,
    until: AtomicI64,
    renew: Box<dyn Fn(i64) -> Renewed + Send + Sync>,
}

impl Lease {
    /// Just taken, until `until`. `renew` is a compare-and-set on the hold's token: it holds on until the moment it is
    /// given, or says that the row is somebody else's.
    pub(super) fn taken(
        clock: &Clock,
        length_ms: i64,
        until: i64,
        renew: impl Fn(i64) -> Renewed + Send + Sync + 'static,
    ) -> Self {
        Self { clock: clock.clone(), length_ms, until: AtomicI64::new(until), renew: Box::new(renew) }
    }

    /// Renews whenever a third of it is over, and resolves when it was lost.
    pub(super) async fn lost(&self) {
        loop {
            tokio::time::sleep(LOOK).await;
            if !self.is_fresh() && !self.renewed().await {
                return;
            }
        }
    }

    /// Whether it is ours, with most of its length still to come.
    pub(super) async fn holds(&self) -> bool {
        self.is_fresh() || (self.renewed().await && self.is_fresh())
    }

    fn is_fresh(&self) -> bool {
        self.until.load(Ordering::Relaxed) - self.clock.now() > self.length_ms / 3 * 2
    }

    async fn renewed(&self) -> bool {
        let until = self.clock.now() + self.length_ms;
        match (self.renew)(until).await {
            Ok(true) => {
                self.until.store(until, Ordering::Relaxed);
                true
            }
            Ok(false) => false,
            Err(error) => {
                // Nobody may take it before its time, and it is asked again in a moment.
                tracing::warn!(%error, "a lease could not be renewed; it is tried again");
                self.clock.now() < self.until.load(Ordering::Relaxed)
            }
        }
    }
}
