//! The store: every test here runs on each engine.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

pub(crate) mod bed;
mod blobs;
mod channels;
mod copy;
mod fit;
mod lists;
mod people;
mod plans;
mod platforms;
mod schema;
mod search;
mod seeking;
mod seeking_any;
mod seeking_beginnings;
mod sessions;
mod snapshot;
mod wake;
mod writer;
