//! The API's shapes and names (2010-04-01), as far as they are used. Everything may be missing: the specification marks
//! every field as nullable.

use serde::Deserialize;

/// A text, in or out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Resource {
    /// `SM` or `MM` and 32 hexadecimal digits.
    pub sid: Option<String>,
    /// `inbound`, `outbound-api`, `outbound-reply`, `outbound-call`.
    pub direction: Option<String>,
    /// `received`, `queued`, `sent`, `delivered` and others.
    pub status: Option<String>,
    /// A number, a short code, or a name.
    pub from: Option<String>,
    /// A number.
    pub to: Option<String>,
    /// What it says.
    pub body: Option<String>,
    /// How many files, as a text.
    pub num_media: Option<String>,
    /// RFC 2822.
    pub date_created: Option<String>,
    /// RFC 2822; missing until it was sent.
    pub date_sent: Option<String>,
    /// Why it did not arrive.
    pub error_code: Option<u32>,
}

impl Resource {
    /// Whether a patron wrote it.
    pub fn is_inbound(&self) -> bool {
        self.direction.as_deref() == Some("inbound")
    }

    /// When it was sent, or else made, epoch milliseconds.
    pub fn at(&self) -> Option<i64> {
        self.date_sent.as_deref().and_then(moment).or_else(|| self.created_at())
    }

    /// When it was made, epoch milliseconds.
    pub fn created_at(&self) -> Option<i64> {
        self.date_created.as_deref().and_then(moment)
    }

    /// How many files it has.
    pub fn media(&self) -> usize {
        self.num_media.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0)
    }
}

/// A page of texts, each as it came.
#[derive(Clone, Debug, Deserialize)]
pub struct Page {
    /// Newest first.
    pub messages: Vec<serde_json::Value>,
    /// Where older ones are; relative to the host.
    #[serde(default)]
    pub next_page_uri: Option<String>,
}

/// A text's files.
#[derive(Clone, Debug, Deserialize)]
pub struct MediaPage {
    /// Each of them.
    pub media_list: Vec<MediaResource>,
}

/// One file.
#[derive(Clone, Debug, Deserialize)]
pub struct MediaResource {
    /// `ME` and 32 hexadecimal digits.
    pub sid: Option<String>,
}

/// The account's numbers.
#[derive(Clone, Debug, Deserialize)]
pub struct NumberPage {
    /// Those asked for.
    pub incoming_phone_numbers: Vec<NumberResource>,
}

/// One of the account's numbers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NumberResource {
    /// `PN` and 32 hexadecimal digits.
    pub sid: Option<String>,
    /// E.164.
    pub phone_number: Option<String>,
    /// Whom the platform calls about a text.
    pub sms_url: Option<String>,
    /// What it can do.
    pub capabilities: Option<Abilities>,
}

/// What a number can do.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Abilities {
    /// Texts.
    pub sms: Option<bool>,
}

/// The account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AccountResource {
    /// `active`, `suspended`, `closed`.
    pub status: Option<String>,
    /// As its owner calls it.
    pub friendly_name: Option<String>,
}

/// What a refusal says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Refused {
    /// The platform's own number for it.
    pub code: Option<u32>,
    /// In its words.
    pub message: Option<String>,
}

/// Epoch milliseconds of an RFC 2822 date, such as `Fri, 24 May 2019 17:44:46 +0000`.
pub fn moment(text: &str) -> Option<i64> {
    Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond())
}

/// The day of a moment in UTC, `2019-05-24`.
pub fn day(at: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    moment.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
