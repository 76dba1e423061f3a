//! `/files/{id}/{until}/{proof}`: where a platform fetches a file of an answer by itself. No session stands here: the address
//! is the proof. It was given to that platform alone, opens one file, and only for a while.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use uuid::Uuid;

use super::Http;
use super::attachments::disposition;
use super::frames::BYTES_POLICY;
use super::input::Path;
use super::problem::{Problem, Result};
use crate::app::App;
use crate::channel::files::{FETCHED, is_open};
use crate::error::Error;
use crate::model::file::ANYTHING;
use crate::store::{messages, uploads};

pub(super) fn routes() -> Router<Http> {
    Router::new().route(&format!("{FETCHED}/{{id}}/{{until}}/{{proof}}"), get(fetch))
}

async fn fetch(
    State(app): State<App>,
    Path((id, until, proof)): Path<(Uuid, i64, String)>,
) -> Result<Response> {
    let nothing = || Problem::from(Error::Missing("file"));
    let mut conn = app.db.read().await?;
    let channel = uploads::channel_of(&mut conn, id).await?.ok_or_else(nothing)?;
    if !is_open(&app.vault, channel, id, until, &proof, app.clock.now()) {
        return Err(nothing());
    }
    let file = uploads::enclosed(&mut conn, id, channel).await?.ok_or_else(nothing)?;
    drop(conn);
    let bytes = messages::bytes_of(&app.db, &app.blobs, &file).await?.ok_or_else(nothing)?;
    // Platforms go by the kind. A page would speak in our name: it is no kind that any of them takes.
    let shown = ["image/", "video/", "audio/", "application/pdf", "text/vcard", "text/calendar"];
    let kind = if shown.iter().any(|kind| file.content_type.starts_with(kind)) {
        &file.content_type
    } else {
        ANYTHING
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static(ANYTHING))),
        (header::CONTENT_DISPOSITION, disposition(false, file.filename.as_deref().unwrap_or("unnamed"))),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(BYTES_POLICY)),
    ];
    Ok((headers, bytes).into_response())
}
