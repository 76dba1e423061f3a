//! What the platform itself writes into its ledger.

use serde::{Deserialize, Serialize};

/// Something that was said on the platform, or taken from the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happened {
    /// A patron said something.
    Said {
        /// Its number.
        id: String,
        /// Who.
        person: String,
        /// For everybody to read.
        public: bool,
        /// What.
        text: String,
    },
    /// The library's app sent something that was taken.
    Taken {
        /// The number it got.
        id: String,
        /// To whom, or under what.
        to: String,
        /// For everybody to read.
        public: bool,
        /// What; a file's name where there are no words.
        text: String,
        /// As sent along.
        metadata: Option<String>,
        /// How many bytes each of its files has.
        #[serde(default)]
        files: Vec<usize>,
    },
    /// Somebody answered for the Page by hand.
    Answered {
        /// Its number.
        id: String,
        /// For everybody to read.
        public: bool,
    },
    /// The app was taken off a Page, since its address failed for an hour.
    Unsubscribed {
        /// Which.
        page: String,
    },
}
