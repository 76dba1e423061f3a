//! One connected account: what it can do, and whether it works.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::OnceCell;
use url::Url;

use super::asking;
use super::files::{self, PICTURES, RECORDINGS};
use super::inbound::{self, Own};
use super::instance::Limits;
use super::outbound;
use super::poll::Place;
use super::settings::Config;
use crate::contract::{
    Account, AttachmentRules, BoxFuture, Capabilities, Channel, Check, Deliver, Event, Failure, Kept, Key,
    Level, Media, Poll, Probe, Sent, Settings, TextLimit, TextUnit, Visibility,
};
use crate::web::Api;

/// Two requests each time, of the 300 in five minutes that an instance usually allows.
const POLL_INTERVAL_MS: i64 = 30_000;
/// Answers remembered by their keys.
const REMEMBERED: usize = 1000;

/// An account at an instance.
pub struct Handle {
    pub(super) account: Account,
    pub(super) config: Config,
    pub(super) api: Api,
    me: OnceCell<Me>,
    limits: Mutex<Limits>,
    sent: Mutex<VecDeque<(Key, Sent)>>,
}

/// Who the instance says that we are, and what it allows.
#[derive(Clone, Debug)]
pub(super) struct Me {
    pub own: Own,
    /// Our whole name as we write it.
    pub shown: String,
    /// Where our picture lies.
    pub avatar: Option<String>,
    pub limits: Limits,
}

impl Handle {
    /// Opens nothing yet.
    pub(super) fn new(account: Account, config: Config) -> Self {
        let api = Api::new(account.outside.clone(), &config.base);
        let (limits, me, sent) = (Mutex::new(config.limits), OnceCell::new(), Mutex::default());
        Self { account, config, api, me, limits, sent }
    }

    /// Asked once, and at each probe.
    pub(super) async fn me(&self) -> Result<&Me, Failure> {
        self.me.get_or_try_init(|| self.look()).await
    }

    async fn look(&self) -> Result<Me, Failure> {
        let me = asking::me(self).await?;
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner) = me.limits;
        Ok(me)
    }

    /// As last heard.
    pub(super) fn limits(&self) -> Limits {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was sent under this key by this process.
    pub(super) fn remembered(&self, key: &Key) -> Option<Sent> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.iter().find(|(known, _)| known == key).map(|(_, sent)| sent.clone())
    }

    /// Which answer became which post.
    pub(super) fn remember(&self, key: &Key, taken: &Sent) {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.len() == REMEMBERED {
            sent.pop_front();
        }
        sent.push_back((*key, taken.clone()));
    }

    /// Whether another answer of ours is known under this id.
    pub(super) fn is_anothers(&self, id: &str, key: &Key) -> bool {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.iter().any(|(other, sent)| other != key && sent.id.as_deref() == Some(id))
    }

    async fn check_reading(&self) -> Result<Check, Failure> {
        let name = "Read mentions".to_owned();
        match self.try_reading(Place::Mentions).await {
            Ok(()) => Ok(Check { name, passed: true, detail: "The instance lets us.".to_owned() }),
            // Seldom enough to be no fault of the settings.
            Err(Failure::RateLimited { why, .. }) => Ok(Check { name, passed: true, detail: why }),
            Err(failure @ (Failure::NeedsSignin { .. } | Failure::Transient { .. })) => Err(failure),
            Err(failure) => Ok(Check { name, passed: false, detail: failure.to_string() }),
        }
    }

    /// Where the account's own picture lies, there lie the patrons' too.
    fn check_files(&self, me: &Me) -> Option<Check> {
        let url = Url::parse(me.avatar.as_deref()?).ok()?;
        let host = url.host_str()?;
        let passed = files::is_allowed(&url, &self.config.hosts);
        let detail = if passed {
            format!("They lie at {host}.")
        } else {
            format!(
                "This instance keeps them at {host}. Add that name under Hosts of files, or pictures stay there."
            )
        };
        Some(Check { name: "Fetch files".to_owned(), passed, detail })
    }
}

impl Channel for Handle {
    fn capabilities(&self) -> Capabilities {
        let limits = self.limits();
        let kinds = PICTURES.iter().map(|kind| ((*kind).to_owned(), limits.picture_bytes));
        let recordings = RECORDINGS.iter().map(|kind| ((*kind).to_owned(), limits.video_bytes));
        Capabilities {
            text: TextLimit { max: Some(outbound::room(&limits)), unit: TextUnit::Weighted },
            public_text: None,
            subject: false,
            formatting: Level::Unsupported,
            attachments: AttachmentRules {
                level: Level::Native,
                why_not: None,
                max_count: limits.files,
                max_total_bytes: outbound::MOST_BYTES,
                kinds: kinds.chain(recordings).collect(),
                without_text: true,
                needs_public_url: false,
            },
            public_attachments: None,
            windows: Vec::new(),
            one_shot_reply_ms: None,
            undo_hold_ms: 10_000,
            visibility: vec![Visibility::Public, Visibility::Private],
            delivered_receipts: Level::Unsupported,
            read_receipts: Level::Unsupported,
            echoes: Level::Native,
            signature: false,
            poll_interval_ms: POLL_INTERVAL_MS,
            cost: None,
        }
    }

    fn probe(&self) -> BoxFuture<'_, Result<Probe, Failure>> {
        Box::pin(async move {
            let me = self.look().await?;
            let mut checks = vec![Check {
                name: "Sign in".to_owned(),
                passed: true,
                detail: format!("The instance knows us as @{}.", me.shown),
            }];
            checks.push(self.check_reading().await?);
            checks.extend(self.check_files(&me));
            Ok(Probe {
                address: format!("@{}", me.shown),
                ours: vec![me.own.acct],
                checks,
                signin_ends_at: None,
            })
        })
    }

    fn learnt(&self) -> Settings {
        self.limits().keep()
    }

    fn read_again<'a>(&'a self, kept: &'a Kept) -> BoxFuture<'a, Result<Event, Failure>> {
        Box::pin(async move {
            let told = serde_json::from_slice(&kept.raw).unwrap_or_default();
            kept.among(vec![inbound::notification(&told, &self.me().await?.own, kept.at)])
        })
    }

    fn poll(&self) -> Option<&dyn Poll> {
        Some(self)
    }

    fn deliver(&self) -> Option<&dyn Deliver> {
        Some(self)
    }

    fn media(&self) -> Option<&dyn Media> {
        Some(self)
    }
}
