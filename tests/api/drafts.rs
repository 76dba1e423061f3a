//! What somebody is writing, kept for them alone.

use super::replies::connect;
use super::uploads::add;
use crate::support::app::{Client, NOW, on_each_engine};
use deskbell::error::Error;
use deskbell::store::people;
use deskbell::worker;
use serde_json::{Value, json};
use uuid::Uuid;

const DAY: i64 = 86_400_000;

async fn keep(client: &Client, id: Uuid, draft: Value) -> Value {
    client.put(&format!("/conversations/{id}/draft"), draft).await.json()
}

async fn read(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}/draft")).await.json()
}

async fn seen(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}")).await.json()["seen"].clone()
}

on_each_engine! {
    async fn a_draft_is_there_on_another_machine_and_for_nobody_else(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let before = seen(&ana, id).await;
        keep(&ana, id, json!({ "kind": "reply", "text": "Yes, from quarter past unicorn", "caret": 4 })).await;
        keep(&ana, id, json!({ "kind": "note", "text": "She called" })).await;
        let laptop = app.signed_in(&app.ana).await;
        let kept = read(&laptop, id).await;
        assert_eq!((&kept["reply"]["text"], &kept["reply"]["caret"]), (&json!("Yes, from quarter past unicorn"), &json!(4)));
        assert_eq!(kept["note"]["text"], "She called");
        assert_eq!(laptop.get("/drafts").await.json()["items"].as_array().unwrap().len(), 2);
        let nothing = json!({ "reply": null, "note": null, "files": [] });
        assert_eq!(read(&bryan, id).await, nothing);
        assert_eq!(bryan.get("/drafts").await.json()["items"], json!([]));
        for client in [&ana, &bryan] {
            let found = client.get("/conversations?view=all&text=unicorn").await.json();
            assert_eq!(found["items"], json!([]), "no search finds it");
            assert!(!client.get(&format!("/conversations/{id}")).await.json().to_string().contains("unicorn"));
        }
        assert_eq!(seen(&ana, id).await, before, "none of it is history");
        keep(&laptop, id, json!({ "kind": "note", "text": " " })).await;
        assert_eq!(laptop.delete(&format!("/conversations/{id}/draft?kind=reply")).await.status, 204);
        assert_eq!(read(&ana, id).await, nothing);
    }

    async fn what_is_sent_is_no_draft_any_more_and_what_is_refused_still_is(app: TestApp) {
        connect(&app);
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let stale = seen(&bryan, id).await;
        let file = add(&ana, "map.pdf", &b"%PDF-1.7 a map"[..]).await.json()["id"].clone();
        keep(&ana, id, json!({ "kind": "reply", "text": "Yes.", "files": [file] })).await;
        keep(&ana, id, json!({ "kind": "note", "text": "She called" })).await;
        keep(&bryan, id, json!({ "kind": "reply", "text": "No." })).await;
        assert_eq!(read(&ana, id).await["files"][0]["id"], file);
        let replies = format!("/conversations/{id}/replies");
        let reply = json!({ "text": "Yes.", "seen": stale, "files": [file] });
        assert_eq!(ana.post(&replies, reply).await.status, 201);
        let kept = read(&ana, id).await;
        assert_eq!((&kept["reply"], &kept["files"]), (&json!(null), &json!([])));
        assert_eq!(kept["note"]["text"], "She called", "another draft stays");
        assert_eq!(bryan.post(&replies, json!({ "text": "No.", "seen": stale })).await.problem(), "newer");
        assert_eq!(read(&bryan, id).await["reply"]["text"], "No.", "intact");
        ana.post(&format!("/conversations/{id}/notes"), json!({ "text": "She called" })).await.json();
        assert_eq!(read(&ana, id).await["note"], json!(null));
    }

    async fn files_of_a_draft_outlive_their_day_and_not_the_draft(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let held = add(&ana, "held.png", &b"held"[..]).await.json()["id"].clone();
        let loose = add(&ana, "loose.png", &b"loose"[..]).await.json()["id"].clone();
        keep(&ana, id, json!({ "kind": "reply", "text": "", "files": [held] })).await;
        app.clock.advance(2 * DAY);
        worker::settle(&app).await.unwrap();
        let ids = async || -> Vec<Value> {
            let there = ana.get("/uploads").await.json()["items"].clone();
            there.as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
        };
        assert_eq!(ids().await, std::slice::from_ref(&held), "{loose} is gone");
        keep(&ana, id, json!({ "kind": "reply", "text": "Soon", "files": [held, loose] })).await;
        assert_eq!(read(&ana, id).await["files"].as_array().unwrap().len(), 1, "what is gone is left out");
        app.clock.advance(13 * DAY);
        worker::settle(&app).await.unwrap();
        assert_eq!(ids().await, std::slice::from_ref(&held), "gone on with two days after it began");
        ana.delete(&format!("/conversations/{id}/draft?kind=reply")).await;
        worker::settle(&app).await.unwrap();
        assert_eq!(ids().await, Vec::<Value>::new(), "nothing waits for it");
        assert_eq!(app.clock.now(), NOW + 15 * DAY);
    }

    async fn an_abandoned_draft_keeps_its_words_and_lets_its_files_go(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let held = add(&ana, "held.png", &b"held"[..]).await.json()["id"].clone();
        keep(&ana, id, json!({ "kind": "reply", "text": "Soon", "files": [held] })).await;
        app.clock.advance(14 * DAY);
        worker::settle(&app).await.unwrap();
        let ana = app.signed_in(&app.ana).await;
        assert_eq!(ana.get("/uploads").await.json()["items"], json!([]));
        assert_eq!(read(&ana, id).await["reply"]["text"], "Soon");
    }

    async fn only_what_can_be_a_draft_and_nothing_of_who_left(app: TestApp) {
        let (ana, vera) = (app.signed_in(&app.ana).await, app.signed_in(&app.vera).await);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let path = format!("/conversations/{id}/draft");
        assert_eq!(vera.put(&path, json!({ "kind": "reply", "text": "x" })).await.status, 403);
        let long = json!({ "kind": "reply", "text": "x".repeat(100_001) });
        assert_eq!(ana.put(&path, long).await.problem(), "invalid");
        assert_eq!(ana.put(&path, json!({ "kind": "letter", "text": "x" })).await.status, 422);
        let nowhere = format!("/conversations/{}/draft", app.clock.id());
        assert_eq!(ana.put(&nowhere, json!({ "kind": "reply", "text": "x" })).await.problem(), "missing");
        // A colleague's file is not hers to hold.
        let bryan = app.signed_in(&app.bryan).await;
        let his = add(&bryan, "his.png", &b"his"[..]).await.json()["id"].clone();
        keep(&ana, id, json!({ "kind": "reply", "text": "x", "files": [his] })).await;
        assert_eq!(read(&ana, id).await["files"], json!([]));
        keep(&bryan, id, json!({ "kind": "reply", "text": "y", "files": [his] })).await;
        assert_eq!(read(&bryan, id).await["files"].as_array().unwrap().len(), 1);
        let (staff, now) = (app.ana.id, app.clock.now());
        app.db
            .write(move |tx| Box::pin(async move { Ok::<_, Error>(people::disable_staff(tx, staff, now).await?) }))
            .await
            .unwrap();
        let mut conn = app.db.read().await.unwrap();
        assert!(deskbell::store::drafts::all_of(&mut conn, staff).await.unwrap().is_empty());
    }
}
