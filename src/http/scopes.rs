//! Which scope a token needs for which route. A route that is not here is closed to every token.

use axum::http::Method;

use super::{BASE, metrics};
use crate::error::{Error, Result};
use crate::model::session::Scope::{self, Answer, Manage, Read};
use crate::model::session::Scopes;

/// Whatever is only looked at needs [`Read`], unless it is here.
const LOOKED_AT_BY_MANAGERS: &[&str] = &[
    "/channels/{id}/settings",
    "/rules",
    "/signins/{id}",
    "/tokens",
    "/webhooks",
    "/webhooks/{id}/attempts",
];

/// What changes something.
const CHANGES: &[(&str, Scope)] = &[
    ("DELETE /blocks/{id}", Answer),
    ("DELETE /channels/{id}", Manage),
    ("DELETE /channels/{id}/pause", Manage),
    ("DELETE /conversations/{id}/block", Answer),
    ("DELETE /conversations/{id}/claim", Answer),
    ("DELETE /conversations/{id}/closure", Answer),
    ("DELETE /conversations/{id}/draft", Answer),
    ("DELETE /conversations/{id}/merge", Answer),
    ("DELETE /conversations/{id}/presence", Answer),
    ("DELETE /conversations/{id}/replies/{message_id}", Answer),
    ("DELETE /conversations/{id}/snooze", Answer),
    ("DELETE /conversations/{id}/spam", Answer),
    ("DELETE /conversations/{id}/tags/{tag_id}", Answer),
    ("DELETE /conversations/{id}/urgent", Answer),
    ("DELETE /conversations/{id}/watch", Answer),
    ("DELETE /desks/{id}/away", Manage),
    ("DELETE /desks/{id}/closed-today", Manage),
    ("DELETE /handoffs/{id}", Answer),
    ("DELETE /patron-notes/{id}", Answer),
    ("DELETE /patrons/{id}/union", Answer),
    ("DELETE /reviews/{id}", Answer),
    ("DELETE /rules/{id}", Manage),
    ("DELETE /rules/{id}/pause", Manage),
    ("DELETE /searches/{id}", Answer),
    ("DELETE /sessions/{id}", Manage),
    ("DELETE /tags/{id}", Manage),
    ("DELETE /tokens/{id}", Manage),
    ("DELETE /uploads/{id}", Answer),
    ("DELETE /webhooks/{id}", Manage),
    ("DELETE /webhooks/{id}/pause", Manage),
    ("PATCH /channels/{id}", Manage),
    ("POST /blocks", Answer),
    ("POST /blocks/{id}/release", Answer),
    ("POST /channels", Manage),
    ("POST /channels/{id}/checks", Manage),
    ("POST /channels/{id}/signin", Manage),
    ("POST /claims/next", Answer),
    ("POST /conversations/{id}/handoffs", Answer),
    ("POST /conversations/{id}/notes", Answer),
    ("POST /conversations/{id}/passes", Answer),
    ("POST /conversations/{id}/preview", Answer),
    ("POST /conversations/{id}/replies", Answer),
    ("POST /conversations/{id}/reviews", Answer),
    ("POST /conversations/{id}/splits", Answer),
    ("POST /desks/{id}/away/preview", Manage),
    ("POST /desks/{id}/calendar", Manage),
    ("POST /held/{id}/release", Answer),
    ("POST /patrons/{id}/notes", Answer),
    ("POST /rules", Manage),
    ("POST /rules/trials", Manage),
    ("POST /searches", Answer),
    ("POST /signins", Manage),
    ("POST /tags", Manage),
    ("POST /uploads", Answer),
    ("POST /webhooks", Manage),
    ("POST /webhooks/{id}/attempts", Manage),
    ("PUT /channels/{id}/pause", Manage),
    ("PUT /conversations/{id}/block", Answer),
    ("PUT /conversations/{id}/claim", Answer),
    ("PUT /conversations/{id}/closure", Answer),
    ("PUT /conversations/{id}/draft", Answer),
    ("PUT /conversations/{id}/merge", Answer),
    ("PUT /conversations/{id}/needs", Answer),
    ("PUT /conversations/{id}/presence", Answer),
    ("PUT /conversations/{id}/snooze", Answer),
    ("PUT /conversations/{id}/spam", Answer),
    ("PUT /conversations/{id}/tags/{tag_id}", Answer),
    ("PUT /conversations/{id}/urgent", Answer),
    ("PUT /conversations/{id}/watch", Answer),
    ("PUT /desks/{id}/away", Manage),
    ("PUT /desks/{id}/cascade", Manage),
    ("PUT /desks/{id}/closed-today", Manage),
    ("PUT /handoffs/{id}/acceptance", Answer),
    ("PUT /handoffs/{id}/refusal", Answer),
    ("PUT /library/head-start", Manage),
    ("PUT /library/reply-policy", Manage),
    ("PUT /me/presence", Answer),
    ("PUT /patron-notes/{id}", Answer),
    ("PUT /patrons/{id}", Answer),
    ("PUT /patrons/{id}/union", Answer),
    ("PUT /reviews/{id}/approval", Answer),
    ("PUT /reviews/{id}/return", Answer),
    ("PUT /rules/order", Manage),
    ("PUT /rules/{id}", Manage),
    ("PUT /rules/{id}/pause", Manage),
    ("PUT /searches/{id}", Answer),
    ("PUT /signins/{id}/choice", Manage),
    ("PUT /staff/{id}/abilities", Manage),
    ("PUT /staff/{id}/review", Manage),
    ("PUT /webhooks/{id}/pause", Manage),
];

/// The scope that a route needs; none: no token opens it. `path` is the route's, below the API's own.
pub(super) fn needed(method: &str, path: &str) -> Option<Scope> {
    match method {
        "GET" | "HEAD" if LOOKED_AT_BY_MANAGERS.contains(&path) => Some(Manage),
        "GET" | "HEAD" => Some(Read),
        _ => {
            let wanted = |(route, _): &&(&str, Scope)| {
                route.split_once(' ').is_some_and(|route| route == (method, path))
            };
            CHANGES.iter().find(wanted).map(|(_, scope)| *scope)
        }
    }
}

/// Lets pass a token that has what this route needs.
///
/// # Errors
/// [`Error::OutOfScope`] names the scope that is missing.
pub(super) fn permit(has: &Scopes, method: &Method, route: &str) -> Result<()> {
    let path = if route == metrics::PATH { Some(route) } else { route.strip_prefix(BASE) };
    let needed = path.and_then(|path| needed(method.as_str(), path)).unwrap_or(Manage);
    if path.is_some() && has.include(needed) { Ok(()) } else { Err(Error::OutOfScope(needed)) }
}
