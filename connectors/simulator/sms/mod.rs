//! Twilio in miniature: one account with numbers, patrons with telephones, the API of 2010-04-01 and the calls it makes.
//!
//! What it does as the real one does: Basic authentication; texts that are queued, sent, delivered or not; the list by day,
//! newest first, page by page behind a token that new texts do not shift; files behind a redirect that must not see the keys;
//! STOP, START and HELP answered by itself and 21610 after a STOP; calls signed over the address and the parameters, tried
//! again where the address asks for it; the documented refusals.

mod api;
mod calls;
mod listing;
mod manners;
mod office;
mod patron;
mod sending;
mod text;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::web::{Caller, Entry, Front, Persistence, WebFault};
use super::{Clock, Faults, Ledger};
use office::Office;
pub use office::{Kept, SmsError};
pub use patron::Reaction;
pub use text::Picture;

/// How the platform is to be.
#[derive(Clone, Debug)]
pub struct SmsOptions {
    /// What time it is there, and when later is.
    pub clock: Arc<dyn Clock>,
    /// The same seed makes the same names and chances.
    pub seed: u64,
    /// 0: any free one.
    pub port: u16,
    /// What the account signs in and signs with.
    pub auth_token: String,
    /// The ledger is also appended to this file.
    pub ledger_file: Option<PathBuf>,
}

impl SmsOptions {
    /// No number yet, any port.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, seed: 1, port: 0, auth_token: "only-in-this-town".to_owned(), ledger_file: None }
    }
}

/// What the platform itself writes into its ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// A patron texted.
    Given {
        /// The text's name.
        sid: String,
        /// The patron's number.
        from: String,
        /// The library's number.
        to: String,
        /// What it says.
        body: String,
    },
    /// The library's text was taken.
    Taken {
        /// The text's name.
        sid: String,
        /// The patron's number.
        to: String,
        /// What it says.
        body: String,
        /// How many bytes each of its files has.
        #[serde(default)]
        files: Vec<usize>,
    },
    /// A text of the library's came to its end.
    Settled {
        /// The text's name.
        sid: String,
        /// `delivered` or `undelivered`.
        status: String,
    },
}

/// A running platform. Stops when it is dropped; [`SmsPlatform::stop`] also waits for it.
pub struct SmsPlatform {
    office: Arc<Office>,
    address: SocketAddr,
}

impl SmsPlatform {
    /// Starts on 127.0.0.1.
    ///
    /// # Errors
    /// When the port is taken or the ledger's file cannot be written.
    pub async fn start(options: SmsOptions) -> io::Result<Self> {
        let front = Front::open(options.clock, options.seed, options.ledger_file.as_deref())?;
        let persistence = Persistence {
            again_after_ms: vec![1_000, 2_000, 4_000],
            failed: |status| status >= 400,
            ..Persistence::default()
        };
        let sign = calls::sign(options.auth_token.clone());
        let caller = Caller::new(front.clone(), sign, persistence)?;
        let office = Arc::new(Office::new(front.clone(), caller, options.auth_token));
        let address = front.serve(options.port, manners::Twilio, api::router(office.clone())).await?;
        Ok(Self { office, address })
    }

    /// Where the API is: the connector's `api_base`.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The account's name.
    pub fn account_sid(&self) -> &str {
        &self.office.account
    }

    /// The account's token.
    pub fn auth_token(&self) -> &str {
        &self.office.token
    }

    /// What it gave and took.
    pub fn ledger(&self) -> &Ledger<Entry<Happened>> {
        &self.office.front.ledger
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults<WebFault> {
        &self.office.front.faults
    }

    /// Rents a number to the library.
    pub fn add_number(&self, number: &str) {
        self.office.add_number(number);
    }

    /// Whom a number calls about texts; none: nobody.
    pub fn calls(&self, number: &str) -> Option<String> {
        self.office.calls(number)
    }

    /// Gives somebody a telephone. `react` says what they text to each text that they get, after so many milliseconds.
    pub fn settle(&self, number: &str, react: Reaction) {
        patron::settle(&self.office, number, react);
    }

    /// Somebody texts one of the library's numbers; returns the text's name.
    ///
    /// # Errors
    /// When the library has no such number.
    pub fn text(&self, from: &str, to: &str, body: &str, pictures: Vec<Picture>) -> Result<String, SmsError> {
        patron::text(&self.office, from, to, body, pictures)
    }

    /// What is texted to this number does not arrive, for the reason of this code; none: it does again.
    pub fn set_fate(&self, number: &str, code: Option<u32>) {
        self.office.set_fate(number, code);
    }

    /// Every text there is, oldest first.
    pub fn texts(&self) -> Vec<Kept> {
        self.office.kept()
    }

    /// The files of a text, as they came.
    pub fn files_of(&self, sid: &str) -> Vec<Vec<u8>> {
        let state = self.office.state();
        let text = state.texts.iter().find(|text| text.sid == sid);
        text.map(|text| text.pictures.iter().map(|(_, picture)| picture.bytes.to_vec()).collect())
            .unwrap_or_default()
    }

    /// Returns when everything is done that is due by the clock.
    pub fn run_due(&self) {
        self.office.front.run_due();
    }

    /// When the next thing is due, epoch milliseconds.
    pub fn next_due_ms(&self) -> Option<i64> {
        self.office.front.next_due_ms()
    }

    /// Waits until no call is under way or to be repeated.
    pub async fn calls_settled(&self) {
        self.office.caller.settled().await;
    }

    /// Stops, and waits until the last task has ended.
    pub async fn stop(&self) {
        self.office.front.end().await;
    }
}

impl Drop for SmsPlatform {
    fn drop(&mut self) {
        self.office.front.cancel();
    }
}

impl fmt::Debug for SmsPlatform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsPlatform").field("address", &self.address).finish_non_exhaustive()
    }
}
