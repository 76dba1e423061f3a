//! Connects an account, looks at it again, takes it away. Nothing is kept of an account that the platform does not
//! open for us.

use std::collections::BTreeMap;
use std::sync::Arc;

use connectors::contract::{
    Connector, Field, FieldKind, Inspected, Manifest, NoTokens, Oauth, Probe, Refresh, Settings, Signin,
    Tokens, Value,
};
use uuid::Uuid;

use super::health;
use super::roster::{self, Parts, Roster};
use super::tokens::Keeper;
use super::vault::{Pair, Secrets};
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::channel::{Channel, State};
use crate::store::{channels, people, streams};

/// An account somebody wants to connect.
#[derive(Debug)]
pub struct Wanted {
    /// The connector's name.
    pub kind: String,
    /// As staff will call it.
    pub name: String,
    /// Where its conversations land.
    pub desk_id: Uuid,
    /// What its manifest asks for.
    pub settings: Settings,
    /// A cron expression or an interval; none: as the platform suggests.
    pub schedule: Option<String>,
    /// Its sign-in, where the account is signed in that way.
    pub signin: Option<Pair>,
    /// When that sign-in ends, where anybody says.
    pub signin_ends_at: Option<Millis>,
}

/// Whether a platform's accounts can be signed in by a refresh token.
pub fn takes_refresh_token(manifest: &Manifest) -> bool {
    let lasts = |oauth: &Oauth| matches!(oauth.refresh, Refresh::Rotating | Refresh::Static);
    manifest.signin.iter().any(|step| matches!(step, Signin::Oauth(oauth) if lasts(oauth)))
}

/// What the platforms say of themselves.
pub fn manifests() -> Vec<&'static Manifest> {
    roster::known().iter().map(|connector| connector.manifest()).collect()
}

/// The manifest of one platform.
///
/// # Errors
/// A sentence that names those there are.
pub fn manifest(kind: &str) -> Result<&'static Manifest> {
    Ok(roster::named(roster::known(), kind)?.manifest())
}

/// What a webhook's raw body becomes, as the connector decodes it.
///
/// # Errors
/// A sentence that names the platforms there are.
pub fn inspect(kind: &str, body: &[u8], content_type: Option<&str>) -> Result<Vec<Inspected>> {
    Ok(roster::named(roster::known(), kind)?.inspect(body, content_type))
}

/// The manifest's field of this name.
///
/// # Errors
/// A sentence that names those there are.
pub fn field(manifest: &'static Manifest, name: &str) -> Result<&'static Field> {
    manifest.fields.iter().find(|field| field.name == name).ok_or_else(|| {
        let known: Vec<&str> = manifest.fields.iter().map(|field| field.name).collect();
        Error::Invalid(format!("{} has no setting {name}. Known: {}.", manifest.title, known.join(", ")))
    })
}

/// Whether a field must never be shown, printed or typed where others see it.
pub fn is_secret(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Secret)
}

/// Connects an account: its settings are checked, the platform is asked, and only then is it kept.
///
/// # Errors
/// Sentences: what is wrong with which setting, what the platform refused, or which channel has this account already.
pub async fn add(roster: &Roster, wanted: Wanted) -> Result<(Channel, Probe)> {
    let parts = roster.parts();
    let connector = parts.connector(&wanted.kind)?;
    let id = parts.clock.id();
    refuse_name(parts, &wanted.name).await?;
    require_desk(parts, wanted.desk_id).await?;
    let Asked { probe, signin, settings } = ask(parts, connector, id, wanted.settings, wanted.signin).await?;
    let failed: Vec<String> = probe
        .checks
        .iter()
        .filter(|check| !check.passed)
        .map(|check| format!("{}: {}", check.name, check.detail))
        .collect();
    if !failed.is_empty() {
        return Err(Error::Invalid(format!("The channel was not connected. {}", failed.join(" "))));
    }
    let now = parts.clock.now();
    let (open_settings, mut secrets) = halves(&settings);
    secrets.signin = signin;
    let row = Channel {
        id,
        name: wanted.name.trim().to_owned(),
        kind: wanted.kind,
        desk_id: wanted.desk_id,
        address: probe.address.clone(),
        ours: probe.ours.join(" "),
        open_settings,
        sealed_settings: parts.vault.seal(id, &secrets)?,
        schedule: wanted.schedule,
        undo_hold_ms: None,
        budget_micros: None,
        state: State::Active,
        state_since: now,
        state_why: None,
        signin_ends_at: probe.signin_ends_at.or(wanted.signin_ends_at),
        created_at: now,
        removed_at: None,
    };
    let kept = row.clone();
    let ((), committed) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                refuse_twins(&channels::all(tx).await?, &kept)?;
                Ok(channels::insert(tx, &kept).await?)
            })
        })
        .await?;
    parts.bus.publish(committed);
    roster.reload(id).await?;
    learn_streams(roster, id).await?;
    Ok((row, probe))
}

/// What a platform says of an account that is not kept yet.
pub(super) struct Asked {
    /// Who we are there.
    pub probe: Probe,
    /// The sign-in as it is after that.
    pub signin: Option<Pair>,
    /// The settings with what was learnt.
    pub settings: Settings,
}

/// Opens an account with what is in hand and asks the platform who we are there.
pub(super) async fn ask(
    parts: &Parts,
    connector: &'static dyn Connector,
    id: Uuid,
    settings: Settings,
    signin: Option<Pair>,
) -> Result<Asked> {
    let keeper = Keeper::in_hand(parts, id, connector.manifest(), &settings, signin);
    let tokens: Arc<dyn Tokens> = match &keeper {
        Some(keeper) => Arc::new(keeper.clone()),
        None => Arc::new(NoTokens),
    };
    let account = roster::open_account(parts, connector, id, settings.clone(), tokens)?;
    let probe = account.probe().await?;
    let settings = with_learnt(settings, &account.learnt());
    Ok(Asked { probe, signin: keeper.and_then(|keeper| keeper.pair()), settings })
}

/// The settings with what the platform said of the account; only what may be shown is learnt.
fn with_learnt(mut settings: Settings, learnt: &Settings) -> Settings {
    for (name, value) in learnt.iter() {
        if let Value::Plain(text) = value {
            settings.set(name, Value::Plain(text.clone()));
        }
    }
    settings
}

/// Asks the platform which places there are to read in a channel, and remembers them: what is remembered is polled. What
/// fails is said on the channel's card.
///
/// # Errors
/// When the store cannot be written.
pub async fn learn_streams(roster: &Roster, channel: Uuid) -> Result<()> {
    let Some(open) = roster.get(channel) else { return Ok(()) };
    let Some(poll) = open.channel.poll() else { return Ok(()) };
    let found = match poll.streams().await {
        Ok(found) => found,
        Err(failure) => return health::record(roster, channel, &failure).await,
    };
    let parts = roster.parts();
    let ((), committed) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                for stream in &found {
                    streams::put(tx, channel, &stream.id.0, &stream.name, stream.echoes).await?;
                }
                Ok(())
            })
        })
        .await?;
    parts.bus.publish(committed);
    parts.bus.wake_poller();
    Ok(())
}

/// Asks the platform again who we are there, and keeps what it says.
///
/// # Errors
/// What the platform refused; the channel's card says it too.
pub async fn check(roster: &Roster, channel: Uuid) -> Result<Probe> {
    let open = roster.get(channel).ok_or_else(|| {
        Error::Invalid("This channel could not be opened; `deskbell doctor` says why.".to_owned())
    })?;
    let probe = match open.channel.probe().await {
        Ok(probe) => probe,
        Err(failure) => {
            health::record(roster, channel, &failure).await?;
            return Err(failure.into());
        }
    };
    let (address, ours, ends_at) = (probe.address.clone(), probe.ours.join(" "), probe.signin_ends_at);
    let before = open.row.open_settings.clone();
    let told = roster::settings(&before, &Secrets::default())?;
    let (after, _) = halves(&with_learnt(told, &open.channel.learnt()));
    let parts = roster.parts();
    let ((), committed) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                channels::set_identity(tx, channel, &address, &ours).await?;
                channels::set_learnt(tx, channel, &before, &after).await?;
                if ends_at.is_some() {
                    channels::set_signin_end(tx, channel, ends_at).await?;
                }
                Ok(())
            })
        })
        .await?;
    parts.bus.publish(committed);
    roster.reload(channel).await?;
    if probe.checks.iter().all(|check| check.passed) {
        health::recovered(roster, channel).await?;
        learn_streams(roster, channel).await?;
    }
    Ok(probe)
}

/// Takes a channel away. Its conversations stay, its secrets go.
///
/// # Errors
/// When there is no such channel.
pub async fn remove(roster: &Roster, channel: Uuid) -> Result<()> {
    let parts = roster.parts();
    let now = parts.clock.now();
    let (removed, committed) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(channels::remove(tx, channel, now).await?) })
        })
        .await?;
    parts.bus.publish(committed);
    roster.reload(channel).await?;
    if removed { Ok(()) } else { Err(Error::Missing("channel")) }
}

/// Two channels for one account would each take half of its messages.
fn refuse_twins(others: &[Channel], new: &Channel) -> Result<()> {
    for other in others {
        if other.name == new.name {
            return Err(name_taken(&new.name));
        }
        let same =
            other.ours.split(' ').any(|id| !id.is_empty() && new.ours.split(' ').any(|mine| mine == id));
        if other.kind == new.kind && (same || other.address == new.address) {
            return Err(Error::Invalid(format!(
                "{} is connected already, as {}. Nothing was changed.",
                new.address, other.name
            )));
        }
    }
    Ok(())
}

/// Refuses a name that is none or is taken.
pub(super) async fn refuse_name(parts: &Parts, name: &str) -> Result<()> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::Invalid("A channel needs a name. Nothing was changed.".to_owned()));
    }
    match channels::by_name(&mut parts.db.read().await?, name).await? {
        Some(_) => Err(name_taken(name)),
        None => Ok(()),
    }
}

pub(super) async fn require_desk(parts: &Parts, desk: Uuid) -> Result<()> {
    let known = people::desk(&mut parts.db.read().await?, desk).await?;
    if known.is_some() { Ok(()) } else { Err(Error::Missing("desk")) }
}

pub(super) fn name_taken(name: &str) -> Error {
    Error::Invalid(format!("There is a channel called {name} already. Give this one another name."))
}

/// What may be shown, as JSON; what may not.
pub(super) fn halves(settings: &Settings) -> (String, Secrets) {
    let mut open = BTreeMap::new();
    let mut secrets = Secrets::default();
    for (name, value) in settings.iter() {
        match value {
            Value::Plain(text) => {
                open.insert(name, text);
            }
            Value::Secret(secret) => {
                secrets.fields.insert(name.to_owned(), secret.clone());
            }
        }
    }
    (serde_json::to_string(&open).expect("a map of texts is JSON"), secrets)
}
