use super::document::operations;
use crate::support::app::{Answer, PASSWORD, TestApp, on_each_engine};
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

const SOMEWHERE: &str = "019a0000-0000-7000-8000-000000000001";

/// An address that fits a path of the document.
fn fill(path: &str) -> String {
    path.replace("{id}", SOMEWHERE).replace("{message_id}", SOMEWHERE)
}

/// Whether the document says that anybody may ask.
fn is_open(operation: &serde_json::Value) -> bool {
    operation["security"].as_array().is_none_or(|ways| ways.iter().any(|way| way == &json!({})))
}

fn assert_guarded(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src"), "{what}: {policy}");
    assert!(policy.contains("frame-ancestors"), "{what}: {policy}");
    assert!(!policy.contains("script-src 'unsafe") && !policy.contains('*'), "{what}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{what}");
    assert!(["same-origin", "no-referrer"].contains(&answer.header("referrer-policy")), "{what}");
    assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
    assert!(["DENY", "SAMEORIGIN"].contains(&answer.header("x-frame-options")), "{what}");
    assert!(!answer.header("cache-control").is_empty(), "{what}");
    assert!(!answer.header("x-request-id").is_empty(), "{what}");
}

on_each_engine! {
    async fn every_route_is_closed_to_strangers_and_guarded(app: TestApp) {
        let (stranger, ana) = (app.stranger(), app.signed_in(&app.ana).await);
        let mut closed = 0;
        for (method, path, operation) in operations() {
            let what = format!("{method} {path}");
            let method: Method = method.parse().unwrap();
            let body = operation["requestBody"].is_object().then(|| json!({}));
            let refused = stranger.ask(method.clone(), &fill(&path), body.clone()).await;
            assert_guarded(&refused, &what);
            if is_open(&operation) {
                assert_ne!(refused.status, 401, "{what}");
            } else {
                closed += 1;
                assert_eq!((refused.status, refused.problem().as_str()), (401, "signed-out"), "{what}");
            }
            if path == "/live" || what == "DELETE /sessions/{id}" {
                continue;
            }
            let answer = ana.ask(method, &fill(&path), body).await;
            assert_guarded(&answer, &what);
            assert!(answer.status < 500 && answer.status != 401, "{what}: {answer:?}");
            if answer.status >= 400 {
                answer.problem();
            }
        }
        assert_eq!(closed, operations().len() - 3, "open: signing in, /health and the document");
    }

    async fn another_site_changes_nothing(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let ana = app.signed_in(&app.ana).await;
        let claim = |headers: &[(&'static str, &'static str)]| {
            let mut client = ana.clone();
            for (name, value) in headers {
                client.headers.insert(*name, value.parse().unwrap());
            }
            async move { client.put(&format!("/conversations/{id}/claim"), json!({})).await }
        };
        for from_elsewhere in [
            [("sec-fetch-site", "cross-site")].as_slice(),
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "http://desk.example.evil.example")],
            &[("origin", "http://desk.example:8080")],
        ] {
            let refused = claim(from_elsewhere).await;
            assert_eq!((refused.status, refused.problem().as_str()), (403, "cross-site"), "{from_elsewhere:?}");
            assert_guarded(&refused, "cross-site");
        }
        let stranger = {
            let mut browser = app.stranger();
            browser.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
            browser.post("/sessions", json!({ "email": app.ana.email, "password": PASSWORD })).await
        };
        assert_eq!(stranger.status, 403, "nor does it sign anybody in");
        assert!(ana.get(&format!("/conversations/{id}")).await.json()["owner_id"].is_null());

        for from_here in [
            [("sec-fetch-site", "same-origin")].as_slice(),
            &[("origin", "http://desk.example")],
            &[],
        ] {
            assert_eq!(claim(from_here).await.status, 200, "{from_here:?}");
        }
    }
}

#[tokio::test]
async fn the_page_is_given_under_its_own_policy() {
    let app = TestApp::sqlite().await.expect("a file");
    let stranger = app.stranger();
    let get = |path: &'static str| {
        let stranger = stranger.clone();
        async move { stranger.send(Request::get(path).body(Body::empty()).unwrap()).await }
    };
    for path in [
        "/",
        "/sign-in?link=abc",
        "/q/unclaimed/123",
        "/index.html",
        "/../../etc/passwd",
        "/%2e%2e/Cargo.toml",
    ] {
        let page = get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert!(page.body.starts_with(b"<!doctype html>"), "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'self'; script-src 'self'; style-src 'self';"), "{policy}");
        assert_guarded(&page, path);
    }
    let page = get("/").await;
    let known = Request::get("/").header("if-none-match", page.header("etag")).body(Body::empty()).unwrap();
    assert_eq!(stranger.send(known).await.status, 304);

    for path in ["/assets/none.js", "/api", "/api/v2/me", "/api/v1/none", "/api/v1"] {
        let missing = get(path).await;
        assert_eq!((missing.status, missing.problem().as_str()), (404, "missing"), "{path}");
        assert_guarded(&missing, path);
    }
    let posted = stranger.send(Request::post("/").body(Body::empty()).unwrap()).await;
    assert_eq!((posted.status, posted.problem().as_str()), (405, "method"));
    let posted = stranger.ask(Method::PATCH, "/me", None).await;
    assert_eq!((posted.status, posted.problem().as_str()), (405, "method"));
    assert!(posted.header("allow").contains("GET"));
}

#[tokio::test]
async fn what_is_long_is_compressed_and_what_must_not_be_is_not() {
    let app = TestApp::sqlite().await.expect("a file");
    let mut client = app.stranger();
    client.headers.insert("accept-encoding", "br, gzip".parse().unwrap());
    assert!(["br", "gzip"].contains(&client.get("/openapi.json").await.header("content-encoding")));
    assert_eq!(client.get("/health").await.header("content-encoding"), "");
}

#[tokio::test]
async fn a_body_too_large_is_refused() {
    let app = TestApp::sqlite().await.expect("a file");
    let ana = app.signed_in(&app.ana).await;
    let refused = ana
        .post(&format!("/conversations/{SOMEWHERE}/notes"), json!({ "text": "x".repeat(1_100_000) }))
        .await;
    assert_eq!((refused.status, refused.problem().as_str()), (413, "too-large"));
    assert_guarded(&refused, "too large");
}

#[tokio::test]
async fn a_store_that_is_gone_is_a_sentence() {
    let app = TestApp::sqlite().await.expect("a file");
    let ana = app.signed_in(&app.ana).await;
    app.db.close().await;
    for path in ["/conversations", "/staff", "/health"] {
        let refused = ana.get(path).await;
        assert_eq!((refused.status, refused.problem().as_str()), (503, "store"), "{path}");
        assert!(!refused.told().to_string().to_lowercase().contains("pool"), "{path}");
    }
}
