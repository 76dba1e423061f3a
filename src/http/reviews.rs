//! `/reviews` and `/conversations/{id}/reviews`: answers that somebody else looks through before they leave.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, List, Path};
use super::messages::{Message, shown};
use super::problem::Result;
use super::replies::with_what_is_new;
use super::session::SignedIn;
use super::time::Time;
use super::uploads::Upload;
use crate::app::App;
use crate::model;
use crate::outbound;
use crate::outbound::review::{self, Approving, Waiting};

/// An answer that waits to be looked through.
#[derive(Serialize, ToSchema)]
pub(super) struct Review {
    id: Uuid,
    conversation_id: Uuid,
    /// Who wrote it.
    author_id: Uuid,
    /// The same in words.
    author_name: String,
    /// Whom they asked by name; null: anybody.
    reviewer_id: Option<Uuid>,
    text: String,
    subject: Option<String>,
    /// The conversation is done with it.
    done: bool,
    /// The files that wait with it.
    files: Vec<Upload>,
    asked_at: Time,
    /// Its number in the history when it was written: what is newer its author has not seen.
    seen: i64,
    /// `open`, `approved`, `returned` or `taken_back`.
    #[schema(inline)]
    state: model::review::State,
    /// With which word it was returned.
    word: Option<String>,
}

impl From<Waiting> for Review {
    fn from((row, files): Waiting) -> Self {
        Self {
            id: row.id,
            conversation_id: row.conversation_id,
            author_id: row.author_id,
            author_name: row.author_name,
            reviewer_id: row.reviewer_id,
            text: row.text,
            subject: row.subject,
            done: row.done,
            files: files.into_iter().map(Upload::from).collect(),
            asked_at: Time(row.asked_at),
            seen: row.seen,
            state: row.state,
            word: row.word,
        }
    }
}

/// An answer to be looked through.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReview {
    /// Plain text.
    text: String,
    /// `seen` of the conversation as the writer last saw it.
    seen: i64,
    /// The address to answer to; the first of `ways` when it is left out.
    way: Option<Uuid>,
    /// The subject, where the writer changed it.
    subject: Option<String>,
    /// Done with this answer, when it leaves.
    #[serde(default)]
    done: bool,
    /// Although something new was said.
    #[serde(default)]
    anyway: bool,
    /// Help in what somebody else has, after being asked: it stays theirs.
    #[serde(default)]
    helps: bool,
    /// Files that were added before (`/uploads`), in their order.
    #[serde(default)]
    files: Vec<Uuid>,
    /// Who is asked by name; null: anybody.
    reviewer: Option<Uuid>,
    /// Made by the caller, the same when it asks again after a lost answer: it is kept once.
    key: Option<Uuid>,
}

/// An approval.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Approval {
    /// Other words in place of its author's; null: as it is.
    text: Option<String>,
    /// `seen` of the conversation as whoever approves it last saw it.
    seen: i64,
    /// Although something was said since it was written.
    #[serde(default)]
    anyway: bool,
}

/// Why it goes back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Returning {
    /// What its author should look at.
    word: String,
}

/// Whether somebody's answers are looked through.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reviewing {
    /// Nothing of theirs leaves before somebody else has approved it.
    reviewed: bool,
}

/// Have an answer looked through
///
/// It waits, and the patron with it: it is no message until somebody approves it. Anybody may ask for that; whose answers are
/// looked through must. A conversation that nobody has becomes the writer's. One for each writer waits in a conversation at a
/// time. The problems are those of a reply.
#[utoipa::path(post, path = "/conversations/{id}/reviews", operation_id = "askReview", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = NewReview,
    responses((status = 201, description = "It waits", body = Review)))]
pub(super) async fn ask(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(new): Json<NewReview>,
) -> Result<(StatusCode, Json<Review>)> {
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
    match review::ask(&app, &me.who, id, reply, new.reviewer).await {
        Ok(row) => Ok((StatusCode::CREATED, Json(with_files(&app, row).await?))),
        Err(error) => Err(with_what_is_new(&app, error).await?),
    }
}

/// What waits to be looked through
#[utoipa::path(get, path = "/reviews", operation_id = "listReviews", tag = "conversations",
    responses((status = 200, description = "Anywhere, the oldest first, 200 at most", body = List<Review>)))]
pub(super) async fn list(State(app): State<App>, _: SignedIn) -> Result<Json<List<Review>>> {
    Ok(List::whole(review::list(&app).await?.into_iter().map(Review::from).collect()))
}

/// Approve an answer
///
/// It leaves in its author's name when the undo hold is over, as it is or with other words; both names are kept. 409
/// `/problems/newer` with what was said since it was written, or since `seen`; 409 `/problems/changed` when it waits no more; 403
/// `/problems/cannot-review` for its author and for whoever's own answers are looked through.
#[utoipa::path(put, path = "/reviews/{id}/approval", operation_id = "approveReview", tag = "conversations",
    params(("id" = Uuid, Path, description = "The answer that waits")), request_body = Approval,
    responses((status = 200, description = "The answer, on its way", body = Message)))]
pub(super) async fn approve(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Approval { text, seen, anyway }): Json<Approval>,
) -> Result<Json<Message>> {
    match review::approve(&app, &me.who, id, Approving { text, seen, anyway }).await {
        Ok(message) => Ok(Json(shown(&app, message).await?)),
        Err(error) => Err(with_what_is_new(&app, error).await?),
    }
}

/// Return an answer to its author
///
/// With a word; it is their draft again.
#[utoipa::path(put, path = "/reviews/{id}/return", operation_id = "returnReview", tag = "conversations",
    params(("id" = Uuid, Path, description = "The answer that waits")), request_body = Returning,
    responses((status = 200, description = "It is a draft again", body = Review)))]
pub(super) async fn send_back(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Returning { word }): Json<Returning>,
) -> Result<Json<Review>> {
    Ok(Json((review::send_back(&app, &me.who, id, &word).await?, Vec::new()).into()))
}

/// Take an answer back that waits to be looked through
///
/// For its author: it is their draft again.
#[utoipa::path(delete, path = "/reviews/{id}", operation_id = "takeReviewBack", tag = "conversations",
    params(("id" = Uuid, Path, description = "The answer that waits")),
    responses((status = 200, description = "It is a draft again", body = Review)))]
pub(super) async fn take_back(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Review>> {
    Ok(Json((review::take_back(&app, &me.who, id).await?, Vec::new()).into()))
}

/// Decide whether a person's answers are looked through
///
/// For managers. Nothing of theirs leaves before somebody else whose answers are not looked through has approved it.
#[utoipa::path(put, path = "/staff/{id}/review", operation_id = "decideReview", tag = "people",
    params(("id" = Uuid, Path, description = "The person")), request_body = Reviewing,
    responses((status = 204, description = "It counts from the next answer on")))]
pub(super) async fn decide(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Reviewing { reviewed }): Json<Reviewing>,
) -> Result<StatusCode> {
    review::decide(&app, &me.who, id, reviewed).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn with_files(app: &App, row: model::review::Review) -> Result<Review> {
    Ok(review::waiting(app, row).await?.into())
}
