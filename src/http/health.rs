//! `/health`: that we are here, and that nothing was lost.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::Json;
use super::problem::Result;
use super::session::SignedIn;
use crate::app::App;
use crate::model::channel;
use crate::store::{channels, events, intake};

/// That we are here.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`: the store answers. `trouble`: it does, and keeps nothing new.
    status: &'static str,
    /// Why nothing new can be kept, in words; null: it is.
    why: Option<String>,
    /// Which version this is.
    version: &'static str,
}

/// What became of everything that was given: `received` = `messages` + `held` + `duplicates`.
#[derive(Serialize, ToSchema)]
pub(super) struct Intake {
    /// Everything.
    received: i64,
    /// Became messages.
    messages: i64,
    /// Held.
    held: i64,
    /// Known already.
    duplicates: i64,
    /// The same for each channel.
    channels: Vec<ChannelIntake>,
}

/// What became of everything that one channel gave.
#[derive(Serialize, ToSchema)]
pub(super) struct ChannelIntake {
    channel_id: Uuid,
    /// As staff call it.
    name: String,
    /// Everything.
    received: i64,
    /// Became messages.
    messages: i64,
    /// Held.
    held: i64,
    /// Known already.
    duplicates: i64,
}

/// Whether it runs
#[utoipa::path(get, path = "/health", operation_id = "readHealth", tag = "health", security(()),
    responses((status = 200, description = "It runs, and its store answers", body = Health)))]
pub(super) async fn alive(State(app): State<App>) -> Result<Json<Health>> {
    let mut conn = app.db.read().await?;
    events::newest(&mut conn).await?;
    let why = app.db.trouble();
    let status = if why.is_none() { "ok" } else { "trouble" };
    Ok(Json(Health { status, why, version: env!("CARGO_PKG_VERSION") }))
}

/// Whether anything was lost
#[utoipa::path(get, path = "/health/intake", operation_id = "readIntake", tag = "health",
    responses((status = 200, description = "What became of everything that was given", body = Intake)))]
pub(super) async fn intake(State(app): State<App>, _: SignedIn) -> Result<Json<Intake>> {
    let mut conn = app.db.read().await?;
    let mut whole = Intake { received: 0, messages: 0, held: 0, duplicates: 0, channels: Vec::new() };
    for counted in intake::all(&mut conn).await? {
        let name =
            channels::by_id(&mut conn, counted.channel_id).await?.map(|row| row.name).unwrap_or_default();
        let channel::Intake { received, messages, held, duplicates } = counted.counts;
        whole.received += received;
        whole.messages += messages;
        whole.held += held;
        whole.duplicates += duplicates;
        whole.channels.push(ChannelIntake {
            channel_id: counted.channel_id,
            name,
            received,
            messages,
            held,
            duplicates,
        });
    }
    Ok(Json(whole))
}
