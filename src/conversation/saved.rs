//! Searches that people keep under a name, for themselves or for a desk.

use uuid::Uuid;

use super::may_read;
use crate::access::{Who, require};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::people::Role;
use crate::model::saved::{MOST, Saved, Written, read};
use crate::store::{Conn, Tx, abilities, people, saved};

/// Somebody's own and those of the desks at which they answer, by name.
pub async fn list(app: &App, who: &Who) -> Result<Vec<Saved>> {
    may_read(who)?;
    let mut conn = app.db.read().await?;
    let desks = abilities::desks(&mut conn, who.staff_id).await?;
    let all = saved::own_and_shared(&mut conn, who.staff_id).await?;
    Ok(all.into_iter().filter(|one| one.is_seen_by(who, &desks)).collect())
}

/// Keeps a search.
///
/// # Errors
/// [`Error::Invalid`] without a name or anything to look for, and when there are too many; [`Error::Missing`] for a desk at which
/// they do not answer.
pub async fn add(app: &App, who: &Who, written: &Written) -> Result<Saved> {
    may_read(who)?;
    let Written { name, query, desk_id } = read(written).map_err(Error::Invalid)?;
    let (who, now) = (who.clone(), app.clock.now());
    let new = Saved {
        id: app.clock.id(),
        staff_id: who.staff_id,
        desk_id,
        name,
        query,
        version: 1,
        created_at: now,
        changed_at: now,
    };
    let write = app.db.write(move |tx| {
        Box::pin(async move {
            if saved::own(tx, new.staff_id).await? >= MOST {
                return Err(Error::Invalid(format!(
                    "You keep {MOST} searches already, which is the most. Remove one first. Nothing was changed."
                )));
            }
            has_room(tx, &who, desk_id).await?;
            saved::insert(tx, &new).await?;
            Ok(new)
        })
    });
    Ok(write.await?.0)
}

/// Makes another of the one that has this version.
///
/// # Errors
/// [`Error::Changed`] when it has another version by now; [`Error::NotAllowed`] for what is a desk's and a colleague's; and as
/// [`add`].
pub async fn change(app: &App, who: &Who, id: Uuid, version: i64, written: &Written) -> Result<Saved> {
    may_read(who)?;
    let Written { name, query, desk_id } = read(written).map_err(Error::Invalid)?;
    let (who, changed_at) = (who.clone(), app.clock.now());
    let write = app.db.write(move |tx| {
        Box::pin(async move {
            let before = kept_by(tx, &who, id).await?;
            if before.desk_id != desk_id {
                has_room(tx, &who, desk_id).await?;
            }
            let after = Saved { name, query, desk_id, version, changed_at, ..before };
            if !saved::change(tx, &after).await? {
                return Err(Error::Changed);
            }
            Ok(Saved { version: version + 1, ..after })
        })
    });
    Ok(write.await?.0)
}

/// Takes the one of this version away.
///
/// # Errors
/// [`Error::Changed`] when it has another version by now, and [`Error::NotAllowed`] as for [`change`].
pub async fn remove(app: &App, who: &Who, id: Uuid, version: i64) -> Result<()> {
    may_read(who)?;
    let who = who.clone();
    let write = app.db.write(move |tx| {
        Box::pin(async move {
            kept_by(tx, &who, id).await?;
            if saved::remove(tx, id, version).await? { Ok(()) } else { Err(Error::Changed) }
        })
    });
    write.await?;
    Ok(())
}

/// What is for a desk is kept by those who answer there, and by leads.
async fn has_room(conn: &mut Conn, who: &Who, desk: Option<Uuid>) -> Result<()> {
    let Some(desk) = desk else { return Ok(()) };
    let name = people::desk(conn, desk).await?.ok_or(Error::Missing("desk"))?.name;
    require(who, Role::Staff)?;
    if !abilities::desks(conn, who.staff_id).await?.contains(&desk) {
        require(who, Role::Lead)?;
    }
    if saved::at_desk(conn, desk).await? >= MOST {
        return Err(Error::Invalid(format!(
            "{name} has {MOST} searches already, which is the most. Remove one of them first. Nothing was changed."
        )));
    }
    Ok(())
}

/// What somebody else keeps for themselves is not there for anybody else.
async fn kept_by(tx: &mut Tx, who: &Who, id: Uuid) -> Result<Saved> {
    let desks = abilities::desks(tx, who.staff_id).await?;
    let found =
        saved::by_id(tx, id).await?.filter(|saved| saved.is_seen_by(who, &desks) || saved.is_kept_by(who));
    let saved = found.ok_or(Error::Missing("saved search"))?;
    if !saved.is_kept_by(who) {
        require(who, Role::Lead)?;
    }
    Ok(saved)
}
