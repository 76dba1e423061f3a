//! A town around one library: people who write to it, and the platforms they write by.
//!
//! Whoever tells a story of the town (the demonstration, a large store for measuring) says who writes what to whom and when;
//! which platform carries it, and how a channel for it is set up, is known here alone.

mod corner;
mod crowd;
mod handle;
mod letter;
mod line;
mod page;
mod square;
mod trouble;

use std::io;
use std::sync::Arc;

use super::mail::{
    Answer, Fate, MailError, MailFault, MailOptions, MailPlatform, MailboxOptions, PatronOptions, Program,
};
use super::{Clock, Faults, Plan, Troubles};
use crate::contract::{SecretString, Settings};
use corner::Corner;

pub use crowd::{Crowd, Said};
pub use letter::{Enclosed, Letter};
pub use trouble::serve_troubles;

/// The connector's name for what every town has.
const MAIL: &str = "email";

/// A running town. Its platforms stop when it is dropped.
pub struct Town {
    mail: MailPlatform,
    corners: Vec<Box<dyn Corner>>,
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
        let mail = MailPlatform::start(options).await?;
        let corners: Vec<Box<dyn Corner>> = vec![
            Box::new(line::Line::start(clock.clone(), seed).await?),
            Box::new(page::Page::start(clock.clone(), seed).await?),
            Box::new(handle::Handle::start(clock.clone(), seed).await?),
            Box::new(square::Square::start(clock.clone(), seed).await?),
        ];
        Ok(Self { mail, corners, clock })
    }

    /// The library's accounts on further platforms, with what it calls them.
    pub fn further_accounts(&self) -> Vec<(&'static str, Door)> {
        self.corners.iter().map(|corner| (corner.name(), corner.door())).collect()
    }

    /// What signs a further account in, where it is signed in by a refresh token. Works again after the town was built anew.
    pub fn refresh_token(&self, kind: &str) -> Option<SecretString> {
        let corner = self.corners.iter().find(|corner| corner.door().kind == kind)?;
        corner.refresh_token().map(SecretString::from)
    }

    /// Has something go wrong on a platform: `x:dm/429:2`, the connector's name and what its simulator knows.
    ///
    /// # Errors
    /// A sentence, when there is no such platform or fault.
    pub fn fault(&self, plan: &str) -> Result<(), String> {
        let (kind, plan) = plan.split_once(':').unwrap_or((plan, ""));
        if kind == MAIL {
            let plan = plan.parse::<Plan<MailFault>>().map_err(|unknown| unknown.to_string())?;
            self.mail.faults().switch_on(plan);
            return Ok(());
        }
        self.corner(kind)?.fault(plan)
    }

    /// What can go wrong on each platform, by its connector's name, and what does.
    pub fn troubles(&self) -> Vec<(&'static str, Troubles)> {
        let nothing = || Troubles { known: Vec::new(), on: Vec::new() };
        let further = self.corners.iter().map(|corner| {
            (corner.door().kind, corner.faults().map_or_else(nothing, |faults| faults.troubles()))
        });
        std::iter::once((MAIL, self.mail.faults().troubles())).chain(further).collect()
    }

    /// Everything goes well again on a platform.
    ///
    /// # Errors
    /// A sentence, when there is no such platform.
    pub fn mend(&self, kind: &str) -> Result<(), String> {
        match kind {
            MAIL => self.mail.faults().clear(),
            _ => self.corner(kind)?.faults().into_iter().for_each(Faults::clear),
        }
        Ok(())
    }

    fn corner(&self, kind: &str) -> Result<&dyn Corner, String> {
        let found = self.corners.iter().find(|corner| corner.door().kind == kind);
        found.map(AsRef::as_ref).ok_or_else(|| {
            let further = self.corners.iter().map(|corner| corner.door().kind);
            let kinds: Vec<&str> = std::iter::once(MAIL).chain(further).collect();
            format!("There is no \"{kind}\" in this town; there is: {}.", kinds.join(", "))
        })
    }

    /// Somebody says something on one of the further platforms, each in turn; the same number is the same person with the
    /// same words.
    pub fn talk(&self, number: u64) {
        let corners = self.corners.len().max(1) as u64;
        if let Some(corner) = self.corners.get(usize::try_from(number % corners).unwrap_or_default()) {
            corner.talk(number / corners);
        }
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
        Door { kind: MAIL, settings }
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
        for corner in &self.corners {
            corner.run_due();
        }
    }

    /// Stops the platforms and waits for them.
    pub async fn stop(&self) {
        self.mail.stop().await;
        for corner in &self.corners {
            corner.stop().await;
        }
    }
}

impl std::fmt::Debug for Town {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Town").finish_non_exhaustive()
    }
}
