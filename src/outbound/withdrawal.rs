//! Takes an answer back while its undo hold lasts.

use futures::FutureExt;
use uuid::Uuid;

use crate::access::require;
use crate::app::App;
use crate::conversation::locked;
use crate::error::{Error, Result};
use crate::model::conversation::{Conversation, State as Standing};
use crate::model::event::Kind as Happened;
use crate::model::people::{Role, Who};
use crate::store::events::{self, Appending};
use crate::store::uploads::Upload;
use crate::store::{Tx, conversations, deliveries, histories, messages, uploads, waits};

/// What a reply was, for the composer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// Its text.
    pub text: String,
    /// Its files, waiting again.
    pub files: Vec<Upload>,
}

/// Takes the reply back and gives what it was. All of it or nothing: once a part has left, it has left.
pub async fn withdraw(app: &App, who: &Who, conversation: Uuid, message: Uuid) -> Result<Withdrawn> {
    require(who, Role::Staff)?;
    let (owned, who) = (app.clone(), who.clone());
    let (withdrawn, committed) = app
        .db
        .write(move |tx| async move { take_back(&owned, &who, conversation, message, tx).await }.boxed())
        .await?;
    app.bus.publish(committed);
    Ok(withdrawn)
}

async fn take_back(
    app: &App,
    who: &Who,
    conversation: Uuid,
    message: Uuid,
    tx: &mut Tx,
) -> Result<Withdrawn> {
    let before = locked(tx, conversation).await?;
    let reply = messages::by_id(tx, message)
        .await?
        .filter(|reply| reply.conversation_id == conversation)
        .ok_or(Error::Missing("message"))?;
    if reply.staff_id != Some(who.staff_id) {
        return Err(Error::NotYours);
    }
    let parts = deliveries::of_message(tx, message).await?;
    let taken = deliveries::withdraw(tx, message, app.clock.now()).await?;
    if taken == 0 || taken != parts.len() as u64 {
        return Err(Error::AlreadyLeft);
    }
    let files = uploads::come_back(tx, message, who.staff_id, app.clock.now()).await?;
    let line = Appending {
        at: app.clock.now(),
        kind: Happened::Withdrawn,
        conversation_id: conversation,
        message_id: Some(message),
        staff_id: Some(who.staff_id),
        actor_name: who.public_name.clone(),
        detail: None,
    };
    let mut after = Conversation { seq: events::append(tx, line).await?, ..before.clone() };
    if before.state == Standing::Spam {
        // What it kept open ends with the mark.
        histories::keep_all(tx, conversation, || app.clock.id()).await?;
        after.waits_no_more();
    } else if let Some(wait) = waits::open_of(tx, conversation).await? {
        after.open();
        let promised = app.calendars.due(tx, before.desk_id, wait.opened_at, app.clock.now()).await?;
        after.waits(wait.opened_at, promised);
    }
    conversations::update(tx, &before, &after).await?;
    Ok(Withdrawn { text: reply.text, files })
}
