//! Offering what nobody takes at further desks, by the clock or because somebody passes it on.

use uuid::Uuid;

use super::{Line, keep, keep_with, locked, may_answer};
use crate::access::{Who, require};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::cascade::{self, Hop, LONGEST_REASON, Step, To};
use crate::model::conversation::{Conversation, State};
use crate::model::event::{Event, Kind, length_in_words};
use crate::model::people::Role;
use crate::store::events::Appending;
use crate::store::{Tx, cascades, conversations, handoffs, people};

/// The steps of a desk.
pub async fn steps(app: &App, desk: Uuid) -> Result<Vec<Step>> {
    let mut conn = app.db.read().await?;
    people::desk(&mut conn, desk).await?.ok_or(Error::Missing("desk"))?;
    Ok(cascades::of(&mut conn, desk).await?)
}

/// Decides the steps of a desk, for managers. They count from the next question, and the next step of those under way, on.
///
/// # Errors
/// [`Error::Invalid`] where they lead back or name a desk twice, [`Error::Missing`] for a desk that there is not.
pub async fn decide(app: &App, who: &Who, desk: Uuid, steps: Vec<Step>) -> Result<()> {
    require(who, Role::Manager)?;
    keep_steps(app, desk, steps).await
}

/// The same on the command line, where nobody is asked who they are.
///
/// # Errors
/// As [`decide`].
pub async fn keep_steps(app: &App, desk: Uuid, steps: Vec<Step>) -> Result<()> {
    cascade::check(desk, &steps).map_err(|why| Error::Invalid(format!("{why} Nothing was changed.")))?;
    app.db
        .write(move |tx| {
            Box::pin(async move {
                for desk in steps.iter().filter_map(|step| step.to_desk_id).chain([desk]) {
                    people::desk(tx, desk).await?.ok_or(Error::Missing("desk"))?;
                }
                Ok::<_, Error>(cascades::set(tx, desk, &steps).await?)
            })
        })
        .await?;
    Ok(())
}

/// Passes it on: the next desk of its cascade is asked, and whoever had it so far is not given it again. For whoever has
/// it, and for anybody while nobody has. It never ends closed: after the last step it waits for everybody.
///
/// # Errors
/// [`Error::Invalid`] without a reason, where its desk has no cascade, and where everybody is asked already.
pub async fn pass(app: &App, who: &Who, id: Uuid, reason: &str) -> Result<Conversation> {
    may_answer(who)?;
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Error::Invalid(format!(
            "Say why you pass it on, in {LONGEST_REASON} characters at most. Nothing was changed."
        )));
    }
    let (owned, who, now) = (app.clone(), who.clone(), app.clock.now());
    let (row, committed) = app
        .db
        .write(move |tx| Box::pin(async move { pass_now(&owned, tx, &who, now, id, &reason).await }))
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

async fn pass_now(
    app: &App,
    tx: &mut Tx,
    who: &Who,
    now: Millis,
    id: Uuid,
    reason: &str,
) -> Result<Conversation> {
    let before = locked(tx, id).await?;
    if before.state != State::Open {
        return Err(Error::Invalid(
            "Only what is open is passed on. Nothing was changed; open it first.".to_owned(),
        ));
    }
    super::handoff::may_give(tx, who, &before).await?;
    let steps = cascades::of(tx, before.desk_id).await?;
    let taken = usize::try_from(before.step).unwrap_or(0);
    if steps.is_empty() {
        return Err(Error::Invalid(
            "Its desk passes nothing on. Nothing was changed; hand it off to a person or a desk instead."
                .to_owned(),
        ));
    }
    if before.owner_id.is_none() && taken >= steps.len() {
        return Err(Error::Invalid(
            "Every desk was asked already, and it waits for everybody. Nothing was changed.".to_owned(),
        ));
    }
    let mut hop = next(app, tx, &before, &steps, now).await?;
    if hop.to == To::Nowhere {
        hop.to = To::Everybody;
    }
    // Nobody need answer any more: it is anybody's.
    handoffs::withdraw_of(tx, id, now).await?;
    let free =
        Conversation { owner_id: None, owner_since: None, kept_for: None, kept_until: 0, ..before.clone() };
    let mut after = cascade::hopped(&free, &steps, &hop, true);
    after.hop_at = cascades::next_hop(tx, &after, now).await?;
    tell_closed(tx, &before, &hop, now).await?;
    let detail = match hop.to {
        To::Desk(desk) => format!("passed this on to {}: {reason}", desk_name(tx, desk).await?),
        _ => format!(
            "passed this on, and there is no further desk to ask, so it waits for everybody: {reason}"
        ),
    };
    keep(tx, &before, after, Line { at: now, kind: Kind::Passed, who, detail: Some(detail) }).await
}

/// By the clock: nobody took it, so the next desk is asked. Two processes may both try; the second finds it done.
pub async fn hop_if_due(app: &App, id: Uuid) -> Result<bool> {
    let (owned, now) = (app.clone(), app.clock.now());
    let (hopped, committed) =
        app.db.write(move |tx| Box::pin(async move { hop_now(&owned, tx, id, now).await })).await?;
    app.bus.publish(committed);
    Ok(hopped)
}

async fn hop_now(app: &App, tx: &mut Tx, id: Uuid, now: Millis) -> Result<bool> {
    let before = conversations::lock(tx, id).await?.ok_or(Error::Missing("conversation"))?;
    if before.owner_id.is_some() || before.hop_at.is_none_or(|at| at > now) {
        return Ok(false);
    }
    if !cascade::is_waiting(&before) {
        let after = Conversation { hop_at: None, ..before.clone() };
        conversations::update(tx, &before, &after).await?;
        return Ok(true);
    }
    let steps = cascades::of(tx, before.desk_id).await?;
    let hop = next(app, tx, &before, &steps, now).await?;
    let mut after = cascade::hopped(&before, &steps, &hop, false);
    after.hop_at = cascades::next_hop(tx, &after, now).await?;
    let last_told = tell_closed(tx, &before, &hop, now).await?;
    let (kind, detail) = match hop.to {
        To::Nowhere => {
            after.seq = last_told.unwrap_or(before.seq);
            conversations::update(tx, &before, &after).await?;
            return Ok(true);
        }
        To::Desk(desk) => {
            let why = why(app, tx, &before, &steps, now).await?;
            (Kind::Offered, format!("to {} too: {why}", desk_name(tx, desk).await?))
        }
        To::Everybody => {
            let why = why(app, tx, &before, &steps, now).await?;
            (Kind::Unanswered, format!("{why}, and there is no further desk to ask"))
        }
    };
    keep_with(tx, &before, after, by_the_clock(&before, kind, detail, now)).await?;
    Ok(true)
}

async fn next(app: &App, tx: &mut Tx, row: &Conversation, steps: &[Step], now: Millis) -> Result<Hop> {
    let mut open = Vec::new();
    for desk in steps.iter().filter_map(|step| step.to_desk_id) {
        let hours = app.calendars.hours(tx, desk, now).await?;
        if hours.is_none_or(|hours| hours.is_open(now)) {
            open.push(desk);
        }
    }
    let taken = usize::try_from(row.step).unwrap_or(0);
    Ok(cascade::hop(steps, taken, row, |desk| open.contains(&desk)))
}

/// A line for each desk that was passed over; gives the number of the last.
async fn tell_closed(tx: &mut Tx, row: &Conversation, hop: &Hop, now: Millis) -> Result<Option<i64>> {
    let mut told = None;
    for desk in &hop.closed {
        let detail = format!("{}, which is closed", desk_name(tx, *desk).await?);
        let line = by_the_clock(row, Kind::NotOffered, detail, now);
        told = Some(crate::store::events::append(tx, line).await?);
    }
    Ok(told)
}

/// Why the clock asks the next desk.
async fn why(app: &App, tx: &mut Tx, row: &Conversation, steps: &[Step], now: Millis) -> Result<String> {
    let had = cascade::at_last(row);
    let name = desk_name(tx, had).await?;
    let hours = app.calendars.hours(tx, had, now).await?;
    if row.live && hours.is_some_and(|hours| !hours.is_open(now)) {
        return Ok(format!("{name} is closed"));
    }
    let step = usize::try_from(row.step).ok().and_then(|taken| steps.get(taken));
    let length = length_in_words(step.map_or(0, |step| step.after_ms(row.live)));
    Ok(format!("nobody at {name} took it for {length}"))
}

fn by_the_clock(row: &Conversation, kind: Kind, detail: String, now: Millis) -> Appending {
    Appending {
        at: now,
        kind,
        conversation_id: row.id,
        message_id: None,
        staff_id: None,
        actor_name: Event::NOBODY.to_owned(),
        detail: Some(detail),
    }
}

async fn desk_name(tx: &mut Tx, desk: Uuid) -> Result<String> {
    Ok(people::desk(tx, desk).await?.map_or_else(|| "a desk".to_owned(), |desk| desk.in_words()))
}
