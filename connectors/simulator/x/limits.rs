//! How often each door opens: so many times in a quarter of an hour, counted from the first.

use std::collections::HashMap;

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

const WINDOW_MS: i64 = 15 * 60_000;

/// A door of the API, counted by itself for each account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    Me,
    Mentions,
    Timeline,
    Directs,
    Lookup,
    SendDirect,
    SendPost,
    Upload,
    Other,
}

impl Door {
    /// As published for an account in a quarter of an hour.
    const fn opens(self) -> u32 {
        match self {
            Self::Me => 75,
            Self::Mentions => 300,
            Self::Timeline => 900,
            Self::Directs | Self::Lookup | Self::SendDirect => 15,
            Self::SendPost => 100,
            Self::Upload => 500,
            Self::Other => 500,
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
    reset_s: i64,
    /// Whether the door opened.
    pub opened: bool,
}

impl Limits {
    /// One more knock; `times` as often as X allows.
    pub fn knock(&mut self, door: Door, account: &str, now_ms: i64, times: u32) -> Standing {
        let limit = door.opens().saturating_mul(times);
        let window = self.0.entry((door, account.to_owned())).or_insert((now_ms, 0));
        if now_ms >= window.0 + WINDOW_MS {
            *window = (now_ms, 0);
        }
        let opened = window.1 < limit;
        if opened {
            window.1 += 1;
        }
        Standing {
            limit,
            remaining: limit - window.1,
            reset_s: (window.0 + WINDOW_MS).div_euclid(1000) + 1,
            opened,
        }
    }
}

impl Standing {
    /// As it stands on every answer.
    pub fn write(self, response: &mut Response) {
        let headers = [
            ("x-rate-limit-limit", i64::from(self.limit)),
            ("x-rate-limit-remaining", i64::from(self.remaining)),
            ("x-rate-limit-reset", self.reset_s),
        ];
        for (name, number) in headers {
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from(number));
        }
    }
}
