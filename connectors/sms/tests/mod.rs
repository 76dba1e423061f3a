//! Text messages: what is pure by tables, what talks by the platform in miniature.

mod calls;
mod codes;
mod compose;
mod corpora;
mod exam;
mod faults;
pub mod published;
mod reading;
mod segments;
mod sending;
