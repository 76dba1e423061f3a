//! Mastodon, at any instance: what people say to one account in public and in direct posts, and its answers.
//!
//! | question | answer |
//! |---|---|
//! | What does this post say? | [`inbound`], [`wire`], [`words`] |
//! | Who may read the answer? | [`deliver::visibility`]: never more than could read what it answers |
//! | How long is this text for an instance? | [`weigh::weigh`] |
//! | What did the instance say that it allows? | [`instance::Limits`] |
//!
//! Two streams: `mentions` (the instance's notifications; a direct post is a mention too) and `own` (what the account itself
//! posted, here or elsewhere). Both are read onwards from the oldest that is not kept, so there is never a gap to walk.

mod asking;
mod channel;
mod cursor;
mod deliver;
#[cfg(test)]
mod fake;
mod files;
mod find;
pub mod inbound;
pub mod instance;
mod manifest;
mod outbound;
mod poll;
mod register;
mod settings;
#[cfg(test)]
mod tests;
mod trouble;
pub mod weigh;
pub mod wire;
pub mod words;

use std::sync::Arc;

use crate::contract::{
    Account, BoxFuture, Channel, Connector, Failure, Host, Invalid, Manifest, Registered, Registering,
    Settings,
};
use channel::Handle;

/// Mastodon as a platform.
#[derive(Clone, Copy, Debug)]
pub struct Mastodon;

impl Connector for Mastodon {
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

    fn register(&self, asking: Registering) -> BoxFuture<'static, Result<Registered, Failure>> {
        Box::pin(register::register(asking))
    }
}
