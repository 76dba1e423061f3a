//! Sessions kept open between polls, so that an empty poll costs one round trip and no sign-in.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::Imap;
use crate::contract::{Account, Failure};
use crate::email::settings::Config;

/// Providers allow ten to fifteen connections for one mailbox; people's own mail programs need some.
const AT_ONCE: usize = 3;
const KEPT: usize = 2;

/// A channel's reading sessions.
pub struct Pool {
    idle: Mutex<Vec<Imap>>,
    places: Semaphore,
}

/// A session taken out of the pool. Dropped half-way (a poll that was called off) it is gone: answers to what it asked may
/// still be on their way. Otherwise [`Lease::give_back`].
pub struct Lease<'a> {
    pool: &'a Pool,
    /// To ask.
    pub session: Imap,
    kept: bool,
    _place: SemaphorePermit<'a>,
}

impl Pool {
    /// With none open.
    pub fn new() -> Self {
        Self { idle: Mutex::default(), places: Semaphore::new(AT_ONCE) }
    }

    /// A session, kept or new.
    ///
    /// # Errors
    /// Those of [`Imap::open`].
    pub async fn take(&self, account: &Account, config: &Config) -> Result<Lease<'_>, Failure> {
        let place = self.places.acquire().await.expect("nobody closes this semaphore");
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (session, kept) = match kept {
            Some(session) => (session, true),
            None => (Imap::open(account, config).await?, false),
        };
        Ok(Lease { pool: self, session, kept, _place: place })
    }
}

impl Lease<'_> {
    /// Ends the use. True: the session had been kept and has died meanwhile, which says nothing about the server: what only
    /// reads may be asked once more, and gets a new session.
    pub fn give_back(self) -> bool {
        let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if self.session.is_whole() {
            if idle.len() < KEPT {
                idle.push(self.session);
            }
            return false;
        }
        // Whatever was kept beside it is as old, and has most likely died with it.
        idle.clear();
        self.kept
    }
}
