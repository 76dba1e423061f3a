//! The exam every connector sits: `connectors/README.md` made executable. For tests only; nothing of it ships.
//!
//! A connector brings a [`Candidate`] (sample settings, fixtures, its platform in miniature) and calls [`exam`] from its
//! tests. Which cases it sits follows from the parts its channel has and the capabilities it declares; all are run, and all
//! that failed are said at once.

mod again;
mod books;
mod decoding;
mod door;
mod fences;
mod manifest;
mod overlap;
mod polling;
mod secrets;
mod sending;
pub mod shelf;
mod summary;
#[cfg(test)]
mod tests;
mod trouble;
mod webhooks;

use std::sync::Arc;

use futures::future::LocalBoxFuture;
use uuid::Uuid;

pub use fences::{Shut, Watched};
pub use shelf::{Shelf, described, enclose};
pub use summary::summary;

use crate::contract::{
    Account, Budget, Channel, ChannelId, Connector, Draft, Event, Key, NoTokens, Outside, Settings, Tokens,
};

/// A connector that sits the exam.
pub trait Candidate {
    /// Itself.
    fn connector(&self) -> &'static dyn Connector;
    /// Settings that open a channel; nobody need listen where they point.
    fn sample_settings(&self) -> Settings;
    /// Settings that these samples cannot do without although the manifest, which knows no conditions, does not say so.
    fn also_needed(&self) -> Vec<&'static str> {
        Vec::new()
    }
    /// What the platform gives, one file a case.
    fn fixtures(&self) -> Vec<Fixture>;
    /// The pure way from bytes to events that polls and webhooks share.
    fn decode(&self, bytes: &[u8]) -> Vec<Event>;
    /// Signed calls as the platform makes them; for channels with a webhook.
    fn calls(&self) -> Vec<Call> {
        Vec::new()
    }
    /// A text of so many units of the channel's text limit, made of this character; none: the unit is the character or byte.
    fn text_of(&self, _units: u32, _of: char) -> Option<String> {
        None
    }
    /// Where the platform can call the channel, for those that can do more when it can.
    fn webhook_url(&self) -> Option<String> {
        None
    }
    /// Starts the platform in miniature.
    fn fake(&self) -> LocalBoxFuture<'_, Box<dyn Fake>>;
    /// An answer to a patron of the fake.
    fn draft(&self, text: &str) -> Draft;
}

/// What a platform gave once.
pub struct Fixture {
    /// Names the case.
    pub name: &'static str,
    /// As they came.
    pub bytes: Vec<u8>,
    /// What [`summary`] says of its events.
    pub says: &'static str,
}

/// A call to our door.
#[derive(Clone)]
pub struct Call {
    /// As the platform calls it.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Raw.
    pub body: Vec<u8>,
    /// Which header carries the proof.
    pub signature: &'static str,
}

/// A platform in miniature, with one account of ours.
pub trait Fake {
    /// Settings that reach it.
    fn settings(&self) -> Settings;
    /// What time it is there, epoch milliseconds.
    fn now(&self) -> i64;
    /// Where access tokens come from.
    fn tokens(&self) -> Arc<dyn Tokens> {
        Arc::new(NoTokens)
    }
    /// Secrets beside those in the settings.
    fn further_secrets(&self) -> Vec<String> {
        Vec::new()
    }
    /// A patron writes.
    fn arrive(&self, text: &str);
    /// A patron writes by another of the account's ways (under a post, in private); false: there is none.
    fn arrive_otherwise(&self, _text: &str) -> bool {
        false
    }
    /// A patron sends this picture; false: not on this platform.
    fn arrive_as_picture(&self, _gif: &[u8]) -> bool {
        false
    }
    /// Whether news itself comes over the line that the channel watches, and not only word that there is some.
    fn tells_over_the_line(&self) -> bool {
        false
    }
    /// Returns when every call of the platform was made; for channels with a webhook.
    fn calls_settled(&self) -> LocalBoxFuture<'_, ()> {
        Box::pin(async {})
    }
    /// Our account says something in the platform's own app; false: not on this platform.
    fn answer_elsewhere(&self, text: &str) -> bool;
    /// The ids of what the platform took from us, in order, doubles included.
    fn taken(&self) -> Vec<String>;
    /// The files of what the platform took under this id, byte for byte.
    fn files_of(&self, _id: &str) -> Vec<Vec<u8>> {
        Vec::new()
    }
    /// How often anybody connected or asked.
    fn contacts(&self) -> u64;
    /// Makes this go wrong from now on; false: it cannot go wrong there.
    fn trouble(&self, trouble: Trouble) -> bool;
    /// Nothing goes wrong any more.
    fn mend(&self);
}

/// What can go wrong on every platform in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Password or token are refused.
    Denied,
    /// Too many requests.
    Throttled,
    /// The platform is out of order (500, BYE, 421).
    Unavailable,
    /// It takes the connection and says nothing.
    Silent,
    /// It hangs up in the middle.
    Reset,
    /// It answers something that is not its protocol.
    Nonsense,
    /// It takes a message and hangs up before it says so.
    LostAnswer,
    /// It takes a message, keeps the line open and never says so.
    NoAnswer,
    /// It refuses a message for good.
    Refused,
}

/// However little a channel can do.
const FEWEST_CASES: u32 = 40;

/// Sits every case that applies.
///
/// # Panics
/// With everything that failed, one line each.
pub async fn exam(candidate: &dyn Candidate) {
    let mut paper = Paper::default();
    manifest::sit(candidate, &mut paper);
    decoding::sit(candidate, &mut paper);
    webhooks::sit(candidate, &mut paper);
    polling::sit(candidate, &mut paper).await;
    overlap::sit(candidate, &mut paper).await;
    again::sit(candidate, &mut paper).await;
    sending::sit(candidate, &mut paper).await;
    trouble::sit(candidate, &mut paper).await;
    secrets::sit(candidate, &mut paper).await;
    eprintln!("{}: {} cases were right", candidate.connector().manifest().name, paper.right);
    assert!(paper.wrong.is_empty(), "\n{}\n", paper.wrong.join("\n"));
    assert!(paper.right >= FEWEST_CASES, "only {} cases were examined", paper.right);
}

/// What was right and what was not.
#[derive(Default)]
struct Paper {
    right: u32,
    wrong: Vec<String>,
}

impl Paper {
    fn check(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if holds {
            self.right += 1;
        } else {
            self.wrong.push(otherwise());
        }
    }
}

/// An account as the core would hand it out.
fn account(candidate: &dyn Candidate, settings: Settings, now: i64, tokens: Arc<dyn Tokens>) -> Account {
    let outside = Outside::new(Arc::new(move || now), None).expect("the system's certificates can be read");
    Account {
        channel: ChannelId(Uuid::from_u128(0xC0)),
        proof_key: Arc::from([9; 32]),
        outside: outside.narrowed(candidate.connector().hosts(&settings), &settings),
        settings,
        tokens,
        files: Arc::new(Shelf),
        webhook_url: candidate.webhook_url(),
    }
}

fn open(candidate: &dyn Candidate, fake: &dyn Fake) -> Arc<dyn Channel> {
    open_at(candidate, fake, None)
}

/// Opens the fake's account where the world reaches us at this address.
fn open_at(candidate: &dyn Candidate, fake: &dyn Fake, webhook_url: Option<&str>) -> Arc<dyn Channel> {
    let account = account(candidate, fake.settings(), fake.now(), fake.tokens());
    let webhook_url = webhook_url.map(str::to_owned).or_else(|| account.webhook_url.clone());
    let account = Account { webhook_url, ..account };
    candidate.connector().open(account).expect("the fake's settings open a channel")
}

fn sample(candidate: &dyn Candidate) -> Arc<dyn Channel> {
    let account = account(candidate, candidate.sample_settings(), 0, Arc::new(NoTokens));
    candidate.connector().open(account).expect("the sample settings open a channel")
}

fn key(n: u128) -> Key {
    Key(Uuid::from_u128(n))
}

const AMPLE: Budget = Budget { max_items: 500, max_bytes: 64 << 20 };
