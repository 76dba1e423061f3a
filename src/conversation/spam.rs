//! What no patron is behind, and what was taken for that. Later messages stay with it and wait for nobody.

use uuid::Uuid;

use super::closure::{answer_is_on_its_way, over};
use super::{Line, keep, locked, may_answer};
use crate::access::Who;
use crate::app::App;
use crate::error::Result;
use crate::model::Millis;
use crate::model::closure::{mark_spam, unmark_spam};
use crate::model::conversation::{Conversation, State};
use crate::model::event::Kind;
use crate::model::history;
use crate::model::wait::{Outcome, Wait};
use crate::store::{Tx, events, messages, waits};

/// Marks it as spam. A wait ends without an answer, counted apart. Marking what is marked changes nothing.
pub async fn mark(app: &App, who: &Who, id: Uuid) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                if before.state == State::Spam {
                    return Ok(before);
                }
                over(tx, id, now).await?;
                let waiting = waits::open_of(tx, id).await?.is_some();
                let unanswered = waiting && !answer_is_on_its_way(tx, id).await?;
                if unanswered {
                    let outcome = Outcome::NoAnswerNeeded;
                    waits::close(tx, id, now, outcome, None, Some(who.staff_id)).await?;
                }
                let detail = unanswered.then(|| Outcome::NoAnswerNeeded.to_string());
                let line = Line { at: now, kind: Kind::Spam, who: &who, detail };
                keep(tx, &before, mark_spam(&before, unanswered), line).await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

/// A patron is behind it after all: it comes back with the wait it had, and what was said meanwhile waits too.
pub async fn unmark(app: &App, who: &Who, id: Uuid) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now, calendars) = (who.clone(), app.clock.now(), app.calendars.clone());
    let wait = app.clock.id();
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                if before.state != State::Spam {
                    return Ok(before);
                }
                let waiting = match waiting(tx, &before, wait).await? {
                    Some(since) => Some((since, calendars.due(tx, before.desk_id, since, now).await?)),
                    None => None,
                };
                let line = Line { at: now, kind: Kind::NotSpam, who: &who, detail: None };
                keep(tx, &before, unmark_spam(&before, waiting), line).await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

/// Opens the wait again that the mark had ended, or one for what was said since; gives since when the patron waits.
async fn waiting(tx: &mut Tx, row: &Conversation, new: Uuid) -> Result<Option<Millis>> {
    if let Some(marked) = events::last_of_kind(tx, row.id, Kind::Spam).await? {
        if marked.detail.as_deref().is_some_and(history::without_an_answer) {
            waits::reopen_ended_at(tx, row.id, marked.at).await?;
        }
        if let Some(said) = messages::unanswered(tx, row.id, marked.seq, Millis::MIN).await? {
            match waits::open_of(tx, row.id).await? {
                Some(open) if said.1 < open.opened_at => waits::begin_earlier(tx, row.id, said.1).await?,
                Some(_) => {}
                None => {
                    let is_first = !waits::any(tx, row.id).await?;
                    waits::open(tx, &Wait::opened(new, row, said, is_first)).await?;
                }
            }
        }
    }
    Ok(waits::open_of(tx, row.id).await?.map(|wait| wait.opened_at))
}
