//! Who is at which conversation (OWN-5).

use super::live::Stream;
use crate::support::PATIENCE;
use crate::support::app::on_each_engine;
use deskbell::conversation::presence;
use serde_json::{Value, json};

on_each_engine! {
    async fn own_5_who_looks_is_seen_and_is_gone_forty_seconds_after_the_page_was(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let before = ana.get(&format!("/conversations/{id}")).await.json()["seq"].clone();
        let path = format!("/conversations/{id}/presence");
        assert_eq!(bryan.put(&path, json!({})).await.json()["again_in_ms"], 15_000);
        let seen = json!([{ "conversation_id": id, "staff_id": app.bryan.id, "left_ms": 40_000, "replying_left_ms": 0 }]);
        assert_eq!(ana.get("/presence").await.json()["viewing"], seen);
        app.clock.advance(39_999);
        assert_eq!(ana.get("/presence").await.json()["viewing"][0]["left_ms"], 1);
        app.clock.advance(1);
        assert_eq!(ana.get("/presence").await.json()["viewing"], json!([]));
        bryan.put(&path, json!({})).await.json();
        assert_eq!(bryan.delete(&path).await.status, 204);
        assert_eq!(ana.get("/presence").await.json()["viewing"], json!([]), "he went elsewhere");
        let after = ana.get(&format!("/conversations/{id}")).await.json()["seq"].clone();
        assert_eq!(after, before, "none of it is history");
    }

    async fn replying_ends_twenty_seconds_after_the_last_letter(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let path = format!("/conversations/{id}/presence");
        let replying = async || ana.get("/presence").await.json()["viewing"][0]["replying_left_ms"].clone();
        bryan.put(&path, json!({ "wrote_ago_ms": 5_000 })).await.json();
        assert_eq!(replying().await, 15_000);
        // A second window in which he only looks takes nothing back.
        bryan.put(&path, json!({ "wrote_ago_ms": null })).await.json();
        assert_eq!(replying().await, 15_000);
        app.clock.advance(15_000);
        assert_eq!(replying().await, 0);
        bryan.put(&path, json!({ "wrote_ago_ms": 20_000 })).await.json();
        assert_eq!(replying().await, 0, "too long ago");
        assert_eq!(bryan.put(&path, json!({ "wrote_ago_ms": -1 })).await.problem(), "invalid");
        let nowhere = format!("/conversations/{}/presence", app.clock.id());
        assert_eq!(bryan.put(&nowhere, json!({})).await.problem(), "missing");
        let vera = app.signed_in(&app.vera).await;
        assert_eq!(vera.put(&path, json!({})).await.status, 200, "who may read may be seen reading");
    }

    async fn pages_are_told_when_it_changes_and_not_at_each_beat(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let path = format!("/conversations/{id}/presence");
        let mut stream = Stream::open(&ana, "", None).await;
        bryan.put(&path, json!({})).await.json();
        assert_eq!(told(&mut stream).await["viewing"][0]["replying_left_ms"], 0);
        for _ in 0..3 {
            app.clock.advance(15_000);
            bryan.put(&path, json!({})).await.json();
        }
        bryan.put(&path, json!({ "wrote_ago_ms": 0 })).await.json();
        assert_eq!(told(&mut stream).await["viewing"][0]["replying_left_ms"], 20_000, "the beats said nothing new");
        bryan.put("/me/presence", json!({ "presence": "helping" })).await.json();
        let people = told(&mut stream).await["people"].clone();
        let his = people.as_array().unwrap().iter().find(|one| one["staff_id"] == json!(app.bryan.id)).unwrap();
        assert_eq!(his["presence"], "helping");
    }

    async fn another_process_sees_it_at_its_next_look(app: TestApp) {
        let bryan = app.signed_in(&app.bryan).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let other = app.another().await;
        bryan.put(&format!("/conversations/{id}/presence"), json!({ "wrote_ago_ms": 0 })).await.json();
        let there = presence::look(&other).await.unwrap();
        assert_eq!(there.viewings.len(), 1);
        assert_eq!((there.viewings[0].conversation_id, there.viewings[0].staff_id), (id, app.bryan.id));
        assert!(there.viewings[0].replying_left_ms(there.at) > 0);
        let who = deskbell::access::who(&app.ana);
        presence::view(&other, &who, id, None).await.unwrap();
        assert_eq!(presence::look(&app).await.unwrap().viewings.len(), 2);
    }
}

/// The next that the stream says of who is there.
async fn told(stream: &mut Stream) -> Value {
    let next = async {
        loop {
            let event = stream.next().await.expect("more to come");
            if event.contains("event: presence") {
                let data = event.lines().find_map(|line| line.strip_prefix("data:")).expect("data");
                return serde_json::from_str(data.trim()).expect("JSON");
            }
        }
    };
    tokio::time::timeout(PATIENCE, next).await.expect("something is told")
}
