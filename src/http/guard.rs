//! What stands around every route: cross-site requests, sizes, times, panics, headers, compression, the record.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::csrf::CsrfLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

use super::problem::{self, Problem};
use super::{BASE, uploads};

/// The longest text that is taken is far below this.
const LARGEST_BODY: usize = 1024 * 1024;
const LONGEST: Duration = Duration::from_secs(30);
/// For a large file on a thin line; each of its pieces is waited for no longer than anything else.
const LONGEST_UPLOAD: Duration = Duration::from_secs(15 * 60);
/// Shorter answers fit one packet as they are.
const WORTH_COMPRESSING: u64 = 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const PAGE_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
     object-src 'none'";
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const NOT_ALLOWED_FEATURES: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

/// For what browsers ask: another site's page can change nothing with our visitor's session.
pub(super) fn same_site<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes.layer(CsrfLayer::new())
}

/// Puts everything around the routes, the outermost last.
pub(super) fn around(routes: Router, secure: bool) -> Router {
    routes
        .layer(CatchPanicLayer::custom(broken))
        .layer(middleware::from_fn(in_time))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::map_response(problem::in_words))
        .layer(
            CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(
                SizeAbove::new(WORTH_COMPRESSING)
                    // An event must leave when it happens, not when enough of them have gathered.
                    .and(NotForContentType::SSE)
                    .and(NotForContentType::IMAGES)
                    .and(NotForContentType::new("application/octet-stream")),
            ),
        )
        .layer(middleware::from_fn_with_state(secure, with_headers))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(middleware::from_fn(own_request_id))
}

/// The record names the route and not the address: a search has a patron's words in it, a sign-in its secret.
fn span(request: &Request) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or("-");
    tracing::info_span!("http", method = %request.method(), route, id)
}

/// A number for this request that nobody else chose: it goes to the log.
async fn own_request_id(mut request: Request, next: Next) -> Response {
    request.headers_mut().remove(REQUEST_ID);
    next.run(request).await
}

async fn in_time(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let longest = if uploads::takes_its_time(route) { LONGEST_UPLOAD } else { LONGEST };
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::of_status(StatusCode::GATEWAY_TIMEOUT).into_response(),
    }
}

fn broken(panic: Box<dyn Any + Send + 'static>) -> Response {
    let why = panic.downcast_ref::<String>().map(String::as_str);
    let why = why.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
    tracing::error!(why, "a fault in Deskbell");
    Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

async fn with_headers(State(secure): State<bool>, request: Request, next: Next) -> Response {
    let of_api = request.uri().path().starts_with(BASE);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut unless_set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    unless_set(header::CONTENT_SECURITY_POLICY, if of_api { API_POLICY } else { PAGE_POLICY });
    unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    unless_set(header::X_FRAME_OPTIONS, "DENY");
    unless_set(header::REFERRER_POLICY, "same-origin");
    unless_set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    unless_set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    unless_set(HeaderName::from_static("permissions-policy"), NOT_ALLOWED_FEATURES);
    // What a patron wrote stays in no cache, ours or a proxy's.
    unless_set(header::CACHE_CONTROL, "no-store");
    if secure {
        unless_set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// The API's own answer where it has no route; elsewhere the page decides.
pub(super) async fn nothing_here() -> Problem {
    Problem::of_status(StatusCode::NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt;

    async fn ask(path: &str) -> (Response, String) {
        let routes = Router::new()
            .route("/panics", get(|| async { panic!("a secret: {}", "hunter2") as () }))
            .route("/waits", get(std::future::pending::<()>))
            .route("/bare", get(|| async { StatusCode::SERVICE_UNAVAILABLE }));
        let request = Request::get(path).header(REQUEST_ID, "chosen by a stranger").body(Body::empty());
        let answer =
            around(routes, false).oneshot(request.expect("a request")).await.expect("always answers");
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, 1 << 20).await.expect("a body");
        (Response::from_parts(parts, Body::empty()), String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_may_arrive_slowly_and_nothing_else() {
        let slow = || async { tokio::time::sleep(LONGEST * 3).await };
        let api = Router::new().route("/uploads", get(slow)).route("/uploads/{id}", get(slow));
        let routes = around(Router::new().nest(BASE, api), false);
        for (path, status) in [("/api/v1/uploads", 200), ("/api/v1/uploads/1", 504)] {
            let request = Request::get(path).body(Body::empty()).expect("a request");
            assert_eq!(
                routes.clone().oneshot(request).await.expect("always answers").status(),
                status,
                "{path}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whatever_breaks_is_told_in_words_and_guarded() {
        for (path, status, kind) in [
            ("/panics", 500, "/problems/fault"),
            ("/waits", 504, "/problems/too-slow"),
            ("/bare", 503, "/problems/fault"),
            ("/none", 404, "/problems/missing"),
        ] {
            let (answer, body) = ask(path).await;
            assert_eq!(answer.status(), status, "{path}");
            assert!(body.contains(kind), "{path}: {body}");
            assert!(!body.contains("hunter2") && !body.contains("guard.rs"), "{body}");
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
            assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
            assert!(answer.headers().contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
            assert_ne!(answer.headers()[REQUEST_ID], "chosen by a stranger", "{path}");
        }
    }
}
