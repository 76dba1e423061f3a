//! `/held`: what came in and is no conversation.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cursor;
use super::frames::source;
use super::input::{Json, List, Path, Query};
use super::problem::Result;
use super::session::SignedIn;
use super::time::Time;
use crate::app::App;
use crate::error::Error;
use crate::inbound::blocked;
use crate::store::envelopes::{self, Envelope};

const LIST: &str = "held";

/// Which of them.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only by this channel.
    channel: Option<Uuid>,
    /// At most so many, 1 to 200; 50 when it is left out.
    limit: Option<usize>,
    /// `next` of the answer before.
    cursor: Option<String>,
}

/// One thing that is held.
#[derive(Serialize, ToSchema)]
pub(super) struct Held {
    id: Uuid,
    /// By which channel it came.
    channel_id: Uuid,
    /// When.
    received_at: Time,
    /// Why, as a stable word: `automatic`, `bounce`, `unreadable`, `blocked`.
    reason: String,
    /// Why, as a sentence.
    why: String,
    /// Who sent it, where that can be read.
    from: Option<String>,
    /// What it calls itself, where that can be read.
    subject: Option<String>,
    /// Bytes.
    size: i64,
}

impl From<Envelope> for Held {
    fn from(row: Envelope) -> Self {
        Self {
            id: row.id,
            channel_id: row.channel_id,
            received_at: Time(row.received_at),
            reason: row.held.unwrap_or_default(),
            why: row.held_why.unwrap_or_default(),
            from: row.held_from,
            subject: row.held_subject,
            size: row.size,
        }
    }
}

/// What is held
#[utoipa::path(get, path = "/held", operation_id = "listHeld", tag = "held", params(Asked),
    responses((status = 200, description = "Newest first", body = List<Held>)))]
pub(super) async fn list(
    State(app): State<App>,
    _: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Json<List<Held>>> {
    let limit = cursor::limit(asked.limit)?;
    let after = cursor::read(LIST, asked.cursor.as_deref())?;
    let mut rows = {
        let mut conn = app.db.read().await?;
        envelopes::held(&mut conn, asked.channel, i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1, after)
            .await?
    };
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| cursor::write(LIST, &(last.received_at, last.id)));
    Ok(Json(List { items: rows.into_iter().map(Held::from).collect(), next }))
}

/// Where what was held is now.
#[derive(Serialize, ToSchema)]
pub(super) struct Released {
    /// The conversation it joined or began.
    conversation_id: Uuid,
}

/// Let in what is held because its writer was blocked
///
/// It is read again from what was kept and filed at the time it has: its patron waits since then. Nothing is said in answer by
/// itself. 409 `/problems/changed` when somebody else has let it in; 422 when it is held for another reason or cannot be read
/// again.
#[utoipa::path(post, path = "/held/{id}/release", operation_id = "releaseHeld", tag = "held",
    params(("id" = Uuid, Path, description = "What is held")),
    responses((status = 200, description = "It is in a conversation", body = Released)))]
pub(super) async fn release(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Released>> {
    Ok(Json(Released { conversation_id: blocked::let_in(&app, &me.who, id).await? }))
}

/// What is held, as it came
#[utoipa::path(get, path = "/held/{id}/original", operation_id = "readHeldOriginal", tag = "held",
    params(("id" = Uuid, Path, description = "What is held")),
    responses((status = 200, description = "Its source", content_type = "text/plain", body = String)))]
pub(super) async fn original(State(app): State<App>, _: SignedIn, Path(id): Path<Uuid>) -> Result<Response> {
    let envelope = {
        let mut conn = app.db.read().await?;
        envelopes::by_id(&mut conn, id).await?.filter(|envelope| envelope.held.is_some())
    };
    source(&app, envelope.ok_or(Error::Missing("held message"))?).await
}
