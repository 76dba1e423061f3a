//! A Facebook Page: its Messenger conversations and what is said under its posts, as two streams, private and public.
//!
//! | question | answer |
//! |---|---|
//! | What does a call mean? | [`inbound`]: bytes to events, pure; the same names as by asking |
//! | What is new? | [`poll`]: our own high-water mark, since Facebook pages by no time |
//! | Does Facebook still call? | [`webhook`]: handshake, signature, subscription |
//! | Which way is open? | [`outbound`]: 24 hours, seven days with a mark, or none; one private answer to a comment |
//! | Did it arrive? | [`deliver`]: by the echo's metadata, else by looking, else a person decides |
//! | Why did it say no? | [`trouble`], and [`usage`] for how much may still be asked |

mod channel;
mod deliver;
#[cfg(test)]
mod fake;
mod find;
mod graph;
mod inbound;
mod json;
mod manifest;
mod media;
mod metadata;
mod opened;
mod outbound;
mod poll;
mod probe;
mod settings;
pub(crate) mod signature;
mod split;
#[cfg(test)]
mod tests;
pub(crate) mod time;
mod trouble;
mod usage;
mod webhook;

use std::sync::Arc;

use crate::contract::{
    Account, BoxFuture, Channel, Connector, Failure, Host, Inspected, Invalid, Manifest, Opened, Settings,
};
use channel::PageChannel;

/// Facebook as a platform.
#[derive(Clone, Copy, Debug)]
pub struct Facebook;

impl Connector for Facebook {
    fn manifest(&self) -> &'static Manifest {
        &manifest::MANIFEST
    }

    fn hosts(&self, settings: &Settings) -> Vec<Host> {
        settings::hosts(settings)
    }

    fn open(&self, account: Account) -> Result<Arc<dyn Channel>, Vec<Invalid>> {
        let config = settings::understand(&account.settings)?;
        Ok(Arc::new(PageChannel::new(account, config)))
    }

    fn opened(&self, account: Account) -> BoxFuture<'static, Result<Vec<Opened>, Failure>> {
        Box::pin(opened::opened(account))
    }

    fn inspect(&self, body: &[u8], _content_type: Option<&str>) -> Vec<Inspected> {
        inbound::inspect(body)
    }
}
