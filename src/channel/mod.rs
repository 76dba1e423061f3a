//! Connected accounts: which are open, how they are, how they are signed in, and what they must keep secret.

pub mod budget;
pub mod change;
pub mod connect;
pub mod files;
pub mod health;
mod oauth;
pub mod rate;
pub mod roster;
pub mod signin;
mod tokens;
pub mod vault;
