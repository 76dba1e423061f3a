//! What goes out: a draft becomes parts, a part becomes a message on the platform.

use serde::{Deserialize, Serialize};

use super::capability::Visibility;
use super::failure::Reason;
use super::files::Enclosure;
use super::inbound::Address;

/// Everything `compose` may look at. Plain data, so that the same draft always gives the same parts.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What the person wrote, with light Markdown where the channel takes formatting.
    pub text: String,
    /// As edited by the person; none: the thread's own.
    pub subject: Option<String>,
    /// To whom.
    pub to: Recipient,
    /// The name the patron sees, a real one ("Bryan Ortiz").
    pub from_name: String,
    /// Lines put under the text where the channel has signatures.
    pub signature: Option<String>,
    /// The message answered, on the platform.
    pub answers: Option<Answered>,
    /// When the patron last wrote, epoch milliseconds: windows count from here.
    pub patron_wrote_at: Option<i64>,
    /// Private answer or one for everybody to read.
    pub visibility: Visibility,
    /// Files to send along.
    pub enclosures: Vec<Enclosure>,
    /// Written by no person: must say so on the platform, and is never sent to what is automatic itself.
    pub automatic: bool,
}

/// To whom an answer goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The patron.
    pub address: Address,
    /// Also to these (mail's Cc), chosen by the person who answers; never added by us.
    pub copies: Vec<Address>,
}

/// The message an answer hangs on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Its id on the platform.
    pub id: Option<String>,
    /// The ids before it, oldest first.
    pub references: Vec<String>,
    /// The platform's own conversation.
    pub conversation: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// Its text, for a quote of this one message where the channel's custom wants one. Never notes, never other staff.
    pub text: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When, epoch milliseconds.
    pub at: Option<i64>,
}

/// One piece as sent. Kept in the outbox until it is settled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Understood by the connector alone: everything `deliver` and `find` need, but the bytes of its files, which
    /// [`super::Files`] gives.
    pub body: serde_json::Value,
    /// What the patron will read, for the timeline.
    pub text: String,
}

/// How much room a text takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Of [`super::TextLimit::max`], in its unit.
    pub used: u32,
    /// As how many messages it would leave.
    pub parts: u32,
    /// What the writer may want to know, in words: which character makes it dearer, that it is too long.
    pub notes: Vec<String>,
}

/// The platform took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its id on the platform.
    pub id: Option<String>,
    /// Recipients it was refused for although others got it, each with the reason as it stands in brackets behind it.
    pub refused: Vec<(String, String)>,
}

/// Why a draft cannot go this way, in words for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    /// The kind, for what the page offers instead.
    pub reason: Reason,
    /// What is wrong and which way is still open.
    pub why: String,
}
