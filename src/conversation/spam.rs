//! What no patron is behind, and what was taken for that. Later messages stay with it and wait for nobody.

use uuid::Uuid;

use super::closure::over;
use super::{Line, keep, locked, may_answer};
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::closure::{mark_spam, unmark_spam};
use crate::model::conversation::{Conversation, State};
use crate::model::event::Kind;
use crate::model::wait::Outcome;
use crate::store::{Tx, conversations, histories, waits};

/// Marks it as spam. A wait ends without an answer, counted apart. Marking what is marked changes nothing.
pub async fn mark(app: &App, who: &Who, id: Uuid) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    let (row, committed) =
        app.db.write(move |tx| Box::pin(async move { mark_in(tx, &who, id, now).await })).await?;
    app.bus.publish(committed);
    Ok(row)
}

/// The same within the caller's transaction.
pub(super) async fn mark_in(tx: &mut Tx, who: &Who, id: Uuid, now: Millis) -> Result<Conversation> {
    let before = locked(tx, id).await?;
    if before.state == State::Spam {
        return Ok(before);
    }
    over(tx, id, now).await?;
    let waiting = waits::open_of(tx, id).await?.is_some();
    let unanswered = waiting && !histories::answer_leaves(tx, id).await?;
    if unanswered {
        let outcome = Outcome::NoAnswerNeeded;
        waits::close(tx, id, now, outcome, None, Some(who.staff_id)).await?;
    }
    let detail = unanswered.then(|| Outcome::NoAnswerNeeded.to_string());
    let line = Line { at: now, kind: Kind::Spam, who, detail };
    keep(tx, &before, mark_spam(&before, unanswered), line).await
}

/// A patron is behind it after all: it comes back with the wait it had, and what was said meanwhile waits too.
pub async fn unmark(app: &App, who: &Who, id: Uuid) -> Result<Conversation> {
    may_answer(who)?;
    let (who, clock, calendars) = (who.clone(), app.clock.clone(), app.calendars.clone());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let (before, now) = (locked(tx, id).await?, clock.now());
                if before.state != State::Spam {
                    return Ok::<_, Error>(before);
                }
                let line = Line { at: now, kind: Kind::NotSpam, who: &who, detail: None };
                let marked = keep(tx, &before, before.clone(), line).await?;
                // What the mark has ended, and what it kept from waiting, is in the history.
                let open = histories::keep_all(tx, id, || clock.id()).await?.remove(&id).flatten();
                let waiting = match open {
                    Some(since) => Some((since, calendars.due(tx, before.desk_id, since, now).await?)),
                    None => None,
                };
                let after = unmark_spam(&marked, waiting);
                conversations::update(tx, &marked, &after).await?;
                Ok(after)
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}
