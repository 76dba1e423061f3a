//! Fences that an exam can look at.

use std::sync::{Mutex, PoisonError};

use crate::contract::{BoxFuture, Failure, Fence};

/// Lets nothing out: another process has taken it over.
pub struct Shut;

impl Fence for Shut {
    fn pass(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async { Err(Failure::Transient { after_ms: None, why: "It is another's now.".to_owned() }) })
    }

    fn back(&self) -> BoxFuture<'_, Result<(), Failure>> {
        self.pass()
    }
}

/// Lets everything out and remembers how it was asked.
#[derive(Default)]
pub struct Watched(Mutex<Vec<&'static str>>);

impl Watched {
    /// In order, each `pass` or `back`.
    pub fn seen(&self) -> Vec<&'static str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, what: &'static str) -> BoxFuture<'_, Result<(), Failure>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(what);
        Box::pin(async { Ok(()) })
    }
}

impl Fence for Watched {
    fn pass(&self) -> BoxFuture<'_, Result<(), Failure>> {
        self.note("pass")
    }

    fn back(&self) -> BoxFuture<'_, Result<(), Failure>> {
        self.note("back")
    }
}
