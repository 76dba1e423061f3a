//! Two patrons turn out to be one person, and two again. What that means is decided in [`crate::model::union`].

use uuid::Uuid;

use super::patron::{line, locked, say};
use super::{may_answer, may_read};
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::event::{Kind, length_in_words};
use crate::model::people::{Address, Patron};
use crate::model::union::{self, Known, UNDONE_WITHIN_MS, Union, join, part, stays};
use crate::store::{Conn, Tx, patrons, unions};

/// What would come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Who would stay.
    pub stays: Patron,
    /// Who would go.
    pub goes: Patron,
    /// Both have an address for which both platforms vouch; else somebody must say how they know.
    pub same_address: bool,
    /// How many conversations would go along.
    pub conversations: usize,
}

/// Looks at what would come of two patrons being one person; changes nothing.
///
/// # Errors
/// [`Error::Invalid`] when they are one already.
pub async fn preview(app: &App, who: &Who, one: Uuid, other: Uuid) -> Result<Preview> {
    may_read(who)?;
    let mut conn = app.db.read().await?;
    let both = Both::read(app, &mut conn, one, other).await?;
    let conversations = unions::conversations_of(&mut conn, both.from.id).await?.len();
    Ok(Preview { stays: both.into, goes: both.from, same_address: both.same_address, conversations })
}

/// Makes two patrons one person; gives whoever stays. `checked`: how one of us knows.
///
/// # Errors
/// [`Error::Invalid`] when they are one already, or when nobody says how that is known and no platform does.
pub async fn unite(app: &App, who: &Who, one: Uuid, other: Uuid, checked: String) -> Result<Uuid> {
    may_answer(who)?;
    let (owned, who) = (app.clone(), who.clone());
    let (stays, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let both = Both::read(&owned, tx, one, other).await?;
                let checked = union::checked(both.same_address, &checked).map_err(Error::Invalid)?;
                unite_now(&owned, tx, &who, both, checked).await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(stays)
}

/// Two patrons, who of them stays, and whether their addresses say that they are one.
struct Both {
    from: Patron,
    into: Patron,
    same_address: bool,
}

impl Both {
    async fn read(app: &App, conn: &mut Conn, one: Uuid, other: Uuid) -> Result<Self> {
        if one == other {
            return Err(Error::Invalid("This is one patron already. Choose another one.".to_owned()));
        }
        let (one, other) = (locked(conn, one).await?, locked(conn, other).await?);
        let (ones, others) =
            (patrons::addresses_of(conn, one.id).await?, patrons::addresses_of(conn, other.id).await?);
        let same_address = ones
            .iter()
            .any(|mine| others.iter().any(|theirs| union::same(&known(app, mine), &known(app, theirs))));
        let is_bare = |patron: &Patron, addresses: &[Address]| {
            addresses.iter().any(|one| patron.name == one.shown || patron.name == one.address)
        };
        let bare = (is_bare(&one, &ones), is_bare(&other, &others));
        let (from, into) = stays((&one, bare.0), (&other, bare.1));
        Ok(Self { from: from.clone(), into: into.clone(), same_address })
    }
}

/// An address as far as it can tell who somebody is.
pub(crate) fn known<'a>(app: &App, address: &'a Address) -> Known<'a> {
    let manifest = app.roster.manifest(&address.kind);
    Known {
        kind: &address.kind,
        reach: manifest.and_then(|manifest| manifest.reach).map(|reach| reach.as_str()),
        address: &address.address,
        verified: manifest.is_some_and(|manifest| manifest.vouches) || address.verified_at.is_some(),
    }
}

/// Other patrons who have an address of this one's on another platform, both proven: nobody else is ever suggested.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn suggested(app: &App, conn: &mut Conn, addresses: &[Address]) -> Result<Vec<Patron>> {
    let manifests = app.roster.manifests();
    let mut found: Vec<Patron> = Vec::new();
    for mine in addresses {
        let one = known(app, mine);
        let kinds = manifests.iter().filter(|manifest| {
            one.verified
                && manifest.name != one.kind
                && manifest.reach.map(|reach| reach.as_str()) == one.reach
                && one.reach.is_some()
        });
        for manifest in kinds {
            let Some(theirs) = patrons::address(conn, manifest.name, &mine.address).await? else { continue };
            let is_new = theirs.patron_id != mine.patron_id
                && found.iter().all(|patron| patron.id != theirs.patron_id);
            if is_new && union::same(&one, &known(app, &theirs)) {
                found.extend(patrons::by_id(conn, theirs.patron_id).await?);
            }
        }
    }
    Ok(found)
}

async fn unite_now(app: &App, tx: &mut Tx, who: &Who, both: Both, checked: String) -> Result<Uuid> {
    let Both { from, into, same_address } = both;
    let now = app.clock.now();
    let joined = join(&into, &from);
    let plan = |of: &Patron| (of.answer_by, of.answer_hours.clone());
    let new = Union {
        id: app.clock.id(),
        from_id: from.id,
        into_id: into.id,
        at: now,
        staff_id: who.staff_id,
        same_address,
        checked,
        took_goes_by: joined.goes_by != into.goes_by,
        took_pronouns: joined.pronouns != into.pronouns,
        took_answer_by: plan(&joined) != plan(&into),
        undone_at: None,
    };
    let went = unions::conversations_of(tx, from.id).await?;
    let stayed = unions::standing_of(tx, into.id).await?;
    unions::go(tx, &new).await?;
    patrons::update(tx, &joined).await?;
    patrons::update(tx, &Patron { one_with: Some(into.id), ..from.clone() }).await?;
    let how = if new.checked.is_empty() { "the same address" } else { &new.checked };
    let told = |other: &Patron| line(who, now, Kind::Union, format!("{} ({how})", other.name));
    say(tx, went, Some(&into.name), &told(&into)).await?;
    say(tx, stayed, None, &told(&from)).await?;
    Ok(into.id)
}

/// Makes this patron, who was another one since, a person of their own again.
///
/// # Errors
/// [`Error::NotMerged`] when they are; [`Error::Invalid`] after too long, and where something else must be undone first.
pub async fn undo(app: &App, who: &Who, from: Uuid) -> Result<()> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    let ((), committed) =
        app.db.write(move |tx| Box::pin(async move { undo_now(tx, &who, now, from).await })).await?;
    app.bus.publish(committed);
    Ok(())
}

async fn undo_now(tx: &mut Tx, who: &Who, now: Millis, from: Uuid) -> Result<()> {
    let missing = || Error::Missing("patron");
    let from = patrons::by_id(tx, from).await?.ok_or_else(missing)?;
    let Some(union) = unions::standing(tx, from.id).await? else {
        return Err(Error::NotMerged(format!(
            "{} is a person by themselves. Nothing was changed.",
            from.name
        )));
    };
    let into = locked(tx, union.into_id).await?;
    if now - union.at > UNDONE_WITHIN_MS {
        return Err(Error::Invalid(format!(
            "This was said {} ago, and it can be undone for {}. Nothing was changed.",
            length_in_words(now - union.at),
            length_in_words(UNDONE_WITHIN_MS)
        )));
    }
    unions::go_back(tx, &union, now).await?;
    let left: Vec<Uuid> =
        patrons::addresses_of(tx, into.id).await?.into_iter().map(|address| address.id).collect();
    patrons::update(tx, &part(&into, &union, &from, &left)).await?;
    patrons::update(tx, &Patron { one_with: None, ..from.clone() }).await?;
    let back = unions::conversations_of(tx, from.id).await?;
    let left = unions::standing_of(tx, into.id).await?;
    let told = |other: &Patron| line(who, now, Kind::UnionUndone, other.name.clone());
    say(tx, back, None, &told(&into)).await?;
    say(tx, left, None, &told(&from)).await
}
