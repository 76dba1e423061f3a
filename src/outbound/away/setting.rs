//! What a desk says while it is closed: shown as each channel would send it, said, and taken back.

use futures::FutureExt;
use uuid::Uuid;

use super::{Said, first_fitting};
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::away::{self, Text};
use crate::store::away as kept;
use crate::store::{Conn, people};

/// What a desk says, or would say, while it is closed.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The text; none: it says nothing.
    pub text: Option<Text>,
    /// When it opens next after it is closed, as patrons would read it now; none: it is never closed, or closed for good, and so
    /// nothing is said.
    pub opening: Option<String>,
    /// What each connected account would send.
    pub shown: Vec<Shown>,
}

/// What one account would send.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The channel.
    pub channel_id: Uuid,
    /// What it is called.
    pub channel: String,
    /// The words, or why it sends none.
    pub text: std::result::Result<String, String>,
}

/// What a desk says.
///
/// # Errors
/// [`Error::Missing`] when there is no such desk.
pub async fn read(app: &App, desk: Uuid) -> Result<Setting> {
    let mut conn = app.db.read().await?;
    exists(&mut conn, desk).await?;
    let text = kept::text(&mut conn, desk).await?;
    shown(app, &mut conn, desk, text).await
}

/// What a desk would say. Nothing is kept.
///
/// # Errors
/// [`Error::Invalid`] when the text is none, and as [`read`].
pub async fn preview(app: &App, desk: Uuid, text: &str, short: Option<&str>) -> Result<Setting> {
    let text = written(app, text, short)?;
    let mut conn = app.db.read().await?;
    exists(&mut conn, desk).await?;
    shown(app, &mut conn, desk, Some(text)).await
}

/// Has a desk say this to whoever writes from now on while it is closed.
///
/// # Errors
/// As [`preview`].
pub async fn put(app: &App, desk: Uuid, text: &str, short: Option<&str>) -> Result<Setting> {
    let text = written(app, text, short)?;
    change(app, desk, Some(text)).await?;
    read(app, desk).await
}

/// Has it say nothing.
///
/// # Errors
/// As [`read`].
pub async fn remove(app: &App, desk: Uuid) -> Result<()> {
    change(app, desk, None).await
}

fn written(app: &App, text: &str, short: Option<&str>) -> Result<Text> {
    let read = away::read(text, short).map_err(|why| Error::Invalid(format!("{why} Nothing was changed.")));
    let (text, short) = read?;
    Ok(Text { text, short, changed_at: app.clock.now() })
}

async fn change(app: &App, desk: Uuid, text: Option<Text>) -> Result<()> {
    let write = app.db.write(move |tx| {
        async move {
            exists(tx, desk).await?;
            match &text {
                Some(text) => kept::put(tx, desk, text).await?,
                None => kept::remove(tx, desk).await?,
            }
            Ok::<_, Error>(())
        }
        .boxed()
    });
    write.await?;
    app.calendars.forget();
    Ok(())
}

async fn exists(conn: &mut Conn, desk: Uuid) -> Result<()> {
    people::desk(conn, desk).await?.map(|_| ()).ok_or(Error::Missing("desk"))
}

async fn shown(app: &App, conn: &mut Conn, desk: Uuid, text: Option<Text>) -> Result<Setting> {
    let now = app.clock.now();
    let hours = crate::store::hours::of_desk(conn, desk).await?;
    let opening = hours.and_then(|hours| {
        let closed_at = if hours.is_open(now) { hours.next_close(now)? } else { now };
        hours.next_open(closed_at).map(|opens_at| away::opening_in_words(&hours, opens_at, now))
    });
    let mut all = Vec::new();
    if let Some((text, opening)) = text.as_ref().zip(opening.as_ref()) {
        let said = Said::by(conn, desk, opening.clone()).await?;
        all.extend(app.roster.all().iter().map(|open| Shown {
            channel_id: open.row.id,
            channel: open.row.name.clone(),
            text: first_fitting(open, &said, text),
        }));
    }
    Ok(Setting { text, opening, shown: all })
}
