//! How an instance says no.

use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{limits, saying};
use crate::simulator::Clock;
use crate::simulator::web::{Manners, WebFault};

/// Its doors by their addresses.
#[derive(Debug)]
pub struct Curt {
    pub clock: Arc<dyn Clock>,
    /// As [`super::InstanceOptions::patience`].
    pub patience: u32,
}

/// How long an instance wants to be left alone.
const REST_MS: i64 = 300_000;

impl Manners for Curt {
    fn place(&self, request: &Parts) -> &'static str {
        let path = request.uri.path();
        match path {
            "/api/v1/statuses" => "statuses",
            "/api/v1/notifications" => "notifications",
            "/api/v1/apps" => "apps",
            "/api/v2/media" => "media",
            _ if path.starts_with("/oauth/") => "oauth",
            _ if path.starts_with("/api/v1/accounts/") && path.ends_with("/statuses") => "own",
            _ if path.starts_with("/api/v1/statuses/") => "look",
            _ => "api",
        }
    }

    fn can_meet(&self, fault: WebFault, request: &Parts) -> bool {
        match fault {
            // Its tokens do not run out.
            WebFault::Expired => false,
            WebFault::Revoked => !matches!(self.place(request), "apps"),
            WebFault::Refused => {
                request.method == Method::POST && matches!(self.place(request), "statuses" | "media")
            }
            _ => true,
        }
    }

    fn refusal(&self, fault: WebFault, request: &Parts) -> Response {
        match fault {
            WebFault::TooMany => {
                let mut response = saying::error(429, "Too many requests");
                let rest_ms = (REST_MS / i64::from(self.patience.max(1))).max(1_000);
                limits::write(&mut response, 300, 0, self.clock.now_ms() + rest_ms);
                response
            }
            WebFault::OutOfOrder => {
                saying::error(503, "There was a temporary problem serving your request, please try again")
            }
            WebFault::Refused if self.place(request) == "media" => {
                saying::error(422, "Validation failed: File content type is invalid")
            }
            WebFault::Refused => saying::error(422, "Validation failed: Text contains a blocked link"),
            _ if self.place(request) == "oauth" => refused_signin("The authorization was revoked."),
            _ => saying::error(401, "The access token was revoked"),
        }
    }
}

/// RFC 6749 section 5.2.
pub fn refused_signin(why: &str) -> Response {
    let body = json!({"error": "invalid_grant", "error_description": why});
    (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
}
