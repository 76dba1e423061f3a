//! Two who answer the same question: of what they wrote one leaves, and the other reads it first (OWN-3, promise 5).

use super::replies::connect;
use crate::support::app::{Answer, Client, on_each_engine};
use axum::http::HeaderMap;
use deskbell::channel::roster::Open;
use serde_json::{Value, json};
use uuid::Uuid;

async fn read(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}")).await.json()
}

async fn answer(client: &Client, id: Uuid, text: &str, seen: &Value, more: &[(&str, Value)]) -> Answer {
    let mut body = json!({ "text": text, "seen": seen });
    for (name, value) in more {
        body[name] = value.clone();
    }
    client.post(&format!("/conversations/{id}/replies"), body).await
}

fn sent(whole: &Value) -> Vec<&str> {
    let said = whole["messages"].as_array().unwrap().iter().filter(|one| one["direction"] == "out");
    said.map(|one| one["text"].as_str().unwrap()).collect()
}

on_each_engine! {
    async fn own_3_of_two_who_answer_at_once_one_is_sent_and_the_other_reads_it_first(app: TestApp) {
        let loft = connect(&app);
        let (ana, mut bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        // Bryan's page is served by another process on the same store.
        let other = app.another().await;
        let row = app.channel.clone();
        other.roster.take_in(Open {
            row,
            manifest: &crate::journey::pigeon::MANIFEST,
            channel: std::sync::Arc::new(loft.clone()),
        });
        let elsewhere = deskbell::http::router(other, app.stop.clone());
        let cookie: HeaderMap = bryan.headers.clone();
        bryan = app.stranger().at(elsewhere);
        bryan.headers = cookie;
        for round in 0..25 {
            let id = app.patron_asks("Amara Osei", &format!("Is the library open on Sunday {round}?")).await;
            let (hers, his) = tokio::join!(read(&ana, id), read(&bryan, id));
            let texts = [format!("Ana says yes {round}"), format!("Bryan says no {round}")];
            let (first, second) = tokio::join!(
                answer(&ana, id, &texts[0], &hers["seen"], &[]),
                answer(&bryan, id, &texts[1], &his["seen"], &[]),
            );
            let statuses = [first.status, second.status];
            let won = statuses.iter().position(|status| *status == 201).expect("one is sent");
            assert_eq!(statuses[1 - won], 409, "round {round}: {statuses:?}");
            let refused = if won == 0 { &second } else { &first };
            assert_eq!(refused.problem(), "newer");
            let newer = refused.told()["newer"]["messages"].clone();
            assert_eq!(newer.as_array().unwrap().len(), 1);
            assert_eq!(newer[0]["text"], texts[won], "what the other one said is in the answer");
            assert_eq!(sent(&read(&ana, id).await), [texts[won].as_str()], "nothing of the second is kept");
            // Having read it, the second helps, and is asked once more whether that is what they want.
            let (loser, seen) = (if won == 0 { &bryan } else { &ana }, &refused.told()["seen"]);
            assert_eq!(answer(loser, id, &texts[1 - won], seen, &[]).await.problem(), "claimed");
            let helped = answer(loser, id, &texts[1 - won], seen, &[("helps", json!(true))]).await;
            assert_eq!(helped.status, 201);
            let whole = read(&ana, id).await;
            assert_eq!(sent(&whole), [texts[won].as_str(), texts[1 - won].as_str()]);
            let winner = [app.ana.id, app.bryan.id][won];
            assert_eq!(whole["owner_id"], json!(winner), "a helper takes nothing");
        }
    }

    async fn to_help_is_no_way_past_what_is_new(app: TestApp) {
        connect(&app);
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let seen = read(&bryan, id).await["seen"].clone();
        assert_eq!(answer(&ana, id, "Yes, from ten.", &seen, &[]).await.status, 201);
        let refused = answer(&bryan, id, "No.", &seen, &[("helps", json!(true))]).await;
        assert_eq!(refused.problem(), "newer");
        let refused = answer(&bryan, id, "No.", &seen, &[("anyway", json!(true))]).await;
        assert_eq!(refused.problem(), "claimed", "and what is new is no way past the owner");
        assert_eq!(refused.told()["owner"], json!({ "id": app.ana.id, "name": "Ana Lima" }));
    }

    async fn the_library_says_who_answers_in_a_colleagues_conversation(app: TestApp) {
        connect(&app);
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let (lena, ada) = (app.signed_in(&app.lena).await, app.signed_in(&app.ada).await);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        ana.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
        assert_eq!(ana.get("/me").await.json()["library"]["reply_policy"], "ask");
        assert_eq!(lena.put("/library/reply-policy", json!({ "policy": "block" })).await.status, 403);
        assert_eq!(ada.put("/library/reply-policy", json!({ "policy": "block" })).await.status, 204);
        assert_eq!(ana.get("/me").await.json()["library"]["reply_policy"], "block");

        let seen = read(&bryan, id).await["seen"].clone();
        let refused = answer(&bryan, id, "Yes.", &seen, &[("helps", json!(true)), ("anyway", json!(true))]).await;
        assert_eq!((refused.status, refused.problem().as_str()), (403, "owners-only"));
        assert_eq!(refused.told()["owner"]["id"], json!(app.ana.id));
        let over = format!("/conversations/{id}/claim?from={}", app.ana.id);
        assert_eq!(bryan.put(&over, json!({})).await.problem(), "not-allowed", "only a lead takes over here");
        assert_eq!(lena.put(&over, json!({})).await.json()["owner_id"], json!(app.lena.id));

        ada.put("/library/reply-policy", json!({ "policy": "allow" })).await;
        let seen = read(&bryan, id).await["seen"].clone();
        assert_eq!(answer(&bryan, id, "Yes.", &seen, &[]).await.status, 201, "unasked");
        assert_eq!(read(&bryan, id).await["owner_id"], json!(app.lena.id));
        assert_eq!(ada.put("/library/reply-policy", json!({ "policy": "maybe" })).await.status, 422);
    }

    async fn it_is_taken_over_from_whom_one_sees_and_from_nobody_else(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let (lena, vera) = (app.signed_in(&app.lena).await, app.signed_in(&app.vera).await);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let claim = format!("/conversations/{id}/claim");
        let before = ana.put(&claim, json!({})).await.json();
        let handoff = json!({ "to_staff_id": app.lena.id, "reason": "other", "summary": "Sunday hours" });
        ana.post(&format!("/conversations/{id}/handoffs"), handoff).await.json();
        let over = format!("{claim}?from={}", app.ana.id);
        assert_eq!(vera.put(&over, json!({})).await.status, 403);
        let taken = bryan.put(&over, json!({})).await.json();
        assert_eq!(taken["owner_id"], json!(app.bryan.id));
        for same in ["waiting_since", "due_at", "state"] {
            assert_eq!(taken[same], before[same], "{same}");
        }
        let whole = read(&ana, id).await;
        assert_eq!(whole["events"].as_array().unwrap().last().unwrap()["words"], "Bryan took this over from Ana");
        assert_eq!((&whole["handoff"], &whole["watching"]), (&json!(null), &json!(true)), "she hears of it");
        // Whoever still sees Ana's name is told who has it now.
        let late = lena.put(&over, json!({})).await;
        assert_eq!((late.problem().as_str(), &late.told()["owner"]["id"]), ("claimed", &json!(app.bryan.id)));
        bryan.delete(&claim).await.json();
        assert_eq!(lena.put(&over, json!({})).await.json()["owner_id"], json!(app.lena.id), "nobody's by now");
    }
}
