//! `/conversations/{id}/splits`: part of it becomes a conversation of its own.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path};
use super::problem::{Problem, Result};
use super::row::Row;
use super::session::SignedIn;
use crate::app::App;
use crate::conversation::split;
use crate::model::split::Chosen;

/// What goes: either of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSplit {
    /// These messages, at least one of them a patron's. Staff notes among them go along.
    #[serde(default)]
    messages: Option<Vec<Uuid>>,
    /// This message, and everything of its thread that came after it.
    #[serde(default)]
    from: Option<Uuid>,
}

/// Split part of a conversation off
///
/// What was chosen is a conversation of its own since, and each leads to the other. The patron waits wherever something has no
/// answer, since the first of that was said; an answer on its way settles where it is now; what answers a message that went
/// goes where that is. It is taken back by merging the two. 422 `/problems/invalid` in words when nothing of a patron would be
/// in one of them, and when a colleague was quicker; 409 `/problems/merged` when it is part of another one.
#[utoipa::path(post, path = "/conversations/{id}/splits", operation_id = "split", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = NewSplit,
    responses((status = 201, description = "What was split off", body = Row)))]
pub(super) async fn split(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(new): Json<NewSplit>,
) -> Result<(StatusCode, Json<Row>)> {
    let chosen = match (new.messages, new.from) {
        (Some(these), None) => Chosen::These(these),
        (None, Some(first)) => Chosen::From(first),
        _ => {
            return Err(Problem::invalid(
                "Say either which `messages` go, or `from` which one on. Nothing was changed.",
            ));
        }
    };
    Ok((StatusCode::CREATED, Json(split::split(&app, &me.who, id, chosen).await?.into())))
}
