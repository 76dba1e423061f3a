//! One text, and how the API shows it.

use bytes::Bytes;
use serde_json::{Value, json};

/// A file that came with a text.
#[derive(Clone, Debug)]
pub struct Picture {
    /// `image/jpeg`.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Which way a text went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From a patron.
    Inbound,
    /// From the library, through the API.
    Api,
    /// From the platform, in the library's name (after STOP and HELP).
    Reply,
}

#[derive(Clone, Debug)]
pub struct Text {
    pub sid: String,
    pub way: Way,
    pub from: String,
    pub to: String,
    pub body: String,
    pub status: &'static str,
    pub created_ms: i64,
    pub sent_ms: Option<i64>,
    pub error: Option<u32>,
    /// With their names.
    pub pictures: Vec<(String, Picture)>,
    pub callback: Option<String>,
    pub service: Option<String>,
}

impl Text {
    pub fn resource(&self, account: &str) -> Value {
        let here = format!("/2010-04-01/Accounts/{account}/Messages/{}", self.sid);
        json!({
            "account_sid": account,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": date(self.created_ms),
            "date_sent": self.sent_ms.map(date),
            "date_updated": date(self.sent_ms.unwrap_or(self.created_ms)),
            "direction": match self.way {
                Way::Inbound => "inbound",
                Way::Api => "outbound-api",
                Way::Reply => "outbound-reply",
            },
            "error_code": self.error,
            "error_message": null,
            "from": self.from,
            "messaging_service_sid": self.service,
            "num_media": self.pictures.len().to_string(),
            "num_segments": "1",
            "price": null,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": { "media": format!("{here}/Media.json") },
            "to": self.to,
            "uri": format!("{here}.json"),
        })
    }

    pub fn media(&self, account: &str) -> Value {
        let here = format!("/2010-04-01/Accounts/{account}/Messages/{}/Media", self.sid);
        let files: Vec<Value> = self
            .pictures
            .iter()
            .map(|(sid, picture)| {
                json!({
                    "account_sid": account,
                    "content_type": picture.content_type,
                    "date_created": date(self.created_ms),
                    "date_updated": date(self.created_ms),
                    "parent_sid": self.sid,
                    "sid": sid,
                    "uri": format!("{here}/{sid}.json"),
                })
            })
            .collect();
        json!({
            "media_list": files, "page": 0, "page_size": 50, "start": 0, "end": files.len().saturating_sub(1),
            "first_page_uri": format!("{here}.json?PageSize=50&Page=0"), "next_page_uri": null,
            "previous_page_uri": null, "uri": format!("{here}.json?PageSize=50&Page=0"),
        })
    }
}

/// RFC 2822, whole seconds, as the API writes dates.
pub fn date(at_ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default();
    at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// The day in UTC, `2019-05-24`.
pub fn day(at_ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default();
    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
