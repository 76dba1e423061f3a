//! `/channels`: the connected accounts, how each is and what it can do. The page draws everything from this.

use axum::extract::State;
use connectors::contract;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, List};
use super::problem::Result;
use super::session::SignedIn;
use super::time::Time;
use crate::app::App;
use crate::channel::health;
use crate::model;
use crate::store::{Conn, channels, intake, people, streams};

/// A connected account.
#[derive(Serialize, ToSchema)]
pub(super) struct Channel {
    id: Uuid,
    /// As staff call it.
    name: String,
    /// The connector's name.
    kind: String,
    /// As patrons see it.
    address: String,
    look: Look,
    /// What we believe of it.
    #[schema(inline)]
    pub state: model::channel::State,
    /// "Up to date, last message 10:22".
    pub health: String,
    /// What to do; null: nothing.
    pub todo: Option<String>,
    /// When it was last read.
    last_success_at: Option<Time>,
    /// When it last brought a message.
    last_message_at: Option<Time>,
    /// How many are still to be read.
    backlog: i64,
    capabilities: Capabilities,
    streams: Vec<Stream>,
}

/// One place of a channel that is read.
#[derive(Serialize, ToSchema)]
pub(super) struct Stream {
    /// The connector's name for it.
    id: String,
    /// As staff call it.
    name: String,
    /// `reading`, `failing` or `new`.
    state: &'static str,
    /// When it was last read.
    last_success_at: Option<Time>,
    /// Why the last read failed, in words.
    last_error: Option<String>,
    /// How many are still to be read.
    backlog: Option<i64>,
}

/// How it looks: never colour alone, always with its word.
#[derive(Serialize, ToSchema)]
pub(super) struct Look {
    /// What staff call such a channel.
    word: &'static str,
    /// Name of a Lucide icon.
    icon: &'static str,
    /// Colour on paper.
    light: &'static str,
    /// Colour on dark.
    dark: &'static str,
}

/// What it can do.
#[derive(Serialize, ToSchema)]
pub(super) struct Capabilities {
    text: TextLimit,
    /// Of what everybody can read, where that is another length; null: the same.
    public_text: Option<TextLimit>,
    /// Whether messages have subjects.
    subject: bool,
    /// Bold, lists, links: `native`, `degraded` or `unsupported`.
    #[schema(value_type = String)]
    formatting: contract::Level,
    attachments: Attachments,
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
pub(super) struct TextLimit {
    /// Null: no limit worth naming.
    max: Option<u32>,
    /// What is counted: `characters`, `weighted`, `segments` or `bytes`.
    #[schema(value_type = String)]
    unit: contract::TextUnit,
}

/// Files on the way out.
#[derive(Serialize, ToSchema)]
pub(super) struct Attachments {
    /// `native`, `degraded` or `unsupported`.
    #[schema(value_type = String)]
    level: contract::Level,
    max_count: u32,
    max_total_bytes: u64,
}

/// Word of what became of an answer: `native`, `degraded` or `unsupported`.
#[derive(Serialize, ToSchema)]
pub(super) struct Receipts {
    /// That it arrived.
    #[schema(value_type = String)]
    delivered: contract::Level,
    /// That it was read.
    #[schema(value_type = String)]
    read: contract::Level,
}

/// Until when an answer may go.
#[derive(Serialize, ToSchema)]
pub(super) struct Window {
    closes_after_ms: i64,
    /// The mark a message inside this window carries on the platform.
    tag: Option<String>,
    /// Only for what a person wrote.
    human_only: bool,
}

/// Connected accounts
#[utoipa::path(get, path = "/channels", operation_id = "listChannels", tag = "channels",
    responses((status = 200, description = "Oldest first", body = List<Channel>)))]
pub(super) async fn list(State(app): State<App>, _: SignedIn) -> Result<Json<List<Channel>>> {
    Ok(List::whole(all(&app).await?))
}

/// One of them; none when it was taken away.
pub(super) async fn one(app: &App, id: Uuid) -> Result<Option<Channel>> {
    Ok(all(app).await?.into_iter().find(|channel| channel.id == id))
}

async fn all(app: &App) -> Result<Vec<Channel>> {
    let mut conn = app.db.read().await?;
    let zone = zone(&mut conn).await?;
    let counted = intake::all(&mut conn).await?;
    let mut shown = Vec::new();
    for row in channels::all(&mut conn).await? {
        let streams = streams::of_channel(&mut conn, row.id).await?;
        let last_message_at =
            counted.iter().find(|of| of.channel_id == row.id).and_then(|of| of.last_message_at);
        let card = health::card(&row, &streams, last_message_at, app.clock.now(), &zone);
        let open = app.roster.get(row.id);
        let capabilities = open.as_ref().map(|open| open.channel.capabilities());
        shown.push(Channel {
            id: row.id,
            look: open.map_or(Look::UNKNOWN, |open| Look::from(open.manifest.look)),
            name: row.name,
            kind: row.kind,
            address: row.address,
            state: row.state,
            health: card.health,
            todo: card.todo,
            last_success_at: streams.iter().filter_map(|stream| stream.last_success_at).max().map(Time),
            last_message_at: last_message_at.map(Time),
            backlog: streams.iter().filter_map(|stream| stream.backlog).sum(),
            capabilities: capabilities
                .map_or_else(Capabilities::none, |can| Capabilities::of(can, row.undo_hold_ms)),
            streams: streams.into_iter().map(Stream::from).collect(),
        });
    }
    Ok(shown)
}

async fn zone(conn: &mut Conn) -> Result<TimeZone> {
    let library = people::library(conn).await?;
    Ok(library.and_then(|library| TimeZone::get(&library.zone).ok()).unwrap_or(TimeZone::UTC))
}

impl Look {
    /// Of a channel whose connector this version does not have.
    const UNKNOWN: Self = Self { word: "Channel", icon: "circle", light: "#5A5A5A", dark: "#B5B5B5" };
}

impl From<contract::Look> for Look {
    fn from(look: contract::Look) -> Self {
        Self { word: look.word, icon: look.icon, light: look.light, dark: look.dark }
    }
}

impl From<model::channel::Stream> for Stream {
    fn from(row: model::channel::Stream) -> Self {
        let state = match (&row.last_error, row.last_success_at) {
            (Some(_), _) => "failing",
            (None, Some(_)) => "reading",
            (None, None) => "new",
        };
        Self {
            id: row.stream,
            name: row.name,
            state,
            last_success_at: row.last_success_at.map(Time),
            last_error: row.last_error,
            backlog: row.backlog,
        }
    }
}

impl TextLimit {
    fn of(limit: contract::TextLimit) -> Self {
        Self { max: limit.max, unit: limit.unit }
    }
}

impl Capabilities {
    fn of(can: contract::Capabilities, undo_hold_ms: Option<i64>) -> Self {
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
            attachments: Attachments {
                level: can.attachments.level,
                max_count: can.attachments.max_count,
                max_total_bytes: can.attachments.max_total_bytes,
            },
            undo_hold_ms: undo_hold_ms.unwrap_or(can.undo_hold_ms),
            visibility: can.visibility,
            receipts: Receipts { delivered: can.delivered_receipts, read: can.read_receipts },
            windows: can.windows.into_iter().map(window).collect(),
            one_shot_reply_ms: can.one_shot_reply_ms,
            echoes: can.echoes != contract::Level::Unsupported,
        }
    }

    /// Of a channel that could not be opened.
    fn none() -> Self {
        let no = contract::Level::Unsupported;
        Self {
            text: TextLimit { max: None, unit: contract::TextUnit::Characters },
            public_text: None,
            subject: false,
            formatting: no,
            attachments: Attachments { level: no, max_count: 0, max_total_bytes: 0 },
            undo_hold_ms: 0,
            visibility: Vec::new(),
            receipts: Receipts { delivered: no, read: no },
            windows: Vec::new(),
            one_shot_reply_ms: None,
            echoes: false,
        }
    }
}
