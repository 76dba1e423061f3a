//! Conversations whose moment has come: what was put aside comes back, what nobody accepted goes to its desk, what
//! nobody took is offered at the next.

use std::time::Duration;

use uuid::Uuid;

use super::work::Work;
use crate::app::App;
use crate::conversation::handoff::answer;
use crate::conversation::{cascade, snooze};
use crate::error::Result;
use crate::store::{cascades, conversations, handoffs};

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

/// Hand-offs that nobody answered, and questions that nobody took: both have waited long enough for whom they were given to.
#[derive(Clone)]
pub(super) struct Lapses(pub(super) App);

/// What has waited long enough.
pub(super) enum Lapse {
    Handoff(Uuid),
    Question(Uuid),
}

impl Work for Lapses {
    type Piece = Lapse;
    const NAME: &'static str = "The clerk for what nobody took";
    /// One at a time, for the same reason.
    const AT_ONCE: usize = 1;

    fn app(&self) -> &App {
        &self.0
    }

    async fn take(&self, most: usize) -> Result<Vec<Lapse>> {
        let (now, limit) = (self.0.clock.now(), i64::try_from(most).unwrap_or(i64::MAX));
        let mut conn = self.0.db.read().await?;
        let questions = cascades::due(&mut conn, now, limit).await?.into_iter().map(Lapse::Question);
        let handoffs = handoffs::due(&mut conn, now, limit).await?.into_iter().map(Lapse::Handoff);
        Ok(questions.chain(handoffs).take(most).collect())
    }

    async fn carry_out(&self, lapse: Lapse) {
        let (id, done) = match lapse {
            Lapse::Handoff(id) => (id, answer::fall_back_if_due(&self.0, id).await),
            Lapse::Question(id) => (id, cascade::hop_if_due(&self.0, id).await),
        };
        if let Err(error) = done {
            tracing::warn!(%id, %error, "what nobody took could not be given on; it is tried again");
            tokio::time::sleep(BREATH).await;
        }
    }

    async fn next_due(&self) -> Option<i64> {
        let mut conn = self.0.db.read().await.ok()?;
        let handoff = handoffs::next_due(&mut conn).await.ok().flatten();
        let question = cascades::next_due(&mut conn).await.ok().flatten();
        handoff.into_iter().chain(question).min()
    }

    async fn woken(&self) {
        // The shortest of these times is met by the loop's nap.
        std::future::pending().await
    }
}
