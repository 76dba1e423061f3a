//! Words: the index of what was said, and finding it, newest first.
//!
//! What a word is, and whether a query holds, is said by [`crate::model::search`] alone. An engine keeps the words that it
//! made and finds messages by them; it takes nothing apart and folds nothing, so that both give the same answers.

mod asked;
mod file;
mod found;
mod index;
mod left;
mod messages;
mod pages;
mod rare;
mod server;

pub use index::{index, keep, remove};
pub use left::{complete_since, read_some};

pub(super) use index::differing;
pub(super) use pages::page;

pub(super) const ALL: &[&[&str]] = &[found::ALL, index::ALL, left::ALL];
pub(super) const ONLY_SQLITE: &[&[&str]] = &[file::ONLY_SQLITE, index::ONLY_SQLITE, messages::ONLY_SQLITE];
pub(super) const ONLY_POSTGRES: &[&[&str]] =
    &[server::ONLY_POSTGRES, index::ONLY_POSTGRES, messages::ONLY_POSTGRES];
