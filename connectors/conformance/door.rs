//! A door of ours on loopback: shakes hands as the channel says, and keeps each call unread, to be understood whenever a test
//! wants it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use super::Call;
use crate::contract::{Channel, Receiving};

/// Open until the test ends.
pub struct Door {
    /// Where the platform is to call.
    pub url: String,
    behind: Arc<Behind>,
}

#[derive(Default)]
struct Behind {
    /// Known once the channel is open, which must be told the address first.
    channel: OnceLock<Arc<dyn Channel>>,
    calls: Mutex<Vec<Call>>,
}

impl Door {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has free ports");
        let address: SocketAddr = listener.local_addr().expect("it listens");
        let behind = Arc::new(Behind::default());
        let router = Router::new().fallback(answer).with_state((address, behind.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url: format!("http://{address}/hooks/7"), behind }
    }

    /// This channel answers from now on.
    pub fn belongs_to(&self, channel: Arc<dyn Channel>) {
        assert!(self.behind.channel.set(channel).is_ok(), "a door has one channel");
    }

    /// The calls since they were asked for last.
    pub fn take(&self) -> Vec<Call> {
        std::mem::take(&mut *self.behind.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn answer(
    State((address, behind)): State<(SocketAddr, Arc<Behind>)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let text = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let url = format!("http://{address}{uri}");
    let headers = headers.iter().map(text).collect();
    if method == Method::POST {
        let call = Call { url, headers, body: body.to_vec(), signature: "" };
        behind.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        return StatusCode::OK.into_response();
    }
    let request = Receiving { method: "GET", url: &url, headers: &headers, body: &body, now: 0 };
    let webhook = behind.channel.get().and_then(|channel| channel.webhook());
    match webhook.map(|webhook| webhook.receive(&request)) {
        Some(Ok(received)) => received.reply.map(|reply| reply.body).unwrap_or_default().into_response(),
        _ => StatusCode::FORBIDDEN.into_response(),
    }
}
