//! What the measurements share.

pub mod accounts;
pub mod burst;
pub mod cost;
pub mod floor;
pub mod house;
pub mod large;
pub mod mail;
pub mod recorder;
pub mod server;
pub mod table;
pub mod web;
pub mod words;
