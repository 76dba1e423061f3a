//! What comes of asking a person: they accept, they cannot now, they say nothing in time, or it is taken back. Unless they
//! accept it waits for everybody at its desk.

use uuid::Uuid;

use super::{for_everybody, said, watch_on};
use crate::access::{Who, require};
use crate::app::App;
use crate::conversation::{Line, keep, keep_with, locked, may_answer};
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::conversation::{Conversation, State};
use crate::model::event::{Event, Kind, length_in_words};
use crate::model::handoff::{Handoff, Outcome};
use crate::model::people::Role;
use crate::store::events::Appending;
use crate::store::{Tx, handoffs, people};

/// How the one who was asked, or the one who asked, ends it.
#[derive(Clone, Debug)]
enum Answer {
    Accept,
    NotNow(String),
    Withdraw,
}

/// Takes it: it is theirs from now on, and who had it watches.
///
/// # Errors
/// [`Error::Over`] when it ended before.
pub async fn accept(app: &App, who: &Who, handoff: Uuid) -> Result<Conversation> {
    answer(app, who, handoff, Answer::Accept).await
}

/// Cannot take it now, and says why. It waits for everybody at its desk.
///
/// # Errors
/// [`Error::Invalid`] without a reason, [`Error::Over`] when it ended before.
pub async fn not_now(app: &App, who: &Who, handoff: Uuid, why: &str) -> Result<Conversation> {
    let why = said(why, "Say why not now, so that it can be handed to somebody else.")?;
    answer(app, who, handoff, Answer::NotNow(why)).await
}

/// Takes it back before the person answered. For who handed it on, who has it, and leads.
///
/// # Errors
/// [`Error::Over`] when it ended before.
pub async fn withdraw(app: &App, who: &Who, handoff: Uuid) -> Result<Conversation> {
    answer(app, who, handoff, Answer::Withdraw).await
}

async fn answer(app: &App, who: &Who, handoff: Uuid, answer: Answer) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    let (row, committed) = app
        .db
        .write(move |tx| Box::pin(async move { answer_now(tx, &who, now, handoff, answer).await }))
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

async fn answer_now(tx: &mut Tx, who: &Who, now: Millis, id: Uuid, answer: Answer) -> Result<Conversation> {
    let handoff = handoffs::by_id(tx, id).await?.ok_or(Error::Missing("hand-off"))?;
    let before = locked(tx, handoff.conversation_id).await?;
    let theirs = match answer {
        Answer::Withdraw => {
            [Some(handoff.from_staff_id), before.owner_id].contains(&Some(who.staff_id))
                || require(who, Role::Lead).is_ok()
        }
        _ => handoff.to_staff_id == Some(who.staff_id),
    };
    if !theirs {
        return Err(Error::Missing("hand-off"));
    }
    let (outcome, why) = match &answer {
        Answer::Accept => (Outcome::Accepted, None),
        Answer::NotNow(why) => (Outcome::NotNow, Some(why.as_str())),
        Answer::Withdraw => (Outcome::Withdrawn, None),
    };
    if !handoffs::settle(tx, id, now, outcome, why).await? {
        return Err(Error::Over);
    }
    let (after, kind, detail) = match answer {
        Answer::Withdraw => (before.clone(), Kind::HandoffWithdrawn, None),
        Answer::Accept => {
            watch_on(tx, &handoff, &before).await?;
            let mut after = before.clone();
            after.owner_id = Some(who.staff_id);
            after.owner_since = Some(now);
            (after, Kind::HandoffAccepted, Some(name_of(tx, handoff.from_staff_id).await?))
        }
        Answer::NotNow(why) => {
            watch_on(tx, &handoff, &before).await?;
            let detail = format!("{why}. It waits for everybody at {}", desk_of(tx, &before).await?);
            (for_everybody(&before), Kind::HandoffRefused, Some(detail))
        }
    };
    keep(tx, &before, after, Line { at: now, kind, who, detail }).await
}

/// By the clock: nobody answered in time, so it waits for everybody at its desk. Two processes may both try; the second
/// finds it settled.
pub async fn fall_back_if_due(app: &App, handoff: Uuid) -> Result<bool> {
    let now = app.clock.now();
    let (fell, committed) =
        app.db.write(move |tx| Box::pin(async move { fall_back_now(tx, handoff, now).await })).await?;
    app.bus.publish(committed);
    Ok(fell)
}

async fn fall_back_now(tx: &mut Tx, id: Uuid, now: Millis) -> Result<bool> {
    let handoff = handoffs::by_id(tx, id).await?.ok_or(Error::Missing("hand-off"))?;
    let (Some(person), Some(until)) =
        (handoff.to_staff_id, handoff.falls_back_at.filter(|at| *at <= now && handoff.settled_at.is_none()))
    else {
        return Ok(false);
    };
    let before = locked(tx, handoff.conversation_id).await?;
    handoffs::settle(tx, id, now, Outcome::FellBack, None).await?;
    if matches!(before.state, State::Done | State::Spam) {
        return Ok(true);
    }
    watch_on(tx, &handoff, &before).await?;
    let detail = format!(
        "{} did not answer for {}. It waits for everybody at {}",
        name_of(tx, person).await?,
        length_in_words(until - handoff.at),
        desk_of(tx, &before).await?
    );
    let line = Appending {
        at: now,
        kind: Kind::HandoffLapsed,
        conversation_id: before.id,
        message_id: None,
        staff_id: None,
        actor_name: Event::NOBODY.to_owned(),
        detail: Some(detail),
    };
    keep_with(tx, &before, for_everybody(&before), line).await?;
    Ok(true)
}

/// The hand-offs that this person is asked to answer, each with its conversation and who asks.
pub async fn asked_of(app: &App, who: &Who) -> Result<Vec<(Handoff, Conversation)>> {
    let mut conn = app.db.read().await?;
    let mut asked = Vec::new();
    for handoff in handoffs::open_to(&mut conn, who.staff_id).await? {
        if let Some(row) = crate::store::conversations::by_id(&mut conn, handoff.conversation_id).await? {
            asked.push((handoff, row));
        }
    }
    Ok(asked)
}

async fn name_of(tx: &mut Tx, staff: Uuid) -> Result<String> {
    Ok(people::staff(tx, staff).await?.map_or_else(|| "A colleague".to_owned(), |staff| staff.public_name))
}

async fn desk_of(tx: &mut Tx, row: &Conversation) -> Result<String> {
    Ok(people::desk(tx, row.desk_id).await?.map_or_else(|| "its desk".to_owned(), |desk| desk.name))
}
