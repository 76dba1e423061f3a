//! Stands where the library would and writes down a simulated platform's calls as they come, signature and all, so that
//! they can be made again as fast as one likes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::Query;
use axum::http::{HeaderMap, Uri};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Headers that a connection or its sender makes anew.
const NOT_KEPT: [&str; 4] = ["host", "connection", "content-length", "transfer-encoding"];

/// A call as it came.
#[derive(Clone, Debug)]
pub struct Call {
    path: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Call {
    /// As it goes over the wire.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut head = format!("POST {} HTTP/1.1\r\nhost: bench\r\n", self.path);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        [head.as_bytes(), &self.body].concat()
    }
}

/// Listens on loopback.
pub struct Recorder {
    /// Where, without a slash at the end.
    pub url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    stop: CancellationToken,
}

impl Recorder {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let noting = calls.clone();
        let note = move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let kept = headers.iter().filter(|(name, _)| !NOT_KEPT.contains(&name.as_str()));
            let headers =
                kept.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
            noting.lock().unwrap().push(Call { path: uri.path().to_owned(), headers, body });
            std::future::ready(())
        };
        // Whoever is asked whether it listens repeats a word.
        let shake_hands = |Query(asked): Query<HashMap<String, String>>| async move {
            asked.get("hub.challenge").cloned().unwrap_or_default()
        };
        let router = Router::new().fallback(get(shake_hands).post(note));
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(stopped).await });
        Self { url, calls, stop }
    }

    /// What came.
    pub fn finish(self) -> Vec<Call> {
        self.stop.cancel();
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}
