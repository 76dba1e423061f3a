//! `/conversations/{id}/closure`: done, and not done after all.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path};
use super::problem::Result;
use super::row::Row;
use super::session::SignedIn;
use crate::app::App;
use crate::conversation::closure;
use crate::model::wait::Outcome;

/// How it ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Closing {
    /// `answered` when it is left out. A patron who still waits and has no answer on its way was not answered, whatever
    /// is said here.
    #[schema(inline)]
    reason: Option<Outcome>,
    /// Why no answer was needed, for colleagues.
    why: Option<String>,
}

/// Mark a conversation done
#[utoipa::path(put, path = "/conversations/{id}/closure", operation_id = "close", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = Closing,
    responses((status = 200, description = "It is done", body = Row)))]
pub(super) async fn close(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(closing): Json<Closing>,
) -> Result<Json<Row>> {
    let reason = closing.reason.unwrap_or(Outcome::Answered);
    Ok(Json(closure::close(&app, &me.who, id, reason, closing.why.as_deref()).await?.into()))
}

/// Take "done" back
///
/// A patron who was waiting goes on waiting from where they began.
#[utoipa::path(delete, path = "/conversations/{id}/closure", operation_id = "reopen", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It is open", body = Row)))]
pub(super) async fn reopen(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(closure::reopen(&app, &me.who, id).await?.into()))
}
