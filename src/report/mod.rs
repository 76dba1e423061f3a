//! What managers ask, one question a file.

pub mod period;
pub mod quantile;
pub mod rebuild;
pub mod trial;
pub mod waits;
