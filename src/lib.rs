//! Deskbell: every way a library's patrons ask, in one queue that staff share.
//!
//! Read `ARCHITECTURE.md` first, then `src/inbound.rs` and `src/outbound.rs`: they are the two sentences of the program.

pub mod access;
pub mod app;
pub mod bus;
pub mod channel;
pub mod clock;
pub mod commands;
pub mod config;
pub mod conversation;
pub mod error;
pub mod failpoint;
pub mod http;
pub mod inbound;
pub mod model;
pub mod outbound;
pub mod report;
pub mod store;
pub mod webhook;
pub mod worker;
pub mod wrong;
