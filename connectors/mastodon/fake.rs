//! An instance in miniature with one account of ours, as the exam wants it.

use std::sync::Arc;

use secrecy::SecretString;
use uuid::Uuid;

use super::Mastodon;
use super::tests::published;
use crate::contract::{
    Account, BoxFuture, Channel, ChannelId, Connector, Failure, Outside, Settings, Tokens,
};
use crate::simulator::mastodon::{Instance, InstanceOptions, Line, Patron};
use crate::simulator::web::Asked;
use crate::simulator::{Clock, FrozenClock};

pub const NOW_MS: i64 = 1_791_277_331_000;
pub const HANDLE: &str = "fernhill";
/// Who writes.
pub const PATRON: &str = "Ottoline@reading.example";

/// An instance with an account of ours and one patron, who has already spoken to it in public.
pub struct Fake {
    pub clock: Arc<FrozenClock>,
    pub platform: Instance,
    pub library: String,
    pub patron: Patron,
    pub tokens: Arc<Pair>,
    /// What the patron said before anything else.
    pub first: String,
}

/// A sign-in that does not end.
pub struct Pair(pub String);

impl Fake {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut InstanceOptions)) -> Self {
        let clock = FrozenClock::at(NOW_MS);
        let mut options = InstanceOptions::new(clock.clone());
        options.patience = 1000;
        change(&mut options);
        let platform = Instance::start(options).await.expect("the simulator starts");
        let library = platform.account(HANDLE, "Fernhill Library");
        let patron = platform.patron(PATRON, "Ottoline Reed");
        let first = patron.mention(&library, "are you open on Monday?");
        let tokens = Arc::new(Pair(platform.token_by_hand(&library)));
        Self { clock, platform, library, patron, tokens, first }
    }

    /// What a person would enter, and that nobody is far away.
    pub fn settings(&self) -> Settings {
        Settings::new()
            .with("instance", self.platform.host())
            .with("protocol", "http")
            // An instance that says nothing is given up after a second.
            .with("timeout_s", "1")
    }

    pub fn account(&self, settings: Settings) -> Account {
        let clock = self.clock.clone();
        let outside = Outside::new(Arc::new(move || clock.now_ms()), None).expect("the simulator starts");
        Account {
            channel: ChannelId(Uuid::from_u128(0x1003)),
            proof_key: Arc::from([7; 32]),
            outside: outside.narrowed(Mastodon.hosts(&settings), &settings),
            settings,
            tokens: self.tokens.clone(),
            files: Arc::new(crate::conformance::Shelf),
            webhook_url: None,
        }
    }

    pub fn open(&self, settings: Settings) -> Arc<dyn Channel> {
        Mastodon.open(self.account(settings)).expect("these settings are right")
    }

    pub fn channel(&self) -> Arc<dyn Channel> {
        self.open(self.settings())
    }

    /// What the instance took from us, in order.
    pub fn taken(&self) -> Vec<String> {
        self.platform.ledger().pick(|line| match line.what.own()? {
            Line::Posted { id, through: true, .. } => Some(id.clone()),
            _ => None,
        })
    }

    /// What was asked of the instance.
    pub fn asked(&self) -> Vec<Asked> {
        self.platform.ledger().pick(|line| line.what.asked().cloned())
    }
}

/// No test may have sent what Mastodon's description does not know, nor have been answered otherwise.
impl Drop for Fake {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Some(published) = published::published() {
            let wrong: Vec<String> = self.asked().iter().flat_map(|asked| published.wrong(asked)).collect();
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        }
    }
}

impl Tokens for Pair {
    fn access_token<'a>(&'a self, rejected: Option<&'a str>) -> BoxFuture<'a, Result<SecretString, Failure>> {
        Box::pin(async move {
            if rejected == Some(self.0.as_str()) {
                let why = "This account must be signed in again.".to_owned();
                return Err(Failure::NeedsSignin { why });
            }
            Ok(self.0.clone().into())
        })
    }
}
