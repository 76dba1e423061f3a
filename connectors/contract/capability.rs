//! What an account can do, with its limits. Goes to the page as it is: the composer is drawn from it.

use serde::{Deserialize, Serialize};

/// All of it. Whether there is polling, a webhook or sending at all is not here but in the parts a channel has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capabilities {
    /// How long a text may be.
    pub text: TextLimit,
    /// How long a text may be that everybody can read, where that is another length; none: the same.
    pub public_text: Option<TextLimit>,
    /// Whether messages have subjects.
    pub subject: bool,
    /// Bold, lists, links.
    pub formatting: Level,
    /// Files on the way out.
    pub attachments: AttachmentRules,
    /// Files in what everybody can read, where other rules hold there; none: the same.
    pub public_attachments: Option<AttachmentRules>,
    /// Until when an answer may go, counted from the patron's last message; empty: always. In order of closing.
    pub windows: Vec<Window>,
    /// A message can be answered privately once, within so many milliseconds of being written.
    pub one_shot_reply_ms: Option<i64>,
    /// How long an answer waits so that it can be taken back, milliseconds; the library may change it per channel.
    pub undo_hold_ms: i64,
    /// Who can read what is said here; several where an answer may choose.
    pub visibility: Vec<Visibility>,
    /// Word of arrival.
    pub delivered_receipts: Level,
    /// Word of reading.
    pub read_receipts: Level,
    /// What we say elsewhere (the platform's own app) comes back to us, so that it can end a wait.
    pub echoes: Level,
    /// Whether signatures are put under answers.
    pub signature: bool,
    /// How often polling makes sense, milliseconds: the schedule's default.
    pub poll_interval_ms: i64,
    /// What traffic costs, where the platform charges.
    pub cost: Option<CostTable>,
}

/// How well something is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As the platform means it.
    Native,
    /// Imitated (bold as plain text).
    Degraded,
    /// Not at all.
    Unsupported,
}

/// A text's greatest length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextLimit {
    /// None: no limit worth naming.
    pub max: Option<u32>,
    /// What is counted.
    pub unit: TextUnit,
}

/// What a text limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextUnit {
    /// Unicode scalar values.
    Characters,
    /// Characters with weights, links as a fixed number.
    Weighted,
    /// Parts of a text message.
    Segments,
    /// Bytes of UTF-8.
    Bytes,
}

/// Files on the way out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttachmentRules {
    /// Whether at all.
    pub level: Level,
    /// Why none are taken, in words for whoever writes; none: they are.
    pub why_not: Option<String>,
    /// How many with one answer.
    pub max_count: u32,
    /// All together, bytes.
    pub max_total_bytes: u64,
    /// Kinds taken, each with its own size limit in bytes; `*/*` for any. The first that fits counts.
    pub kinds: Vec<(String, u64)>,
    /// Whether files may go without words.
    pub without_text: bool,
    /// The platform fetches files itself and needs a public address for each.
    pub needs_public_url: bool,
}

impl AttachmentRules {
    /// Of an account that sends no files, and why not.
    pub fn none(why_not: &str) -> Self {
        Self {
            level: Level::Unsupported,
            why_not: Some(why_not.to_owned()),
            max_count: 0,
            max_total_bytes: 0,
            kinds: Vec::new(),
            without_text: false,
            needs_public_url: false,
        }
    }

    /// How large a file of this kind may be, bytes; none: the kind is not taken.
    pub fn most_bytes(&self, content_type: &str) -> Option<u64> {
        let fits = |kind: &str| match kind.strip_suffix('*') {
            Some("*/") => true,
            Some(family) => content_type.starts_with(family),
            None => kind.eq_ignore_ascii_case(content_type),
        };
        self.kinds.iter().find(|(kind, _)| fits(kind)).map(|(_, most)| *most)
    }
}

/// Until when an answer may go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Milliseconds after the patron's last message.
    pub closes_after_ms: i64,
    /// The mark a message inside this window must carry on the platform.
    pub tag: Option<String>,
    /// Only for what a person wrote.
    pub human_only: bool,
    /// Only for answers that these can read; none: for any. A platform may close private ways and leave public ones open.
    pub visibility: Option<Visibility>,
}

/// Who can read a message on the platform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// The patron and us.
    #[default]
    Private,
    /// Everybody.
    Public,
}

/// Prices in micro-units of the currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostTable {
    /// ISO 4217.
    pub currency: String,
    /// For each item read.
    pub read_micros: i64,
    /// For each message sent.
    pub sent_micros: i64,
}

/// What one exchange with the platform used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Round trips.
    pub requests: u32,
    /// Money in micro-units of the cost table's currency.
    pub micros: i64,
}
