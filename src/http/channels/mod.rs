//! `/channels`: the connected accounts, how each is and what it can do. The page draws everything from this.

use axum::extract::State;
use connectors::contract;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

mod capabilities;
pub(super) mod edit;
pub(super) mod kinds;

use self::capabilities::Capabilities;
pub(super) use self::capabilities::TextLimit;
use super::input::{Json, List};
use super::problem::Result;
use super::session::SignedIn;
use super::time::Time;
use crate::app::App;
use crate::channel::{health, signin};
use crate::model::budget::{DAY_MS, Reading, Standing, day_of, in_words};
use crate::model::{self, Millis};
use crate::store::spendings::{self, Spending};
use crate::store::subscriptions::{self, Subscription};
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
    /// Since when it is in this state.
    state_since: Time,
    /// Why something with it failed last, in words and without its secrets; null: nothing fails.
    last_error: Option<String>,
    /// Where its conversations land.
    desk_id: Uuid,
    /// What stands on the button that signs it in again; null: it is not signed in on a page of the platform's.
    signin: Option<&'static str>,
    /// When its sign-in ends; null: not as far as the platform says.
    signin_ends_at: Option<Time>,
    /// Whole days until then.
    signin_days_left: Option<i64>,
    /// What it has used up today; null: its platform charges nothing, or no budget was set and nothing was used.
    budget: Option<Budget>,
    /// When it was last read.
    last_success_at: Option<Time>,
    /// When it last brought a message.
    last_message_at: Option<Time>,
    /// How many are still to be read.
    backlog: i64,
    capabilities: Capabilities,
    streams: Vec<Stream>,
}

/// Money of a day (UTC), in millionths of its currency.
#[derive(Serialize, ToSchema)]
pub(super) struct Budget {
    /// ISO 4217.
    currency: String,
    /// Used up today.
    spent_micros: i64,
    /// The most for a day; null: no limit.
    limit_micros: Option<i64>,
    /// What is left today; null: no limit.
    left_micros: Option<i64>,
    /// Nothing is read any more today: what is left is for answers.
    used_up: bool,
    /// "0.40 USD of 5.00 USD today".
    words: String,
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
    /// When it last brought something.
    last_message_at: Option<Time>,
    /// How old our knowledge of it is: since the last read that succeeded; null: it was never read.
    lag_ms: Option<i64>,
    /// When it is read next.
    next_read_at: Option<Time>,
    /// How many reads in a row have failed.
    failures: i64,
    /// Why the last read failed, in words and without the channel's secrets.
    last_error: Option<String>,
    /// How many are still to be read.
    backlog: Option<i64>,
    /// What was decided while it was read that a person should know, such as "40 older mails stay unread".
    note: Option<String>,
    /// When that was.
    noted_at: Option<Time>,
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
    let called = subscriptions::all(&mut conn).await?;
    let mut shown = Vec::new();
    for row in channels::all(&mut conn).await? {
        let streams = streams::of_channel(&mut conn, row.id).await?;
        let last_message_at =
            counted.iter().find(|of| of.channel_id == row.id).and_then(|of| of.last_message_at);
        let spent = spendings::on(&mut conn, row.id, day_of(app.clock.now())).await?;
        let called =
            called.iter().find(|of| of.channel_id == row.id && app.roster.webhook_url(row.id).is_some());
        shown.push(show(app, row, streams, called, last_message_at, spent, &zone));
    }
    Ok(shown)
}

fn show(
    app: &App,
    row: model::channel::Channel,
    streams: Vec<model::channel::Stream>,
    called: Option<&Subscription>,
    last_message_at: Option<Millis>,
    spent: Option<Spending>,
    zone: &TimeZone,
) -> Channel {
    let now = app.clock.now();
    let card = health::card(&row, &streams, called, last_message_at, now, zone);
    let open = app.roster.get(row.id);
    let capabilities = open.as_ref().map(|open| open.channel.capabilities());
    // A test brings accounts of platforms that nobody else knows.
    let manifest = open.as_ref().map(|open| open.manifest).or_else(|| app.roster.manifest(&row.kind));
    let redacted = |text: &str| app.roster.redacted(&row, text);
    let of_streams = || streams.iter().find_map(|one| one.last_error.as_deref());
    let of_calls = || called.and_then(|called| called.last_error.as_deref());
    let why = row.state_why.as_deref().or_else(of_streams).or_else(of_calls);
    Channel {
        id: row.id,
        look: manifest.map_or(Look::UNKNOWN, |manifest| Look::from(manifest.look)),
        state: card.state,
        health: card.health,
        todo: card.todo.as_deref().map(redacted),
        state_since: Time(card.since),
        last_error: why.map(redacted),
        desk_id: row.desk_id,
        signin: manifest.and_then(|manifest| signin::label(manifest, &row)),
        signin_ends_at: row.signin_ends_at.map(Time),
        signin_days_left: row.signin_ends_at.map(|end| (end - now).max(0) / DAY_MS),
        budget: Budget::of(spent, row.budget_micros, capabilities.as_ref()),
        last_success_at: streams.iter().filter_map(|stream| stream.last_success_at).max().map(Time),
        last_message_at: last_message_at.map(Time),
        backlog: streams.iter().filter_map(|stream| stream.backlog).sum(),
        capabilities: capabilities
            .map_or_else(Capabilities::none, |can| Capabilities::of(can, row.undo_hold_ms)),
        streams: streams.iter().map(|stream| Stream::of(stream, &redacted, now)).collect(),
        name: row.name,
        kind: row.kind,
        address: row.address,
    }
}

async fn zone(conn: &mut Conn) -> Result<TimeZone> {
    let library = people::library(conn).await?;
    Ok(library.and_then(|library| TimeZone::get(&library.zone).ok()).unwrap_or(TimeZone::UTC))
}

impl Budget {
    fn of(
        spent: Option<Spending>,
        limit_micros: Option<i64>,
        can: Option<&contract::Capabilities>,
    ) -> Option<Self> {
        let charged = can.and_then(|can| can.cost.as_ref()).map(|cost| cost.currency.clone());
        let currency = spent.as_ref().map(|spent| spent.currency.clone()).or(charged)?;
        let spent_micros = spent.map_or(0, |spent| spent.micros());
        let used = in_words(spent_micros, &currency);
        let standing = limit_micros.map(|budget_micros| Standing {
            budget_micros,
            spent_micros,
            read_micros: 0,
            reads: 0,
        });
        Some(Self {
            spent_micros,
            limit_micros,
            left_micros: standing.map(|standing| standing.left_micros()),
            used_up: standing.is_some_and(|standing| standing.reading(0) == Reading::Spent),
            words: match limit_micros {
                Some(limit) => format!("{used} of {} today", in_words(limit, &currency)),
                None => format!("{used} today"),
            },
            currency,
        })
    }
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

impl Stream {
    fn of(row: &model::channel::Stream, redacted: &impl Fn(&str) -> String, now: Millis) -> Self {
        let state = match (&row.last_error, row.last_success_at) {
            (Some(_), _) => "failing",
            (None, Some(_)) => "reading",
            (None, None) => "new",
        };
        Self {
            id: row.stream.clone(),
            name: row.name.clone(),
            state,
            last_success_at: row.last_success_at.map(Time),
            last_message_at: row.last_item_at.map(Time),
            lag_ms: row.last_success_at.map(|at| (now - at).max(0)),
            next_read_at: (row.next_poll_at > 0).then_some(Time(row.next_poll_at)),
            failures: row.failures,
            last_error: row.last_error.as_deref().map(redacted),
            backlog: row.backlog,
            note: row.note.as_deref().map(redacted),
            noted_at: row.noted_at.map(Time),
        }
    }
}
