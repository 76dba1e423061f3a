//! A note for colleagues: kept beside what was said, never sent, in no way on its way out.

use uuid::Uuid;

use super::{locked, may_answer};
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::conversation::{State, Visibility};
use crate::model::draft;
use crate::model::event::Kind;
use crate::model::message::{self, Direction, Message};
use crate::store::events::{self, Appending};
use crate::store::{conversations, drafts, messages, search, watches};

/// Longest note, characters.
pub const LONGEST: usize = 20_000;

/// Leaves a note. Whoever leaves one on what is not theirs watches it from then on.
///
/// # Errors
/// [`Error::Invalid`] when there is nothing in it, or too much.
pub async fn write(app: &App, who: &Who, conversation: Uuid, text: &str) -> Result<Message> {
    may_answer(who)?;
    let text = text.trim().to_owned();
    if text.is_empty() {
        return Err(Error::Invalid("The note is empty. Write something first.".to_owned()));
    }
    if text.chars().count() > LONGEST {
        return Err(Error::Invalid(format!(
            "The note is longer than {LONGEST} characters. Nothing was kept; shorten it and save again."
        )));
    }
    let (who, now, id) = (who.clone(), app.clock.now(), app.clock.id());
    let (note, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, conversation).await?;
                let line = Appending {
                    at: now,
                    kind: Kind::Note,
                    conversation_id: conversation,
                    message_id: Some(id),
                    staff_id: Some(who.staff_id),
                    actor_name: who.public_name.clone(),
                    detail: None,
                };
                let seq = events::append(tx, line).await?;
                let note = Message {
                    id,
                    seq,
                    conversation_id: conversation,
                    channel_id: None,
                    direction: Direction::Inside,
                    kind: message::Kind::Note,
                    visibility: Visibility::Private,
                    staff_id: Some(who.staff_id),
                    address_id: None,
                    author_name: who.public_name,
                    external_id: None,
                    refs: String::new(),
                    at: now,
                    subject: None,
                    text,
                    reply_text: None,
                    html: None,
                    envelope_id: None,
                    automatic: false,
                    unverified: false,
                    link: None,
                    home_id: None,
                };
                // Who says something about what they have not got wants to hear what becomes of it.
                if before.owner_id != Some(who.staff_id) && before.state != State::Done {
                    watches::put(tx, who.staff_id, conversation, now).await?;
                }
                drafts::remove(tx, who.staff_id, conversation, draft::Kind::Note).await?;
                messages::insert(tx, &note).await?;
                search::index(tx, seq).await?;
                let mut after = before.clone();
                after.seq = seq;
                conversations::update(tx, &before, &after).await?;
                Ok::<_, Error>(note)
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(note)
}
