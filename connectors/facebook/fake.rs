//! The simulated platform with one Page, and a channel that talks to it.

use std::sync::Arc;

use uuid::Uuid;

use super::Facebook;
use super::metadata;
use crate::contract::{
    Account, Address, Answered, Channel, ChannelId, Connector, Draft, Key, NoTokens, Outside, Recipient,
    Settings, Visibility,
};
use crate::simulator::graph::{GraphOptions, GraphPatron, GraphPlatform, Happened, OwnPage};
use crate::simulator::{Clock, FrozenClock};

/// 2026-10-06T09:02:11Z.
pub const NOW: i64 = 1_791_277_331_000;
pub const VERIFY: &str = "a word of our own choosing";
pub const PROOF_KEY: [u8; 32] = [7; 32];

/// One simulated platform with one Page, one post and one patron who has written before.
pub struct Fake {
    pub clock: Arc<FrozenClock>,
    pub platform: GraphPlatform,
    pub page: OwnPage,
    pub post: String,
    pub patron: GraphPatron,
}

impl Fake {
    pub async fn start() -> Self {
        Self::with(|_| ()).await
    }

    pub async fn with(change: impl FnOnce(&mut GraphOptions)) -> Self {
        let clock = FrozenClock::at(NOW);
        let mut options = GraphOptions::new(clock.clone());
        change(&mut options);
        let platform = GraphPlatform::start(options).await.expect("the simulator starts");
        let page = platform.add_page("Fernhill Library");
        let post = platform.post(&page.id, "We are open again after the flood.");
        let patron = platform.person("Abena Osei");
        patron.write(&page.id, "Good morning!");
        Self { clock, platform, page, post, patron }
    }

    /// What a person would enter for this Page.
    pub fn settings(&self) -> Settings {
        let (id, secret) = self.platform.app();
        Settings::new()
            .with("auth", "token")
            .with("client_id", id)
            .with_secret("client_secret", secret)
            .with_secret("verify_token", VERIFY)
            .with("page_id", &self.page.id)
            .with_secret("page_token", &self.page.token)
            .with("api_base", self.platform.address())
            .with("timeout_s", "1")
    }

    pub fn account(&self, settings: Settings) -> Account {
        let clock = self.clock.clone();
        let outside = Outside::new(Arc::new(move || clock.now_ms()), None).expect("the simulator starts");
        Account {
            channel: ChannelId(Uuid::from_u128(0x2002)),
            proof_key: Arc::from(PROOF_KEY),
            outside: outside.narrowed(Facebook.hosts(&settings), &settings),
            settings,
            tokens: Arc::new(NoTokens),
            files: Arc::new(crate::conformance::Shelf),
            webhook_url: None,
        }
    }

    pub fn open(&self, settings: Settings) -> Arc<dyn Channel> {
        Facebook.open(self.account(settings)).expect("the simulator starts")
    }

    pub fn channel(&self) -> Arc<dyn Channel> {
        self.open(self.settings())
    }

    /// What the platform took from the library's app.
    pub fn taken(&self) -> Vec<Happened> {
        let is_taken = |happened: &&Happened| matches!(happened, Happened::Taken { .. });
        self.platform.ledger().pick(|line| line.what.own().filter(is_taken).cloned())
    }

    /// An answer to the patron in Messenger.
    pub fn draft(&self, text: &str) -> Draft {
        draft(self.patron.id(), &format!("dm:{}", self.patron.id()), None, text)
    }

    /// An answer for everybody, under this comment or post.
    pub fn public(&self, thread: &str, answered: &str, text: &str) -> Draft {
        Draft { visibility: Visibility::Public, ..draft(self.patron.id(), thread, Some(answered), text) }
    }
}

pub fn draft(to: &str, thread: &str, answered: Option<&str>, text: &str) -> Draft {
    let address =
        Address { id: to.to_owned(), shown: "Abena Osei".to_owned(), name: Some("Abena Osei".to_owned()) };
    Draft {
        text: text.to_owned(),
        subject: None,
        to: Recipient { address, copies: Vec::new() },
        from_name: "Bryan Ortiz".to_owned(),
        signature: None,
        answers: Some(Answered {
            id: answered.map(str::to_owned),
            conversation: Some(thread.to_owned()),
            at: Some(NOW - 60_000),
            ..Answered::default()
        }),
        patron_wrote_at: Some(NOW - 60_000),
        visibility: Visibility::Private,
        enclosures: Vec::new(),
        automatic: false,
    }
}

/// The delivery that metadata names.
pub fn named_by(happened: &Happened) -> Option<Key> {
    match happened {
        Happened::Taken { metadata, .. } => metadata::verify(&PROOF_KEY, metadata.as_deref()?),
        _ => None,
    }
}
