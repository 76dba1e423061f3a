//! Takes what is due in the outbox, asks the platform to take it, settles what came of it.

use connectors::contract::{Failure, Fence, Key, Part};
use futures::FutureExt;
use uuid::Uuid;

use super::exit::Exit;
use super::lease::Lease;
use super::work::Work;
use crate::app::App;
use crate::channel::roster::Open;
use crate::channel::{budget, health, rate};
use crate::error::{Error, Result};
use crate::failpoint::{self, At};
use crate::model::delivery::{Delivery, State};
use crate::outbound::{self, Gate, Outcome};
use crate::store::deliveries;

/// How long a part is somebody's without a sign of life. Renewed while it is being sent, however long that takes; long
/// enough that whoever takes over finds what the one before it sent.
const LEASE_MS: i64 = failpoint::shortened(180_000);

/// What is due on its way out.
#[derive(Clone)]
pub(super) struct Outbox(pub(super) App);

/// A part, and the hold on it.
pub(super) struct Taken {
    delivery: Delivery,
    token: Uuid,
    until: i64,
}

impl Work for Outbox {
    type Piece = Taken;
    const NAME: &'static str = "The sender";
    const AT_ONCE: usize = 16;

    fn app(&self) -> &App {
        &self.0
    }

    async fn take(&self, most: usize) -> Result<Vec<Taken>> {
        let app = &self.0;
        let now = app.clock.now();
        if !deliveries::any_due(&mut app.db.read().await?, now).await? {
            return Ok(Vec::new());
        }
        let (token, until, most) = (app.clock.id(), now + LEASE_MS, i64::try_from(most).unwrap_or(i64::MAX));
        let (due, _) = app
            .db
            .write(move |tx| {
                async move { Ok::<_, Error>(deliveries::lease(tx, token, now, until, most).await?) }.boxed()
            })
            .await?;
        if !due.is_empty() {
            failpoint::pass(At::PartLeased);
        }
        Ok(due.into_iter().map(|delivery| Taken { delivery, token, until }).collect())
    }

    async fn carry_out(&self, taken: Taken) {
        let (id, token) = (taken.delivery.id, taken.token);
        if let Err(error) = send(&self.0, taken).await {
            tracing::error!(delivery = %id, %error, "a delivery could not be settled; it is looked at again");
            put_off(&self.0, id, token).await;
        }
    }

    async fn next_due(&self) -> Option<i64> {
        let mut conn = self.0.db.read().await.ok()?;
        deliveries::next_due(&mut conn, self.0.clock.now()).await.ok().flatten()
    }

    async fn woken(&self) {
        self.0.bus.sender_woken().await;
    }
}

async fn send(app: &App, taken: Taken) -> Result<()> {
    let Taken { delivery, token, until } = taken;
    let Some(open) = app.roster.get(delivery.channel_id) else {
        let why = "The channel is not open in this process.".to_owned();
        let outcome = Outcome::Failed(Failure::Transient { after_ms: None, why });
        return outbound::settle(app, delivery, token, outcome).await;
    };
    let part: Part = match serde_json::from_str(&delivery.part) {
        Ok(part) => part,
        Err(error) => {
            let why = format!("The answer's plan cannot be read any more ({error}). Write it again.");
            let reason = connectors::contract::Reason::NotAllowed;
            let outcome = Outcome::Failed(Failure::Permanent { reason, why });
            return outbound::settle(app, delivery, token, outcome).await;
        }
    };
    match outbound::gate(app, &open, &delivery, &part).await? {
        Gate::Open => {}
        Gate::Later { until, why } => return outbound::park(app, delivery.id, token, until, why).await,
        Gate::Never(failure) => {
            return outbound::settle(app, delivery, token, Outcome::Failed(failure)).await;
        }
    }
    let key = Key(delivery.id);
    let lease = lease(app, delivery.id, token, until);
    let (outcome, delivery) = match delivery.state {
        // Left in the middle by a process that died: it may have gone. Ask before anything is sent again.
        State::Sending | State::Unknown => {
            let outcome = held(&lease, look(&open, &part, &key)).await;
            failpoint::pass(At::PartLookedFor);
            (outcome, delivery)
        }
        _ => {
            let delivery = Delivery { tries: delivery.tries + 1, ..delivery };
            let exit = Exit::new(app, &delivery, token, &lease);
            let outcome = held(&lease, give(&open, &part, &key, &exit)).await;
            failpoint::pass(At::PartAnswered);
            (if exit.was_passed() { outcome } else { outcome.before_it_left() }, delivery)
        }
    };
    match &outcome {
        Outcome::Failed(failure) | Outcome::CannotTell(failure) => {
            sending_failed(app, &open, failure).await?
        }
        Outcome::Sent(_) | Outcome::Found(_) => budget::spend_sending(&app.roster, &open, &part).await?,
        Outcome::NotFound => {}
    }
    outbound::settle(app, delivery, token, outcome).await
}

/// The store failed, for a moment as a rule: whether it left may be known only to the platform by now, and that is asked
/// no earlier than after any other doubt.
async fn put_off(app: &App, id: Uuid, token: Uuid) {
    let until = app.clock.now() + outbound::LOOKED_FOR_AFTER_MS;
    let why = "What became of it could not be written down; it is looked at again by itself.".to_owned();
    if let Err(error) = outbound::park(app, id, token, until, why).await {
        tracing::error!(delivery = %id, %error, "nor could it be put off; its lease runs out and then it is looked at again");
    }
}

fn lease(app: &App, id: Uuid, token: Uuid, until: i64) -> Lease {
    let db = app.db.clone();
    Lease::taken(&app.clock, LEASE_MS, until, move |until| {
        let db = db.clone();
        async move {
            let (held, _) = db
                .write(move |tx| {
                    async move { Ok::<_, Error>(deliveries::renew(tx, id, token, until).await?) }.boxed()
                })
                .await?;
            Ok(held)
        }
        .boxed()
    })
}

/// Runs to the end of `asking` even when the lease is lost meanwhile: what the platform answers is worth knowing, and what
/// becomes of it is for the settlement to judge.
async fn held(lease: &Lease, asking: impl Future<Output = Outcome>) -> Outcome {
    tokio::pin!(asking);
    tokio::select! {
        outcome = &mut asking => return outcome,
        () = lease.lost() => {}
    }
    tracing::warn!("a delivery was taken over by another process while this one was busy with it");
    asking.await
}

/// Only what is about the account goes on its card; one answer's trouble stands beside that answer.
async fn sending_failed(app: &App, open: &Open, failure: &Failure) -> Result<()> {
    rate::note(&app.roster, &open.row, failure).await?;
    match failure {
        Failure::NeedsSignin { .. } | Failure::AccountBlocked { .. } => {
            health::record(&app.roster, open.row.id, failure).await
        }
        _ => Ok(()),
    }
}

async fn give(open: &Open, part: &Part, key: &Key, fence: &dyn Fence) -> Outcome {
    let Some(deliver) = open.channel.deliver() else { return cannot_send() };
    match deliver.deliver(part, key, fence).await {
        Ok(sent) => Outcome::Sent(sent),
        Err(failure) => Outcome::Failed(failure),
    }
}

async fn look(open: &Open, part: &Part, key: &Key) -> Outcome {
    #[cfg(feature = "wrong-blind-resend")]
    if crate::wrong::is("blind-resend") {
        return Outcome::NotFound;
    }
    let Some(deliver) = open.channel.deliver() else { return cannot_send() };
    match deliver.find(part, key).await {
        Ok(Some(sent)) => Outcome::Found(sent),
        Ok(None) => Outcome::NotFound,
        Err(failure) => Outcome::CannotTell(failure),
    }
}

fn cannot_send() -> Outcome {
    let why = "This channel can no longer send. Copy the text and answer another way.".to_owned();
    Outcome::Failed(Failure::Permanent { reason: connectors::contract::Reason::NotAllowed, why })
}
