//! Every test of the whole program, linked once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

mod api;
mod architecture;
mod commands;
mod crash;
mod journey;
mod leash_bed;
mod mail_servers;
mod postgres_bed;
mod store;
mod storm;
mod support;
mod waits;
