//! The two straight lines, end to end on both engines with a platform of our own: a message comes in, an answer goes out.

mod away;
pub mod bed;
pub mod bell;
mod files;
mod hooks;
mod inbound;
mod leases;
mod limits;
mod names;
mod outbound;
pub mod pigeon;
mod together;
mod watch;
