//! `/channels/{id}`: connecting, changing, switching off and on, testing again, taking away. For admins, but for the test.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use connectors::contract::{Settings, Value};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::input::{Json, Path};
use super::super::problem::Result;
use super::super::session::SignedIn;
use super::{Channel, one};
use crate::access::require;
use crate::app::App;
use crate::channel::change::{self, Changes, Told};
use crate::channel::connect::{self, Wanted};
use crate::error::Error;
use crate::model::people::Role;

/// An account to connect.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewChannel {
    /// The connector's name, as `/channels/kinds` lists them.
    pub kind: String,
    /// As staff will call it.
    pub name: String,
    /// Where its conversations land.
    pub desk_id: Uuid,
    /// What the connector asks for, by field.
    #[serde(default)]
    pub settings: BTreeMap<String, Option<String>>,
    /// How often it is read: `30s`, `5m`, or five cron fields; left out: as the platform suggests.
    #[serde(default)]
    pub schedule: Option<String>,
}

/// What is to be different; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ChangedChannel {
    /// As staff call it.
    #[serde(default)]
    name: Option<String>,
    /// Where its conversations land.
    #[serde(default)]
    desk_id: Option<Uuid>,
    /// How often it is read; null: as the platform suggests.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    schedule: Option<Option<String>>,
    /// How long an answer can be taken back; null: as the platform suggests.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    undo_hold_ms: Option<Option<i64>>,
    /// The most it may use up in a day, in millionths of its platform's currency; null: no limit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>)]
    budget_micros: Option<Option<i64>>,
    /// Settings by field; null or empty: as if it had never been given.
    #[serde(default)]
    settings: BTreeMap<String, Option<String>>,
}

/// What a channel was told. Secrets are named and never shown.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ChannelSettings {
    id: Uuid,
    /// The connector's name.
    kind: String,
    /// As staff call it.
    name: String,
    /// Where its conversations land.
    desk_id: Uuid,
    /// How often it is read; null: as the platform suggests.
    schedule: Option<String>,
    /// How long an answer can be taken back; null: as the platform suggests.
    undo_hold_ms: Option<i64>,
    /// The most it may use up in a day, in millionths of its platform's currency; null: no limit.
    budget_micros: Option<i64>,
    /// What was given, by field, but for the secrets.
    settings: BTreeMap<String, String>,
    /// Which secrets are kept.
    secrets: Vec<String>,
}

/// What the platform said when it was asked again.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Checks {
    /// Whether all of it is in order.
    passed: bool,
    /// In the order of asking.
    items: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Check {
    /// What.
    name: String,
    /// Whether it is in order.
    passed: bool,
    /// What was seen; where it is not in order, what to do.
    detail: String,
}

/// Connect an account
///
/// The platform is asked first, and nothing is kept of an account that it does not open. An account that is signed in on
/// a page of the platform's is connected by `POST /signins`.
#[utoipa::path(post, path = "/channels", operation_id = "connectChannel", tag = "channels", request_body = NewChannel,
    responses((status = 201, description = "It is connected", body = Channel)))]
pub(in crate::http) async fn connect(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(new): Json<NewChannel>,
) -> Result<(StatusCode, Json<Channel>)> {
    require(&me.who, Role::Admin)?;
    let manifest = app.roster.manifest(&new.kind).ok_or(Error::Missing("kind of channel"))?;
    let wanted = Wanted {
        settings: change::told(manifest, &new.settings, &Settings::new())?,
        kind: new.kind,
        name: new.name,
        desk_id: new.desk_id,
        schedule: new.schedule,
        signin: None,
        signin_ends_at: None,
    };
    let (row, _) = connect::add(&app.roster, wanted).await?;
    Ok((StatusCode::CREATED, shown(&app, row.id).await?))
}

/// Change a channel
///
/// Other settings count only if the platform opens the same account for them; it goes on from where it stopped.
#[utoipa::path(patch, path = "/channels/{id}", operation_id = "changeChannel", tag = "channels",
    params(("id" = Uuid, Path, description = "The channel")), request_body = ChangedChannel,
    responses((status = 200, description = "As it is now", body = Channel)))]
pub(in crate::http) async fn change(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(to): Json<ChangedChannel>,
) -> Result<Json<Channel>> {
    require(&me.who, Role::Admin)?;
    let ChangedChannel { name, desk_id, schedule, undo_hold_ms, budget_micros, settings } = to;
    let changes =
        Changes { name, desk_id, schedule, undo_hold_ms, budget_micros, settings: Told::from(settings) };
    change::change(&app.roster, id, changes).await?;
    shown(&app, id).await
}

/// What a channel was told
#[utoipa::path(get, path = "/channels/{id}/settings", operation_id = "readChannelSettings", tag = "channels",
    params(("id" = Uuid, Path, description = "The channel")),
    responses((status = 200, description = "Everything but its secrets", body = ChannelSettings)))]
pub(in crate::http) async fn settings(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<ChannelSettings>> {
    require(&me.who, Role::Admin)?;
    let (row, all) = change::settings(&app.roster, id).await?;
    let (mut settings, mut secrets) = (BTreeMap::new(), Vec::new());
    for (name, value) in all.iter() {
        match value {
            Value::Plain(text) => drop(settings.insert(name.to_owned(), text.clone())),
            Value::Secret(_) => secrets.push(name.to_owned()),
        }
    }
    Ok(Json(ChannelSettings {
        id: row.id,
        kind: row.kind,
        name: row.name,
        desk_id: row.desk_id,
        schedule: row.schedule,
        undo_hold_ms: row.undo_hold_ms,
        budget_micros: row.budget_micros,
        settings,
        secrets,
    }))
}

/// Take a channel away
///
/// Its secrets go; its conversations stay.
#[utoipa::path(delete, path = "/channels/{id}", operation_id = "removeChannel", tag = "channels",
    params(("id" = Uuid, Path, description = "The channel")),
    responses((status = 204, description = "It is gone")))]
pub(in crate::http) async fn remove(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    require(&me.who, Role::Admin)?;
    connect::remove(&app.roster, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switch a channel off
///
/// It is neither read nor answered from until it is switched on again; nothing is lost meanwhile.
#[utoipa::path(put, path = "/channels/{id}/pause", operation_id = "pauseChannel", tag = "channels",
    params(("id" = Uuid, Path, description = "The channel")),
    responses((status = 200, description = "As it is now", body = Channel)))]
pub(in crate::http) async fn pause(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Channel>> {
    require(&me.who, Role::Admin)?;
    change::pause(&app.roster, id).await?;
    shown(&app, id).await
}

/// Switch a channel on again
///
/// It catches up from where it stopped.
#[utoipa::path(delete, path = "/channels/{id}/pause", operation_id = "resumeChannel", tag = "channels",
    params(("id" = Uuid, Path, description = "The channel")),
    responses((status = 200, description = "As it is now", body = Channel)))]
pub(in crate::http) async fn resume(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Channel>> {
    require(&me.who, Role::Admin)?;
    change::resume(&app.roster, id).await?;
    shown(&app, id).await
}

/// Test a channel again
///
/// The platform is asked who we are there and what it lets us do. Whatever it says is the answer, also that it does not
/// let us in.
#[utoipa::path(post, path = "/channels/{id}/checks", operation_id = "checkChannel", tag = "channels",
    params(("id" = Uuid, Path, description = "The channel")),
    responses((status = 200, description = "What was found", body = Checks)))]
pub(in crate::http) async fn check(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Checks>> {
    require(&me.who, Role::Staff)?;
    let (row, _) = change::settings(&app.roster, id).await?;
    let redacted = |text: &str| app.roster.redacted(&row, text);
    let items = match connect::check(&app.roster, id).await {
        Ok(probe) if probe.checks.is_empty() => vec![Check {
            name: "Open the account".to_owned(),
            passed: true,
            detail: format!("The platform knows us as {}.", probe.address),
        }],
        Ok(probe) => probe
            .checks
            .into_iter()
            .map(|check| Check { name: check.name, passed: check.passed, detail: redacted(&check.detail) })
            .collect(),
        Err(Error::Platform(failure)) => vec![Check {
            name: "Open the account".to_owned(),
            passed: false,
            detail: redacted(&failure.to_string()),
        }],
        Err(error) => return Err(error.into()),
    };
    Ok(Json(Checks { passed: items.iter().all(|item| item.passed), items }))
}

async fn shown(app: &App, id: Uuid) -> Result<Json<Channel>> {
    Ok(Json(one(app, id).await?.ok_or(Error::Missing("channel"))?))
}

/// Tells null, which is said, from nothing.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> std::result::Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}
