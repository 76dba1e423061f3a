//! `/desks/{id}/away`: what a desk says by itself while it is closed.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path};
use super::problem::Result;
use super::session::SignedIn;
use super::time::Time;
use crate::access::require;
use crate::app::App;
use crate::model::people::Role;
use crate::outbound::away::{self, Setting, Shown};

/// What a desk is to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AwayText {
    /// At most 2,000 characters. `{opening}` becomes the next opening in words, `{desk}` and `{library}` their names.
    text: String,
    /// The same in at most 300 characters, for channels where `text` is more than one message.
    #[serde(default)]
    short: Option<String>,
}

/// What a desk says.
#[derive(Serialize, ToSchema)]
pub(super) struct Away {
    /// Null: it says nothing.
    text: Option<String>,
    short: Option<String>,
    changed_at: Option<Time>,
    /// "tomorrow, Tuesday, at 9 am"; null: the desk is never closed, or closed for good, and so nothing is said.
    opening: Option<String>,
    /// What each connected channel would send now.
    channels: Vec<AwayShown>,
}

/// What a channel would send.
#[derive(Serialize, ToSchema)]
pub(super) struct AwayShown {
    channel_id: Uuid,
    /// What the channel is called.
    name: String,
    /// Null: it sends nothing.
    text: Option<String>,
    /// Why it sends nothing, in words.
    why_not: Option<String>,
}

impl From<Setting> for Away {
    fn from(setting: Setting) -> Self {
        let (text, short, changed_at) = match setting.text {
            Some(text) => (Some(text.text), text.short, Some(Time(text.changed_at))),
            None => (None, None, None),
        };
        let channels = setting.shown.into_iter().map(AwayShown::from).collect();
        Self { text, short, changed_at, opening: setting.opening, channels }
    }
}

impl From<Shown> for AwayShown {
    fn from(shown: Shown) -> Self {
        let (text, why_not) = match shown.text {
            Ok(text) => (Some(text), None),
            Err(why) => (None, Some(why)),
        };
        Self { channel_id: shown.channel_id, name: shown.channel, text, why_not }
    }
}

/// What a desk says while it is closed
#[utoipa::path(get, path = "/desks/{id}/away", operation_id = "readAway", tag = "people",
    params(("id" = Uuid, Path, description = "The desk")),
    responses((status = 200, description = "What it says, if anything", body = Away)))]
pub(super) async fn read(
    State(app): State<App>,
    SignedIn(_): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Away>> {
    Ok(Json(away::read(&app, id).await?.into()))
}

/// Have a desk say something while it is closed
///
/// To whoever writes from now on: once in a conversation while the desk is closed, to nobody twice within twelve hours, never to
/// lists or machines, and never in public. It ends no wait.
#[utoipa::path(put, path = "/desks/{id}/away", operation_id = "setAway", tag = "people",
    params(("id" = Uuid, Path, description = "The desk")), request_body = AwayText,
    responses((status = 200, description = "It says so", body = Away)))]
pub(super) async fn put(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(new): Json<AwayText>,
) -> Result<Json<Away>> {
    require(&me.who, Role::Manager)?;
    Ok(Json(away::put(&app, id, &new.text, new.short.as_deref()).await?.into()))
}

/// Have a desk say nothing while it is closed
#[utoipa::path(delete, path = "/desks/{id}/away", operation_id = "clearAway", tag = "people",
    params(("id" = Uuid, Path, description = "The desk")),
    responses((status = 204, description = "It says nothing")))]
pub(super) async fn remove(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    require(&me.who, Role::Manager)?;
    away::remove(&app, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Show what a desk would say
///
/// Nothing is kept.
#[utoipa::path(post, path = "/desks/{id}/away/preview", operation_id = "previewAway", tag = "people",
    params(("id" = Uuid, Path, description = "The desk")), request_body = AwayText,
    responses((status = 200, description = "What each channel would send", body = Away)))]
pub(super) async fn preview(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(new): Json<AwayText>,
) -> Result<Json<Away>> {
    require(&me.who, Role::Manager)?;
    Ok(Json(away::preview(&app, id, &new.text, new.short.as_deref()).await?.into()))
}
