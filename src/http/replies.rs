//! `/conversations/{id}/replies`: an answer to the patron, and taking it back while it is held.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::claims::told_when;
use super::input::{Json, Path};
use super::messages::{Message, shown, shown_all};
use super::problem::{Newer, Problem, Result};
use super::session::SignedIn;
use super::uploads::Upload;
use crate::app::App;
use crate::error::Error;
use crate::outbound;

/// An answer to the patron.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReply {
    /// Plain text.
    text: String,
    /// `seen` of the conversation as the writer last saw it.
    seen: i64,
    /// The address to answer to; the first of `ways` when it is left out.
    way: Option<Uuid>,
    /// The subject, where the writer changed it.
    subject: Option<String>,
    /// Done with this answer.
    #[serde(default)]
    done: bool,
    /// Send although something new was said.
    #[serde(default)]
    anyway: bool,
    /// Help in what somebody else has, after being asked: it stays theirs.
    #[serde(default)]
    helps: bool,
    /// Files that were added before (`/uploads`), in their order. With them the text may be empty.
    #[serde(default)]
    files: Vec<Uuid>,
    /// Made by the caller, the same when it asks again after a lost answer: the reply is kept once.
    key: Option<Uuid>,
}

/// An answer that was taken back.
#[derive(Serialize, ToSchema)]
pub(super) struct Withdrawn {
    /// Its text, for the composer.
    text: String,
    /// Its files, as they were before.
    files: Vec<Upload>,
}

/// Answer the patron
///
/// Held for the channel's undo time, then sent. A conversation that nobody has becomes the writer's. 409
/// `/problems/newer` with what was said that the writer has not seen; 409 `/problems/claimed` with the owner when somebody
/// else has it and the library wants the writer to be asked (`helps` is the answer), 403 `/problems/owners-only` when it
/// wants nobody else to answer, and `/problems/review-first` when what the writer writes is looked through first; 422 `/problems/cannot-send` when it cannot go this way.
#[utoipa::path(post, path = "/conversations/{id}/replies", operation_id = "reply", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = NewReply,
    responses((status = 201, description = "The answer, on its way", body = Message)))]
pub(super) async fn send(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(new): Json<NewReply>,
) -> Result<(StatusCode, Json<Message>)> {
    let reply = outbound::Reply {
        text: new.text,
        seen: new.seen,
        way: new.way,
        subject: new.subject,
        anyway: new.anyway,
        helps: new.helps,
        done: new.done,
        files: new.files,
        key: new.key,
    };
    match outbound::send(&app, &me.who, id, reply).await {
        Ok(message) => Ok((StatusCode::CREATED, Json(shown(&app, message).await?))),
        Err(error) => Err(with_what_is_new(&app, error).await?),
    }
}

pub(super) async fn with_what_is_new(app: &App, error: Error) -> Result<Problem> {
    let Error::Newer { messages, events, seen } = error else { return Ok(told_when(error, app.clock.now())) };
    let bare = Problem::from(Error::Newer { messages: Vec::new(), events: Vec::new(), seen });
    let messages = shown_all(app, messages).await?;
    Ok(bare.with_newer(Newer { messages, events: events.into_iter().map(Into::into).collect() }))
}

/// Take an answer back
///
/// While it is held; 409 `/problems/already-left` after that.
#[utoipa::path(delete, path = "/conversations/{id}/replies/{message_id}", operation_id = "withdrawReply",
    tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation"), ("message_id" = Uuid, Path, description = "The answer")),
    responses((status = 200, description = "It was not sent", body = Withdrawn)))]
pub(super) async fn withdraw(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path((id, message)): Path<(Uuid, Uuid)>,
) -> Result<Json<Withdrawn>> {
    let back = outbound::withdraw(&app, &me.who, id, message).await?;
    Ok(Json(Withdrawn { text: back.text, files: back.files.into_iter().map(Upload::from).collect() }))
}
