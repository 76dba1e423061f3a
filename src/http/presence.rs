//! `/presence`, `/me/presence` and `/conversations/{id}/presence`: who is there, and who is at which conversation.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path};
use super::problem::{Problem, Result};
use super::session::SignedIn;
use crate::app::App;
use crate::conversation::presence;
use crate::model;
use crate::model::Millis;
use crate::model::viewing::{BEAT_MS, Everybody};

/// Who is there.
#[derive(Serialize, ToSchema)]
pub(super) struct Presence {
    /// Those who are not away.
    people: Vec<There>,
    /// Who is at which conversation.
    viewing: Vec<Viewing>,
    /// Ask again after so many milliseconds.
    again_in_ms: i64,
}

/// Somebody who is not away.
#[derive(Serialize, ToSchema)]
pub(super) struct There {
    staff_id: Uuid,
    /// What they said last: `at_desk` or `helping`.
    #[schema(inline)]
    presence: model::presence::Presence,
}

/// Somebody at a conversation.
#[derive(Serialize, ToSchema)]
pub(super) struct Viewing {
    conversation_id: Uuid,
    staff_id: Uuid,
    /// How much longer this counts unless they say it again.
    left_ms: i64,
    /// How much longer they count as replying; 0: they only look.
    replying_left_ms: i64,
}

/// How one is there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Saying {
    /// `at_desk`, `helping` or `away`.
    #[schema(inline)]
    presence: model::presence::Presence,
}

/// What one does there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Looked {
    /// Milliseconds since the caller last changed their answer; left out where they only look.
    wrote_ago_ms: Option<i64>,
}

impl Presence {
    /// As it still counts at this moment.
    pub(super) fn of(everybody: &Everybody, now: Millis) -> Self {
        let there = |(staff_id, presence): &(Uuid, _)| There { staff_id: *staff_id, presence: *presence };
        let viewing = |one: &model::viewing::Viewing| Viewing {
            conversation_id: one.conversation_id,
            staff_id: one.staff_id,
            left_ms: one.left_ms(now),
            replying_left_ms: one.replying_left_ms(now),
        };
        Self {
            people: everybody.people.iter().map(there).collect(),
            viewing: everybody.viewings.iter().map(viewing).filter(|one| one.left_ms > 0).collect(),
            again_in_ms: BEAT_MS,
        }
    }
}

/// Who is there
///
/// A person whose page has told nothing for ten minutes is away, and so is who is signed out.
#[utoipa::path(get, path = "/presence", operation_id = "readPresence", tag = "people",
    responses((status = 200, description = "Who is there, and at which conversation", body = Presence)))]
pub(super) async fn look(State(app): State<App>, _: SignedIn) -> Result<Json<Presence>> {
    Ok(shown(&app, &*presence::look(&app).await?))
}

/// Say whether I am there
///
/// What somebody has who is away goes back to the queue a quarter of an hour of open time before its answer is due, unless
/// they are replying. Signing in says `at_desk` again.
#[utoipa::path(put, path = "/me/presence", operation_id = "sayPresence", tag = "people", request_body = Saying,
    responses((status = 200, description = "Who is there now", body = Presence)))]
pub(super) async fn say(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(Saying { presence }): Json<Saying>,
) -> Result<Json<Presence>> {
    Ok(shown(&app, &*presence::say(&app, &me.who, presence).await?))
}

/// Say that I look at a conversation
///
/// Repeated each `again_in_ms` while the page can be seen; counts for 40 seconds. Who changed their answer less than 20
/// seconds ago is replying. Nobody is kept from anything by it.
#[utoipa::path(put, path = "/conversations/{id}/presence", operation_id = "view", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = Looked,
    responses((status = 200, description = "Who is there now", body = Presence)))]
pub(super) async fn view(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Looked { wrote_ago_ms }): Json<Looked>,
) -> Result<Json<Presence>> {
    if wrote_ago_ms.is_some_and(|ago| ago < 0) {
        return Err(Problem::invalid("`wrote_ago_ms` lies in the future. Nothing was changed."));
    }
    Ok(shown(&app, &*presence::view(&app, &me.who, id, wrote_ago_ms).await?))
}

/// Say that I look at a conversation no more
#[utoipa::path(delete, path = "/conversations/{id}/presence", operation_id = "leave", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 204, description = "Nobody sees you there")))]
pub(super) async fn leave(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    presence::leave(&app, &me.who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(app: &App, everybody: &Everybody) -> Json<Presence> {
    Json(Presence::of(everybody, app.clock.now()))
}
