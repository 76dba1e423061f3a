//! `/conversations/{id}/closure`: done or put off with an outcome, and neither after all.

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
use crate::conversation::closure;
use crate::model::closure::Outcome;

/// What somebody decides.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Closing {
    /// `answered` when it is left out. A patron who still waits and has no answer on its way was not answered, whatever
    /// is said here.
    #[schema(inline)]
    outcome: Option<Outcome>,
    /// Why, for colleagues; at most 500 characters.
    why: Option<String>,
    /// With `follow_up`, and only there: when it comes back to the caller.
    follow_up_at: Option<Moment>,
    /// With `home_library`, and only there: the desk; the one at which the channel's questions come in when it is left
    /// out.
    desk_id: Option<Uuid>,
}

/// Mark a conversation done, or put it off
///
/// `answered`, `patron_lost` and `practice` end it; practice is in no statistics. `follow_up` makes it the caller's and puts
/// it aside until `follow_up_at`. `home_library` opens it at that desk as nobody's, to be seen to within one open day of
/// the desk. Neither ends the patron's wait. Sent again with another outcome it changes the outcome. 409
/// `/problems/claimed` when it is to be put off and is somebody else's and the caller is no lead.
#[utoipa::path(put, path = "/conversations/{id}/closure", operation_id = "close", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = Closing,
    responses((status = 200, description = "It is done or put off", body = Row)))]
pub(super) async fn close(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(closing): Json<Closing>,
) -> Result<Json<Row>> {
    let closing = closure::Closing {
        outcome: closing.outcome.unwrap_or(Outcome::Answered),
        why: closing.why,
        follow_up_at: closing.follow_up_at.map(|at| at.0),
        desk: closing.desk_id,
    };
    Ok(Json(closure::close(&app, &me.who, id, closing).await?.into()))
}

/// Take "done" or the follow-up back
///
/// A patron who was waiting goes on waiting from where they began.
#[utoipa::path(delete, path = "/conversations/{id}/closure", operation_id = "reopen", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It is open, or as it was before the follow-up", body = Row)))]
pub(super) async fn reopen(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(closure::reopen(&app, &me.who, id).await?.into()))
}
