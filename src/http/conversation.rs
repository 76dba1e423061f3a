//! `/conversations/{id}`: everything a person needs to answer.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::blocks::Block;
use super::cursor;
use super::handoffs::Handoff;
use super::input::{Json, Path, Query};
use super::merges::{Merged, merged};
use super::messages::{Belongings, Event, Message};
use super::patrons::Patron;
use super::problem::Result;
use super::reviews::Review;
use super::row::shown;
use super::session::SignedIn;
use super::ways::{Way, ways};
use crate::app::App;
use crate::conversation::block;
use crate::error::Error;
use crate::model;
use crate::model::split::Tie;
use crate::outbound::review;
use crate::store::{Conn, conversations, events, handoffs, lists, messages, patrons, watches};

const EARLIER: &str = "conversation";
const MESSAGES_AT_ONCE: i64 = 50;
const EVENTS_AT_ONCE: i64 = 200;

shown! {
    /// A conversation with what was said in it, newest part first to arrive: older ones by `earlier`.
    Conversation, Patron,
    /// Where an answer can go; the first is the usual one.
    ways: Vec<Way>,
    /// Somebody is asked to take it and has not answered yet.
    handoff: Option<Handoff>,
    /// Whether the caller watches it.
    watching: bool,
    /// Answers that wait to be looked through, the oldest first.
    reviews: Vec<Review>,
    /// What keeps out whoever wrote here last; null: nothing.
    block: Option<Block>,
    /// Conversations that belong with this one.
    linked: Vec<Linked>,
    /// Conversations that are part of this one since, in their order.
    merged: Vec<Merged>,
    /// What was said, oldest first.
    messages: Vec<Message>,
    /// What was done, oldest first.
    events: Vec<Event>,
    /// Send as `before` for what came earlier; null when this is all.
    earlier: Option<String>,
    /// The newest event that is included here: send it along with a reply.
    seen: i64,
}

/// Another conversation that belongs with one.
#[derive(Serialize, ToSchema)]
pub(super) struct Linked {
    id: Uuid,
    /// Shown as `Q-20418`.
    number: i64,
    subject: String,
    /// Why, in words.
    why: String,
}

impl From<lists::Link> for Linked {
    fn from(row: lists::Link) -> Self {
        let why = match row.why.as_str() {
            "same_message" => "The same message reached both.",
            word if word == Tie::HasSplitOff.as_str() => "Part of this stands by itself.",
            word if word == Tie::SplitOff.as_str() => "This was part of another one.",
            "unproven_reference" => "One claims to answer the other and could not prove it.",
            _ => "They belong together.",
        };
        Self { id: row.id, number: row.number, subject: row.subject, why: why.to_owned() }
    }
}

/// Which part.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// `earlier` of the answer before.
    before: Option<String>,
}

/// A conversation
#[utoipa::path(get, path = "/conversations/{id}", operation_id = "readConversation", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation"), Part),
    responses((status = 200, description = "With what was said in it", body = Conversation)))]
pub(super) async fn read(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Query(part): Query<Part>,
) -> Result<Json<Conversation>> {
    let before = cursor::read(EARLIER, part.before.as_deref())?;
    // One moment: were `seen` newer than what is shown, an answer could pass whose writer has not seen the latest.
    let mut conn = app.db.snapshot().await?;
    let row = conversations::by_id(&mut conn, id).await?.ok_or(Error::Missing("conversation"))?;
    let told = read_part(&mut conn, id, before).await?;
    let addresses = patrons::addresses_of(&mut conn, row.patron_id).await?;
    let patron = patrons::by_id(&mut conn, row.patron_id).await?.ok_or(Error::Missing("patron"))?;
    let mut belongings = Belongings::of(&mut conn, id, &addresses).await?;
    let ways = ways(&app, &mut conn, &row, &addresses).await?;
    let linked = lists::linked(&mut conn, id).await?;
    let handoff = handoffs::open_of(&mut conn, id).await?.map(Handoff::from);
    let parts = merged(&mut conn, id).await?;
    let watching = watches::watches(&mut conn, me.who.staff_id, id).await?;
    let now = app.clock.now();
    let waiting = review::of(&mut conn, id).await?.into_iter().map(Review::from).collect();
    let block = block::of(&mut conn, id, now).await?.map(|row| Block::of(row, now));
    let patron = Patron::read(&app, &mut conn, patron, addresses, id).await?;
    drop(conn);
    let said = told.messages.into_iter().filter_map(|message| belongings.show(message)).collect();
    let linked = linked.into_iter().map(Linked::from).collect();
    let done = told.events.into_iter().map(Event::from).collect();
    Ok(Json(Conversation::of(
        row,
        patron,
        (ways, handoff, watching, waiting, block, linked, parts, said, done, told.earlier, told.seen),
    )))
}

/// One part of the history, without a hole in either list.
struct Told {
    messages: Vec<model::message::Message>,
    events: Vec<model::event::Event>,
    earlier: Option<String>,
    seen: i64,
}

async fn read_part(conn: &mut Conn, id: Uuid, before: Option<i64>) -> Result<Told> {
    let mut events = events::of_conversation(conn, id, before, EVENTS_AT_ONCE).await?;
    let mut messages = messages::of_conversation(conn, id, before, MESSAGES_AT_ONCE).await?;
    let seen = events.last().map_or(0, |event| event.seq);
    let full = |length: usize, most: i64| i64::try_from(length).is_ok_and(|length| length >= most);
    // Where one list was cut, the other is cut at the same number, so that the next part goes on for both.
    let cut = [
        messages.first().map(|message| message.seq).filter(|_| full(messages.len(), MESSAGES_AT_ONCE)),
        events.first().map(|event| event.seq).filter(|_| full(events.len(), EVENTS_AT_ONCE)),
    ];
    let cut = cut.into_iter().flatten().max();
    if let Some(cut) = cut {
        events.retain(|event| event.seq >= cut);
        messages.retain(|message| message.seq >= cut);
    }
    Ok(Told { messages, events, earlier: cut.map(|cut| cursor::write(EARLIER, &cut)), seen })
}
