//! Hand off: to a person, who accepts or cannot now or says nothing, and to a desk. The patron waits on all the while.

use super::abilities::live_channel;
use super::next::another_desk;
use super::replies::connect;
use crate::support::app::{Answer, Client, mail, on_each_engine};
use deskbell::conversation::handoff::answer;
use deskbell::inbound;
use deskbell::store::{handoffs, people};
use deskbell::worker;
use serde_json::{Value, json};
use uuid::Uuid;

const HALF_AN_HOUR_MS: i64 = 30 * 60_000;
const TOLD: &str = "Her card was renewed in May; the book is on her desk.";

async fn read(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}")).await.json()
}

async fn hand(client: &Client, id: Uuid, to: Value) -> Answer {
    let mut body = json!({ "reason": "needs_a_specialist", "summary": TOLD });
    body.as_object_mut().unwrap().extend(to.as_object().unwrap().clone());
    client.post(&format!("/conversations/{id}/handoffs"), body).await
}

async fn asked(client: &Client) -> Vec<Value> {
    client.get("/handoffs").await.json()["items"].as_array().unwrap().clone()
}

async fn ids(client: &Client, view: &str) -> Vec<Value> {
    let page = client.get(&format!("/conversations?view={view}")).await.json();
    page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
}

fn last_words(whole: &Value) -> &str {
    whole["events"].as_array().unwrap().last().unwrap()["words"].as_str().unwrap()
}

fn unchanged(before: &Value, after: &Value) {
    for same in ["number", "patron", "channel_id", "waiting_since", "due_at", "created_at"] {
        assert_eq!(before[same], after[same], "{same}");
    }
}

on_each_engine! {
    async fn own_2_the_person_accepts_and_has_it_the_patron_waits_on_and_who_handed_it_on_watches(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Where is my book?").await;
        ana.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
        app.clock.advance(60_000);
        let before = read(&ana, id).await;
        let row = hand(&ana, id, json!({ "to_staff_id": app.bryan.id })).await.json();
        assert_eq!(row["owner_id"], json!(app.ana.id), "hers until he accepts");
        let open = read(&bryan, id).await;
        assert_eq!(
            last_words(&open),
            format!("Ana asked Bryan to take this: needs a specialist. What they already told us: {TOLD}")
        );
        assert_eq!(open["handoff"]["to_staff_id"], json!(app.bryan.id));
        assert_eq!(asked(&ana).await, Vec::<Value>::new());
        let asked_of_him = asked(&bryan).await;
        assert_eq!(asked_of_him.len(), 1);
        assert_eq!(asked_of_him[0]["conversation"]["id"], json!(id));
        let handoff = &asked_of_him[0]["handoff"];
        assert_eq!((&handoff["summary"], &handoff["reason_words"]), (&json!(TOLD), &json!("needs a specialist")));
        assert_eq!(handoff["falls_back_at"], "2026-10-01T12:31:00.000Z");

        let accept = format!("/handoffs/{}/acceptance", handoff["id"].as_str().unwrap());
        assert_eq!(ana.put(&accept, json!({})).await.problem(), "missing", "it is not for her to answer");
        assert_eq!(bryan.put(&accept, json!({})).await.json()["owner_id"], json!(app.bryan.id));
        let after = read(&ana, id).await;
        unchanged(&before, &after);
        assert_eq!(last_words(&after), "Bryan took this over from Ana");
        assert_eq!((&after["handoff"], &after["watching"]), (&json!(null), &json!(true)));
        assert_eq!(ids(&ana, "watching").await, [json!(id)]);
        assert_eq!(ids(&bryan, "mine").await, [json!(id)]);
        assert_eq!(read(&bryan, id).await["watching"], false);

        assert_eq!(bryan.put(&accept, json!({})).await.problem(), "over");
        app.clock.advance(HALF_AN_HOUR_MS);
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["seq"], after["seq"], "what was answered does not fall back");
    }

    async fn own_2_without_a_reason_or_what_they_told_us_nothing_is_handed_on(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Where is my book?").await;
        let path = format!("/conversations/{id}/handoffs");
        let to = app.bryan.id;
        let long = "a".repeat(281);
        for body in [
            json!({ "to_staff_id": to, "summary": TOLD }),
            json!({ "to_staff_id": to, "reason": "boredom", "summary": TOLD }),
            json!({ "to_staff_id": to, "reason": "other" }),
            json!({ "to_staff_id": to, "reason": "other", "summary": "  \n " }),
            json!({ "to_staff_id": to, "reason": "other", "summary": long }),
            json!({ "reason": "other", "summary": TOLD }),
            json!({ "to_staff_id": to, "to_desk_id": app.desk.id, "reason": "other", "summary": TOLD }),
            json!({ "to_staff_id": app.vera.id, "reason": "other", "summary": TOLD }),
            json!({ "to_staff_id": app.ana.id, "reason": "other", "summary": TOLD }),
            json!({ "to_desk_id": app.desk.id, "reason": "other", "summary": TOLD }),
        ] {
            let refused = ana.post(&path, body.clone()).await;
            assert!([400, 422].contains(&refused.status), "{body}: {refused:?}");
            refused.problem();
        }
        let whole = read(&ana, id).await;
        assert_eq!((&whole["owner_id"], &whole["handoff"]), (&json!(null), &json!(null)));
        ana.put(&format!("/conversations/{id}/closure"), json!({})).await.json();
        assert_eq!(hand(&ana, id, json!({ "to_staff_id": to })).await.problem(), "invalid", "done is done");
    }

    async fn not_now_puts_it_at_its_desk_for_everybody_and_says_why(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Where is my book?").await;
        let before = read(&ana, id).await;
        let row = hand(&ana, id, json!({ "to_staff_id": app.bryan.id })).await.json();
        assert_eq!(row["owner_id"], json!(app.ana.id), "nobody's becomes the giver's until it is accepted");
        let handoff = asked(&bryan).await[0]["handoff"]["id"].as_str().unwrap().to_owned();
        let refusal = format!("/handoffs/{handoff}/refusal");
        assert_eq!(bryan.put(&refusal, json!({ "why": " " })).await.problem(), "invalid");
        let row = bryan.put(&refusal, json!({ "why": "two people at the counter" })).await.json();
        assert_eq!((&row["owner_id"], &row["state"]), (&json!(null), &json!("open")));
        let after = read(&ana, id).await;
        unchanged(&before, &after);
        assert_eq!(
            last_words(&after),
            "Bryan cannot take this now: two people at the counter. It waits for everybody at Reference"
        );
        assert_eq!(ids(&ana, "unclaimed").await, [json!(id)]);
        assert_eq!(ids(&ana, "watching").await, [json!(id)]);
        assert_eq!(asked(&bryan).await, Vec::<Value>::new());
    }

    async fn unanswered_for_half_an_hour_it_falls_back_to_its_desk_once_whoever_looks_at_the_clock(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Where is my book?").await;
        ana.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
        // Put aside meanwhile: what falls back is seen all the same.
        let until = json!({ "until": "2026-10-03T12:00:00Z" });
        ana.put(&format!("/conversations/{id}/snooze"), until).await.json();
        let before = read(&ana, id).await;
        hand(&ana, id, json!({ "to_staff_id": app.bryan.id })).await.json();
        let seq = read(&ana, id).await["seq"].clone();
        app.clock.advance(HALF_AN_HOUR_MS - 1);
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["seq"], seq, "a millisecond is left");
        app.clock.advance(1);
        let handoff = {
            let mut conn = app.db.read().await.unwrap();
            handoffs::open_of(&mut conn, id).await.unwrap().expect("nobody answered")
        };
        let other = app.another().await;
        let (one, two) =
            tokio::join!(answer::fall_back_if_due(&app, handoff.id), answer::fall_back_if_due(&other, handoff.id));
        assert!(one.unwrap() ^ two.unwrap(), "one of two processes does it");
        worker::settle(&app).await.unwrap();
        let after = read(&ana, id).await;
        unchanged(&before, &after);
        assert_eq!(last_words(&after), "Bryan did not answer for 30 minutes. It waits for everybody at Reference");
        assert_eq!((&after["owner_id"], &after["state"]), (&json!(null), &json!("open")));
        let lapsed = after["events"].as_array().unwrap().iter().filter(|one| one["kind"] == "handoff_lapsed").count();
        assert_eq!(lapsed, 1);
        let accept = format!("/handoffs/{}/acceptance", handoff.id);
        assert_eq!(bryan.put(&accept, json!({})).await.problem(), "over");
        assert_eq!(bryan.put(&format!("/conversations/{id}/claim"), json!({})).await.status, 200);
    }

    async fn another_librarys_desk_is_named_so_and_the_patron_notices_nothing(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let theirs = another_desk(&app).await.id;
        app.app
            .db
            .write(move |tx| Box::pin(async move { people::set_library(tx, theirs, Some("Hilltop Libraries")).await }))
            .await
            .unwrap();
        let desks = ana.get("/desks").await.json();
        let libraries: Vec<&Value> = desks["items"].as_array().unwrap().iter().map(|desk| &desk["library"]).collect();
        assert_eq!(libraries, [&json!(null), &json!("Hilltop Libraries")]);
        let id = app.patron_asks("Amara Osei", "Where is my book?").await;
        let before = read(&ana, id).await;
        let path = format!("/conversations/{id}/handoffs");
        for half in [json!({ "to_desk_id": theirs, "summary": TOLD }), json!({ "to_desk_id": theirs, "reason": "other" })] {
            assert_eq!(ana.post(&path, half).await.status, 422, "why, and what they told us, wherever it goes");
        }
        hand(&ana, id, json!({ "to_desk_id": theirs })).await.json();
        let after = read(&ana, id).await;
        unchanged(&before, &after);
        assert_eq!(after["desk_id"], json!(theirs));
        assert_eq!(
            last_words(&after),
            format!("Ana handed this from Reference to Children of Hilltop Libraries: needs a specialist. What they already told us: {TOLD}")
        );
    }

    async fn who_waits_at_their_screen_waits_two_minutes_for_an_answer(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let chat = live_channel(&app).await;
        let envelope = mail("chat", "Amara Osei", "Are you there?", &[], app.clock.now());
        inbound::accept(&app.app, &chat, vec![envelope], None).await.unwrap();
        let id: Uuid = ids(&ana, "unclaimed").await[0].as_str().unwrap().parse().unwrap();
        ana.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
        let before = read(&ana, id).await;
        assert_eq!(before["live"], true);
        hand(&ana, id, json!({ "to_staff_id": app.bryan.id })).await.json();
        let asked = read(&ana, id).await;
        assert_eq!(asked["handoff"]["falls_back_at"], "2026-10-01T12:02:00.000Z");
        app.clock.advance(120_000 - 1);
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["seq"], asked["seq"], "a millisecond is left");
        app.clock.advance(1);
        worker::settle(&app).await.unwrap();
        let after = read(&ana, id).await;
        unchanged(&before, &after);
        assert_eq!(last_words(&after), "Bryan did not answer for 2 minutes. It waits for everybody at Reference");
        assert_eq!(after["owner_id"], json!(null));
    }

    async fn the_clerk_finds_what_nobody_answered(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Where is my book?").await;
        hand(&ana, id, json!({ "to_staff_id": app.bryan.id })).await.json();
        app.clock.advance(HALF_AN_HOUR_MS);
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["owner_id"], json!(null));
    }

    async fn to_a_desk_it_is_there_at_once_and_anybodys(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let children = another_desk(&app).await;
        let id = app.patron_asks("Amara Osei", "Which picture books have whales?").await;
        ana.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
        let before = read(&ana, id).await;
        let row = hand(&ana, id, json!({ "to_desk_id": children.id })).await.json();
        assert_eq!((&row["desk_id"], &row["owner_id"]), (&json!(children.id), &json!(null)));
        let after = read(&ana, id).await;
        unchanged(&before, &after);
        assert_eq!(
            last_words(&after),
            format!("Ana handed this from Reference to Children: needs a specialist. What they already told us: {TOLD}")
        );
        assert_eq!(after["watching"], true);
        let counts = ana.get("/views").await.json();
        let watching = counts["items"].as_array().unwrap().iter().find(|one| one["view"] == "watching").unwrap();
        assert_eq!(watching["count"], 1);
        let next = bryan.post("/claims/next", json!({ "desk": children.id })).await.json();
        assert_eq!(next["conversation"]["id"], json!(id));
        let mut conn = app.db.read().await.unwrap();
        assert_eq!(deskbell::store::tallies::wrong(&mut conn).await.unwrap(), []);
    }

    async fn only_who_has_it_or_a_lead_hands_it_on_and_only_one_person_is_asked_at_a_time(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let (lena, vera) = (app.signed_in(&app.lena).await, app.signed_in(&app.vera).await);
        let id = app.patron_asks("Amara Osei", "Where is my book?").await;
        assert_eq!(hand(&vera, id, json!({ "to_staff_id": app.ana.id })).await.problem(), "not-allowed");
        ana.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
        let refused = hand(&bryan, id, json!({ "to_staff_id": app.lena.id })).await;
        assert_eq!(refused.problem(), "claimed");
        assert_eq!(refused.told()["owner"]["id"], json!(app.ana.id));

        hand(&ana, id, json!({ "to_staff_id": app.lena.id })).await.json();
        assert_eq!(asked(&lena).await.len(), 1);
        hand(&lena, id, json!({ "to_staff_id": app.bryan.id })).await.json();
        assert_eq!(asked(&lena).await, Vec::<Value>::new());
        let handoff = asked(&bryan).await[0]["handoff"]["id"].as_str().unwrap().to_owned();
        assert_eq!(read(&ana, id).await["owner_id"], json!(app.ana.id));
        assert_eq!(bryan.delete(&format!("/handoffs/{handoff}")).await.problem(), "missing");
        assert_eq!(ana.delete(&format!("/handoffs/{handoff}")).await.json()["owner_id"], json!(app.ana.id));
        assert_eq!(asked(&bryan).await, Vec::<Value>::new());
        assert_eq!(last_words(&read(&ana, id).await), "Ana took the hand-off back");
        assert_eq!(ana.delete(&format!("/handoffs/{handoff}")).await.problem(), "over");
    }

    async fn what_is_put_back_or_done_asks_nobody_any_more(app: TestApp) {
        let _loft = connect(&app);
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        for end in ["claim", "closure", "replies"] {
            let id = app.patron_asks("Amara Osei", &format!("Where is my book ({end})?")).await;
            hand(&ana, id, json!({ "to_staff_id": app.bryan.id })).await.json();
            ana.put(&format!("/conversations/{id}/watch"), json!({})).await.json();
            assert_eq!(asked(&bryan).await.len(), 1, "{end}");
            let path = format!("/conversations/{id}/{end}");
            let answer = match end {
                "claim" => ana.delete(&path).await,
                "closure" => ana.put(&path, json!({})).await,
                _ => {
                    let seen = read(&ana, id).await["seen"].clone();
                    ana.post(&path, json!({ "text": "On the shelf.", "seen": seen, "done": true })).await
                }
            };
            answer.json();
            assert_eq!(asked(&bryan).await, Vec::<Value>::new(), "{end}");
            let whole = read(&ana, id).await;
            assert_eq!((&whole["handoff"], &whole["watching"]), (&json!(null), &json!(end == "claim")), "{end}");
        }
        app.clock.advance(HALF_AN_HOUR_MS);
        worker::settle(&app).await.unwrap();
        assert_eq!(ids(&ana, "done").await.len(), 2);
    }

    async fn anybody_may_watch_until_it_is_done_and_nobody_else_is_told(app: TestApp) {
        let (ana, vera) = (app.signed_in(&app.ana).await, app.signed_in(&app.vera).await);
        let id = app.patron_asks("Amara Osei", "Where is my book?").await;
        let path = format!("/conversations/{id}/watch");
        let seq = read(&ana, id).await["seq"].clone();
        for _ in 0..2 {
            assert_eq!(vera.put(&path, json!({})).await.json(), json!({ "watching": true }));
        }
        assert_eq!(ids(&vera, "watching").await, [json!(id)]);
        assert_eq!(ids(&ana, "watching").await, Vec::<Value>::new());
        let found = vera.get("/conversations?view=watching&text=book").await.json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        assert_eq!(ana.get("/conversations?view=watching&text=book").await.json()["items"], json!([]));
        assert_eq!(read(&ana, id).await["seq"], seq);
        for _ in 0..2 {
            assert_eq!(vera.delete(&path).await.json(), json!({ "watching": false }));
        }
        assert_eq!(ids(&vera, "watching").await, Vec::<Value>::new());
        vera.put(&path, json!({})).await.json();
        ana.put(&format!("/conversations/{id}/closure"), json!({})).await.json();
        assert_eq!(ids(&vera, "watching").await, Vec::<Value>::new());
        assert_eq!(vera.put(&path, json!({})).await.problem(), "invalid");
        assert_eq!(vera.put(&format!("/conversations/{}/watch", Uuid::nil()), json!({})).await.problem(), "missing");
    }

    async fn a_note_on_what_is_not_ones_own_starts_a_watch(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Where is my book?").await;
        ana.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
        for client in [&ana, &bryan] {
            let note = json!({ "text": "The red edition is in the van." });
            client.post(&format!("/conversations/{id}/notes"), note).await.json();
        }
        assert_eq!(read(&bryan, id).await["watching"], true);
        assert_eq!(read(&ana, id).await["watching"], false, "she has it");
        ana.put(&format!("/conversations/{id}/closure"), json!({})).await.json();
        bryan.post(&format!("/conversations/{id}/notes"), json!({ "text": "Found it." })).await.json();
        assert_eq!(read(&bryan, id).await["watching"], false, "there is nothing to hear of");
    }
}
