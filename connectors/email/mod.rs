//! E-mail: one mailbox, read over IMAP, answered over SMTP.

pub mod body;
pub mod calendar;
mod channel;
pub mod classify;
mod cursor;
mod deliver;
mod envelope;
#[cfg(test)]
mod fake;
pub mod flowed;
mod imap;
pub mod inbound;
pub mod inspect;
pub mod mail;
mod manifest;
pub mod mime;
pub mod names;
mod outbound;
mod poll;
pub mod read;
mod settings;
mod smtp;
mod stream;
#[cfg(test)]
mod tests;
pub mod tnef;
pub mod token;
pub mod trim;
mod watch;
mod write;

use std::sync::Arc;

use crate::contract::{Account, Channel, Connector, Host, Invalid, Manifest, Settings};
use channel::Mailbox;

/// Mail as a platform.
#[derive(Clone, Copy, Debug)]
pub struct Email;

impl Connector for Email {
    fn manifest(&self) -> &'static Manifest {
        &manifest::MANIFEST
    }

    fn hosts(&self, settings: &Settings) -> Vec<Host> {
        settings::hosts(settings)
    }

    fn open(&self, account: Account) -> Result<Arc<dyn Channel>, Vec<Invalid>> {
        let config = settings::understand(&account.settings)?;
        Ok(Arc::new(Mailbox::new(account, config)))
    }
}
