//! `/patrons/{id}/union`: two patrons are one person, and two again.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path, Query};
use super::merges::named;
use super::problem::Result;
use super::session::SignedIn;
use super::time::Time;
use crate::app::App;
use crate::conversation::union;
use crate::error::Error;
use crate::model;
use crate::model::union::UNDONE_WITHIN_MS;
use crate::store::{Conn, conversations, patrons};

/// Another patron.
#[derive(Serialize, ToSchema)]
pub(super) struct Stranger {
    id: Uuid,
    name: String,
}

/// A patron who turned out to be another one.
#[derive(Serialize, ToSchema)]
pub(super) struct Union {
    /// Who went.
    patron_id: Uuid,
    /// What they were called.
    name: String,
    /// Since when.
    at: Time,
    /// Who said so.
    staff_id: Uuid,
    /// Both had an address for which both platforms vouched.
    same_address: bool,
    /// How it was checked, in the words of who did.
    checked: String,
    /// Until when that can be undone.
    undo_until: Time,
}

/// What would come of two patrons being one person.
#[derive(Serialize, ToSchema)]
pub(super) struct UnionPreview {
    /// Who would stay.
    stays: Stranger,
    /// Who would go.
    goes: Stranger,
    /// Both have an address for which both platforms vouch; else `checked` must say how it is known.
    same_address: bool,
    /// How many conversations would go along.
    conversations: usize,
}

impl From<model::people::Patron> for Stranger {
    fn from(row: model::people::Patron) -> Self {
        Self { id: row.id, name: row.name }
    }
}

/// Who turned out to be this patron.
pub(super) async fn unions(conn: &mut Conn, into: Uuid) -> Result<Vec<Union>> {
    let mut all = Vec::new();
    for union in crate::store::unions::into(conn, into).await? {
        let name = patrons::by_id(conn, union.from_id).await?.map_or_else(String::new, |from| from.name);
        all.push(Union {
            patron_id: union.from_id,
            name,
            at: Time(union.at),
            staff_id: union.staff_id,
            same_address: union.same_address,
            checked: union.checked,
            undo_until: Time(union.at + UNDONE_WITHIN_MS),
        });
    }
    Ok(all)
}

/// With whom.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct With {
    /// The other patron: their id, or a conversation of theirs by its id or number as in `Q-20417`.
    with: String,
}

/// That these are one person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Uniting {
    /// The other patron.
    with: Uuid,
    /// How one of us knows, such as "card number seen". Needed unless both have the same address, vouched for.
    checked: Option<String>,
}

async fn other(conn: &mut Conn, with: &str) -> Result<Uuid> {
    if let Ok(id) = with.trim().parse()
        && patrons::by_id(conn, id).await?.is_some()
    {
        return Ok(id);
    }
    let id = named(conn, with).await?;
    let row = conversations::by_id(conn, id).await?.ok_or(Error::Missing("conversation"))?;
    Ok(row.patron_id)
}

/// What would come of two patrons being one person
#[utoipa::path(get, path = "/patrons/{id}/union", operation_id = "previewUnion", tag = "patrons",
    params(("id" = Uuid, Path, description = "The patron"), With),
    responses((status = 200, description = "Who stays, and what must be said", body = UnionPreview)))]
pub(super) async fn look(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Query(With { with }): Query<With>,
) -> Result<Json<UnionPreview>> {
    let other = other(&mut app.db.read().await?, &with).await?;
    let union::Preview { stays, goes, same_address, conversations } =
        union::preview(&app, &me.who, id, other).await?;
    Ok(Json(UnionPreview { stays: stays.into(), goes: goes.into(), same_address, conversations }))
}

/// Say that two patrons are one person
///
/// Addresses, notes and conversations of both belong to one of them from then on: to whoever has a name rather than a number
/// or a handle, else to whoever was met first. Never because of a name: both must have an address for which both platforms
/// vouch, or `checked` says how one of us knows.
#[utoipa::path(put, path = "/patrons/{id}/union", operation_id = "unite", tag = "patrons",
    params(("id" = Uuid, Path, description = "The patron")), request_body = Uniting,
    responses((status = 200, description = "Who they are now", body = Stranger)))]
pub(super) async fn unite(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(Uniting { with, checked }): Json<Uniting>,
) -> Result<Json<Stranger>> {
    let stays = union::unite(&app, &me.who, id, with, checked.unwrap_or_default()).await?;
    let row = patrons::by_id(&mut app.db.read().await?, stays).await?.ok_or(Error::Missing("patron"))?;
    Ok(Json(row.into()))
}

/// Say that two patrons are two people after all
///
/// For 30 days. Addresses, notes and conversations are as they were; what has come since belongs to whoever has the address
/// it came from. 409 `/problems/not-merged` when the patron is nobody else.
#[utoipa::path(delete, path = "/patrons/{id}/union", operation_id = "undoUnion", tag = "patrons",
    params(("id" = Uuid, Path, description = "The patron who turned out to be another one")),
    responses((status = 204, description = "They are two")))]
pub(super) async fn undo(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    union::undo(&app, &me.who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
