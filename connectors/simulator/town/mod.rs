//! A town around one library: people who write to it, and the platforms they write by.
//!
//! Whoever tells a story of the town (the demonstration, a large store for measuring) says who writes what to whom and when;
//! which platform carries it, and how a channel for it is set up, is known here alone.

mod crowd;
mod letter;

use std::io;
use std::sync::Arc;

use super::Clock;
use super::mail::{
    Answer, Fate, MailError, MailOptions, MailPlatform, MailboxOptions, PatronOptions, Program,
};
use crate::contract::Settings;

pub use crowd::{Crowd, Said};
pub use letter::{Enclosed, Letter};

/// A running town. Its platforms stop when it is dropped.
pub struct Town {
    mail: MailPlatform,
    clock: Arc<dyn Clock>,
}

/// How one account of the library is connected.
#[derive(Debug)]
pub struct Door {
    /// The connector's name.
    pub kind: &'static str,
    /// What its manifest asks for.
    pub settings: Settings,
}

/// Somebody who writes to the library and reads what it answers.
pub struct Resident {
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: String,
    /// Which mail program's habits they have; any number will do.
    pub habit: usize,
}

/// What a resident says to an answer of the library, after so many milliseconds; none: nothing.
pub type Reaction = Box<dyn FnMut(&str) -> Option<(i64, String)> + Send>;

impl Town {
    /// Starts the town's platforms on this machine, on any free ports.
    ///
    /// # Errors
    /// When the system gives no ports.
    pub async fn start(clock: Arc<dyn Clock>, seed: u64) -> io::Result<Self> {
        let mut options = MailOptions::new(clock.clone());
        options.seed = seed;
        Ok(Self { mail: MailPlatform::start(options).await?, clock })
    }

    /// Gives the library an account at `address` and says how to connect it.
    pub fn account(&self, address: &str, title: &str) -> Door {
        let password = "only-in-this-town";
        self.mail.add_mailbox(MailboxOptions::new(address, password));
        let (imap, smtp) = (self.mail.imap_addr(), self.mail.smtp_addr());
        let settings = Settings::new()
            .with("address", address)
            .with("display_name", title)
            .with("imap_host", imap.ip().to_string())
            .with("imap_port", imap.port().to_string())
            .with("imap_tls", "none")
            .with("smtp_host", smtp.ip().to_string())
            .with("smtp_port", smtp.port().to_string())
            .with("smtp_tls", "none")
            .with("import", "everything")
            .with_secret("password", password);
        Door { kind: "email", settings }
    }

    /// Lets somebody move in. `react` decides what they say to each answer for which [`Self::answers_next`] laid nothing
    /// ready. In place of whoever had the address before.
    ///
    /// # Errors
    /// When the address is none.
    pub fn resident(&self, who: &Resident, mut react: Reaction) -> Result<(), MailError> {
        let habits = [Program::Gmail, Program::Outlook, Program::AppleMail, Program::Thunderbird];
        let options = PatronOptions::new(&who.name, &who.address)
            .program(habits[who.habit % habits.len()])
            .answers_with(move |heard| {
                react(&heard.text).map(|(after_ms, text)| Answer::after(after_ms, &text))
            });
        self.mail.patron(options).map(|_| ())
    }

    /// Posts a letter to one of the library's accounts; it is there when this returns.
    ///
    /// # Errors
    /// When the library has no such account, or the letter cannot be written.
    pub fn post(&self, letter: &Letter) -> Result<(), MailError> {
        let raw = letter.write(self.clock.now_ms())?;
        self.mail.deliver(&letter.to, raw).map(|_| ())
    }

    /// What is sent to this address comes back as undeliverable.
    pub fn is_gone(&self, address: &str) {
        let (status, diagnostic) = ("5.1.1".to_owned(), "550 5.1.1 No such person here".to_owned());
        self.mail.set_fate(address, Fate::Bounced { after_ms: 60_000, status, diagnostic });
    }

    /// Lets everything happen that is due by the town's clock.
    pub fn run_due(&self) {
        self.mail.run_due();
    }

    /// Stops the platforms and waits for them.
    pub async fn stop(&self) {
        self.mail.stop().await;
    }
}

impl std::fmt::Debug for Town {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Town").finish_non_exhaustive()
    }
}
