//! The house's list of tags, and putting them on conversations.

use uuid::Uuid;

use super::{Line, keep, locked, may_answer};
use crate::access::{Who, require};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::conversation::Conversation;
use crate::model::event::Kind;
use crate::model::people::Role;
use crate::model::tag::{self, Tag};
use crate::store::tags;

/// The list, by name.
pub async fn list(app: &App) -> Result<Vec<Tag>> {
    Ok(tags::all(&mut app.db.read().await?).await?)
}

/// Puts a tag on the house's list. One of that name that is there, or was, is that one: for leads.
///
/// # Errors
/// [`Error::Invalid`] for no name or one that is too long.
pub async fn add(app: &App, who: &Who, name: &str) -> Result<Tag> {
    require(who, Role::Lead)?;
    let name = tag::name(name);
    if name.is_empty() || name.chars().count() > tag::LONGEST {
        return Err(Error::Invalid(format!(
            "A tag is a word or a few, of {} characters at most. Nothing was changed.",
            tag::LONGEST
        )));
    }
    let new = Tag { id: app.clock.id(), name, created_at: app.clock.now(), removed_at: None };
    let (tag, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(known) = tags::by_name(tx, &new.name).await? else {
                    tags::insert(tx, &new).await?;
                    return Ok::<_, Error>(new);
                };
                let tag = Tag { removed_at: None, ..known };
                tags::set(tx, &tag).await?;
                Ok(tag)
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(tag)
}

/// Takes a tag off the house's list: what bears it still does, nothing new may. For leads.
pub async fn remove(app: &App, who: &Who, id: Uuid) -> Result<()> {
    require(who, Role::Lead)?;
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let tag = tags::by_id(tx, id).await?.ok_or(Error::Missing("tag"))?;
                let removed_at = tag.removed_at.or(Some(now));
                Ok::<_, Error>(tags::set(tx, &Tag { removed_at, ..tag }).await?)
            })
        })
        .await?;
    Ok(())
}

/// Puts a tag on a conversation. Putting on what it bears changes nothing.
///
/// # Errors
/// [`Error::Missing`] for a tag that is not on the list, [`Error::Invalid`] for one too many.
pub async fn put(app: &App, who: &Who, id: Uuid, tag: Uuid) -> Result<Conversation> {
    mark(app, who, id, tag, true).await
}

/// Takes a tag off a conversation. Taking off what it does not bear changes nothing.
pub async fn take(app: &App, who: &Who, id: Uuid, tag: Uuid) -> Result<Conversation> {
    mark(app, who, id, tag, false).await
}

async fn mark(app: &App, who: &Who, id: Uuid, tag: Uuid, bears: bool) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                let known = tags::by_id(tx, tag).await?.ok_or(Error::Missing("tag"))?;
                let changed =
                    if bears { tag::with(&before.tags, tag) } else { tag::without(&before.tags, tag) };
                let Some(changed) = changed else { return Ok(before) };
                if bears && known.removed_at.is_some() {
                    return Err(Error::Missing("tag"));
                }
                if tag::ids(&changed).count() > tag::MOST {
                    return Err(Error::Invalid(format!(
                        "A conversation may bear {} tags at most. Nothing was changed; take one off first.",
                        tag::MOST
                    )));
                }
                tags::mark(tx, tag, id, bears).await?;
                let after = Conversation { tags: changed, ..before.clone() };
                let kind = if bears { Kind::Tagged } else { Kind::Untagged };
                keep(tx, &before, after, Line { at: now, kind, who: &who, detail: Some(known.name) }).await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}
