//! A file that the platform kept elsewhere has come, or never will: the message it belongs to says so.

use connectors::contract::File;
use futures::FutureExt;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::failpoint::{self, At};
use crate::model::conversation::Conversation;
use crate::model::event::Kind as Happened;
use crate::store::events::{self, Appending};
use crate::store::media::{self, Absent, Fetched};
use crate::store::{Tx, conversations, messages};

/// Keeps a file's bytes, then says that it is here. `token` is the hold under which it was fetched.
///
/// # Errors
/// When the bytes or the row cannot be kept.
pub async fn arrived(app: &App, file: Absent, token: Uuid, come: File) -> Result<()> {
    let kept = Fetched {
        sha256: app.blobs.put(&come.bytes).await?,
        size: i64::try_from(come.bytes.len()).unwrap_or(i64::MAX),
        content_type: come.content_type,
        filename: come.filename,
    };
    failpoint::pass(At::FileFetched);
    let owned = app.clone();
    let write = app.db.write(move |tx| {
        async move {
            if media::keep(tx, file.id, token, &kept).await? {
                let named = file.filename.as_ref().or(kept.filename.as_ref());
                let words = format!("{} has come", named.map_or("A file", String::as_str));
                tell(&owned, &file, words, tx).await?;
            }
            Ok::<_, Error>(())
        }
        .boxed()
    });
    let ((), committed) = write.await?;
    app.bus.publish(committed);
    Ok(())
}

/// Says that a file will never come, and why.
///
/// # Errors
/// When the row cannot be kept.
pub async fn lost(app: &App, file: Absent, token: Uuid, why: String) -> Result<()> {
    let owned = app.clone();
    let write = app.db.write(move |tx| {
        async move {
            if media::refuse(tx, file.id, token, &why).await? {
                let named = file.filename.as_deref().unwrap_or("A file");
                tell(&owned, &file, format!("{named} could not be fetched: {why}"), tx).await?;
            }
            Ok::<_, Error>(())
        }
        .boxed()
    });
    let ((), committed) = write.await?;
    app.bus.publish(committed);
    Ok(())
}

async fn tell(app: &App, file: &Absent, words: String, tx: &mut Tx) -> Result<()> {
    // Its conversation may have become part of another one while it was fetched.
    let said = messages::by_id(tx, file.message_id).await?;
    let here = said.map_or(file.conversation_id, |message| message.conversation_id);
    let before = conversations::lock(tx, here).await?.ok_or(Error::Missing("conversation"))?;
    let line = Appending {
        at: app.clock.now(),
        kind: Happened::File,
        conversation_id: before.id,
        message_id: Some(file.message_id),
        staff_id: None,
        actor_name: String::new(),
        detail: Some(words),
    };
    let seq = events::append(tx, line).await?;
    Ok(conversations::update(tx, &before, &Conversation { seq, ..before.clone() }).await?)
}
