//! Files: taken as a form, given to whoever has the address. Recordings are worked on for a while.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::limits::Door;
use super::saying;
use super::world::Stored;
use super::{Office, lock};

pub async fn upload(State(office): State<Arc<Office>>, headers: HeaderMap, mut form: Multipart) -> Response {
    let mut stored = None;
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() == Some("file") {
            let content_type = field.content_type().unwrap_or_default().to_owned();
            let unready = u32::from(!content_type.starts_with("image/"));
            stored =
                field.bytes().await.ok().map(|bytes| Stored { content_type, bytes: bytes.to_vec(), unready });
        }
    }
    office.through(Door::Media, "write:media", &headers, |office, _| {
        let Some(stored) = stored.filter(|stored| {
            matches!(stored.content_type.split('/').next(), Some("image" | "video" | "audio"))
        }) else {
            return saying::error(422, "Validation failed: File content type is invalid, File is invalid");
        };
        let mut world = lock(&office.world);
        let id = world.number(office.front.now());
        let body = saying::file(&id, &stored, &office.base());
        let status = if stored.unready > 0 { StatusCode::ACCEPTED } else { StatusCode::OK };
        world.files.insert(id, stored);
        (status, Json(body)).into_response()
    })
}

pub async fn status(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    office.through(Door::Api, "write:media", &headers, |office, _| {
        let mut world = lock(&office.world);
        let Some(stored) = world.files.get_mut(&id) else { return saying::error(404, "Record not found") };
        let status = if stored.unready > 0 { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
        let body = saying::file(&id, stored, &office.base());
        stored.unready = stored.unready.saturating_sub(1);
        (status, Json(body)).into_response()
    })
}

/// Whoever has the address may have the file.
pub async fn public(State(office): State<Arc<Office>>, Path(name): Path<String>) -> Response {
    let id = name.split('.').next().unwrap_or_default();
    match lock(&office.world).files.get(id) {
        Some(stored) => {
            ([(header::CONTENT_TYPE, stored.content_type.clone())], stored.bytes.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
