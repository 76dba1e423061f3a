//! Sees to it that platforms go on calling us: asks each on a timer, and after it told of a gap. Where a subscription had
//! lapsed, reading fills what was missed.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use connectors::contract::{Failure, Subscription};
use futures::FutureExt;
use uuid::Uuid;

use super::work::Work;
use crate::app::App;
use crate::channel::roster::Open;
use crate::channel::{health, rate};
use crate::error::{Error, Result};
use crate::store::streams;
use crate::store::subscriptions::{self, Looked};

const EVERY_MS: i64 = 3_600_000;
const LEASE_MS: i64 = 3 * 60_000;
const FIRST_RETRY_MS: i64 = 60_000;

/// Channels that are called.
#[derive(Clone)]
pub(super) struct Subscriptions {
    app: App,
    /// Those that have their row.
    known: Arc<Mutex<HashSet<Uuid>>>,
}

/// A channel's subscription, and the hold on it.
pub(super) struct Taken {
    row: subscriptions::Subscription,
    token: Uuid,
}

impl Subscriptions {
    pub(super) fn of(app: &App) -> Self {
        Self { app: app.clone(), known: Arc::default() }
    }

    /// Gives every open channel that can be called its row.
    async fn meet(&self) -> Result<()> {
        for open in self.app.roster.all() {
            let id = open.row.id;
            let new = open.channel.webhook().is_some()
                && !self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(&id);
            if new {
                let now = self.app.clock.now();
                let put = self.app.db.write(move |tx| {
                    async move { Ok::<_, Error>(subscriptions::put(tx, id, now).await?) }.boxed()
                });
                put.await?;
                self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
            }
        }
        Ok(())
    }
}

impl Work for Subscriptions {
    type Piece = Taken;
    const NAME: &'static str = "The subscriber";
    const AT_ONCE: usize = 8;

    fn app(&self) -> &App {
        &self.app
    }

    async fn take(&self, most: usize) -> Result<Vec<Taken>> {
        // Without an address to call there is nothing to subscribe.
        if self.app.config.public_url.is_none() {
            return Ok(Vec::new());
        }
        self.meet().await?;
        let now = self.app.clock.now();
        if self.next_due().await.is_none_or(|at| at > now) {
            return Ok(Vec::new());
        }
        let (token, most) = (self.app.clock.id(), i64::try_from(most).unwrap_or(i64::MAX));
        let lease = self.app.db.write(move |tx| {
            async move { Ok::<_, Error>(subscriptions::lease(tx, token, now, now + LEASE_MS, most).await?) }
                .boxed()
        });
        let (due, _) = lease.await?;
        Ok(due.into_iter().map(|row| Taken { row, token }).collect())
    }

    async fn carry_out(&self, taken: Taken) {
        let channel = taken.row.channel_id;
        if let Err(error) = look(&self.app, taken).await {
            tracing::warn!(%channel, %error, "what became of a subscription could not be kept; it is looked at again");
        }
    }

    async fn next_due(&self) -> Option<i64> {
        self.app.config.public_url.as_ref()?;
        subscriptions::next_check(&mut self.app.db.read().await.ok()?).await.ok().flatten()
    }

    /// New channels are met at the nap's end.
    async fn woken(&self) {
        std::future::pending().await
    }
}

async fn look(app: &App, taken: Taken) -> Result<()> {
    let Taken { row, token } = taken;
    let now = app.clock.now();
    let again = |next_check_at, failures, error: Option<String>| Looked {
        next_check_at,
        failures,
        checked_at: None,
        renewed_at: None,
        error,
    };
    let Some((open, url)) = app.roster.get(row.channel_id).zip(app.roster.webhook_url(row.channel_id)) else {
        return finish(app, row.channel_id, token, again(now + EVERY_MS, row.failures, None)).await;
    };
    let Some(webhook) = open.channel.webhook() else {
        return finish(app, row.channel_id, token, again(now + EVERY_MS, 0, None)).await;
    };
    if let Some(rate) = rate::in_force(&app.roster, &open.row, None).await? {
        return finish(app, open.row.id, token, again(rate.until, row.failures, Some(rate.why))).await;
    }
    let end = match webhook.ensure_subscribed(&url).await {
        Ok(said) => Looked {
            checked_at: Some(now),
            renewed_at: (said == Subscription::Renewed).then_some(now),
            ..again(now + EVERY_MS, 0, None)
        },
        Err(failure) => {
            let next = failed(app, &open, &failure, row.failures).await?;
            again(next, row.failures + 1, Some(failure.to_string()))
        }
    };
    let is_news = health::is_in_doubt(row.failures) != health::is_in_doubt(end.failures);
    finish(app, open.row.id, token, end).await?;
    if is_news {
        app.bus.channel_changed(open.row.id);
    }
    Ok(())
}

/// Gives when it is asked again.
async fn failed(app: &App, open: &Open, failure: &Failure, failures: i64) -> Result<i64> {
    let now = app.clock.now();
    if let Some(until) = rate::note(&app.roster, &open.row, failure).await? {
        return Ok(until);
    }
    tracing::warn!(channel = %open.row.name, %failure, "the platform could not be asked whether it still calls us; reading goes on");
    // Reading goes on alone, and the card says so from what is kept of this look; what stops that too is the channel's state.
    if matches!(failure, Failure::NeedsSignin { .. } | Failure::AccountBlocked { .. }) {
        health::record(&app.roster, open.row.id, failure).await?;
    }
    Ok(now + (FIRST_RETRY_MS << failures.clamp(0, 6)).min(EVERY_MS))
}

/// Where it had lapsed, the streams are read at once: in the same transaction, so that no crash forgets it.
async fn finish(app: &App, channel: Uuid, token: Uuid, end: Looked) -> Result<()> {
    let lapsed = end.renewed_at.is_some();
    let write = app.db.write(move |tx| {
        async move {
            let ours = subscriptions::finish(tx, channel, token, &end).await?;
            if ours && lapsed {
                streams::wake_channel(tx, channel).await?;
            }
            Ok::<_, Error>(())
        }
        .boxed()
    });
    write.await?;
    if lapsed {
        app.bus.wake_poller();
    }
    Ok(())
}
