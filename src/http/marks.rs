//! `/conversations/{id}/spam`, `/urgent` and `/tags`, and the house's `/tags`: what is said of a conversation besides.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, List, Path};
use super::problem::Result;
use super::row::Row;
use super::session::SignedIn;
use crate::app::App;
use crate::conversation::{priority, spam, tagging};
use crate::model;

/// One of the house's list.
#[derive(Serialize, ToSchema)]
pub(super) struct Tag {
    id: Uuid,
    /// As people write it.
    name: String,
    /// Whether it is on the list; one that is not stays where it was put before.
    listed: bool,
}

impl From<model::tag::Tag> for Tag {
    fn from(row: model::tag::Tag) -> Self {
        Self { id: row.id, name: row.name, listed: row.removed_at.is_none() }
    }
}

/// A new tag.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTag {
    /// At most 40 characters.
    name: String,
}

/// Mark a conversation as spam
///
/// A patron's wait ends without an answer and is counted apart. Later messages stay with it and wait for nobody.
#[utoipa::path(put, path = "/conversations/{id}/spam", operation_id = "markSpam", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It is spam", body = Row)))]
pub(super) async fn mark_spam(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(spam::mark(&app, &me.who, id).await?.into()))
}

/// Say that it is no spam
///
/// It comes back with the wait it had; what was said meanwhile waits too.
#[utoipa::path(delete, path = "/conversations/{id}/spam", operation_id = "unmarkSpam", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It is back", body = Row)))]
pub(super) async fn unmark_spam(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(spam::unmark(&app, &me.who, id).await?.into()))
}

/// Mark a conversation urgent
///
/// Unclaimed, it comes after what is late and before everything else.
#[utoipa::path(put, path = "/conversations/{id}/urgent", operation_id = "markUrgent", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It is urgent", body = Row)))]
pub(super) async fn mark_urgent(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(priority::set(&app, &me.who, id, true).await?.into()))
}

/// Say that it is not urgent
#[utoipa::path(delete, path = "/conversations/{id}/urgent", operation_id = "unmarkUrgent", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "It waits its turn", body = Row)))]
pub(super) async fn unmark_urgent(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Row>> {
    Ok(Json(priority::set(&app, &me.who, id, false).await?.into()))
}

/// Put a tag on a conversation
#[utoipa::path(put, path = "/conversations/{id}/tags/{tag_id}", operation_id = "putTag", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation"), ("tag_id" = Uuid, Path, description = "The tag")),
    responses((status = 200, description = "It bears the tag", body = Row)))]
pub(super) async fn put_tag(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path((id, tag)): Path<(Uuid, Uuid)>,
) -> Result<Json<Row>> {
    Ok(Json(tagging::put(&app, &me.who, id, tag).await?.into()))
}

/// Take a tag off a conversation
#[utoipa::path(delete, path = "/conversations/{id}/tags/{tag_id}", operation_id = "takeTag", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation"), ("tag_id" = Uuid, Path, description = "The tag")),
    responses((status = 200, description = "It bears the tag no more", body = Row)))]
pub(super) async fn take_tag(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path((id, tag)): Path<(Uuid, Uuid)>,
) -> Result<Json<Row>> {
    Ok(Json(tagging::take(&app, &me.who, id, tag).await?.into()))
}

/// The house's tags
#[utoipa::path(get, path = "/tags", operation_id = "listTags", tag = "conversations",
    responses((status = 200, description = "By name, those that are off the list too", body = List<Tag>)))]
pub(super) async fn tags(State(app): State<App>, SignedIn(_): SignedIn) -> Result<Json<List<Tag>>> {
    Ok(List::whole(tagging::list(&app).await?.into_iter().map(Tag::from).collect()))
}

/// Put a tag on the house's list
///
/// For leads. One of that name, whatever its case, is that one.
#[utoipa::path(post, path = "/tags", operation_id = "addTag", tag = "conversations", request_body = NewTag,
    responses((status = 201, description = "It is on the list", body = Tag)))]
pub(super) async fn add_tag(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(new): Json<NewTag>,
) -> Result<(StatusCode, Json<Tag>)> {
    Ok((StatusCode::CREATED, Json(tagging::add(&app, &me.who, &new.name).await?.into())))
}

/// Take a tag off the house's list
///
/// For leads. What bears it still does.
#[utoipa::path(delete, path = "/tags/{id}", operation_id = "removeTag", tag = "conversations",
    params(("id" = Uuid, Path, description = "The tag")),
    responses((status = 204, description = "It is off the list")))]
pub(super) async fn remove_tag(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    tagging::remove(&app, &me.who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
