//! The simulated mail platform, and a channel that talks to it.

use std::sync::Arc;

use uuid::Uuid;

use super::Email;
use crate::contract::{Account, Channel, ChannelId, Connector, NoTokens, Outside, Settings, Tokens};
use crate::simulator::mail::{MailOptions, MailPlatform, Mailbox, MailboxOptions};
use crate::simulator::{Clock, FrozenClock};

pub const ADDRESS: &str = "ask@library.example";
pub const PASSWORD: &str = "correct-horse-battery";
/// 2026-10-06T09:02:11Z.
pub const NOW: i64 = 1_791_277_331_000;

/// One simulated provider with one mailbox.
pub struct Fake {
    pub clock: Arc<FrozenClock>,
    pub platform: MailPlatform,
    pub mailbox: Mailbox,
}

impl Fake {
    pub async fn start() -> Self {
        Self::with(|_| ()).await
    }

    pub async fn with(change: impl FnOnce(&mut MailOptions)) -> Self {
        let clock = FrozenClock::at(NOW);
        let mut options = MailOptions::new(clock.clone());
        options.mailboxes.push(MailboxOptions::new(ADDRESS, PASSWORD));
        change(&mut options);
        let platform = MailPlatform::start(options).await.expect("the simulator starts");
        let mailbox = platform.mailbox(ADDRESS).expect("the simulator starts");
        Self { clock, platform, mailbox }
    }

    /// What a person would enter for this provider.
    pub fn settings(&self) -> Settings {
        Settings::new()
            .with("address", ADDRESS)
            .with("display_name", "Fernhill Library")
            .with("imap_host", "127.0.0.1")
            .with("imap_port", self.platform.imap_addr().port().to_string())
            .with("imap_tls", "none")
            .with("smtp_host", "127.0.0.1")
            .with("smtp_port", self.platform.smtp_addr().port().to_string())
            .with("smtp_tls", "none")
            .with_secret("password", PASSWORD)
            // A server that says nothing is given up after a second.
            .with("timeout_s", "1")
    }

    pub fn account(&self, settings: Settings, tokens: Arc<dyn Tokens>) -> Account {
        let clock = self.clock.clone();
        let pem = self.platform.tls_pem().map(str::as_bytes);
        let outside = Outside::new(Arc::new(move || clock.now_ms()), pem).expect("the simulator starts");
        Account {
            channel: ChannelId(Uuid::from_u128(0x1001)),
            proof_key: Arc::from([7; 32]),
            outside: outside.narrowed(Email.hosts(&settings), &settings),
            settings,
            tokens,
            files: Arc::new(crate::conformance::Shelf),
            webhook_url: None,
        }
    }

    pub fn open(&self, settings: Settings) -> Arc<dyn Channel> {
        Email.open(self.account(settings, Arc::new(NoTokens))).expect("the simulator starts")
    }

    pub fn channel(&self) -> Arc<dyn Channel> {
        self.open(self.settings())
    }

    /// Commands the IMAP server has answered.
    pub fn imap_commands(&self) -> u64 {
        self.platform
            .ledger()
            .counts()
            .iter()
            .filter(|(kind, _)| kind.starts_with("imap "))
            .map(|(_, count)| count)
            .sum()
    }
}

/// A plain mail from a patron.
pub fn mail(n: usize) -> String {
    format!(
        "From: Abena Osei <a.osei@example.org>\r\nTo: {ADDRESS}\r\nSubject: Question {n}\r\nMessage-ID: <{n}@example.org>\r\nDate: Tue, 06 Oct 2026 09:00:00 +0000\r\n\r\nWhen do you open on day {n}?\r\n"
    )
}
