//! Conversations whose moment has come: what was put aside comes back, what nobody accepted goes to its desk.

use std::time::Duration;

use uuid::Uuid;

use super::work::Work;
use crate::app::App;
use crate::conversation::handoff::answer;
use crate::conversation::snooze;
use crate::error::Result;
use crate::store::{conversations, handoffs};

/// After what did not work: it is due still, and must not be tried without end.
const BREATH: Duration = Duration::from_secs(1);

/// What was put aside and is due.
#[derive(Clone)]
pub(super) struct Snoozes(pub(super) App);

impl Work for Snoozes {
    type Piece = Uuid;
    const NAME: &'static str = "The clerk";
    /// One at a time: there is no lease, since waking twice changes nothing, and so what is in hand must not be taken again.
    const AT_ONCE: usize = 1;

    fn app(&self) -> &App {
        &self.0
    }

    async fn take(&self, most: usize) -> Result<Vec<Uuid>> {
        let (now, most) = (self.0.clock.now(), i64::try_from(most).unwrap_or(i64::MAX));
        Ok(conversations::due_to_wake(&mut self.0.db.read().await?, now, most).await?)
    }

    async fn carry_out(&self, id: Uuid) {
        if let Err(error) = snooze::wake_if_due(&self.0, id).await {
            tracing::warn!(conversation = %id, %error, "a conversation could not be brought back; it is tried again");
            tokio::time::sleep(BREATH).await;
        }
    }

    async fn next_due(&self) -> Option<i64> {
        conversations::next_to_wake(&mut self.0.db.read().await.ok()?).await.ok().flatten()
    }

    async fn woken(&self) {
        // A moment that was chosen nearer than the loop's nap is met by the nap's end.
        std::future::pending().await
    }
}

/// Hand-offs that nobody answered and that are due.
#[derive(Clone)]
pub(super) struct Handoffs(pub(super) App);

impl Work for Handoffs {
    type Piece = Uuid;
    const NAME: &'static str = "The clerk for hand-offs";
    /// One at a time, for the same reason.
    const AT_ONCE: usize = 1;

    fn app(&self) -> &App {
        &self.0
    }

    async fn take(&self, most: usize) -> Result<Vec<Uuid>> {
        let (now, most) = (self.0.clock.now(), i64::try_from(most).unwrap_or(i64::MAX));
        Ok(handoffs::due(&mut self.0.db.read().await?, now, most).await?)
    }

    async fn carry_out(&self, id: Uuid) {
        if let Err(error) = answer::fall_back_if_due(&self.0, id).await {
            tracing::warn!(handoff = %id, %error, "a hand-off could not be ended; it is tried again");
            tokio::time::sleep(BREATH).await;
        }
    }

    async fn next_due(&self) -> Option<i64> {
        handoffs::next_due(&mut self.0.db.read().await.ok()?).await.ok().flatten()
    }

    async fn woken(&self) {
        // Half an hour is met by the loop's nap.
        std::future::pending().await
    }
}
