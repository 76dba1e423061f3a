//! `/conversations/{id}/preview`: what an answer would become, while it is being written.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::channels::TextLimit;
use super::input::{Json, Path};
use super::problem::Result;
use super::session::SignedIn;
use crate::app::App;
use crate::outbound;

/// An answer that is being written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Writing {
    /// Plain text.
    text: String,
    /// The address to answer to; the first of `ways` when it is left out.
    way: Option<Uuid>,
    /// The subject, where the writer changed it.
    subject: Option<String>,
    /// Files that were added before (`/uploads`).
    #[serde(default)]
    files: Vec<Uuid>,
}

/// What it would become.
#[derive(Serialize, ToSchema)]
pub(super) struct Preview {
    /// How much of the limit it takes, in the limit's unit; null: nobody can say.
    used: Option<u32>,
    /// Null: nothing is known of the way it would go.
    limit: Option<TextLimit>,
    /// As how many messages it would leave; 0 when it is refused.
    parts: usize,
    /// What its writer may want to know, in sentences: which character makes it dearer, what a link costs.
    notes: Vec<String>,
    /// Why sending it would be refused, in words; null: it would not.
    refused: Option<String>,
}

/// See what an answer would become
///
/// The same look that decides when it is sent. Nothing is kept and nothing leaves.
#[utoipa::path(post, path = "/conversations/{id}/preview", operation_id = "previewReply", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = Writing,
    responses((status = 200, description = "What it would become", body = Preview)))]
pub(super) async fn show(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Writing { text, way, subject, files }): Json<Writing>,
) -> Result<Json<Preview>> {
    let reply = outbound::Reply { text, way, subject, files, ..outbound::Reply::default() };
    let outbound::Preview { used, limit, parts, notes, refused } =
        outbound::preview(&app, &me.who, id, reply).await?;
    Ok(Json(Preview { used, limit: limit.map(TextLimit::of), parts, notes, refused }))
}
