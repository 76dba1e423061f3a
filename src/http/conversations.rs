//! `/conversations` and `/views`: the inbox as lists. One query on one connection each, whatever the inbox holds.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cursor;
use super::input::{Json, List, Query};
use super::problem::{Problem, Result};
use super::row::Row;
use super::searching::{Search, look_for};
use super::session::SignedIn;
use crate::app::App;
use crate::model::conversation::View;
use crate::model::search;
use crate::store;
use crate::store::lists::{self, Position, Turn};

const LIST: &str = "conversations";

/// Which conversations.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The way of looking; `all` when it is left out.
    #[param(inline)]
    view: Option<View>,
    /// Only at this desk.
    desk: Option<Uuid>,
    /// Only by this channel.
    channel: Option<Uuid>,
    /// Only with this tag; the latest begun first.
    tag: Option<Uuid>,
    /// Only where this holds: words, "phrases", `-not`, `OR`, `from:` `to:` `owner:` `desk:` `channel:` `branch:` `tag:` `is:` `has:`
    /// `before:` `after:` `on:`. The last word may be the beginning of one. Newest first. Spam only with `is:spam`.
    text: Option<String>,
    /// At most so many, 1 to 200; 50 when it is left out.
    limit: Option<usize>,
    /// `next` of the answer before.
    cursor: Option<String>,
}

/// Conversations, and how what was looked for was understood.
#[derive(Serialize, ToSchema)]
pub(super) struct Found {
    /// In the view's order. A search looks through so much at a time: there may be few here, or none, and yet more to come.
    items: Vec<Row>,
    /// Send back as `cursor` for what follows; null at the end.
    next: Option<String>,
    /// How `text` was understood; null without it.
    search: Option<Search>,
}

/// How many conversations a view holds.
#[derive(Serialize, ToSchema)]
pub(super) struct ViewCount {
    /// The view.
    #[schema(inline)]
    view: View,
    /// How many.
    count: i64,
}

/// Conversations
///
/// `unclaimed`: late ones, urgent ones, then due soonest first; `mine`: due soonest first; `snoozed`: waking soonest first; the others, and any search: newest first.
#[utoipa::path(get, path = "/conversations", operation_id = "listConversations", tag = "conversations", params(Asked),
    responses((status = 200, description = "In the view's order", body = Found)))]
pub(super) async fn list(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Json<Found>> {
    let text = asked.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > search::LONGEST) {
        let longest = search::LONGEST;
        return Err(Problem::invalid(format!(
            "`text` may have {longest} characters. Search for fewer words."
        )));
    }
    let limit = cursor::limit(asked.limit)?;
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let sought = match text {
        Some(text) => Some(look_for(&mut conn, text, me.who.staff_id, now).await?),
        None => None,
    };
    let query = lists::Query {
        view: asked.view.unwrap_or(View::All),
        staff: me.who.staff_id,
        desk: asked.desk,
        channel: asked.channel,
        tag: asked.tag,
        sought,
        now,
        limit,
        after: cursor::read(LIST, asked.cursor.as_deref())?.map(|(key, id, rank, as_of)| Position {
            key,
            id,
            turn: Turn { rank, as_of },
        }),
    };
    let page = lists::conversations(&mut conn, &query).await?;
    let search = match &query.sought {
        Some(sought) => Some(Search::of(sought, store::search::complete_since(&mut conn).await?)),
        None => None,
    };
    drop(conn);
    let next =
        page.next.map(|Position { key, id, turn }| cursor::write(LIST, &(key, id, turn.rank, turn.as_of)));
    Ok(Json(Found { items: page.items.into_iter().map(Row::from).collect(), next, search }))
}

/// How full each view is
#[utoipa::path(get, path = "/views", operation_id = "listViews", tag = "conversations",
    responses((status = 200, description = "In the order of the menu", body = List<ViewCount>)))]
pub(super) async fn views(State(app): State<App>, SignedIn(me): SignedIn) -> Result<Json<List<ViewCount>>> {
    let mut conn = app.db.read().await?;
    let counts = lists::views(&mut conn, me.who.staff_id).await?;
    Ok(List::whole(counts.into_iter().map(|(view, count)| ViewCount { view, count }).collect()))
}
