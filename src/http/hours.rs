//! `/desks/{id}/hours`: when a desk is open, and on which days it is not.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, Path};
use super::problem::Result;
use super::session::SignedIn;
use crate::access::require;
use crate::app::App;
use crate::conversation::hours;
use crate::error::Error;
use crate::model::calendar::{Days, Plan};
use crate::model::hours::written;
use crate::model::people::Role;
use crate::store;
use crate::store::people;

/// When a desk is open.
#[derive(Serialize, ToSchema)]
pub(super) struct Hours {
    /// "Mon-Fri 09:00-12:00 13:00-17:00", "closed"; null: day and night.
    week: Option<String>,
    /// The time zone, an IANA name.
    zone: String,
    /// Whether it is open now.
    open: bool,
    /// Days that differ from the week.
    days: Vec<Differing>,
}

/// Days that differ from the week.
#[derive(Serialize, ToSchema)]
pub(super) struct Differing {
    /// `2026-12-24`.
    first: String,
    /// The last of them.
    last: String,
    /// "Christmas".
    name: String,
    /// "09:00-12:00"; empty where the desk is closed.
    intervals: String,
}

/// A calendar to take in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarFile {
    /// iCal, a table (`date,until,from,to,name`) or JSON of published hours, as `deskbell hours import --help` says.
    text: String,
    /// Whose hours are meant, by name or number, where several places publish theirs together.
    #[serde(default)]
    place: Option<String>,
    /// Only say what would change.
    #[serde(default)]
    dry_run: bool,
}

/// What taking a calendar in changed, or would change.
#[derive(Serialize, ToSchema)]
pub(super) struct CalendarTaken {
    /// New ones.
    added: Vec<Differing>,
    /// Those that had other hours.
    changed: Vec<Differing>,
    /// How many were there already.
    same: usize,
    /// Patrons whose answer is due at another moment now.
    moved: usize,
}

/// What followed from other hours.
#[derive(Serialize, ToSchema)]
pub(super) struct Moved {
    /// Patrons whose answer is due at another moment now.
    moved: usize,
}

impl From<Days> for Differing {
    fn from(days: Days) -> Self {
        let Days { first, last, name, intervals } = days;
        Self { first: first.to_string(), last: last.to_string(), name, intervals }
    }
}

/// When a desk is open
#[utoipa::path(get, path = "/desks/{id}/hours", operation_id = "readHours", tag = "people",
    params(("id" = Uuid, Path, description = "The desk")),
    responses((status = 200, description = "Its week, and the days that differ", body = Hours)))]
pub(super) async fn read(
    State(app): State<App>,
    SignedIn(_): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Hours>> {
    let mut conn = app.db.read().await?;
    people::desk(&mut conn, id).await?.ok_or(Error::Missing("desk"))?;
    let zone = people::library(&mut conn).await?.map(|library| library.zone).unwrap_or_default();
    let week = store::hours::week_of(&mut conn, id).await?;
    let hours = store::hours::of_desk(&mut conn, id).await?;
    let days = store::hours::closures(&mut conn, id).await?;
    Ok(Json(Hours {
        week: week.as_ref().map(written::write_week),
        zone,
        open: hours.is_none_or(|hours| hours.is_open(app.clock.now())),
        days: days.iter().filter_map(|one| one.days().map(Differing::from)).collect(),
    }))
}

/// Keep a desk closed today
///
/// Answers that waiting patrons were promised are due accordingly later, and who writes now is told what the desk says while it is
/// closed.
#[utoipa::path(put, path = "/desks/{id}/closed-today", operation_id = "closeToday", tag = "people",
    params(("id" = Uuid, Path, description = "The desk")),
    responses((status = 200, description = "It is closed today", body = Moved)))]
pub(super) async fn close_today(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Moved>> {
    require(&me.who, Role::Lead)?;
    Ok(Json(Moved { moved: hours::close_today(&app, id, true).await? }))
}

/// Open a desk after all
#[utoipa::path(delete, path = "/desks/{id}/closed-today", operation_id = "openToday", tag = "people",
    params(("id" = Uuid, Path, description = "The desk")),
    responses((status = 200, description = "Today is as it was planned", body = Moved)))]
pub(super) async fn open_today(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Moved>> {
    require(&me.who, Role::Lead)?;
    Ok(Json(Moved { moved: hours::close_today(&app, id, false).await? }))
}

/// Take closed days and other hours in
///
/// All of it or nothing: every line that is not understood is named. The same again changes nothing.
#[utoipa::path(post, path = "/desks/{id}/calendar", operation_id = "takeCalendarIn", tag = "people",
    params(("id" = Uuid, Path, description = "The desk")), request_body = CalendarFile,
    responses((status = 200, description = "What changed, or would", body = CalendarTaken)))]
pub(super) async fn take_in(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Path(id): Path<Uuid>,
    Json(file): Json<CalendarFile>,
) -> Result<Json<CalendarTaken>> {
    require(&me.who, Role::Manager)?;
    let place = file.place.as_deref();
    let (plan, moved) = match file.dry_run {
        true => (hours::look(&app, id, &file.text, place).await?, 0),
        false => hours::take_in(&app, id, &file.text, place).await?,
    };
    let Plan { add, change, same } = plan;
    let shown = |days: Vec<Days>| days.into_iter().map(Differing::from).collect();
    Ok(Json(CalendarTaken { added: shown(add), changed: shown(change), same, moved }))
}
