//! Who or what wrote a mail: a person, a program answering, a list, or the mail system itself.

mod automatic;
mod nonstandard;
mod report;
mod why;

pub use report::{Action, Recipient, Report};
pub use why::Why;

use super::body::Body;
use super::mime::Tree;

/// What kind of mail it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nature {
    /// Written by a person, as far as can be told.
    Personal,
    /// From a list, a newsletter or a machine: worth showing, never to be answered automatically.
    Bulk,
    /// A program's answer to one mail (absence, acknowledgement): never opens a conversation.
    AutoReply,
    /// The mail system's word on something sent (RFC 3464, or recognised without): a delivery status, not a message.
    Delivery(Report),
    /// Somebody opened or deleted something sent (RFC 8098).
    Opened {
        /// Message-ID of what was opened, without brackets.
        original_message_id: Option<String>,
    },
    /// A provider's report that somebody marked something sent as spam (RFC 5965).
    Complaint {
        /// Message-ID of what was complained about, without brackets.
        original_message_id: Option<String>,
    },
}

impl Nature {
    /// A program sent it: no automatic answer may go back (RFC 3834).
    pub fn is_automatic(&self) -> bool {
        *self != Nature::Personal
    }

    /// It may open a conversation or continue one.
    pub fn is_for_people(&self) -> bool {
        matches!(self, Nature::Personal | Nature::Bulk)
    }

    /// It reports that something sent has not arrived, or not yet.
    pub fn is_bounce(&self) -> bool {
        match self {
            Nature::Delivery(report) => {
                report.recipients.is_empty()
                    || report
                        .recipients
                        .iter()
                        .any(|one| matches!(one.action, Action::Failed | Action::Delayed))
            }
            _ => false,
        }
    }
}

/// Decides, from the strongest sign to the weakest.
pub fn nature(tree: &Tree<'_>, body: &Body) -> Nature {
    if let Some(nature) = report::standard(tree) {
        return nature;
    }
    let headers = &tree.parts[0].headers;
    let sender = automatic::sender(headers);
    if let Some(report) = nonstandard::report(tree, body, sender) {
        return Nature::Delivery(report);
    }
    automatic::nature(headers, sender)
}
