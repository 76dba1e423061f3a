use super::replies::connect;
use crate::support::app::{Client, NOW, TestApp, on_each_engine};
use crate::waits::bed::agree;
use deskbell::model::hours::written;
use deskbell::model::people::Desk;
use deskbell::store::{self, hours, people, waits};
use deskbell::worker;
use serde_json::{Value, json};
use uuid::Uuid;

const HOUR: i64 = 3_600_000;
const NINE: &str = "2026-10-02T09:00:00+02:00";
const NINE_MS: i64 = NOW + 19 * HOUR;

async fn decide(client: &Client, id: Uuid, body: Value) -> Value {
    client.put(&format!("/conversations/{id}/closure"), body).await.json()
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

/// A desk that answers for others by night.
async fn night_desk(app: &TestApp) -> Uuid {
    let mut night = Desk { id: app.clock.id(), name: "Overnight".into(), ..app.desk.clone() };
    night.promise_ms = 2 * HOUR;
    let id = night.id;
    app.db
        .write::<_, store::Error, _>(move |tx| Box::pin(async move { people::insert_desk(tx, &night).await }))
        .await
        .unwrap();
    id
}

/// How many waits the report counts, and how many it counts apart.
async fn counted(app: &TestApp) -> (u64, u64) {
    let report =
        app.signed_in(&app.lena).await.get("/reports/waits?from=2026-09-30&to=2026-10-09").await.json();
    let number = |name: &str| report["all"][name].as_u64().unwrap();
    (number("count"), number("no_answer_needed"))
}

on_each_engine! {
    async fn done_without_an_answer_is_never_an_answer(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Thank you, it worked!").await;
        let ana = app.signed_in(&app.ana).await;
        app.clock.advance(60_000);

        // Whatever is claimed, nobody has answered.
        let row = decide(&ana, id, json!({ "outcome": "answered", "why": "a thank-you" })).await;
        assert_eq!((&row["state"], &row["waiting_since"]), (&json!("done"), &Value::Null));
        assert_eq!(row["outcome"], "answered");
        let mut conn = app.db.read().await.unwrap();
        let ended = waits::of_conversation(&mut conn, id).await.unwrap();
        assert_eq!(ended.len(), 1);
        assert_eq!((ended[0].closed_at, ended[0].closed_by), (Some(app.clock.now()), None));
        drop(conn);
        assert_eq!(last_words(&read(&ana, id).await), "Ana marked this done, no answer needed: a thank-you");
        assert_eq!(counted(&app).await, (0, 1));

        let again = decide(&ana, id, json!({})).await;
        assert_eq!(again["seq"], row["seq"], "closing what is done changes nothing");
    }

    async fn taking_done_back_lets_the_patrons_clock_go_on(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let ana = app.signed_in(&app.ana).await;
        let closure = format!("/conversations/{id}/closure");
        let before = read(&ana, id).await;
        app.clock.advance(60_000);
        decide(&ana, id, json!({ "outcome": "patron_lost" })).await;
        assert_eq!(last_words(&read(&ana, id).await), "Ana marked this done, patron lost");
        agree(&app.app).await;
        app.clock.advance(HOUR);

        let row = ana.delete(&closure).await.json();
        for same in ["state", "waiting_since", "due_at", "outcome"] {
            assert_eq!(row[same], before[same], "{same}");
        }
        let mut conn = app.db.read().await.unwrap();
        let waits = waits::of_conversation(&mut conn, id).await.unwrap();
        assert_eq!(waits.len(), 1, "the same wait, not another one");
        assert_eq!(waits[0].closed_at, None);
        drop(conn);
        agree(&app.app).await;
        assert_eq!(ana.delete(&closure).await.json()["seq"], row["seq"], "reopening what is open changes nothing");
    }

    async fn what_belongs_to_no_outcome_is_refused(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let (ana, vera) = (app.signed_in(&app.ana).await, app.signed_in(&app.vera).await);
        let closure = format!("/conversations/{id}/closure");
        for body in [
            json!({ "outcome": "bored" }),
            json!({ "outcom": "answered" }),
            json!({ "why": "x".repeat(501) }),
            json!({ "outcome": "follow_up" }),
            json!({ "outcome": "follow_up", "follow_up_at": "2026-10-01T12:00:00Z" }),
            json!({ "outcome": "follow_up", "follow_up_at": "2027-12-01T12:00:00Z" }),
            json!({ "outcome": "follow_up", "follow_up_at": NINE, "desk_id": app.desk.id }),
            json!({ "outcome": "answered", "follow_up_at": NINE }),
            json!({ "outcome": "practice", "desk_id": app.desk.id }),
        ] {
            let refused = ana.put(&closure, body.clone()).await;
            assert_eq!((refused.status, refused.problem().as_str()), (422, "invalid"), "{body}");
        }
        let nowhere = json!({ "outcome": "home_library", "desk_id": app.clock.id() });
        assert_eq!(ana.put(&closure, nowhere).await.status, 404);
        assert_eq!(vera.put(&closure, json!({})).await.status, 403);
        let row = read(&ana, id).await;
        assert_eq!((&row["state"], &row["outcome"]), (&json!("open"), &Value::Null));
    }

    async fn what_i_follow_up_comes_back_to_me_on_the_day_and_is_not_sent(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Has the inter-library loan come?").await;
        let before = read(&ana, id).await;
        let row = decide(&ana, id, json!({ "outcome": "follow_up", "follow_up_at": NINE, "why": "the loan" })).await;
        assert_eq!((&row["state"], &row["owner_id"]), (&json!("snoozed"), &json!(app.ana.id)));
        assert_eq!((&row["outcome"], &row["follow_up_at"]), (&json!("follow_up"), &json!("2026-10-02T07:00:00.000Z")));
        assert_eq!(row["waiting_since"], before["waiting_since"], "the patron waits all the while");
        assert_eq!(last_words(&read(&ana, id).await), "Ana will follow up on Fri 2 Oct 2026, 09:00: the loan");
        assert_eq!((ids(&ana, "unclaimed").await, ids(&ana, "mine").await), (vec![], vec![]));

        app.clock.advance(NINE_MS - NOW - 1);
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["state"], "snoozed", "a millisecond is left");
        app.clock.advance(1);
        worker::settle(&app).await.unwrap();
        let back = read(&ana, id).await;
        assert_eq!((&back["state"], &back["owner_id"]), (&json!("open"), &json!(app.ana.id)));
        assert_eq!(back["follow_up_at"], row["follow_up_at"], "it is marked as a task");
        assert_eq!(last_words(&back), "It is time to follow up");
        assert_eq!((ids(&ana, "mine").await, ids(&bryan, "mine").await), (vec![json!(id)], vec![]));
        let said = |whole: &Value| whole["messages"].as_array().unwrap().len();
        assert_eq!(said(&back), said(&before), "nothing is sent by itself");
        assert_eq!(counted(&app).await, (1, 0), "the wait goes on");

        let done = decide(&ana, id, json!({})).await;
        assert_eq!((&done["outcome"], &done["follow_up_at"]), (&json!("answered"), &Value::Null));
    }

    async fn a_follow_up_is_ones_own_and_can_be_taken_back(app: TestApp) {
        let (ana, bryan, lena) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await, app.signed_in(&app.lena).await);
        let id = app.patron_asks("Amara Osei", "Has the inter-library loan come?").await;
        let before = read(&ana, id).await;
        let closure = format!("/conversations/{id}/closure");
        let follow_up = json!({ "outcome": "follow_up", "follow_up_at": NINE });
        decide(&ana, id, follow_up.clone()).await;
        let refused = bryan.put(&closure, follow_up.clone()).await;
        assert_eq!((refused.status, refused.problem().as_str()), (409, "claimed"));
        let back = ana.delete(&closure).await.json();
        for same in ["state", "waiting_since", "due_at", "outcome", "follow_up_at", "snoozed_until"] {
            assert_eq!(back[same], before[same], "{same}");
        }
        assert_eq!(last_words(&read(&ana, id).await), "Ana took the follow-up back");
        app.clock.advance(NINE_MS - NOW);
        let seq = read(&ana, id).await["seq"].clone();
        worker::settle(&app).await.unwrap();
        assert_eq!(read(&ana, id).await["seq"], seq, "nothing is left to come back");
        let later = json!({ "outcome": "follow_up", "follow_up_at": "2026-10-05T09:00:00+02:00" });
        assert_eq!(decide(&lena, id, later).await["owner_id"], json!(app.lena.id), "a lead may take it over");
    }

    async fn the_home_library_has_it_open_nobodys_and_one_open_day(app: TestApp) {
        let night = night_desk(&app).await;
        let home = app.desk.id;
        app.db
            .write::<_, store::Error, _>(move |tx| {
                Box::pin(async move {
                    hours::set_week(tx, home, Some(&written::week("Mon-Fri 9:00-17:00").expect("a week"))).await
                })
            })
            .await
            .unwrap();
        app.calendars.forget();
        let _loft = connect(&app);
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "I forgot my PIN").await;
        let to_night = json!({ "to_desk_id": night, "reason": "other", "summary": "No PIN" });
        bryan.post(&format!("/conversations/{id}/handoffs"), to_night).await.json();
        ana.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
        let seen = read(&ana, id).await["seq"].clone();
        let reply = json!({ "text": "Your own library will see to it.", "seen": seen });
        assert_eq!(ana.post(&format!("/conversations/{id}/replies"), reply).await.status, 201);
        worker::settle(&app).await.unwrap();

        let row = decide(&ana, id, json!({ "outcome": "home_library" })).await;
        assert_eq!((&row["state"], &row["owner_id"], &row["desk_id"]), (&json!("open"), &Value::Null, &json!(home)));
        // Thursday at two in Berlin; three hours are left of the day, five are taken from the next.
        assert_eq!((&row["follow_up_at"], &row["due_at"]), (&json!("2026-10-02T12:00:00.000Z"), &json!("2026-10-02T12:00:00.000Z")));
        assert_eq!(row["waiting_since"], Value::Null);
        assert_eq!(last_words(&read(&ana, id).await), "Ana left this to Reference to follow up by Fri 2 Oct 2026, 14:00");
        for list in ["mine", "watching", "waiting", "done"] {
            assert!(ids(&ana, list).await.is_empty(), "{list}");
        }
        assert_eq!(ids(&bryan, "unclaimed").await, [json!(id)]);
        // It was promised, so it is taken before what nobody waits for.
        let next = bryan.post("/claims/next", json!({})).await.json();
        assert_eq!(next["conversation"]["id"], json!(id));
        // Another desk by name, and from there it is handed on like anything else.
        let other = decide(&bryan, id, json!({ "outcome": "home_library", "desk_id": night })).await;
        assert_eq!((&other["desk_id"], &other["owner_id"]), (&json!(night), &Value::Null));
        assert_eq!(other["due_at"], "2026-10-02T12:00:00.000Z", "a day, where a desk has no hours");
        let back = bryan.delete(&format!("/conversations/{id}/closure")).await.json();
        assert_eq!((&back["outcome"], &back["follow_up_at"], &back["state"]), (&Value::Null, &Value::Null, &json!("open")));
        agree(&app.app).await;
    }

    async fn an_earlier_promise_is_not_made_later_by_the_home_library(app: TestApp) {
        let night = night_desk(&app).await;
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "I forgot my PIN").await;
        app.clock.advance(HOUR);
        let row = decide(&ana, id, json!({ "outcome": "home_library", "desk_id": night })).await;
        assert_eq!((&row["follow_up_at"], &row["due_at"]), (&json!("2026-10-02T13:00:00.000Z"), &json!("2026-10-02T12:00:00.000Z")));
        assert_eq!(row["waiting_since"], "2026-10-01T12:00:00.000Z");
        assert_eq!(counted(&app).await, (1, 0), "the patron waits on");
        // What the patron says next is due by the promise of its desk, or sooner as promised.
        decide(&ana, id, json!({})).await;
        let back = ana.delete(&format!("/conversations/{id}/closure")).await.json();
        assert_eq!(back["waiting_since"], "2026-10-01T12:00:00.000Z");
        agree(&app.app).await;
    }

    async fn practice_is_in_no_number_until_somebody_says_that_it_was_none(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "This is only practice").await;
        app.patron_asks("Tam Ross", "This is not").await;
        let row = decide(&ana, id, json!({ "outcome": "practice" })).await;
        assert_eq!((&row["state"], &row["outcome"]), (&json!("done"), &json!("practice")));
        assert_eq!(last_words(&read(&ana, id).await), "Ana marked this done, practice");
        assert_eq!(counted(&app).await, (1, 0));

        // Each change is told, and what is done can be put off after all.
        let lost = decide(&ana, id, json!({ "outcome": "patron_lost", "why": "it was a real one" })).await;
        assert_eq!((&lost["state"], &lost["outcome"]), (&json!("done"), &json!("patron_lost")));
        let words = "Ana changed the outcome from practice to patron lost: it was a real one";
        assert_eq!(last_words(&read(&ana, id).await), words);
        assert_eq!(counted(&app).await, (1, 1));
        let home = decide(&ana, id, json!({ "outcome": "home_library" })).await;
        assert_eq!((&home["state"], &home["waiting_since"]), (&json!("open"), &json!("2026-10-01T12:00:00.000Z")));
        let kinds: Vec<_> = read(&ana, id).await["events"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
        assert_eq!(kinds, ["opened", "closed", "outcome_changed", "reopened", "sent_home"]);
        assert_eq!(counted(&app).await, (2, 0), "the same wait counts again");
        agree(&app.app).await;
    }

    async fn who_writes_to_what_is_done_opens_it_and_practice_stays_practice(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        for (outcome, kept) in [("answered", Value::Null), ("practice", json!("practice"))] {
            app.clock.advance(1_000);
            let id = app.clock.id();
            let mail = crate::support::app::mail(&id.to_string(), outcome, "About my card", &[], app.clock.now());
            app.take_in(vec![mail]).await;
            let conversation = ids(&ana, "unclaimed").await.pop().unwrap();
            let conversation = conversation.as_str().unwrap().parse().unwrap();
            decide(&ana, conversation, json!({ "outcome": outcome })).await;
            let again = app.patron_says(outcome, "And another thing", &[&format!("<{id}@patron.example>")]).await;
            assert_eq!(again, conversation);
            let row = read(&ana, conversation).await;
            assert_eq!((&row["state"], &row["outcome"]), (&json!("open"), &kept), "{outcome}");
            decide(&ana, conversation, json!({ "outcome": outcome })).await;
        }
        assert_eq!(counted(&app).await, (0, 2), "two of the one, none of practice");
        agree(&app.app).await;
    }
}
