//! What a channel can do, as the composer is drawn from it.

use connectors::contract;
use serde::Serialize;
use utoipa::ToSchema;

/// What it can do.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Capabilities {
    text: TextLimit,
    /// Of what everybody can read, where that is another length; null: the same.
    public_text: Option<TextLimit>,
    /// Whether messages have subjects.
    subject: bool,
    /// Bold, lists, links: `native`, `degraded` or `unsupported`.
    #[schema(value_type = String)]
    formatting: contract::Level,
    attachments: Attachments,
    /// Files in what everybody can read, where other rules hold there; null: the same.
    public_attachments: Option<Attachments>,
    /// How long an answer can be taken back.
    undo_hold_ms: i64,
    /// Who can read what is said here: `private`, `public`.
    #[schema(value_type = Vec<String>)]
    visibility: Vec<contract::Visibility>,
    receipts: Receipts,
    /// Until when an answer may go, counted from the patron's last message; empty: always.
    windows: Vec<Window>,
    /// A message can be answered privately once, within so many milliseconds.
    one_shot_reply_ms: Option<i64>,
    /// What we say elsewhere comes back to us.
    echoes: bool,
}

/// A text's greatest length.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TextLimit {
    /// Null: no limit worth naming.
    max: Option<u32>,
    /// What is counted: `characters`, `weighted`, `segments` or `bytes`.
    #[schema(value_type = String)]
    unit: contract::TextUnit,
}

/// Files on the way out.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Attachments {
    /// `native`, `degraded` or `unsupported`.
    #[schema(value_type = String)]
    level: contract::Level,
    /// Why none are taken, in words; null: they are.
    why_not: Option<String>,
    max_count: u32,
    max_total_bytes: u64,
    /// The first that fits counts; none that fits: that kind is not taken.
    kinds: Vec<FileKind>,
    /// Whether files may go without words.
    without_text: bool,
}

/// A kind of file that is taken.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct FileKind {
    /// `image/png`, `image/*` or `*/*`.
    content_type: String,
    max_bytes: u64,
}

impl Attachments {
    fn of(rules: contract::AttachmentRules) -> Self {
        let kind = |(content_type, max_bytes)| FileKind { content_type, max_bytes };
        Self {
            level: rules.level,
            why_not: rules.why_not,
            max_count: rules.max_count,
            max_total_bytes: rules.max_total_bytes,
            kinds: rules.kinds.into_iter().map(kind).collect(),
            without_text: rules.without_text,
        }
    }
}

/// Word of what became of an answer: `native`, `degraded` or `unsupported`.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Receipts {
    /// That it arrived.
    #[schema(value_type = String)]
    delivered: contract::Level,
    /// That it was read.
    #[schema(value_type = String)]
    read: contract::Level,
}

/// Until when an answer may go.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Window {
    closes_after_ms: i64,
    /// The mark a message inside this window carries on the platform.
    tag: Option<String>,
    /// Only for what a person wrote.
    human_only: bool,
}

impl TextLimit {
    pub(in crate::http) fn of(limit: contract::TextLimit) -> Self {
        Self { max: limit.max, unit: limit.unit }
    }
}

impl Capabilities {
    pub(super) fn of(can: contract::Capabilities, undo_hold_ms: Option<i64>) -> Self {
        let window = |window: contract::Window| Window {
            closes_after_ms: window.closes_after_ms,
            tag: window.tag,
            human_only: window.human_only,
        };
        Self {
            text: TextLimit::of(can.text),
            public_text: can.public_text.map(TextLimit::of),
            subject: can.subject,
            formatting: can.formatting,
            attachments: Attachments::of(can.attachments),
            public_attachments: can.public_attachments.map(Attachments::of),
            undo_hold_ms: undo_hold_ms.unwrap_or(can.undo_hold_ms),
            visibility: can.visibility,
            receipts: Receipts { delivered: can.delivered_receipts, read: can.read_receipts },
            windows: can.windows.into_iter().map(window).collect(),
            one_shot_reply_ms: can.one_shot_reply_ms,
            echoes: can.echoes != contract::Level::Unsupported,
        }
    }

    /// Of a channel that could not be opened.
    pub(super) fn none() -> Self {
        let no = contract::Level::Unsupported;
        Self {
            text: TextLimit { max: None, unit: contract::TextUnit::Characters },
            public_text: None,
            subject: false,
            formatting: no,
            attachments: Attachments::of(contract::AttachmentRules::none("This channel is not open.")),
            public_attachments: None,
            undo_hold_ms: 0,
            visibility: Vec::new(),
            receipts: Receipts { delivered: no, read: no },
            windows: Vec::new(),
            one_shot_reply_ms: None,
            echoes: false,
        }
    }
}
