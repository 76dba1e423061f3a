//! Other programs are told what happens here: in order, each event at least once, signed.

mod letter;
mod telling;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use url::Url;
use uuid::Uuid;

pub use telling::{LEASE_MS, Taken, take, tell};

use crate::app::App;
use crate::error::{Error, Result};
use crate::model::event::Kind;
use crate::model::webhook::{Attempt, Webhook};
use crate::store::{events, webhooks};

/// The convention asks for 24 to 64.
const SECRET_BYTES: usize = 32;
const LONGEST_ADDRESS: usize = 2000;
/// So many take turns well; each costs work with every event.
const MOST: usize = 20;

/// What is to be registered.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Where to call.
    pub url: String,
    /// The kinds of events; empty: all.
    pub kinds: Vec<Kind>,
    /// Whether to tell what was written, too.
    pub with_text: bool,
}

/// Registers an address; gives it and its secret, which is never shown again. It is told what happens from now on.
///
/// # Errors
/// [`Error::Invalid`]: the address may not be called, or there are too many.
pub async fn register(app: &App, wanted: Wanted) -> Result<(Webhook, String)> {
    let address = wanted.url.trim();
    let url = Url::parse(address).ok().filter(|_| address.len() <= LONGEST_ADDRESS).ok_or_else(|| {
        Error::Invalid(
            "This is no web address. Write it whole, such as https://hooks.example.org/deskbell.".to_owned(),
        )
    })?;
    app.outside.may_push(&url).await.map_err(sentence)?;
    let mut secret = [0; SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(|error| {
        Error::File(format!("The system gave no randomness: {error}. Nothing was changed."))
    })?;
    let id = app.clock.id();
    let mut kinds: Vec<&str> = Vec::new();
    for kind in &wanted.kinds {
        if !kinds.contains(&kind.as_str()) {
            kinds.push(kind.as_str());
        }
    }
    let row = Webhook {
        id,
        url: url.into(),
        kinds: kinds.join(" "),
        with_text: wanted.with_text,
        sealed_secret: app.vault.seal_text(id, &secret)?,
        created_at: app.clock.now(),
        seq: 0,
        tries: 0,
        failing_since: None,
        next_at: 0,
        last_success_at: None,
        off_since: None,
        off_why: None,
    };
    let write = app.db.write(move |tx| {
        Box::pin(async move {
            if webhooks::all(tx).await?.len() >= MOST {
                return Err(Error::Invalid(format!(
                    "There are {MOST} webhooks already, which is the most. Take one away first. Nothing was changed."
                )));
            }
            webhooks::insert(tx, &row).await?;
            Ok(webhooks::by_id(tx, id).await?)
        })
    });
    let (row, _) = write.await?;
    app.bus.wake_herald();
    let row = row.ok_or(Error::Missing("webhook"))?;
    Ok((row, format!("{}{}", letter::SECRET_PREFIX, BASE64.encode(secret))))
}

/// Takes an address away; it is not called again.
///
/// # Errors
/// [`Error::Missing`] when there is none.
pub async fn remove(app: &App, id: Uuid) -> Result<()> {
    let (found, _) = app
        .db
        .write(move |tx| Box::pin(async move { Ok::<_, Error>(webhooks::remove(tx, id).await?) }))
        .await?;
    if found { Ok(()) } else { Err(Error::Missing("webhook")) }
}

/// Calls an address no more, until [`resume`]. `name` is who wants that.
///
/// # Errors
/// [`Error::Missing`] when there is none.
pub async fn pause(app: &App, id: Uuid, name: &str) -> Result<Webhook> {
    switch(app, id, Some(format!("{name} switched it off."))).await
}

/// Calls an address again, from where it stopped.
///
/// # Errors
/// [`Error::Missing`] when there is none.
pub async fn resume(app: &App, id: Uuid) -> Result<Webhook> {
    let row = switch(app, id, None).await?;
    app.bus.wake_herald();
    Ok(row)
}

async fn switch(app: &App, id: Uuid, off: Option<String>) -> Result<Webhook> {
    let now = app.clock.now();
    let (row, _) = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                webhooks::switch(tx, id, off.as_deref().map(|why| (now, why))).await?;
                Ok::<_, Error>(webhooks::by_id(tx, id).await?)
            })
        })
        .await?;
    row.ok_or(Error::Missing("webhook"))
}

/// Calls an address once with what means nothing, and says how that went. Nothing else changes.
///
/// # Errors
/// [`Error::Missing`] when there is no such address.
pub async fn test(app: &App, id: Uuid) -> Result<Attempt> {
    let row = one(app, id).await?;
    let letter = letter::of_test(app.clock.id(), app.clock.now());
    let call = telling::call(app, &row, &letter, None, "test").await;
    remember(app, call.attempt).await
}

/// Sends what was sent before once more, under the same id. Where the address stands does not change.
///
/// # Errors
/// [`Error::Missing`] when there is no such address or call.
pub async fn resend(app: &App, id: Uuid, attempt: Uuid) -> Result<Attempt> {
    let row = one(app, id).await?;
    let known = webhooks::attempt(&mut app.db.read().await?, id, attempt).await?;
    let Some(seq) = known.ok_or(Error::Missing("call"))?.seq else { return test(app, id).await };
    let event = events::after(&mut app.db.read().await?, seq - 1, 1).await?.into_iter().next();
    let event = event.filter(|event| event.seq == seq).ok_or(Error::Missing("event"))?;
    let letter = telling::letter(app, &row, &event).await?;
    let call = telling::call(app, &row, &letter, Some(seq), event.kind.as_str()).await;
    remember(app, call.attempt).await
}

async fn one(app: &App, id: Uuid) -> Result<Webhook> {
    webhooks::by_id(&mut app.db.read().await?, id).await?.ok_or(Error::Missing("webhook"))
}

async fn remember(app: &App, attempt: Attempt) -> Result<Attempt> {
    let kept = attempt.clone();
    app.db
        .write(move |tx| Box::pin(async move { Ok::<_, Error>(webhooks::remember(tx, &kept).await?) }))
        .await?;
    Ok(attempt)
}

fn sentence(why: String) -> Error {
    Error::Invalid(format!("{}. Nothing was changed.", why.trim_end_matches('.')))
}
