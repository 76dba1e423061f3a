//! How X says no.

use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::saying;
use crate::simulator::Clock;
use crate::simulator::web::{Manners, WebFault};
use std::sync::Arc;

/// Its doors by their addresses.
#[derive(Debug)]
pub struct Curt {
    pub clock: Arc<dyn Clock>,
    /// As [`super::XOptions::patience`].
    pub patience: u32,
}

/// How long X wants to be left alone, seconds.
const REST_S: i64 = 300;

impl Manners for Curt {
    fn place(&self, request: &Parts) -> &'static str {
        let path = request.uri.path();
        match path {
            "/2/tweets" => "posts",
            "/2/dm_events" => "dm",
            "/2/oauth2/token" => "oauth",
            "/2/activity/stream" => "stream",
            "/2/media/upload" => "media",
            _ if path.ends_with("/mentions") => "mentions",
            _ if path.ends_with("/messages") => "dm-send",
            _ if path.ends_with("/dm_events") => "dm-lookup",
            _ => "api",
        }
    }

    fn can_meet(&self, fault: WebFault, request: &Parts) -> bool {
        let is_signin = self.place(request) == "oauth";
        match fault {
            WebFault::Expired => !is_signin,
            WebFault::Refused => request.method == Method::POST && !is_signin,
            _ => true,
        }
    }

    fn refusal(&self, fault: WebFault, request: &Parts) -> Response {
        match fault {
            WebFault::TooMany => {
                let mut response = saying::problem(
                    StatusCode::TOO_MANY_REQUESTS,
                    "",
                    "Too Many Requests",
                    "Too Many Requests",
                );
                let rest_s = (REST_S / i64::from(self.patience.max(1))).max(1);
                let reset_s = self.clock.now_ms().div_euclid(1000) + rest_s;
                let headers = response.headers_mut();
                headers.insert("x-rate-limit-remaining", HeaderValue::from_static("0"));
                headers.insert("x-rate-limit-reset", HeaderValue::from(reset_s));
                response
            }
            WebFault::OutOfOrder => saying::problem(
                StatusCode::SERVICE_UNAVAILABLE,
                "",
                "Service Unavailable",
                "Service Unavailable",
            ),
            WebFault::Refused if self.place(request) == "dm-send" => {
                saying::forbidden("You do not have permission to DM one or more participants.")
            }
            WebFault::Refused => saying::forbidden(
                "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.",
            ),
            _ if self.place(request) == "oauth" => refused_signin("Value passed for the token was invalid."),
            _ => saying::unauthorized(),
        }
    }
}

/// RFC 6749 section 5.2.
pub fn refused_signin(why: &str) -> Response {
    let body = json!({"error": "invalid_grant", "error_description": why});
    (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
}
