//! Signs an account in on its platform's own page: a person leaves with a secret of use once, comes back with it in the
//! session that they left in, and what they bring opens the account. Nothing is kept of an account that does not open.

mod app;
mod bundle;

use connectors::contract::{
    Account, ChannelId, Manifest, NoFiles, Opened, Refresh, SecretString, Settings, Signin as Step, Value,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use self::bundle::{Bundle, Given};
use super::change::{self, Told};
use super::connect::{self, Wanted};
use super::oauth::{Granted, Office};
use super::roster::{self, Parts, Roster};
use super::vault::{Pair, Secrets};
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::channel::Channel;
use crate::model::signin::{Signin, Stage};
use crate::store::signins;

/// How long a person may be away, and how long they may take to choose.
pub const COUNTS_FOR_MS: i64 = 10 * 60_000;
/// How long one that has ended is still told of.
const TOLD_FOR_MS: i64 = 24 * 3_600_000;

/// Who signs an account in, and from where.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// The session: nobody else can end what was begun in it.
    pub session: Uuid,
    /// Whose it is.
    pub staff: Uuid,
}

/// What is to be signed in.
#[derive(Debug)]
pub enum What {
    /// An account that becomes a channel.
    New {
        /// The connector's name.
        kind: String,
        /// As staff will call it.
        name: String,
        /// Where its conversations land.
        desk_id: Uuid,
        /// What its manifest asks for.
        settings: Told,
        /// A cron expression or an interval; none: as the platform suggests.
        schedule: Option<String>,
    },
    /// A channel that goes on from where it stopped.
    Again {
        /// Which.
        channel: Uuid,
        /// Settings that are to be different from then on.
        settings: Told,
    },
}

/// How far a sign-in has come, for who began it.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Its id.
    pub id: Uuid,
    /// How far.
    pub stage: Stage,
    /// Why it came to nothing, in words.
    pub why: Option<String>,
    /// The channel, once there is one.
    pub channel: Option<Uuid>,
    /// What is chosen ("Page"), while there is a choice.
    pub what: Option<&'static str>,
    /// The accounts to choose from: the id of each and its name.
    pub choices: Vec<(String, String)>,
}

/// Sends somebody to the platform's page: the sign-in's id, and the address.
///
/// # Errors
/// Sentences: what is missing in the settings, that they need no sign-in, or why the platform registered no app.
pub async fn begin(roster: &Roster, by: By, what: What, redirect: String) -> Result<(Uuid, String)> {
    let parts = roster.parts();
    let bundle = app::registered(parts, prepare(roster, what, redirect).await?).await?;
    let manifest = parts.connector(&bundle.kind)?.manifest();
    let office = Office::of(manifest, &bundle.settings).ok_or_else(|| {
        Error::Invalid(format!(
            "{} needs no page of the platform's with these settings: connect it with them alone.",
            manifest.title
        ))
    })?;
    let state = fresh_state()?;
    let departure = office.departure(&state, &bundle.redirect).map_err(Error::Invalid)?;
    let bundle = Bundle { verifier: departure.verifier.clone(), ..bundle };
    let (id, now) = (parts.clock.id(), parts.clock.now());
    let begun = Signin {
        id,
        session_id: by.session,
        staff_id: by.staff,
        channel_id: bundle.channel,
        stage: Stage::Away,
        sealed: bundle.seal(&parts.vault, id)?,
        why: None,
        ends_at: now + COUNTS_FOR_MS,
    };
    let hash = hash(&state);
    parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                signins::forget(tx, now - TOLD_FOR_MS).await?;
                Ok(signins::insert(tx, &begun, &hash).await?)
            })
        })
        .await?;
    Ok((id, departure.url.into()))
}

/// Somebody came back from the platform's page with `state` and either a code or a refusal. None: no sign-in of this
/// session waits for that, because it has ended, was begun elsewhere, or came back before.
///
/// # Errors
/// When the store cannot be used. Whatever else goes wrong is the sign-in's own end.
pub async fn come_back(
    roster: &Roster,
    by: By,
    state: &str,
    brought: std::result::Result<SecretString, String>,
) -> Result<Option<Uuid>> {
    let parts = roster.parts();
    let (hash, now) = (hash(state), parts.clock.now());
    let (found, _) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(signins::come_back(tx, &hash, by.session, now).await?) })
        })
        .await?;
    let Some(signin) = found else { return Ok(None) };
    let id = signin.id;
    let outcome = match brought {
        Ok(code) => open(roster, &signin, &code).await,
        Err(refusal) => Err(Error::Invalid(refusal)),
    };
    settle(parts, signin, outcome).await?;
    Ok(Some(id))
}

/// Takes one of the accounts that a sign-in opened.
///
/// # Errors
/// [`Error::Missing`] when there is nothing to choose, or not any more.
pub async fn choose(roster: &Roster, by: By, id: Uuid, account: &str) -> Result<Progress> {
    let parts = roster.parts();
    let waiting = progress(roster, by, id).await?;
    if waiting.stage == Stage::Choosing && !waiting.choices.iter().any(|(known, _)| known == account) {
        return Err(Error::Invalid("This sign-in did not open that account. Choose another.".to_owned()));
    }
    let now = parts.clock.now();
    let (found, _) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(signins::chosen(tx, id, by.session, now).await?) })
        })
        .await?;
    let signin = found.ok_or(Error::Missing("choice"))?;
    let outcome = take(roster, &signin, account).await;
    settle(parts, signin, outcome).await?;
    progress(roster, by, id).await
}

/// What stands on the button that signs a channel in again; none where it is not signed in that way.
pub fn label(manifest: &'static Manifest, row: &Channel) -> Option<&'static str> {
    let settings = roster::settings(&row.open_settings, &Secrets::default()).ok()?;
    Some(Office::of(manifest, &settings)?.oauth.label)
}

/// How far a sign-in has come.
///
/// # Errors
/// [`Error::Missing`] when this session began none of this id.
pub async fn progress(roster: &Roster, by: By, id: Uuid) -> Result<Progress> {
    let parts = roster.parts();
    let row = signins::by_id(&mut parts.db.read().await?, id, by.session).await?;
    let row = row.ok_or(Error::Missing("sign-in"))?;
    let over = row.ends_at <= parts.clock.now();
    let mut shown = Progress {
        id,
        stage: row.stage,
        why: row.why,
        channel: row.channel_id,
        what: None,
        choices: Vec::new(),
    };
    match row.stage {
        Stage::Away | Stage::Back | Stage::Choosing if over => {
            shown.stage = Stage::Failed;
            shown.why = Some(TOO_LATE.to_owned());
        }
        Stage::Choosing => {
            let bundle = Bundle::open(&parts.vault, id, &row.sealed)?;
            shown.what = pick(parts.connector(&bundle.kind)?.manifest()).map(|(what, _)| what);
            let given = bundle.given.map(|given| given.opened).unwrap_or_default();
            shown.choices = given.into_iter().map(|account| (account.id, account.name)).collect();
        }
        _ => {}
    }
    Ok(shown)
}

const TOO_LATE: &str =
    "This sign-in took longer than ten minutes or was interrupted. Nothing was changed; start again.";

/// What a sign-in comes to when nothing goes wrong.
enum End {
    Connected(Uuid),
    Choice(Box<Bundle>),
}

async fn prepare(roster: &Roster, what: What, redirect: String) -> Result<Bundle> {
    let parts = roster.parts();
    let bundle = match what {
        What::New { kind, name, desk_id, settings, schedule } => {
            let manifest = parts.connector(&kind)?.manifest();
            connect::refuse_name(parts, &name).await?;
            connect::require_desk(parts, desk_id).await?;
            let settings = change::told(manifest, &settings, &Settings::new())?;
            Bundle { kind, name, desk_id, schedule, settings, redirect, ..Bundle::default() }
        }
        What::Again { channel, settings } => {
            let (row, old) = change::settings(roster, channel).await?;
            let settings = change::told(parts.connector(&row.kind)?.manifest(), &settings, &old)?;
            let (kind, name) = (row.kind, row.name);
            Bundle { kind, name, channel: Some(channel), settings, redirect, ..Bundle::default() }
        }
    };
    let manifest = parts.connector(&bundle.kind)?.manifest();
    let chosen_later = pick(manifest).map(|(_, field)| field);
    let mut wrong = bundle.settings.check(manifest);
    wrong.retain(|wrong| Some(wrong.field.as_str()) != chosen_later);
    if wrong.is_empty() { Ok(bundle) } else { Err(Error::Settings(wrong)) }
}

/// Changes the code and opens what it gives.
async fn open(roster: &Roster, signin: &Signin, code: &SecretString) -> Result<End> {
    let parts = roster.parts();
    let mut bundle = Bundle::open(&parts.vault, signin.id, &signin.sealed)?;
    let connector = parts.connector(&bundle.kind)?;
    let manifest = connector.manifest();
    let office = Office::of(manifest, &bundle.settings).ok_or(Error::Missing("sign-in"))?;
    let granted = office.change(&parts.outside, code, bundle.verifier.as_ref(), &bundle.redirect).await;
    let granted =
        granted.map_err(|failure| Error::Invalid(format!("{failure} Nothing was changed; start again.")))?;
    let lasts = matches!(office.oauth.refresh, Refresh::Rotating | Refresh::Static);
    if lasts && granted.pair.refresh.is_none() {
        return Err(Error::Invalid(
            "The platform let you in for an hour or so and gave nothing to stay signed in with (no refresh token). Take \
             Deskbell out of the connected apps in the account's own settings, then start again; see also that the app \
             registered there may ask for lasting access."
                .to_owned(),
        ));
    }
    let Granted { pair, signin_ends_at } = granted;
    let account = Account {
        channel: ChannelId(signin.channel_id.unwrap_or(signin.id)),
        settings: bundle.settings.clone(),
        proof_key: parts.vault.proof_key(signin.channel_id.unwrap_or(signin.id)),
        outside: parts.outside.narrowed(connector.hosts(&bundle.settings), &bundle.settings),
        tokens: bundle::in_hand(&pair),
        files: std::sync::Arc::new(NoFiles),
        webhook_url: signin.channel_id.and_then(|channel| parts.webhook_url(channel)),
    };
    let opened = connector.opened(account).await?;
    let only = match opened.as_slice() {
        [] => return finish(roster, bundle, Given { pair, signin_ends_at, opened: Vec::new() }, None).await,
        accounts => the_one(manifest, &bundle, accounts)?,
    };
    let given = Given { pair, signin_ends_at, opened };
    match only {
        Some(account) => finish(roster, bundle, given, Some(account)).await,
        None => {
            bundle.given = Some(given);
            Ok(End::Choice(Box::new(bundle)))
        }
    }
}

/// The account that is meant, where that is no question.
fn the_one(manifest: &'static Manifest, bundle: &Bundle, accounts: &[Opened]) -> Result<Option<Opened>> {
    let Some((what, field)) = pick(manifest) else { return Ok(accounts.first().cloned()) };
    let Some(wanted) = bundle.settings.get(field) else {
        return Ok(if let [only] = accounts { Some(only.clone()) } else { None });
    };
    if let Some(account) = accounts.iter().find(|account| account.id == wanted) {
        return Ok(Some(account.clone()));
    }
    let names: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
    Err(Error::Invalid(format!(
        "This sign-in does not open the {what} of {}. It opens: {}. Nothing was changed; sign in as somebody who looks \
         after it.",
        bundle.name,
        names.join(", ")
    )))
}

async fn take(roster: &Roster, signin: &Signin, account: &str) -> Result<End> {
    let mut bundle = Bundle::open(&roster.parts().vault, signin.id, &signin.sealed)?;
    let given = bundle.given.take().ok_or(Error::Missing("choice"))?;
    let account = given.opened.iter().find(|known| known.id == account).cloned();
    finish(roster, bundle, given, Some(account.ok_or(Error::Missing("account"))?)).await
}

/// Connects the account, or lets its channel go on.
async fn finish(roster: &Roster, bundle: Bundle, given: Given, account: Option<Opened>) -> Result<End> {
    let manifest = roster.parts().connector(&bundle.kind)?.manifest();
    let (mut pair, mut ends_at, mut settings) = (given.pair, given.signin_ends_at, bundle.settings);
    if let Some(account) = account {
        if let Some((_, field)) = pick(manifest) {
            settings.set(field, Value::Plain(account.id));
        }
        if let Some(own) = account.token {
            pair = Pair { access: own, refresh: None, ends_at: account.ends_at };
            ends_at = account.ends_at;
        }
    }
    if let Some(channel) = bundle.channel {
        change::sign_in_again(roster, channel, settings, pair, ends_at).await?;
        return Ok(End::Connected(channel));
    }
    let wanted = Wanted {
        kind: bundle.kind,
        name: bundle.name,
        desk_id: bundle.desk_id,
        settings,
        schedule: bundle.schedule,
        signin: Some(pair),
        signin_ends_at: ends_at,
    };
    let (channel, _) = connect::add(roster, wanted).await?;
    Ok(End::Connected(channel.id))
}

/// Keeps what a sign-in came to. Its secrets go with its end.
async fn settle(parts: &Parts, mut signin: Signin, outcome: Result<End>) -> Result<()> {
    signin.sealed = Vec::new();
    match outcome {
        Ok(End::Connected(channel)) => {
            signin.stage = Stage::Connected;
            signin.channel_id = Some(channel);
        }
        Ok(End::Choice(bundle)) => {
            signin.stage = Stage::Choosing;
            signin.sealed = bundle.seal(&parts.vault, signin.id)?;
            signin.ends_at = later(parts);
        }
        Err(error) => {
            tracing::info!(signin = %signin.id, %error, "a sign-in came to nothing");
            signin.stage = Stage::Failed;
            signin.why = Some(error.to_string());
        }
    }
    parts
        .db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(signins::settle(tx, &signin).await?) }))
        .await?;
    Ok(())
}

fn later(parts: &Parts) -> Millis {
    parts.clock.now() + COUNTS_FOR_MS
}

/// What a person chooses after this platform's sign-in, and the setting it fills.
fn pick(manifest: &'static Manifest) -> Option<(&'static str, &'static str)> {
    manifest.signin.iter().find_map(|step| match step {
        Step::Pick { what, field } => Some((*what, *field)),
        _ => None,
    })
}

/// 256 random bits in letters that survive an address.
fn fresh_state() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::File(format!("The machine gave no random numbers ({error}). Nothing was changed."))
    })?;
    Ok(bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

fn hash(state: &str) -> [u8; 32] {
    Sha256::digest(state.as_bytes()).into()
}
