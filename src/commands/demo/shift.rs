//! Keeps the colleagues of the stories at their desks while these are told: what somebody takes who is signed in nowhere
//! would go back to the queue, as it should.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::access::{Caller, link, signin};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::people::Who;
use crate::store::sessions;

/// Everybody's browser.
pub struct Shift {
    sessions: Vec<Uuid>,
}

impl Shift {
    /// Signs everybody in.
    pub async fn begin(app: &App, staff: &BTreeMap<String, Who>) -> Result<Self> {
        let mut open = Vec::with_capacity(staff.len());
        for who in staff.values() {
            let (secret, _) = link::make(&app.access, who.staff_id).await?;
            open.push(signin::with_link(&app.access, &secret, &Caller::default()).await?.session.id);
        }
        Ok(Self { sessions: open })
    }

    /// They are seen at this moment of the library's clock.
    pub async fn seen(&self, app: &App) -> Result<()> {
        let (open, now) = (self.sessions.clone(), app.clock.now());
        app.db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    for session in open {
                        sessions::touch(tx, session, now).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }
}
