//! `/uploads`: files for an answer that is being written.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use futures::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::BASE;
use super::input::{Json, List, Path, Query};
use super::problem::{Problem, Result};
use super::session::SignedIn;
use crate::app::App;
use crate::error::Error;
use crate::outbound::upload;
use crate::store::uploads;

const PATH: &str = "/uploads";
/// So long nobody waits for the next piece of a file: whoever sends nothing has gone.
const NEXT_PIECE: Duration = Duration::from_secs(30);

/// Whether a route takes as long as its caller's line takes.
pub(super) fn takes_its_time(route: &str) -> bool {
    route.strip_prefix(BASE) == Some(PATH)
}

/// A file that waits for its answer.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Upload {
    /// Goes into `files` of a reply.
    id: Uuid,
    /// As the recipient will see it.
    filename: String,
    /// By what it holds.
    content_type: String,
    /// Bytes.
    size: i64,
}

impl From<uploads::Upload> for Upload {
    fn from(kept: uploads::Upload) -> Self {
        Self { id: kept.id, filename: kept.filename, content_type: kept.content_type, size: kept.size }
    }
}

/// What the bytes do not say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    /// What the file is called.
    name: String,
}

/// Add a file
///
/// To an answer that is being written: its bytes are the whole body. It is its uploader's alone and kept for a day; sent
/// with `files` of a reply it becomes an attachment of that message. 413 `/problems/too-large`.
#[utoipa::path(post, path = "/uploads", operation_id = "addFile", tag = "conversations",
    params(("name" = String, Query, description = "What the file is called")),
    request_body(content = String, content_type = "application/octet-stream", description = "Its bytes"),
    responses((status = 201, description = "The file, kept", body = Upload)))]
pub(super) async fn add(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Query(Named { name }): Query<Named>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Upload>)> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let size = text(header::CONTENT_LENGTH).and_then(|size| size.parse().ok());
    let declared = text(header::CONTENT_TYPE).unwrap_or_default();
    let kept = upload::keep(&app, &me.who, &name, declared, size, pieces(body)).await?;
    Ok((StatusCode::CREATED, Json(kept.into())))
}

fn pieces(body: Body) -> impl Stream<Item = crate::error::Result<bytes::Bytes>> {
    let broken =
        || Error::Invalid("The file did not arrive whole, so it was not added. Add it again.".to_owned());
    futures::stream::unfold(body.into_data_stream(), move |mut body| async move {
        match tokio::time::timeout(NEXT_PIECE, body.next()).await {
            Ok(None) => None,
            Ok(Some(piece)) => Some((piece.map_err(|_| broken()), body)),
            Err(_) => Some((Err(broken()), body)),
        }
    })
}

/// Files that wait
///
/// Everything that the caller added and has not sent, oldest first.
#[utoipa::path(get, path = "/uploads", operation_id = "listFiles", tag = "conversations",
    responses((status = 200, description = "The files", body = List<Upload>)))]
pub(super) async fn list(State(app): State<App>, SignedIn(me): SignedIn) -> Result<Json<List<Upload>>> {
    let waiting = upload::waiting(&app, &me.who).await?;
    Ok(List::whole(waiting.into_iter().map(Upload::from).collect()))
}

/// Remove a file
///
/// From an answer that is not sent. One that is not there is removed already.
#[utoipa::path(delete, path = "/uploads/{id}", operation_id = "removeFile", tag = "conversations",
    params(("id" = Uuid, Path, description = "The file")),
    responses((status = 204, description = "It is gone")))]
pub(super) async fn remove(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> std::result::Result<StatusCode, Problem> {
    upload::drop(&app, &me.who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
