//! How often each door opens (docs.joinmastodon.org/api/rate-limits), counted by account.

use std::collections::HashMap;

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

/// A door of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// Everything that is not counted apart.
    Api,
    /// Posting.
    Statuses,
    /// Handing over files.
    Media,
}

impl Door {
    /// So many times in so many milliseconds.
    const fn opens(self) -> (u32, i64) {
        match self {
            Self::Api => (300, 5 * 60_000),
            Self::Statuses => (300, 3 * 3_600_000),
            Self::Media => (30, 30 * 60_000),
        }
    }
}

/// What was used of each window.
#[derive(Debug, Default)]
pub struct Limits(HashMap<(Door, String), (i64, u32)>);

/// Where one stands after knocking.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    limit: u32,
    remaining: u32,
    reset_ms: i64,
    /// Whether the door opened.
    pub opened: bool,
}

impl Limits {
    /// One more knock; `times` as often as Mastodon allows.
    pub fn knock(&mut self, door: Door, account: &str, now_ms: i64, times: u32) -> Standing {
        let (limit, window_ms) = door.opens();
        let limit = limit.saturating_mul(times);
        let window = self.0.entry((door, account.to_owned())).or_insert((now_ms, 0));
        if now_ms >= window.0 + window_ms {
            *window = (now_ms, 0);
        }
        let opened = window.1 < limit;
        window.1 += u32::from(opened);
        Standing { limit, remaining: limit - window.1, reset_ms: window.0 + window_ms, opened }
    }
}

impl Standing {
    /// As it stands on every answer.
    pub fn write(self, response: &mut Response) {
        write(response, self.limit, self.remaining, self.reset_ms);
    }
}

/// The three headers; the moment is RFC 3339 with microseconds.
pub fn write(response: &mut Response, limit: u32, remaining: u32, reset_ms: i64) {
    let reset = jiff::Timestamp::from_millisecond(reset_ms).unwrap_or_default();
    let reset = reset.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string();
    let headers = [
        ("x-ratelimit-limit", limit.to_string()),
        ("x-ratelimit-remaining", remaining.to_string()),
        ("x-ratelimit-reset", reset),
    ];
    for (name, text) in headers {
        if let Ok(value) = HeaderValue::try_from(text) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
}
