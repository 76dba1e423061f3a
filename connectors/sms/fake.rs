//! The platform in miniature with one number of ours and one patron, for the tests.

use std::sync::Arc;

use uuid::Uuid;

use super::Sms;
use crate::contract::{
    Account, Address, Channel, ChannelId, Connector, Draft, NoTokens, Outside, Recipient, Settings,
    Visibility,
};
use crate::simulator::sms::{SmsOptions, SmsPlatform};
use crate::simulator::{Clock, FrozenClock};

/// Ours.
pub const NUMBER: &str = "+14065550100";
/// Theirs.
pub const PATRON: &str = "+14065550193";
/// Sunday, 22 November 2026, 10:00 UTC.
pub const NOW: i64 = 1_795_341_600_000;

/// The platform and its clock.
pub struct Fake {
    /// What time it is there.
    pub clock: Arc<FrozenClock>,
    /// It.
    pub platform: SmsPlatform,
}

impl Fake {
    /// Starts it.
    pub async fn start() -> Self {
        let clock = FrozenClock::at(NOW);
        let mut options = SmsOptions::new(clock.clone());
        options.auth_token = "a token of thirty-two letters...".to_owned();
        let platform = SmsPlatform::start(options).await.expect("there is a free port");
        platform.add_number(NUMBER);
        Self { clock, platform }
    }

    /// Settings that reach it.
    pub fn settings(&self) -> Settings {
        Settings::new()
            .with("number", NUMBER)
            .with("account_sid", self.platform.account_sid())
            .with("api_base", self.platform.base())
            .with("timeout_s", "1")
            .with_secret("auth_token", self.platform.auth_token())
    }

    /// The number, opened.
    pub fn open(&self) -> Arc<dyn Channel> {
        self.open_with(self.settings(), None)
    }

    /// The number, opened otherwise.
    pub fn open_with(&self, settings: Settings, webhook_url: Option<&str>) -> Arc<dyn Channel> {
        let clock = self.clock.clone();
        open(settings, webhook_url, Arc::new(move || clock.now_ms()))
    }

    /// The patron texts.
    pub fn arrives(&self, body: &str) -> String {
        self.platform.text(PATRON, NUMBER, body, Vec::new()).expect("the number is rented")
    }

    /// Time passes there.
    pub fn pass(&self, ms: i64) {
        self.clock.advance(ms);
        self.platform.run_due();
    }

    /// The texts that the library sent, with what became of them.
    pub fn sent(&self) -> Vec<(String, String)> {
        let texts = self.platform.texts().into_iter();
        texts.filter(|text| !text.inbound).map(|text| (text.body, text.status)).collect()
    }
}

/// A number with any settings and clock.
pub fn open(
    settings: Settings,
    webhook_url: Option<&str>,
    now: Arc<dyn Fn() -> i64 + Send + Sync>,
) -> Arc<dyn Channel> {
    let outside = Outside::new(now, None).expect("the system's certificates can be read");
    let account = Account {
        channel: ChannelId(Uuid::from_u128(0xC0)),
        proof_key: Arc::from([9; 32]),
        outside: outside.narrowed(Sms.hosts(&settings), &settings),
        settings,
        tokens: Arc::new(NoTokens),
        files: Arc::new(crate::conformance::Shelf),
        webhook_url: webhook_url.map(str::to_owned),
    };
    Sms.open(account).expect("the settings open a channel")
}

/// Settings that open a channel; nobody need listen where they point.
pub fn sample() -> Settings {
    Settings::new()
        .with("number", NUMBER)
        .with("account_sid", format!("AC{:032x}", 1))
        .with_secret("auth_token", "a sample token")
}

/// An answer to the patron.
pub fn draft(text: &str) -> Draft {
    let address = Address { id: PATRON.to_owned(), shown: "(406) 555-0193".to_owned(), name: None };
    Draft {
        text: text.to_owned(),
        subject: None,
        to: Recipient { address, copies: Vec::new() },
        from_name: "Bryan Ortiz".to_owned(),
        signature: None,
        answers: None,
        patron_wrote_at: Some(NOW),
        visibility: Visibility::Private,
        enclosures: Vec::new(),
        automatic: false,
    }
}

/// Whatever a test had the connector ask is held against the published description, where that is at hand.
impl Drop for Fake {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let Some(published) = super::tests::published::published() else { return };
        let asked = self.platform.ledger().pick(|line| line.what.asked().cloned());
        for asked in asked.iter().filter(|asked| asked.target.starts_with(super::API)) {
            let wrong = published.wrong(asked);
            assert!(wrong.is_empty(), "{} {}: {wrong:?}", asked.method, asked.target);
        }
    }
}
