//! What a reader may know of one mail: plain data, decoded and bounded.

use super::classify::Nature;
use super::mime::date::Written;

/// One mail, read.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Decoded, on one line; empty if there is none.
    pub subject: String,
    /// Writers. An entry whose address is empty had only a name.
    pub from: Vec<Mailbox>,
    /// Who handed it in, where that is not the writer.
    pub sender: Vec<Mailbox>,
    /// Recipients, groups flattened; only entries with an address.
    pub to: Vec<Mailbox>,
    /// Copies, groups flattened; only entries with an address.
    pub cc: Vec<Mailbox>,
    /// Where the writer wants answers.
    pub reply_to: Vec<Mailbox>,
    /// Without brackets. The sender's to choose: never a key by itself.
    pub message_id: Option<String>,
    /// Ids of the mail this one answers, without brackets.
    pub in_reply_to: Vec<String>,
    /// Ids of the thread, oldest first, without brackets.
    pub references: Vec<String>,
    /// When it says it was written.
    pub date: Option<Written>,
    /// The best readable text: plain parts, and HTML turned into text where there is no plain text beside it.
    pub text: String,
    /// The plain parts alone; empty for a mail that is only HTML.
    pub plain: String,
    /// The HTML as sent: hostile, to be shown only through [`crate::markup::sanitise`].
    pub html: Option<String>,
    /// Everything that is neither text nor container, in the order of the mail.
    pub attachments: Vec<Attachment>,
    /// What kind of mail it is and whether a person wrote it.
    pub nature: Nature,
    /// Value of our own loop header, if the mail has it; to be verified with [`super::token::is_loop_mark`].
    pub loop_mark: Option<String>,
    /// How many relays it passed.
    pub hops: usize,
    /// What the reader should be told about the reading.
    pub notices: Vec<Notice>,
    /// `Message-ID` and `In-Reply-To` on one line as written, for reports.
    pub(super) ids_as_written: (String, String),
}

/// A person or program that mail comes from or goes to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mailbox {
    /// Display name without control, bidirectional and zero-width characters; may be empty.
    pub name: String,
    /// `local@domain` as written; may be empty or lack an `@` in broken mail.
    pub address: String,
}

/// A file that came with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Name as sent, hidden characters taken out. Never to be used as a path.
    pub filename: Option<String>,
    /// `type/subtype` as declared, lower case. Never to be trusted.
    pub content_type: String,
    /// Content-ID without brackets, for `cid:` links.
    pub content_id: Option<String>,
    /// Meant to be shown inside the text.
    pub inline: bool,
    /// Taken out of a winmail.dat that is itself in the list.
    pub unpacked: bool,
    /// SHA-256 of `bytes`.
    pub sha256: [u8; 32],
    /// The file.
    pub bytes: Vec<u8>,
}

/// How much of a mail is looked at. [`Limits::default`] suits every mailbox.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest mail read at all, in bytes: 40 MB of attachments are 55 MB on the wire.
    pub mail_bytes: usize,
    /// Bytes of one header block.
    pub header_bytes: usize,
    /// MIME parts.
    pub parts: usize,
    /// Multiparts inside multiparts.
    pub depth: usize,
    /// Bytes of text, and of HTML, kept for showing.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { mail_bytes: 64 << 20, header_bytes: 256 << 10, parts: 1000, depth: 50, text_bytes: 2 << 20 }
    }
}

/// Why a mail was not read at all. The bytes are with the caller; nothing is lost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Held {
    /// Larger than [`Limits::mail_bytes`].
    #[error(
        "This mail is {size_mb} MB, more than the {limit_mb} MB Deskbell reads. It was kept whole and can be downloaded."
    )]
    TooBig {
        /// Its size in megabytes, rounded up.
        size_mb: usize,
        /// The limit in megabytes.
        limit_mb: usize,
    },
    /// Reading it failed in a way nobody foresaw.
    #[error("This mail could not be read. It was kept as it came and can be downloaded.")]
    Unreadable,
}

/// Something a reader of the mail should be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notice {
    /// A header block was longer than [`Limits::header_bytes`].
    HeadersCut,
    /// There were more than [`Limits::parts`] parts.
    PartsCut,
    /// Parts nested deeper than [`Limits::depth`] were kept closed.
    DepthCut,
    /// The text was longer than [`Limits::text_bytes`].
    TextCut,
    /// The content is encrypted.
    Encrypted,
    /// The content is wrapped in a signature that must be opened elsewhere.
    Sealed,
    /// A winmail.dat could not be opened wholly.
    TnefDamaged,
    /// The words of a winmail.dat are in a form that is not read.
    TnefUnread,
}

impl Notice {
    /// The sentence for the reader.
    pub fn sentence(self) -> &'static str {
        match self {
            Notice::HeadersCut => "The header of this mail is unusually long; only its beginning was read.",
            Notice::PartsCut => {
                "This mail has more parts than can be shown; the first ones are here, the original has all."
            }
            Notice::DepthCut => {
                "Parts of this mail are nested too deeply to be opened; they are kept as a file."
            }
            Notice::TextCut => "This mail is very long; its beginning is shown, the original has all of it.",
            Notice::Encrypted => "This mail is encrypted and cannot be read here; it is kept as a file.",
            Notice::Sealed => "The content of this mail is inside a digital signature; it is kept as a file.",
            Notice::TnefDamaged => {
                "The attached winmail.dat could only be opened in part; it is kept as a file too."
            }
            Notice::TnefUnread => {
                "What this mail says is inside winmail.dat in a form that could not be read here; open that file, or the original, elsewhere."
            }
        }
    }
}
