//! `/staff/{id}/abilities`, `/conversations/{id}/needs` and `/library/head-start`: who is given which question.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path};
use super::problem::Result;
use super::row::Row;
use super::session::SignedIn;
use crate::app::App;
use crate::conversation::ability;
use crate::model::ability::{Abilities, Needs};

/// What a conversation needs of whoever is given it as the next.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Needing {
    /// A skill that somebody has; null: none.
    skill: Option<String>,
    /// A language that somebody speaks, as a code of ISO 639 such as `es`; null: any.
    language: Option<String>,
}

/// How long a question is kept for who knows its patron.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadStart {
    /// Seconds of its desk's open time, an hour at most; 0: not at all.
    seconds: i64,
}

/// Say what a person can
///
/// For managers. "Claim next" gives them what needs their skills and languages, and live conversations up to so many at
/// once.
#[utoipa::path(put, path = "/staff/{id}/abilities", operation_id = "decideAbilities", tag = "people",
    params(("id" = Uuid, Path, description = "The person")), request_body = Abilities,
    responses((status = 200, description = "As it is kept", body = Abilities)))]
pub(super) async fn decide(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(able): Json<Abilities>,
) -> Result<Json<Abilities>> {
    Ok(Json(ability::decide(&app, &me.who, id, able).await?))
}

/// Say what a conversation needs
///
/// "Claim next" gives it to nobody who lacks that. Anybody may still grab it.
#[utoipa::path(put, path = "/conversations/{id}/needs", operation_id = "decideNeeds", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = Needing,
    responses((status = 200, description = "It needs that", body = Row)))]
pub(super) async fn need(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Needing { skill, language }): Json<Needing>,
) -> Result<Json<Row>> {
    let needs = Needs { skill: skill.unwrap_or_default(), language: language.unwrap_or_default() };
    Ok(Json(ability::need(&app, &me.who, id, needs).await?.into()))
}

/// Decide how long a question is kept for who knows its patron
///
/// For managers. Whoever had the patron's last question, or else whoever usually helps them, is given the next one before
/// others are, if they are at the desk and the desk is open.
#[utoipa::path(put, path = "/library/head-start", operation_id = "decideHeadStart", tag = "people",
    request_body = HeadStart, responses((status = 204, description = "It counts from the next question on")))]
pub(super) async fn head_start(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(HeadStart { seconds }): Json<HeadStart>,
) -> Result<StatusCode> {
    ability::decide_head_start(&app, &me.who, seconds.saturating_mul(1_000)).await?;
    Ok(StatusCode::NO_CONTENT)
}
