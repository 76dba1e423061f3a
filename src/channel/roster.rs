//! Which accounts are connected and open. Opening does no I/O, so a library's channels are there as soon as it starts.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock, RwLockReadGuard};

use connectors::contract::{
    self, Account, ChannelId, Connector, ExposeSecret, Manifest, NoTokens, Outside, Settings, Tokens, Value,
};
use uuid::Uuid;

use super::files::Shelf;
use super::health;
use super::tokens::Keeper;
use super::vault::{Secrets, Vault};
use crate::bus::Bus;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::model::channel::Channel;
use crate::store::blobs::Blobs;
use crate::store::{Db, channels};

/// Where platforms call, below our own address.
pub const HOOKS: &str = "/hooks";
/// Blotting out shorter ones would tear holes into every sentence.
const SHORTEST_SECRET: usize = 4;

/// One connected account, open.
pub struct Open {
    /// What is stored of it.
    pub row: Channel,
    /// What its platform says of itself.
    pub manifest: &'static Manifest,
    /// The account.
    pub channel: Arc<dyn contract::Channel>,
}

/// What opening and keeping channels needs.
#[derive(Clone)]
pub struct Parts {
    /// Where they are kept.
    pub db: Db,
    /// Where files are.
    pub blobs: Blobs,
    /// What time it is.
    pub clock: Clock,
    /// Who is told when one changes.
    pub bus: Bus,
    /// The door that each gets its own narrow part of.
    pub outside: Outside,
    /// What opens their secrets.
    pub vault: Vault,
    /// The platforms there are.
    pub connectors: Connectors,
    /// Where the world reaches us, without a slash at the end; none: nowhere.
    pub public_url: Option<String>,
}

/// Platforms, each once.
pub type Connectors = &'static [&'static dyn Connector];

/// Every platform that this version knows.
pub fn known() -> Connectors {
    connectors::all()
}

impl Parts {
    /// Where a channel's platform calls us; none: it cannot.
    pub fn webhook_url(&self, channel: Uuid) -> Option<String> {
        self.public_url.as_deref().map(|base| format!("{base}{HOOKS}/{channel}"))
    }

    /// The platform of this name.
    ///
    /// # Errors
    /// A sentence that names those there are.
    pub fn connector(&self, kind: &str) -> Result<&'static dyn Connector> {
        named(self.connectors, kind)
    }
}

/// Every connected account. Cheap to clone.
#[derive(Clone)]
pub struct Roster(Arc<Inner>);

struct Inner {
    parts: Parts,
    open: RwLock<BTreeMap<Uuid, Arc<Open>>>,
}

impl Roster {
    /// Opens every channel that is connected. One that cannot be opened does not keep the others shut: its card says why.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn load(parts: Parts) -> Result<Self> {
        let roster = Self(Arc::new(Inner { parts, open: RwLock::default() }));
        roster.refresh().await?;
        Ok(roster)
    }

    /// The channel, if it is connected and could be opened.
    pub fn get(&self, channel: Uuid) -> Option<Arc<Open>> {
        self.open().get(&channel).cloned()
    }

    /// Every open channel, oldest first.
    pub fn all(&self) -> Vec<Arc<Open>> {
        self.open().values().cloned().collect()
    }

    /// Takes in an account that was opened elsewhere, until the row changes: how a test brings a platform of its own.
    pub fn take_in(&self, open: Open) {
        let id = open.row.id;
        self.0.open.write().expect("no holder of this lock can panic").insert(id, Arc::new(open));
        self.0.parts.bus.channel_changed(id);
    }

    /// Where a channel's platform calls us; none: it cannot.
    pub fn webhook_url(&self, channel: Uuid) -> Option<String> {
        self.0.parts.webhook_url(channel)
    }

    /// Reads one channel again after it was changed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reload(&self, channel: Uuid) -> Result<Option<Arc<Open>>> {
        let row = channels::by_id(&mut self.0.parts.db.read().await?, channel).await?;
        match row.filter(|row| row.removed_at.is_none()) {
            Some(row) => self.renew(row).await?,
            None => self.take_out(channel),
        }
        Ok(self.get(channel))
    }

    /// Reads all channels again: another process, such as the command line, may have changed them. Those whose settings
    /// are as before keep their open connections.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn refresh(&self) -> Result<()> {
        let rows = channels::all(&mut self.0.parts.db.read().await?).await?;
        let gone: Vec<Uuid> =
            self.open().keys().filter(|id| !rows.iter().any(|row| row.id == **id)).copied().collect();
        for id in gone {
            self.take_out(id);
        }
        for row in rows {
            self.renew(row).await?;
        }
        Ok(())
    }

    /// The text with every secret of the channel blotted out: what a platform says of an error may repeat one.
    pub fn redacted(&self, row: &Channel, text: &str) -> String {
        let Ok(secrets) = self.0.parts.vault.open(row.id, &row.sealed_settings) else {
            return text.to_owned();
        };
        let of_signin = secrets.signin.iter().flat_map(|pair| [Some(&pair.access), pair.refresh.as_ref()]);
        let all = secrets.fields.values().chain(of_signin.flatten()).map(ExposeSecret::expose_secret);
        all.filter(|secret| secret.len() >= SHORTEST_SECRET)
            .fold(text.to_owned(), |text, secret| text.replace(secret, "•••"))
    }

    /// What the platform of this name says of itself; none where this version does not have it.
    pub fn manifest(&self, kind: &str) -> Option<&'static Manifest> {
        Some(self.0.parts.connector(kind).ok()?.manifest())
    }

    /// What the platforms say of themselves.
    pub fn manifests(&self) -> Vec<&'static Manifest> {
        self.0.parts.connectors.iter().map(|connector| connector.manifest()).collect()
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.0.parts
    }

    fn open(&self) -> RwLockReadGuard<'_, BTreeMap<Uuid, Arc<Open>>> {
        self.0.open.read().expect("no holder of this lock can panic")
    }

    fn take_out(&self, channel: Uuid) {
        self.0.open.write().expect("no holder of this lock can panic").remove(&channel);
        self.0.parts.bus.channel_changed(channel);
    }

    async fn renew(&self, row: Channel) -> Result<()> {
        let before = self.get(row.id);
        let open = match &before {
            Some(open) if open.row == row => return Ok(()),
            Some(open) if same_account(&open.row, &row) => {
                Ok(Open { row: row.clone(), manifest: open.manifest, channel: open.channel.clone() })
            }
            _ => open_row(&self.0.parts, row.clone()),
        };
        let id = row.id;
        match open {
            Ok(open) => {
                self.0.open.write().expect("no holder of this lock can panic").insert(id, Arc::new(open));
                self.0.parts.bus.channel_changed(id);
                Ok(())
            }
            Err(error) => {
                if before.is_some() {
                    self.take_out(id);
                }
                health::cannot_open(&self.0.parts, &row, &error).await
            }
        }
    }
}

/// Whether what was opened for the one still serves the other.
fn same_account(one: &Channel, other: &Channel) -> bool {
    one.kind == other.kind
        && one.open_settings == other.open_settings
        && one.sealed_settings == other.sealed_settings
}

fn open_row(parts: &Parts, row: Channel) -> Result<Open> {
    let connector = parts.connector(&row.kind)?;
    let manifest = connector.manifest();
    let secrets = parts.vault.open(row.id, &row.sealed_settings)?;
    let settings = settings(&row.open_settings, &secrets)?;
    let tokens = tokens(parts, row.id, manifest, &settings);
    let channel = open_account(parts, connector, row.id, settings, tokens)?;
    Ok(Open { row, manifest, channel })
}

/// Opens an account that may not be stored yet.
pub(super) fn open_account(
    parts: &Parts,
    connector: &dyn Connector,
    id: Uuid,
    settings: Settings,
    tokens: Arc<dyn Tokens>,
) -> Result<Arc<dyn contract::Channel>> {
    let wrong = settings.check(connector.manifest());
    let opened = if wrong.is_empty() {
        let outside = parts.outside.narrowed(connector.hosts(&settings), &settings);
        let proof_key = parts.vault.proof_key(id);
        connector.open(Account {
            channel: ChannelId(id),
            settings,
            proof_key,
            outside,
            tokens,
            files: Arc::new(Shelf::new(parts, id)),
            webhook_url: parts.webhook_url(id),
        })
    } else {
        Err(wrong)
    };
    opened.map_err(Error::Settings)
}

/// The platform of this name among these.
pub(super) fn named(among: Connectors, kind: &str) -> Result<&'static dyn Connector> {
    among.iter().copied().find(|connector| connector.manifest().name == kind).ok_or_else(|| {
        let known: Vec<&str> = among.iter().map(|known| known.manifest().name).collect();
        Error::Invalid(format!("There is no kind of channel called {kind}. Known: {}.", known.join(", ")))
    })
}

/// Both halves of a channel's settings, put together again.
pub(super) fn settings(open: &str, secrets: &Secrets) -> Result<Settings> {
    let plain: BTreeMap<String, String> = serde_json::from_str(open)
        .map_err(|error| Error::Invalid(format!("The channel's settings cannot be read: {error}.")))?;
    let mut settings = Settings::new();
    for (name, text) in plain {
        settings.set(name, Value::Plain(text));
    }
    for (name, secret) in &secrets.fields {
        settings.set(name.clone(), Value::Secret(secret.clone()));
    }
    Ok(settings)
}

fn tokens(parts: &Parts, id: Uuid, manifest: &'static Manifest, settings: &Settings) -> Arc<dyn Tokens> {
    match Keeper::new(parts, id, manifest, settings) {
        Some(keeper) => Arc::new(keeper),
        None => Arc::new(NoTokens),
    }
}
