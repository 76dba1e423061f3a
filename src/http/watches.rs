//! `/conversations/{id}/watch`: hearing of a conversation without having it.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path};
use super::problem::Result;
use super::session::SignedIn;
use crate::app::App;
use crate::conversation::watch;

/// Whether the caller watches it.
#[derive(Serialize, ToSchema)]
pub(super) struct Watching {
    /// From now on.
    watching: bool,
}

/// Watch a conversation
///
/// Until it is done. Nobody else is told.
#[utoipa::path(put, path = "/conversations/{id}/watch", operation_id = "watch", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It is among those you watch", body = Watching)))]
pub(super) async fn watch(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Watching>> {
    watch::watch(&app, &me.who, id).await?;
    Ok(Json(Watching { watching: true }))
}

/// Watch it no more
#[utoipa::path(delete, path = "/conversations/{id}/watch", operation_id = "unwatch", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It is not among them", body = Watching)))]
pub(super) async fn unwatch(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Watching>> {
    watch::unwatch(&app, &me.who, id).await?;
    Ok(Json(Watching { watching: false }))
}
