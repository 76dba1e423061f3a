//! The time a simulated platform lives in, given by whoever starts it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::watch;

/// Tells the time and waits for one.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Now, in milliseconds since 1970 in UTC.
    fn now_ms(&self) -> i64;

    /// Ends when the clock shows `at_ms` or later.
    ///
    /// As given it suits a clock that runs with the world: it sleeps for the difference and looks again.
    fn until(&self, at_ms: i64) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            while let Ok(left_ms @ 1..) = u64::try_from(at_ms.saturating_sub(self.now_ms())) {
                tokio::time::sleep(Duration::from_millis(left_ms)).await;
            }
        })
    }
}

/// A clock that stands still until it is moved by hand.
#[derive(Debug)]
pub struct FrozenClock {
    now_ms: watch::Sender<i64>,
}

impl FrozenClock {
    /// A clock that shows `now_ms`.
    pub fn at(now_ms: i64) -> Arc<Self> {
        Arc::new(Self { now_ms: watch::Sender::new(now_ms) })
    }

    /// Moves the clock on by `by_ms`.
    pub fn advance(&self, by_ms: i64) {
        self.now_ms.send_modify(|now_ms| *now_ms = now_ms.saturating_add(by_ms));
    }
}

impl Clock for FrozenClock {
    fn now_ms(&self) -> i64 {
        *self.now_ms.borrow()
    }

    fn until(&self, at_ms: i64) -> BoxFuture<'_, ()> {
        let mut shown = self.now_ms.subscribe();
        Box::pin(async move {
            // Fails only when the sender is gone, which `self` holds.
            let _ = shown.wait_for(|now_ms| *now_ms >= at_ms).await;
        })
    }
}
