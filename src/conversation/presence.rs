//! Being there: at the desk or away, looking at a conversation or answering it. Nothing of it is history, and none of it
//! keeps anybody from anything.

use std::sync::Arc;

use uuid::Uuid;

use super::{locked, may_read};
use crate::access::Who;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::presence::Presence;
use crate::model::viewing::{Everybody, REPLYING_MS, Viewing};
use crate::store::{Conn, standings, viewers};

/// Everybody who is there now. Whoever listens is told where it is news.
pub async fn look(app: &App) -> Result<Arc<Everybody>> {
    let everybody = Arc::new(read(app, &mut app.db.read().await?).await?);
    app.bus.presence(&everybody);
    Ok(everybody)
}

/// This person's page is looked at, with this conversation on it; they last changed their answer `wrote_ago_ms` ago.
pub async fn view(
    app: &App,
    who: &Who,
    conversation: Uuid,
    wrote_ago_ms: Option<i64>,
) -> Result<Arc<Everybody>> {
    may_read(who)?;
    let now = app.clock.now();
    let wrote_at = wrote_ago_ms.filter(|ago| (0..REPLYING_MS).contains(ago)).map_or(0, |ago| now - ago);
    let beat = Viewing { conversation_id: conversation, staff_id: who.staff_id, seen_at: now, wrote_at };
    app.db
        .write(move |tx| {
            Box::pin(async move {
                locked(tx, conversation).await?;
                Ok::<_, Error>(viewers::beat(tx, &beat).await?)
            })
        })
        .await?;
    look(app).await
}

/// They look at it no more, or look elsewhere.
pub async fn leave(app: &App, who: &Who, conversation: Uuid) -> Result<()> {
    may_read(who)?;
    let staff = who.staff_id;
    app.db
        .write(move |tx| {
            Box::pin(async move { Ok::<_, Error>(viewers::leave(tx, conversation, staff).await?) })
        })
        .await?;
    look(app).await.map(|_| ())
}

/// Says whether one is there.
pub async fn say(app: &App, who: &Who, presence: Presence) -> Result<Arc<Everybody>> {
    may_read(who)?;
    let (staff, now) = (who.staff_id, app.clock.now());
    app.db
        .write(move |tx| {
            Box::pin(async move { Ok::<_, Error>(standings::say(tx, staff, presence, now).await?) })
        })
        .await?;
    look(app).await
}

async fn read(app: &App, conn: &mut Conn) -> Result<Everybody> {
    let at = app.clock.now();
    let signs = standings::everybody(conn, at).await?;
    let people = signs.into_iter().map(|one| (one.staff_id, one.shown(at)));
    Ok(Everybody {
        at,
        people: people.filter(|(_, presence)| *presence != Presence::Away).collect(),
        viewings: viewers::fresh(conn, at).await?,
    })
}
