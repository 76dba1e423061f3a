use crate::support::app::on_each_engine;
use deskbell::store::waits;
use serde_json::{Value, json};

on_each_engine! {
    async fn done_without_an_answer_is_never_an_answer(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Thank you, it worked!").await;
        let ana = app.signed_in(&app.ana).await;
        let closure = format!("/conversations/{id}/closure");
        app.clock.advance(60_000);

        // Whatever is claimed, nobody has answered.
        let row = ana.put(&closure, json!({ "reason": "answered", "why": "a thank-you" })).await.json();
        assert_eq!((&row["state"], &row["waiting_since"]), (&json!("done"), &Value::Null));
        let mut conn = app.db.read().await.unwrap();
        let ended = waits::of_conversation(&mut conn, id).await.unwrap();
        assert_eq!(ended.len(), 1);
        assert_eq!((ended[0].closed_at, ended[0].closed_by), (Some(app.clock.now()), None));
        drop(conn);
        let whole = ana.get(&format!("/conversations/{id}")).await.json();
        let last = whole["events"].as_array().unwrap().last().unwrap();
        assert_eq!(last["words"], "Ana marked this done, no answer needed: a thank-you");

        let again = ana.put(&closure, json!({})).await.json();
        assert_eq!(again["seq"], row["seq"], "closing what is done changes nothing");
    }

    async fn taking_done_back_lets_the_patrons_clock_go_on(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let ana = app.signed_in(&app.ana).await;
        let closure = format!("/conversations/{id}/closure");
        let before = ana.get(&format!("/conversations/{id}")).await.json();
        app.clock.advance(60_000);
        ana.put(&closure, json!({ "reason": "no_answer_needed" })).await.json();
        app.clock.advance(3_600_000);

        let row = ana.delete(&closure).await.json();
        assert_eq!(row["state"], "open");
        assert_eq!(row["waiting_since"], before["waiting_since"]);
        assert_eq!(row["due_at"], before["due_at"]);
        let mut conn = app.db.read().await.unwrap();
        let waits = waits::of_conversation(&mut conn, id).await.unwrap();
        assert_eq!(waits.len(), 1, "the same wait, not another one");
        assert_eq!(waits[0].closed_at, None);
        drop(conn);
        assert_eq!(ana.delete(&closure).await.json()["seq"], row["seq"], "reopening what is open changes nothing");
    }

    async fn a_reason_that_is_none_is_refused(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let ana = app.signed_in(&app.ana).await;
        let closure = format!("/conversations/{id}/closure");
        for body in [json!({ "reason": "bored" }), json!({ "reasn": "answered" }), json!({ "why": "x".repeat(501) })] {
            let refused = ana.put(&closure, body).await;
            assert_eq!((refused.status, refused.problem().as_str()), (422, "invalid"));
        }
        assert_eq!(ana.get(&format!("/conversations/{id}")).await.json()["state"], "open");
    }
}
