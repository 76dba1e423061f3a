//! Connected accounts: which are open, how they are, how they are signed in, and what they must keep secret.

pub mod budget;
pub mod connect;
pub mod health;
pub mod rate;
pub mod roster;
mod tokens;
pub mod vault;
