//! `/blocks` and `/conversations/{id}/block`: who is kept out.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cursor;
use super::input::{Json, List, Path, Query};
use super::problem::Result;
use super::session::SignedIn;
use super::time::{Moment, Time};
use crate::app::App;
use crate::conversation::block::{self, Wanted};
use crate::inbound::blocked;
use crate::model;
use crate::model::Millis;

const LIST: &str = "blocks";

/// Somebody who is kept out, or was.
#[derive(Serialize, ToSchema)]
pub(super) struct Block {
    id: Uuid,
    /// "jo@post.example.org", "everybody at post.example.org".
    whom: String,
    /// Whether it means everybody at a domain and below.
    domain: bool,
    reason: Option<String>,
    /// The conversation in which it was decided.
    conversation_id: Option<Uuid>,
    blocked_at: Time,
    /// Who of us; null: by a command.
    blocked_by: Option<Uuid>,
    /// The same in words.
    blocked_name: String,
    /// It ends by itself then.
    until: Option<Time>,
    lifted_at: Option<Time>,
    lifted_name: Option<String>,
    /// Whether it keeps anybody out now.
    stands: bool,
    /// How many messages lie in held because of it.
    held: i64,
}

impl Block {
    pub(super) fn of(row: model::block::Block, now: Millis) -> Self {
        Self {
            id: row.id,
            whom: row.whom(),
            domain: row.is_domain(),
            stands: row.stands(now),
            reason: row.reason,
            conversation_id: row.conversation_id,
            blocked_at: Time(row.blocked_at),
            blocked_by: row.blocked_by,
            blocked_name: row.blocked_name,
            until: row.until.map(Time),
            lifted_at: row.lifted_at.map(Time),
            lifted_name: row.lifted_name,
            held: row.held,
        }
    }
}

/// Whom to keep out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewBlock {
    /// `jo@example.org`, `@example.org` for everybody there and below, `+14065550193`; with `platform` what somebody is called
    /// there.
    address: String,
    /// The platform's name, as a channel's `kind` has it.
    platform: Option<String>,
    /// It ends by itself then.
    until: Option<Moment>,
    /// Why, for colleagues.
    reason: Option<String>,
}

/// How to keep out whoever wrote last.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Blocking {
    /// Everybody at their domain and below: for leads.
    #[serde(default)]
    domain: bool,
    /// Mark the conversation as spam with that.
    #[serde(default)]
    spam: bool,
    /// It ends by itself then.
    until: Option<Moment>,
    /// Why, for colleagues.
    reason: Option<String>,
}

/// What became of what was held.
#[derive(Serialize, ToSchema)]
pub(super) struct LetIn {
    /// So many are in conversations now.
    let_in: usize,
    /// So many could not be read again and stay held.
    kept: usize,
}

/// Which part of the list.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// At most so many, 1 to 200; 50 when it is left out.
    limit: Option<usize>,
    /// `next` of the answer before.
    cursor: Option<String>,
}

/// Who is kept out, and who was
#[utoipa::path(get, path = "/blocks", operation_id = "listBlocks", tag = "held", params(Asked),
    responses((status = 200, description = "The latest first", body = List<Block>)))]
pub(super) async fn list(
    State(app): State<App>,
    _: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Json<List<Block>>> {
    let limit = cursor::limit(asked.limit)?;
    let after = cursor::read(LIST, asked.cursor.as_deref())?;
    let mut rows = block::list(&app, i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1, after).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| cursor::write(LIST, &(last.blocked_at, last.id)));
    let now = app.clock.now();
    Ok(Json(List { items: rows.into_iter().map(|row| Block::of(row, now)).collect(), next }))
}

/// Keep somebody out
///
/// What they write from now on is held with the reason `blocked`: kept, answered by nobody and by no machine. Case does not
/// count, nor what stands behind a plus in a mail address, nor how a number is grouped. The library's own people, channels and
/// their domains cannot be blocked, nor domains where very many people have their mail. Who is blocked already stays so.
#[utoipa::path(post, path = "/blocks", operation_id = "block", tag = "held", request_body = NewBlock,
    responses((status = 201, description = "They are kept out", body = Block)))]
pub(super) async fn add(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(NewBlock { address, platform, until, reason }): Json<NewBlock>,
) -> Result<(StatusCode, Json<Block>)> {
    let wanted = Wanted { until: until.map(|until| until.0), reason };
    let row = block::address(&app, &me.who, &address, platform.as_deref(), wanted).await?;
    Ok((StatusCode::CREATED, Json(Block::of(row, app.clock.now()))))
}

/// Keep somebody out no more
///
/// What was held stays held: `/blocks/{id}/release` lets it in.
#[utoipa::path(delete, path = "/blocks/{id}", operation_id = "unblock", tag = "held",
    params(("id" = Uuid, Path, description = "The block")),
    responses((status = 200, description = "They are not kept out by this any more", body = Block)))]
pub(super) async fn remove(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Block>> {
    Ok(Json(Block::of(block::lift(&app, &me.who, id).await?, app.clock.now())))
}

/// Let in everything that a block has held
///
/// Each message is read again from what was kept of it and filed at the time it has: its patron waits since then.
#[utoipa::path(post, path = "/blocks/{id}/release", operation_id = "releaseBlocked", tag = "held",
    params(("id" = Uuid, Path, description = "The block")),
    responses((status = 200, description = "What became of it", body = LetIn)))]
pub(super) async fn release(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<LetIn>> {
    let blocked::LetIn { let_in, kept } = blocked::let_all_in(&app, &me.who, id).await?;
    Ok(Json(LetIn { let_in, kept }))
}

/// Keep out whoever wrote last in a conversation
///
/// What they have written stays where it is.
#[utoipa::path(put, path = "/conversations/{id}/block", operation_id = "blockPatron", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = Blocking,
    responses((status = 200, description = "They are kept out", body = Block)))]
pub(super) async fn block_patron(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Blocking { domain, spam, until, reason }): Json<Blocking>,
) -> Result<Json<Block>> {
    let wanted = Wanted { until: until.map(|until| until.0), reason };
    let row = block::in_conversation(&app, &me.who, id, domain, spam, wanted).await?;
    Ok(Json(Block::of(row, app.clock.now())))
}

/// Keep out no more whoever wrote last in a conversation
#[utoipa::path(delete, path = "/conversations/{id}/block", operation_id = "unblockPatron", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "They are not kept out any more", body = Block)))]
pub(super) async fn unblock_patron(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Block>> {
    Ok(Json(Block::of(block::lift_in(&app, &me.who, id).await?, app.clock.now())))
}
