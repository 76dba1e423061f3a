//! The library texts a patron: taken, sent, delivered or not, with word of each step.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use super::manners::refused;
use super::office::Office;
use super::text::{Picture, Text, Way};
use super::{Happened, calls, patron};

const MOST_FILES: usize = 10;
const SENT_AFTER_MS: i64 = 1_000;
const SETTLED_AFTER_MS: i64 = 3_000;

/// `POST Messages.json`.
pub async fn take(office: &Arc<Office>, body: &[u8]) -> Response {
    let form: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let get = |wanted: &str| {
        form.iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.clone())
            .filter(|value| !value.is_empty())
    };
    let Some(to) = get("To") else { return refused(400, 21604, "A 'To' phone number is required.") };
    let is_number = to.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    if !is_number {
        return refused(400, 21211, &format!("Invalid 'To' Phone Number: {to}"));
    }
    let service = get("MessagingServiceSid");
    let first = || office.state().numbers.keys().next().cloned();
    let from = get("From").or_else(|| service.as_ref().and_then(|_| first()));
    let Some(from) = from else { return refused(400, 21603, "A 'From' phone number is required.") };
    if !office.state().numbers.contains_key(&from) {
        return refused(400, 21659, &format!("{from} is not a Twilio phone number of this account."));
    }
    let links: Vec<&String> =
        form.iter().filter(|(name, _)| name == "MediaUrl").map(|(_, value)| value).collect();
    if links.len() > MOST_FILES {
        return refused(400, 21623, "Number of media files exceeds allowed limit");
    }
    let body = get("Body").unwrap_or_default();
    if body.is_empty() && links.is_empty() {
        return refused(400, 21619, "A text message body or media urls must be specified.");
    }
    if body.encode_utf16().count() > 1600 {
        return refused(400, 21617, "The concatenated message body exceeds the 1600 character limit.");
    }
    if office.state().stopped.contains(&(from.clone(), to.clone())) {
        return refused(400, 21610, "Attempt to send to unsubscribed recipient");
    }
    // The real one fetches a moment later, and says so by the text's end.
    let mut pictures = Vec::new();
    for link in &links {
        match office.caller.ask(link).await {
            Ok(answer) if answer.is_success() => {
                let content_type = answer.header("content-type").unwrap_or_default().to_owned();
                pictures.push((office.sid("ME"), Picture { content_type, bytes: answer.body.into() }));
            }
            _ => return refused(400, 21620, "Invalid media URL(s)"),
        }
    }
    let text = Text {
        sid: office.sid(if links.is_empty() { "SM" } else { "MM" }),
        way: Way::Api,
        from,
        to,
        body,
        status: "queued",
        created_ms: office.front.now(),
        sent_ms: None,
        error: None,
        pictures,
        callback: get("StatusCallback"),
        service,
    };
    let shown = text.resource(&office.account);
    office.front.note(Happened::Taken {
        sid: text.sid.clone(),
        to: text.to.clone(),
        body: text.body.clone(),
        files: text.pictures.iter().map(|(_, picture)| picture.bytes.len()).collect(),
    });
    let sid = text.sid.clone();
    office.state().texts.push(text);
    let now = office.front.now();
    let (soon, later) = (office.clone(), office.clone());
    let name = sid.clone();
    office.front.later(now + SENT_AFTER_MS, move || leave(&soon, &name));
    office.front.later(now + SETTLED_AFTER_MS, move || settle(&later, &sid));
    (StatusCode::CREATED, Json(shown)).into_response()
}

fn leave(office: &Office, sid: &str) {
    let now = office.front.now();
    if let Some(text) = change(office, sid, |text| {
        text.status = "sent";
        text.sent_ms = Some(now);
    }) {
        calls::about_status(office, &text);
    }
}

fn settle(office: &Arc<Office>, sid: &str) {
    let to = office.state().texts.iter().find(|text| text.sid == sid).map(|text| text.to.clone());
    let error = to.and_then(|to| office.state().fates.get(&to).copied());
    let status = if error.is_some() { "undelivered" } else { "delivered" };
    let changed = change(office, sid, |text| {
        text.status = status;
        text.error = error;
    });
    let Some(text) = changed else { return };
    office.front.note(Happened::Settled { sid: sid.to_owned(), status: status.to_owned() });
    calls::about_status(office, &text);
    if error.is_none() {
        patron::hears(office, &text);
    }
}

fn change(office: &Office, sid: &str, change: impl FnOnce(&mut Text)) -> Option<Text> {
    let mut state = office.state();
    let text = state.texts.iter_mut().find(|text| text.sid == sid)?;
    change(text);
    Some(text.clone())
}
