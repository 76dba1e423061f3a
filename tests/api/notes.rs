use crate::support::app::on_each_engine;
use deskbell::store::deliveries;
use serde_json::{Value, json};

on_each_engine! {
    async fn a_note_stays_in_the_house(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let ana = app.signed_in(&app.ana).await;
        let before = ana.get(&format!("/conversations/{id}")).await.json();
        app.clock.advance(1_000);
        let answer = ana.post(&format!("/conversations/{id}/notes"), json!({ "text": "  Lena knows the hours.\n" })).await;
        assert_eq!(answer.status, 201);
        let note = answer.json();
        assert_eq!(note["kind"], "note");
        assert_eq!(note["text"], "Lena knows the hours.");
        assert_eq!((&note["channel_id"], &note["delivery"]), (&Value::Null, &Value::Null));
        assert_eq!(note["author"]["staff_id"], json!(app.ana.id));

        let mut conn = app.db.read().await.unwrap();
        assert!(deliveries::of_conversation(&mut conn, id).await.unwrap().is_empty(), "nothing is on its way out");
        drop(conn);
        let after = ana.get(&format!("/conversations/{id}")).await.json();
        for unmoved in ["owner_id", "state", "waiting_since", "due_at", "last_at", "preview"] {
            assert_eq!(after[unmoved], before[unmoved], "{unmoved}");
        }
        assert_eq!(after["seen"], note["seq"]);
        assert_eq!(after["messages"][1]["id"], note["id"]);
    }

    async fn a_note_needs_words_and_not_too_many(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let ana = app.signed_in(&app.ana).await;
        for text in [" \n ".to_owned(), "x".repeat(20_001)] {
            let refused = ana.post(&format!("/conversations/{id}/notes"), json!({ "text": text })).await;
            assert_eq!((refused.status, refused.problem().as_str()), (422, "invalid"));
        }
        let nowhere = ana.post(&format!("/conversations/{}/notes", app.clock.id()), json!({ "text": "x" })).await;
        assert_eq!((nowhere.status, nowhere.problem().as_str()), (404, "missing"));
    }
}
