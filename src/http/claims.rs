//! `/conversations/{id}/claim`: taking a conversation and putting it back.

use axum::extract::State;
use uuid::Uuid;

use super::input::{Json, Path};
use super::problem::{Problem, Result};
use super::row::Row;
use super::session::SignedIn;
use crate::app::App;
use crate::conversation::claim;
use crate::error::Error;
use crate::model::Millis;

/// Claim a conversation
///
/// Of any number who claim it at once one gets 200, the others 409 `/problems/claimed` with `owner` and `since`. Claiming
/// what one has already changes nothing.
#[utoipa::path(put, path = "/conversations/{id}/claim", operation_id = "claim", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It is yours", body = Row)))]
pub(super) async fn take(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    match claim::take(&app, &me.who, id).await {
        Ok(row) => Ok(Json(row.into())),
        Err(error) => Err(told_when(error, app.clock.now())),
    }
}

/// Put a conversation back
///
/// For its owner; the patron's clock goes on. 409 `/problems/not-yours` for anybody else.
#[utoipa::path(delete, path = "/conversations/{id}/claim", operation_id = "release", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It is everybody's", body = Row)))]
pub(super) async fn release(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(claim::release(&app, &me.who, id).await?.into()))
}

/// Who came too late is told how long ago.
pub(super) fn told_when(error: Error, now: Millis) -> Problem {
    match error {
        Error::Claimed { owner, owner_name, since } => Problem::claimed(owner, owner_name, since, now),
        other => other.into(),
    }
}
