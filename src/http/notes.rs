//! `/conversations/{id}/notes`: for colleagues; never leaves the house.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path};
use super::messages::{Message, shown};
use super::problem::Result;
use super::session::SignedIn;
use crate::app::App;
use crate::conversation::note;

/// A note for colleagues.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNote {
    /// Plain text.
    text: String,
}

/// Leave a note for colleagues
#[utoipa::path(post, path = "/conversations/{id}/notes", operation_id = "writeNote", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = NewNote,
    responses((status = 201, description = "The note", body = Message)))]
pub(super) async fn write(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(new): Json<NewNote>,
) -> Result<(StatusCode, Json<Message>)> {
    let note = note::write(&app, &me.who, id, &new.text).await?;
    Ok((StatusCode::CREATED, Json(shown(&app, note).await?)))
}
