//! What a caller is told when something did not happen (RFC 9457). The only place where an error becomes a status.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use connectors::contract::RefusedRequest;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::messages::{Event, Message};
use super::time::Time;
use crate::error::Error;
use crate::model::Millis;
use crate::model::event::length_in_words;
use crate::model::session::Scope;
use crate::store;

/// What a route gives.
pub(super) type Result<T> = std::result::Result<T, Problem>;

const CONTENT_TYPE: &str = "application/problem+json";

/// A refusal.
#[derive(Debug)]
pub struct Problem(Box<Body>);

/// What went wrong, for a program (`type`) and for a person (`detail`).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Body {
    /// Stable; `/problems/claimed`.
    #[serde(rename = "type")]
    kind: String,
    /// The same for every problem of this type.
    title: &'static str,
    /// As in the status line.
    status: u16,
    /// The sentence to show: what happened, what was kept, what to do.
    detail: String,
    /// With `too-many-tries`: seconds until the next try counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u64>,
    /// With `claimed` and `owners-only`: who has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Owner>,
    /// With `claimed` and `owners-only`: since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Time>,
    /// With `newer`: what was said and done.
    #[serde(skip_serializing_if = "Option::is_none")]
    newer: Option<Newer>,
    /// With `newer`: the number to send along next time.
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<i64>,
    /// With `settings`: which settings of a channel cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<WrongField>>,
    /// With `scope`: the one that the token lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    scope: Option<Scope>,
    /// With `merged`: the conversation in which everything goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    into: Option<Uuid>,
    /// With `two-patrons`: whose conversations these are.
    #[serde(skip_serializing_if = "Option::is_none")]
    patrons: Option<Vec<String>>,
}

/// One setting that cannot be used.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WrongField {
    /// The manifest's name for it.
    field: String,
    /// The sentence to show beside it.
    why: String,
}

/// Who has a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Owner {
    /// Their id.
    id: Uuid,
    /// Their name.
    name: String,
}

/// What a writer has not seen.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Newer {
    /// What was said, oldest first.
    pub messages: Vec<Message>,
    /// What was done, oldest first.
    pub events: Vec<Event>,
}

impl Problem {
    fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self(Box::new(Body {
            kind: format!("/problems/{kind}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            retry_after_s: None,
            owner: None,
            since: None,
            newer: None,
            seen: None,
            fields: None,
            scope: None,
            into: None,
            patrons: None,
        }))
    }

    /// The request could not be read: its path, query or form.
    pub(super) fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unreadable", "The request could not be read", detail)
    }

    /// The request was read and asks for what cannot be.
    pub(super) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "The request makes no sense", detail)
    }

    /// It will be here, and is not yet.
    pub(super) fn still_to_come(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "still-to-come", "Not here yet", detail)
    }

    /// It was to be here, and never will be.
    pub(super) fn gone(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::GONE, "gone", "Not to be had", detail)
    }

    /// Somebody else has it.
    pub(super) fn claimed(owner: Uuid, name: String, since: Option<Millis>, now: Millis) -> Self {
        let has = match since {
            Some(since) => format!("{name} claimed this {} ago", length_in_words(now - since)),
            None => format!("{name} has this one"),
        };
        let mut problem = Self::new(
            StatusCode::CONFLICT,
            "claimed",
            "Somebody else has this one",
            format!("{has}. Nothing was changed."),
        );
        problem.0.owner = Some(Owner { id: owner, name });
        problem.0.since = since.map(Time);
        problem
    }

    /// Adds what the writer has not seen to a problem that says so.
    pub(super) fn with_newer(mut self, newer: Newer) -> Self {
        self.0.newer = Some(newer);
        self
    }

    /// What a layer refused with a bare status.
    pub(super) fn of_status(status: StatusCode) -> Self {
        let (kind, title, detail) = match status {
            StatusCode::FORBIDDEN => (
                "cross-site",
                "Another site sent this",
                "This request came from another website, so it was not carried out. Open Deskbell itself and do it there.",
            ),
            StatusCode::NOT_FOUND => ("missing", "Nothing here", "There is nothing at this address."),
            StatusCode::METHOD_NOT_ALLOWED => (
                "method",
                "Not that way",
                "This address does not take this method. See /api/v1/openapi.json.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => {
                ("too-large", "Too large", "This is larger than Deskbell takes. Nothing was kept; send less.")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                ("media-type", "Not JSON", "Send JSON, with the header `Content-Type: application/json`.")
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => (
                "too-slow",
                "Took too long",
                "This took too long and was given up. Look whether it happened before you try again.",
            ),
            status if status.is_client_error() => {
                ("unreadable", "The request could not be read", "The request could not be read.")
            }
            _ => (
                "fault",
                "A fault in Deskbell",
                "Something in Deskbell is broken. It was written to the log; what was kept before is safe. Try again, and \
                 tell whoever looks after Deskbell if it goes on.",
            ),
        };
        Self::new(status, kind, title, detail)
    }

    /// Its status.
    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        let make = |status, kind, title| Self::new(status, kind, title, detail.clone());
        match error {
            Error::Missing(_) => make(StatusCode::NOT_FOUND, "missing", "Nothing here"),
            Error::SignedOut => make(StatusCode::UNAUTHORIZED, "signed-out", "You are signed out"),
            Error::WrongSignIn => {
                make(StatusCode::UNAUTHORIZED, "wrong-sign-in", "That sign-in did not work")
            }
            Error::LinkSpent => make(StatusCode::UNAUTHORIZED, "link-spent", "This link no longer works"),
            Error::TooManyTries { retry_after_s } => {
                let mut problem = make(StatusCode::TOO_MANY_REQUESTS, "too-many-tries", "Too many tries");
                problem.0.retry_after_s = Some(retry_after_s);
                problem
            }
            Error::NotAllowed(_) => {
                make(StatusCode::FORBIDDEN, "not-allowed", "Your role does not allow this")
            }
            Error::OutOfScope(scope) => {
                let mut problem = make(StatusCode::FORBIDDEN, "scope", "The token is not for this");
                problem.0.scope = Some(scope);
                problem
            }
            Error::Claimed { owner, owner_name, since } => {
                let mut problem = Self::claimed(owner, owner_name, None, 0);
                problem.0.since = since.map(Time);
                problem
            }
            Error::OwnersOnly { owner, owner_name, since } => {
                let mut problem =
                    make(StatusCode::FORBIDDEN, "owners-only", "Only whoever has it answers here");
                problem.0.owner = Some(Owner { id: owner, name: owner_name });
                problem.0.since = since.map(Time);
                problem
            }
            Error::Merged { into, .. } => {
                let mut problem =
                    make(StatusCode::CONFLICT, "merged", "This is part of another conversation");
                problem.0.into = Some(into);
                problem
            }
            Error::NotMerged(_) => {
                make(StatusCode::CONFLICT, "not-merged", "This is not part of another conversation")
            }
            Error::TwoPatrons { one, other } => {
                let mut problem =
                    make(StatusCode::CONFLICT, "two-patrons", "These are two people's conversations");
                problem.0.patrons = Some(vec![one, other]);
                problem
            }
            Error::ReviewFirst => {
                make(StatusCode::FORBIDDEN, "review-first", "This is looked through before it leaves")
            }
            Error::CannotReview(_) => {
                make(StatusCode::FORBIDDEN, "cannot-review", "Somebody else looks through this")
            }
            Error::Over => make(StatusCode::CONFLICT, "over", "This hand-off has ended"),
            Error::NotYours => make(StatusCode::CONFLICT, "not-yours", "This one is not yours"),
            Error::Changed => make(StatusCode::CONFLICT, "changed", "Somebody has changed this"),
            Error::Newer { seen, .. } => {
                let mut problem = make(StatusCode::CONFLICT, "newer", "Something new was said");
                problem.0.seen = Some(seen);
                problem
            }
            Error::CannotSend(_) => {
                make(StatusCode::UNPROCESSABLE_ENTITY, "cannot-send", "This cannot be sent so")
            }
            Error::AlreadyLeft => make(StatusCode::CONFLICT, "already-left", "Already on its way"),
            Error::Invalid(_) => {
                make(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "The request makes no sense")
            }
            Error::TooLarge(_) => make(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large"),
            Error::Settings(wrong) => {
                let mut problem =
                    make(StatusCode::UNPROCESSABLE_ENTITY, "settings", "These settings cannot be used");
                problem.0.detail = "Some settings cannot be used. Nothing was changed.".to_owned();
                let field =
                    |wrong: connectors::contract::Invalid| WrongField { field: wrong.field, why: wrong.why };
                problem.0.fields = Some(wrong.into_iter().map(field).collect());
                problem
            }
            Error::Platform(_) => {
                make(StatusCode::BAD_GATEWAY, "platform", "The platform did not do its part")
            }
            Error::Store(error) => error.into(),
            Error::File(why) => {
                tracing::error!(%why, "a file could not be kept or read");
                Self::of_status(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

/// Why a call was refused goes to the log: whoever forges one need not know how close it came.
impl From<RefusedRequest> for Problem {
    fn from(refused: RefusedRequest) -> Self {
        let status = match refused {
            RefusedRequest::Unsigned => StatusCode::UNAUTHORIZED,
            RefusedRequest::Forged | RefusedRequest::WrongToken | RefusedRequest::Stale => {
                StatusCode::FORBIDDEN
            }
        };
        let detail = "This call did not prove that it comes from the platform. Nothing was kept.";
        Self::new(status, "unproven", "This call proves nothing", detail)
    }
}

/// The engine's own words may hold a patron's, so they go to the log and not to the caller.
impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        tracing::error!(%error, "the store did not do its part");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "store",
            "The store did not answer",
            "Deskbell could not use its store just now. Nothing was changed; try again in a moment.",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let retry_after = self.0.retry_after_s;
        // Strings and numbers always become JSON.
        let body = serde_json::to_vec(&*self.0).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Deskbell\""));
        }
        response
    }
}

/// Whatever refuses without a word of its own (a layer, the router) gets one here.
pub(super) async fn in_words(response: Response) -> Response {
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    let in_words = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes() == CONTENT_TYPE.as_bytes());
    if !refused || in_words {
        return response;
    }
    let (parts, _) = response.into_parts();
    let mut worded = Problem::of_status(status).into_response();
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = parts.headers.get(&name) {
            worded.headers_mut().insert(name, value.clone());
        }
    }
    worded
}
