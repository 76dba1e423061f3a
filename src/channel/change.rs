//! Changes a connected account: other settings, another name or desk, off and on again. It stays the same channel: what was
//! read stays read, and reading goes on from where it stopped.

use std::collections::BTreeMap;

use connectors::contract::{Manifest, Probe, Settings, Value};
use uuid::Uuid;

use super::connect::{self, Asked, ask, halves, name_taken};
use super::health;
use super::roster::{self, Parts, Roster};
use super::vault::{Pair, Secrets};
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::channel::{Channel, State};
use crate::model::schedule::Schedule;
use crate::store::{channels, deliveries, streams};

/// The longest that an answer may be held back so that it can be taken back.
const LONGEST_HOLD_MS: i64 = 600_000;

/// Settings as somebody told them: a text, or none where the setting is to be as if it had never been given.
pub type Told = BTreeMap<String, Option<String>>;

/// What is to be different; what is none stays.
#[derive(Debug, Default)]
pub struct Changes {
    /// As staff call it.
    pub name: Option<String>,
    /// Where its conversations land.
    pub desk_id: Option<Uuid>,
    /// A cron expression or an interval; an inner none: as the platform suggests.
    pub schedule: Option<Option<String>>,
    /// How long an answer can be taken back, milliseconds; an inner none: as the platform suggests.
    pub undo_hold_ms: Option<Option<i64>>,
    /// The most it may use up in a day, in millionths of its platform's currency; an inner none: no limit.
    pub budget_micros: Option<Option<i64>>,
    /// Settings that the manifest asks for.
    pub settings: Told,
}

/// Puts what was told onto settings. An empty text takes a setting away; a secret that is not told stays.
///
/// # Errors
/// A sentence for a name that the manifest does not know.
pub fn told(manifest: &'static Manifest, told: &Told, onto: &Settings) -> Result<Settings> {
    let mut all = Settings::new();
    for (name, value) in onto.iter().filter(|(name, _)| !told.contains_key(*name)) {
        all.set(name, value.clone());
    }
    for (name, text) in told {
        let field = connect::field(manifest, name)?;
        match text.as_deref().map(str::trim) {
            None | Some("") => {}
            Some(_) if connect::is_secret(field) => {
                all.set(name, Value::Secret(text.clone().unwrap_or_default().into()));
            }
            Some(text) => all.set(name, Value::Plain(text.to_owned())),
        }
    }
    Ok(all)
}

/// The settings of a channel as they are, its secrets included.
///
/// # Errors
/// When there is no such channel, or its secrets do not open.
pub async fn settings(roster: &Roster, channel: Uuid) -> Result<(Channel, Settings)> {
    let (row, settings, _) = opened(roster.parts(), channel).await?;
    Ok((row, settings))
}

/// Changes a channel. Other settings count only if the platform opens the same account for them.
///
/// # Errors
/// Sentences: what is wrong with which setting, what the platform refused, whose account the new settings open. Nothing
/// is changed then.
pub async fn change(roster: &Roster, channel: Uuid, changes: Changes) -> Result<()> {
    let parts = roster.parts();
    let (row, old, secrets) = opened(parts, channel).await?;
    if let Some(Some(schedule)) = &changes.schedule {
        schedule.parse::<Schedule>().map_err(|why| Error::Invalid(why.to_string()))?;
    }
    let name = changes.name.as_deref().unwrap_or(&row.name).trim().to_owned();
    if name.is_empty() {
        return Err(Error::Invalid("A channel needs a name. Nothing was changed.".to_owned()));
    }
    let desk_id = changes.desk_id.unwrap_or(row.desk_id);
    connect::require_desk(parts, desk_id).await?;
    if !changes.settings.is_empty() {
        let manifest = parts.connector(&row.kind)?.manifest();
        let settings = told(manifest, &changes.settings, &old)?;
        open_with(roster, &row, settings, secrets.signin, None).await?;
    }
    let schedule = changes.schedule.unwrap_or(row.schedule);
    let undo_hold_ms = changes.undo_hold_ms.unwrap_or(row.undo_hold_ms);
    let budget_micros = changes.budget_micros.unwrap_or(row.budget_micros);
    if budget_micros.is_some_and(|most| most < 0)
        || undo_hold_ms.is_some_and(|hold| !(0..=LONGEST_HOLD_MS).contains(&hold))
    {
        return Err(Error::Invalid(
            "A budget is not below nothing, and an answer is held for ten minutes at most. Nothing was changed.".to_owned(),
        ));
    }
    let taken = name.clone();
    let ((), committed) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                channels::describe(tx, channel, &name, desk_id)
                    .await
                    .map_err(|error| if error.is_taken() { name_taken(&taken) } else { error.into() })?;
                channels::set_schedule(tx, channel, schedule.as_deref(), undo_hold_ms).await?;
                channels::set_budget(tx, channel, budget_micros).await?;
                Ok(())
            })
        })
        .await?;
    parts.bus.publish(committed);
    roster.reload(channel).await?;
    Ok(())
}

/// Gives a channel these settings in place of all it had.
///
/// # Errors
/// As [`change`].
pub async fn replace(roster: &Roster, channel: Uuid, settings: Settings) -> Result<()> {
    let (row, _, secrets) = opened(roster.parts(), channel).await?;
    open_with(roster, &row, settings, secrets.signin, None).await
}

/// Gives a channel a new sign-in, and other settings with it. It goes on from where it stopped.
///
/// # Errors
/// As [`change`].
pub(super) async fn sign_in_again(
    roster: &Roster,
    channel: Uuid,
    settings: Settings,
    signin: Pair,
    ends_at: Option<Millis>,
) -> Result<()> {
    let (row, ..) = opened(roster.parts(), channel).await?;
    open_with(roster, &row, settings, Some(signin), Some(ends_at)).await
}

/// Switches a channel off: it is neither read nor answered from until it is switched on again.
///
/// # Errors
/// When there is no such channel.
pub async fn pause(roster: &Roster, channel: Uuid) -> Result<()> {
    let row = row(roster.parts(), channel).await?;
    if row.state != State::Paused {
        set_state(roster, channel, State::Paused).await?;
    }
    Ok(())
}

/// Switches a channel on again: it catches up from where it stopped.
///
/// # Errors
/// When there is no such channel.
pub async fn resume(roster: &Roster, channel: Uuid) -> Result<()> {
    let row = row(roster.parts(), channel).await?;
    if row.state == State::Paused {
        set_state(roster, channel, State::Active).await?;
        go_on(roster, channel).await?;
    }
    Ok(())
}

async fn set_state(roster: &Roster, channel: Uuid, state: State) -> Result<()> {
    let parts = roster.parts();
    let now = parts.clock.now();
    let (_, committed) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(channels::set_state(tx, channel, state, now, None).await?) })
        })
        .await?;
    parts.bus.publish(committed);
    roster.reload(channel).await?;
    Ok(())
}

/// Opens the account with new settings and keeps them if it is the same one. `ends`: of a new sign-in, when it ends.
async fn open_with(
    roster: &Roster,
    row: &Channel,
    settings: Settings,
    signin: Option<Pair>,
    ends: Option<Option<Millis>>,
) -> Result<()> {
    let (parts, channel) = (roster.parts(), row.id);
    let connector = parts.connector(&row.kind)?;
    let Asked { probe, signin, settings } = ask(parts, connector, channel, settings, signin).await?;
    refuse_another(row, &probe)?;
    let (open_settings, mut secrets) = halves(&settings);
    secrets.signin = signin;
    let sealed = parts.vault.seal(channel, &secrets)?;
    let ends = probe.signin_ends_at.map(Some).or(ends);
    let (address, ours) = (probe.address, probe.ours.join(" "));
    let ((), committed) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                channels::set_settings(tx, channel, &open_settings, &sealed).await?;
                channels::set_identity(tx, channel, &address, &ours).await?;
                if let Some(ends_at) = ends {
                    channels::set_signin_end(tx, channel, ends_at).await?;
                }
                Ok(())
            })
        })
        .await?;
    parts.bus.publish(committed);
    roster.reload(channel).await?;
    health::recovered(roster, channel).await?;
    go_on(roster, channel).await
}

/// Reads and sends at once what waited. Cursors stay where they are.
async fn go_on(roster: &Roster, channel: Uuid) -> Result<()> {
    let parts = roster.parts();
    let now = parts.clock.now();
    let ((), committed) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                streams::wake_channel(tx, channel).await?;
                deliveries::wake_channel(tx, channel, now).await?;
                Ok(())
            })
        })
        .await?;
    parts.bus.publish(committed);
    parts.bus.wake_sender();
    connect::learn_streams(roster, channel).await?;
    parts.bus.wake_poller();
    Ok(())
}

/// Platforms let accounts be renamed: one id of ours that is known is enough to be the same.
fn refuse_another(row: &Channel, probe: &Probe) -> Result<()> {
    let known = row.ours.split(' ').any(|id| !id.is_empty() && probe.ours.iter().any(|mine| mine == id));
    if known || probe.address == row.address {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "This opens {}, but {} is {}. Nothing was changed. Sign in as {} instead, or connect {} as a channel of its own.",
        probe.address, row.name, row.address, row.address, probe.address
    )))
}

async fn row(parts: &Parts, channel: Uuid) -> Result<Channel> {
    let row = channels::by_id(&mut parts.db.read().await?, channel).await?;
    row.filter(|row| row.removed_at.is_none()).ok_or(Error::Missing("channel"))
}

async fn opened(parts: &Parts, channel: Uuid) -> Result<(Channel, Settings, Secrets)> {
    let row = row(parts, channel).await?;
    let secrets = parts.vault.open(channel, &row.sealed_settings)?;
    let settings = roster::settings(&row.open_settings, &secrets)?;
    Ok((row, settings, secrets))
}
