//! `/conversations/{id}/merge`: part of another conversation, and by itself again.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path, Query};
use super::problem::{Problem, Result};
use super::row::Row;
use super::session::SignedIn;
use super::time::Time;
use crate::app::App;
use crate::conversation::merge;
use crate::model::Millis;
use crate::model::merge::UNDONE_WITHIN_MS;
use crate::store::{Conn, conversations, merges};

/// Where it goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Merging {
    /// The conversation that it becomes part of.
    into: Uuid,
    /// That these are two people's conversations is known, and wanted.
    #[serde(default)]
    two_patrons: bool,
}

/// Where it would go.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Into {
    /// The conversation that it would become part of: its id, or its number as in `Q-20417`.
    into: String,
}

/// What would come of a merge.
#[derive(Serialize, ToSchema)]
pub(super) struct MergePreview {
    /// Where it would go: what was named, or what that became part of.
    into: Row,
    /// "3 messages of Q-20418 join Q-20417".
    words: String,
    /// Whose conversations these are, where they are two people's: `two_patrons` must be said then.
    patrons: Option<Vec<String>>,
}

/// A conversation that is part of another one since.
#[derive(Serialize, ToSchema)]
pub(super) struct Merged {
    /// Its id.
    id: Uuid,
    /// Shown as `Q-20418`.
    number: i64,
    /// Since when.
    at: Time,
    /// The line of the history that says so here.
    seq: i64,
    /// Until when that can be undone.
    undo_until: Time,
}

/// What became part of a conversation, in the order in which it did.
pub(super) async fn merged(conn: &mut Conn, into: Uuid) -> Result<Vec<Merged>> {
    let mut all = Vec::new();
    for merge in merges::into(conn, into).await? {
        let number = conversations::by_id(conn, merge.from_id).await?.map_or(0, |row| row.number);
        let until: Millis = merge.at + UNDONE_WITHIN_MS;
        all.push(Merged {
            id: merge.from_id,
            number,
            at: Time(merge.at),
            seq: merge.seq + 1,
            undo_until: Time(until),
        });
    }
    Ok(all)
}

/// The conversation of this id or number.
pub(super) async fn named(conn: &mut Conn, name: &str) -> Result<Uuid> {
    let name = name.trim();
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let digits = name.strip_prefix(['Q', 'q']).map_or(name, |rest| rest.trim_start_matches('-'));
    let found = match digits.parse() {
        Ok(number) => conversations::by_number(conn, number).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| {
        Problem::invalid(
            "No conversation has this number. It is written as Q-20417, and a link to it will do as well.",
        )
    })
}

/// What would come of merging it
#[utoipa::path(get, path = "/conversations/{id}/merge", operation_id = "previewMerge", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation"), Into),
    responses((status = 200, description = "In a sentence", body = MergePreview)))]
pub(super) async fn look(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Query(Into { into }): Query<Into>,
) -> Result<Json<MergePreview>> {
    let into = named(&mut app.db.read().await?, &into).await?;
    let merge::Preview { into, words, patrons } = merge::preview(&app, &me.who, id, into).await?;
    let patrons = patrons.map(|(one, other)| vec![one, other]);
    Ok(Json(MergePreview { into: into.into(), words, patrons }))
}

/// Merge a conversation into another one
///
/// What was said in both is in the other one from then on, in the order in which it came; this one is in no list and leads
/// there, and so does whatever comes to it. The patron waits from the oldest message that nobody has answered. 409
/// `/problems/two-patrons` with both names unless `two_patrons` is said; `/problems/claimed` when it is somebody else's and
/// the caller is no lead; `/problems/merged` when it is part of another one already.
#[utoipa::path(put, path = "/conversations/{id}/merge", operation_id = "merge", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")), request_body = Merging,
    responses((status = 200, description = "What it is part of now", body = Row)))]
pub(super) async fn merge(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Merging { into, two_patrons }): Json<Merging>,
) -> Result<Json<Row>> {
    Ok(Json(merge::merge(&app, &me.who, id, into, two_patrons).await?.into()))
}

/// Undo a merge
///
/// For 30 days. Both are as they were, with what came in between where its thread belongs. 409 `/problems/not-merged` when it
/// stands by itself.
#[utoipa::path(delete, path = "/conversations/{id}/merge", operation_id = "undoMerge", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation that was merged into another one")),
    responses((status = 200, description = "It stands by itself", body = Row)))]
pub(super) async fn undo(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(merge::undo(&app, &me.who, id).await?.into()))
}
