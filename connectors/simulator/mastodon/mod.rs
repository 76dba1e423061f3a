//! An instance of Mastodon in miniature: posts and what its accounts are told of, apps that register themselves, sign-in on
//! its page, files, limits, keys under which the same post is one post; and patrons, of here and of other instances, who
//! write in public and in private.
//!
//! ```no_run
//! # use connectors::simulator::{FrozenClock, mastodon::{InstanceOptions, Instance}};
//! # async fn example() -> std::io::Result<()> {
//! let clock = FrozenClock::at(1_791_277_331_000);
//! let platform = Instance::start(InstanceOptions::new(clock.clone())).await?;
//! let library = platform.account("fernhill", "Fernhill Library");
//! let ottoline = platform.patron("ottoline@reading.example", "Ottoline Reed");
//! ottoline.answers_next(60_000, "Thank you!");
//! ottoline.mention(&library, "are you open on Monday?");
//! // A connector reads it at platform.host() and answers there; then:
//! clock.advance(60_000);
//! platform.run_due();
//! platform.faults().switch_on("statuses/429:2".parse::<connectors::simulator::Plan<_>>().expect("a plan"));
//! platform.stop().await;
//! # Ok(()) }
//! ```
//!
//! What it does not do: timelines, followers, favourites, streaming, edits, the federation itself.

mod accounts;
mod files;
mod limits;
mod manners;
mod patron;
mod posts;
mod saying;
mod signin;
mod world;

pub use patron::Patron;
pub use world::{Line, Seen};

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};

use super::web::{Entry, Front, WebFault};
use super::{Clock, Faults, Ledger, lock};
use limits::{Door, Limits};
use patron::Minds;
use signin::Desk;
use world::World;

/// How the instance is to be.
#[derive(Debug, Clone)]
pub struct InstanceOptions {
    /// What time it is there, and when later is.
    pub clock: Arc<dyn Clock>,
    /// The same seed makes the same tokens.
    pub seed: u64,
    /// The port; 0: any free one.
    pub port: u16,
    /// The name behind the second @ of its accounts.
    pub domain: String,
    /// The longest post.
    pub max_characters: u32,
    /// Each limit is so many times Mastodon's own, and a refusal is over so many times as soon.
    pub patience: u32,
    /// The ledger is also appended to this file.
    pub ledger_file: Option<PathBuf>,
}

impl InstanceOptions {
    /// Any port, Mastodon's own limits.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            seed: 1,
            port: 0,
            domain: "library.example".to_owned(),
            max_characters: 500,
            patience: 1,
            ledger_file: None,
        }
    }
}

/// Everything behind the doors.
#[derive(Debug)]
pub(crate) struct Office {
    front: Front<Line>,
    world: Mutex<World>,
    desk: Mutex<Desk>,
    limits: Mutex<Limits>,
    minds: Mutex<Minds>,
    address: OnceLock<SocketAddr>,
    max_characters: u32,
    patience: u32,
}

impl Office {
    fn base(&self) -> String {
        self.address.get().map_or_else(String::new, |address| format!("http://{address}"))
    }

    /// Lets a signed-in account do what its sign-in allows, if it may once more.
    fn through(
        self: &Arc<Self>,
        door: Door,
        scope: &str,
        headers: &HeaderMap,
        inside: impl FnOnce(&Arc<Self>, &str) -> Response,
    ) -> Response {
        let account = match self.signed(headers, scope) {
            Ok(account) => account,
            Err(refusal) => return *refusal,
        };
        let standing = lock(&self.limits).knock(door, &account, self.front.now(), self.patience);
        let mut response =
            if standing.opened { inside(self, &account) } else { saying::error(429, "Too many requests") };
        standing.write(&mut response);
        response
    }
}

/// A running instance. Stops when it is dropped; [`Instance::stop`] also waits for it.
#[derive(Debug)]
pub struct Instance {
    office: Arc<Office>,
}

impl Instance {
    /// Starts it on 127.0.0.1.
    ///
    /// # Errors
    /// When a given port is taken, or the ledger's file cannot be written.
    pub async fn start(options: InstanceOptions) -> io::Result<Self> {
        let front = Front::open(options.clock.clone(), options.seed, options.ledger_file.as_deref())?;
        let office = Arc::new(Office {
            front: front.clone(),
            world: Mutex::new(World::of_domain(options.domain)),
            desk: Mutex::default(),
            limits: Mutex::default(),
            minds: Mutex::default(),
            address: OnceLock::new(),
            max_characters: options.max_characters,
            patience: options.patience,
        });
        let manners = manners::Curt { clock: options.clock, patience: options.patience };
        let address = front.serve(options.port, manners, router(office.clone())).await?;
        // Set once, here.
        let _ = office.address.set(address);
        Ok(Self { office })
    }

    /// Where it is reached: `127.0.0.1:4010`.
    pub fn host(&self) -> String {
        self.office.address.get().map(ToString::to_string).unwrap_or_default()
    }

    /// Gives the library an account; the one that has the name already, if one has. Gives its number.
    pub fn account(&self, username: &str, name: &str) -> String {
        let id = lock(&self.office.world).person(username, name);
        lock(&self.office.desk).at_the_browser.get_or_insert_with(|| id.clone());
        id
    }

    /// An access token as people make one by hand under Preferences, Development; the same in every instance that is built
    /// anew.
    pub fn token_by_hand(&self, account: &str) -> String {
        let token = format!("by-hand-{account}-and-not-guessed");
        lock(&self.office.desk).allow(&token, account, signin::ALL_SCOPES);
        token
    }

    /// Takes every sign-in of the account back.
    pub fn revoke(&self, account: &str) {
        lock(&self.office.desk).revoke(account);
    }

    /// Somebody else sits at the browser that is sent to the instance's page.
    pub fn at_the_browser(&self, account: &str) {
        lock(&self.office.desk).at_the_browser = Some(account.to_owned());
    }

    /// Lets somebody in, of here (`ana`) or of another instance (`ana@books.example`); the one who has the name already, if
    /// one has.
    pub fn patron(&self, acct: &str, name: &str) -> Patron {
        let id = lock(&self.office.world).person(acct, name);
        lock(&self.office.minds).entry(id.clone()).or_default();
        Patron { id, office: Arc::clone(&self.office) }
    }

    /// The account posts something at the instance's own page, naming whom it wants to.
    pub fn says(&self, account: &str, text: &str, seen: Seen, answers: Option<&str>) -> String {
        self.office.say(account, text, seen, answers, Vec::new(), false).id
    }

    /// What was posted under this number: its text and who may read it.
    pub fn posted(&self, id: &str) -> Option<(String, Seen)> {
        lock(&self.office.world).post(id).map(|post| (post.text.clone(), post.seen))
    }

    /// The files of what was posted under this number, as they came.
    pub fn files_of(&self, id: &str) -> Vec<Vec<u8>> {
        let world = lock(&self.office.world);
        let media = world.post(id).map(|post| post.media.clone()).unwrap_or_default();
        media.iter().filter_map(|id| world.files.get(id)).map(|file| file.bytes.clone()).collect()
    }

    /// A post is taken back.
    pub fn delete(&self, id: &str) {
        lock(&self.office.world).delete(id);
    }

    /// What it gave and took.
    pub fn ledger(&self) -> &Ledger<Entry<Line>> {
        &self.office.front.ledger
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults<WebFault> {
        &self.office.front.faults
    }

    /// Returns when everything is done that is due by the clock.
    pub fn run_due(&self) {
        self.office.front.run_due();
    }

    /// When the next thing is due, milliseconds since 1970.
    pub fn next_due_ms(&self) -> Option<i64> {
        self.office.front.next_due_ms()
    }

    /// Stops, and waits until the last task has ended.
    pub async fn stop(&self) {
        self.office.front.end().await;
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.office.front.cancel();
    }
}

fn router(office: Arc<Office>) -> Router {
    Router::new()
        .route("/api/v1/apps", post(signin::register))
        .route("/oauth/authorize", get(signin::authorize))
        .route("/oauth/token", post(signin::token))
        .route("/api/v2/instance", get(accounts::instance))
        .route("/api/v1/accounts/verify_credentials", get(accounts::me))
        .route("/api/v1/accounts/{id}/statuses", get(posts::by))
        .route("/api/v1/notifications", get(posts::told))
        .route("/api/v1/statuses", post(posts::create))
        .route("/api/v1/statuses/{id}", get(posts::one))
        .route("/api/v2/media", post(files::upload))
        .route("/api/v1/media/{id}", get(files::status))
        .route("/system/media_attachments/{name}", get(files::public))
        .layer(DefaultBodyLimit::max(64 << 20))
        .with_state(office)
}
