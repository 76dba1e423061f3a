//! The lines of a web platform's ledger.

use serde::{Deserialize, Serialize};

/// One thing that happened; `Own` is what the platform itself writes: what it gave and what it took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry<Own> {
    /// A client asked.
    Asked(Asked),
    /// The platform called a webhook.
    Called(Called),
    /// The platform's own line.
    Own(Own),
}

/// A request as it came and what was answered. Bodies are cut at 256 KiB and read as UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// `GET`.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// Names in lower case; `authorization` only by its scheme.
    pub headers: Vec<(String, String)>,
    /// As sent.
    pub body: String,
    /// The fault that struck, by name.
    pub fault: Option<String>,
    /// None: it was not answered.
    pub status: Option<u16>,
    /// As the platform meant it, before a fault cut it off.
    pub answer: String,
}

/// A call of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Whom.
    pub url: String,
    /// What was said.
    pub body: String,
    /// From 1.
    pub attempt: u32,
    /// None: no answer, or not in time.
    pub status: Option<u16>,
    /// What was answered.
    pub answer: String,
}

impl<Own> Entry<Own> {
    /// The request, if this is one.
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            Self::Asked(asked) => Some(asked),
            _ => None,
        }
    }

    /// The call, if this is one.
    pub fn called(&self) -> Option<&Called> {
        match self {
            Self::Called(called) => Some(called),
            _ => None,
        }
    }

    /// The platform's own line, if this is one.
    pub fn own(&self) -> Option<&Own> {
        match self {
            Self::Own(own) => Some(own),
            _ => None,
        }
    }
}

/// At most 256 KiB of it, as text.
pub(super) fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(256 << 10)]).into_owned()
}
