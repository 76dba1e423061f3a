//! What a simulated platform has promised itself to do later, by its clock.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Clock, lock};

type Job = Box<dyn FnOnce() + Send>;

/// Jobs in the order of their time; those for the same time in the order they were entered.
pub(super) struct Agenda {
    clock: Arc<dyn Clock>,
    waiting: Mutex<Waiting>,
    /// Held while jobs run, so that who asks for what is due returns only when it is done, by whomever.
    turn: Mutex<()>,
    entered: Notify,
}

#[derive(Default)]
struct Waiting {
    jobs: BTreeMap<(i64, u64), Job>,
    last: u64,
}

impl Agenda {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, waiting: Mutex::default(), turn: Mutex::default(), entered: Notify::new() }
    }

    /// Has `job` run when the clock shows `at_ms`.
    pub fn enter(&self, at_ms: i64, job: impl FnOnce() + Send + 'static) {
        let mut waiting = lock(&self.waiting);
        waiting.last += 1;
        let place = (at_ms, waiting.last);
        waiting.jobs.insert(place, Box::new(job));
        drop(waiting);
        self.entered.notify_one();
    }

    /// Runs everything that is due, and what that makes due, before it returns.
    pub fn run_due(&self) {
        let _turn = lock(&self.turn);
        while let Some(job) = self.take_due() {
            job();
        }
    }

    /// The time of the next job, in milliseconds since 1970.
    pub fn next_at_ms(&self) -> Option<i64> {
        lock(&self.waiting).jobs.first_key_value().map(|((at_ms, _), _)| *at_ms)
    }

    /// Runs jobs as they fall due until `stop`, then forgets the rest.
    pub async fn run(&self, stop: CancellationToken) {
        loop {
            self.run_due();
            let next_at_ms = self.next_at_ms();
            let due = async {
                match next_at_ms {
                    Some(at_ms) => self.clock.until(at_ms).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.entered.notified() => {}
                () = due => {}
            }
        }
        // The jobs hold what holds this agenda.
        let forgotten = std::mem::take(&mut lock(&self.waiting).jobs);
        drop(forgotten);
    }

    fn take_due(&self) -> Option<Job> {
        let now_ms = self.clock.now_ms();
        let mut waiting = lock(&self.waiting);
        let first = waiting.jobs.first_entry()?;
        (first.key().0 <= now_ms).then(|| first.remove())
    }
}

impl fmt::Debug for Agenda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agenda").field("jobs", &lock(&self.waiting).jobs.len()).finish_non_exhaustive()
    }
}
