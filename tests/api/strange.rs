//! Whatever is sent, the answer is a sentence and never a fault.

use super::document::operations;
use crate::support::app::{Client, TestApp, on_each_engine};
use axum::body::Body;
use axum::http::{Method, Request};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

async fn must_be_in_words(client: &Client, method: &str, path: &str, kind: &str, body: &[u8]) {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header("content-type", kind)
        .body(Body::from(body.to_vec()))
        .unwrap();
    let answer = client.send(request).await;
    let what = format!("{method} {path} {}: {answer:?}", String::from_utf8_lossy(body));
    assert!(answer.status < 500, "{what}");
    if answer.status >= 400 {
        answer.problem();
        let told = answer.told().to_string();
        assert!(!told.contains("deskbell::") && !told.contains("src/"), "{what}");
    }
}

on_each_engine! {
    async fn no_address_and_no_body_is_a_fault(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await.to_string();
        let zero = "00000000-0000-0000-0000-000000000000";
        let ids = [id.as_str(), zero, "x", "%00", "%ff", "-1", "null", "../x", "%F0%9F%94%94", "1' OR '1'='1"];
        let bodies: Vec<Vec<u8>> = [
            "", "{", "[]", "null", "1", "\"x\"", "{}", "{\"text\":1}", "{\"text\":\"\\ud800\"}", "{\"text\":\"\\u0000\",\"seen\":0}",
            "{\"text\":\"x\",\"seen\":9223372036854775807}", "{\"text\":\"x\",\"seen\":1e400}", "{\"text\":\"x\",\"text\":\"y\"}",
            "{\"text\":\"x\",\"seen\":0,\"way\":\"x\"}", "{\"reason\":{}}", "{\"link\":[],\"email\":1}", "{\"unknown\":true}",
        ]
        .iter()
        .map(|body| body.as_bytes().to_vec())
        .chain([vec![0xff, 0xfe], vec![b'['; 100_000]])
        .collect();
        for (method, path, operation) in operations() {
            // Its own end is not a question of how it is asked.
            if path == "/live" || path == "/sessions/{id}" {
                continue;
            }
            let sent: &[Vec<u8>] = if operation["requestBody"].is_object() { &bodies } else { &bodies[..1] };
            for one in ids {
                let address = path.replace("{id}", &one.replace(' ', "%20")).replace("{message_id}", zero);
                for body in sent {
                    must_be_in_words(&ana, &method, &address, "application/json", body).await;
                }
                if !path.contains('{') {
                    break;
                }
            }
            if operation["requestBody"].is_object() {
                let address = path.replace("{id}", &id);
                must_be_in_words(&ana, &method, &address, "text/plain", b"{\"text\":\"x\"}").await;
                must_be_in_words(&ana, &method, &address, "application/json; charset=utf-16", b"{}").await;
            }
        }
    }

    async fn no_question_is_a_fault(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let id = "019a0000-0000-7000-8000-000000000001";
        let foreign = ana.get("/held").await.json()["next"].clone();
        assert_eq!(foreign, Value::Null);
        for question in [
            "view=none", "view=", "view=mine&view=done", "desk=x", "channel=%00", "limit=0", "limit=201", "limit=-1", "limit=x",
            "limit=99999999999999999999", "cursor=", "cursor=x", "cursor=%ff", "cursor=WzEsImNvbnZlcnNhdGlvbnMiLFsxXV0",
            "cursor=WzEsImhlbGQiLFsxLCJ4Il1d", "order=up", "text=%00", "text=%F0%9F%94%94", "text=*", "text=%22", "text=a%20AND%20NOT",
            "text=%27%3B--", "text=NEAR(a)", "text=a:b", "text=^x", "text=%EF%BF%BF", "text=-",
        ] {
            for list in ["/conversations", "/held", &format!("/conversations/{id}")] {
                must_be_in_words(&ana, "GET", &format!("{list}?{question}"), "application/json", b"").await;
            }
        }
        // Understood, refused and not ignored.
        for (question, status) in [("limit=0", 422), ("limit=201", 422), ("cursor=x", 400), ("order=up", 400), ("view=none", 400)] {
            let refused = ana.get(&format!("/conversations?{question}")).await;
            assert_eq!(refused.status, status, "{question}");
            assert!(refused.problem().len() > 3);
        }
        for after in ["x", "-1", "99999999", "1.5"] {
            let refused = ana.get(&format!("/live?after={after}")).await;
            assert!((400..500).contains(&refused.status), "{after}");
            refused.problem();
        }
    }
}

#[test]
fn nothing_that_anybody_types_is_a_fault() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let app = runtime.block_on(TestApp::sqlite()).expect("a file");
    let ana = runtime.block_on(app.signed_in(&app.ana));
    let id = runtime.block_on(app.patron_asks("Amara Osei", "Is the library open on Sunday?"));
    let mut runner = TestRunner::new(Config { cases: 200, ..Config::default() });
    runner
        .run(&(".{0,60}", "[ -~]{0,60}", any::<i64>()), |(text, cursor, number)| {
            let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            let cursor: String = url::form_urlencoded::byte_serialize(cursor.as_bytes()).collect();
            runtime.block_on(async {
                for path in [
                    format!("/conversations?text={encoded}"),
                    format!("/conversations?cursor={cursor}"),
                    format!("/conversations?limit={number}"),
                    format!("/conversations/{id}?before={cursor}"),
                    format!("/held?cursor={cursor}&channel={encoded}"),
                    format!("/messages/{encoded}/frame"),
                ] {
                    let answer = ana.get(&path).await;
                    assert!(answer.status < 500, "{path}: {answer:?}");
                    if answer.status >= 400 {
                        answer.problem();
                    }
                }
                let note = ana
                    .ask(Method::POST, &format!("/conversations/{id}/notes"), Some(json!({ "text": text })))
                    .await;
                assert!(note.status < 500, "{text:?}: {note:?}");
            });
            Ok(())
        })
        .unwrap();
}
