//! What a program's token lets it do.

use super::document::operations;
use crate::support::app::{TestApp, on_each_engine};
use axum::http::Method;
use deskbell::access::token;
use deskbell::model::people::Staff;
use deskbell::model::session::{Scope, Scopes, USED_EACH_MS};
use serde_json::{Value, json};
use uuid::Uuid;

/// What each operation demands: only what is here may be open to a token, and nothing that is here may be missing.
const AGREED: &[(&str, &[&str])] = &[
    (
        "read",
        &[
            "GET /attachments/{id}",
            "GET /blocks",
            "GET /channels",
            "GET /channels/kinds",
            "GET /conversations",
            "GET /conversations/{id}",
            "GET /conversations/{id}/draft",
            "GET /conversations/{id}/merge",
            "GET /desks",
            "GET /desks/{id}/away",
            "GET /desks/{id}/cascade",
            "GET /desks/{id}/hours",
            "GET /drafts",
            "GET /handoffs",
            "GET /health/intake",
            "GET /held",
            "GET /held/{id}/original",
            "GET /live",
            "GET /me",
            "GET /messages/{id}/frame",
            "GET /messages/{id}/original",
            "GET /patrons/{id}",
            "GET /patrons/{id}/conversations",
            "GET /patrons/{id}/union",
            "GET /presence",
            "GET /reports/waits",
            "GET /reviews",
            "GET /searches",
            "GET /sessions",
            "GET /staff",
            "GET /tags",
            "GET /uploads",
            "GET /views",
        ],
    ),
    (
        "answer",
        &[
            "DELETE /blocks/{id}",
            "DELETE /conversations/{id}/block",
            "DELETE /conversations/{id}/claim",
            "DELETE /conversations/{id}/closure",
            "DELETE /conversations/{id}/draft",
            "DELETE /conversations/{id}/merge",
            "DELETE /conversations/{id}/presence",
            "DELETE /conversations/{id}/replies/{message_id}",
            "DELETE /conversations/{id}/snooze",
            "DELETE /conversations/{id}/spam",
            "DELETE /conversations/{id}/tags/{tag_id}",
            "DELETE /conversations/{id}/urgent",
            "DELETE /conversations/{id}/watch",
            "DELETE /handoffs/{id}",
            "DELETE /patron-notes/{id}",
            "DELETE /patrons/{id}/union",
            "DELETE /reviews/{id}",
            "DELETE /searches/{id}",
            "DELETE /uploads/{id}",
            "POST /blocks",
            "POST /blocks/{id}/release",
            "POST /held/{id}/release",
            "POST /claims/next",
            "POST /conversations/{id}/handoffs",
            "POST /conversations/{id}/notes",
            "POST /conversations/{id}/passes",
            "POST /conversations/{id}/preview",
            "POST /conversations/{id}/replies",
            "POST /conversations/{id}/reviews",
            "POST /conversations/{id}/splits",
            "POST /patrons/{id}/notes",
            "POST /searches",
            "POST /uploads",
            "PUT /conversations/{id}/block",
            "PUT /conversations/{id}/claim",
            "PUT /conversations/{id}/closure",
            "PUT /conversations/{id}/draft",
            "PUT /conversations/{id}/merge",
            "PUT /conversations/{id}/needs",
            "PUT /conversations/{id}/presence",
            "PUT /conversations/{id}/spam",
            "PUT /conversations/{id}/tags/{tag_id}",
            "PUT /conversations/{id}/urgent",
            "PUT /conversations/{id}/snooze",
            "PUT /conversations/{id}/watch",
            "PUT /handoffs/{id}/acceptance",
            "PUT /handoffs/{id}/refusal",
            "PUT /me/presence",
            "PUT /patron-notes/{id}",
            "PUT /patrons/{id}",
            "PUT /patrons/{id}/union",
            "PUT /searches/{id}",
            "PUT /reviews/{id}/approval",
            "PUT /reviews/{id}/return",
        ],
    ),
    (
        "manage",
        &[
            "DELETE /channels/{id}",
            "DELETE /channels/{id}/pause",
            "DELETE /tags/{id}",
            "DELETE /desks/{id}/away",
            "DELETE /desks/{id}/closed-today",
            "DELETE /rules/{id}",
            "DELETE /rules/{id}/pause",
            "DELETE /sessions/{id}",
            "DELETE /tokens/{id}",
            "DELETE /webhooks/{id}",
            "DELETE /webhooks/{id}/pause",
            "GET /channels/{id}/settings",
            "GET /rules",
            "GET /signins/{id}",
            "GET /tokens",
            "GET /webhooks",
            "GET /webhooks/{id}/attempts",
            "PATCH /channels/{id}",
            "POST /channels",
            "POST /channels/{id}/checks",
            "POST /channels/{id}/signin",
            "POST /desks/{id}/away/preview",
            "POST /desks/{id}/calendar",
            "POST /rules",
            "POST /rules/trials",
            "POST /signins",
            "POST /tags",
            "POST /webhooks",
            "POST /webhooks/{id}/attempts",
            "PUT /channels/{id}/pause",
            "PUT /desks/{id}/away",
            "PUT /desks/{id}/cascade",
            "PUT /desks/{id}/closed-today",
            "PUT /library/head-start",
            "PUT /library/reply-policy",
            "PUT /rules/order",
            "PUT /rules/{id}",
            "PUT /rules/{id}/pause",
            "PUT /signins/{id}/choice",
            "PUT /staff/{id}/abilities",
            "PUT /staff/{id}/review",
            "PUT /webhooks/{id}/pause",
        ],
    ),
];

/// Open to anybody.
const OPEN: &[&str] = &["GET /health", "GET /openapi.json", "POST /sessions"];

fn demanded(route: &str) -> Option<&'static str> {
    AGREED.iter().find(|(_, routes)| routes.contains(&route)).map(|(scope, _)| *scope)
}

async fn token(app: &TestApp, of: &Staff, scopes: &[Scope]) -> (Uuid, String) {
    let made = token::make_limited(&app.access, of.id, "a program", Scopes::of(scopes), None).await;
    let (row, secret) = made.unwrap();
    (row.id, secret)
}

#[test]
fn the_document_names_the_scope_of_every_operation() {
    for (method, path, operation) in operations() {
        let route = format!("{method} {path}");
        let ways = operation["security"].as_array().expect("how to prove who one is");
        let named = ways.iter().find_map(|way| way["token"].as_array());
        let named = named.map(|scopes| scopes.iter().filter_map(Value::as_str).collect::<Vec<_>>());
        if OPEN.contains(&route.as_str()) {
            assert_eq!(named, None, "{route}");
            continue;
        }
        let scope = demanded(&route).unwrap_or_else(|| panic!("{route}: say here which scope it demands"));
        assert_eq!(named, Some(vec![scope]), "{route}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_is_closed_to_a_token_without_its_scope_and_open_to_one_with_it() {
    let app = TestApp::sqlite().await.expect("a file");
    let each = [Scope::Read, Scope::Answer, Scope::Manage];
    let mut tried = 0;
    for (method, path, _) in operations() {
        let route = format!("{method} {path}");
        let Some(needed) = demanded(&route) else { continue };
        let needed: Scope = needed.parse().unwrap();
        let others: Vec<Scope> = each.into_iter().filter(|scope| *scope != needed).collect();
        let nobody = Uuid::nil().to_string();
        let address = path.replace("{id}", &nobody).replace("{message_id}", &nobody);
        for (scopes, open) in [(&others[..], false), (&[needed][..], true)] {
            let (_, secret) = token(&app, &app.ada, scopes).await;
            let program = app.stranger().with_token(&secret);
            let method: Method = method.parse().unwrap();
            let body = (method != Method::GET && method != Method::DELETE).then(|| json!({}));
            let request = axum::http::Request::builder().method(method).uri(format!("/api/v1{address}"));
            let request = match &body {
                Some(body) => request
                    .header("content-type", "application/json")
                    .body(axum::body::Body::from(body.to_string())),
                None => request.body(axum::body::Body::empty()),
            };
            // `/live` has no end: the head of its answer is enough.
            let answer = program.open(request.unwrap()).await;
            let status = answer.status().as_u16();
            if open {
                assert!(![401, 403].contains(&status), "{route} with {scopes:?}: {status}");
            } else {
                assert_eq!(status, 403, "{route} with {scopes:?}");
                let told = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
                let told: Value = serde_json::from_slice(&told).unwrap();
                assert_eq!(told["type"], "/problems/scope", "{route}");
                assert_eq!(told["scope"], json!(needed), "{route}");
                assert!(told["detail"].as_str().unwrap().contains(needed.as_str()));
            }
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

on_each_engine! {
    async fn a_token_gives_no_more_than_its_person_may(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Hello?").await;
        let all = [Scope::Read, Scope::Answer, Scope::Manage];
        let vera = app.stranger().with_token(&token(&app, &app.vera, &all).await.1);
        assert_eq!(vera.put(&format!("/conversations/{id}/claim"), json!({})).await.problem(), "not-allowed");
        assert_eq!(vera.get("/webhooks").await.problem(), "not-allowed");
        assert_eq!(vera.get("/me").await.status, 200);
        let limited = app.stranger().with_token(&token(&app, &app.ana, &[Scope::Answer]).await.1);
        assert_eq!(limited.put(&format!("/conversations/{id}/claim"), json!({})).await.status, 200);
        assert_eq!(limited.get(&format!("/conversations/{id}")).await.problem(), "scope");
        assert_eq!(app.stranger().with_token(&token(&app, &app.ana, &[]).await.1).get("/me").await.problem(), "scope");
        let metrics = |secret: String| {
            let program = app.stranger().with_token(&secret);
            let request = axum::http::Request::get("/metrics").body(axum::body::Body::empty()).unwrap();
            async move { program.send(request).await.status }
        };
        assert_eq!(metrics(token(&app, &app.ana, &[Scope::Read]).await.1).await, 200);
        assert_eq!(metrics(token(&app, &app.ana, &[Scope::Manage]).await.1).await, 403);
    }

    async fn tokens_are_seen_and_taken_back_by_their_owners_and_admins(app: TestApp) {
        let (row, secret) = token(&app, &app.ana, &[Scope::Read]).await;
        let (other, _) = token(&app, &app.bryan, &[Scope::Read]).await;
        let (ana, ada) = (app.signed_in(&app.ana).await, app.signed_in(&app.ada).await);
        let listed = ana.get("/tokens").await.json();
        let ids: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|token| &token["id"]).collect();
        assert_eq!(ids, [&json!(row)]);
        assert_eq!(listed["items"][0]["scopes"], json!(["read"]));
        assert!(!listed.to_string().contains(&secret));
        assert_eq!(ada.get("/tokens").await.json()["items"].as_array().unwrap().len(), 2);
        assert_eq!(ana.delete(&format!("/tokens/{other}")).await.status, 404, "it is not hers");
        assert_eq!(ana.delete(&format!("/tokens/{row}")).await.status, 204);
        assert_eq!(app.stranger().with_token(&secret).get("/me").await.status, 401);
        assert_eq!(ana.delete(&format!("/tokens/{row}")).await.status, 404);
        assert_eq!(ada.delete(&format!("/tokens/{other}")).await.status, 204);
    }

    async fn a_token_ends_on_its_day_and_says_to_the_hour_when_it_was_used(app: TestApp) {
        let ends = app.clock.now() + 5 * USED_EACH_MS;
        let made = token::make_limited(&app.access, app.ana.id, "a program", Scopes::all(), Some(ends)).await;
        let program = app.stranger().with_token(&made.unwrap().1);
        let ana = app.signed_in(&app.ana).await;
        let begun = app.clock.now();
        for minutes in [0, 20, 39, 1, 30] {
            app.clock.advance(minutes * 60_000);
            assert_eq!(program.get("/me").await.status, 200);
            let hour = begun + (app.clock.now() - begun) / USED_EACH_MS * USED_EACH_MS;
            crate::support::until("its use is noted", || async {
                let mut conn = app.db.read().await.unwrap();
                let rows = deskbell::store::sessions::tokens_of(&mut conn, app.ana.id).await.unwrap();
                rows[0].last_used_at == Some(hour)
            })
            .await;
        }
        app.clock.advance(ends - app.clock.now() - 1);
        assert_eq!(program.get("/me").await.status, 200);
        app.clock.advance(1);
        assert_eq!(program.get("/me").await.problem(), "signed-out");
        assert!(ana.get("/tokens").await.json()["items"][0]["expires_at"].is_string());
    }
}
