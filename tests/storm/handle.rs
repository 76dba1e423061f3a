//! A handle: mentions for everybody to read, direct messages, a sign-in whose tokens rotate.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::{Arc, Mutex};

use connectors::simulator::Clock;
use connectors::simulator::x::{Line, Patron, Registered, XOptions, XPlatform};

use super::platform::{GIVES_UP_S, Platform, acknowledged, once_each, turned_away, web_troubles};
use super::staff::Staff;

/// Direct messages may be read 15 times in 15 minutes, which brings 7,500 at most: a storm of some minutes would be read
/// in some hours. Of mentions only the newest 800 are given, which a program that is killed on a busy machine may miss. Here each
/// door opens a thousand times as often and gives a thousand times as much. That limits are obeyed is shown elsewhere.
const PATIENCE: u32 = 1_000;

pub struct Handle {
    platform: XPlatform,
    account: Registered,
    refresh: String,
    people: Mutex<HashMap<usize, Patron>>,
}

impl Handle {
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> Self {
        let mut options = XOptions::new(clock);
        (options.seed, options.patience) = (seed, PATIENCE);
        let platform = XPlatform::start(options).await.expect("loopback has free ports");
        let account = platform.account("FernhillLib", "Fernhill Libraries");
        let (_, refresh) = platform.sign_in(&account.id);
        Self { platform, account, refresh, people: Mutex::default() }
    }

    fn port(&self) -> u16 {
        self.platform.base().rsplit(':').next().and_then(|port| port.parse().ok()).expect("it listens")
    }
}

impl Platform for Handle {
    fn kind(&self) -> &'static str {
        "x"
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("client_id", self.account.client_id.clone()),
            ("push", "webhook".to_owned()),
            ("api_base", self.platform.base()),
            ("signin_base", self.platform.base()),
            ("import", "everything".to_owned()),
            ("timeout_s", GIVES_UP_S.to_owned()),
        ]
    }

    fn secrets(&self) -> Vec<(&'static str, String)> {
        vec![
            ("client_secret", self.account.client_secret.clone()),
            ("app_token", self.account.app_token.clone()),
            ("consumer_secret", self.account.consumer_secret.clone()),
            ("refresh_token", self.refresh.clone()),
        ]
    }

    fn say(&self, who: usize, text: &str) {
        let mut people = self.people.lock().expect("no holder panics");
        let settle = || self.platform.patron(&format!("patron_{who}"), &format!("Patron {who}"));
        let patron = people.entry(who).or_insert_with(settle).clone();
        drop(people);
        if who.is_multiple_of(2) {
            patron.mention(&self.account.id, text);
        } else {
            patron.direct(&self.account.id, text);
        }
    }

    fn given(&self) -> BTreeMap<String, usize> {
        let said = self.platform.ledger().pick(|line| match line.what.own()? {
            Line::Posted { by, text, .. } | Line::Directed { by, text, .. } => {
                (*by != self.account.id).then(|| text.clone())
            }
            Line::Signed { .. } => None,
        });
        once_each(said)
    }

    fn taken_after(&self, seq: u64) -> Vec<String> {
        self.platform.ledger().pick_after(seq, |line| match line.what.own()? {
            Line::Posted { through, text, .. } | Line::Directed { through, text, .. } => {
                through.then(|| text.clone())
            }
            Line::Signed { .. } => None,
        })
    }

    fn carried(&self) -> Vec<Vec<u8>> {
        let taken = self.platform.ledger().pick(|line| match line.what.own()? {
            Line::Posted { through: true, id, .. } | Line::Directed { through: true, id, .. } => {
                Some(id.clone())
            }
            _ => None,
        });
        taken.iter().flat_map(|id| self.platform.files_of(id)).collect()
    }

    fn acknowledged(&self) -> Vec<String> {
        self.platform.ledger().pick(acknowledged)
    }

    fn calls(&self) -> bool {
        true
    }

    fn turned_away(&self) -> usize {
        self.platform.ledger().pick(turned_away).len()
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

    fn wear(&self) {
        self.platform.expire(&self.account.id);
    }

    fn sign_out(&self) {
        self.platform.revoke(&self.account.id);
    }

    fn sign_in(&self, staff: &Staff, channel: &str) -> io::Result<()> {
        staff.sign_in_on_page(channel, self.port())
    }
}
