//! `/conversations/{id}/draft` and `/drafts`: what I am writing, kept for me alone.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, List, Path, Query};
use super::problem::Result;
use super::session::SignedIn;
use super::time::Time;
use super::uploads::Upload;
use crate::app::App;
use crate::conversation::draft;
use crate::model;
use crate::model::draft::Kind;

/// What I am writing in a conversation.
#[derive(Serialize, ToSchema)]
pub(super) struct Drafts {
    /// An answer.
    reply: Option<Draft>,
    /// A note for colleagues.
    note: Option<Draft>,
    /// The files that wait for the answer.
    files: Vec<Upload>,
}

/// As far as it is written.
#[derive(Serialize, ToSchema)]
pub(super) struct Draft {
    text: String,
    /// Where its writer was in it, in UTF-16 units.
    caret: i64,
    /// When it was last changed.
    changed_at: Time,
}

/// What somebody is writing somewhere.
#[derive(Serialize, ToSchema)]
pub(super) struct DraftPlace {
    conversation_id: Uuid,
    /// `reply` or `note`.
    #[schema(inline)]
    kind: Kind,
}

/// A draft to keep.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptDraft {
    /// `reply` or `note`.
    #[schema(inline)]
    kind: Kind,
    /// As far as it is written. With no files either: nothing is kept.
    text: String,
    /// Where its writer is in it, in UTF-16 units.
    #[serde(default)]
    caret: i64,
    /// The files that wait for an answer (`/uploads`), in their order. They stay while the draft is gone on with.
    #[serde(default)]
    files: Vec<Uuid>,
}

/// Which one.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// `reply` or `note`.
    #[param(inline)]
    kind: Kind,
}

impl From<draft::Drafts> for Drafts {
    fn from(kept: draft::Drafts) -> Self {
        Self {
            reply: kept.reply.map(Draft::from),
            note: kept.note.map(Draft::from),
            files: kept.files.into_iter().map(Upload::from).collect(),
        }
    }
}

impl From<model::draft::Draft> for Draft {
    fn from(kept: model::draft::Draft) -> Self {
        Self { text: kept.text, caret: kept.caret, changed_at: Time(kept.changed_at) }
    }
}

/// What I am writing in a conversation
///
/// Nobody else is shown it, and no search finds it. Sent, it is forgotten in the same step.
#[utoipa::path(get, path = "/conversations/{id}/draft", operation_id = "readDraft", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "As it was kept last", body = Drafts)))]
pub(super) async fn read(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Drafts>> {
    Ok(Json(draft::read(&app, &me.who, id).await?.into()))
}

/// Keep what I am writing
#[utoipa::path(put, path = "/conversations/{id}/draft", operation_id = "keepDraft", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = KeptDraft,
    responses((status = 200, description = "It is kept", body = Drafts)))]
pub(super) async fn keep(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(KeptDraft { kind, text, caret, files }): Json<KeptDraft>,
) -> Result<Json<Drafts>> {
    let writing = draft::Writing { kind, text, caret, files };
    Ok(Json(draft::keep(&app, &me.who, id, writing).await?.into()))
}

/// Forget what I am writing
#[utoipa::path(delete, path = "/conversations/{id}/draft", operation_id = "forgetDraft", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation"), Which),
    responses((status = 204, description = "It is forgotten")))]
pub(super) async fn forget(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Query(Which { kind }): Query<Which>,
) -> Result<StatusCode> {
    draft::forget(&app, &me.who, id, kind).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where I am writing
#[utoipa::path(get, path = "/drafts", operation_id = "listDrafts", tag = "conversations",
    responses((status = 200, description = "Each that was not sent", body = List<DraftPlace>)))]
pub(super) async fn list(State(app): State<App>, SignedIn(me): SignedIn) -> Result<Json<List<DraftPlace>>> {
    let show = |one: model::draft::Draft| DraftPlace { conversation_id: one.conversation_id, kind: one.kind };
    Ok(List::whole(draft::list(&app, &me.who).await?.into_iter().map(show).collect()))
}
