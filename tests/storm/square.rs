//! An instance with people of here and elsewhere: mentions for everybody to read and direct posts, a token that does not end
//! unless somebody takes it back.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::{Arc, Mutex};

use connectors::simulator::Clock;
use connectors::simulator::mastodon::{Instance, InstanceOptions, Line, Patron};
use serde_json::json;

use super::platform::{GIVES_UP_S, Platform, once_each, web_troubles};
use super::staff::Staff;

/// That limits are obeyed is shown elsewhere.
const PATIENCE: u32 = 1_000;

pub struct Square {
    platform: Instance,
    account: String,
    token: String,
    people: Mutex<HashMap<usize, Patron>>,
}

impl Square {
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> Self {
        let mut options = InstanceOptions::new(clock);
        (options.seed, options.patience) = (seed, PATIENCE);
        let platform = Instance::start(options).await.expect("loopback has free ports");
        let account = platform.account("fernhill", "Fernhill Libraries");
        let token = platform.token_by_hand(&account);
        Self { platform, account, token, people: Mutex::default() }
    }
}

impl Platform for Square {
    fn kind(&self) -> &'static str {
        "mastodon"
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("instance", self.platform.host()),
            ("protocol", "http".to_owned()),
            ("auth", "token".to_owned()),
            ("import", "everything".to_owned()),
            ("timeout_s", GIVES_UP_S.to_owned()),
        ]
    }

    fn secrets(&self) -> Vec<(&'static str, String)> {
        vec![("access_token", self.token.clone())]
    }

    fn say(&self, who: usize, text: &str) {
        let mut people = self.people.lock().expect("no holder panics");
        let host = if who.is_multiple_of(3) { "" } else { "@reading.example" };
        let settle = || self.platform.patron(&format!("patron_{who}{host}"), &format!("Patron {who}"));
        let patron = people.entry(who).or_insert_with(settle).clone();
        drop(people);
        if who.is_multiple_of(2) {
            patron.mention(&self.account, text);
        } else {
            patron.direct(&self.account, text);
        }
    }

    fn given(&self) -> BTreeMap<String, usize> {
        let said = self.platform.ledger().pick(|line| match line.what.own()? {
            Line::Posted { by, text, .. } => (*by != self.account).then(|| text.clone()),
            _ => None,
        });
        once_each(said)
    }

    fn taken_after(&self, seq: u64) -> Vec<String> {
        self.platform.ledger().pick_after(seq, |line| match line.what.own()? {
            Line::Posted { through: true, text, .. } => Some(text.clone()),
            _ => None,
        })
    }

    fn carried(&self) -> Vec<Vec<u8>> {
        let taken = self.platform.ledger().pick(|line| match line.what.own()? {
            Line::Posted { through: true, id, .. } => Some(id.clone()),
            _ => None,
        });
        taken.iter().flat_map(|id| self.platform.files_of(id)).collect()
    }

    fn lines(&self) -> u64 {
        self.platform.ledger().len()
    }

    fn trouble(&self) {
        web_troubles().for_each(|plan| self.platform.faults().switch_on(plan));
    }

    fn mend(&self) {
        self.platform.faults().clear();
    }

    fn gives_twice(&self) -> bool {
        false
    }

    fn sign_out(&self) {
        self.platform.revoke(&self.account);
    }

    fn sign_in(&self, staff: &Staff, channel: &str) -> io::Result<()> {
        let token = self.platform.token_by_hand(&self.account);
        staff.change(channel, &json!({ "settings": { "access_token": token } }))
    }
}
