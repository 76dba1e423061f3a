//! `/conversations/{id}/snooze`: put aside until a moment, and back before it.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path};
use super::problem::Result;
use super::row::Row;
use super::session::SignedIn;
use super::time::Moment;
use crate::app::App;
use crate::conversation::snooze;

/// Until when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Snoozing {
    /// When it comes back.
    until: Moment,
}

/// Snooze a conversation
///
/// A patron who waits goes on waiting. It comes back, open, at that moment or as soon as the patron writes.
#[utoipa::path(put, path = "/conversations/{id}/snooze", operation_id = "snooze", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = Snoozing,
    responses((status = 200, description = "It is snoozed", body = Row)))]
pub(super) async fn snooze(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(snoozing): Json<Snoozing>,
) -> Result<Json<Row>> {
    Ok(Json(snooze::snooze(&app, &me.who, id, snoozing.until.0).await?.into()))
}

/// End a snooze before its moment
#[utoipa::path(delete, path = "/conversations/{id}/snooze", operation_id = "wake", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It is back", body = Row)))]
pub(super) async fn wake(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(snooze::wake(&app, &me.who, id).await?.into()))
}
