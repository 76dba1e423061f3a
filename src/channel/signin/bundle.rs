//! What waits sealed while a person is away: what they told us, and what the platform gave while they choose.

use std::collections::BTreeMap;
use std::sync::Arc;

use connectors::contract::{BoxFuture, ExposeSecret, Failure, Opened, SecretString, Settings, Tokens, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::vault::{Pair, Vault};
use crate::error::{Error, Result};
use crate::model::Millis;

/// All of it. `Debug` shows no secret.
#[derive(Debug, Default)]
pub(super) struct Bundle {
    /// The connector's name.
    pub kind: String,
    /// As staff call the channel, or will.
    pub name: String,
    /// Where a new channel's conversations land.
    pub desk_id: Uuid,
    /// Of a new channel.
    pub schedule: Option<String>,
    /// The channel that is signed in again.
    pub channel: Option<Uuid>,
    /// Everything the channel is told, or will be.
    pub settings: Settings,
    /// Where the platform sends the person back to.
    pub redirect: String,
    /// What must be shown when the code is changed.
    pub verifier: Option<SecretString>,
    /// What the platform gave, while a person chooses.
    pub given: Option<Given>,
}

/// What the platform gave.
#[derive(Debug)]
pub(super) struct Given {
    /// The sign-in's own pair.
    pub pair: Pair,
    /// When the sign-in ends, where anybody says.
    pub signin_ends_at: Option<Millis>,
    /// The accounts it opened.
    pub opened: Vec<Opened>,
}

/// How a bundle lies under the seal.
#[derive(Serialize, Deserialize)]
struct Laid {
    kind: String,
    name: String,
    desk_id: Uuid,
    schedule: Option<String>,
    channel: Option<Uuid>,
    plain: BTreeMap<String, String>,
    secret: BTreeMap<String, String>,
    redirect: String,
    verifier: Option<String>,
    given: Option<LaidGiven>,
}

#[derive(Serialize, Deserialize)]
struct LaidGiven {
    access: String,
    refresh: Option<String>,
    ends_at: Option<Millis>,
    signin_ends_at: Option<Millis>,
    opened: Vec<LaidOpened>,
}

#[derive(Serialize, Deserialize)]
struct LaidOpened {
    id: String,
    name: String,
    token: Option<String>,
    ends_at: Option<Millis>,
}

impl Bundle {
    pub fn seal(&self, vault: &Vault, owner: Uuid) -> Result<Vec<u8>> {
        let bare = |secret: &SecretString| secret.expose_secret().to_owned();
        let (mut plain, mut secret) = (BTreeMap::new(), BTreeMap::new());
        for (name, value) in self.settings.iter() {
            match value {
                Value::Plain(text) => plain.insert(name.to_owned(), text.clone()),
                Value::Secret(text) => secret.insert(name.to_owned(), bare(text)),
            };
        }
        let opened = |account: &Opened| LaidOpened {
            id: account.id.clone(),
            name: account.name.clone(),
            token: account.token.as_ref().map(bare),
            ends_at: account.ends_at,
        };
        let given = |given: &Given| LaidGiven {
            access: bare(&given.pair.access),
            refresh: given.pair.refresh.as_ref().map(bare),
            ends_at: given.pair.ends_at,
            signin_ends_at: given.signin_ends_at,
            opened: given.opened.iter().map(opened).collect(),
        };
        let laid = Laid {
            kind: self.kind.clone(),
            name: self.name.clone(),
            desk_id: self.desk_id,
            schedule: self.schedule.clone(),
            channel: self.channel,
            plain,
            secret,
            redirect: self.redirect.clone(),
            verifier: self.verifier.as_ref().map(bare),
            given: self.given.as_ref().map(given),
        };
        vault.seal_text(owner, &serde_json::to_vec(&laid).expect("maps of texts are JSON"))
    }

    pub fn open(vault: &Vault, owner: Uuid, sealed: &[u8]) -> Result<Self> {
        let plain = vault.open_text(owner, sealed)?;
        let laid: Laid = serde_json::from_slice(&plain).map_err(|error| {
            Error::Invalid(format!("This sign-in was begun by another version ({error}). Start again."))
        })?;
        let mut settings = Settings::new();
        for (name, text) in laid.plain {
            settings.set(name, Value::Plain(text));
        }
        for (name, text) in laid.secret {
            settings.set(name, Value::Secret(text.into()));
        }
        let opened = |account: LaidOpened| Opened {
            id: account.id,
            name: account.name,
            token: account.token.map(Into::into),
            ends_at: account.ends_at,
        };
        let given = |given: LaidGiven| Given {
            pair: Pair {
                access: given.access.into(),
                refresh: given.refresh.map(Into::into),
                ends_at: given.ends_at,
            },
            signin_ends_at: given.signin_ends_at,
            opened: given.opened.into_iter().map(opened).collect(),
        };
        Ok(Self {
            kind: laid.kind,
            name: laid.name,
            desk_id: laid.desk_id,
            schedule: laid.schedule,
            channel: laid.channel,
            settings,
            redirect: laid.redirect,
            verifier: laid.verifier.map(Into::into),
            given: laid.given.map(given),
        })
    }
}

/// The sign-in's own token, while the accounts it opened are looked up.
pub(super) fn in_hand(pair: &Pair) -> Arc<dyn Tokens> {
    Arc::new(Fresh(pair.access.clone()))
}

struct Fresh(SecretString);

impl Tokens for Fresh {
    fn access_token<'a>(
        &'a self,
        rejected: Option<&'a str>,
    ) -> BoxFuture<'a, std::result::Result<SecretString, Failure>> {
        let token = self.0.clone();
        Box::pin(async move {
            match rejected {
                Some(refused) if refused == token.expose_secret() => Err(Failure::NeedsSignin {
                    why: "The platform gave a token and does not accept it. Start again.".to_owned(),
                }),
                _ => Ok(token),
            }
        })
    }
}
