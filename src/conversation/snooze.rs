//! Putting a conversation aside until a moment, and bringing it back: by hand, or by the clock.
//!
//! A patron who waits goes on waiting meanwhile: putting a question aside makes no answer quicker, and the numbers say so.

use uuid::Uuid;

use super::{Line, keep, locked, may_answer};
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::conversation::{Conversation, State, moment_in_words};
use crate::model::event::{Event, Kind};
use crate::store::events::{self, Appending};
use crate::store::{Tx, conversations, people};

/// Whoever means a later day means something else than putting aside.
const FURTHEST_MS: i64 = 366 * 24 * 3_600_000;

/// Puts it aside until then; once more gives it another moment. Who owns it still does.
///
/// # Errors
/// [`Error::Invalid`] for a moment that has passed or is more than a year away, and for what is done or spam.
pub async fn snooze(app: &App, who: &Who, id: Uuid, until: Millis) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    is_to_come(until, now)?;
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                if matches!(before.state, State::Done | State::Spam) {
                    return Err(Error::Invalid(
                        "This conversation is closed. Open it again, then snooze it.".to_owned(),
                    ));
                }
                let zone = people::library(tx).await?.map(|library| library.zone);
                let mut after = before.clone();
                after.state = State::Snoozed;
                after.snoozed_until = Some(until);
                let detail = Some(moment_in_words(until, zone.as_deref().unwrap_or("UTC")));
                keep(tx, &before, after, Line { at: now, kind: Kind::Snoozed, who: &who, detail }).await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

/// Whether something may be put aside until then.
pub(super) fn is_to_come(until: Millis, now: Millis) -> Result<()> {
    if until <= now {
        return Err(Error::Invalid(
            "That moment has passed. Nothing was changed; choose one that is still to come.".to_owned(),
        ));
    }
    if until - now > FURTHEST_MS {
        return Err(Error::Invalid(
            "That is more than a year away. Nothing was changed; choose an earlier day.".to_owned(),
        ));
    }
    Ok(())
}

/// Brings it back before its time. Waking what is awake changes nothing.
pub async fn wake(app: &App, who: &Who, id: Uuid) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                if before.state != State::Snoozed {
                    return Ok(before);
                }
                let mut after = before.clone();
                // Nobody waits for us: it stands where it stood, waiting for the patron.
                after.state = if before.waiting_since.is_some() { State::Open } else { State::Waiting };
                after.snoozed_until = None;
                keep(tx, &before, after, Line { at: now, kind: Kind::Woken, who: &who, detail: None }).await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

/// The clock brings it back if its moment has come: open, whoever waits, for that is what somebody asked for. Two
/// processes may both try; the second finds it awake.
pub async fn wake_if_due(app: &App, id: Uuid) -> Result<bool> {
    let now = app.clock.now();
    let (woken, committed) =
        app.db.write(move |tx| Box::pin(async move { wake_now(tx, id, now).await })).await?;
    app.bus.publish(committed);
    Ok(woken)
}

async fn wake_now(tx: &mut Tx, id: Uuid, now: Millis) -> Result<bool> {
    let before = conversations::lock(tx, id).await?.ok_or(Error::Missing("conversation"))?;
    if before.state != State::Snoozed || before.snoozed_until.is_some_and(|until| until > now) {
        return Ok(false);
    }
    let mut after = before.clone();
    after.state = State::Open;
    after.snoozed_until = None;
    let line = Appending {
        at: now,
        kind: Kind::Woken,
        conversation_id: id,
        message_id: None,
        staff_id: None,
        actor_name: Event::NOBODY.to_owned(),
        detail: before.follow_up_at.map(|_| "It is time to follow up".to_owned()),
    };
    after.seq = events::append(tx, line).await?;
    conversations::update(tx, &before, &after).await?;
    Ok(true)
}
