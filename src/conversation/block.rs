//! Keeping somebody out: what they write from now on is held, until that is undone or its moment has come. Whom a block means is
//! decided in [`crate::model::block`].

use uuid::Uuid;

use super::spam::mark_in;
use super::{Line, keep, locked, may_answer};
use crate::access::{Who, require};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::block::{Block, LONGEST, Target, keys};
use crate::model::conversation::Conversation;
use crate::model::event::{Event, Kind};
use crate::model::people::{Address, Role};
use crate::model::rule::Sender;
use crate::store::{Conn, Tx, blocks, channels, conversations, merges, messages, patrons, people};

/// How somebody is kept out.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// It ends by itself then; none: when somebody ends it.
    pub until: Option<Millis>,
    /// Why.
    pub reason: Option<String>,
}

/// Who keeps somebody out, and since when.
struct By {
    id: Uuid,
    at: Millis,
    /// None: whoever runs the house, by a command.
    who: Option<Who>,
    conversation: Option<Uuid>,
}

/// Keeps out whoever wrote last in a conversation, or everybody at their domain, for leads; `spam` marks it as spam with that.
/// Who is kept out already stays so.
///
/// # Errors
/// [`Error::Invalid`] for whom nobody can block, in words.
pub async fn in_conversation(
    app: &App,
    who: &Who,
    id: Uuid,
    domain: bool,
    spam: bool,
    wanted: Wanted,
) -> Result<Block> {
    require(who, if domain { Role::Lead } else { Role::Staff })?;
    let wanted = read(app, wanted)?;
    let by = by(app, Some(who), Some(id));
    let (block, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                let address = writer(tx, id).await?.ok_or_else(|| {
                    Error::Invalid("Nobody knows who wrote this, so nobody can be blocked.".to_owned())
                })?;
                let target = if domain {
                    Target::domain_of(sender(&address)).map_err(Error::Invalid)?
                } else {
                    Target::of(&address.kind, sender(&address))
                };
                let block = put(tx, target, wanted, &by).await?;
                if let Some(who) = &by.who
                    && block.id == by.id
                {
                    let detail = Some(block.whom());
                    let line = Line { at: by.at, kind: Kind::Blocked, who, detail };
                    keep(tx, &before, before.clone(), line).await?;
                }
                if let Some(who) = by.who.as_ref().filter(|_| spam) {
                    mark_in(tx, who, id, by.at).await?;
                }
                Ok::<_, Error>(block)
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(block)
}

/// Keeps out whom somebody wrote down: everybody at a domain only for leads.
///
/// # Errors
/// [`Error::Invalid`] for what is no address and for whom nobody can block, in words.
pub async fn address(
    app: &App,
    who: &Who,
    text: &str,
    platform: Option<&str>,
    wanted: Wanted,
) -> Result<Block> {
    may_answer(who)?;
    let target = target(app, text, platform)?;
    if target.key.starts_with('@') {
        require(who, Role::Lead)?;
    }
    keep_out(app, target, wanted, by(app, Some(who), None)).await
}

/// The same on the command line, where nobody is asked who they are.
///
/// # Errors
/// As [`address`].
pub async fn by_command(app: &App, text: &str, platform: Option<&str>, wanted: Wanted) -> Result<Block> {
    let target = target(app, text, platform)?;
    keep_out(app, target, wanted, by(app, None, None)).await
}

/// Keeps nobody out by this any more. What it held stays held until it is let in. Ending what has ended changes nothing.
///
/// # Errors
/// [`Error::Missing`] where there is none.
pub async fn lift(app: &App, who: &Who, id: Uuid) -> Result<Block> {
    may_answer(who)?;
    let known = blocks::by_id(&mut app.db.read().await?, id).await?.ok_or(Error::Missing("block"))?;
    if known.is_domain() {
        require(who, Role::Lead)?;
    }
    end(app, id, Some(who)).await
}

/// The same on the command line, for what somebody wrote down or an id.
///
/// # Errors
/// As [`lift`].
pub async fn lift_by_command(app: &App, text: &str, platform: Option<&str>) -> Result<Block> {
    let id = match text.parse() {
        Ok(id) => id,
        Err(_) => {
            let target = target(app, text, platform)?;
            let known = blocks::by_key(&mut app.db.read().await?, &target.key).await?;
            known.ok_or(Error::Missing("block"))?.id
        }
    };
    end(app, id, None).await
}

/// Keeps nobody out by what keeps out whoever wrote last in a conversation.
///
/// # Errors
/// [`Error::Missing`] where nothing does.
pub async fn lift_in(app: &App, who: &Who, conversation: Uuid) -> Result<Block> {
    may_answer(who)?;
    let standing = of(&mut app.db.read().await?, conversation, app.clock.now()).await?;
    lift(app, who, standing.ok_or(Error::Missing("block"))?.id).await
}

/// What keeps out whoever wrote last in a conversation.
pub async fn of(conn: &mut Conn, conversation: Uuid, now: Millis) -> Result<Option<Block>> {
    let Some(address) = writer(conn, conversation).await? else { return Ok(None) };
    Ok(blocks::standing(conn, &keys(&address.kind, sender(&address)), now).await?)
}

/// Every block there ever was, the latest first; `after` is the last one seen.
pub async fn list(app: &App, limit: i64, after: Option<(Millis, Uuid)>) -> Result<Vec<Block>> {
    Ok(blocks::list(&mut app.db.read().await?, limit, after).await?)
}

fn by(app: &App, who: Option<&Who>, conversation: Option<Uuid>) -> By {
    By { id: app.clock.id(), at: app.clock.now(), who: who.cloned(), conversation }
}

fn target(app: &App, text: &str, platform: Option<&str>) -> Result<Target> {
    if let Some(platform) = platform
        && app.roster.manifest(platform).is_none()
    {
        let known: Vec<&str> = app.roster.manifests().iter().map(|manifest| manifest.name).collect();
        return Err(Error::Invalid(format!(
            "There is no platform called {platform}. Known: {}. Nothing was changed.",
            known.join(", ")
        )));
    }
    Target::written(text, platform).map_err(Error::Invalid)
}

async fn keep_out(app: &App, target: Target, wanted: Wanted, by: By) -> Result<Block> {
    let wanted = read(app, wanted)?;
    let (block, committed) =
        app.db.write(move |tx| Box::pin(async move { put(tx, target, wanted, &by).await })).await?;
    app.bus.publish(committed);
    Ok(block)
}

fn read(app: &App, wanted: Wanted) -> Result<Wanted> {
    let Wanted { until, reason } = wanted;
    let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    if until.is_some_and(|until| until <= app.clock.now()) {
        return Err(Error::Invalid(
            "That moment is over. Nothing was changed; choose a later one.".to_owned(),
        ));
    }
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > LONGEST) {
        return Err(Error::Invalid(format!(
            "The reason may have {LONGEST} characters. Nothing was changed."
        )));
    }
    Ok(Wanted { until, reason })
}

/// Writes it down, unless it stands already.
async fn put(tx: &mut Tx, target: Target, wanted: Wanted, by: &By) -> Result<Block> {
    if let Some(why) = target.refused(ours(tx).await?.iter().map(String::as_str)) {
        return Err(Error::Invalid(why));
    }
    if let Some(known) = blocks::by_key(tx, &target.key).await? {
        if known.stands(by.at) {
            return Ok(known);
        }
        blocks::lift(tx, known.id, known.until.unwrap_or(by.at), Event::NOBODY).await?;
    }
    let block = Block {
        id: by.id,
        key: target.key,
        shown: target.shown,
        reason: wanted.reason,
        conversation_id: by.conversation,
        blocked_at: by.at,
        blocked_by: by.who.as_ref().map(|who| who.staff_id),
        blocked_name: by.who.as_ref().map_or_else(|| Event::NOBODY.to_owned(), |who| who.public_name.clone()),
        until: wanted.until,
        lifted_at: None,
        lifted_name: None,
        held: 0,
    };
    blocks::insert(tx, &block).await?;
    Ok(block)
}

async fn end(app: &App, id: Uuid, who: Option<&Who>) -> Result<Block> {
    let (who, now) = (who.cloned(), app.clock.now());
    let (block, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let name = who.as_ref().map_or(Event::NOBODY, |who| &who.public_name);
                let ended = blocks::lift(tx, id, now, name).await?;
                let block = blocks::by_id(tx, id).await?.ok_or(Error::Missing("block"))?;
                if !ended {
                    return Ok::<_, Error>(block);
                }
                if let (Some(who), Some(conversation)) = (&who, block.conversation_id) {
                    let before = there(tx, conversation).await?;
                    let detail = Some(block.whom());
                    keep(tx, &before, before.clone(), Line { at: now, kind: Kind::Unblocked, who, detail })
                        .await?;
                }
                Ok(block)
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(block)
}

/// Where a conversation is shown now.
async fn there(tx: &mut Tx, conversation: Uuid) -> Result<Conversation> {
    let root = merges::root(tx, conversation).await?;
    conversations::lock(tx, root).await?.ok_or(Error::Missing("conversation"))
}

/// From where somebody wrote last.
async fn writer(conn: &mut Conn, conversation: Uuid) -> Result<Option<Address>> {
    let last = messages::last_inbound(conn, conversation).await?;
    match last.and_then(|last| last.address_id) {
        Some(address) => Ok(patrons::address_by_id(conn, address).await?),
        None => Ok(None),
    }
}

fn sender(address: &Address) -> Sender<'_> {
    Sender { id: &address.address, shown: &address.shown }
}

/// The addresses of the house: of its people and of its channels.
async fn ours(conn: &mut Conn) -> Result<Vec<String>> {
    let mut ours: Vec<String> = people::all_staff(conn).await?.into_iter().map(|one| one.email).collect();
    for channel in channels::all(conn).await? {
        ours.extend(channel.ours.split_whitespace().map(str::to_owned));
        ours.push(channel.address);
    }
    Ok(ours)
}
