//! How long patrons wait, held in more than one way: what is kept as things happen, what the history says, and what a
//! person reads in the rules.

mod agree;
pub mod bed;
mod cases;
mod desk;
mod life;
mod merges;
mod merging;
mod rebuild;
mod rules;
mod splits;
