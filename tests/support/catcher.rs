//! Another program that is called by our webhooks: it remembers every call and answers as it was told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

/// One call.
#[derive(Clone, Debug)]
pub struct Heard {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The program; gone with this value.
pub struct Catcher {
    pub port: u16,
    shared: Arc<Shared>,
    serving: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    heard: Mutex<Vec<Heard>>,
    answers: Mutex<VecDeque<u16>>,
}

impl Catcher {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let shared = Arc::new(Shared::default());
        let routes = Router::new().fallback(hear).with_state(shared.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.expect("serves") });
        Self { port, shared, serving }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/desk?key=in-the-address", self.port)
    }

    /// The next calls are answered with these; those after them with 200.
    pub fn answer(&self, statuses: &[u16]) {
        *self.shared.answers.lock().unwrap() = statuses.iter().copied().collect();
    }

    /// Every call so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }
}

impl Drop for Catcher {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn hear(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    shared.heard.lock().unwrap().push(Heard { path: uri.path().to_owned(), headers, body });
    let status = shared.answers.lock().unwrap().pop_front().unwrap_or(200);
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [(header::LOCATION, "/elsewhere")], "x".repeat(100_000))
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The event's number.
    pub fn seq(&self) -> i64 {
        self.json()["data"]["seq"].as_i64().expect("a number")
    }

    /// Whether the call is signed with this secret, worked out from the words of RFC 2104.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let mut key = BASE64.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
        assert!(key.len() <= 64, "longer keys would be hashed first");
        key.resize(64, 0);
        let pad = |with: u8| -> Vec<u8> { key.iter().map(|byte| byte ^ with).collect() };
        let signed =
            [self.id().as_bytes(), b".", self.header("webhook-timestamp").as_bytes(), b".", &self.body]
                .concat();
        let inner = Sha256::digest([pad(0x36), signed].concat());
        let outer = Sha256::digest([&pad(0x5c)[..], &inner[..]].concat());
        self.header("webhook-signature") == format!("v1,{}", BASE64.encode(outer))
    }
}
