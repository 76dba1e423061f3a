//! Throws files away that were added to an answer and not sent within a day.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::work::Work;
use crate::app::App;
use crate::error::Result;
use crate::outbound::upload;
use crate::store::uploads::{self, Upload};

/// The place of files that did not answer is left alone so long.
const LEFT_ALONE_MS: i64 = 60_000;

/// Files whose day is over.
#[derive(Clone)]
pub(super) struct Leftovers {
    app: App,
    /// Nothing is thrown away before then, epoch milliseconds.
    not_before: Arc<AtomicI64>,
}

impl Leftovers {
    pub(super) fn of(app: &App) -> Self {
        Self { app: app.clone(), not_before: Arc::default() }
    }
}

impl Work for Leftovers {
    type Piece = Upload;
    const NAME: &'static str = "The sweeper";
    /// One at a time: there is no lease, since throwing away twice changes nothing.
    const AT_ONCE: usize = 1;

    fn app(&self) -> &App {
        &self.app
    }

    async fn take(&self, most: usize) -> Result<Vec<Upload>> {
        if self.app.clock.now() < self.not_before.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        let mut overdue = upload::overdue(&self.app).await?;
        overdue.truncate(most);
        Ok(overdue)
    }

    async fn carry_out(&self, old: Upload) {
        let id = old.id;
        if let Err(error) = upload::sweep(&self.app, old).await {
            self.not_before.store(self.app.clock.now() + LEFT_ALONE_MS, Ordering::Relaxed);
            tracing::warn!(file = %id, %error, "a file that nobody sent could not be thrown away; it is tried again");
        }
    }

    async fn next_due(&self) -> Option<i64> {
        let held_since = self.app.clock.now() - upload::HELD_MS;
        let oldest = uploads::oldest(&mut self.app.db.read().await.ok()?, held_since).await.ok()??;
        Some((oldest + upload::KEPT_MS).max(self.not_before.load(Ordering::Relaxed)))
    }

    async fn woken(&self) {
        // A day is long enough for the loop's nap.
        std::future::pending().await
    }
}
