//! Files by the hash of their bytes, in a folder and in a bucket.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use deskbell::store::blobs::{Blobs, Bucket};

/// SHA-256 of the three letters (FIPS 180-4, appendix).
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

async fn keeps_finds_and_refuses(blobs: &Blobs) {
    let abc = Bytes::from_static(b"abc");
    assert_eq!(blobs.put(&abc).await.unwrap(), ABC);
    assert_eq!(blobs.put(&abc).await.unwrap(), ABC, "the same bytes are kept once");
    assert_eq!(blobs.get(ABC).await.unwrap(), abc);
    assert!(blobs.has(ABC, 3).await.unwrap());
    assert!(!blobs.has(ABC, 4).await.unwrap(), "half of it is not it");
    let nothing = blobs.put(&Bytes::new()).await.unwrap();
    assert_eq!(blobs.get(&nothing).await.unwrap(), Bytes::new());
    let large = Bytes::from(vec![7_u8; 3_000_000]);
    let name = blobs.put(&large).await.unwrap();
    assert_eq!(blobs.get(&name).await.unwrap(), large);
    for name in ["", "..", "../../etc/passwd", "ba/../x", &ABC.replace("ba78", "0000"), &ABC[..63]] {
        assert!(!blobs.has(name, 3).await.unwrap(), "{name}");
        let sentence = blobs.get(name).await.unwrap_err().to_string();
        assert!(sentence.contains("could not be kept or found"), "{sentence}");
    }
}

/// Pieces as an upload brings them, more than one part of a bucket holds.
async fn keeps_what_comes_in_pieces(blobs: &Blobs) {
    let pieces: Vec<Bytes> = (0..12_u8).map(|at| Bytes::from(vec![at; 1_000_000])).collect();
    let mut writing = blobs.begin(uuid::Uuid::now_v7()).await.unwrap();
    for piece in &pieces {
        writing.push(piece.clone()).await.unwrap();
    }
    let name = writing.finish().await.unwrap();
    assert_eq!(blobs.get(&name).await.unwrap(), pieces.concat());
    assert!(blobs.has(&name, 12_000_000).await.unwrap());
    blobs.remove(&name).await.unwrap();
    assert!(!blobs.has(&name, 12_000_000).await.unwrap());
    blobs.remove(&name).await.unwrap();

    let given_up = uuid::Uuid::now_v7();
    let mut writing = blobs.begin(given_up).await.unwrap();
    writing.push(pieces[0].clone()).await.unwrap();
    writing.abort().await.unwrap();
    assert!(!blobs.has(&given_up.to_string(), 1_000_000).await.unwrap());
}

#[tokio::test]
async fn a_folder_takes_pieces() {
    let place = tempfile::tempdir().unwrap();
    keeps_what_comes_in_pieces(&Blobs::folder(place.path()).unwrap()).await;
}

/// Any server that speaks S3 and has a bucket `deskbell-test`: `DESKBELL_TEST_BUCKET=http://127.0.0.1:9000`, with the key in
/// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
#[tokio::test]
async fn a_bucket_of_somebody_elses_server() {
    let Ok(endpoint) = std::env::var("DESKBELL_TEST_BUCKET") else {
        eprintln!("skipped: DESKBELL_TEST_BUCKET names no server with a bucket to try");
        return;
    };
    let bucket = |secret| Bucket {
        endpoint: Some(endpoint.clone()),
        name: "deskbell-test".to_owned(),
        prefix: format!("run-{}", uuid::Uuid::now_v7()),
        region: "us-east-1".to_owned(),
        key_id: std::env::var("AWS_ACCESS_KEY_ID").expect("a key"),
        secret,
    };
    let secret = std::env::var("AWS_SECRET_ACCESS_KEY").expect("a key");
    let blobs = Blobs::bucket(&bucket(secret)).unwrap();
    keeps_finds_and_refuses(&blobs).await;
    keeps_what_comes_in_pieces(&blobs).await;
    let stranger = Blobs::bucket(&bucket("somebody else's".to_owned())).unwrap();
    assert!(stranger.put(&Bytes::from_static(b"abc")).await.is_err(), "a wrong secret keeps nothing");
}

#[tokio::test]
async fn a_folder_keeps_each_file_once_under_its_hash() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("made").join("blobs");
    let blobs = Blobs::folder(&folder).unwrap();
    keeps_finds_and_refuses(&blobs).await;
    assert_eq!(std::fs::read(folder.join("ba").join(ABC)).unwrap(), b"abc");
    let files: usize = std::fs::read_dir(&folder)
        .unwrap()
        .map(|sub| std::fs::read_dir(sub.unwrap().path()).unwrap().count())
        .sum();
    assert_eq!(files, 3, "nothing half written is left");
    // Cut short by hand, as a full disk might have: the next put mends it.
    std::fs::write(folder.join("ba").join(ABC), b"ab").unwrap();
    blobs.put(&Bytes::from_static(b"abc")).await.unwrap();
    assert_eq!(blobs.get(ABC).await.unwrap(), "abc");
}

#[tokio::test]
async fn many_at_once_keep_the_same_file() {
    let place = tempfile::tempdir().unwrap();
    let blobs = Blobs::folder(place.path()).unwrap();
    let bytes = Bytes::from(vec![1_u8; 100_000]);
    let puts = futures::future::join_all((0..40).map(|_| blobs.put(&bytes))).await;
    let name = puts.into_iter().map(Result::unwrap).reduce(|one, other| {
        assert_eq!(one, other);
        one
    });
    assert_eq!(blobs.get(&name.unwrap()).await.unwrap(), bytes);
}

/// Objects by their path, and whether each request was signed.
type Objects = Arc<Mutex<HashMap<String, Bytes>>>;

/// As much of S3 as keeping files needs: PUT, GET and HEAD of an object by its path.
async fn object(
    State(objects): State<Objects>,
    Path(path): Path<String>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let signed = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !signed.starts_with("AWS4-HMAC-SHA256 Credential=key/") {
        return StatusCode::FORBIDDEN.into_response();
    }
    if method == Method::PUT {
        objects.lock().unwrap().insert(path, body);
        return [("etag", HeaderValue::from_static("\"1\""))].into_response();
    }
    match objects.lock().unwrap().get(&path) {
        Some(bytes) => {
            let headers = [("etag", "\"1\""), ("last-modified", "Thu, 01 Oct 2026 12:00:00 GMT")];
            (headers, bytes.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[tokio::test]
async fn a_bucket_keeps_files_below_its_prefix() {
    let objects = Objects::default();
    let routes = Router::new()
        .route("/{*path}", any(object))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(objects.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, routes).await });
    let bucket = Bucket {
        endpoint: Some(endpoint),
        name: "harbour".to_owned(),
        prefix: "deskbell".to_owned(),
        region: "us-east-1".to_owned(),
        key_id: "key".to_owned(),
        secret: "not much of a secret".to_owned(),
    };
    keeps_finds_and_refuses(&Blobs::bucket(&bucket).unwrap()).await;
    let kept = objects.lock().unwrap().contains_key(&format!("harbour/deskbell/ba/{ABC}"));
    assert!(kept, "{:?}", objects.lock().unwrap().keys());
    server.abort();
}
