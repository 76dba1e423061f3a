//! What a client can ask.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::listing::{self, Wanted};
use super::manners::refused;
use super::office::{Number, Office};
use super::sending;

type Shared = State<Arc<Office>>;

/// Everything behind the account's keys, and the store of files, which must not see them.
pub fn router(office: Arc<Office>) -> Router {
    let account = "/2010-04-01/Accounts";
    Router::new()
        .route(&format!("{account}/{{sid}}"), get(tell_account))
        .route(&format!("{account}/{{account}}/Messages.json"), get(list).post(send))
        .route(&format!("{account}/{{account}}/Messages/{{sid}}"), get(one))
        .route(&format!("{account}/{{account}}/Messages/{{sid}}/Media.json"), get(media))
        .route(&format!("{account}/{{account}}/Messages/{{sid}}/Media/{{file}}"), get(file))
        .route(&format!("{account}/{{account}}/IncomingPhoneNumbers.json"), get(numbers))
        .route(&format!("{account}/{{account}}/IncomingPhoneNumbers/{{sid}}"), get(nothing).post(set_number))
        .route_layer(from_fn_with_state(office.clone(), only_ours))
        .route("/cdn/{file}", get(stored))
        .with_state(office)
}

async fn only_ours(State(office): Shared, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let keys = STANDARD.encode(format!("{}:{}", office.account, office.token));
    let is_ours = request.uri().path().contains(&format!("/Accounts/{}", office.account));
    if given != Some(&format!("Basic {keys}")) || !is_ours {
        return refused(401, 20003, "Authenticate");
    }
    next.run(request).await
}

async fn tell_account(State(office): Shared) -> Json<Value> {
    Json(json!({ "sid": office.account, "status": "active", "friendly_name": "Library", "type": "Full" }))
}

async fn list(State(office): Shared, uri: Uri) -> Response {
    let wanted = Wanted::read(uri.query().unwrap_or_default());
    match listing::page(&office, &office.state(), &wanted) {
        Some(page) => Json(page).into_response(),
        None => refused(400, 20001, "Invalid page token"),
    }
}

async fn send(State(office): Shared, body: Bytes) -> Response {
    sending::take(&office, &body).await
}

async fn one(State(office): Shared, Path((_, file)): Path<(String, String)>) -> Response {
    let sid = file.trim_end_matches(".json");
    let state = office.state();
    match state.texts.iter().find(|text| text.sid == sid) {
        Some(text) => Json(text.resource(&office.account)).into_response(),
        None => missing(),
    }
}

async fn media(State(office): Shared, Path((_, sid)): Path<(String, String)>) -> Response {
    let state = office.state();
    match state.texts.iter().find(|text| text.sid == sid) {
        Some(text) => Json(text.media(&office.account)).into_response(),
        None => missing(),
    }
}

/// The file itself lies elsewhere.
async fn file(
    State(office): Shared,
    Path((_, sid, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let state = office.state();
    let known = state.texts.iter().find(|text| text.sid == sid);
    if !known.is_some_and(|text| text.pictures.iter().any(|(name, _)| *name == file)) {
        return missing();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, format!("http://{host}/cdn/{file}"))])
        .into_response()
}

/// As stores with signed addresses do, it takes no second proof.
async fn stored(State(office): Shared, Path(file): Path<String>, headers: HeaderMap) -> Response {
    if headers.contains_key(header::AUTHORIZATION) {
        return (StatusCode::BAD_REQUEST, "Only one auth mechanism allowed").into_response();
    }
    let state = office.state();
    match state.texts.iter().flat_map(|text| &text.pictures).find(|(name, _)| *name == file) {
        Some((_, picture)) => {
            ([(header::CONTENT_TYPE, picture.content_type.clone())], picture.bytes.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Deserialize)]
struct Which {
    #[serde(rename = "PhoneNumber")]
    number: Option<String>,
}

async fn numbers(State(office): Shared, Query(which): Query<Which>) -> Json<Value> {
    let state = office.state();
    let wanted = state
        .numbers
        .iter()
        .filter(|(number, _)| which.number.as_ref().is_none_or(|part| number.contains(part.as_str())));
    let found: Vec<Value> = wanted.map(|(number, one)| resource(&office, number, one)).collect();
    Json(json!({ "incoming_phone_numbers": found, "page": 0, "page_size": 50, "next_page_uri": null }))
}

async fn set_number(State(office): Shared, Path((_, file)): Path<(String, String)>, body: Bytes) -> Response {
    let sid = file.trim_end_matches(".json");
    let mut state = office.state();
    let Some((number, one)) = state.numbers.iter_mut().find(|(_, one)| one.sid == sid) else {
        return missing();
    };
    for (name, value) in form_urlencoded::parse(&body) {
        if name == "SmsUrl" {
            one.sms_url = value.into_owned();
        }
    }
    Json(resource(&office, number, one)).into_response()
}

fn resource(office: &Office, number: &str, one: &Number) -> Value {
    json!({
        "sid": one.sid, "account_sid": office.account, "phone_number": number, "friendly_name": number,
        "sms_url": one.sms_url, "sms_method": "POST",
        "capabilities": { "voice": true, "sms": true, "mms": true, "fax": false },
    })
}

async fn nothing() -> Response {
    missing()
}

fn missing() -> Response {
    refused(404, 20404, "The requested resource was not found")
}
