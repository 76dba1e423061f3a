//! Who a request comes from: a browser by its cookie, a program by its token.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum_extra::extract::cookie::CookieJar;

use super::problem::Problem;
use super::{Http, scopes};
use crate::access::{Caller, session, token};
use crate::error::Error;

/// Somebody who has proved who they are. A route that takes one is closed to everybody else.
pub(super) struct SignedIn(pub session::SignedIn);

/// Where a request comes from.
pub(super) struct Peer(pub Caller);

impl FromRequestParts<Http> for SignedIn {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Problem> {
        let me = signed_in(http, &parts.headers).await?;
        // Browsers have every scope; only a token's route is looked up.
        if me.session.is_none() {
            let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
            scopes::permit(&me.scopes, &parts.method, route)?;
        }
        Ok(Self(me))
    }
}

/// Who these headers speak for.
pub(super) async fn signed_in(http: &Http, headers: &HeaderMap) -> Result<session::SignedIn, Problem> {
    // A token that is sent is meant: if it does not count, no cookie stands in for it.
    if let Some(authorization) = headers.get(header::AUTHORIZATION) {
        let secret = authorization.to_str().ok().and_then(bearer).ok_or(Error::SignedOut)?;
        return Ok(token::of_secret(&http.app.access, secret).await?);
    }
    let secret = secret(headers, http.secure).ok_or(Error::SignedOut)?;
    Ok(session::of_secret(&http.app.access, &secret).await?)
}

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let user_agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self(Caller {
            address: peer.map(|ConnectInfo(peer)| peer.ip()),
            user_agent: user_agent.unwrap_or_default().to_owned(),
        }))
    }
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, secret) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// The secret in the request's cookie.
pub(super) fn secret(headers: &HeaderMap, secure: bool) -> Option<String> {
    CookieJar::from_headers(headers).get(name(secure)).map(|cookie| cookie.value().to_owned())
}

/// The header that makes the browser keep `secret`: out of reach of scripts, not sent along when another site posts.
/// With no time left the browser forgets it.
pub(super) fn cookie(secret: &str, seconds: i64, secure: bool) -> String {
    let encrypted = if secure { "; Secure" } else { "" };
    format!("{}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{encrypted}", name(secure))
}

/// Where the connection is encrypted the browser itself holds to it that no other host has set this cookie.
fn name(secure: bool) -> &'static str {
    if secure { "__Host-deskbell" } else { "deskbell" }
}
