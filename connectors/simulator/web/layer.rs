//! What stands between a client and what the platform can do: the book, and the faults.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::cord::Cord;
use super::entry::{Asked, Entry, words};
use super::{Front, Manners, WebFault};
use crate::simulator::Fault;

const SLOW: Duration = Duration::from_secs(2);
const MAX_REQUEST_BYTES: usize = 64 << 20;

/// Put into a response's extensions: its body does not end, so it is passed on as it comes and not written down.
#[derive(Clone, Copy, Debug)]
pub struct Streaming;

struct Threshold<Own> {
    front: Front<Own>,
    manners: Arc<dyn Manners>,
}

/// The router with everything in front of it.
pub fn around<Own>(router: Router, front: Front<Own>, manners: Arc<dyn Manners>) -> Router
where
    Own: Clone + Serialize + Send + Sync + 'static,
{
    router.layer(from_fn_with_state(Arc::new(Threshold { front, manners }), pass::<Own>))
}

async fn pass<Own>(
    State(threshold): State<Arc<Threshold<Own>>>,
    ConnectInfo(cord): ConnectInfo<Cord>,
    request: Request,
    next: Next,
) -> Response
where
    Own: Clone + Serialize + Send + Sync + 'static,
{
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_REQUEST_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let kind = format!("{} {}", head.method, head.uri.path());
    threshold.front.ledger.tally(&kind);
    let mut asked = seen(&head, &body);
    let strikes = |fault: WebFault| {
        threshold.manners.can_meet(fault, &head)
            && threshold.front.faults.strikes(
                fault,
                threshold.manners.place(&head),
                threshold.manners.account(&head).as_deref(),
            )
    };
    if strikes(WebFault::Reset) {
        threshold.unanswered(asked, WebFault::Reset);
        cord.pull();
        return StatusCode::NO_CONTENT.into_response();
    }
    if strikes(WebFault::Silent) {
        threshold.unanswered(asked, WebFault::Silent);
        threshold.front.stage.stop.cancelled().await;
        cord.pull();
        return StatusCode::NO_CONTENT.into_response();
    }
    if let Some(fault) = WebFault::REFUSALS.iter().copied().find(|fault| strikes(*fault)) {
        let response = threshold.manners.refusal(fault, &head);
        asked.fault = Some(fault.name().to_owned());
        return threshold.answered(asked, response).await.0;
    }
    if strikes(WebFault::Nonsense) {
        asked.fault = Some(WebFault::Nonsense.name().to_owned());
        let page = [(header::CONTENT_TYPE, "text/html")];
        let response = (page, "<!doctype html><title>Welcome</title><p>It works!").into_response();
        return threshold.answered(asked, response).await.0;
    }
    let late = [WebFault::Lost, WebFault::Mute, WebFault::Half, WebFault::Slow];
    let late = late.into_iter().find(|fault| strikes(*fault));
    asked.fault = late.map(|fault| fault.name().to_owned());
    let response = next.run(Request::from_parts(head, Body::from(body))).await;
    let (response, bytes) = threshold.answered(asked, response).await;
    match (late, bytes) {
        (Some(WebFault::Lost), _) => {
            cord.pull();
            response
        }
        (Some(WebFault::Mute), _) => {
            // Who hangs up ends this; who never does waits until the platform stops.
            threshold.front.stage.stop.cancelled().await;
            cord.pull();
            response
        }
        (Some(WebFault::Half), Some(bytes)) => half(response, &bytes),
        (Some(WebFault::Slow), _) => {
            tokio::select! {
                () = tokio::time::sleep(SLOW) => {}
                () = threshold.front.stage.stop.cancelled() => {}
            }
            response
        }
        _ => response,
    }
}

impl<Own: Clone + Serialize + Send + Sync + 'static> Threshold<Own> {
    /// Writes the exchange down; the body is given as well, unless it never ends.
    async fn answered(&self, mut asked: Asked, mut response: Response) -> (Response, Option<Bytes>) {
        // By the platform's clock, which need not be the machine's.
        let now = jiff::Timestamp::from_millisecond(self.front.now()).unwrap_or_default();
        let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
        if let Some(date) = date.ok().and_then(|date| HeaderValue::try_from(date).ok()) {
            response.headers_mut().insert(header::DATE, date);
        }
        asked.status = Some(response.status().as_u16());
        if response.extensions().get::<Streaming>().is_some() {
            self.front.ledger.write(Entry::Asked(asked));
            return (response, None);
        }
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        asked.answer = words(&bytes);
        self.front.ledger.write(Entry::Asked(asked));
        (Response::from_parts(head, Body::from(bytes.clone())), Some(bytes))
    }

    fn unanswered(&self, mut asked: Asked, fault: WebFault) {
        asked.fault = Some(fault.name().to_owned());
        self.front.ledger.write(Entry::Asked(asked));
    }
}

fn seen(head: &Parts, body: &Bytes) -> Asked {
    let shown = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = head.headers.iter().map(|(name, value)| match name {
        &header::AUTHORIZATION => {
            let scheme = shown(value).split(' ').next().unwrap_or_default().to_owned();
            (name.to_string(), scheme)
        }
        _ => (name.to_string(), shown(value)),
    });
    Asked {
        method: head.method.to_string(),
        target: head.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        headers: headers.collect(),
        body: words(body),
        fault: None,
        status: None,
        answer: String::new(),
    }
}

/// The first half of the body, under a head that promises all of it.
fn half(response: Response, bytes: &Bytes) -> Response {
    let (mut head, _) = response.into_parts();
    head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len().max(2)));
    let first = bytes.slice(..bytes.len() / 2);
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    Response::from_parts(head, Body::from_stream(futures::stream::iter([Ok(first), Err(broken)])))
}
