//! What the instance says of itself, and of who asks.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::limits::Door;
use super::saying;
use super::{Office, lock};

pub async fn me(State(office): State<Arc<Office>>, headers: HeaderMap) -> Response {
    office.through(Door::Api, "read:accounts", &headers, |office, account| {
        let world = lock(&office.world);
        match world.of(account) {
            Some(person) => {
                let mut body = saying::person(&world, person, &office.base());
                body["source"] = json!({
                    "privacy": "public", "sensitive": false, "language": null, "note": "", "fields": [],
                    "follow_requests_count": 0, "indexable": false, "quote_policy": "public",
                });
                body["role"] = json!({
                    "id": "-99", "name": "", "permissions": "65536", "color": "", "highlighted": false,
                });
                Json(body).into_response()
            }
            None => saying::error(404, "Record not found"),
        }
    })
}

pub async fn instance(State(office): State<Arc<Office>>) -> Response {
    let domain = lock(&office.world).domain.clone();
    let body = json!({
        "domain": domain, "title": "The Library Instance", "version": "4.5.0",
        "source_url": "https://github.com/mastodon/mastodon", "description": "For libraries and who likes them.",
        "usage": {"users": {"active_month": 12}},
        "thumbnail": {"url": format!("{}/packs/preview.png", office.base())},
        "icon": [], "languages": ["en"],
        "configuration": {
            "urls": {"streaming": format!("wss://{domain}")},
            "vapid": {"public_key": ""},
            "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
            "statuses": {
                "max_characters": office.max_characters, "max_media_attachments": 4,
                "characters_reserved_per_url": 23,
            },
            "media_attachments": {
                "description_limit": 1500, "image_matrix_limit": 33_177_600, "image_size_limit": 16_777_216,
                "supported_mime_types": ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/webm", "audio/mpeg", "audio/ogg"],
                "video_frame_rate_limit": 120, "video_matrix_limit": 8_294_400, "video_size_limit": 103_809_024,
            },
            "polls": {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746},
            "translation": {"enabled": false},
            "timelines_access": {
                "live_feeds": {"local": "public", "remote": "public"},
                "hashtag_feeds": {"local": "public", "remote": "public"},
                "trending_link_feeds": {"local": "public", "remote": "public"},
            },
            "limited_federation": false,
        },
        "registrations": {"enabled": false, "approval_required": false, "reason_required": null, "message": null, "min_age": null, "url": null},
        "api_versions": {"mastodon": 7},
        "contact": {"email": "help@library.example", "account": null},
        "rules": [],
    });
    Json(body).into_response()
}
