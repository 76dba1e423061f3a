//! What people do with a conversation: the verbs, one pair a file. Each is one transaction, told to everybody after it.

pub mod ability;
pub mod block;
pub mod cascade;
pub mod claim;
pub mod closure;
pub mod draft;
pub mod handoff;
pub mod hours;
pub mod idle;
pub mod merge;
pub mod note;
pub mod patron;
pub mod policy;
pub mod presence;
pub mod priority;
pub mod rules;
pub mod saved;
pub mod snooze;
pub mod spam;
pub mod split;
pub mod tagging;
pub mod union;
pub mod watch;

use crate::access::{Who, require};
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::conversation::Conversation;
use crate::model::event::Kind;
use crate::model::people::Role;
use crate::store::events::{self, Appending};
use crate::store::{Tx, cascades, conversations};
use uuid::Uuid;

/// The conversation as it is now; nobody else changes it until this transaction ends, so that what is read here is what
/// is written over.
///
/// # Errors
/// [`Error::Merged`] for what became part of another one: nobody does anything with a shell.
pub(crate) async fn locked(tx: &mut Tx, id: Uuid) -> Result<Conversation> {
    let row = conversations::lock(tx, id).await?.ok_or(Error::Missing("conversation"))?;
    match row.merged_into {
        Some(_) => Err(merge::gone(tx, &row).await?),
        None => Ok(row),
    }
}

/// Writes the line and, with its number, the conversation.
async fn keep(
    tx: &mut Tx,
    before: &Conversation,
    after: Conversation,
    line: Line<'_>,
) -> Result<Conversation> {
    let line = Appending {
        at: line.at,
        kind: line.kind,
        conversation_id: before.id,
        message_id: None,
        staff_id: Some(line.who.staff_id),
        actor_name: line.who.public_name.clone(),
        detail: line.detail,
    };
    keep_with(tx, before, after, line).await
}

/// The same for a line that nobody of us wrote.
async fn keep_with(
    tx: &mut Tx,
    before: &Conversation,
    mut after: Conversation,
    line: Appending,
) -> Result<Conversation> {
    cascades::follow(tx, before, &mut after, line.at).await?;
    after.seq = events::append(tx, line).await?;
    conversations::update(tx, before, &after).await?;
    Ok(after)
}

/// What happened, by whom.
struct Line<'a> {
    at: Millis,
    kind: Kind,
    who: &'a Who,
    detail: Option<String>,
}

/// Whoever may answer may also claim, close and leave notes.
fn may_answer(who: &Who) -> Result<()> {
    require(who, Role::Staff)
}

/// Whoever may read may also watch.
fn may_read(who: &Who) -> Result<()> {
    require(who, Role::Viewer)
}
