//! `/hooks/{channel}`: where platforms call. No session stands here: whoever calls proves itself to the connector, by the
//! raw bytes. Everything a call brings is kept before it is answered.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use connectors::contract::{Received, Receiving, Reply};
use uuid::Uuid;

use super::Http;
use super::input::Path;
use super::problem::{Problem, Result};
use crate::app::App;
use crate::channel::budget;
use crate::channel::roster::HOOKS;
use crate::error::Error;
use crate::failpoint::{self, At};
use crate::inbound::Together;

/// No platform sends more in one call.
const LARGEST_BODY: usize = 4 * 1024 * 1024;

pub(super) fn routes() -> Router<Http> {
    let call = get(call).post(call).layer(DefaultBodyLimit::max(LARGEST_BODY));
    Router::new().route(&format!("{HOOKS}/{{id}}"), call)
}

async fn call(
    State(app): State<App>,
    State(together): State<Together>,
    Path(channel): Path<Uuid>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response> {
    let open = app.roster.get(channel).ok_or(Error::Missing("channel"))?;
    let webhook = open.channel.webhook().ok_or(Error::Missing("channel that is called"))?;
    let url = public_url(&app, &uri, &headers);
    let named: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let request = Receiving {
        // What is answered to HEAD is what GET would be answered, without its body.
        method: if method == Method::POST { "POST" } else { "GET" },
        url: &url,
        headers: &named,
        body: &body,
        now: app.clock.now(),
    };
    let Received { reply, envelopes, cost } = webhook.receive(&request).map_err(|refused| {
        tracing::warn!(channel = %open.row.name, %refused, "a call was refused");
        Problem::from(refused)
    })?;
    #[cfg(feature = "wrong-answer-first")]
    if crate::wrong::is("answer-first") {
        tokio::spawn(async move { together.accept(&app, &open.row, envelopes).await });
        return Ok(answer(reply));
    }
    if !envelopes.is_empty() {
        together.accept(&app, &open.row, envelopes).await?;
        failpoint::pass(At::CallKept);
    }
    budget::spend_reading(&app.roster, &open, cost).await?;
    Ok(answer(reply))
}

/// The address that the platform called, as it signs it: proxies change what arrives here.
fn public_url(app: &App, uri: &Uri, headers: &HeaderMap) -> String {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    if let Some(base) = &app.config.public_url {
        return format!("{}{path}", base.as_str().trim_end_matches('/'));
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = if text("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    format!("{scheme}://{}{path}", text(header::HOST.as_str()).unwrap_or("localhost"))
}

fn answer(reply: Option<Reply>) -> Response {
    let Some(Reply { content_type, body }) = reply else { return ().into_response() };
    ([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))], body).into_response()
}
