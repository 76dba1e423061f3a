//! `/sessions`: signing in, where one is signed in, signing out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Http;
use super::input::{Json, List, Path};
use super::people::{Me, me_of};
use super::problem::{Problem, Result};
use super::session::{Peer, SignedIn, cookie, secret};
use super::time::Time;
use crate::access::{session, signin};
use crate::app::App;
use crate::model;

/// By password or by a one-time link.
#[derive(Deserialize, ToSchema)]
#[serde(untagged, expecting = "send an e-mail address with a password, or a link")]
pub(super) enum SignIn {
    /// By password.
    Password(ByPassword),
    /// By a link that was printed on the command line.
    Link(ByLink),
}

/// By password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ByPassword {
    /// The address staff sign in with.
    email: String,
    /// Their password.
    password: String,
}

/// By a one-time link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ByLink {
    /// What follows `link=` in it.
    link: String,
}

/// One browser that is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    /// Its id.
    id: Uuid,
    /// When it signed in.
    created_at: Time,
    /// When it was last used, to the minute.
    last_seen_at: Time,
    /// What the browser calls itself.
    user_agent: String,
    /// Where from.
    address: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// Sign in
///
/// Sets the cookie. A session that the browser already had ends.
#[utoipa::path(post, path = "/sessions", operation_id = "signIn", tag = "sessions", security(()),
    request_body = SignIn, responses((status = 201, description = "Signed in", body = Me)))]
pub(super) async fn sign_in(
    State(http): State<Http>,
    Peer(caller): Peer,
    headers: HeaderMap,
    Json(by): Json<SignIn>,
) -> Result<impl IntoResponse> {
    let entered = match by {
        SignIn::Password(ByPassword { email, password }) => {
            signin::with_password(&http.app.access, &email, password, &caller).await?
        }
        SignIn::Link(ByLink { link }) => signin::with_link(&http.app.access, &link, &caller).await?,
    };
    if let Some(old) = secret(&headers, http.secure)
        && let Ok(old) = session::of_secret(&http.app.access, &old).await
        && let Some(id) = old.session
    {
        session::end(&http.app.access, old.who.staff_id, id).await?;
    }
    let cookie = cookie(&entered.secret, session::LONGEST_MS / 1000, http.secure);
    let me = me_of(&http.app, &entered.staff).await?;
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], Json(me)))
}

/// Where I am signed in
#[utoipa::path(get, path = "/sessions", operation_id = "listSessions", tag = "sessions",
    responses((status = 200, description = "The last used first", body = List<Session>)))]
pub(super) async fn list(State(app): State<App>, SignedIn(me): SignedIn) -> Result<Json<List<Session>>> {
    let sessions = session::list(&app.access, me.who.staff_id).await?;
    let show = |row: model::session::Session| Session {
        id: row.id,
        created_at: Time(row.created_at),
        last_seen_at: Time(row.last_seen_at),
        user_agent: row.user_agent,
        address: row.address,
        current: Some(row.id) == me.session,
    };
    Ok(List::whole(sessions.into_iter().map(show).collect()))
}

/// Sign out
///
/// `current` stands for the session that asks.
#[utoipa::path(delete, path = "/sessions/{id}", operation_id = "endSession", tag = "sessions",
    params(("id" = String, Path, description = "A session's id, or `current`")),
    responses((status = 204, description = "It no longer counts")))]
pub(super) async fn end(
    State(http): State<Http>,
    SignedIn(me): SignedIn,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let current = id == "current";
    let id = if current {
        me.session.ok_or_else(|| {
            Problem::invalid("A token has no session. Take it back with `deskbell staff token`.")
        })?
    } else {
        id.parse()
            .map_err(|_| Problem::unreadable(format!("{id} is no session's id. Nothing was changed.")))?
    };
    session::end(&http.app.access, me.who.staff_id, id).await?;
    let mut headers = HeaderMap::new();
    if Some(id) == me.session
        && let Ok(forget) = cookie("", 0, http.secure).parse()
    {
        headers.insert(header::SET_COOKIE, forget);
    }
    Ok((StatusCode::NO_CONTENT, headers))
}
