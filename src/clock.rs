//! Now, and the ids made from it. The only reader of the time; frozen in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use uuid::{NoContext, Timestamp, Uuid};

use crate::model::Millis;

/// Tells the time. Cheap to clone; clones of a frozen clock move together.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Frozen(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's own time.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until it is moved.
    pub fn frozen(at: Millis) -> Self {
        Self(Source::Frozen(Arc::new(AtomicI64::new(at))))
    }

    /// Moves a frozen clock; does nothing to the system's.
    pub fn advance(&self, by_ms: i64) {
        if let Source::Frozen(at) = &self.0 {
            at.fetch_add(by_ms, Ordering::SeqCst);
        }
    }

    /// Epoch milliseconds.
    pub fn now(&self) -> Millis {
        match &self.0 {
            Source::Frozen(at) => at.load(Ordering::SeqCst),
            Source::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
        }
    }

    /// A fresh id (UUIDv7, RFC 9562): sorts by the time it was made.
    pub fn id(&self) -> Uuid {
        let now = self.now().max(0).unsigned_abs();
        let nanos = u32::try_from(now % 1000 * 1_000_000).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(NoContext, now / 1000, nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen(1_700_000_000_123);
        let copy = clock.clone();
        copy.advance(1_000);
        assert_eq!(clock.now(), 1_700_000_001_123);
        assert_eq!(clock.id().get_version_num(), 7);
    }
}
