//! `/signins`: accounts signed in on their platform's own page, and the one address that platforms send people back to.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Http;
use super::channels::edit::NewChannel;
use super::input::{Json, Path};
use super::problem::{Problem, Result};
use super::session::{SignedIn, signed_in};
use crate::access::{require, session};
use crate::channel::signin::{self, By, Progress, What};
use crate::error::Error;
use crate::model::people::Role;
use crate::model::signin::Stage;

/// Where platforms send people back to. Registered there by hand, so it never changes.
pub(super) const CALLBACK: &str = "/connect/callback";
/// Where the page goes on.
const CHANNELS_PAGE: &str = "/settings/channels";

/// A sign-in that has begun.
#[derive(Serialize, ToSchema)]
pub(super) struct SigninBegun {
    id: Uuid,
    /// The platform's page: send the browser there. It counts for ten minutes, once, in this session.
    url: String,
}

/// What is to be different about a channel that is signed in again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignAgain {
    /// Settings by field; what is left out stays.
    #[serde(default)]
    settings: BTreeMap<String, Option<String>>,
}

/// How far a sign-in has come.
#[derive(Serialize, ToSchema)]
pub(super) struct SigninProgress {
    id: Uuid,
    /// Away on the platform's page, back and being opened, choosing an account, connected, or failed.
    #[schema(inline)]
    stage: Stage,
    /// Why it came to nothing, in words.
    why: Option<String>,
    /// The channel that was signed in again, or that came of it.
    channel_id: Option<Uuid>,
    /// What is chosen ("Page"), while there is a choice.
    what: Option<&'static str>,
    /// The accounts to choose from.
    choices: Vec<SigninChoice>,
}

/// An account that a sign-in opened.
#[derive(Serialize, ToSchema)]
pub(super) struct SigninChoice {
    /// The platform's id for it.
    id: String,
    /// As a person knows it.
    name: String,
}

/// One of the accounts that a sign-in opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    /// Its id.
    account: String,
}

/// Connect an account by signing it in
#[utoipa::path(post, path = "/signins", operation_id = "beginSignin", tag = "channels", request_body = NewChannel,
    responses((status = 201, description = "Where to go", body = SigninBegun)))]
pub(super) async fn begin(
    State(http): State<Http>,
    SignedIn(me): SignedIn,
    headers: HeaderMap,
    Json(new): Json<NewChannel>,
) -> Result<(StatusCode, Json<SigninBegun>)> {
    let NewChannel { kind, name, desk_id, settings, schedule } = new;
    leave(&http, &me, &headers, What::New { kind, name, desk_id, settings, schedule }).await
}

/// Sign a channel in again
///
/// It goes on from where it stopped, if the sign-in opens the same account.
#[utoipa::path(post, path = "/channels/{id}/signin", operation_id = "signChannelIn", tag = "channels",
    params(("id" = Uuid, Path, description = "The channel")), request_body = SignAgain,
    responses((status = 201, description = "Where to go", body = SigninBegun)))]
pub(super) async fn again(
    State(http): State<Http>,
    SignedIn(me): SignedIn,
    headers: HeaderMap,
    Path(channel): Path<Uuid>,
    Json(SignAgain { settings }): Json<SignAgain>,
) -> Result<(StatusCode, Json<SigninBegun>)> {
    leave(&http, &me, &headers, What::Again { channel, settings }).await
}

/// How far a sign-in has come
#[utoipa::path(get, path = "/signins/{id}", operation_id = "readSignin", tag = "channels",
    params(("id" = Uuid, Path, description = "The sign-in")),
    responses((status = 200, description = "For the session that began it", body = SigninProgress)))]
pub(super) async fn read(
    State(http): State<Http>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<SigninProgress>> {
    let by = by(&me)?;
    Ok(Json(signin::progress(&http.app.roster, by, id).await?.into()))
}

/// Choose one of the accounts that a sign-in opened
#[utoipa::path(put, path = "/signins/{id}/choice", operation_id = "chooseAccount", tag = "channels",
    params(("id" = Uuid, Path, description = "The sign-in")), request_body = Chosen,
    responses((status = 200, description = "What came of it", body = SigninProgress)))]
pub(super) async fn choose(
    State(http): State<Http>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Chosen { account }): Json<Chosen>,
) -> Result<Json<SigninProgress>> {
    let by = by(&me)?;
    Ok(Json(signin::choose(&http.app.roster, by, id, &account).await?.into()))
}

/// What platforms send back along (RFC 6749 section 4.1.2).
#[derive(Deserialize)]
pub(super) struct Brought {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Somebody comes back from a platform's page. Always ends on a page of ours that says how it went.
pub(super) async fn come_back(
    State(http): State<Http>,
    headers: HeaderMap,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> impl IntoResponse {
    let lost = || Redirect::to(&format!("{CHANNELS_PAGE}?signin=lost"));
    let Ok(me) = signed_in(&http, &headers).await else { return lost() };
    let Ok(by) = by(&me) else { return lost() };
    let brought = brought(query.as_deref().unwrap_or_default());
    let with = match (brought.code, brought.error) {
        (Some(code), None) => Ok(code.into()),
        (_, error) => Err(refusal(error.as_deref(), brought.error_description.as_deref())),
    };
    let roster = http.app.roster.clone();
    // A code works once: a browser that goes away must not take with it what it was changed for.
    let ended = tokio::spawn(async move { signin::come_back(&roster, by, &brought.state, with).await });
    match ended.await {
        Ok(Ok(Some(id))) => Redirect::to(&format!("{CHANNELS_PAGE}?signin={id}")),
        Ok(Ok(None)) => lost(),
        Ok(Err(error)) => {
            tracing::error!(%error, "what a sign-in brought back could not be kept");
            lost()
        }
        Err(error) => {
            tracing::error!(%error, "a sign-in broke off");
            lost()
        }
    }
}

/// Read by hand: whatever else a platform adds is its own business.
fn brought(query: &str) -> Brought {
    let mut all: BTreeMap<String, String> =
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Brought {
        state: all.remove("state").unwrap_or_default(),
        code: all.remove("code").filter(|code| !code.is_empty()),
        error: all.remove("error"),
        error_description: all.remove("error_description"),
    }
}

fn refusal(error: Option<&str>, described: Option<&str>) -> String {
    match error {
        Some("access_denied") => {
            "The sign-in was refused or cancelled on the platform's page. Nothing was changed; start again when you like."
                .to_owned()
        }
        Some("temporarily_unavailable" | "server_error") => {
            "The platform's sign-in is out of order just now. Nothing was changed; start again in a while.".to_owned()
        }
        Some(error) => {
            let said: String = described.unwrap_or(error).chars().take(300).collect();
            format!("The platform refused the sign-in: {said} Nothing was changed.")
        }
        None => "The platform sent nobody's sign-in back. Nothing was changed; start again.".to_owned(),
    }
}

/// Where platforms send people back to, as the browser that asks sees us.
pub(super) fn callback_url(http: &Http, headers: &HeaderMap) -> Result<String> {
    let base = match &http.app.config.public_url {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        None => {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            let host = host.ok_or_else(|| Problem::unreadable("The header `Host` is missing."))?;
            format!("http://{host}")
        }
    };
    Ok(format!("{base}{CALLBACK}"))
}

async fn leave(
    http: &Http,
    me: &session::SignedIn,
    headers: &HeaderMap,
    what: What,
) -> Result<(StatusCode, Json<SigninBegun>)> {
    let by = by(me)?;
    let (id, url) = signin::begin(&http.app.roster, by, what, callback_url(http, headers)?).await?;
    Ok((StatusCode::CREATED, Json(SigninBegun { id, url })))
}

fn by(me: &session::SignedIn) -> Result<By> {
    require(&me.who, Role::Admin)?;
    let session = me.session.ok_or_else(|| {
        Error::Invalid(
            "An account is signed in by a person in a browser; a token cannot do it. Open the page under Channels."
                .to_owned(),
        )
    })?;
    Ok(By { session, staff: me.who.staff_id })
}

impl From<Progress> for SigninProgress {
    fn from(of: Progress) -> Self {
        Self {
            id: of.id,
            stage: of.stage,
            why: of.why,
            channel_id: of.channel,
            what: of.what,
            choices: of.choices.into_iter().map(|(id, name)| SigninChoice { id, name }).collect(),
        }
    }
}
