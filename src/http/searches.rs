//! `/searches`: searches that people keep under a name.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, List, Path, Query};
use super::problem::Result;
use super::session::SignedIn;
use super::time::Time;
use crate::app::App;
use crate::conversation::saved;
use crate::model::people::Who;
use crate::model::saved::{Saved, Written};

/// A search under a name: its `query` is what `text` of the list of conversations takes.
#[derive(Serialize, ToSchema)]
pub(super) struct SavedSearch {
    id: Uuid,
    /// Whose it is.
    staff_id: Uuid,
    /// What they call it.
    name: String,
    /// What is looked for, as it is typed.
    query: String,
    /// The desk at which everybody has it; null: it is the caller's own.
    desk_id: Option<Uuid>,
    /// Whether the caller may call it otherwise and take it away.
    changeable: bool,
    /// Send it back to change or remove it.
    version: i64,
    created_at: Time,
    changed_at: Time,
}

impl SavedSearch {
    fn of(saved: Saved, who: &Who) -> Self {
        let changeable = saved.is_kept_by(who);
        let Saved { id, staff_id, desk_id, name, query, version, created_at, changed_at } = saved;
        let (created_at, changed_at) = (Time(created_at), Time(changed_at));
        Self { id, staff_id, desk_id, name, query, changeable, version, created_at, changed_at }
    }
}

/// Which version is meant.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchVersion {
    /// The version that was read.
    version: i64,
}

/// Saved searches
#[utoipa::path(get, path = "/searches", operation_id = "listSearches", tag = "conversations",
    responses((status = 200, description = "The caller's own and those of the desks at which they answer, by name", body = List<SavedSearch>)))]
pub(super) async fn list(State(app): State<App>, SignedIn(me): SignedIn) -> Result<Json<List<SavedSearch>>> {
    let all = saved::list(&app, &me.who).await?;
    Ok(List::whole(all.into_iter().map(|one| SavedSearch::of(one, &me.who)).collect()))
}

/// Save a search
///
/// For oneself, or for everybody at a desk. A hundred for each person and each desk; none of them is ever counted.
#[utoipa::path(post, path = "/searches", operation_id = "saveSearch", tag = "conversations", request_body = Written,
    responses((status = 201, description = "It is kept", body = SavedSearch)))]
pub(super) async fn add(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(new): Json<Written>,
) -> Result<(StatusCode, Json<SavedSearch>)> {
    let kept = saved::add(&app, &me.who, &new).await?;
    Ok((StatusCode::CREATED, Json(SavedSearch::of(kept, &me.who))))
}

/// Change a saved search
///
/// One's own; what a desk has also those who lead. 409 `/problems/changed` when somebody has changed it since.
#[utoipa::path(put, path = "/searches/{id}", operation_id = "changeSearch", tag = "conversations",
    params(("id" = Uuid, Path, description = "The saved search"), SearchVersion), request_body = Written,
    responses((status = 200, description = "It is changed", body = SavedSearch)))]
pub(super) async fn change(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Query(SearchVersion { version }): Query<SearchVersion>,
    Json(new): Json<Written>,
) -> Result<Json<SavedSearch>> {
    let kept = saved::change(&app, &me.who, id, version, &new).await?;
    Ok(Json(SavedSearch::of(kept, &me.who)))
}

/// Remove a saved search
///
/// One's own; what a desk has also those who lead. 409 `/problems/changed` when somebody has changed it since.
#[utoipa::path(delete, path = "/searches/{id}", operation_id = "removeSearch", tag = "conversations",
    params(("id" = Uuid, Path, description = "The saved search"), SearchVersion),
    responses((status = 204, description = "It is gone")))]
pub(super) async fn remove(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Query(SearchVersion { version }): Query<SearchVersion>,
) -> Result<StatusCode> {
    saved::remove(&app, &me.who, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
