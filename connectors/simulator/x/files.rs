//! Files: taken in pieces of a form, given to whoever may have them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::collections::HashMap;

use super::limits::Door;
use super::saying;
use super::world::Stored;
use super::{Office, lock};

pub async fn upload(State(office): State<Arc<Office>>, headers: HeaderMap, mut form: Multipart) -> Response {
    let (mut stored, mut category) = (None, None);
    while let Ok(Some(field)) = form.next_field().await {
        match field.name() {
            Some("media") => {
                let content_type = field.content_type().unwrap_or("application/octet-stream").to_owned();
                stored = field.bytes().await.ok().map(|bytes| Stored { content_type, bytes: bytes.to_vec() });
            }
            Some("media_category") => category = field.text().await.ok(),
            _ => {}
        }
    }
    office.through(Door::Upload, &headers, |office, _| {
        let (Some(stored), Some(category)) = (stored.clone(), category.clone()) else {
            return saying::invalid("media and media_category are required.");
        };
        if !["tweet_image", "tweet_gif", "dm_image", "dm_gif"].contains(&category.as_str()) {
            return saying::invalid("media_category is not one of the known ones.");
        }
        let mut world = lock(&office.world);
        let id = world.number(office.front.now());
        let size = stored.bytes.len();
        world.files.insert(id.clone(), stored);
        let mut data =
            json!({"id": id, "media_key": format!("3_{id}"), "size": size, "expires_after_secs": 86_400});
        if category.ends_with("gif") {
            data["processing_info"] = json!({"state": "pending", "check_after_secs": 1});
        }
        Json(json!({"data": data})).into_response()
    })
}

pub async fn status(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    office.through(Door::Upload, &headers, |office, _| {
        let id = query.get("media_id").cloned().unwrap_or_default();
        if !lock(&office.world).files.contains_key(&id) {
            return saying::not_found("media");
        }
        Json(json!({"data": {"id": id, "processing_info": {"state": "succeeded", "progress_percent": 100}}}))
            .into_response()
    })
}

/// Of a direct message: only for the account.
pub async fn private(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Path((direct, media, _)): Path<(String, String, String)>,
) -> Response {
    office.through(Door::Other, &headers, |office, account| {
        let world = lock(&office.world);
        let is_of = world
            .directs
            .iter()
            .any(|one| one.id == direct && one.is_of(account) && one.media.contains(&media));
        if is_of { give(world.files.get(&media)) } else { saying::not_found("media") }
    })
}

/// Of a post: for everybody.
pub async fn public(State(office): State<Arc<Office>>, Path(name): Path<String>) -> Response {
    let id = name.split('.').next().unwrap_or_default();
    give(lock(&office.world).files.get(id))
}

fn give(stored: Option<&Stored>) -> Response {
    match stored {
        Some(stored) => {
            ([(header::CONTENT_TYPE, stored.content_type.clone())], stored.bytes.clone()).into_response()
        }
        None => saying::not_found("media"),
    }
}
