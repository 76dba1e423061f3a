use super::replies::connect;
use crate::support::app::{Client, NOW, TestApp, on_each_engine};
use deskbell::conversation::snooze;
use deskbell::worker;
use serde_json::{Value, json};
use uuid::Uuid;

const NINE: &str = "2026-10-02T09:00:00+02:00";
const NINE_MS: i64 = NOW + 19 * 3_600_000;

async fn aside(client: &Client, id: Uuid, until: &str) -> Value {
    client.put(&format!("/conversations/{id}/snooze"), json!({ "until": until })).await.json()
}

async fn read(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}")).await.json()
}

async fn ids(client: &Client, view: &str) -> Vec<Value> {
    let page = client.get(&format!("/conversations?view={view}")).await.json();
    page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
}

fn last_words(whole: &Value) -> &str {
    whole["events"].as_array().unwrap().last().unwrap()["words"].as_str().unwrap()
}

on_each_engine! {
    async fn it_is_gone_from_the_queue_until_its_moment_and_the_patron_waits_all_the_while(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let before = read(&ana, id).await;
        let row = aside(&ana, id, NINE).await;
        assert_eq!((&row["state"], &row["snoozed_until"]), (&json!("snoozed"), &json!("2026-10-02T07:00:00.000Z")));
        assert_eq!(last_words(&read(&ana, id).await), "Ana snoozed this until Fri 2 Oct 2026, 09:00");
        assert!(ids(&ana, "unclaimed").await.is_empty());
        assert_eq!(ids(&ana, "snoozed").await, [json!(id)]);

        app.clock.advance(NINE_MS - NOW - 1);
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["state"], "snoozed", "a millisecond is left");
        app.clock.advance(1);
        worker::settle(&app).await.unwrap();
        let after = read(&ana, id).await;
        assert_eq!((&after["state"], &after["snoozed_until"]), (&json!("open"), &json!(null)));
        assert_eq!(last_words(&after), "The snooze ended");
        for same in ["waiting_since", "due_at", "owner_id"] {
            assert_eq!(after[same], before[same], "{same}");
        }
        assert_eq!(ids(&ana, "unclaimed").await, [json!(id)]);
        let seq = after["seq"].clone();
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["seq"], seq, "it comes back once");
    }

    async fn a_patron_who_writes_brings_it_back(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let first = writes(&app, "first", &[]).await;
        aside(&ana, first, NINE).await;
        assert_eq!(writes(&app, "second", &["<first@patron.example>"]).await, first);
        let whole = read(&ana, first).await;
        assert_eq!((&whole["state"], &whole["snoozed_until"]), (&json!("open"), &json!(null)));
        app.clock.advance(NINE_MS - NOW);
        let seq = whole["seq"].clone();
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, first).await["seq"], seq, "nothing is left to come back");
    }

    async fn brought_back_by_hand_it_stands_where_it_stood(app: TestApp) {
        let _loft = connect(&app);
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let path = format!("/conversations/{id}/snooze");
        aside(&ana, id, NINE).await;
        assert_eq!(ana.delete(&path).await.json()["state"], "open");
        let seq = read(&ana, id).await["seq"].clone();
        assert_eq!(ana.delete(&path).await.json()["seq"], seq, "what is awake stays so");
        let reply = json!({ "text": "Yes, from ten.", "seen": seq });
        assert_eq!(ana.post(&format!("/conversations/{id}/replies"), reply).await.status, 201);
        aside(&ana, id, NINE).await;
        assert_eq!(ana.delete(&path).await.json()["state"], "waiting", "nobody waits for us");
        aside(&ana, id, NINE).await;
        app.clock.advance(NINE_MS - NOW);
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["state"], "open", "the clock brings back what somebody wanted to see again");
    }

    async fn only_a_moment_to_come_and_only_what_is_not_closed(app: TestApp) {
        let (ana, vera) = (app.signed_in(&app.ana).await, app.signed_in(&app.vera).await);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let path = format!("/conversations/{id}/snooze");
        for (until, says) in [
            ("2026-10-01T12:00:00Z", "has passed"),
            ("2027-10-03T12:00:00Z", "more than a year"),
            ("tomorrow", "is no time"),
        ] {
            let refused = ana.put(&path, json!({ "until": until })).await;
            assert_eq!(refused.problem(), "invalid", "{until}");
            assert!(refused.told()["detail"].as_str().unwrap().contains(says), "{}", refused.told());
        }
        assert_eq!(vera.put(&path, json!({ "until": NINE })).await.status, 403);
        ana.put(&format!("/conversations/{id}/closure"), json!({})).await.json();
        assert_eq!(ana.put(&path, json!({ "until": NINE })).await.problem(), "invalid");
        assert_eq!(read(&ana, id).await["state"], "done");
    }

    async fn two_processes_bring_it_back_once(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        aside(&ana, id, NINE).await;
        app.clock.advance(NINE_MS - NOW);
        let other = app.another().await;
        let (one, two) = tokio::join!(snooze::wake_if_due(&app, id), snooze::wake_if_due(&other, id));
        assert!(one.unwrap() ^ two.unwrap(), "one of them does it");
        let whole = read(&ana, id).await;
        let back = whole["events"].as_array().unwrap().iter().filter(|event| event["kind"] == "woken").count();
        assert_eq!(back, 1);
    }
}

/// A mail of this id; gives the conversation it is in.
async fn writes(app: &TestApp, id: &str, references: &[&str]) -> Uuid {
    let mail = crate::support::app::mail(id, "Amara Osei", "About my card", references, app.clock.now());
    app.take_in(vec![mail]).await;
    let mut conn = app.db.read().await.unwrap();
    let newest = deskbell::store::events::newest(&mut conn).await.unwrap();
    deskbell::store::events::after(&mut conn, newest - 1, 1).await.unwrap()[0].conversation_id
}
