//! `/patrons/{id}/notes` and `/patron-notes/{id}`: what colleagues should know about a patron; never leaves the house.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path};
use super::problem::Result;
use super::session::SignedIn;
use super::time::Time;
use crate::app::App;
use crate::conversation::patron;
use crate::model::patron::Note;

/// A note about a patron.
#[derive(Serialize, ToSchema)]
pub(super) struct PatronNote {
    id: Uuid,
    /// Who wrote it; only they change it.
    staff_id: Uuid,
    /// Plain text.
    text: String,
    /// When.
    at: Time,
    /// When it was last changed.
    changed_at: Option<Time>,
}

impl From<Note> for PatronNote {
    fn from(note: Note) -> Self {
        Self {
            id: note.id,
            staff_id: note.staff_id,
            text: note.text,
            at: Time(note.at),
            changed_at: note.changed_at.map(Time),
        }
    }
}

/// What it says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NotedText {
    /// Plain text, at most 2,000 characters.
    text: String,
}

/// Leave a note about a patron
#[utoipa::path(post, path = "/patrons/{id}/notes", operation_id = "notePatron", tag = "patrons",
    params(("id" = Uuid, Path, description = "The patron")), request_body = NotedText,
    responses((status = 201, description = "The note", body = PatronNote)))]
pub(super) async fn write(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(new): Json<NotedText>,
) -> Result<(StatusCode, Json<PatronNote>)> {
    let note = patron::note(&app, &me.who, id, &new.text).await?;
    Ok((StatusCode::CREATED, Json(note.into())))
}

/// Change a note about a patron
///
/// Only whoever wrote it.
#[utoipa::path(put, path = "/patron-notes/{id}", operation_id = "changePatronNote", tag = "patrons",
    params(("id" = Uuid, Path, description = "The note")), request_body = NotedText,
    responses((status = 204, description = "It says that")))]
pub(super) async fn change(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(new): Json<NotedText>,
) -> Result<StatusCode> {
    patron::change_note(&app, &me.who, id, Some(new.text)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a note about a patron away
///
/// Only whoever wrote it.
#[utoipa::path(delete, path = "/patron-notes/{id}", operation_id = "removePatronNote", tag = "patrons",
    params(("id" = Uuid, Path, description = "The note")),
    responses((status = 204, description = "It is gone")))]
pub(super) async fn remove(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    patron::change_note(&app, &me.who, id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
