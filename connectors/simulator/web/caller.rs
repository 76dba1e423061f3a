//! Makes a platform's webhook calls: signed, at most so many at once, again when they fail, twice or out of turn under faults.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Method;
use serde::Serialize;
use tokio::sync::{Semaphore, watch};

use super::entry::{Called, Entry, words};
use super::{Front, WebFault};
use crate::contract::{Failure, Outside, Settings, Unfenced};
use crate::simulator::lock;
use crate::web::{Answer, Api, host_of};

/// How long a call that is to be overtaken waits for another to overtake it.
const OVERTAKEN_WITHIN_MS: i64 = 2_000;

/// One call to be made.
#[derive(Clone, Debug, Default)]
pub struct Callback {
    /// Whom, as the library registered it.
    pub url: String,
    /// Beside those that [`Caller`]'s signing adds.
    pub headers: Vec<(String, String)>,
    /// What is said.
    pub body: Vec<u8>,
    /// The account it is about, for faults.
    pub account: Option<String>,
}

/// How a platform insists.
#[derive(Clone, Debug)]
pub struct Persistence {
    /// How long it waits for an answer.
    pub patience: Duration,
    /// How long after each failed try the next is made, by the platform's clock; none left: it gives up.
    pub again_after_ms: Vec<i64>,
    /// How many calls it makes at once.
    pub at_once: usize,
    /// Which answers it takes for a failure.
    pub failed: fn(u16) -> bool,
}

impl Default for Persistence {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(15),
            again_after_ms: vec![1_000, 10_000, 60_000, 600_000, 3_600_000],
            at_once: 4,
            failed: |status| !(200..300).contains(&status),
        }
    }
}

/// Adds the headers that prove who calls; asked anew for each try.
pub type Sign = Arc<dyn Fn(&Callback) -> Vec<(String, String)> + Send + Sync>;

/// Makes the calls of one platform. Cheap to clone; calls go on after it is dropped, until the platform stops.
pub struct Caller<Own> {
    shared: Arc<Shared<Own>>,
}

impl<Own> std::fmt::Debug for Caller<Own> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller").field("open", &*self.shared.open.borrow()).finish_non_exhaustive()
    }
}

impl<Own> Clone for Caller<Own> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

struct Shared<Own> {
    front: Front<Own>,
    outside: Outside,
    sign: Sign,
    persistence: Persistence,
    turns: Arc<Semaphore>,
    held_back: Mutex<Vec<Callback>>,
    open: watch::Sender<usize>,
}

impl<Own: Clone + Serialize + Send + Sync + 'static> Caller<Own> {
    /// Makes no call yet.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub fn new(front: Front<Own>, sign: Sign, persistence: Persistence) -> std::io::Result<Self> {
        let clock = front.stage.clock.clone();
        let outside = Outside::new(Arc::new(move || clock.now_ms()), None).map_err(std::io::Error::other)?;
        let turns = Arc::new(Semaphore::new(persistence.at_once));
        let open = watch::Sender::new(0);
        let held_back = Mutex::default();
        Ok(Self { shared: Arc::new(Shared { front, outside, sign, persistence, turns, held_back, open }) })
    }

    /// Has the call made soon; returns at once.
    pub fn call(&self, call: Callback) {
        let strikes = |fault| self.shared.front.faults.strikes(fault, "webhook", call.account.as_deref());
        let (twice, overtaken) = (strikes(WebFault::Duplicate), strikes(WebFault::Reorder));
        if overtaken {
            self.shared.open.send_modify(|open| *open += 1);
            lock(&self.shared.held_back).push(call);
            let (shared, at_ms) = (self.shared.clone(), self.shared.front.now() + OVERTAKEN_WITHIN_MS);
            self.shared.front.stage.agenda.enter(at_ms, move || shared.release());
            return;
        }
        if twice {
            self.shared.begin(call.clone(), 1);
        }
        self.shared.begin(call, 1);
    }

    /// Asks a webhook something, as platforms do before they believe an address (a handshake, a challenge): once, unsigned.
    ///
    /// # Errors
    /// When no whole answer came.
    pub async fn ask(&self, url: &str) -> Result<Answer, Failure> {
        let api = self.shared.door(url);
        let result = api.ask(api.request(Method::GET, url).timeout(self.shared.persistence.patience)).await;
        self.shared.write(url, &[], 1, result.as_ref().ok());
        result
    }

    /// Waits until no call is under way or to be repeated.
    pub async fn settled(&self) {
        let mut open = self.shared.open.subscribe();
        // Fails only when the sender is gone, which `self` holds.
        let _ = open.wait_for(|open| *open == 0).await;
    }
}

impl<Own: Clone + Serialize + Send + Sync + 'static> Shared<Own> {
    fn release(self: &Arc<Self>) {
        let waiting = std::mem::take(&mut *lock(&self.held_back));
        for call in waiting {
            self.begin(call, 1);
            self.open.send_modify(|open| *open -= 1);
        }
    }

    fn begin(self: &Arc<Self>, call: Callback, attempt: u32) {
        self.open.send_modify(|open| *open += 1);
        let shared = self.clone();
        self.front.stage.run(async move {
            // Never closed.
            let turn = shared.turns.clone().acquire_owned().await;
            let done = tokio::select! {
                done = shared.try_once(&call, attempt) => done,
                () = shared.front.stage.stop.cancelled() => true,
            };
            drop(turn);
            shared.release();
            let after_ms = shared.persistence.again_after_ms.get(attempt as usize - 1).copied();
            match after_ms {
                Some(after_ms) if !done => {
                    let (again, at_ms) = (shared.clone(), shared.front.now() + after_ms);
                    shared.front.stage.agenda.enter(at_ms, move || {
                        again.begin(call, attempt + 1);
                        again.open.send_modify(|open| *open -= 1);
                    });
                }
                _ => shared.open.send_modify(|open| *open -= 1),
            }
            Ok(())
        });
    }

    async fn try_once(&self, call: &Callback, attempt: u32) -> bool {
        let api = self.door(&call.url);
        let mut request =
            api.request(Method::POST, &call.url).timeout(self.persistence.patience).body(call.body.clone());
        for (name, value) in call.headers.iter().chain(&(self.sign)(call)) {
            request = request.header(name, value);
        }
        let answer = api.tell(request, &Unfenced).await;
        self.write(&call.url, &call.body, attempt, answer.as_ref().ok());
        answer.is_ok_and(|answer| !(self.persistence.failed)(answer.status))
    }

    /// The platform calls whoever the library named; only that host.
    fn door(&self, url: &str) -> Api {
        let outside = self.outside.narrowed(host_of(url).into_iter().collect(), &Settings::new());
        Api::new(outside, "")
    }

    fn write(&self, url: &str, body: &[u8], attempt: u32, answer: Option<&Answer>) {
        self.front.ledger.write(Entry::Called(Called {
            url: url.to_owned(),
            body: words(body),
            attempt,
            status: answer.map(|answer| answer.status),
            answer: answer.map(|answer| words(&answer.body)).unwrap_or_default(),
        }));
    }
}
