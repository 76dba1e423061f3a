//! Messages of people who are kept out: they are held, and let in by hand. Whoever is let in is read again from the bytes that
//! were kept and filed as if it had just come, at the time it has.

use connectors::contract::{Event as Arrived, Kept};
use futures::FutureExt;
use uuid::Uuid;

use super::arrival::Arrival;
use super::filing;
use super::ready::{self, Ready};
use super::word::Aftermath;
use crate::access::{Who, require};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::block::Block;
use crate::model::channel::{Channel, Intake};
use crate::model::conversation::Conversation;
use crate::model::event::Kind;
use crate::model::people::Role;
use crate::store::envelopes::Envelope;
use crate::store::events::{self, Appending};
use crate::store::{Tx, blocks, channels, conversations, envelopes, intake, messages};

/// Why they are held, as a stable word.
pub const BLOCKED: &str = "blocked";
const NO_LONGER_HELD: &str = "This is not held any more: somebody has let it in, or it was never kept out.";

/// What keeps its writer out.
pub(super) fn by<'b>(blocks: &'b [Block], arrival: &Arrival<'_>, now: Millis) -> Option<&'b Block> {
    blocks.iter().find(|block| block.stands(now) && arrival.keys.contains(&block.key))
}

/// Keeps it in held. It must be news.
pub(super) async fn hold(block: &Block, arrival: &Arrival<'_>, tx: &mut Tx) -> Result<()> {
    let envelope = Envelope {
        held: Some(BLOCKED.to_owned()),
        held_why: Some(block.why()),
        held_from: arrival.given.author.as_ref().map(|writer| writer.shown.clone()),
        held_subject: arrival.given.subject.clone(),
        ..arrival.ready.envelope.clone()
    };
    envelopes::insert(tx, &envelope).await?;
    Ok(blocks::hold(tx, block.id, envelope.id).await?)
}

/// Lets in what was held because its writer was blocked; gives the conversation that it is in now. Its patron waits since it
/// was said. Nothing is said in answer by itself.
///
/// # Errors
/// [`Error::Missing`] where no such thing is held, [`Error::Invalid`] where it is held for another reason or cannot be read
/// again, [`Error::Changed`] when somebody was faster: it stays as it was.
pub async fn let_in(app: &App, who: &Who, envelope: Uuid) -> Result<Uuid> {
    require(who, Role::Staff)?;
    let (channel, ready) = read_again(app, envelope).await?;
    let (owned, who) = (app.clone(), who.clone());
    let has_files = ready.is_to_be_completed();
    let (conversation, committed) =
        app.db.write(move |tx| async move { file(&owned, &who, &channel, &ready, tx).await }.boxed()).await?;
    app.bus.publish(committed);
    if has_files {
        app.bus.wake_fetcher();
    }
    Ok(conversation)
}

async fn read_again(app: &App, id: Uuid) -> Result<(Channel, Ready)> {
    let (row, channel) = {
        let mut conn = app.db.read().await?;
        let row = envelopes::by_id(&mut conn, id).await?.ok_or(Error::Missing("held message"))?;
        let channel = channels::by_id(&mut conn, row.channel_id).await?;
        (row, channel.ok_or(Error::Missing("channel"))?)
    };
    if row.held.as_deref() != Some(BLOCKED) {
        return Err(Error::Invalid(NO_LONGER_HELD.to_owned()));
    }
    let raw = match (&row.raw, &row.blob) {
        (Some(raw), _) => raw.clone().into(),
        (None, Some(blob)) => app.blobs.get(blob).await?,
        (None, None) => return Err(Error::Missing("original")),
    };
    let open = app.roster.get(channel.id).ok_or_else(|| {
        Error::Invalid(format!(
            "{} is not connected, and only the channel that brought this can read it again. It stays held.",
            channel.name
        ))
    })?;
    let kept = Kept {
        external_id: row.external_id.clone(),
        content_type: row.content_type.clone(),
        at: row.at,
        raw,
    };
    match open.channel.read_again(&kept).await {
        Ok(event @ Arrived::Message(_)) => Ok((channel, ready::again(app, row, event).await?)),
        Ok(_) => Err(Error::Invalid("Read again this is no message. It stays held.".to_owned())),
        Err(failure) => Err(Error::Invalid(format!("{failure} It stays held."))),
    }
}

async fn file(app: &App, who: &Who, channel: &Channel, ready: &Ready, tx: &mut Tx) -> Result<Uuid> {
    if !envelopes::let_in(tx, ready.envelope.id, BLOCKED).await? {
        return Err(Error::Changed);
    }
    let block = blocks::let_in(tx, ready.envelope.id).await?;
    filing::file(app, channel, std::slice::from_ref(ready), &mut Aftermath::default(), tx).await?;
    // It was received when it was held.
    let moved = Intake { held: -1, messages: 1, ..Intake::default() };
    let now = app.clock.now();
    intake::add(tx, channel.id, moved, Some(now)).await?;
    let message = messages::by_id(tx, ready.message_id).await?.ok_or(Error::Missing("message"))?;
    let before = conversations::lock(tx, message.conversation_id).await?;
    let before = before.ok_or(Error::Missing("conversation"))?;
    let line = Appending {
        at: now,
        kind: Kind::LetIn,
        conversation_id: before.id,
        message_id: Some(message.id),
        staff_id: Some(who.staff_id),
        actor_name: who.public_name.clone(),
        detail: block.map(|block| format!("{} had blocked {}", block.blocked_name, block.whom())),
    };
    let seq = events::append(tx, line).await?;
    conversations::update(tx, &before, &Conversation { seq, ..before.clone() }).await?;
    Ok(before.id)
}

/// What became of many at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LetIn {
    /// So many are in conversations now.
    pub let_in: usize,
    /// So many could not be read again and stay held.
    pub kept: usize,
}

/// Lets in everything that lies in held because of this block, each by itself.
///
/// # Errors
/// Those of the store; what was let in until then stays so.
pub async fn let_all_in(app: &App, who: &Who, block: Uuid) -> Result<LetIn> {
    require(who, Role::Staff)?;
    if blocks::by_id(&mut app.db.read().await?, block).await?.is_none() {
        return Err(Error::Missing("block"));
    }
    let (mut done, mut after) = (LetIn::default(), Uuid::nil());
    loop {
        let some = blocks::held_by(&mut app.db.read().await?, block, after, 50).await?;
        let Some(last) = some.last() else { return Ok(done) };
        after = *last;
        for envelope in some {
            match let_in(app, who, envelope).await {
                Ok(_) => done.let_in += 1,
                Err(Error::Changed) => {}
                Err(Error::Invalid(_) | Error::Missing(_)) => done.kept += 1,
                Err(other) => return Err(other),
            }
        }
    }
}
