use std::sync::Arc;

use crate::journey::pigeon::{Loft, MANIFEST};
use crate::support::app::{TestApp, on_each_engine};
use deskbell::channel::roster::Open;
use deskbell::store::waits;
use serde_json::{Value, json};

/// Connects the channel to a platform of our own whose answers can be taken back for ten seconds.
pub(super) fn connect(app: &TestApp) -> Loft {
    let loft = Loft::default();
    loft.hold(10_000);
    loft.give_files(deskbell::channel::files::door(&app.roster, app.channel.id));
    app.roster.take_in(Open {
        row: app.channel.clone(),
        manifest: &MANIFEST,
        channel: Arc::new(loft.clone()),
    });
    loft
}

on_each_engine! {
    async fn an_answer_is_held_shown_and_can_be_taken_back(app: TestApp) {
        let _loft = connect(&app);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let ana = app.signed_in(&app.ana).await;
        let before = ana.get(&format!("/conversations/{id}")).await.json();
        assert_eq!(before["ways"].as_array().unwrap().len(), 1);
        let way = &before["ways"][0];
        assert_eq!((&way["label"], &way["open"]), (&json!("Pigeon to amara.osei@patron.example"), &json!(true)));

        let replies = format!("/conversations/{id}/replies");
        let answer = ana
            .post(&replies, json!({ "text": "Yes, from noon.", "seen": before["seen"], "way": way["id"] }))
            .await;
        assert_eq!(answer.status, 201);
        let said = answer.json();
        assert_eq!((&said["kind"], &said["direction"]), (&json!("reply"), &json!("out")));
        assert_eq!(said["author"]["address"], "amara.osei@patron.example");
        assert_eq!(said["delivery"]["state"], "held");
        assert_eq!(said["delivery"]["release_at"], "2026-10-01T12:00:10.000Z");
        let after = ana.get(&format!("/conversations/{id}")).await.json();
        assert_eq!(after["owner_id"], json!(app.ana.id), "whoever answers first has it");
        assert_eq!(after["messages"][1], said);

        let undo = format!("{replies}/{}", said["id"].as_str().unwrap());
        assert_eq!(ana.delete(&undo).await.json(), json!({ "text": "Yes, from noon.", "files": [] }));
        let after = ana.get(&format!("/conversations/{id}")).await.json();
        assert_eq!(after["messages"].as_array().unwrap().len(), 1, "what was taken back is gone");
        assert_eq!(after["waiting_since"], before["waiting_since"]);
        let late = ana.delete(&undo).await;
        assert_eq!((late.status, late.problem().as_str()), (409, "already-left"));
    }

    async fn what_the_writer_has_not_seen_holds_the_answer_back_and_is_shown(app: TestApp) {
        connect(&app);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let seen = ana.get(&format!("/conversations/{id}")).await.json()["seen"].clone();
        let replies = format!("/conversations/{id}/replies");
        bryan.post(&replies, json!({ "text": "Yes.", "seen": seen })).await.json();

        let refused = ana.post(&replies, json!({ "text": "No!", "seen": seen })).await;
        assert_eq!((refused.status, refused.problem().as_str()), (409, "newer"));
        let told = refused.told();
        assert_eq!(told["newer"]["messages"].as_array().unwrap().len(), 1);
        assert_eq!(told["newer"]["messages"][0]["text"], "Yes.");
        assert_eq!(told["newer"]["messages"][0]["delivery"]["state"], "held");
        assert!(told["newer"]["events"].as_array().unwrap().iter().any(|line| line["words"] == "Bryan answered"));
        // Bryan has it now: to help all the same must be meant.
        let refused = ana.post(&replies, json!({ "text": "From noon.", "seen": told["seen"] })).await;
        assert_eq!((refused.status, refused.problem().as_str()), (409, "claimed"));
        assert_eq!(refused.told()["owner"]["id"], json!(app.bryan.id));
        bryan.delete(&format!("/conversations/{id}/claim")).await.json();
        let said = ana.post(&replies, json!({ "text": "From noon.", "seen": told["seen"] })).await;
        assert_eq!(said.status, 201);
    }

    async fn what_cannot_go_is_refused_in_words(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let ana = app.signed_in(&app.ana).await;
        let replies = format!("/conversations/{id}/replies");
        let nowhere = ana.post(&replies, json!({ "text": "Yes.", "seen": 99 })).await;
        assert_eq!((nowhere.status, nowhere.problem().as_str()), (422, "cannot-send"), "not connected");
        connect(&app);
        for (body, problem) in [
            (json!({ "text": "x".repeat(1_001), "seen": 99 }), "cannot-send"),
            (json!({ "text": "Yes.", "seen": 99, "files": [app.ana.id] }), "cannot-send"),
            (json!({ "text": "Yes.", "seen": 99, "way": app.ana.id }), "cannot-send"),
            (json!({ "text": " ", "seen": 99 }), "invalid"),
            (json!({ "text": "Yes." }), "invalid"),
        ] {
            let refused = ana.post(&replies, body).await;
            assert_eq!((refused.status, refused.problem().as_str()), (422, problem));
        }
        let vera = app.signed_in(&app.vera).await;
        let refused = vera.post(&replies, json!({ "text": "Yes.", "seen": 99 })).await;
        assert_eq!((refused.status, refused.problem().as_str()), (403, "not-allowed"));
        assert!(ana.get(&format!("/conversations/{id}")).await.json()["owner_id"].is_null());
    }

    async fn done_while_an_answer_is_on_its_way_waits_for_the_answer(app: TestApp) {
        let loft = connect(&app);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let ana = app.signed_in(&app.ana).await;
        ana.post(&format!("/conversations/{id}/replies"), json!({ "text": "Yes.", "seen": 99 })).await.json();
        let row = ana.put(&format!("/conversations/{id}/closure"), json!({})).await.json();
        assert_eq!((&row["state"], &row["waiting_since"]), (&json!("done"), &Value::Null));
        let open = |app: &TestApp| {
            let db = app.db.clone();
            async move { waits::open_of(&mut db.read().await.unwrap(), id).await.unwrap() }
        };
        assert!(open(&app).await.is_some(), "the answer has not left yet");

        app.clock.advance(10_000);
        deskbell::worker::settle(&app.app).await.unwrap();
        assert_eq!(loft.flown(), ["Yes."]);
        assert!(open(&app).await.is_none());
        let waits = waits::of_conversation(&mut app.db.read().await.unwrap(), id).await.unwrap();
        assert_eq!(waits[0].staff_id, Some(app.ana.id), "it was answered");
        let whole = ana.get(&format!("/conversations/{id}")).await.json();
        assert_eq!((&whole["state"], &whole["messages"][1]["delivery"]["word"]), (&json!("done"), &json!("Sent")));
    }
}
