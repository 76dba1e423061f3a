//! One connected Page: what it can do.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use secrecy::SecretString;

use super::graph::Graph;
use super::inbound::{self, Names, Own};
use super::poll::Leftovers;
use super::settings::Config;
use crate::contract::{
    Account, AttachmentRules, BoxFuture, Capabilities, Channel, Deliver, Event, Failure, Kept, Key, Level,
    Media, Poll, Probe, Sent, TextLimit, TextUnit, Visibility, Webhook, Window,
};

/// Of one picture.
pub const MAX_IMAGE_BYTES: u64 = 8 << 20;
/// Of any other file, and of all together.
pub const MAX_FILE_BYTES: u64 = 25 << 20;
/// Files in one answer: each goes as a message of its own.
pub const MAX_FILES: u32 = 10;
/// Answers go freely for so long after the person last wrote.
pub const DAY_MS: i64 = 86_400_000;
/// Answers by a person may go for so long, marked as such; a comment may be answered privately for so long.
pub const WEEK_MS: i64 = 7 * DAY_MS;
/// The mark of such answers.
pub const HUMAN_AGENT: &str = "HUMAN_AGENT";
/// Sends remembered, so that a second try of one is not a second message.
const MOST_REMEMBERED: usize = 10_000;

/// A Page.
pub struct PageChannel {
    pub(super) config: Config,
    pub(super) graph: Graph,
    pub(super) own: Own,
    pub(super) leftovers: Leftovers,
    sent: Mutex<HashMap<Key, Sent>>,
}

impl PageChannel {
    /// Opens nothing yet.
    pub(super) fn new(account: Account, config: Config) -> Self {
        let own = Own {
            page_id: config.page_id.clone(),
            proof_key: account.proof_key.clone(),
            names: Names::default(),
        };
        let graph = Graph::new(account, config.clone());
        Self { config, graph, own, leftovers: Leftovers::default(), sent: Mutex::default() }
    }

    /// What the platform answered when this was sent before, by this process.
    pub(super) fn sent_before(&self, key: &Key) -> Option<Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    pub(super) fn remember(&self, key: &Key, sent: &Sent) {
        let mut known = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        known.insert(*key, sent.clone());
    }

    /// Whether this id answered another send than this one.
    pub(super) fn is_anothers(&self, key: &Key, id: &str) -> bool {
        let known = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().any(|(other, sent)| other != key && sent.id.as_deref() == Some(id))
    }

    /// The app's secret.
    pub(super) fn app_secret(&self) -> &SecretString {
        &self.config.app_secret
    }
}

impl Channel for PageChannel {
    fn capabilities(&self) -> Capabilities {
        let characters = |max| TextLimit { max: Some(max), unit: TextUnit::Characters };
        let window = |closes_after_ms, tag: Option<&str>| Window {
            closes_after_ms,
            tag: tag.map(str::to_owned),
            human_only: tag.is_some(),
            visibility: Some(Visibility::Private),
        };
        let late = self.config.human_agent.then(|| window(WEEK_MS, Some(HUMAN_AGENT)));
        let picture = |kind: &str| (kind.to_owned(), MAX_IMAGE_BYTES);
        Capabilities {
            text: characters(self.config.text_limit),
            public_text: Some(characters(self.config.comment_limit)),
            subject: false,
            formatting: Level::Unsupported,
            attachments: AttachmentRules {
                level: Level::Native,
                why_not: None,
                max_count: MAX_FILES,
                max_total_bytes: MAX_FILE_BYTES,
                kinds: vec![
                    picture("image/jpeg"),
                    picture("image/png"),
                    picture("image/gif"),
                    ("*/*".to_owned(), MAX_FILE_BYTES),
                ],
                without_text: true,
                needs_public_url: false,
            },
            // Under a comment there is room for one picture.
            public_attachments: Some(AttachmentRules {
                level: Level::Native,
                why_not: None,
                max_count: 1,
                max_total_bytes: MAX_IMAGE_BYTES,
                kinds: vec![picture("image/jpeg"), picture("image/png"), picture("image/gif")],
                without_text: true,
                needs_public_url: false,
            }),
            windows: std::iter::once(window(DAY_MS, None)).chain(late).collect(),
            one_shot_reply_ms: self.config.comments.then_some(WEEK_MS),
            undo_hold_ms: 10_000,
            visibility: vec![Visibility::Private, Visibility::Public],
            delivered_receipts: Level::Native,
            // Messenger names a moment up to which all was seen, and no message.
            read_receipts: Level::Unsupported,
            echoes: Level::Native,
            signature: false,
            poll_interval_ms: 60_000,
            cost: None,
        }
    }

    fn probe(&self) -> BoxFuture<'_, Result<Probe, Failure>> {
        Box::pin(self.look())
    }

    fn read_again<'a>(&'a self, kept: &'a Kept) -> BoxFuture<'a, Result<Event, Failure>> {
        Box::pin(async move { kept.among(inbound::again(kept, &self.own)) })
    }

    fn webhook(&self) -> Option<&dyn Webhook> {
        Some(self)
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
