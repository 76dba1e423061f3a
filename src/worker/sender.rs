//! Takes what is due in the outbox, asks the platform to take it, settles what came of it.

use connectors::contract::{Failure, Key, Part};
use futures::{FutureExt, StreamExt};
use tokio_util::sync::CancellationToken;

use super::{Holder, nap, stumble};
use crate::app::App;
use crate::channel::health;
use crate::channel::roster::Open;
use crate::error::Result;
use crate::model::delivery::{Delivery, State};
use crate::outbound::{self, Outcome};
use crate::store::deliveries;

const AT_ONCE: usize = 8;
const TAKEN: i64 = 32;
/// Longer than any send: a lease that runs out under way would make a second worker ask about a part still leaving.
const LEASE_MS: i64 = 180_000;

pub(super) async fn run(app: App, holder: Holder, stop: CancellationToken) {
    loop {
        let go_on = match turn(&app, holder).await {
            Ok(0) => {
                let due = next_due(&app).await;
                nap(&app, due, app.bus.sender_woken(), &stop).await
            }
            Ok(_) => !stop.is_cancelled(),
            Err(error) => stumble("The sender", &error, &stop).await,
        };
        if !go_on {
            return;
        }
    }
}

/// Sends everything that is due now; gives how many parts were settled.
pub(super) async fn turn(app: &App, holder: Holder) -> Result<usize> {
    let now = app.clock.now();
    let (due, _) = app
        .db
        .write(move |tx| {
            async move {
                Ok::<_, crate::error::Error>(deliveries::lease(tx, holder, now, now + LEASE_MS, TAKEN).await?)
            }
            .boxed()
        })
        .await?;
    let count = due.len();
    let mut sending = futures::stream::iter(due)
        .map(|delivery| async move {
            let id = delivery.id;
            if let Err(error) = send(app, holder, delivery).await {
                tracing::error!(delivery = %id, %error, "a delivery could not be settled; its lease runs out and it is looked at again");
            }
        })
        .buffer_unordered(AT_ONCE);
    while sending.next().await.is_some() {}
    Ok(count)
}

async fn send(app: &App, holder: Holder, delivery: Delivery) -> Result<()> {
    let Some(open) = app.roster.get(delivery.channel_id) else {
        let why = "The channel is not open in this process.".to_owned();
        return outbound::settle(app, delivery, Outcome::Failed(Failure::Transient { after_ms: None, why }))
            .await;
    };
    let part: Part = match serde_json::from_str(&delivery.part) {
        Ok(part) => part,
        Err(error) => {
            let why = format!("The answer's plan cannot be read any more ({error}). Write it again.");
            let reason = connectors::contract::Reason::NotAllowed;
            return outbound::settle(app, delivery, Outcome::Failed(Failure::Permanent { reason, why }))
                .await;
        }
    };
    let key = Key(delivery.id);
    let outcome = match delivery.state {
        // Left in the middle by a process that died: it may have gone. Ask before anything is sent again.
        State::Sending | State::Unknown => look(&open, &part, &key).await,
        _ => {
            let (begun, _) = app
                .db
                .write(move |tx| {
                    async move { Ok::<_, crate::error::Error>(deliveries::begin(tx, key.0, holder).await?) }
                        .boxed()
                })
                .await?;
            if !begun {
                return Ok(());
            }
            give(&open, &part, &key).await
        }
    };
    match &outcome {
        Outcome::Failed(failure) | Outcome::CannotTell(failure) => {
            sending_failed(app, &open, failure).await?
        }
        Outcome::Sent(_) | Outcome::Found(_) | Outcome::NotFound => {}
    }
    let delivery = Delivery { state: State::Sending, tries: delivery.tries + 1, ..delivery };
    outbound::settle(app, delivery, outcome).await
}

/// Only what is about the account goes on its card; one answer's trouble stands beside that answer.
async fn sending_failed(app: &App, open: &Open, failure: &Failure) -> Result<()> {
    match failure {
        Failure::NeedsSignin { .. } | Failure::AccountBlocked { .. } => {
            health::record(&app.roster, open.row.id, failure).await
        }
        _ => Ok(()),
    }
}

async fn give(open: &Open, part: &Part, key: &Key) -> Outcome {
    let Some(deliver) = open.channel.deliver() else { return cannot_send() };
    match deliver.deliver(part, key).await {
        Ok(sent) => Outcome::Sent(sent),
        Err(failure) => Outcome::Failed(failure),
    }
}

async fn look(open: &Open, part: &Part, key: &Key) -> Outcome {
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

async fn next_due(app: &App) -> Option<i64> {
    let mut conn = app.db.read().await.ok()?;
    deliveries::next_due(&mut conn, app.clock.now()).await.ok().flatten()
}
