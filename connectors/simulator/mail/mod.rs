//! A mail provider in miniature: IMAP and SMTP submission for the library's mailboxes, and patrons who write to them.
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use connectors::simulator::{FrozenClock, mail::{Answer, MailboxOptions, MailFault, MailOptions, MailPlatform, PatronOptions}};
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = FrozenClock::at(1_791_277_331_000);
//! let mut options = MailOptions::new(clock.clone());
//! options.mailboxes.push(MailboxOptions::new("ask@library.example", "s3cret"));
//! let platform = MailPlatform::start(options).await?;
//!
//! let abena = platform.patron(
//!     PatronOptions::new("Abena Osei", "abena@patron.example").answers(Answer::after(60_000, "Thank you!")),
//! )?;
//! abena.ask("ask@library.example", "Opening hours", "When do you open on Sundays?")?;
//! // A connector reads it at platform.imap_addr() and answers through platform.smtp_addr(); then:
//! clock.advance(60_000);
//! platform.run_due();
//! assert_eq!(platform.ledger().arrived("ask@library.example").len(), 2);
//!
//! platform.faults().switch_on(MailFault::SmtpLostAnswer);
//! platform.stop().await;
//! # Ok(()) }
//! ```
//!
//! What the IMAP server does not do: ENVELOPE, BODYSTRUCTURE and single MIME parts (answered NO), CONDSTORE, and telling one
//! session of the flags another one changed.

mod bounce;
mod date;
mod entry;
mod fate;
mod faults;
mod folder;
mod imap;
mod letter;
mod mailbox;
mod office;
mod patron;
mod sasl;
mod smtp;
mod store;
#[cfg(test)]
mod tests;
mod text;
mod tls;
mod wire;

pub use entry::{Accepted, Entry, Given, Placed, Recipient};
pub use fate::Fate;
pub use faults::MailFault;
pub use letter::Program;
pub use mailbox::{Kept, Mailbox, MailboxOptions};
pub use patron::{Answer, Heard, Patron, PatronOptions};

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

use super::stage::Stage;
use super::{Clock, Faults, Ledger, lock};
use office::Office;
use store::{Account, Secrets, Store};

/// How a mail platform is to be.
#[derive(Debug, Clone)]
pub struct MailOptions {
    /// What time it is there, and when later is.
    pub clock: Arc<dyn Clock>,
    /// The same seed makes the same ids, cuts and chances.
    pub seed: u64,
    /// The mailboxes it starts with.
    pub mailboxes: Vec<MailboxOptions>,
    /// The port for IMAP; 0: any free one.
    pub imap_port: u16,
    /// The port for SMTP; 0: any free one.
    pub smtp_port: u16,
    /// Offers STARTTLS, and opens two more ports where TLS comes first.
    pub tls: bool,
    /// SMTP takes mail only from those who signed in.
    pub sign_in_to_send: bool,
    /// XOAUTH2 refuses with a challenge that the client must answer, as Google does; false: at once, as Microsoft does.
    pub xoauth2_challenges: bool,
    /// The largest mail either server takes, in bytes.
    pub max_mail_bytes: usize,
    /// What the servers call themselves.
    pub host: String,
    /// The ledger is also appended to this file.
    pub ledger_file: Option<PathBuf>,
}

impl MailOptions {
    /// No mailbox yet, any ports, no TLS, mails up to 50 MiB.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            seed: 1,
            mailboxes: Vec::new(),
            imap_port: 0,
            smtp_port: 0,
            tls: false,
            sign_in_to_send: true,
            xoauth2_challenges: true,
            max_mail_bytes: 50 * 1024 * 1024,
            host: "mail.library.example".to_owned(),
            ledger_file: None,
        }
    }
}

/// What the platform cannot do for its caller.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// No mailbox has this address.
    #[error("The simulated mail platform has no mailbox {0}.")]
    NoMailbox(String),
    /// This is no address.
    #[error("\"{0}\" is no mail address.")]
    BadAddress(String),
    /// The mail cannot be written.
    #[error("The simulated mail could not be made: {0}")]
    Unwritable(#[from] lettre::error::Error),
}

/// A running mail platform. Stops when it is dropped; [`MailPlatform::stop`] also waits for it.
pub struct MailPlatform {
    office: Arc<Office>,
    imap: SocketAddr,
    smtp: SocketAddr,
    /// The doors where TLS comes first: IMAP, SMTP.
    secured: Option<(SocketAddr, SocketAddr)>,
}

impl MailPlatform {
    /// Starts the servers on 127.0.0.1.
    ///
    /// # Errors
    /// When a given port is taken, the ledger's file cannot be written, or a certificate cannot be made.
    pub async fn start(options: MailOptions) -> io::Result<Self> {
        let ledger = Ledger::open(Arc::clone(&options.clock), options.ledger_file.as_deref())?;
        let tls = options.tls.then(|| tls::Tls::new(&options.host)).transpose()?;
        let stage = Stage::new(options.clock, options.seed);
        let office = Arc::new(Office {
            ledger: Arc::new(ledger),
            faults: Arc::new(Faults::seeded(options.seed)),
            stage,
            store: Store::default(),
            patrons: Default::default(),
            fates: Default::default(),
            tls,
            host: options.host,
            max_mail_bytes: options.max_mail_bytes,
            challenges: options.xoauth2_challenges,
            sign_in_to_send: options.sign_in_to_send,
        });
        match open(&office, options.imap_port, options.smtp_port).await {
            Ok((imap, smtp, secured)) => {
                let platform = Self { office, imap, smtp, secured };
                for mailbox in options.mailboxes {
                    platform.add_mailbox(mailbox);
                }
                Ok(platform)
            }
            Err(error) => {
                office.stage.end().await;
                Err(error)
            }
        }
    }

    /// IMAP, with STARTTLS if the platform has TLS.
    pub fn imap_addr(&self) -> SocketAddr {
        self.imap
    }

    /// SMTP submission, with STARTTLS if the platform has TLS.
    pub fn smtp_addr(&self) -> SocketAddr {
        self.smtp
    }

    /// IMAP where TLS comes first (the real one is port 993).
    pub fn imaps_addr(&self) -> Option<SocketAddr> {
        self.secured.map(|(imap, _)| imap)
    }

    /// SMTP submission where TLS comes first (the real one is port 465).
    pub fn smtps_addr(&self) -> Option<SocketAddr> {
        self.secured.map(|(_, smtp)| smtp)
    }

    /// The certificate to trust, PEM. It vouches for `localhost`, 127.0.0.1 and the host's own name.
    pub fn tls_pem(&self) -> Option<&str> {
        self.office.tls.as_ref().map(|tls| tls.authority_pem.as_str())
    }

    /// What it gave and took.
    pub fn ledger(&self) -> &Ledger<Entry> {
        &self.office.ledger
    }

    /// What goes wrong.
    pub fn faults(&self) -> &Faults<MailFault> {
        &self.office.faults
    }

    /// Adds a mailbox, in place of one with the same address.
    pub fn add_mailbox(&self, options: MailboxOptions) -> Mailbox {
        let secrets = Secrets { password: options.password, token: options.token };
        let account = Account::new(&options.address, secrets, options.files_sent.clone());
        let folders = ["INBOX".to_owned()].into_iter().chain(options.folders).chain(options.files_sent);
        for folder in folders {
            account.add_folder(&folder, self.office.new_uid_validity());
        }
        Mailbox { account: self.office.store.add(account), office: Arc::clone(&self.office) }
    }

    /// The mailbox with this address.
    pub fn mailbox(&self, address: &str) -> Option<Mailbox> {
        Some(Mailbox { account: self.office.store.find(address)?, office: Arc::clone(&self.office) })
    }

    /// Lets a mail arrive in a mailbox, byte for byte as given; see [`Mailbox::deliver`].
    ///
    /// # Errors
    /// When there is no such mailbox.
    pub fn deliver(&self, to: &str, raw: impl Into<Bytes>) -> Result<Placed, MailError> {
        let mailbox = self.mailbox(to);
        let mailbox = mailbox.ok_or_else(|| MailError::NoMailbox(to.to_owned()))?;
        Ok(mailbox.deliver(raw))
    }

    /// Adds a patron, in place of one with the same address.
    ///
    /// # Errors
    /// When the address is none.
    pub fn patron(&self, options: PatronOptions) -> Result<Patron, MailError> {
        Patron::settle(&self.office, options)
    }

    /// Decides what becomes of messages to `whom`: an address, `@domain`, or `local-part@`. Several fates for one recipient
    /// all happen. Messages to anybody else are taken, and reach a mailbox or patron of that address if there is one.
    pub fn set_fate(&self, whom: &str, fate: Fate) {
        self.office.fates.set(whom, fate);
    }

    /// Forgets what was decided for `whom`.
    pub fn clear_fate(&self, whom: &str) {
        self.office.fates.clear(whom);
    }

    /// Returns when everything is done that is due by the clock (answers of patrons, bounces). The platform also does it by
    /// itself; a test with a frozen clock calls this after moving it, to need no waiting.
    pub fn run_due(&self) {
        self.office.stage.agenda.run_due();
    }

    /// When the next answer or bounce is due, in milliseconds since 1970.
    pub fn next_due_ms(&self) -> Option<i64> {
        self.office.stage.agenda.next_at_ms()
    }

    /// Says goodbye to all clients and waits until the last task has ended.
    pub async fn stop(&self) {
        self.office.stage.end().await;
    }
}

impl Drop for MailPlatform {
    fn drop(&mut self) {
        self.office.stage.stop.cancel();
    }
}

impl fmt::Debug for MailPlatform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailPlatform")
            .field("imap", &self.imap)
            .field("smtp", &self.smtp)
            .field("patrons", &lock(&self.office.patrons).len())
            .finish_non_exhaustive()
    }
}

type Doors = (SocketAddr, SocketAddr, Option<(SocketAddr, SocketAddr)>);

async fn open(office: &Arc<Office>, imap_port: u16, smtp_port: u16) -> io::Result<Doors> {
    let imap = |tls| {
        let office = Arc::clone(office);
        move |stream| imap::serve(Arc::clone(&office), stream, tls)
    };
    let smtp = |tls| {
        let office = Arc::clone(office);
        move |stream| smtp::serve(Arc::clone(&office), stream, tls)
    };
    let imap_addr = office.stage.listen(imap_port, imap(false)).await?;
    let smtp_addr = office.stage.listen(smtp_port, smtp(false)).await?;
    let secured = match &office.tls {
        None => None,
        Some(_) => {
            Some((office.stage.listen(0, imap(true)).await?, office.stage.listen(0, smtp(true)).await?))
        }
    };
    Ok((imap_addr, smtp_addr, secured))
}
