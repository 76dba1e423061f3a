//! What the two servers share: who may come in, and where mail goes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;

use super::entry::{Accepted, Entry, Placed, Recipient};
use super::fate::{Fate, Fates};
use super::faults::MailFault;
use super::folder::Flags;
use super::patron::Resident;
use super::sasl::{Claim, Denied, Proof};
use super::store::{Account, Store};
use super::tls::Tls;
use super::{bounce, date};
use crate::simulator::stage::Stage;
use crate::simulator::{Faults, Ledger, lock};

pub(super) struct Office {
    pub stage: Stage,
    pub ledger: Arc<Ledger<Entry>>,
    pub faults: Arc<Faults<MailFault>>,
    pub store: Store,
    /// By address.
    pub patrons: Mutex<BTreeMap<String, Arc<Resident>>>,
    pub fates: Fates,
    pub tls: Option<Tls>,
    /// What the servers call themselves.
    pub host: String,
    pub max_mail_bytes: usize,
    /// How XOAUTH2 refuses: with a challenge first, or at once.
    pub challenges: bool,
    pub sign_in_to_send: bool,
}

impl Office {
    /// Lets a client in, or not.
    pub fn admit(&self, place: &str, claim: &Claim) -> Result<Arc<Account>, Denied> {
        self.ledger.tally(&format!("{place} sign-in"));
        let account = self.store.find(&claim.user);
        let name = account.as_ref().map(|account| account.address.as_str());
        let fault = match claim.proof {
            Proof::Password(_) => self.faults.strikes(MailFault::WrongPassword, place, name),
            Proof::Token(_) => false,
        };
        let fault = fault || self.faults.strikes(MailFault::Revoked, place, name);
        if !fault && let Some(account) = account.filter(|account| is_proven(account, &claim.proof)) {
            return Ok(account);
        }
        self.ledger.write(Entry::Denied { place: place.to_owned(), account: claim.user.clone() });
        let with_token = matches!(claim.proof, Proof::Token(_));
        Err(Denied { challenge: self.challenges && with_token })
    }

    /// A UIDVALIDITY as after some years of use: not 1, and with room to grow.
    pub fn new_uid_validity(&self) -> u32 {
        let random = self.stage.random.below(1_000_000_000);
        u32::try_from(random).map_or(1, |random| random + 1)
    }

    /// The mailbox for an address; `name+anything@` belongs to `name@`.
    pub fn mailbox_of(&self, address: &str) -> Option<Arc<Account>> {
        self.store.find(address).or_else(|| {
            let (local, domain) = address.rsplit_once('@')?;
            let (name, _) = local.split_once('+')?;
            self.store.find(&format!("{name}@{domain}"))
        })
    }

    /// Puts a mail into a mailbox's INBOX. Twice, where the fault says so; returns the first.
    pub fn deliver(&self, account: &Account, raw: &Bytes) -> Option<Placed> {
        let placed = self.deliver_once(account, raw);
        let name = Some(account.address.as_str());
        if self.faults.strikes(MailFault::DuplicateDelivery, "delivery", name) {
            self.deliver_once(account, raw);
        }
        placed
    }

    fn deliver_once(&self, account: &Account, raw: &Bytes) -> Option<Placed> {
        let now_ms = self.stage.clock.now_ms();
        let placed = account.file("INBOX", Flags::default(), now_ms, raw)?;
        self.ledger.write(Entry::Arrived(placed.clone()));
        Some(placed)
    }

    /// Files a copy of a sent message where the mailbox wants it.
    pub fn file_sent(&self, account: &Account, raw: &Bytes) {
        let now_ms = self.stage.clock.now_ms();
        if let Some(folder) = &account.files_sent
            && let Some(placed) = account.file(folder, Flags::seen(), now_ms, raw)
        {
            self.ledger.write(Entry::Filed(placed));
        }
    }

    /// Takes an accepted message to its recipients.
    pub fn carry(self: &Arc<Self>, message: &Accepted) {
        let stamped = self.stamp(message);
        for recipient in &message.to {
            let fates = self.fates.of(&recipient.address);
            if fates.is_empty() {
                self.arrive(message, recipient, &stamped);
            }
            for fate in fates {
                self.befall(message, recipient, &fate);
            }
        }
    }

    fn arrive(self: &Arc<Self>, message: &Accepted, recipient: &Recipient, stamped: &Bytes) {
        if let Some(account) = self.mailbox_of(&recipient.address) {
            self.deliver(&account, stamped);
        }
        let address = recipient.address.to_lowercase();
        let patron = lock(&self.patrons).get(&address).cloned();
        if let Some(patron) = patron {
            patron.hear(self, message, stamped);
        }
        if bounce::is_wanted(recipient, bounce::Action::Delivered) {
            let report = bounce::Report {
                action: bounce::Action::Delivered,
                status: "2.0.0",
                diagnostic: "250 2.0.0 Ok",
                accepted_ms: self.stage.clock.now_ms(),
            };
            self.report(message, recipient, &report);
        }
    }

    fn befall(self: &Arc<Self>, message: &Accepted, recipient: &Recipient, fate: &Fate) {
        let (action, after_ms, status, diagnostic) = match fate {
            Fate::Refused { .. } => return,
            Fate::Bounced { after_ms, status, diagnostic } => {
                (bounce::Action::Failed, after_ms, status, diagnostic)
            }
            Fate::Delayed { after_ms, status, diagnostic } => {
                (bounce::Action::Delayed, after_ms, status, diagnostic)
            }
        };
        if !bounce::is_wanted(recipient, action) {
            return;
        }
        let accepted_ms = self.stage.clock.now_ms();
        let at_ms = accepted_ms.saturating_add(*after_ms);
        let office = Arc::clone(self);
        let (message, recipient) = (message.clone(), recipient.clone());
        let (status, diagnostic) = (status.clone(), diagnostic.clone());
        self.stage.agenda.enter(at_ms, move || {
            let report = bounce::Report { action, status: &status, diagnostic: &diagnostic, accepted_ms };
            office.report(&message, &recipient, &report);
        });
    }

    /// Brings a delivery report to the sender. A report about a report goes nowhere: its sender is `<>`.
    fn report(&self, message: &Accepted, recipient: &Recipient, report: &bounce::Report<'_>) {
        if let Some(sender) = self.mailbox_of(&message.from) {
            let now_ms = self.stage.clock.now_ms();
            let word = self.stage.random.word();
            let raw = bounce::write(&self.host, &word, now_ms, message, recipient, report);
            self.deliver(&sender, &raw.into());
        }
    }

    /// The message as it lies at the end of its way: with a return path and a trace (RFC 5321 section 4.4).
    fn stamp(&self, message: &Accepted) -> Bytes {
        let stamp = format!(
            "Return-Path: <{}>\r\nReceived: from [127.0.0.1] by {} with ESMTP id {};\r\n\t{}\r\n",
            message.from,
            self.host,
            self.stage.random.word(),
            date::header(self.stage.clock.now_ms()),
        );
        [stamp.as_bytes(), &message.raw].concat().into()
    }
}

fn is_proven(account: &Account, proof: &Proof) -> bool {
    let secrets = lock(&account.secrets);
    match proof {
        Proof::Password(password) => secrets.password == *password,
        Proof::Token(token) => secrets.token.as_ref() == Some(token),
    }
}
