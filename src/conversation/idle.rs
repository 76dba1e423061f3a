//! What somebody took and cannot see to goes back to everybody before its patron has waited too long. In words, once,
//! whichever process looks; the patron's clock goes on.

use uuid::Uuid;

use super::keep_with;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::claim::{AHEAD_MS, Held, returns};
use crate::model::conversation::{Conversation, State};
use crate::model::event::{Event, Kind};
use crate::store::events::Appending;
use crate::store::{Conn, Tx, conversations, drafts, handoffs, standings, viewers, watches};

/// So many are looked through at a time.
const AT_ONCE: i64 = 200;

/// What may have to go back, soonest due first: looked up without standing in anybody's way.
pub async fn due(app: &App) -> Result<Vec<Uuid>> {
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let mut due = Vec::new();
    for idle in standings::held_by_the_gone(&mut conn, now, AT_ONCE).await? {
        if app.calendars.left(&mut conn, idle.desk_id, idle.due_at, now).await? <= AHEAD_MS {
            due.push(idle.id);
        }
    }
    Ok(due)
}

/// Puts it back if it must be. Two processes may both try; the second finds it nobody's.
pub async fn return_if_idle(app: &App, id: Uuid) -> Result<bool> {
    let (owned, now) = (app.clone(), app.clock.now());
    let (returned, committed) =
        app.db.write(move |tx| Box::pin(async move { return_now(&owned, tx, id, now).await })).await?;
    app.bus.publish(committed);
    Ok(returned)
}

async fn return_now(app: &App, tx: &mut Tx, id: Uuid, now: Millis) -> Result<bool> {
    let before = conversations::lock(tx, id).await?.ok_or(Error::Missing("conversation"))?;
    let Some(owner) = before.owner_id else { return Ok(false) };
    let Some(signs) = standings::of(tx, owner, now).await? else { return Ok(false) };
    let held = held(app, tx, &before, owner, now).await?;
    let Some(gone) = returns(held, &signs, now) else { return Ok(false) };
    // Nobody need answer any more: it is anybody's. Who had it hears what becomes of it.
    handoffs::withdraw_of(tx, id, now).await?;
    watches::put(tx, owner, id, now).await?;
    let after = Conversation { owner_id: None, owner_since: None, ..before.clone() };
    let line = Appending {
        at: now,
        kind: Kind::Returned,
        conversation_id: id,
        message_id: None,
        staff_id: None,
        actor_name: Event::NOBODY.to_owned(),
        detail: Some(gone.in_words(&signs.public_name)),
    };
    keep_with(tx, &before, after, line).await?;
    Ok(true)
}

async fn held(app: &App, conn: &mut Conn, row: &Conversation, owner: Uuid, now: Millis) -> Result<Held> {
    let waits = row.state == State::Open && row.waiting_since.is_some();
    let due_in_ms = match waits {
        true => Some(app.calendars.left(conn, row.desk_id, row.due_at, now).await?),
        false => None,
    };
    let viewing = viewers::one(conn, row.id, owner).await?;
    Ok(Held {
        since: row.owner_since.unwrap_or(row.created_at),
        due_in_ms,
        replying: viewing.is_some_and(|viewing| viewing.replying_left_ms(now) > 0),
        draft_changed_at: drafts::changed_at(conn, owner, row.id).await?,
    })
}
