//! `/me`, `/staff`, `/desks`: us, and where we answer.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Json, List};
use super::problem::Result;
use super::session::SignedIn;
use crate::app::App;
use crate::conversation::policy;
use crate::error::Error;
use crate::model;
use crate::model::ability::Abilities;
use crate::model::people::{Role, initials};
use crate::model::policy::Policy;
use crate::store::{abilities, events, helpers, people, reviews};

/// Who is signed in, and where.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    /// The person.
    staff: Staff,
    /// The library.
    library: Library,
    /// The newest event's number: `/live` may start after it.
    seq: i64,
}

/// The library.
#[derive(Serialize, ToSchema)]
pub(super) struct Library {
    /// As patrons know it.
    name: String,
    /// Its time zone, an IANA name.
    zone: String,
    /// Answering in a colleague's conversation: `ask` first, `allow`, or `block`.
    #[schema(inline)]
    reply_policy: Policy,
    /// So long a question is kept for who knows its patron, seconds of open time.
    head_start_seconds: i64,
}

/// The library's word on answering in a colleague's conversation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Deciding {
    /// `ask`, `allow` or `block`.
    #[schema(inline)]
    policy: Policy,
}

/// One of us.
#[derive(Serialize, ToSchema)]
pub(super) struct Staff {
    /// Their id.
    id: Uuid,
    /// Their full name, for colleagues.
    name: String,
    /// The name patrons see.
    public_name: String,
    /// For an avatar.
    initials: String,
    /// What they may do; each includes the ones before: `viewer`, `staff`, `lead`, `manager`, `admin`.
    #[schema(inline)]
    role: Role,
    /// Where they sign in.
    email: String,
    /// What they can.
    abilities: Abilities,
    /// Their answers are looked through before they leave.
    reviewed: bool,
}

/// People who answer together.
#[derive(Serialize, ToSchema)]
pub(super) struct Desk {
    /// Its id.
    id: Uuid,
    /// "Reference".
    name: String,
    /// The branch it is at.
    branch_id: Uuid,
    /// "Central".
    branch_name: String,
    /// Answers within so many milliseconds.
    promise_ms: i64,
    /// The library whose it is, where several answer together; null: the house's own.
    library: Option<String>,
}

impl Staff {
    fn of(row: model::people::Staff, abilities: Abilities, reviewed: bool) -> Self {
        Self {
            id: row.id,
            initials: initials(&row.name),
            name: row.name,
            public_name: row.public_name,
            role: row.role,
            email: row.email,
            abilities,
            reviewed,
        }
    }
}

/// Who I am
#[utoipa::path(get, path = "/me", operation_id = "readMe", tag = "sessions",
    responses((status = 200, description = "Who is signed in, and where", body = Me)))]
pub(super) async fn me(State(app): State<App>, SignedIn(me): SignedIn) -> Result<Json<Me>> {
    let staff = {
        let mut conn = app.db.read().await?;
        people::staff(&mut conn, me.who.staff_id).await?.ok_or(Error::SignedOut)?
    };
    Ok(Json(me_of(&app, &staff).await?))
}

pub(super) async fn me_of(app: &App, staff: &model::people::Staff) -> Result<Me> {
    let mut conn = app.db.read().await?;
    let library = people::library(&mut conn).await?.ok_or(Error::Missing("library"))?;
    let seq = events::newest(&mut conn).await?;
    let reply_policy = policy::read(&mut conn).await?;
    let head_start_seconds = helpers::head_start(&mut conn).await? / 1_000;
    let library = Library { name: library.name, zone: library.zone, reply_policy, head_start_seconds };
    let able = abilities::of(&mut conn, staff.id).await?.unwrap_or_default();
    let reviewed = reviews::is_reviewed(&mut conn, staff.id).await?;
    Ok(Me { staff: Staff::of(staff.clone(), able, reviewed), library, seq })
}

/// Decide who answers in a colleague's conversation
///
/// For managers. `ask`: who answers there is asked first (note, help or take over); `allow`: anybody helps unasked;
/// `block`: only whoever has it answers, and only leads take over.
#[utoipa::path(put, path = "/library/reply-policy", operation_id = "decideReplyPolicy", tag = "people",
    request_body = Deciding, responses((status = 204, description = "It counts from the next answer on")))]
pub(super) async fn decide(
    State(app): State<App>,
    SignedIn(me): SignedIn,
    Json(Deciding { policy }): Json<Deciding>,
) -> Result<StatusCode> {
    policy::set(&app, &me.who, policy).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everybody who answers here
#[utoipa::path(get, path = "/staff", operation_id = "listStaff", tag = "people",
    responses((status = 200, description = "By name", body = List<Staff>)))]
pub(super) async fn staff(State(app): State<App>, _: SignedIn) -> Result<Json<List<Staff>>> {
    let mut conn = app.db.read().await?;
    // Those who left are named by what they did: their rows stay in the list.
    let rows = people::all_staff(&mut conn).await?;
    let mut able = abilities::everybody(&mut conn).await?;
    let reviewed = reviews::reviewed(&mut conn).await?;
    let show = |row: model::people::Staff| {
        let able = able.remove(&row.id).unwrap_or_default();
        let reviewed = reviewed.contains(&row.id);
        Staff::of(row, able, reviewed)
    };
    Ok(List::whole(rows.into_iter().map(show).collect()))
}

/// Where people answer together
#[utoipa::path(get, path = "/desks", operation_id = "listDesks", tag = "people",
    responses((status = 200, description = "In the library's own order", body = List<Desk>)))]
pub(super) async fn desks(State(app): State<App>, _: SignedIn) -> Result<Json<List<Desk>>> {
    let mut conn = app.db.read().await?;
    let show = |row: model::people::Desk| Desk {
        id: row.id,
        name: row.name,
        branch_id: row.branch_id,
        branch_name: row.branch_name,
        promise_ms: row.promise_ms,
        library: row.library,
    };
    Ok(List::whole(people::desks(&mut conn).await?.into_iter().map(show).collect()))
}
