//! One address at a time is told what it has not been told: event by event, held by a lease, each written down before the
//! next one goes.

use url::Url;
use uuid::Uuid;

use super::letter::{self, Letter};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::event::Event;
use crate::model::webhook::{Attempt, Ending, Next, Webhook, next};
use crate::store::webhooks::Step;
use crate::store::{events, messages, webhooks};

/// How long an address is somebody's without a sign of life: a call takes 15 seconds at most, and each prolongs it.
pub const LEASE_MS: i64 = 60_000;
/// How much is told before others have their turn, and a program that stops can.
const AT_A_TIME: i64 = 50;
const TURN_MS: i64 = 10_000;

/// An address, and the hold on it.
#[derive(Debug)]
pub struct Taken {
    /// As it was when it was taken.
    pub webhook: Webhook,
    holder: Uuid,
}

/// Takes hold of at most so many addresses that are to be called now.
///
/// # Errors
/// When the store fails.
pub async fn take(app: &App, most: usize) -> Result<Vec<Taken>> {
    let now = app.clock.now();
    if !webhooks::any_due(&mut app.db.read().await?, now).await? {
        return Ok(Vec::new());
    }
    let (holder, most) = (app.clock.id(), i64::try_from(most).unwrap_or(i64::MAX));
    let (taken, _) = app
        .db
        .write(move |tx| {
            Box::pin(
                async move { Ok::<_, Error>(webhooks::lease(tx, holder, now, now + LEASE_MS, most).await?) },
            )
        })
        .await?;
    Ok(taken.into_iter().map(|webhook| Taken { webhook, holder }).collect())
}

/// Tells an address what it has not been told, until it does not take something or its turn is over.
///
/// # Errors
/// When the store fails; the hold runs out then.
pub async fn tell(app: &App, taken: Taken) -> Result<()> {
    let Taken { mut webhook, holder } = taken;
    let (id, begun) = (webhook.id, app.clock.now());
    let lines = events::after(&mut app.db.read().await?, webhook.seq, AT_A_TIME).await?;
    for line in &lines {
        if !webhook.wants(line.kind) {
            webhook.seq = line.seq;
            continue;
        }
        if app.clock.now() - begun > TURN_MS {
            break;
        }
        let letter = letter(app, &webhook, line).await?;
        let call = call(app, &webhook, &letter, Some(line.seq), line.kind.as_str()).await;
        let step = step(&call.ending, &webhook, line.seq, app.clock.now());
        let stays = step.failing_since.is_none() && step.off.is_none();
        if let Some((_, why)) = &step.off {
            tracing::warn!(webhook = %id, why, "a webhook was switched off");
        }
        let kept = step.clone();
        let (held, _) = app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let held = webhooks::step(tx, id, holder, &kept).await?;
                    if held {
                        webhooks::remember(tx, &call.attempt).await?;
                    }
                    Ok::<_, Error>(held)
                })
            })
            .await?;
        if !held || !stays {
            return Ok(());
        }
        let Step { seq, tries, failing_since, next_at, .. } = step;
        webhook = Webhook { seq, tries, failing_since, next_at, ..webhook };
    }
    let rest = at(&webhook, 0);
    app.db
        .write(move |tx| {
            Box::pin(async move { Ok::<_, Error>(webhooks::step(tx, id, holder, &rest).await?) })
        })
        .await?;
    Ok(())
}

fn at(webhook: &Webhook, lease_until: i64) -> Step {
    Step {
        seq: webhook.seq,
        tries: webhook.tries,
        failing_since: webhook.failing_since,
        next_at: webhook.next_at,
        last_success_at: None,
        off: None,
        lease_until,
    }
}

/// Where an address stands after a call with the line `seq`.
fn step(ending: &Ending, before: &Webhook, seq: i64, now: i64) -> Step {
    match next(ending, before, now, jitter()) {
        Next::On => Step {
            seq,
            tries: 0,
            failing_since: None,
            next_at: 0,
            last_success_at: Some(now),
            off: None,
            lease_until: now + LEASE_MS,
        },
        Next::Again { tries, failing_since, at: next_at } => {
            Step { tries, failing_since: Some(failing_since), next_at, ..at(before, 0) }
        }
        Next::Off { why } => Step { off: Some((now, why)), ..at(before, 0) },
    }
}

/// How a call went.
pub(super) struct Call {
    /// What follows from.
    pub ending: Ending,
    /// What is remembered of it.
    pub attempt: Attempt,
}

/// What an address is told of an event.
pub(super) async fn letter(app: &App, webhook: &Webhook, event: &Event) -> Result<Letter> {
    let message = match event.message_id {
        Some(id) if webhook.with_text && letter::carries_text(event.kind) => {
            messages::by_id(&mut app.db.read().await?, id).await?
        }
        _ => None,
    };
    Ok(letter::of_event(webhook, event, message.as_ref().map(|message| message.text.as_str())))
}

/// Calls an address once.
pub(super) async fn call(
    app: &App,
    webhook: &Webhook,
    letter: &Letter,
    seq: Option<i64>,
    kind: &str,
) -> Call {
    let at = app.clock.now();
    let answer = post(app, webhook, letter, at).await;
    let status = answer.as_ref().ok().copied();
    let ending = match answer {
        Ok(200..=299) => Ending::Taken,
        Ok(410) => Ending::Unwanted,
        Ok(status @ 300..=399) => Ending::Failed(format!(
            "It answered {status}, that it is elsewhere, which is not followed. Register the address it really has."
        )),
        Ok(status) => Ending::Failed(format!("It answered {status}.")),
        Err(why) => Ending::Failed(why),
    };
    let why = match &ending {
        Ending::Taken => None,
        Ending::Unwanted => Some("It answered 410: nobody there wants to be called.".to_owned()),
        Ending::Failed(why) => Some(why.clone()),
    };
    let attempt = Attempt {
        id: app.clock.id(),
        webhook_id: webhook.id,
        seq,
        kind: kind.to_owned(),
        at,
        took_ms: app.clock.now() - at,
        status: status.map(i64::from),
        why,
    };
    Call { ending, attempt }
}

async fn post(app: &App, webhook: &Webhook, letter: &Letter, now: i64) -> std::result::Result<u16, String> {
    let secret = app.vault.open_text(webhook.id, &webhook.sealed_secret).map_err(|_| {
        "Its secret does not open with this key. Put the right key back, or register the address anew."
            .to_owned()
    })?;
    let url =
        Url::parse(&webhook.url).map_err(|_| "Its address cannot be read. Register it anew.".to_owned())?;
    app.outside.push(&url, &letter.headers(&secret, now), letter.body.clone()).await
}

fn jitter() -> u8 {
    let mut byte = [0];
    // Without randomness the calls of many would fall together, and nothing worse.
    let _ = getrandom::fill(&mut byte);
    byte[0]
}
