//! One connected account: what it can do, and whether it works.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::asking;
use super::inbound::Own;
use super::outbound::{GIF_BYTES, PICTURE_BYTES};
use super::prices::Paid;
use super::pushed;
use super::settings::{Config, Push, Read};
use crate::contract::{
    Account, AttachmentRules, BoxFuture, Capabilities, Channel, Check, Deliver, Event, Failure, Kept, Key,
    Level, Media, Poll, Probe, Sent, TextLimit, TextUnit, Visibility, Watch, Webhook,
};
use crate::web::Api;

/// The scarcest door opens 15 times in 15 minutes; some are left for looking after what became of an answer.
const POLL_INTERVAL_MS: i64 = 90_000;
/// Answers remembered by their keys.
const REMEMBERED: usize = 1000;

/// An account on X.
pub struct Handle {
    pub(super) account: Account,
    pub(super) config: Config,
    pub(super) api: Api,
    pub(super) paid: Paid,
    me: OnceCell<Me>,
    sent: Mutex<VecDeque<(Key, Sent)>>,
}

/// Who X says that we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Me {
    pub id: String,
    pub username: String,
}

impl Handle {
    /// Opens nothing yet.
    pub(super) fn new(account: Account, config: Config) -> Self {
        let api = Api::new(account.outside.clone(), &config.base);
        let (paid, me, sent) = (Paid::default(), OnceCell::new(), Mutex::default());
        Self { account, config, api, paid, me, sent }
    }

    /// Asked once: the number never changes, and a new name is learnt at the next start.
    pub(super) async fn me(&self) -> Result<&Me, Failure> {
        self.me.get_or_try_init(|| asking::me(self)).await
    }

    /// Who we are, as far as anybody has asked.
    pub(super) fn own(&self) -> Own {
        self.me.get().map_or_else(Own::default, |me| Own {
            id: Some(me.id.clone()),
            username: Some(me.username.clone()),
        })
    }

    /// What was sent under this key by this process.
    pub(super) fn remembered(&self, key: &Key) -> Option<Sent> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.iter().find(|(known, _)| known == key).map(|(_, sent)| sent.clone())
    }

    /// X has no word for "the same message again": what was taken is not sent a second time.
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
}

impl Channel for Handle {
    fn capabilities(&self) -> Capabilities {
        let config = &self.config;
        let private = TextLimit { max: Some(config.dm_limit), unit: TextUnit::Characters };
        let public = TextLimit { max: Some(config.post_limit), unit: TextUnit::Weighted };
        let (text, public_text, visibility) = match config.read {
            Read::Both => (private, Some(public), vec![Visibility::Public, Visibility::Private]),
            Read::Mentions => (public, None, vec![Visibility::Public]),
            Read::Directs => (private, None, vec![Visibility::Private]),
        };
        let picture = |kind: &str| (format!("image/{kind}"), PICTURE_BYTES);
        Capabilities {
            text,
            public_text,
            subject: false,
            formatting: Level::Unsupported,
            attachments: AttachmentRules {
                level: Level::Native,
                why_not: None,
                max_count: 4,
                max_total_bytes: 4 * PICTURE_BYTES,
                kinds: vec![
                    picture("jpeg"),
                    picture("png"),
                    picture("webp"),
                    ("image/gif".to_owned(), GIF_BYTES),
                ],
                without_text: true,
                needs_public_url: false,
            },
            public_attachments: None,
            windows: Vec::new(),
            one_shot_reply_ms: None,
            undo_hold_ms: 10_000,
            visibility,
            delivered_receipts: Level::Unsupported,
            read_receipts: if config.push == Push::None { Level::Unsupported } else { Level::Degraded },
            // Public answers given in X's own app are told, not read.
            echoes: match (config.read, config.push) {
                (Read::Mentions, Push::None) => Level::Unsupported,
                (_, Push::None) => Level::Degraded,
                _ => Level::Native,
            },
            signature: false,
            poll_interval_ms: POLL_INTERVAL_MS,
            cost: Some(config.prices.table()),
        }
    }

    fn probe(&self) -> BoxFuture<'_, Result<Probe, Failure>> {
        Box::pin(async move {
            let me = self.me().await?;
            let mut checks = vec![Check {
                name: "Sign in".to_owned(),
                passed: true,
                detail: format!("X knows us as @{}.", me.username),
            }];
            checks.extend(self.check_reading().await?);
            Ok(Probe {
                address: format!("@{}", me.username),
                ours: vec![me.id.clone()],
                checks,
                signin_ends_at: None,
            })
        })
    }

    fn read_again<'a>(&'a self, kept: &'a Kept) -> BoxFuture<'a, Result<Event, Failure>> {
        Box::pin(async move {
            // Our name before an answer is no part of it.
            self.me().await?;
            let found = pushed::found(&kept.raw, &self.own(), kept.at);
            kept.among(found.into_iter().map(|found| found.envelope).collect())
        })
    }

    fn webhook(&self) -> Option<&dyn Webhook> {
        (self.config.push == Push::Webhook).then_some(self as &dyn Webhook)
    }

    fn poll(&self) -> Option<&dyn Poll> {
        Some(self)
    }

    fn watch(&self) -> Option<&dyn Watch> {
        (self.config.push == Push::Stream).then_some(self as &dyn Watch)
    }

    fn deliver(&self) -> Option<&dyn Deliver> {
        Some(self)
    }

    fn media(&self) -> Option<&dyn Media> {
        Some(self)
    }
}
