//! What somebody has who is not there goes back to everybody in time (OWN-4).

use crate::support::app::{Client, NOW, TestApp, on_each_engine};
use crate::support::until;
use deskbell::conversation::idle;
use deskbell::error::Error;
use deskbell::model::hours::written;
use deskbell::store::{hours, standings};
use deskbell::worker;
use serde_json::{Value, json};
use uuid::Uuid;

const MINUTE: i64 = 60_000;
/// The desk promises an answer within a day.
const DUE: i64 = NOW + 86_400_000;

async fn read(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}")).await.json()
}

/// A question that somebody has claimed.
async fn held_by(app: &TestApp, client: &Client) -> Uuid {
    let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
    client.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
    id
}

fn last_words(whole: &Value) -> &str {
    whole["events"].as_array().unwrap().last().unwrap()["words"].as_str().unwrap()
}

async fn run_until(app: &TestApp, at: i64) {
    app.clock.advance(at - app.clock.now());
    worker::settle(app).await.unwrap();
}

on_each_engine! {
    async fn own_4_who_is_away_gives_it_back_a_quarter_of_an_hour_before_it_is_due(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = held_by(&app, &bryan).await;
        let before = read(&ana, id).await;
        let said = bryan.put("/me/presence", json!({ "presence": "away" })).await.json();
        assert!(said["people"].as_array().unwrap().iter().all(|one| one["staff_id"] != json!(app.bryan.id)));
        run_until(&app, DUE - 15 * MINUTE - 1).await;
        assert_eq!(read(&ana, id).await["owner_id"], json!(app.bryan.id), "there is time");
        run_until(&app, DUE - 15 * MINUTE).await;
        let after = read(&ana, id).await;
        assert_eq!((&after["owner_id"], &after["state"]), (&json!(null), &json!("open")));
        assert_eq!(last_words(&after), "Returned to the queue: Bryan is away");
        assert_eq!(after["events"].as_array().unwrap().last().unwrap()["kind"], "returned");
        for same in ["waiting_since", "due_at", "desk_id", "number"] {
            assert_eq!(after[same], before[same], "{same}");
        }
        let unclaimed = ana.get("/conversations?view=unclaimed").await.json();
        assert_eq!(unclaimed["items"][0]["id"], json!(id));
        let watched = bryan.get("/conversations?view=watching").await.json();
        assert_eq!(watched["items"][0]["id"], json!(id), "he hears what becomes of it");
        let seq = after["seq"].clone();
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["seq"], seq, "it goes back once");
    }

    async fn own_4_a_closed_laptop_says_the_same_and_an_open_page_does_not(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let (shut, open) = (held_by(&app, &bryan).await, held_by(&app, &ana).await);
        app.clock.advance(DUE - 5 * MINUTE - NOW);
        // Her page asks, as it does all day.
        ana.get("/me").await.json();
        let seen = app.clock.now();
        until("her page is seen", || async {
            let mut conn = app.db.read().await.unwrap();
            standings::of(&mut conn, app.ana.id, seen).await.unwrap().unwrap().last_seen_at == Some(seen)
        })
        .await;
        run_until(&app, DUE - 4 * MINUTE).await;
        let after = read(&ana, shut).await;
        assert_eq!(after["owner_id"], json!(null));
        assert_eq!(last_words(&after), "Returned to the queue: Bryan has not been here for 23 hours");
        assert_eq!(read(&ana, open).await["owner_id"], json!(app.ana.id));
    }

    async fn who_signs_out_leaves_and_who_signs_in_is_there(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = held_by(&app, &bryan).await;
        let there = |shown: Value| shown["people"].as_array().unwrap().iter().any(|one| one["staff_id"] == json!(app.bryan.id));
        assert!(there(ana.get("/presence").await.json()));
        assert_eq!(bryan.delete("/sessions/current").await.status, 204);
        run_until(&app, DUE).await;
        let after = read(&ana, id).await;
        assert_eq!(last_words(&after), "Returned to the queue: Bryan is signed out");
        assert!(!there(ana.get("/presence").await.json()));
        let back = app.signed_in(&app.bryan).await;
        assert!(there(back.put("/me/presence", json!({ "presence": "helping" })).await.json()));
        assert!(!there(back.put("/me/presence", json!({ "presence": "away" })).await.json()));
        app.signed_in(&app.bryan).await;
        assert!(there(ana.get("/presence").await.json()), "signing in says so");
        assert_eq!(back.put("/me/presence", json!({ "presence": "asleep" })).await.status, 422);
    }

    async fn nothing_is_taken_from_who_is_replying(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = held_by(&app, &bryan).await;
        app.clock.advance(DUE - NOW);
        bryan.put("/me/presence", json!({ "presence": "away" })).await.json();
        let path = format!("/conversations/{id}/presence");
        bryan.put(&path, json!({ "wrote_ago_ms": 1_000 })).await.json();
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["owner_id"], json!(app.bryan.id), "he writes");
        run_until(&app, DUE + 10_000).await;
        bryan.put(&path, json!({})).await.json();
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["owner_id"], json!(app.bryan.id), "he wrote just now");
        run_until(&app, DUE + 19_000).await;
        assert_eq!(read(&ana, id).await["owner_id"], json!(null), "looking is not replying");
    }

    async fn the_quarter_of_an_hour_is_open_time_of_the_desk(app: TestApp) {
        // Twenty-four hours: five minutes of this Thursday, five times 4:45, and ten minutes of Friday next.
        let desk = app.desk.id;
        let week = written::week("Mon-Fri 9:20-14:05").unwrap();
        app.db
            .write(move |tx| {
                Box::pin(async move { Ok::<_, Error>(hours::set_week(tx, desk, Some(&week)).await?) })
            })
            .await
            .unwrap();
        app.calendars.forget();
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = held_by(&app, &bryan).await;
        assert_eq!(read(&ana, id).await["due_at"], "2026-10-09T07:30:00.000Z");
        bryan.put("/me/presence", json!({ "presence": "away" })).await.json();
        let two_o_clock_the_day_before = NOW + 7 * 86_400_000;
        run_until(&app, two_o_clock_the_day_before - 1).await;
        // Nobody's cookie is asked for so long after: a new one.
        let ana = app.signed_in(&app.ana).await;
        assert_eq!(read(&ana, id).await["owner_id"], json!(app.bryan.id));
        run_until(&app, two_o_clock_the_day_before).await;
        assert_eq!(read(&ana, id).await["owner_id"], json!(null));
    }

    async fn what_nobody_waits_for_stays_and_a_hand_off_is_asked_no_more(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let (put_aside, asked) = (held_by(&app, &bryan).await, held_by(&app, &bryan).await);
        let until = json!({ "until": "2026-10-05T12:00:00Z" });
        bryan.put(&format!("/conversations/{put_aside}/snooze"), until).await.json();
        run_until(&app, DUE - 20 * MINUTE).await;
        let handoff = json!({ "to_staff_id": app.ana.id, "reason": "my_shift_ends", "summary": "Sunday hours" });
        bryan.post(&format!("/conversations/{asked}/handoffs"), handoff).await.json();
        bryan.put("/me/presence", json!({ "presence": "away" })).await.json();
        run_until(&app, DUE).await;
        assert_eq!(read(&ana, put_aside).await["owner_id"], json!(app.bryan.id), "he put it aside on purpose");
        let whole = read(&ana, asked).await;
        assert_eq!((&whole["owner_id"], &whole["handoff"]), (&json!(null), &json!(null)));
        assert_eq!(ana.get("/handoffs").await.json()["items"], json!([]));
    }

    async fn two_processes_put_it_back_once(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = held_by(&app, &bryan).await;
        app.clock.advance(DUE - NOW);
        let other = app.another().await;
        assert_eq!(idle::due(&app).await.unwrap(), [id]);
        assert_eq!(idle::due(&other).await.unwrap(), [id]);
        let (one, two) = tokio::join!(idle::return_if_idle(&app, id), idle::return_if_idle(&other, id));
        assert!(one.unwrap() ^ two.unwrap(), "one of them does it");
        let whole = read(&ana, id).await;
        let back = whole["events"].as_array().unwrap().iter().filter(|event| event["kind"] == "returned").count();
        assert_eq!(back, 1);
    }
}
