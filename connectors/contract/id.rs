//! Opaque names: who makes them, who may read them, how unique they are.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A channel's id. Made by the core; unique in the library; never parsed by a connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChannelId(pub Uuid);

/// A stream's name within its channel. Made and parsed by the connector alone; stable for the life of the channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StreamId(pub String);

/// Where reading resumes. Made and parsed by the connector alone, versioned inside (`{"v":1,…}`); the core only stores
/// it, in the transaction that keeps what was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cursor(pub serde_json::Value);

/// The name of one delivery, the same on every try: what makes a second send recognisable as the first. Made by the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key(pub Uuid);

impl std::fmt::Display for StreamId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Display for ChannelId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
