//! X: what people say to one account in public and in direct messages, and its answers.
//!
//! | question | answer |
//! |---|---|
//! | What does this post or message say? | [`inbound`], [`wire`], [`words`]: both generations of names, the older pushed shapes |
//! | What was pushed? | [`pushed::found`] |
//! | How long is this text for X? | [`weigh::weigh`], [`links::find`] |
//! | May this stand in public? | [`disclosing::objection`] |
//! | What does it cost? | [`prices`] |
//!
//! Two streams, `mentions` and `dm`, are read newest first and kept oldest first; a gap too wide for one reading is walked
//! down page by page, with the place in the cursor. X's newer chat is encrypted end to end: what is told of it is counted
//! and shown, and nobody but the account's own devices can read it.

mod asking;
mod channel;
mod cursor;
mod deliver;
pub mod disclosing;
#[cfg(test)]
mod fake;
mod fields;
mod files;
pub mod ids;
pub mod inbound;
mod inspect;
pub mod links;
mod manifest;
pub mod media;
mod outbound;
mod poll;
pub mod prices;
pub mod pushed;
mod settings;
mod subscribing;
#[cfg(test)]
mod tests;
mod tlds;
mod trouble;
mod watch;
mod webhook;
pub mod weigh;
pub mod wire;
pub mod words;

use std::sync::Arc;

use crate::contract::{Account, Channel, Connector, Host, Inspected, Invalid, Manifest, Settings};
use channel::Handle;

/// X as a platform.
#[derive(Clone, Copy, Debug)]
pub struct X;

impl Connector for X {
    fn manifest(&self) -> &'static Manifest {
        &manifest::MANIFEST
    }

    fn hosts(&self, settings: &Settings) -> Vec<Host> {
        settings::hosts(settings)
    }

    fn open(&self, account: Account) -> Result<Arc<dyn Channel>, Vec<Invalid>> {
        let config = settings::understand(&account.settings)?;
        Ok(Arc::new(Handle::new(account, config)))
    }

    fn inspect(&self, body: &[u8], _content_type: Option<&str>) -> Vec<Inspected> {
        inspect::inspect(body)
    }
}
