use std::collections::{BTreeMap, HashSet};

use crate::support::app::TestApp;
use serde_json::Value;

/// Every operation that the document names: method, path, itself.
pub fn operations() -> Vec<(String, String, Value)> {
    let document: Value = serde_json::from_str(&deskbell::http::openapi()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").clone();
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            all.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    all
}

/// The routes as they were agreed with the page.
const AGREED: &[&str] = &[
    "DELETE /blocks/{id}",
    "DELETE /channels/{id}",
    "DELETE /channels/{id}/pause",
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
    "DELETE /desks/{id}/away",
    "DELETE /desks/{id}/closed-today",
    "DELETE /handoffs/{id}",
    "DELETE /patron-notes/{id}",
    "DELETE /patrons/{id}/union",
    "DELETE /reviews/{id}",
    "DELETE /rules/{id}",
    "DELETE /rules/{id}/pause",
    "DELETE /searches/{id}",
    "DELETE /sessions/{id}",
    "DELETE /tags/{id}",
    "DELETE /tokens/{id}",
    "DELETE /uploads/{id}",
    "DELETE /webhooks/{id}",
    "DELETE /webhooks/{id}/pause",
    "GET /attachments/{id}",
    "GET /blocks",
    "GET /channels",
    "GET /channels/kinds",
    "GET /channels/{id}/settings",
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
    "GET /health",
    "GET /health/intake",
    "GET /held",
    "GET /held/{id}/original",
    "GET /live",
    "GET /me",
    "GET /messages/{id}/frame",
    "GET /messages/{id}/original",
    "GET /openapi.json",
    "GET /patrons/{id}",
    "GET /patrons/{id}/conversations",
    "GET /patrons/{id}/union",
    "GET /presence",
    "GET /reports/waits",
    "GET /reviews",
    "GET /rules",
    "GET /searches",
    "GET /sessions",
    "GET /signins/{id}",
    "GET /staff",
    "GET /tags",
    "GET /tokens",
    "GET /uploads",
    "GET /views",
    "GET /webhooks",
    "GET /webhooks/{id}/attempts",
    "PATCH /channels/{id}",
    "POST /blocks",
    "POST /blocks/{id}/release",
    "POST /channels",
    "POST /channels/{id}/checks",
    "POST /channels/{id}/signin",
    "POST /claims/next",
    "POST /conversations/{id}/handoffs",
    "POST /conversations/{id}/notes",
    "POST /conversations/{id}/passes",
    "POST /conversations/{id}/preview",
    "POST /conversations/{id}/replies",
    "POST /conversations/{id}/reviews",
    "POST /conversations/{id}/splits",
    "POST /desks/{id}/away/preview",
    "POST /desks/{id}/calendar",
    "POST /held/{id}/release",
    "POST /patrons/{id}/notes",
    "POST /rules",
    "POST /rules/trials",
    "POST /searches",
    "POST /sessions",
    "POST /signins",
    "POST /tags",
    "POST /uploads",
    "POST /webhooks",
    "POST /webhooks/{id}/attempts",
    "PUT /channels/{id}/pause",
    "PUT /conversations/{id}/block",
    "PUT /conversations/{id}/claim",
    "PUT /conversations/{id}/closure",
    "PUT /conversations/{id}/draft",
    "PUT /conversations/{id}/merge",
    "PUT /conversations/{id}/needs",
    "PUT /conversations/{id}/presence",
    "PUT /conversations/{id}/snooze",
    "PUT /conversations/{id}/spam",
    "PUT /conversations/{id}/tags/{tag_id}",
    "PUT /conversations/{id}/urgent",
    "PUT /conversations/{id}/watch",
    "PUT /desks/{id}/away",
    "PUT /desks/{id}/cascade",
    "PUT /desks/{id}/closed-today",
    "PUT /handoffs/{id}/acceptance",
    "PUT /handoffs/{id}/refusal",
    "PUT /library/head-start",
    "PUT /library/reply-policy",
    "PUT /me/presence",
    "PUT /patron-notes/{id}",
    "PUT /patrons/{id}",
    "PUT /patrons/{id}/union",
    "PUT /reviews/{id}/approval",
    "PUT /reviews/{id}/return",
    "PUT /rules/order",
    "PUT /rules/{id}",
    "PUT /rules/{id}/pause",
    "PUT /searches/{id}",
    "PUT /signins/{id}/choice",
    "PUT /staff/{id}/abilities",
    "PUT /staff/{id}/review",
    "PUT /webhooks/{id}/pause",
];

#[test]
fn the_document_has_every_route_and_no_other() {
    let mut routes: Vec<String> =
        operations().into_iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    routes.sort();
    assert_eq!(routes, AGREED);
}

#[test]
fn the_document_is_whole() {
    let text = deskbell::http::openapi();
    assert_eq!(text, deskbell::http::openapi(), "the same each time");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert!(document["openapi"].as_str().expect("a version").starts_with("3.1"));
    assert_eq!(document["info"]["title"], "Deskbell");
    assert_eq!(document["servers"][0]["url"], "/api/v1");

    let mut ids = HashSet::new();
    for (method, path, operation) in operations() {
        let id = operation["operationId"].as_str().expect("an id");
        assert!(ids.insert(id.to_owned()), "{id} is there twice");
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{method} {path}");
        assert!(operation["responses"]["default"]["content"]["application/problem+json"].is_object());
        let named: HashSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let told = operation["parameters"].as_array().into_iter().flatten();
        let told: HashSet<&str> =
            told.filter(|one| one["in"] == "path").filter_map(|one| one["name"].as_str()).collect();
        assert_eq!(told, named, "{method} {path}");
    }

    // What is referred to is there, and what is there is referred to.
    let mut referred = BTreeMap::new();
    references(&document, &mut referred);
    let schemas: HashSet<String> =
        document["components"]["schemas"].as_object().expect("schemas").keys().cloned().collect();
    let missing: Vec<_> = referred.keys().filter(|name| !schemas.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let idle: Vec<_> = schemas.iter().filter(|name| !referred.contains_key(*name)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

fn references(value: &Value, found: &mut BTreeMap<String, usize>) {
    match value {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
                let name = name.strip_prefix("#/components/schemas/").expect("only schemas are referred to");
                *found.entry(name.to_owned()).or_default() += 1;
            }
            fields.values().for_each(|one| references(one, found));
        }
        Value::Array(items) => items.iter().for_each(|one| references(one, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_document_is_given_to_anybody() {
    let app = TestApp::sqlite().await.expect("a file");
    let answer = app.stranger().get("/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.body, deskbell::http::openapi().as_bytes());
}
