//! The platforms patrons write from, in miniature, on loopback: for the demonstration, tests, crash runs and benchmarks.
//!
//! A simulated platform speaks the real protocol, so that the connector under test cannot tell it from the real thing. Each
//! platform has its folder here and is built from the same five things:
//!
//! - it **listens** on `127.0.0.1` only, on any free port or a given one, one task a connection, until it is told to stop;
//! - a [`Ledger`] of everything it gave to a client and everything it took from one, which the program under test cannot
//!   touch, so that "nothing lost, nothing doubled" is a comparison and not an opinion;
//! - [`Faults`] that are switched on by name, for one account or all, for the next few times, always, or now and then;
//! - a [`Random`] source with a seed, so that a failing run can be repeated;
//! - a [`Clock`] given by the caller: nothing in here reads the time by itself. What a simulated patron does later stands in
//!   an agenda on that clock, and a test that owns a [`FrozenClock`] decides when later is.
//!
//! Nothing is kept when a platform stops, except for the ledger's file where one was asked for.

mod agenda;
mod clock;
mod fault;
pub mod graph;
mod ledger;
pub mod mail;
pub mod mastodon;
mod random;
pub mod sms;
mod stage;
#[cfg(test)]
mod tests;
pub mod town;
pub mod web;
pub mod x;

pub use clock::{Clock, FrozenClock};
pub use fault::{Fault, Faults, Plan, Troubles, UnknownFault};
pub use ledger::{Ledger, Line};
pub use random::Random;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex whose content stays whole even if a holder panicked: every change in the simulator is a single step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
