//! How Meta says no.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error as the Graph API writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The kind.
    pub code: i64,
    /// Its finer kind; 0: none.
    pub subcode: i64,
    /// For developers.
    pub message: String,
}

/// A refusal with these numbers.
pub fn no(code: i64, subcode: i64, message: &str) -> Refusal {
    Refusal { code, subcode, message: format!("(#{code}) {message}") }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self.code {
            1 | 2 => StatusCode::SERVICE_UNAVAILABLE,
            190 => StatusCode::UNAUTHORIZED,
            4 | 10 | 17 | 32 | 200..=299 | 613 | 80_000..=80_999 => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        };
        let mut error = json!({
            "message": self.message,
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "AbCdEfGhIjKlMnOpQrStUv",
        });
        if self.subcode != 0 {
            error["error_subcode"] = json!(self.subcode);
        }
        if matches!(self.code, 1 | 2) {
            error["is_transient"] = json!(true);
        }
        (status, Json(json!({ "error": error }))).into_response()
    }
}
