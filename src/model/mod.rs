//! The nouns and the rules that need no I/O: plain data.

pub mod ability;
pub mod away;
pub mod block;
pub mod budget;
pub mod calendar;
pub mod cascade;
pub mod channel;
pub mod claim;
pub mod closure;
pub mod conversation;
pub mod delivery;
pub mod draft;
pub mod event;
pub mod file;
pub mod following;
pub mod handoff;
pub mod helper;
pub mod history;
pub mod hours;
pub mod merge;
pub mod message;
pub mod next;
pub mod patron;
pub mod people;
pub mod policy;
pub mod presence;
pub mod queue;
pub mod rate;
pub mod review;
pub mod rule;
pub mod saved;
pub mod schedule;
pub mod search;
pub mod session;
pub mod signin;
pub mod split;
pub mod tag;
pub mod threading;
pub mod union;
pub mod viewing;
pub mod wait;
pub mod webhook;

/// A point in time: epoch milliseconds, UTC.
pub type Millis = i64;

/// Declares an enum whose variants are stable words in the database and the API.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// The stable word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("{word} is not one of: {}.", [$($word),+].join(", "))),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(word: String) -> Result<Self, String> {
                word.parse()
            }
        }

        // By hand: the derive does not see a `rename` that a macro has written, and would describe the variants' own names.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                use utoipa::openapi::schema::{ObjectBuilder, Type};
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some([$($word),+])).into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;
