//! Connectors talk to the platforms patrons write from and know nothing of Deskbell's tables or pages.

#[cfg(test)]
mod conformance;
pub mod contract;
pub mod email;
pub mod facebook;
pub mod markup;
pub mod mastodon;
pub mod simulator;
pub mod sms;
pub mod web;
pub mod x;

use contract::Connector;

/// Every platform, once. Adding one is its folder and a line here.
pub fn all() -> &'static [&'static dyn Connector] {
    &[&email::Email, &facebook::Facebook, &mastodon::Mastodon, &sms::Sms, &x::X]
}

/// The platform of this name.
pub fn named(name: &str) -> Option<&'static dyn Connector> {
    all().iter().copied().find(|connector| connector.manifest().name == name)
}
