//! `/webhooks`: other programs that are told what happens here. For admins.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, List, Path};
use super::problem::Result;
use super::session::SignedIn;
use super::time::Time;
use crate::access::require;
use crate::app::App;
use crate::model;
use crate::model::event::Kind;
use crate::model::people::Role;
use crate::store::webhooks;
use crate::webhook::{self, Wanted};

/// An address to register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWebhook {
    /// Where to call: `https://…`.
    url: String,
    /// The kinds of events wanted; left out or empty: all of them.
    #[serde(default)]
    #[schema(inline)]
    events: Vec<Kind>,
    /// Whether the calls also tell what patrons and staff wrote to each other. Notes are never told.
    #[serde(default)]
    with_text: bool,
}

/// An address that is called.
#[derive(Serialize, ToSchema)]
pub(super) struct Webhook {
    /// Its id.
    id: Uuid,
    /// Where it is called.
    url: String,
    /// The kinds of events wanted; empty: all of them.
    events: Vec<String>,
    /// Whether the calls also tell what was written.
    with_text: bool,
    /// When it was registered.
    created_at: Time,
    /// The last event that it was told, or did not want.
    seq: i64,
    /// When it last took something.
    last_success_at: Option<Time>,
    /// Since when it has taken nothing; null: all is well.
    failing_since: Option<Time>,
    /// Since when it is called no more; null: it is called.
    off_since: Option<Time>,
    /// Why, in words.
    off_why: Option<String>,
}

/// An address that was just registered.
#[derive(Serialize, ToSchema)]
pub(super) struct Registered {
    /// The address.
    webhook: Webhook,
    /// What its calls are signed with. It is shown this once.
    secret: String,
}

/// How one call went.
#[derive(Serialize, ToSchema)]
pub(super) struct Attempt {
    /// Its id.
    id: Uuid,
    /// The event that was told; null: a test.
    seq: Option<i64>,
    /// What it was: an event's kind, or `test`.
    kind: String,
    /// When.
    at: Time,
    /// How long it took.
    took_ms: i64,
    /// What was answered.
    status: Option<i64>,
    /// Why it does not count; null: it was taken.
    why: Option<String>,
}

/// What to call with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Call {
    /// The call to repeat, under its event's same id; left out: a test.
    #[serde(default)]
    again: Option<Uuid>,
}

impl From<model::webhook::Webhook> for Webhook {
    fn from(row: model::webhook::Webhook) -> Self {
        Self {
            id: row.id,
            url: row.url,
            events: row.kinds.split_whitespace().map(str::to_owned).collect(),
            with_text: row.with_text,
            created_at: Time(row.created_at),
            seq: row.seq,
            last_success_at: row.last_success_at.map(Time),
            failing_since: row.failing_since.map(Time),
            off_since: row.off_since.map(Time),
            off_why: row.off_why,
        }
    }
}

impl From<model::webhook::Attempt> for Attempt {
    fn from(row: model::webhook::Attempt) -> Self {
        let model::webhook::Attempt { id, seq, kind, at, took_ms, status, why, .. } = row;
        Self { id, seq, kind, at: Time(at), took_ms, status, why }
    }
}

/// Every webhook
#[utoipa::path(get, path = "/webhooks", operation_id = "listWebhooks", tag = "webhooks",
    responses((status = 200, description = "The oldest first", body = List<Webhook>)))]
pub(super) async fn list(State(app): State<App>, SignedIn(me): SignedIn) -> Result<Json<List<Webhook>>> {
    require(&me.who, Role::Admin)?;
    let rows = webhooks::all(&mut app.db.read().await?).await?;
    Ok(List::whole(rows.into_iter().map(Webhook::from).collect()))
}

/// Register a webhook
///
/// Every event from now on is posted to it as JSON, in order, at least once. A call is signed as Standard Webhooks say:
/// `webhook-signature` is `v1,` and the base64 of an HMAC-SHA256 over `webhook-id.webhook-timestamp.body` by the secret
/// (base64 after `whsec_`). Whatever is not answered with 2xx is told again for 72 hours.
#[utoipa::path(post, path = "/webhooks", operation_id = "registerWebhook", tag = "webhooks", request_body = NewWebhook,
    responses((status = 201, description = "It is registered", body = Registered)))]
pub(super) async fn register(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(new): Json<NewWebhook>,
) -> Result<(StatusCode, Json<Registered>)> {
    require(&me.who, Role::Admin)?;
    let wanted = Wanted { url: new.url, kinds: new.events, with_text: new.with_text };
    let (row, secret) = webhook::register(&app, wanted).await?;
    Ok((StatusCode::CREATED, Json(Registered { webhook: row.into(), secret })))
}

/// Take a webhook away
#[utoipa::path(delete, path = "/webhooks/{id}", operation_id = "removeWebhook", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook")),
    responses((status = 204, description = "It is gone")))]
pub(super) async fn remove(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    require(&me.who, Role::Admin)?;
    webhook::remove(&app, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switch a webhook off
#[utoipa::path(put, path = "/webhooks/{id}/pause", operation_id = "pauseWebhook", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook")),
    responses((status = 200, description = "It is called no more", body = Webhook)))]
pub(super) async fn pause(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Webhook>> {
    require(&me.who, Role::Admin)?;
    Ok(Json(webhook::pause(&app, id, &me.who.name).await?.into()))
}

/// Switch a webhook on
///
/// It is told everything that happened meanwhile.
#[utoipa::path(delete, path = "/webhooks/{id}/pause", operation_id = "resumeWebhook", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook")),
    responses((status = 200, description = "It is called again", body = Webhook)))]
pub(super) async fn resume(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Webhook>> {
    require(&me.who, Role::Admin)?;
    Ok(Json(webhook::resume(&app, id).await?.into()))
}

/// How the latest calls went
#[utoipa::path(get, path = "/webhooks/{id}/attempts", operation_id = "listAttempts", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook")),
    responses((status = 200, description = "The newest first, at most a hundred", body = List<Attempt>)))]
pub(super) async fn attempts(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<List<Attempt>>> {
    require(&me.who, Role::Admin)?;
    let rows = webhooks::attempts(&mut app.db.read().await?, id).await?;
    Ok(List::whole(rows.into_iter().map(Attempt::from).collect()))
}

/// Call a webhook once: a test, or what was sent before
#[utoipa::path(post, path = "/webhooks/{id}/attempts", operation_id = "callWebhook", tag = "webhooks",
    params(("id" = Uuid, Path, description = "The webhook")), request_body = Call,
    responses((status = 200, description = "How it went", body = Attempt)))]
pub(super) async fn call(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(call): Json<Call>,
) -> Result<Json<Attempt>> {
    require(&me.who, Role::Admin)?;
    let went = match call.again {
        Some(attempt) => webhook::resend(&app, id, attempt).await?,
        None => webhook::test(&app, id).await?,
    };
    Ok(Json(went.into()))
}
