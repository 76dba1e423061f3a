//! Two again: as if they had never been one, with what came in between where its thread belongs.

use uuid::Uuid;

use super::super::may_answer;
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::conversation::{Conversation, number_in_words, preview};
use crate::model::event::{Kind, length_in_words};
use crate::model::history::Reckoned;
use crate::model::merge::{Kept, Merge, Since, Standing, UNDONE_WITHIN_MS, part};
use crate::store::events::{self, Appending};
use crate::store::{Tx, conversations, drafts, handoffs, histories, merges, messages, tags, watches};

/// Undoes the merge by which this conversation is part of another one; gives it as it stands then.
///
/// # Errors
/// [`Error::NotMerged`] when it stands by itself, with who was quicker; [`Error::Invalid`] after too long, and where something
/// else must be undone first.
pub async fn undo(app: &App, who: &Who, from: Uuid) -> Result<Conversation> {
    may_answer(who)?;
    let (owned, who) = (app.clone(), who.clone());
    let (row, committed) =
        app.db.write(move |tx| Box::pin(async move { undo_now(&owned, tx, &who, from).await })).await?;
    app.bus.publish(committed);
    Ok(row)
}

async fn undo_now(app: &App, tx: &mut Tx, who: &Who, from: Uuid) -> Result<Conversation> {
    let now = app.clock.now();
    let missing = || Error::Missing("conversation");
    let gone = conversations::lock(tx, from).await?.ok_or_else(missing)?;
    let Some(merge) = merges::standing(tx, from).await? else { return Err(by_itself(tx, &gone, now).await?) };
    let both = conversations::lock(tx, merge.into_id).await?.ok_or_else(missing)?;
    still_may(tx, &merge, &gone, &both, now).await?;
    let kept: Kept = serde_json::from_str(&merge.kept).map_err(|error| {
        tracing::error!(%error, "what a merge kept cannot be read");
        Error::Invalid("What this was before cannot be read any more, so nothing was changed.".to_owned())
    })?;
    let threads = merges::leading_to(tx, from).await?;
    merges::go_back(tx, &threads, both.id, from).await?;
    merges::undo(tx, merge.id, now).await?;
    let mut family = histories::family(tx, from).await?;
    let mut waits = |id: Uuid| family.remove(&id).unwrap_or_default();
    let mut spare = kept.wait;
    let mut next_id = || spare.take().unwrap_or_else(|| app.clock.id());
    let back = restore(app, tx, &gone, waits(from), &mut next_id, merge.seq).await?;
    let mut back = part(&gone, &kept.from, None, &back);
    let left = restore(app, tx, &both, waits(both.id), &mut next_id, merge.seq).await?;
    let mut left = part(&both, &kept.into, Some(&kept.joined), &left);
    give_back(tx, &kept, &back, &left).await?;
    let line = |row: &Conversation, other: &Conversation| Appending {
        at: now,
        kind: Kind::MergeUndone,
        conversation_id: row.id,
        message_id: None,
        staff_id: Some(who.staff_id),
        actor_name: who.public_name.clone(),
        detail: Some(number_in_words(other.number)),
    };
    back.seq = events::append(tx, line(&back, &left)).await?;
    left.seq = events::append(tx, line(&left, &back)).await?;
    conversations::update(tx, &gone, &back).await?;
    conversations::update(tx, &both, &left).await?;
    Ok(back)
}

/// Keeps the waits that a conversation has by itself, and gives what came in it since.
async fn restore(
    app: &App,
    tx: &mut Tx,
    row: &Conversation,
    waits: Vec<Reckoned>,
    next_id: &mut (dyn FnMut() -> Uuid + Send),
    seq: i64,
) -> Result<Since> {
    let open = histories::keep(tx, row.id, waits, next_id).await?;
    let said = merges::since(tx, row.id, seq).await?;
    let last = messages::last_inbound(tx, row.id).await?;
    let line = last.map(|message| preview(message.reply_text.as_deref().unwrap_or(&message.text)));
    let open = match open {
        Some(begun) => Some((begun, app.calendars.due(tx, row.desk_id, begun, app.clock.now()).await?)),
        None => None,
    };
    Ok(Since {
        patron_at: said.patron_at,
        at: said.at,
        files: said.files,
        open,
        on_its_way: histories::answer_on_its_way(tx, row.id).await?,
        preview: line.unwrap_or_else(|| row.preview.clone()),
    })
}

/// Who watched, who was asked, what was written: back where it came from, as far as it is as the merge left it.
async fn give_back(tx: &mut Tx, kept: &Kept, back: &Conversation, left: &Conversation) -> Result<()> {
    for (staff, since) in &kept.watchers {
        watches::put(tx, *staff, back.id, *since).await?;
    }
    for staff in &kept.new_watchers {
        watches::end(tx, *staff, left.id).await?;
    }
    if let Some(asked) = kept.handoff {
        handoffs::ask_again(tx, asked).await?;
    }
    let theirs = drafts::all_in(tx, left.id).await?;
    for (staff, draft) in theirs {
        if kept.drafts.contains(&(staff, draft.kind, draft.changed_at)) {
            drafts::take_along(tx, staff, draft, back.id).await?;
        }
    }
    let bears: Vec<Uuid> = Standing::of(left).tags().collect();
    for tag in kept.joined.tags().filter(|tag| !bears.contains(tag)) {
        tags::mark(tx, tag, left.id, false).await?;
    }
    Ok(())
}

async fn still_may(
    tx: &mut Tx,
    merge: &Merge,
    gone: &Conversation,
    both: &Conversation,
    now: Millis,
) -> Result<()> {
    if now - merge.at > UNDONE_WITHIN_MS {
        return Err(Error::Invalid(format!(
            "This merge is {} old, and one can be undone for {}. Nothing was changed.",
            length_in_words(now - merge.at),
            length_in_words(UNDONE_WITHIN_MS)
        )));
    }
    let first = match (both.merged_into, merges::into(tx, both.id).await?.last()) {
        (Some(on), _) => Some((both.clone(), on)),
        (None, Some(later)) if later.id != merge.id => {
            conversations::by_id(tx, later.from_id).await?.map(|row| (row, both.id))
        }
        _ => None,
    };
    let Some((row, on)) = first else { return Ok(()) };
    let on = conversations::by_id(tx, on).await?.map_or(0, |row| row.number);
    Err(Error::Invalid(format!(
        "{} was merged into {} after {} was. Nothing was changed; undo that first.",
        number_in_words(row.number),
        number_in_words(on),
        number_in_words(gone.number)
    )))
}

async fn by_itself(tx: &mut Tx, row: &Conversation, now: Millis) -> Result<Error> {
    let undone = match merges::last_of(tx, row.id).await? {
        Some(_) => events::last_of_kind(tx, row.id, Kind::MergeUndone).await?,
        None => None,
    };
    let number = number_in_words(row.number);
    Ok(Error::NotMerged(match undone {
        Some(line) => format!(
            "{} undid this {} ago: {number} stands by itself. Nothing was changed.",
            line.actor_name,
            length_in_words(now - line.at)
        ),
        None => format!("{number} is not part of another conversation, so there is nothing to undo."),
    }))
}
