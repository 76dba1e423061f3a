//! X in miniature with one account of ours, as the exam wants it.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::Method;
use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

use super::{X, ids, wire};
use crate::contract::{
    Account, BoxFuture, Channel, ChannelId, Connector, Failure, Outside, Settings, Tokens,
};
use crate::simulator::Clock;
use crate::simulator::FrozenClock;
use crate::simulator::x::{Line, Patron, Registered, XOptions, XPlatform};
use crate::web::{Api, host_of};

pub const NOW_MS: i64 = 1_791_277_331_000;
pub const HANDLE: &str = "FernhillLib";

/// X with an account of ours and one patron, who has already spoken to it in public.
pub struct Fake {
    pub clock: Arc<FrozenClock>,
    pub platform: XPlatform,
    pub library: Registered,
    pub patron: Patron,
    pub tokens: Arc<Pair>,
    /// What the patron said before anything else.
    pub first: String,
}

/// The account's sign-in, refreshed at the platform as the core would.
pub struct Pair {
    api: Api,
    library: Registered,
    held: Mutex<(String, String)>,
}

/// Who writes.
pub const PATRON: &str = "ottoline_r";

/// The number of what the patron says at the fake's beginning.
pub fn first_post() -> String {
    ids::first_at(NOW_MS)
}

impl Fake {
    pub async fn start() -> Self {
        Self::with(1000).await
    }

    /// With doors that open so many times as often as X's own.
    pub async fn with(patience: u32) -> Self {
        let clock = FrozenClock::at(NOW_MS);
        let mut options = XOptions::new(clock.clone());
        options.patience = patience;
        let platform = XPlatform::start(options).await.expect("the simulator starts");
        let library = platform.account(HANDLE, "Fernhill Library");
        let patron = platform.patron(PATRON, "Ottoline Reed");
        let first = patron.mention(&library.id, "are you open on Monday?");
        let base = platform.base();
        let outside = Outside::new(Arc::new(|| 0), None).expect("the system's certificates can be read");
        let outside = outside.narrowed(host_of(&base).into_iter().collect(), &Settings::new());
        let held = Mutex::new(platform.sign_in(&library.id));
        let tokens = Arc::new(Pair { api: Api::new(outside, &base), library: library.clone(), held });
        Self { clock, platform, library, patron, tokens, first }
    }

    /// What a person would enter, but for the address.
    pub fn settings(&self) -> Settings {
        Settings::new()
            .with("client_id", &self.library.client_id)
            .with_secret("client_secret", &self.library.client_secret)
            .with("api_base", self.platform.base())
            // A platform that says nothing is given up after a second.
            .with("timeout_s", "1")
    }

    pub fn with_webhook(&self) -> Settings {
        self.settings()
            .with("push", "webhook")
            .with_secret("app_token", &self.library.app_token)
            .with_secret("consumer_secret", &self.library.consumer_secret)
    }

    pub fn with_stream(&self) -> Settings {
        self.settings().with("push", "stream").with_secret("app_token", &self.library.app_token)
    }

    pub fn account(&self, settings: Settings) -> Account {
        let clock = self.clock.clone();
        let outside = Outside::new(Arc::new(move || clock.now_ms()), None).expect("the simulator starts");
        Account {
            channel: ChannelId(Uuid::from_u128(0x1002)),
            proof_key: Arc::from([7; 32]),
            outside: outside.narrowed(X.hosts(&settings), &settings),
            settings,
            tokens: self.tokens.clone(),
            files: Arc::new(crate::conformance::Shelf),
            webhook_url: None,
        }
    }

    pub fn open(&self, settings: Settings) -> Arc<dyn Channel> {
        X.open(self.account(settings)).expect("these settings are right")
    }

    pub fn channel(&self) -> Arc<dyn Channel> {
        self.open(self.settings())
    }

    /// What the platform took from us, in order.
    pub fn taken(&self) -> Vec<String> {
        self.platform.ledger().pick(|line| match line.what.own()? {
            Line::Posted { id, through: true, .. } | Line::Directed { id, through: true, .. } => {
                Some(id.clone())
            }
            _ => None,
        })
    }

    /// What was asked of the platform: method, path with query, status.
    pub fn asked(&self) -> Vec<crate::simulator::web::Asked> {
        self.platform.ledger().pick(|line| line.what.asked().cloned())
    }
}

impl Pair {
    /// Both tokens.
    pub fn secrets(&self) -> Vec<String> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        vec![held.0.clone(), held.1.clone()]
    }

    async fn refresh(&self) -> Result<SecretString, Failure> {
        let refresh = self.secrets().remove(1);
        let request = self
            .api
            .request(Method::POST, "/2/oauth2/token")
            .basic_auth(&self.library.client_id, Some(&self.library.client_secret))
            .form(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)]);
        let answer = self.api.ask(request).await?;
        let value: Value = answer.json()?;
        match (wire::text(&value, "access_token"), wire::text(&value, "refresh_token")) {
            (Some(access), Some(refresh)) => {
                *self.held.lock().unwrap_or_else(PoisonError::into_inner) = (access.clone(), refresh);
                Ok(access.into())
            }
            _ => Err(Failure::NeedsSignin { why: "This account must be signed in again.".to_owned() }),
        }
    }
}

impl Tokens for Pair {
    fn access_token<'a>(&'a self, rejected: Option<&'a str>) -> BoxFuture<'a, Result<SecretString, Failure>> {
        Box::pin(async move {
            let held = self.secrets().remove(0);
            if rejected == Some(held.as_str()) { self.refresh().await } else { Ok(held.into()) }
        })
    }
}
