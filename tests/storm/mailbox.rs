//! A mailbox, read over IMAP and answered from over SMTP.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::prelude::BASE64_STANDARD as STANDARD;
use connectors::simulator::Clock;
use connectors::simulator::mail::{Entry, MailOptions, MailPlatform, Mailbox, MailboxOptions, PatronOptions};
use serde_json::json;

use super::platform::{GIVES_UP_S, LOST, MUTE, OUT_OF_ORDER, Platform, TWICE};
use super::staff::Staff;

const ADDRESS: &str = "ask@library.example";

pub struct Mail {
    platform: MailPlatform,
    mailbox: Mailbox,
    /// How often the password was changed.
    changes: AtomicU32,
    said: Mutex<HashMap<String, String>>,
}

impl Mail {
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> Self {
        let mut options = MailOptions::new(clock);
        options.seed = seed;
        let platform = MailPlatform::start(options).await.expect("loopback has free ports");
        let mailbox = platform.add_mailbox(MailboxOptions::new(ADDRESS, &password(0)));
        Self { platform, mailbox, changes: AtomicU32::new(0), said: Mutex::default() }
    }
}

fn password(changes: u32) -> String {
    format!("password-{changes}-of-the-mailbox")
}

/// The one file of a mail of ours.
fn enclosed(mail: &str) -> Option<Vec<u8>> {
    let (_, part) = mail.split_once("\r\nContent-Disposition: attachment")?;
    let (_, content) = part.split_once("\r\n\r\n")?;
    let content = content.split("\r\n--").next()?.replace("\r\n", "");
    Some(STANDARD.decode(content).expect("our own files are written in base64"))
}

impl Platform for Mail {
    fn kind(&self) -> &'static str {
        "email"
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        let (imap, smtp) = (self.platform.imap_addr(), self.platform.smtp_addr());
        vec![
            ("address", ADDRESS.to_owned()),
            ("imap_host", imap.ip().to_string()),
            ("imap_port", imap.port().to_string()),
            ("imap_tls", "none".to_owned()),
            ("smtp_host", smtp.ip().to_string()),
            ("smtp_port", smtp.port().to_string()),
            ("smtp_tls", "none".to_owned()),
            ("import", "everything".to_owned()),
            ("timeout_s", GIVES_UP_S.to_owned()),
        ]
    }

    fn secrets(&self) -> Vec<(&'static str, String)> {
        vec![("password", password(self.changes.load(Ordering::SeqCst)))]
    }

    fn say(&self, who: usize, text: &str) {
        let options = PatronOptions::new(&format!("Patron {who}"), &format!("patron{who}@town.example"));
        let patron = self.platform.patron(options).expect("an address");
        let mut said = self.said.lock().expect("no holder panics");
        let placed = patron.ask(ADDRESS, "A question", text).expect("there is the mailbox");
        said.insert(placed.message_id.expect("patrons' programs name their mails"), text.to_owned());
    }

    /// A mail that lies there twice is two mails, each with a number. Only when all are numbered anew can nobody tell
    /// whether a second one of the same bytes was there before.
    fn given(&self) -> BTreeMap<String, usize> {
        let said = self.said.lock().expect("no holder panics");
        let mut given = BTreeMap::new();
        for placed in self.platform.ledger().arrived(ADDRESS) {
            let text = said[&placed.message_id.expect("as above")].clone();
            *given.entry(text).or_default() += 1;
        }
        given
    }

    fn taken_after(&self, seq: u64) -> Vec<String> {
        self.platform.ledger().pick_after(seq, |line| match &line.what {
            Entry::Accepted(accepted) => Some(String::from_utf8_lossy(&accepted.raw).into_owned()),
            _ => None,
        })
    }

    fn carried(&self) -> Vec<Vec<u8>> {
        let accepted = self.platform.ledger().accepted();
        accepted.iter().filter_map(|mail| enclosed(&String::from_utf8_lossy(&mail.raw))).collect()
    }

    fn lines(&self) -> u64 {
        self.platform.ledger().len()
    }

    fn trouble(&self) {
        let faults = self.platform.faults();
        // An SMTP server that is out of order says 451 and keeps nothing, or 421 at the door.
        let plans = [
            format!("server-busy:{OUT_OF_ORDER}"),
            format!("smtp/smtp-4xx:{OUT_OF_ORDER}"),
            format!("smtp/smtp-lost-answer:{LOST}"),
            // The program waits ten times as long as for anything else, as a server may still be looking the mail through.
            format!("smtp/half-answer:{MUTE}"),
            format!("delivery/duplicate-delivery:{TWICE}"),
            // Half a mail is given before the line breaks. Three times over the same mail the connector takes the mail to
            // be at fault, which at two in a hundred would happen in one run of many.
            "imap/drop-mid-fetch:0.5%".to_owned(),
        ];
        plans.iter().for_each(|plan| {
            faults.switch_on(plan.parse::<connectors::simulator::Plan<_>>().expect("a plan"))
        });
    }

    fn mend(&self) {
        self.platform.faults().clear();
    }

    /// The server numbers its mails anew, so all are read again.
    fn repeat(&self) {
        self.mailbox.renumber("INBOX");
    }

    fn sign_out(&self) {
        let changes = self.changes.fetch_add(1, Ordering::SeqCst) + 1;
        self.mailbox.set_password(&password(changes));
    }

    fn sign_in(&self, staff: &Staff, channel: &str) -> io::Result<()> {
        let password = password(self.changes.load(Ordering::SeqCst));
        staff.change(channel, &json!({ "settings": { "password": password } }))
    }

    fn shows_what_it_took(&self) -> bool {
        false
    }
}
