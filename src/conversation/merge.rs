//! Two conversations become one, and two again. What follows from that is decided in [`crate::model::merge`].

mod undoing;

use uuid::Uuid;

use super::{locked, may_answer, may_read};
use crate::access::{Who, require};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::conversation::{Conversation, State, number_in_words};
use crate::model::event::Kind;
use crate::model::merge::{Kept, Merge, Standing, in_words, join, refuse, shell};
use crate::model::people::Role;
use crate::model::wait::Wait;
use crate::store::events::{self, Appending};
use crate::store::{
    Conn, Tx, conversations, drafts, handoffs, merges, messages, people, reviews, tags, waits, watches,
};

pub use undoing::undo;

/// What would come of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Where it would go: not always what was named, which may be part of another one itself.
    pub into: Conversation,
    /// "3 messages of Q-20418 join Q-20417".
    pub words: String,
    /// Whose conversations these are, where they are two people's.
    pub patrons: Option<(String, String)>,
}

/// Looks at what would come of merging one into the other; changes nothing.
///
/// # Errors
/// Those of [`merge`], but for the two people.
pub async fn preview(app: &App, who: &Who, from: Uuid, into: Uuid) -> Result<Preview> {
    may_read(who)?;
    let mut conn = app.db.read().await?;
    let missing = || Error::Missing("conversation");
    let from = conversations::by_id(&mut conn, from).await?.ok_or_else(missing)?;
    if from.merged_into.is_some() {
        return Err(gone(&mut conn, &from).await?);
    }
    let into = merges::root(&mut conn, into).await?;
    let into = conversations::by_id(&mut conn, into).await?.ok_or_else(missing)?;
    refuse(&from, &into).map_err(Error::Invalid)?;
    let words = in_words(merges::size(&mut conn, from.id).await?, from.number, into.number);
    let patrons =
        (from.patron_id != into.patron_id).then(|| (from.patron_name.clone(), into.patron_name.clone()));
    Ok(Preview { into, words, patrons })
}

/// Makes one part of the other, or of what that became part of; gives what came of it. `two_people`: it is known that these
/// are two people's, and wanted.
///
/// # Errors
/// [`Error::Invalid`] for what cannot be one; [`Error::TwoPatrons`] unless that was confirmed; [`Error::Claimed`] when it is
/// somebody else's; [`Error::Merged`] when it is part of another one already.
pub async fn merge(app: &App, who: &Who, from: Uuid, into: Uuid, two_people: bool) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now, id) = (who.clone(), app.clock.now(), app.clock.id());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let from = locked(tx, from).await?;
                let into = merges::root(tx, into).await?;
                let into = locked(tx, into).await?;
                refuse(&from, &into).map_err(Error::Invalid)?;
                if from.patron_id != into.patron_id && !two_people {
                    return Err(Error::TwoPatrons { one: from.patron_name, other: into.patron_name });
                }
                may_take(tx, &who, &from, &into).await?;
                merge_now(tx, &who, now, id, &from, &into).await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}

/// Nobody takes somebody else's away; putting one's own into somebody else's is help.
async fn may_take(tx: &mut Tx, who: &Who, from: &Conversation, into: &Conversation) -> Result<()> {
    let others = from.owner_id.filter(|owner| *owner != who.staff_id && from.state != State::Done);
    let Some(owner) = others.filter(|owner| into.owner_id != Some(*owner)) else { return Ok(()) };
    if require(who, Role::Lead).is_ok() {
        return Ok(());
    }
    let owner_name =
        people::staff(tx, owner).await?.map_or_else(|| "Somebody else".to_owned(), |staff| staff.name);
    Err(Error::Claimed { owner, owner_name, since: from.owner_since })
}

async fn merge_now(
    tx: &mut Tx,
    who: &Who,
    now: Millis,
    id: Uuid,
    from: &Conversation,
    into: &Conversation,
) -> Result<Conversation> {
    let size = merges::size(tx, from.id).await?;
    let (open, wait) = one_wait(tx, from.id, into.id).await?;
    let mut after = join(into, from, open);
    let mut gone = shell(from, into.id);
    let (watchers, new_watchers) = watchers_go(tx, from.id, &after).await?;
    let handoff = handoffs::open_of(tx, from.id).await?.map(|asked| asked.id);
    handoffs::withdraw_of(tx, from.id, now).await?;
    let theirs = drafts::all_in(tx, from.id).await?;
    let written = theirs.iter().map(|(staff, draft)| (*staff, draft.kind, draft.changed_at)).collect();
    for (staff, draft) in theirs {
        drafts::take_along(tx, staff, draft, into.id).await?;
    }
    reviews::go(tx, from.id, into.id).await?;
    let came_along = Standing::of(from);
    for tag in came_along.tags() {
        tags::mark(tx, tag, into.id, true).await?;
    }
    merges::go(tx, from.id, into.id).await?;
    if let Some(since) = open {
        waits::begin_earlier(tx, into.id, since).await?;
    }
    let line = |row: &Conversation, kind, detail| Appending {
        at: now,
        kind,
        conversation_id: row.id,
        message_id: None,
        staff_id: Some(who.staff_id),
        actor_name: who.public_name.clone(),
        detail: Some(detail),
    };
    let messages = format!("{size} {}", if size == 1 { "message" } else { "messages" });
    gone.seq = events::append(tx, line(from, Kind::Merged, number_in_words(into.number))).await?;
    let with = format!("{} ({messages})", number_in_words(from.number));
    after.seq = events::append(tx, line(into, Kind::Joined, with)).await?;
    conversations::update(tx, from, &gone).await?;
    conversations::update(tx, into, &after).await?;
    let kept = Kept {
        from: came_along,
        into: Standing::of(into),
        joined: Standing::of(&after),
        wait,
        watchers,
        new_watchers,
        handoff,
        drafts: written,
    };
    let merge = Merge {
        id,
        from_id: from.id,
        into_id: into.id,
        seq: gone.seq,
        at: now,
        staff_id: who.staff_id,
        kept: serde_json::to_string(&kept).expect("words, numbers and ids are always JSON"),
        undone_at: None,
    };
    merges::insert(tx, &merge).await?;
    Ok(after)
}

/// Of two open waits the one that opened first goes on, from the earlier moment; gives that moment, and the one that is part
/// of it now.
async fn one_wait(tx: &mut Tx, from: Uuid, into: Uuid) -> Result<(Option<Millis>, Option<Uuid>)> {
    let (one, other) = match (waits::open_of(tx, from).await?, waits::open_of(tx, into).await?) {
        (Some(one), Some(other)) => (one, other),
        (one, other) => return Ok((one.or(other).map(|wait| wait.opened_at), None)),
    };
    let since = one.opened_at.min(other.opened_at);
    let goes = if place(tx, &one).await? < place(tx, &other).await? { other.id } else { one.id };
    merges::end_wait(tx, goes).await?;
    Ok((Some(since), Some(goes)))
}

async fn place(tx: &mut Tx, wait: &Wait) -> Result<(i64, Millis)> {
    let opened = messages::by_id(tx, wait.opened_by).await?;
    Ok((opened.map_or(0, |message| message.seq), wait.opened_at))
}

/// Gives who watched, and which of them watch the other only from now on.
async fn watchers_go(
    tx: &mut Tx,
    from: Uuid,
    into: &Conversation,
) -> Result<(Vec<(Uuid, Millis)>, Vec<Uuid>)> {
    let (watchers, there) = (watches::watchers(tx, from).await?, watches::watchers(tx, into.id).await?);
    watches::end_all_of(tx, from).await?;
    let is_new = |staff: &Uuid| {
        into.state != State::Done
            && into.owner_id != Some(*staff)
            && !there.iter().any(|(known, _)| known == staff)
    };
    let new: Vec<Uuid> = watchers.iter().map(|(staff, _)| *staff).filter(is_new).collect();
    for (staff, since) in watchers.iter().filter(|(staff, _)| new.contains(staff)) {
        watches::put(tx, *staff, into.id, *since).await?;
    }
    Ok((watchers, new))
}

/// What whoever meets a shell is told.
pub(crate) async fn gone(conn: &mut Conn, shell: &Conversation) -> Result<Error> {
    let into = merges::root(conn, shell.id).await?;
    let number = conversations::by_id(conn, into).await?.map_or(0, |row| row.number);
    let merge = merges::standing(conn, shell.id).await?;
    let by = match &merge {
        Some(merge) => people::staff(conn, merge.staff_id).await?,
        None => None,
    };
    let by = by.map_or_else(|| "A colleague".to_owned(), |staff| staff.public_name);
    Ok(Error::Merged {
        into,
        why: format!(
            "{by} merged {} into {}. Nothing was changed and what you wrote is kept; go on in {}.",
            number_in_words(shell.number),
            number_in_words(number),
            number_in_words(number)
        ),
    })
}
