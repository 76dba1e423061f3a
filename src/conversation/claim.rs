//! Taking a conversation and putting it back. Of any number who take it at once, one has it; opening one never takes it.

use uuid::Uuid;

use super::{Line, keep, locked, may_answer, policy};
use crate::access::{Who, require};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::conversation::Conversation;
use crate::model::event::Kind;
use crate::model::next::{Choice, Lack, Where, choose};
use crate::model::people::Role;
use crate::model::policy::Policy;
use crate::store::{Conn, Tx, conversations, handoffs, next, people, watches};

/// Takes it. Taking what one has already changes nothing.
///
/// # Errors
/// [`Error::Claimed`] says who has it and since when.
pub async fn take(app: &App, who: &Who, id: Uuid) -> Result<Conversation> {
    may_answer(who)?;
    // Most who come too late are told so without standing in the writers' queue.
    {
        let mut conn = app.db.read().await?;
        let now = conversations::by_id(&mut conn, id).await?.ok_or(Error::Missing("conversation"))?;
        if let Some(settled) = settled(&mut conn, &now, who).await {
            return settled;
        }
    }
    let (who, now) = (who.clone(), app.clock.now());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                if let Some(settled) = settled(tx, &before, &who).await {
                    return settled;
                }
                if let Some(claimed) = give(tx, &before, &who, now).await? {
                    return Ok(claimed);
                }
                let now = conversations::by_id(tx, id).await?.ok_or(Error::Missing("conversation"))?;
                settled(tx, &now, &who).await.unwrap_or(Err(Error::Missing("conversation")))
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

/// Takes it from whoever the caller believes has it; they watch it from then on. Anybody may who answers, but only a lead
/// where the library lets nobody else answer in it. If it is nobody's by now, it is simply taken.
///
/// # Errors
/// [`Error::Claimed`] when somebody else again has it by now.
pub async fn take_over(app: &App, who: &Who, id: Uuid, from: Uuid) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    let (row, committed) =
        app.db.write(move |tx| Box::pin(async move { take_over_now(tx, &who, now, id, from).await })).await?;
    app.bus.publish(committed);
    Ok(row)
}

async fn take_over_now(tx: &mut Tx, who: &Who, now: Millis, id: Uuid, from: Uuid) -> Result<Conversation> {
    let before = locked(tx, id).await?;
    if before.owner_id != Some(from) || from == who.staff_id {
        if let Some(settled) = settled(tx, &before, who).await {
            return settled;
        }
        return give(tx, &before, who, now).await?.ok_or(Error::Missing("conversation"));
    }
    if policy::read(tx).await? == Policy::Block {
        require(who, Role::Lead)?;
    }
    handoffs::withdraw_of(tx, id, now).await?;
    watches::put(tx, from, id, now).await?;
    let owner = people::staff(tx, from).await?.map(|staff| staff.public_name);
    let after = Conversation { owner_id: Some(who.staff_id), owner_since: Some(now), ..before.clone() };
    keep(tx, &before, after, Line { at: now, kind: Kind::TakenOver, who, detail: owner }).await
}

/// What came of asking for the next question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is theirs now.
    Claimed(Box<Conversation>),
    /// Nothing is there that they can take.
    Nothing {
        /// How many patrons wait there for whom they lack something, by what.
        lacking: Vec<(Lack, i64)>,
        /// Something that they could take is at another desk or came by another channel.
        elsewhere: bool,
    },
}

/// Takes the next question there that they can answer, whichever that is at the moment of taking it: looked up and taken in
/// one transaction. Transactions that write take turns in all processes, so of any number of people who ask at once each
/// gets another one, and nobody nothing while one is free for them.
pub async fn next(app: &App, who: &Who, at: Where) -> Result<Next> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    let (next, committed) =
        app.db.write(move |tx| Box::pin(async move { next_now(tx, &who, now, at).await })).await?;
    app.bus.publish(committed);
    Ok(next)
}

async fn next_now(tx: &mut Tx, who: &Who, now: Millis, at: Where) -> Result<Next> {
    let taker = next::taker(tx, who.staff_id).await?;
    let (stacks, kept) = (next::stacks(tx, now).await?, next::kept(tx, who.staff_id, now).await?);
    let id = match choose(&stacks, &kept, &taker, at, now) {
        Choice::Take(id) => id,
        Choice::Nothing { lacking, elsewhere } => return Ok(Next::Nothing { lacking, elsewhere }),
    };
    let before = locked(tx, id).await?;
    let claimed = give(tx, &before, who, now).await?.ok_or(Error::Missing("conversation"))?;
    Ok(Next::Claimed(Box::new(claimed)))
}

/// Makes it theirs if it is nobody's, and says how long the patron had waited; nothing when somebody was quicker.
async fn give(tx: &mut Tx, before: &Conversation, who: &Who, now: Millis) -> Result<Option<Conversation>> {
    if !conversations::claim_if_free(tx, before.id, who.staff_id, now).await? {
        return Ok(None);
    }
    let mut after = before.clone();
    after.owner_id = Some(who.staff_id);
    after.owner_since = Some(now);
    (after.kept_for, after.kept_until) = (None, 0);
    let waited = before.waiting_since.map(|since| (now - since).max(0).to_string());
    keep(tx, before, after, Line { at: now, kind: Kind::Claimed, who, detail: waited }).await.map(Some)
}

/// Puts it back for everybody; the patron's clock goes on. Putting back what nobody has changes nothing.
///
/// # Errors
/// [`Error::NotYours`] when somebody else has it.
pub async fn release(app: &App, who: &Who, id: Uuid) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                match before.owner_id {
                    None => return Ok(before),
                    Some(owner) if owner != who.staff_id => return Err(Error::NotYours),
                    Some(_) => {}
                }
                let mut after = before.clone();
                after.owner_id = None;
                after.owner_since = None;
                // Nobody need answer any more: it is anybody's.
                handoffs::withdraw_of(tx, id, now).await?;
                keep(tx, &before, after, Line { at: now, kind: Kind::Released, who: &who, detail: None })
                    .await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

/// What taking comes to when somebody has it already; nothing while it is free.
async fn settled(conn: &mut Conn, row: &Conversation, who: &Who) -> Option<Result<Conversation>> {
    let owner = row.owner_id?;
    if owner == who.staff_id {
        return Some(Ok(row.clone()));
    }
    Some(match people::staff(conn, owner).await {
        Ok(staff) => Err(Error::Claimed {
            owner,
            owner_name: staff.map_or_else(|| "Somebody else".to_owned(), |staff| staff.name),
            since: row.owner_since,
        }),
        Err(error) => Err(error.into()),
    })
}
