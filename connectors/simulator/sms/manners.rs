//! How the platform says no.

use axum::Json;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::simulator::web::{Manners, WebFault};

pub struct Twilio;

impl Manners for Twilio {
    fn place(&self, request: &Parts) -> &'static str {
        let path = request.uri.path();
        if path.contains("/Media") || path.starts_with("/cdn") {
            "media"
        } else if path.contains("/Messages") {
            if request.method == Method::POST { "send" } else { "read" }
        } else {
            "setup"
        }
    }

    fn account(&self, request: &Parts) -> Option<String> {
        let (_, rest) = request.uri.path().split_once("/Accounts/")?;
        Some(rest.split(['/', '.']).next()?.to_lowercase())
    }

    fn refusal(&self, fault: WebFault, _: &Parts) -> Response {
        match fault {
            WebFault::TooMany => refused(429, 20429, "Too Many Requests"),
            WebFault::Refused => refused(400, 21610, "Attempt to send to unsubscribed recipient"),
            WebFault::Expired | WebFault::Revoked => refused(401, 20003, "Authenticate"),
            _ => (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable").into_response(),
        }
    }

    fn can_meet(&self, fault: WebFault, request: &Parts) -> bool {
        fault != WebFault::Refused || self.place(request) == "send"
    }
}

/// A refusal with the platform's own code.
pub fn refused(status: u16, code: u32, message: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let more_info = format!("https://www.twilio.com/docs/errors/{code}");
    let said = json!({ "code": code, "message": message, "more_info": more_info, "status": status.as_u16() });
    (status, Json(said)).into_response()
}
