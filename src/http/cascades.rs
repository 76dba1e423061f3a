//! `/desks/{id}/cascade` and `/conversations/{id}/passes`: where a question is offered when nobody takes it.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, List, Path};
use super::problem::Result;
use super::row::Row;
use super::session::SignedIn;
use crate::app::App;
use crate::conversation::cascade;
use crate::model;

/// One step of a desk's cascade.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// The desk at which a question is offered besides; null: nobody else is asked, and it waits for everybody, urgent. That
    /// comes last.
    desk_id: Option<Uuid>,
    /// After so many seconds of open time of the desk that had it before, where its patron waits at their screen. A desk that
    /// is closed is not waited for.
    live_seconds: i64,
    /// After so many elsewhere.
    seconds: i64,
}

/// The steps of a desk's cascade.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Cascade {
    /// In their order, ten at most.
    steps: Vec<Step>,
}

/// Why something is passed on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Passing {
    /// At most 280 characters.
    reason: String,
}

/// The steps of a desk's cascade
///
/// Where its questions are offered when nobody takes them. They stay at the desk, with its wait and its promise.
#[utoipa::path(get, path = "/desks/{id}/cascade", operation_id = "readCascade", tag = "people",
    params(("id" = Uuid, Path, description = "The desk")),
    responses((status = 200, description = "In their order", body = List<Step>)))]
pub(super) async fn read(
    State(app): State<App>,
    _: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<List<Step>>> {
    let show = |step: model::cascade::Step| Step {
        desk_id: step.to_desk_id,
        live_seconds: step.live_ms / 1_000,
        seconds: step.other_ms / 1_000,
    };
    Ok(List::whole(cascade::steps(&app, id).await?.into_iter().map(show).collect()))
}

/// Decide the steps of a desk's cascade
///
/// For managers. A desk that is closed when its step comes is passed over, and the history says so.
#[utoipa::path(put, path = "/desks/{id}/cascade", operation_id = "decideCascade", tag = "people",
    params(("id" = Uuid, Path, description = "The desk")), request_body = Cascade,
    responses((status = 204, description = "They count from the next question on")))]
pub(super) async fn decide(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Cascade { steps }): Json<Cascade>,
) -> Result<StatusCode> {
    let steps = steps.into_iter().map(|step| model::cascade::Step {
        desk_id: id,
        to_desk_id: step.desk_id,
        live_ms: step.live_seconds.saturating_mul(1_000),
        other_ms: step.seconds.saturating_mul(1_000),
    });
    cascade::decide(&app, &me.who, id, steps.collect()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pass a question on
///
/// The next desk of its cascade is asked, and claim next gives it no more to those who had it. For whoever has it, for anybody
/// while nobody has, and for leads. Where there is no further desk it waits for everybody, urgent.
#[utoipa::path(post, path = "/conversations/{id}/passes", operation_id = "pass", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = Passing,
    responses((status = 200, description = "The next desk is asked", body = Row)))]
pub(super) async fn pass(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Passing { reason }): Json<Passing>,
) -> Result<Json<Row>> {
    Ok(Json(cascade::pass(&app, &me.who, id, &reason).await?.into()))
}
