//! How long patrons wait, held in more than one way: what is kept as things happen, what the history says, and what a
//! person reads in the rules.

pub mod bed;
mod rebuild;
