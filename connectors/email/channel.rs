//! One connected mailbox: what it can do, and whether it works.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::imap::{Imap, Pool, folders};
use super::poll::Suspects;
use super::settings::Config;
use super::smtp::Smtp;
use crate::contract::{
    Account, AttachmentRules, BoxFuture, Capabilities, Channel, Check, Deliver, Event, Failure, Kept, Level,
    Poll, Probe, Settings, TextLimit, TextUnit, Visibility, Watch,
};

/// Encoded it is a third more, which stays under the 25 MB that most providers take.
const MAX_ENCLOSED_BYTES: u64 = 18 * 1024 * 1024;
/// Of what a server takes, so much is left for words, names and heads.
const BESIDE_FILES: u64 = 128 * 1024;

/// A mailbox.
pub struct Mailbox {
    pub(super) account: Account,
    pub(super) config: Config,
    pub(super) pool: Pool,
    pub(super) suspects: Suspects,
    /// None: nobody has looked yet.
    places: Mutex<Option<Places>>,
    /// The largest mail that the sending server takes; 0: it has not said.
    largest_sent: AtomicU64,
}

/// Where a mail of ours can lie after it was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// The folder of sent mail.
    pub sent: Option<String>,
    /// The folder of every mail, at providers that have one.
    pub all: Option<String>,
}

impl Mailbox {
    /// Opens nothing yet.
    pub(super) fn new(account: Account, config: Config) -> Self {
        let largest_sent = AtomicU64::new(config.largest_sent.unwrap_or(0));
        Self {
            account,
            config,
            pool: Pool::new(),
            suspects: Suspects::default(),
            places: Mutex::default(),
            largest_sent,
        }
    }

    /// How many bytes all files of a mail may have: base64 makes 78 of 57 (RFC 2045 section 6.8).
    pub(super) fn most_enclosed(&self) -> u64 {
        match self.largest_sent.load(Ordering::Relaxed) {
            0 => MAX_ENCLOSED_BYTES,
            most => (most.saturating_sub(BESIDE_FILES) / 78 * 57).min(MAX_ENCLOSED_BYTES),
        }
    }

    /// RFC 1870: zero, or nothing at all, is no limit.
    fn learn(&self, session: &Smtp) {
        let most = session.offer("SIZE").and_then(|most| most.parse().ok()).unwrap_or(0);
        self.largest_sent.store(most, Ordering::Relaxed);
    }

    /// Where sent mail lies, as the settings or else the server have it.
    pub(super) async fn sent_folder(&self) -> Result<Option<String>, Failure> {
        match &self.config.sent_folder {
            Some(folder) => Ok(Some(folder.clone())),
            None => Ok(self.places().await?.sent),
        }
    }

    /// Asked once: providers do not move these about.
    pub(super) async fn places(&self) -> Result<Places, Failure> {
        if let Some(known) = self.places.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Ok(known);
        }
        let folders = loop {
            let mut lease = self.pool.take(&self.account, &self.config).await?;
            let result = lease.session.folders().await;
            match (result, lease.give_back()) {
                (Err(Failure::Transient { .. }), true) => {}
                (result, _) => break result?,
            }
        };
        let sent = self.config.sent_folder.clone();
        let found = Places {
            sent: sent.or_else(|| folders::sent(&folders).map(|folder| folder.name.clone())),
            all: folders.iter().find(|folder| folder.all && !folder.closed).map(|folder| folder.name.clone()),
        };
        *self.places.lock().unwrap_or_else(PoisonError::into_inner) = Some(found.clone());
        Ok(found)
    }

    async fn check_reading(&self) -> Result<Vec<Check>, Failure> {
        let mut session = Imap::open(&self.account, &self.config).await?;
        let mut checks = vec![passed("Sign in to read mail", &self.config.reading.host)];
        let all = session.folders().await?;
        for wanted in &self.config.folders {
            let there = all.iter().any(|folder| folder.name.eq_ignore_ascii_case(wanted));
            checks.push(Check {
                name: format!("Folder {wanted}"),
                passed: there,
                detail: if there {
                    "It is there.".to_owned()
                } else {
                    let names: Vec<&str> = all
                        .iter()
                        .filter(|folder| !folder.closed)
                        .map(|folder| folder.name.as_str())
                        .take(20)
                        .collect();
                    format!("There is no such folder. These are there: {}.", names.join(", "))
                },
            });
        }
        let sent = match &self.config.sent_folder {
            Some(name) => all.iter().find(|folder| folder.name.eq_ignore_ascii_case(name)),
            None => folders::sent(&all),
        };
        checks.push(Check {
            name: "Folder of sent mail".to_owned(),
            passed: sent.is_some(),
            detail: match sent {
                Some(folder) => format!("{}: answers given from other mail programs are seen there.", folder.name),
                None => "None was found; name it in the settings. Until then answers given from other mail programs are not seen.".to_owned(),
            },
        });
        if !session.can("IDLE") {
            checks.push(Check {
                name: "Word of new mail".to_owned(),
                passed: true,
                detail: "This server does not tell when mail arrives (IDLE); it is asked at intervals."
                    .to_owned(),
            });
        }
        Ok(checks)
    }
}

impl Channel for Mailbox {
    fn capabilities(&self) -> Capabilities {
        let most = self.most_enclosed();
        Capabilities {
            text: TextLimit { max: None, unit: TextUnit::Characters },
            public_text: None,
            subject: true,
            formatting: Level::Degraded,
            attachments: AttachmentRules {
                level: Level::Native,
                why_not: None,
                max_count: 50,
                max_total_bytes: most,
                kinds: vec![("*/*".to_owned(), most)],
                without_text: true,
                needs_public_url: false,
            },
            public_attachments: None,
            windows: Vec::new(),
            one_shot_reply_ms: None,
            undo_hold_ms: 10_000,
            visibility: vec![Visibility::Private],
            // Only word of failure comes back by itself.
            delivered_receipts: Level::Unsupported,
            read_receipts: Level::Unsupported,
            echoes: Level::Native,
            signature: true,
            poll_interval_ms: 60_000,
            cost: None,
        }
    }

    fn probe(&self) -> BoxFuture<'_, Result<Probe, Failure>> {
        Box::pin(async move {
            let mut checks = self.check_reading().await?;
            checks.push(match Smtp::open(&self.account, &self.config).await {
                Ok(session) => {
                    self.learn(&session);
                    session.quit().await;
                    passed("Sign in to send mail", &self.config.sending.host)
                }
                Err(failure) => Check {
                    name: "Sign in to send mail".to_owned(),
                    passed: false,
                    detail: failure.to_string(),
                },
            });
            Ok(Probe {
                address: self.config.address.clone(),
                ours: self.config.ours.clone(),
                checks,
                signin_ends_at: None,
            })
        })
    }

    fn learnt(&self) -> Settings {
        match self.largest_sent.load(Ordering::Relaxed) {
            0 => Settings::new(),
            most => Settings::new().with("largest_sent", most.to_string()),
        }
    }

    fn read_again<'a>(&'a self, kept: &'a Kept) -> BoxFuture<'a, Result<Event, Failure>> {
        Box::pin(super::envelope::again(self, kept))
    }

    fn poll(&self) -> Option<&dyn Poll> {
        Some(self)
    }

    fn watch(&self) -> Option<&dyn Watch> {
        Some(self)
    }

    fn deliver(&self) -> Option<&dyn Deliver> {
        Some(self)
    }
}

fn passed(name: &str, host: &str) -> Check {
    Check { name: name.to_owned(), passed: true, detail: format!("{host} let us in.") }
}
