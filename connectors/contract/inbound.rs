//! What comes in: envelopes as they came, and what was read in them.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::capability::{Cost, Visibility};
use super::{Cursor, Failure, Key};

/// One thing a platform gave us: the raw bytes and what we read in them. Ends as a message, in held, or as a known
/// duplicate; the three counts add up.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Unique in the channel and the same however often and by whichever way it is given. Chosen from what the *platform*
    /// numbers, never from what the writer can choose.
    pub external_id: String,
    /// Names the content where the platform may renumber (a mailbox rebuilt): with `renumbered`, an envelope whose
    /// fingerprint the channel already knows is a duplicate.
    pub fingerprint: Option<String>,
    /// Set on what is read again after the platform gave everything new numbers.
    pub renumbered: bool,
    /// The bytes as they came, kept until retention erases them. Cheap to clone.
    pub raw: Bytes,
    /// Of the raw bytes (`message/rfc822`, `application/json`).
    pub content_type: &'static str,
    /// When the platform had it, epoch milliseconds (never the writer's own claim where the platform has its own).
    pub at: i64,
    /// What was read in it.
    pub event: Event,
}

/// An envelope as it was kept: its bytes, without what was read in them.
#[derive(Clone, Debug)]
pub struct Kept {
    /// [`Envelope::external_id`].
    pub external_id: String,
    /// [`Envelope::content_type`].
    pub content_type: String,
    /// [`Envelope::at`].
    pub at: i64,
    /// [`Envelope::raw`].
    pub raw: Bytes,
}

impl Kept {
    /// What is kept of it.
    pub fn of(envelope: &Envelope) -> Self {
        Self {
            external_id: envelope.external_id.clone(),
            content_type: envelope.content_type.to_owned(),
            at: envelope.at,
            raw: envelope.raw.clone(),
        }
    }

    /// What it says by this reading of its bytes, which may hold others too.
    ///
    /// # Errors
    /// [`Failure::Malformed`] when it is not among them.
    pub fn among(&self, read: Vec<Envelope>) -> Result<Event, Failure> {
        let found = read.into_iter().find(|envelope| envelope.external_id == self.external_id);
        found.map(|envelope| envelope.event).ok_or_else(|| Failure::Malformed {
            raw: self.raw.to_vec(),
            why:
                "What was kept of this cannot be read again by this version. The original is kept as it came."
                    .to_owned(),
        })
    }
}

/// What an envelope says.
#[derive(Clone, Debug)]
pub enum Event {
    /// A patron (or a stranger) said something.
    Message(Box<Message>),
    /// Our account said something: a reply of ours coming back, or a colleague answering in the platform's own app.
    Echo(Box<Message>),
    /// What the platform says of a part we sent.
    Receipt(Receipt),
    /// The writer changed what they said.
    Edited {
        /// The message's id.
        of: String,
        /// What it says now.
        text: String,
    },
    /// The writer took it back.
    Deleted {
        /// The message's id.
        of: String,
    },
    /// The patron asked us to stop, or to go on.
    OptOut {
        /// The patron's address.
        address: Address,
        /// True: stop.
        stopped: bool,
    },
    /// Kept, counted, shown in the held tray; opens no conversation and triggers nothing.
    Held(Held),
    /// The platform lost some for us; polling must fill the gap.
    Gap {
        /// A sentence.
        why: String,
    },
    /// The account's sign-in was withdrawn.
    Revoked {
        /// A sentence.
        why: String,
    },
}

/// One thing said.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// The id other messages refer to (a Message-ID, a mid). Made by the writer on some platforms: never a key for
    /// deduplication there.
    pub id: Option<String>,
    /// Who said it.
    pub author: Option<Address>,
    /// To whom, as written.
    pub recipients: Vec<Address>,
    /// When the writer says it was said, epoch milliseconds. Display only.
    pub written_at: Option<i64>,
    /// Who can read it on the platform.
    pub visibility: Visibility,
    /// Subject, where the platform has one.
    pub subject: Option<String>,
    /// What was said.
    pub said: Said,
    /// How it hangs together with others.
    pub thread: Thread,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Where it can be seen on the platform, `https` only.
    pub link: Option<String>,
    /// A list or bulk mail: shown, but nothing automatic may answer it.
    pub automatic: bool,
}

/// The words of a message, made readable by the connector.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The whole text.
    pub text: String,
    /// Without the trailing quote and signature; equal to `text` when nothing was collapsed.
    pub reply_text: String,
    /// Markup as the writer sent it, not yet sanitised.
    pub html: Option<String>,
}

/// How messages hang together.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    /// The platform's own conversation, where it has one. Trusted: the platform made it.
    pub conversation: Option<String>,
    /// Ids this message claims to answer, nearest first. The writer chose them: they join only with the writer's address
    /// already in the conversation.
    pub references: Vec<String>,
    /// Those of `references` that carry a proof of ours, as the key of the delivery they name: they join by themselves.
    pub proven: Vec<Key>,
}

/// One way to reach a person, as the platform names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Unique on the platform and folded (lower-case mail address, numeric id, E.164 number).
    pub id: String,
    /// As people write it (`@tamsin`, `A.Osei@example.org`).
    pub shown: String,
    /// The person's name as they gave it; never trusted, made harmless for display.
    pub name: Option<String>,
}

/// A file that came along.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// As the sender named it; never used as a path.
    pub filename: Option<String>,
    /// As the sender declared it; never trusted.
    pub content_type: String,
    /// The bytes, or where to get them.
    pub content: Content,
    /// Id under which markup shows it in place (`cid:`).
    pub content_id: Option<String>,
    /// Shown in place rather than listed.
    pub inline: bool,
}

/// A file's bytes, or where they are.
#[derive(Clone, Debug)]
pub enum Content {
    /// Here.
    Here(Bytes),
    /// To be fetched through [`super::Media`] after the message is kept.
    There {
        /// Understood by the connector alone.
        reference: String,
        /// As the platform says.
        size: Option<u64>,
    },
}

/// A fetched file.
#[derive(Clone, Debug)]
pub struct File {
    /// The bytes.
    pub bytes: Bytes,
    /// As the platform declared it.
    pub content_type: String,
    /// As the platform named it.
    pub filename: Option<String>,
}

/// What the platform says of a part that we sent.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Our delivery, where the receipt carries our own key (proven).
    pub key: Option<Key>,
    /// The id on the platform.
    pub id: Option<String>,
    /// What became of it.
    pub state: ReceiptState,
    /// The recipient it speaks of, where there are several.
    pub recipient: Option<String>,
    /// In words, for a failure: why, behind "Not delivered:".
    pub why: Option<String>,
}

/// What became of a part. Only moves forward; callbacks come out of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptState {
    /// The platform is still trying.
    Delayed,
    /// It left the platform (no word of arrival).
    Relayed,
    /// It arrived.
    Delivered,
    /// It was seen.
    Read,
    /// It did not arrive and will not.
    Failed,
}

/// An envelope that is no conversation.
#[derive(Clone, Debug)]
pub struct Held {
    /// The kind.
    pub reason: HeldReason,
    /// A sentence for the held tray: what it is, and what to do if a patron is behind it.
    pub why: String,
    /// Who sent it, as far as could be read.
    pub author: Option<Address>,
    /// Its subject, as far as could be read.
    pub subject: Option<String>,
    /// A receipt that it also carries: a bounce settles the reply that bounced.
    pub receipt: Option<Receipt>,
}

/// Why something is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldReason {
    /// Out of office, auto-reply.
    Automatic,
    /// A bounce, matched or not.
    Bounce,
    /// Could not be read at all.
    Unreadable,
    /// Larger than the channel takes; only its head was read.
    Oversized,
    /// Our own words coming back round.
    Loop,
    /// Only the patron's own device could read it.
    Encrypted,
    /// Understood, and nothing for an inbox (a reaction, a read mark of a stranger).
    Ignored,
}

impl HeldReason {
    /// The stable word in the API and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Bounce => "bounce",
            Self::Unreadable => "unreadable",
            Self::Oversized => "oversized",
            Self::Loop => "loop",
            Self::Encrypted => "encrypted",
            Self::Ignored => "ignored",
        }
    }
}

/// What one poll brought.
#[derive(Clone, Debug)]
pub struct Batch {
    /// In the order in which they should be kept.
    pub envelopes: Vec<Envelope>,
    /// Saved in the same transaction as the envelopes.
    pub next: Cursor,
    /// There is more: poll again at once.
    pub more: bool,
    /// Not again before this, epoch milliseconds.
    pub not_before: Option<i64>,
    /// How many are still to come, where the platform says.
    pub backlog: Option<u64>,
    /// A sentence for the channel's history, where something was decided that a person should know ("1,204 older mails
    /// stay in the mailbox").
    pub note: Option<String>,
    /// What the asking cost.
    pub cost: Cost,
}

/// A webhook call as it came.
#[derive(Clone, Copy, Debug)]
pub struct Receiving<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The public URL that the platform called, query included: signatures cover it.
    pub url: &'a str,
    /// Header names in lower case.
    pub headers: &'a [(String, String)],
    /// Before any parsing: signatures cover these bytes.
    pub body: &'a [u8],
    /// Epoch milliseconds.
    pub now: i64,
}

/// What a webhook call meant.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// What to answer after everything is kept; none: an empty success.
    pub reply: Option<Reply>,
    /// What it brought.
    pub envelopes: Vec<Envelope>,
    /// What the platform charges for having told it.
    pub cost: Cost,
}

/// The body of a webhook answer (a handshake's challenge, an empty TwiML). Its status is not the connector's to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Of the body.
    pub content_type: &'static str,
    /// As the platform demands it.
    pub body: Bytes,
}
