//! E-mail: one mailbox, read over IMAP, answered over SMTP.
//!
//! What needs no network is plain functions over bytes and text:
//!
//! | question | answer |
//! |---|---|
//! | What does this mail say? | [`read::read`]: bytes to [`mail::Mail`], within [`mail::Limits`]; what cannot be shown is [`mail::Held`] with a sentence |
//! | Who or what wrote it? | [`classify::Nature`], on the mail: a person, a list, an answering program, the mail system |
//! | Is it an answer to ours? | [`token::verify`] of each id in its references, with the channel's key |
//! | Did we write it ourselves? | [`token::is_loop_mark`], with the channel's key |
//! | What in it is new? | [`trim::of_mail`], [`trim::reply`], [`trim::reply_html`] |
//! | How is its HTML shown? | [`crate::markup::sanitise`], [`crate::markup::frame_document`] |
//! | What does `mail inspect` print? | [`inspect::inspect`] |
//!
//! Reading never panics, never recurses on what the sender chose and takes time linear in the size of the mail.

pub mod body;
pub mod calendar;
mod channel;
pub mod classify;
mod cursor;
mod deliver;
pub mod enriched;
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
pub mod rtf;
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
