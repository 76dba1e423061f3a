//! Done, and not done after all.

use uuid::Uuid;

use super::{Line, keep, locked, may_answer};
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::conversation::{Conversation, State};
use crate::model::event::Kind;
use crate::model::wait::Outcome;
use crate::store::{Tx, deliveries, handoffs, waits, watches};

const LONGEST_WHY: usize = 500;

/// Marks it done. A patron who is still waiting, with no answer on its way, was not answered whatever `reason` says: the
/// wait ends as `no_answer_needed` and never counts as an answer. Closing what is done changes nothing.
///
/// # Errors
/// [`Error::Invalid`] when `why` is too long.
pub async fn close(
    app: &App,
    who: &Who,
    id: Uuid,
    reason: Outcome,
    why: Option<&str>,
) -> Result<Conversation> {
    may_answer(who)?;
    let why = why.map(str::trim).filter(|why| !why.is_empty()).map(str::to_owned);
    if why.as_ref().is_some_and(|why| why.chars().count() > LONGEST_WHY) {
        return Err(Error::Invalid(format!(
            "A reason may have {LONGEST_WHY} characters at most. Nothing was changed."
        )));
    }
    let (who, now) = (who.clone(), app.clock.now());
    let (row, committed) = app
        .db
        .write(move |tx| Box::pin(async move { close_now(tx, &who, now, id, reason, why).await }))
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

async fn close_now(
    tx: &mut Tx,
    who: &Who,
    now: Millis,
    id: Uuid,
    reason: Outcome,
    why: Option<String>,
) -> Result<Conversation> {
    let before = locked(tx, id).await?;
    if before.state == State::Done {
        return Ok(before);
    }
    let mut after = before.clone();
    after.state = State::Done;
    after.snoozed_until = None;
    over(tx, id, now).await?;
    let waiting = waits::open_of(tx, id).await?.is_some();
    let mut reason = reason;
    if waiting {
        // The history says what became of the wait, so that it can be read from there.
        reason = Outcome::Answered;
        if !answer_is_on_its_way(tx, id).await? {
            waits::close(tx, id, now, Outcome::NoAnswerNeeded, None, Some(who.staff_id)).await?;
            after.waiting_since = None;
            after.due_at = after.last_at;
            reason = Outcome::NoAnswerNeeded;
        }
    }
    let detail = match why {
        Some(why) => format!("{reason}: {why}"),
        None => reason.to_string(),
    };
    keep(tx, &before, after, Line { at: now, kind: Kind::Closed, who, detail: Some(detail) }).await
}

/// What ends with a conversation: nobody is asked to take it any more, and nobody watches.
pub(crate) async fn over(tx: &mut Tx, id: Uuid, now: Millis) -> Result<()> {
    handoffs::withdraw_of(tx, id, now).await?;
    Ok(watches::end_all_of(tx, id).await?)
}

/// Takes "done" back. A wait that "done" ended without an answer goes on from where it began: the patron has been
/// waiting all the while.
pub async fn reopen(app: &App, who: &Who, id: Uuid) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now, calendars) = (who.clone(), app.clock.now(), app.calendars.clone());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                if before.state != State::Done {
                    return Ok(before);
                }
                let mut after = before.clone();
                after.state = State::Open;
                if let Some(since) = waits::reopen_unanswered(tx, id).await? {
                    after.waiting_since = Some(since);
                    after.due_at = calendars.due(tx, before.desk_id, since, now).await?;
                }
                keep(tx, &before, after, Line { at: now, kind: Kind::Reopened, who: &who, detail: None })
                    .await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

async fn answer_is_on_its_way(tx: &mut Tx, conversation: Uuid) -> Result<bool> {
    let deliveries = deliveries::of_conversation(tx, conversation).await?;
    Ok(deliveries.iter().any(|delivery| delivery.settled_at.is_none()))
}
