//! Throws files away that were added to an answer and not sent within a day.

use super::work::Work;
use crate::app::App;
use crate::error::Result;
use crate::outbound::upload;
use crate::store::uploads::{self, Upload};

/// Files whose day is over.
#[derive(Clone)]
pub(super) struct Leftovers(pub(super) App);

impl Work for Leftovers {
    type Piece = Upload;
    const NAME: &'static str = "The sweeper";
    /// One at a time: there is no lease, since throwing away twice changes nothing.
    const AT_ONCE: usize = 1;

    fn app(&self) -> &App {
        &self.0
    }

    async fn take(&self, most: usize) -> Result<Vec<Upload>> {
        let mut overdue = upload::overdue(&self.0).await?;
        overdue.truncate(most);
        Ok(overdue)
    }

    async fn carry_out(&self, old: Upload) {
        let id = old.id;
        if let Err(error) = upload::throw_away(&self.0, old).await {
            tracing::warn!(file = %id, %error, "a file that nobody sent could not be thrown away; it is tried again");
        }
    }

    async fn next_due(&self) -> Option<i64> {
        let oldest = uploads::oldest(&mut self.0.db.read().await.ok()?).await.ok()??;
        Some(oldest + upload::KEPT_MS)
    }

    async fn woken(&self) {
        // A day is long enough for the loop's nap.
        std::future::pending().await
    }
}
