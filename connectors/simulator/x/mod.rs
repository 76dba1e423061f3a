//! X in miniature: posts and direct messages of API v2, sign-in with tokens that rotate, webhooks that it signs, the
//! activity stream, limits by the quarter of an hour; and patrons who write in public and in private.
//!
//! ```no_run
//! # use connectors::simulator::{FrozenClock, x::{XOptions, XPlatform}};
//! # async fn example() -> std::io::Result<()> {
//! let clock = FrozenClock::at(1_791_277_331_000);
//! let platform = XPlatform::start(XOptions::new(clock.clone())).await?;
//! let library = platform.account("FernhillLib", "Fernhill Library");
//! let ottoline = platform.patron("ottoline_r", "Ottoline Reed");
//! ottoline.answers_next(60_000, "Thank you!");
//! ottoline.mention(&library.id, "are you open on Monday?");
//! // A connector reads it at platform.base() and answers there; then:
//! clock.advance(60_000);
//! platform.run_due();
//! platform.faults().switch_on("dm/429:2".parse::<connectors::simulator::Plan<_>>().expect("a plan"));
//! platform.stop().await;
//! # Ok(()) }
//! ```
//!
//! What it does not do: search, groups in direct messages, edits, protected accounts, prices.

mod accounts;
mod activity;
mod directs;
mod files;
mod limits;
mod manners;
mod patron;
mod posts;
mod saying;
mod world;

pub use accounts::Registered;
pub use activity::signature;
pub use patron::{Patron, Reaction};
pub use world::{Line, number_of};

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post, put};

use super::web::{Caller, Entry, Front, Persistence, WebFault};
use super::{Clock, Faults, Ledger, lock};
use accounts::Desk;
use activity::Board;
use limits::{Door, Limits};
use patron::Minds;
use world::{Person, World};

/// How the platform is to be.
#[derive(Debug, Clone)]
pub struct XOptions {
    /// What time it is there, and when later is.
    pub clock: Arc<dyn Clock>,
    /// The same seed makes the same tokens.
    pub seed: u64,
    /// The port; 0: any free one.
    pub port: u16,
    /// Each door opens so many times as often as X's own and gives so many times as much of what was, and a refusal is over so
    /// many times as soon.
    pub patience: u32,
    /// Takes any refresh token from the right app, as a platform that was built anew has forgotten all of them.
    pub forgiving: bool,
    /// The ledger is also appended to this file.
    pub ledger_file: Option<PathBuf>,
}

impl XOptions {
    /// Any port, X's own limits.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, seed: 1, port: 0, patience: 1, forgiving: false, ledger_file: None }
    }
}

/// Everything behind the doors.
#[derive(Debug)]
pub(crate) struct Office {
    front: Front<Line>,
    world: Mutex<World>,
    desk: Mutex<Desk>,
    board: Mutex<Board>,
    limits: Mutex<Limits>,
    minds: Mutex<Minds>,
    caller: OnceLock<Caller<Line>>,
    address: OnceLock<SocketAddr>,
    patience: u32,
    forgiving: bool,
}

impl Office {
    fn base(&self) -> String {
        self.address.get().map_or_else(String::new, |address| format!("http://{address}"))
    }

    /// Lets a signed-in account through a door, if it opens once more.
    fn through(
        self: &Arc<Self>,
        door: Door,
        headers: &HeaderMap,
        inside: impl FnOnce(&Arc<Self>, &str) -> Response,
    ) -> Response {
        let account = match self.signed(headers) {
            Ok(account) => account,
            Err(refusal) => return *refusal,
        };
        let standing = lock(&self.limits).knock(door, &account, self.front.now(), self.patience);
        let mut response = if standing.opened {
            inside(self, &account)
        } else {
            let status = axum::http::StatusCode::TOO_MANY_REQUESTS;
            saying::problem(status, "", "Too Many Requests", "Too Many Requests")
        };
        standing.write(&mut response);
        response
    }
}

/// A running platform. Stops when it is dropped; [`XPlatform::stop`] also waits for it.
#[derive(Debug)]
pub struct XPlatform {
    office: Arc<Office>,
}

impl XPlatform {
    /// Starts it on 127.0.0.1.
    ///
    /// # Errors
    /// When a given port is taken, or the ledger's file cannot be written.
    pub async fn start(options: XOptions) -> io::Result<Self> {
        let front = Front::open(options.clock.clone(), options.seed, options.ledger_file.as_deref())?;
        let office = Arc::new(Office {
            front: front.clone(),
            world: Mutex::default(),
            desk: Mutex::default(),
            board: Mutex::default(),
            limits: Mutex::default(),
            minds: Mutex::default(),
            caller: OnceLock::new(),
            address: OnceLock::new(),
            patience: options.patience,
            forgiving: options.forgiving,
        });
        // Each call is signed where it is made: by the secret of the app that it is for.
        let caller = Caller::new(front.clone(), Arc::new(|_| Vec::new()), Persistence::default())?;
        let manners = manners::Curt { clock: options.clock, patience: options.patience };
        let address = front.serve(options.port, manners, router(office.clone())).await?;
        // Both are set once, here.
        let _ = (office.caller.set(caller), office.address.set(address));
        Ok(Self { office })
    }

    /// Where its API is.
    pub fn base(&self) -> String {
        self.office.base()
    }

    /// Gives the library an account with an app of its own; the account that has the name already, if one has.
    pub fn account(&self, username: &str, name: &str) -> Registered {
        let id = self.person(username, name);
        let mut desk = lock(&self.office.desk);
        if let Some(known) = desk.registered.iter().find(|one| one.id == id) {
            return known.clone();
        }
        let word = || self.office.front.stage.random.word();
        let registered = Registered {
            id,
            client_id: format!("client-{}", word()),
            client_secret: format!("secret-{}", word()),
            app_token: format!("app-{}", word()),
            consumer_secret: format!("consumer-{}", word()),
        };
        desk.registered.push(registered.clone());
        registered
    }

    /// Signs an account in without a browser: an access token and a refresh token.
    pub fn sign_in(&self, account: &str) -> (String, String) {
        let random = self.office.front.stage.random.clone();
        lock(&self.office.desk).pair(account, || random.word(), self.office.front.now())
    }

    /// Lets the account's access tokens run out; its refresh token still works.
    pub fn expire(&self, account: &str) {
        lock(&self.office.desk).expire(account);
    }

    /// Takes the account's sign-in back.
    pub fn revoke(&self, account: &str) {
        lock(&self.office.desk).revoke(account);
    }

    /// X gives up on the addresses that it calls, as after a day of failures.
    pub fn drop_webhooks(&self) {
        lock(&self.office.board).invalidate();
    }

    /// How many hold the activity stream open.
    pub fn listeners(&self) -> usize {
        lock(&self.office.board).listeners()
    }

    /// Lets somebody in; the one who has the name already, if one has.
    pub fn patron(&self, username: &str, name: &str) -> Patron {
        let id = self.person(username, name);
        lock(&self.office.minds).entry(id.clone()).or_default();
        Patron { id, office: Arc::clone(&self.office) }
    }

    /// The account says something to somebody in X's own app.
    pub fn says_in_private(&self, account: &str, to: &str, text: &str) -> String {
        let now = self.office.front.now();
        let direct = lock(&self.office.world).send(account, to, text, Vec::new(), now);
        self.office.directed(&direct, false);
        direct.id
    }

    /// The account answers a post in X's own app.
    pub fn says_in_public(&self, account: &str, answers: &str, text: &str) -> String {
        let now = self.office.front.now();
        let post = lock(&self.office.world).put(account, text, Some(answers), Vec::new(), now);
        self.office.posted(&post, false);
        post.id
    }

    /// The files of the post or direct message of this number, as they came.
    pub fn files_of(&self, id: &str) -> Vec<Vec<u8>> {
        let world = lock(&self.office.world);
        let of_posts = world.posts.iter().filter(|post| post.id == id).flat_map(|post| &post.media);
        let of_directs =
            world.directs.iter().filter(|direct| direct.id == id).flat_map(|direct| &direct.media);
        let files = of_posts.chain(of_directs).filter_map(|id| world.files.get(id));
        files.map(|file| file.bytes.clone()).collect()
    }

    /// What it gave and took.
    pub fn ledger(&self) -> &Ledger<Entry<Line>> {
        &self.office.front.ledger
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults<WebFault> {
        &self.office.front.faults
    }

    /// Waits until no webhook is being called or to be called again.
    pub async fn settled(&self) {
        if let Some(caller) = self.office.caller.get() {
            caller.settled().await;
        }
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

    fn person(&self, username: &str, name: &str) -> String {
        let mut world = lock(&self.office.world);
        if let Some(known) = world.named(username) {
            return known.id.clone();
        }
        let id = number_of(username);
        let person =
            Person { id: id.clone(), username: username.to_owned(), name: name.to_owned(), open: true };
        world.people.push(person);
        id
    }
}

impl Drop for XPlatform {
    fn drop(&mut self) {
        self.office.front.cancel();
    }
}

fn router(office: Arc<Office>) -> Router {
    Router::new()
        .route("/i/oauth2/authorize", get(accounts::authorize))
        .route("/2/oauth2/token", post(accounts::token))
        .route("/2/users/me", get(accounts::me))
        .route("/2/users/{id}/mentions", get(posts::mentioned))
        .route("/2/users/{id}/tweets", get(posts::by))
        .route("/2/tweets", post(posts::create))
        .route("/2/tweets/{id}", get(posts::one))
        .route("/2/dm_events", get(directs::all))
        .route("/2/dm_conversations/with/{person}/dm_events", get(directs::with))
        .route("/2/dm_conversations/with/{person}/messages", post(directs::send_with))
        .route("/2/dm_conversations/{name}/dm_events", get(directs::conversation))
        .route("/2/dm_conversations/{name}/messages", post(directs::send_in))
        .route("/2/dm_conversations/media/{direct}/{media}/{resource}", get(files::private))
        .route("/2/media/upload", post(files::upload).get(files::status))
        .route("/media/{name}", get(files::public))
        .route("/2/webhooks", get(activity::webhooks).post(activity::register))
        .route("/2/webhooks/{id}", put(activity::validate))
        .route("/2/activity/subscriptions", get(activity::subscriptions).post(activity::subscribe))
        .route("/2/activity/stream", get(activity::stream))
        .layer(DefaultBodyLimit::max(32 << 20))
        .with_state(office)
}
