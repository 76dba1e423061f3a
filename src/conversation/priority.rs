//! What cannot wait its turn: it comes after what is late and before everything else.

use uuid::Uuid;

use super::{Line, keep, locked, may_answer};
use crate::access::Who;
use crate::app::App;
use crate::error::Result;
use crate::model::conversation::Conversation;
use crate::model::event::Kind;

/// Says whether it is urgent. Saying what is so already changes nothing.
pub async fn set(app: &App, who: &Who, id: Uuid, urgent: bool) -> Result<Conversation> {
    may_answer(who)?;
    let (who, now) = (who.clone(), app.clock.now());
    let (row, committed) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let before = locked(tx, id).await?;
                if before.urgent == urgent {
                    return Ok(before);
                }
                let after = Conversation { urgent, ..before.clone() };
                let kind = if urgent { Kind::Urgent } else { Kind::NotUrgent };
                keep(tx, &before, after, Line { at: now, kind, who: &who, detail: None }).await
            })
        })
        .await?;
    app.bus.publish(committed);
    Ok(row)
}
