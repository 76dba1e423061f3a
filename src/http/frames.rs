//! `/messages/{id}/frame` and `/original`: markup in a document of its own that can do nothing, and what came as it came.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use connectors::markup;
use uuid::Uuid;

use super::BASE;
use super::attachments::picture;
use super::input::Path;
use super::problem::Result;
use super::session::SignedIn;
use crate::app::App;
use crate::error::Error;
use crate::store::{envelopes, messages};

/// The second wall, around a document that has no origin: whatever the first one let through can run nothing, load nothing
/// and reach nothing. Its pictures are written into it, because our cookie is not sent along by such a document.
const SANDBOX: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'";
/// For bytes that a browser must not take for a page.
pub(super) const BYTES_POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";
/// Pictures of one message that are put into its document, bytes.
const MOST_PICTURES: usize = 8 * 1024 * 1024;

/// A message's markup
///
/// A whole document for `<iframe sandbox>`, under a policy of its own: no scripts, nothing remote.
#[utoipa::path(get, path = "/messages/{id}/frame", operation_id = "readFrame", tag = "messages",
    params(("id" = Uuid, Path, description = "The message")),
    responses((status = 200, description = "The document", content_type = "text/html", body = String)))]
pub(super) async fn frame(State(app): State<App>, _: SignedIn, Path(id): Path<Uuid>) -> Result<Response> {
    let (markup, files) = {
        let mut conn = app.db.read().await?;
        let said = messages::by_id(&mut conn, id).await?.ok_or(Error::Missing("message"))?;
        let markup = said.html.ok_or(Error::Missing("formatted text"))?;
        (markup, messages::attachments_of(&mut conn, id).await?)
    };
    let mut pictures = Vec::new();
    let mut room = MOST_PICTURES;
    for file in files {
        let reference = format!("\"{BASE}/attachments/{}\"", file.id);
        let size = usize::try_from(file.size).unwrap_or(usize::MAX);
        if size > room || !markup.contains(&reference) {
            continue;
        }
        let Some(bytes) = messages::bytes_of(&app.db, &app.blobs, &file).await? else { continue };
        room -= size;
        if let Some(kind) = picture(&bytes) {
            pictures.push((reference, format!("\"data:{kind};base64,{}\"", STANDARD.encode(&bytes))));
        }
    }
    let mut document = markup::frame_document(&markup::again(&markup));
    // After the wall, which lets no such source through from outside: one address of ours, quoted, for a picture's bytes.
    for (reference, data) in pictures {
        document = document.replace(&reference, &data);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, format!("{SANDBOX}; {}", markup::POLICY)),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    Ok((headers, document).into_response())
}

/// A message as it came
#[utoipa::path(get, path = "/messages/{id}/original", operation_id = "readOriginal", tag = "messages",
    params(("id" = Uuid, Path, description = "The message")),
    responses((status = 200, description = "Its source", content_type = "text/plain", body = String)))]
pub(super) async fn original(State(app): State<App>, _: SignedIn, Path(id): Path<Uuid>) -> Result<Response> {
    let envelope = {
        let mut conn = app.db.read().await?;
        let said = messages::by_id(&mut conn, id).await?.ok_or(Error::Missing("message"))?;
        let envelope = said.envelope_id.ok_or(Error::Missing("original"))?;
        envelopes::by_id(&mut conn, envelope).await?.ok_or(Error::Missing("original"))?
    };
    source(&app, envelope).await
}

/// An envelope's bytes, as text whatever they hold.
pub(super) async fn source(app: &App, envelope: envelopes::Envelope) -> Result<Response> {
    let bytes = match (envelope.raw, envelope.blob) {
        (Some(raw), _) => Bytes::from(raw),
        (None, Some(blob)) => app.blobs.get(&blob).await?,
        (None, None) => return Err(Error::Missing("original").into()),
    };
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(BYTES_POLICY)),
    ];
    Ok((headers, bytes).into_response())
}
