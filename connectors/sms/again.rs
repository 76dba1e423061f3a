//! What a text said, read once more in what was kept of it: a call's body, or an item of the list.

use super::channel::Number;
use super::inbound::{self, Own};
use super::inspect;
use super::wire::Resource;
use crate::contract::{Event, Failure, Kept};

/// Reads it.
///
/// # Errors
/// [`Failure::Malformed`] when these bytes do not hold it.
pub fn read(number: &Number, kept: &Kept) -> Result<Event, Failure> {
    let own = Own { number: Some(&number.config.number), words: &number.config.words };
    let listed = serde_json::from_slice::<Resource>(&kept.raw).ok();
    // Only the list says which way a text went.
    let happenings = match listed.filter(|one| one.sid.is_some() && one.direction.is_some()) {
        Some(resource) => inbound::of_resource(&resource, &own),
        None => {
            let called = inspect::read(&kept.raw, Some(&kept.content_type), None, &own);
            called.into_iter().map(|(happening, _)| happening).collect()
        }
    };
    let envelopes = happenings.into_iter().map(|one| one.envelope(kept.raw.clone(), "", kept.at));
    kept.among(envelopes.collect())
}
