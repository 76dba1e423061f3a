//! Mail.

pub mod body;
pub mod calendar;
pub mod classify;
pub mod flowed;
pub mod inspect;
pub mod mail;
pub mod mime;
pub mod names;
pub mod read;
#[cfg(test)]
mod tests;
pub mod tnef;
pub mod token;
pub mod trim;
