//! Taking a conversation and putting it back. Of any number who take it at once, one has it; opening one never takes it.

use uuid::Uuid;

use super::{Line, keep, locked, may_answer};
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::conversation::Conversation;
use crate::model::event::Kind;
use crate::store::{Conn, conversations, people};

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
                if !conversations::claim_if_free(tx, id, who.staff_id, now).await? {
                    let now = conversations::by_id(tx, id).await?.ok_or(Error::Missing("conversation"))?;
                    return settled(tx, &now, &who).await.unwrap_or(Err(Error::Missing("conversation")));
                }
                let mut after = before.clone();
                after.owner_id = Some(who.staff_id);
                after.owner_since = Some(now);
                let waited = before.waiting_since.map(|since| (now - since).max(0).to_string());
                keep(tx, &before, after, Line { at: now, kind: Kind::Claimed, who: &who, detail: waited })
                    .await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
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
