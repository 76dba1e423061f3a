//! `/conversations` and `/views`: the inbox as lists. One query on one connection each, whatever the inbox holds.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cursor;
use super::input::{Json, List, Query};
use super::problem::{Problem, Result};
use super::row::Row;
use super::session::SignedIn;
use crate::app::App;
use crate::model::conversation::View;
use crate::store::lists::{self, Position, Turn};

const LIST: &str = "conversations";
const LONGEST_SEARCH: usize = 200;

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
    /// Only with these words; the last one may be the beginning of a word. Newest first.
    text: Option<String>,
    /// At most so many, 1 to 200; 50 when it is left out.
    limit: Option<usize>,
    /// `next` of the answer before.
    cursor: Option<String>,
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
    responses((status = 200, description = "In the view's order", body = List<Row>)))]
pub(super) async fn list(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Json<List<Row>>> {
    let text = asked.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_SEARCH) {
        return Err(Problem::invalid(format!(
            "`text` may have {LONGEST_SEARCH} characters. Search for fewer words."
        )));
    }
    let limit = cursor::limit(asked.limit)?;
    let query = lists::Query {
        view: asked.view.unwrap_or(View::All),
        staff: me.who.staff_id,
        desk: asked.desk,
        channel: asked.channel,
        tag: asked.tag,
        text,
        now: app.clock.now(),
        limit,
        after: cursor::read(LIST, asked.cursor.as_deref())?.map(|(key, id, rank, as_of)| Position {
            key,
            id,
            turn: Turn { rank, as_of },
        }),
    };
    let page = {
        let mut conn = app.db.read().await?;
        lists::conversations(&mut conn, &query).await?
    };
    let next =
        page.next.map(|Position { key, id, turn }| cursor::write(LIST, &(key, id, turn.rank, turn.as_of)));
    Ok(Json(List { items: page.items.into_iter().map(Row::from).collect(), next }))
}

/// How full each view is
#[utoipa::path(get, path = "/views", operation_id = "listViews", tag = "conversations",
    responses((status = 200, description = "In the order of the menu", body = List<ViewCount>)))]
pub(super) async fn views(State(app): State<App>, SignedIn(me): SignedIn) -> Result<Json<List<ViewCount>>> {
    let mut conn = app.db.read().await?;
    let counts = lists::views(&mut conn, me.who.staff_id).await?;
    Ok(List::whole(counts.into_iter().map(|(view, count)| ViewCount { view, count }).collect()))
}
