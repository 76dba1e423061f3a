//! What every verb is given: the store, the clock, the bus, the door out.

use connectors::contract::Outside;

use crate::bus::Bus;
use crate::clock::Clock;
use crate::store::Db;

/// The running program's parts. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Everything that is kept.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Who is told.
    pub bus: Bus,
    /// The only door out; channels get one narrowed to their own hosts.
    pub outside: Outside,
}
