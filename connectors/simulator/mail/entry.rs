//! What the mail platform writes into its ledger, and the questions asked of it afterwards.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::simulator::Ledger;

/// One line of the mail platform's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// A mail came into a mailbox: dropped in by the caller, from a patron, as a bounce, or through the SMTP server.
    Arrived(Placed),
    /// A client filed a mail by APPEND, or the platform filed a copy of a sent one.
    Filed(Placed),
    /// A client was given bytes of a mail's body; written once the last of them was handed to the socket.
    Given(Given),
    /// The SMTP server took a message.
    Accepted(Accepted),
    /// A message reached a patron.
    Heard {
        /// The patron's address.
        patron: String,
        /// The message's Message-ID, if it had one.
        message_id: Option<String>,
    },
    /// A sign-in was refused.
    Denied {
        /// `imap` or `smtp`.
        place: String,
        /// Who the client said it was.
        account: String,
    },
}

/// A mail and where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The mailbox's address.
    pub account: String,
    /// The folder, such as `INBOX`.
    pub folder: String,
    /// RFC 9051 section 2.3.1.1.
    pub uid_validity: u32,
    /// RFC 9051 section 2.3.1.1.
    pub uid: u32,
    /// With angle brackets; `None` where the mail has none.
    pub message_id: Option<String>,
    /// The whole mail's size in bytes.
    pub size: usize,
}

/// Bytes of a mail's body that a client was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The mail.
    #[serde(flatten)]
    pub mail: Placed,
    /// The first byte given.
    pub first: usize,
    /// How many bytes were given.
    pub bytes: usize,
}

impl Given {
    /// Whether the client now has the last byte of the mail, in whatever pieces it asked for it.
    pub fn to_the_end(&self) -> bool {
        self.first + self.bytes >= self.mail.size
    }
}

/// A message the SMTP server took responsibility for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The mailbox that was signed in; `None` where the server asks for no sign-in.
    pub account: Option<String>,
    /// The reverse path; empty for `<>`.
    pub from: String,
    /// Those recipients that were not refused.
    pub to: Vec<Recipient>,
    /// The envelope id the client gave (RFC 3461 section 4.4), decoded.
    pub envelope_id: Option<String>,
    /// `FULL` or `HDRS` (RFC 3461 section 4.3).
    pub ret: Option<String>,
    /// `BODY=8BITMIME` (RFC 6152) was given.
    pub eight_bit: bool,
    /// `SMTPUTF8` (RFC 6531) was given.
    pub utf8: bool,
    /// With angle brackets; `None` where the message has none.
    pub message_id: Option<String>,
    /// The client was never told that the message was accepted.
    pub answer_lost: bool,
    /// The message exactly as the client sent it, dots undone.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub raw: Bytes,
}

/// One recipient of a message, with what was asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The forward path without its angle brackets.
    pub address: String,
    /// `NEVER`, or a list of `SUCCESS`, `FAILURE`, `DELAY` (RFC 3461 section 4.1).
    pub notify: Option<String>,
    /// As given, `rfc822;` included (RFC 3461 section 4.2).
    pub original: Option<String>,
}

impl Ledger<Entry> {
    /// The messages the SMTP server took, in order.
    pub fn accepted(&self) -> Vec<Accepted> {
        self.pick(|line| match &line.what {
            Entry::Accepted(accepted) => Some(accepted.clone()),
            _ => None,
        })
    }

    /// How often the SMTP server took a message with this Message-ID (angle brackets included).
    pub fn accepted_times(&self, message_id: &str) -> usize {
        self.pick(|line| match &line.what {
            Entry::Accepted(accepted) => {
                accepted.message_id.as_deref().filter(|id| *id == message_id).map(|_| ())
            }
            _ => None,
        })
        .len()
    }

    /// The mails that came into a mailbox from outside, in order.
    pub fn arrived(&self, account: &str) -> Vec<Placed> {
        self.pick(|line| match &line.what {
            Entry::Arrived(placed) if placed.account == account => Some(placed.clone()),
            _ => None,
        })
    }

    /// The mails that were filed in a mailbox, in order.
    pub fn filed(&self, account: &str) -> Vec<Placed> {
        self.pick(|line| match &line.what {
            Entry::Filed(placed) if placed.account == account => Some(placed.clone()),
            _ => None,
        })
    }

    /// What clients were given of a mailbox's mails, in order.
    pub fn given(&self, account: &str) -> Vec<Given> {
        self.pick(|line| match &line.what {
            Entry::Given(given) if given.mail.account == account => Some(given.clone()),
            _ => None,
        })
    }
}

fn to_base64<S: Serializer>(raw: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(raw))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(text).map(Bytes::from).map_err(serde::de::Error::custom)
}
