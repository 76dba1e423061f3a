//! What managers ask, one question a file.

pub mod quantile;
pub mod waits;
