//! `/conversations/{id}/handoffs` and `/handoffs`: a question goes to another person or desk.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::claims::told_when;
use super::input::{Json, List, Path};
use super::problem::{Problem, Result};
use super::row::Row;
use super::session::SignedIn;
use super::time::Time;
use crate::app::App;
use crate::conversation::handoff::{self, Given, To, answer};
use crate::model;
use crate::model::handoff::Reason;

/// A question handed on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewHandoff {
    /// To this person, who is asked; either this or `to_desk_id`.
    to_staff_id: Option<Uuid>,
    /// To everybody at this desk.
    to_desk_id: Option<Uuid>,
    /// Why.
    #[schema(inline)]
    reason: Reason,
    /// What the patron already told us, at most 280 characters, so that nobody asks them again.
    summary: String,
}

/// Why not now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refusing {
    /// For who handed it on, at most 280 characters.
    why: String,
}

/// A hand-off that a person has not answered yet.
#[derive(Serialize, ToSchema)]
pub(super) struct Handoff {
    id: Uuid,
    /// What is handed on.
    conversation_id: Uuid,
    /// Who hands it on.
    from_staff_id: Uuid,
    /// Who is asked.
    to_staff_id: Option<Uuid>,
    /// Why.
    #[schema(inline)]
    reason: Reason,
    /// "needs a specialist".
    reason_words: String,
    /// What the patron already told us.
    summary: String,
    /// When it was handed on.
    at: Time,
    /// Unless it is accepted until then it waits for everybody at its desk.
    falls_back_at: Option<Time>,
}

/// A hand-off with what it is about.
#[derive(Serialize, ToSchema)]
pub(super) struct Asked {
    /// What the caller is asked.
    handoff: Handoff,
    /// What about.
    conversation: Row,
}

impl From<model::handoff::Handoff> for Handoff {
    fn from(row: model::handoff::Handoff) -> Self {
        Self {
            id: row.id,
            conversation_id: row.conversation_id,
            from_staff_id: row.from_staff_id,
            to_staff_id: row.to_staff_id,
            reason: row.reason,
            reason_words: row.reason.in_words().to_owned(),
            summary: row.summary,
            at: Time(row.at),
            falls_back_at: row.falls_back_at.map(Time),
        }
    }
}

/// Hand a conversation on
///
/// To a desk: it is open and nobody's there at once. To a person: they are asked, and until they answer it is whose it was;
/// "not now", or half an hour without an answer (two minutes where the patron waits at their screen), puts it at its desk
/// for everybody. The patron's clock goes on, and who hands it on watches. 409 `/problems/claimed` when it is somebody else's and the caller is no lead.
#[utoipa::path(post, path = "/conversations/{id}/handoffs", operation_id = "handOff", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = NewHandoff,
    responses((status = 200, description = "The person is asked, or it is at the desk", body = Row)))]
pub(super) async fn give(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(new): Json<NewHandoff>,
) -> Result<Json<Row>> {
    let to = match (new.to_staff_id, new.to_desk_id) {
        (Some(person), None) => To::Person(person),
        (None, Some(desk)) => To::Desk(desk),
        _ => {
            return Err(Problem::invalid(
                "Say either `to_staff_id` or `to_desk_id`: it goes to one person or to one desk.",
            ));
        }
    };
    let given = Given { to, reason: new.reason, summary: new.summary };
    match handoff::give(&app, &me.who, id, given).await {
        Ok(row) => Ok(Json(row.into())),
        Err(error) => Err(told_when(error, app.clock.now())),
    }
}

/// What I am asked to take
#[utoipa::path(get, path = "/handoffs", operation_id = "listHandoffs", tag = "conversations",
    responses((status = 200, description = "Longest asked first", body = List<Asked>)))]
pub(super) async fn list(State(app): State<App>, SignedIn(me): SignedIn) -> Result<Json<List<Asked>>> {
    let asked = answer::asked_of(&app, &me.who).await?;
    let show = |(handoff, row): (model::handoff::Handoff, model::conversation::Conversation)| Asked {
        handoff: handoff.into(),
        conversation: row.into(),
    };
    Ok(List::whole(asked.into_iter().map(show).collect()))
}

/// Accept a hand-off
///
/// For the person who is asked. 409 `/problems/over` when it ended before.
#[utoipa::path(put, path = "/handoffs/{id}/acceptance", operation_id = "acceptHandoff", tag = "conversations",
    params(("id" = Uuid, Path, description = "The hand-off")),
    responses((status = 200, description = "It is yours", body = Row)))]
pub(super) async fn accept(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(answer::accept(&app, &me.who, id).await?.into()))
}

/// Say "not now"
///
/// For the person who is asked. It waits for everybody at its desk. 409 `/problems/over` when it ended before.
#[utoipa::path(put, path = "/handoffs/{id}/refusal", operation_id = "refuseHandoff", tag = "conversations",
    params(("id" = Uuid, Path, description = "The hand-off")), request_body = Refusing,
    responses((status = 200, description = "It is everybody's at its desk", body = Row)))]
pub(super) async fn not_now(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Refusing { why }): Json<Refusing>,
) -> Result<Json<Row>> {
    Ok(Json(answer::not_now(&app, &me.who, id, &why).await?.into()))
}

/// Take a hand-off back
///
/// Before the person has answered; for who handed it on, who has the conversation, and leads.
#[utoipa::path(delete, path = "/handoffs/{id}", operation_id = "withdrawHandoff", tag = "conversations",
    params(("id" = Uuid, Path, description = "The hand-off")),
    responses((status = 200, description = "Nobody is asked any more", body = Row)))]
pub(super) async fn withdraw(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(answer::withdraw(&app, &me.who, id).await?.into()))
}
