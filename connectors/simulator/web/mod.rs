//! What every simulated platform on the web has in common: a door on loopback behind which faults strike by name and each
//! request is written down, and a [`Caller`] that makes the platform's webhook calls.
//!
//! A platform opens a [`Front`], gives it a [`Router`] of what it can do and its [`Manners`] (how it says no), and keeps its
//! own state. What it gave and took it writes with [`Front::note`].

mod caller;
mod cord;
mod entry;
mod fault;
mod layer;
#[cfg(test)]
mod tests;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Serialize;
use tokio::net::TcpListener;

pub use caller::{Callback, Caller, Persistence, Sign};
pub use entry::{Asked, Called, Entry};
pub use fault::WebFault;
pub use layer::Streaming;

use super::stage::Stage;
use super::{Clock, Faults, Ledger};

/// How a platform tells doors and accounts apart, and how it says no.
pub trait Manners: Send + Sync + 'static {
    /// The door that a request knocks at, such as `messages`: what stands before `/` in a fault's plan.
    fn place(&self, _request: &Parts) -> &'static str {
        "api"
    }

    /// The account it is about, as far as its head tells: what stands after `@` in a fault's plan, in lower case.
    fn account(&self, _request: &Parts) -> Option<String> {
        None
    }

    /// How the platform says that: one of 429, 5xx, expired, revoked, refused.
    fn refusal(&self, fault: WebFault, request: &Parts) -> Response;

    /// Whether such a request can meet this fault; a read cannot be `refused`, a sign-in has no token to expire.
    fn can_meet(&self, _fault: WebFault, _request: &Parts) -> bool {
        true
    }
}

/// Clock, chance, faults and ledger of one platform on the web. Cheap to clone; the platform that opened it cancels it.
pub struct Front<Own> {
    pub(in crate::simulator) stage: Arc<Stage>,
    /// What was asked, what was called, and what the platform itself wrote.
    pub ledger: Arc<Ledger<Entry<Own>>>,
    /// What goes wrong.
    pub faults: Arc<Faults<WebFault>>,
}

impl<Own> Clone for Front<Own> {
    fn clone(&self) -> Self {
        Self { stage: self.stage.clone(), ledger: self.ledger.clone(), faults: self.faults.clone() }
    }
}

impl<Own: Clone + Serialize + Send + Sync + 'static> Front<Own> {
    /// Opens the books. Needs a running tokio runtime.
    ///
    /// # Errors
    /// When the ledger's file cannot be written.
    pub fn open(clock: Arc<dyn Clock>, seed: u64, ledger_file: Option<&Path>) -> io::Result<Self> {
        let ledger = Arc::new(Ledger::open(clock.clone(), ledger_file)?);
        let stage = Arc::new(Stage::new(clock, seed));
        Ok(Self { stage, ledger, faults: Arc::new(Faults::seeded(seed)) })
    }

    /// Serves `router` on `port` of 127.0.0.1 (0: any free one) until the stage ends; returns the address.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn serve(&self, port: u16, manners: impl Manners, router: Router) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let router = layer::around(router, self.clone(), Arc::new(manners));
        let stop = self.stage.stop.clone().cancelled_owned();
        let service = router.into_make_service_with_connect_info::<cord::Cord>();
        let serving = axum::serve(cord::Doorway(listener), service).with_graceful_shutdown(stop);
        self.stage.run(async move { serving.await });
        Ok(address)
    }

    /// Writes a line of the platform's own.
    pub fn note(&self, own: Own) {
        self.ledger.write(Entry::Own(own));
    }

    /// Now, epoch milliseconds.
    pub fn now(&self) -> i64 {
        self.stage.clock.now_ms()
    }

    /// Has `job` done when the clock shows `at_ms`.
    pub fn later(&self, at_ms: i64, job: impl FnOnce() + Send + 'static) {
        self.stage.agenda.enter(at_ms, job);
    }

    /// Returns when everything is done that is due by the clock.
    pub fn run_due(&self) {
        self.stage.agenda.run_due();
    }

    /// When the next thing is due, epoch milliseconds.
    pub fn next_due_ms(&self) -> Option<i64> {
        self.stage.agenda.next_at_ms()
    }

    /// Tells everything to stop; a platform does this when it is dropped.
    pub fn cancel(&self) {
        self.stage.stop.cancel();
    }

    /// Stops, and waits until the last task has ended.
    pub async fn end(&self) {
        self.stage.end().await;
    }
}

impl<Own> std::fmt::Debug for Front<Own> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Front").finish_non_exhaustive()
    }
}
