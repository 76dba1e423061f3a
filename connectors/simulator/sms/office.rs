//! What the platform has: numbers, texts, telephones, and who has stopped whom.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use super::Happened;
use super::patron::Reaction;
use super::text::{Text, Way};
use crate::simulator::lock;
use crate::simulator::web::{Caller, Front};

pub struct Office {
    pub front: Front<Happened>,
    pub caller: Caller<Happened>,
    pub account: String,
    pub token: String,
    state: Mutex<State>,
}

#[derive(Default)]
pub struct State {
    /// Oldest first.
    pub texts: Vec<Text>,
    pub numbers: BTreeMap<String, Number>,
    pub telephones: HashMap<String, Arc<Mutex<Reaction>>>,
    /// The library's number, the patron's.
    pub stopped: BTreeSet<(String, String)>,
    pub fates: HashMap<String, u32>,
}

pub struct Number {
    pub sid: String,
    pub sms_url: String,
}

/// A text as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub sid: String,
    /// Who sent it.
    pub from: String,
    /// Who gets it.
    pub to: String,
    /// What it says.
    pub body: String,
    /// `received`, `queued`, `sent`, `delivered`, `undelivered`.
    pub status: String,
    /// A patron wrote it.
    pub inbound: bool,
}

/// What the platform cannot do for its caller.
#[derive(Debug, thiserror::Error)]
pub enum SmsError {
    /// Nobody rents this number.
    #[error("The simulated telephone company has no number {0}.")]
    NoNumber(String),
}

impl Office {
    pub fn new(front: Front<Happened>, caller: Caller<Happened>, token: String) -> Self {
        let account = format!("AC{}", name(&front));
        Self { front, caller, account, token, state: Mutex::default() }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// `SM`, `MM`, `ME` or `PN`, and 32 hexadecimal digits.
    pub fn sid(&self, letters: &str) -> String {
        format!("{letters}{}", name(&self.front))
    }

    pub fn add_number(&self, number: &str) {
        let sid = self.sid("PN");
        // As a new number is.
        let sms_url = "https://demo.twilio.com/welcome/sms/reply/".to_owned();
        self.state().numbers.insert(number.to_owned(), Number { sid, sms_url });
    }

    pub fn calls(&self, number: &str) -> Option<String> {
        let state = self.state();
        state.numbers.get(number).map(|number| number.sms_url.clone()).filter(|url| !url.is_empty())
    }

    pub fn set_fate(&self, number: &str, code: Option<u32>) {
        match code {
            Some(code) => self.state().fates.insert(number.to_owned(), code),
            None => self.state().fates.remove(number),
        };
    }

    pub fn kept(&self) -> Vec<Kept> {
        let kept = |text: &Text| Kept {
            sid: text.sid.clone(),
            from: text.from.clone(),
            to: text.to.clone(),
            body: text.body.clone(),
            status: text.status.to_owned(),
            inbound: text.way == Way::Inbound,
        };
        self.state().texts.iter().map(kept).collect()
    }
}

fn name(front: &Front<Happened>) -> String {
    format!("{}{}", front.stage.random.word(), front.stage.random.word())
}
