//! A further platform in the town: an account of the library's there, and people who write to it by themselves.

use super::Door;
use crate::contract::BoxFuture;
use crate::simulator::Faults;
use crate::simulator::web::WebFault;

/// What every further platform in the town can do.
pub(super) trait Corner: Send + Sync {
    /// What the library calls its account there.
    fn name(&self) -> &'static str;

    /// How it is connected.
    fn door(&self) -> Door;

    /// The account's refresh token, where it is signed in that way.
    fn refresh_token(&self) -> Option<String> {
        None
    }

    /// Has something go wrong there, as `dm/429:2` says; a sentence where there is no such fault.
    fn fault(&self, plan: &str) -> Result<(), String> {
        Err(format!("Nothing can go wrong by name there yet, so neither can {plan}."))
    }

    /// What goes wrong there; none: nothing can.
    fn faults(&self) -> Option<&Faults<WebFault>> {
        None
    }

    /// Somebody says something; the same number is the same person with the same words.
    fn talk(&self, number: u64);

    /// Lets everything happen that is due by the town's clock.
    fn run_due(&self);

    /// Stops the platform and waits for it.
    fn stop(&self) -> BoxFuture<'_, ()>;
}
