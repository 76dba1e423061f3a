//! What callers send, read strictly: whatever is not understood is refused with a sentence and never ignored.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::problem::Problem;

/// A part of the path.
pub(super) struct Path<T>(pub T);

/// The query, of a type that denies unknown fields.
pub(super) struct Query<T>(pub T);

/// The body, JSON of a type that denies unknown fields. As an answer: JSON.
pub(super) struct Json<T>(pub T);

/// A list's answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct List<T> {
    /// In the list's order.
    pub items: Vec<T>,
    /// Send back as `cursor` for what follows; null at the end.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A list that is never longer than one answer.
    pub(super) fn whole(items: Vec<T>) -> Json<Self> {
        Json(Self { items, next: None })
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(why)) => Err(Problem::unreadable(format!(
                "The address holds an id that is none: {}",
                sentence(&why.body_text())
            ))),
            Err(other) => Err(Problem::unreadable(sentence(&other.body_text()))),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(QueryRejection::FailedToDeserializeQueryString(why)) => {
                Err(Problem::unreadable(sentence(&why.body_text())))
            }
            Err(other) => Err(Problem::unreadable(sentence(&other.body_text()))),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(why)) => Err(Problem::invalid(sentence(&why.body_text()))),
            Err(JsonRejection::JsonSyntaxError(why)) => Err(Problem::unreadable(sentence(&why.body_text()))),
            Err(other) => Err(Problem::of_status(other.status())),
        }
    }
}

impl<T: Serialize> axum::response::IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self.0).into_response()
    }
}

fn sentence(told: &str) -> String {
    let told = told.trim_end_matches('.');
    format!("{told}. Nothing was changed.")
}
