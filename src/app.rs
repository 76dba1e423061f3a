//! What every verb is given: the store, the clock, the bus, the door out; opened and closed in one place.

use std::path::Path;
use std::sync::Arc;

use connectors::contract::{ExposeSecret, Outside};

use crate::access::Access;
use crate::bus::Bus;
use crate::channel::roster::{self, Connectors, Parts, Roster};
use crate::channel::vault::Vault;
use crate::clock::Clock;
use crate::config::{self, BlobPlace, Config, KeySource};
use crate::error::{Error, Result};
use crate::store::blobs::{Blobs, Bucket};
use crate::store::calendars::Calendars;
use crate::store::{self, Db, settings};

/// The setting that remembers which key the secrets were sealed with.
const KEY_FINGERPRINT: &str = "key_fingerprint";

/// The running program's parts. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Everything that is kept.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Who is told.
    pub bus: Bus,
    /// The only door out; channels get one narrowed to their own hosts.
    pub outside: Outside,
    /// Seals what must stay secret.
    pub vault: Vault,
    /// Until when answers are promised.
    pub calendars: Calendars,
    /// The connected accounts.
    pub roster: Roster,
    /// Files and large originals.
    pub blobs: Blobs,
    /// Who signs in.
    pub access: Access,
    /// What the program was told.
    pub config: Arc<Config>,
}

impl App {
    /// Opens everything a configuration names and brings it up to date. Calls nobody outside.
    ///
    /// # Errors
    /// A sentence: which part could not be opened and what to do.
    pub async fn open(config: Config) -> Result<Self> {
        Self::open_at(config, Clock::system()).await
    }

    /// The same under a given clock.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_at(config: Config, clock: Clock) -> Result<Self> {
        Self::open_among(config, clock, roster::known()).await
    }

    /// The same in a world with these platforms.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_among(config: Config, clock: Clock, connectors: Connectors) -> Result<Self> {
        make_data_folder(&config.data)?;
        let outside = door(&config, clock.clone())?;
        let db = Db::open(&config.store, store_options(&config)).await?;
        let vault = vault(&config.key, &db).await?;
        let bus = Bus::new();
        let blobs = blobs(&config)?;
        let parts = Parts {
            db: db.clone(),
            blobs: blobs.clone(),
            clock: clock.clone(),
            bus: bus.clone(),
            outside: outside.clone(),
            vault: vault.clone(),
            connectors,
            public_url: config.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned()),
        };
        let roster = Roster::load(parts).await?;
        let access = Access::new(&db, &clock);
        let calendars = Calendars::default();
        Ok(Self {
            db,
            clock,
            bus,
            outside,
            vault,
            calendars,
            roster,
            blobs,
            access,
            config: Arc::new(config),
        })
    }

    /// Writes out what is still in the log and closes the store.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

fn make_data_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    // Patrons' words lie in here.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        Error::File(format!(
            "The data folder {} cannot be made: {error}. Name another with --data or DESKBELL_DATA.",
            folder.display()
        ))
    })
}

/// The door to the world, trusting what the configuration says.
///
/// # Errors
/// A sentence, when the extra certificates cannot be read.
pub fn door(config: &Config, clock: Clock) -> Result<Outside> {
    let extra = config.extra_ca.as_deref().map(|path| {
        std::fs::read(path).map_err(|error| {
            Error::File(format!("The certificates in {} cannot be read: {error}.", path.display()))
        })
    });
    let now = Arc::new(move || clock.now());
    let outside = Outside::new(now, extra.transpose()?.as_deref()).map_err(Error::Invalid)?;
    outside.allow_private(config.private_hosts.clone());
    Ok(outside)
}

fn blobs(config: &Config) -> Result<Blobs> {
    Ok(match &config.blobs {
        BlobPlace::Folder(folder) => Blobs::folder(folder)?,
        BlobPlace::Bucket(told) => Blobs::bucket(&Bucket {
            endpoint: told.endpoint.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned()),
            prefix: told.prefix.clone(),
            name: told.name.clone(),
            region: told.region.clone(),
            key_id: told.access_key.clone(),
            secret: told.secret_key.expose_secret().to_owned(),
        })?,
    })
}

/// How the configuration wants its store opened.
pub fn store_options(config: &Config) -> store::Options {
    let synchronous = match config.synchronous {
        config::Synchronous::Full => store::Synchronous::Full,
        config::Synchronous::Normal => store::Synchronous::Normal,
    };
    store::Options { synchronous, ..store::Options::default() }
}

/// The key that this store's secrets were sealed with. A new one is made only for a store that has never had one: with a
/// lost key in its place every channel would be signed out and nobody would know why.
async fn vault(source: &KeySource, db: &Db) -> Result<Vault> {
    let sealed_with = settings::get(&mut db.read().await?, KEY_FINGERPRINT).await?;
    let found = Vault::find(source)?;
    match (found, sealed_with) {
        (Some(vault), Some(known)) if vault.fingerprint() == known => Ok(vault),
        (Some(_), Some(known)) => Err(Error::Invalid(format!(
            "This key is not the one the store's secrets were sealed with (that was {known}). Put the right key back."
        ))),
        (None, Some(known)) => Err(Error::Invalid(format!(
            "The key the store's secrets were sealed with ({known}) is missing. Put secret.key back from your backup."
        ))),
        (Some(vault), None) => remember(vault, db).await,
        (None, None) => match source {
            KeySource::Own(path) => remember(Vault::create(path)?, db).await,
            _ => Err(Error::Invalid("There is no key to seal secrets with.".to_owned())),
        },
    }
}

async fn remember(vault: Vault, db: &Db) -> Result<Vault> {
    let fingerprint = vault.fingerprint();
    db.write::<_, Error, _>(move |tx| {
        Box::pin(async move { Ok(settings::set(tx, KEY_FINGERPRINT, &fingerprint).await?) })
    })
    .await?;
    Ok(vault)
}
