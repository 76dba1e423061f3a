//! Text messages: one telephone number, by Twilio's API of 2010-04-01.
//!
//! | question | answer |
//! |---|---|
//! | What did a patron text? | [`inbound`], from a call ([`form`]) or from the list ([`poll`]) under one name, the text's SID |
//! | Does a call come from Twilio? | [`proof`]: HMAC over the address and the parameters, or over a JSON body's hash |
//! | May we write to this patron? | [`words`]: STOP and START; Twilio's own refusal 21610 says the same once more |
//! | How much does an answer cost? | [`segments`], over the alphabet in [`gsm`]; [`split`] makes several texts of a long one |
//! | Did it leave? | [`deliver`]: the text's own SID; by recipient, words and moment where the answer was lost |
//! | Did it arrive? | status callbacks that name our delivery, and the list |
//! | What does a refusal mean? | [`trouble`]: each documented code |
//!
//! Twilio takes no name for a text from us, so a sending whose answer was lost is never repeated unasked.

mod again;
mod channel;
mod cursor;
mod deliver;
#[cfg(test)]
mod fake;
pub mod files;
mod form;
pub mod gsm;
pub mod inbound;
pub mod inspect;
mod manifest;
mod media;
mod outbound;
mod poll;
pub mod proof;
pub mod segments;
mod settings;
pub mod split;
#[cfg(test)]
mod tests;
pub mod trouble;
mod webhook;
pub mod wire;
pub mod words;

use std::sync::Arc;

use crate::contract::{Account, Channel, Connector, Host, Inspected, Invalid, Manifest, Settings};
use channel::Number;

/// The part of every path that names the API's version.
const API: &str = "/2010-04-01";

/// Text messages as a platform.
#[derive(Clone, Copy, Debug)]
pub struct Sms;

impl Connector for Sms {
    fn manifest(&self) -> &'static Manifest {
        &manifest::MANIFEST
    }

    fn hosts(&self, settings: &Settings) -> Vec<Host> {
        settings::hosts(settings)
    }

    fn open(&self, account: Account) -> Result<Arc<dyn Channel>, Vec<Invalid>> {
        let config = settings::understand(&account.settings)?;
        Ok(Arc::new(Number::new(account, config)))
    }

    fn inspect(&self, body: &[u8], content_type: Option<&str>) -> Vec<Inspected> {
        inspect::inspect(body, content_type)
    }
}
