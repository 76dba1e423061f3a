//! Handing a question on: to a person, who accepts or cannot now, or to a desk, where it waits for everybody at once.
//!
//! Whoever hands it on keeps it until somebody accepts, so that no patron falls between two people; afterwards they watch
//! it. The number, the patron, their channel and the moment until which an answer was promised stay what they were.

pub mod answer;

use uuid::Uuid;

use super::{Line, keep, locked, may_answer};
use crate::access::{Who, require};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::conversation::{Conversation, State};
use crate::model::event::Kind;
use crate::model::handoff::{Handoff, LONGEST, Outcome, Reason, falls_back_at};
use crate::model::people::{Role, Staff};
use crate::store::{Tx, handoffs, people, watches};

/// To whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// A person, who is asked first.
    Person(Uuid),
    /// Everybody at a desk.
    Desk(Uuid),
}

/// What is said along with it.
#[derive(Clone, Debug)]
pub struct Given {
    /// To whom.
    pub to: To,
    /// Why.
    pub reason: Reason,
    /// What the patron already told us.
    pub summary: String,
}

/// Hands it on. Nobody's is handed on by anybody who answers, somebody's by its owner or a lead. A person who was asked
/// before is asked no more.
///
/// # Errors
/// [`Error::Invalid`] without what the patron told us, for who cannot answer, for what is done, and where it is already;
/// [`Error::Claimed`] when it is somebody else's.
pub async fn give(app: &App, who: &Who, id: Uuid, given: Given) -> Result<Conversation> {
    may_answer(who)?;
    let summary =
        said(&given.summary, "Say what the patron already told us, so that nobody asks them again.")?;
    let given = Given { summary, ..given };
    let (who, now, handoff) = (who.clone(), app.clock.now(), app.clock.id());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                may_give(tx, &who, &before).await?;
                let handoff = Handoff {
                    id: handoff,
                    conversation_id: id,
                    from_staff_id: who.staff_id,
                    from_desk_id: before.desk_id,
                    to_staff_id: None,
                    to_desk_id: None,
                    reason: given.reason,
                    summary: given.summary,
                    at: now,
                    falls_back_at: None,
                    settled_at: None,
                };
                match given.to {
                    To::Person(person) => ask(tx, &who, before, handoff, person).await,
                    To::Desk(desk) => place(tx, &who, before, handoff, desk).await,
                }
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

/// Asks the person; until they answer it is whose it was, or the giver's if it was nobody's.
async fn ask(
    tx: &mut Tx,
    who: &Who,
    before: Conversation,
    handoff: Handoff,
    person: Uuid,
) -> Result<Conversation> {
    let person = who_can_take(tx, person).await?;
    if before.owner_id == Some(person.id) || person.id == who.staff_id {
        return Err(Error::Invalid(format!(
            "{} would get what is theirs already. Nothing was changed; choose somebody else.",
            person.name
        )));
    }
    let before = withdraw_older(tx, who, before, handoff.at).await?;
    let handoff = Handoff {
        to_staff_id: Some(person.id),
        falls_back_at: Some(falls_back_at(handoff.at, before.live)),
        ..handoff
    };
    handoffs::insert(tx, &handoff, None).await?;
    let mut after = before.clone();
    if after.owner_id.is_none() {
        after.owner_id = Some(who.staff_id);
        after.owner_since = Some(handoff.at);
    }
    let detail = format!("asked {} to take this: {}", person.public_name, why(&handoff));
    keep(tx, &before, after, Line { at: handoff.at, kind: Kind::HandedOff, who, detail: Some(detail) }).await
}

/// Puts it at the desk, open and nobody's.
async fn place(
    tx: &mut Tx,
    who: &Who,
    before: Conversation,
    handoff: Handoff,
    desk: Uuid,
) -> Result<Conversation> {
    let to = people::desk(tx, desk).await?.ok_or(Error::Missing("desk"))?;
    let from = people::desk(tx, before.desk_id).await?.ok_or(Error::Missing("desk"))?;
    if to.id == from.id && before.owner_id.is_none() {
        return Err(Error::Invalid(format!("It waits at {} already. Nothing was changed.", to.name)));
    }
    let before = withdraw_older(tx, who, before, handoff.at).await?;
    let handoff = Handoff { to_desk_id: Some(desk), settled_at: Some(handoff.at), ..handoff };
    handoffs::insert(tx, &handoff, Some(Outcome::AtDesk)).await?;
    watch_on(tx, &handoff, &before).await?;
    let mut after = for_everybody(&before);
    after.desk_id = desk;
    let detail = if to.id == from.id {
        format!("put this back for everybody at {}: {}", to.in_words(), why(&handoff))
    } else {
        format!("handed this from {} to {}: {}", from.in_words(), to.in_words(), why(&handoff))
    };
    keep(tx, &before, after, Line { at: handoff.at, kind: Kind::HandedOff, who, detail: Some(detail) }).await
}

/// Only one person at a time is asked.
async fn withdraw_older(tx: &mut Tx, who: &Who, before: Conversation, now: Millis) -> Result<Conversation> {
    if !handoffs::withdraw_of(tx, before.id, now).await? {
        return Ok(before);
    }
    let line = Line { at: now, kind: Kind::HandoffWithdrawn, who, detail: None };
    keep(tx, &before, before.clone(), line).await
}

pub(super) async fn may_give(tx: &mut Tx, who: &Who, row: &Conversation) -> Result<()> {
    if matches!(row.state, State::Done | State::Spam) {
        return Err(Error::Invalid(
            "This conversation is closed. Open it again, then hand it off.".to_owned(),
        ));
    }
    let Some(owner) = row.owner_id.filter(|owner| *owner != who.staff_id) else { return Ok(()) };
    if require(who, Role::Lead).is_ok() {
        return Ok(());
    }
    let owner_name =
        people::staff(tx, owner).await?.map_or_else(|| "Somebody else".to_owned(), |staff| staff.name);
    Err(Error::Claimed { owner, owner_name, since: row.owner_since })
}

async fn who_can_take(tx: &mut Tx, person: Uuid) -> Result<Staff> {
    let person = people::staff(tx, person).await?.ok_or(Error::Missing("person"))?;
    if person.disabled_at.is_some() || !person.role.includes(Role::Staff) {
        return Err(Error::Invalid(format!(
            "{} cannot answer patrons. Nothing was changed; choose somebody who can.",
            person.name
        )));
    }
    Ok(person)
}

/// Who had it and who gave it go on hearing of it.
async fn watch_on(tx: &mut Tx, handoff: &Handoff, before: &Conversation) -> Result<()> {
    for staff in [Some(handoff.from_staff_id), before.owner_id].into_iter().flatten() {
        watches::put(tx, staff, before.id, handoff.at).await?;
    }
    Ok(())
}

/// As it stands when it is nobody's: open, whatever it was, so that somebody sees it.
fn for_everybody(before: &Conversation) -> Conversation {
    Conversation {
        owner_id: None,
        owner_since: None,
        state: State::Open,
        snoozed_until: None,
        ..before.clone()
    }
}

fn why(handoff: &Handoff) -> String {
    format!("{}. What they already told us: {}", handoff.reason.in_words(), handoff.summary)
}

/// A text that has to be there, and short.
fn said(text: &str, missing: &str) -> Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(Error::Invalid(format!("{missing} Nothing was changed.")));
    }
    if text.chars().count() > LONGEST {
        return Err(Error::Invalid(format!(
            "That may have {LONGEST} characters at most. Nothing was changed; say it shorter."
        )));
    }
    Ok(text)
}
