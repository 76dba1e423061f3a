//! Spam and no spam, urgent, and tags.

use crate::support::app::{Client, NOW, TestApp, mail, on_each_engine};
use crate::waits::bed::agree;
use deskbell::store::waits;
use serde_json::{Value, json};
use uuid::Uuid;

const HOUR: i64 = 3_600_000;

async fn read(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}")).await.json()
}

async fn ids(client: &Client, filter: &str) -> Vec<Value> {
    let page = client.get(&format!("/conversations?{filter}")).await.json();
    page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
}

fn last_words(whole: &Value) -> &str {
    whole["events"].as_array().unwrap().last().unwrap()["words"].as_str().unwrap()
}

/// Writes with a mail of this id, as answer to what has that one; gives the conversation.
async fn writes(app: &TestApp, id: &str, to: &[&str]) -> Uuid {
    app.take_in(vec![mail(id, "Prize Bureau", "You have won", to, app.clock.now())]).await;
    let mut conn = app.db.read().await.unwrap();
    let newest = deskbell::store::events::newest(&mut conn).await.unwrap();
    deskbell::store::events::after(&mut conn, newest - 1, 1).await.unwrap()[0].conversation_id
}

/// Each wait: from, to.
async fn kept(app: &TestApp, id: Uuid) -> Vec<(i64, Option<i64>)> {
    let waits = waits::of_conversation(&mut app.db.read().await.unwrap(), id).await.unwrap();
    waits.into_iter().map(|wait| (wait.opened_at, wait.closed_at)).collect()
}

on_each_engine! {
    async fn spam_has_a_view_of_its_own_and_waits_for_nobody(app: TestApp) {
        let (ana, vera) = (app.signed_in(&app.ana).await, app.signed_in(&app.vera).await);
        let id = writes(&app, "first", &[]).await;
        let spam = format!("/conversations/{id}/spam");
        assert_eq!(vera.put(&spam, json!({})).await.status, 403);
        app.clock.advance(HOUR);
        let row = ana.put(&spam, json!({})).await.json();
        assert_eq!((&row["state"], &row["waiting_since"], &row["due_at"]), (&json!("spam"), &Value::Null, &Value::Null));
        assert_eq!(last_words(&read(&ana, id).await), "Ana marked this as spam");
        assert_eq!((ids(&ana, "view=spam").await, ids(&ana, "view=unclaimed").await), (vec![json!(id)], vec![]));
        let again = ana.put(&spam, json!({})).await.json();
        assert_eq!(again["seq"], row["seq"], "marking what is marked changes nothing");
        agree(&app.app).await;

        // What comes later stays there.
        app.clock.advance(HOUR);
        assert_eq!(writes(&app, "second", &["<first@patron.example>"]).await, id);
        let row = read(&ana, id).await;
        assert_eq!((&row["state"], &row["waiting_since"]), (&json!("spam"), &Value::Null));
        assert_eq!(kept(&app, id).await, [(NOW, Some(NOW + HOUR))]);
        let report = app.signed_in(&app.lena).await.get("/reports/waits?from=2026-09-30&to=2026-10-09").await.json();
        assert_eq!((&report["all"]["count"], &report["all"]["no_answer_needed"]), (&json!(0), &json!(1)));
        agree(&app.app).await;

        // It is answered, closed and put off only after somebody has said that it is none.
        let reply = json!({ "text": "Thank you", "seen": row["seq"] });
        assert!(ana.post(&format!("/conversations/{id}/replies"), reply).await.status >= 400);
        for body in [json!({}), json!({ "outcome": "home_library" })] {
            assert_eq!(ana.put(&format!("/conversations/{id}/closure"), body).await.problem(), "invalid");
        }

        // No spam after all: the wait it had.
        let back = ana.delete(&spam).await.json();
        assert_eq!((&back["state"], &back["waiting_since"]), (&json!("open"), &json!("2026-10-01T12:00:00.000Z")));
        assert_eq!(back["due_at"], "2026-10-02T12:00:00.000Z");
        assert_eq!(kept(&app, id).await, [(NOW, None)]);
        assert_eq!(last_words(&read(&ana, id).await), "Ana said that this is no spam");
        assert_eq!(ana.delete(&spam).await.json()["seq"], back["seq"]);
        agree(&app.app).await;
    }

    async fn what_was_done_and_taken_for_spam_is_done_again_or_waits_for_what_was_said_since(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = writes(&app, "first", &[]).await;
        let spam = format!("/conversations/{id}/spam");
        app.clock.advance(HOUR);
        ana.put(&format!("/conversations/{id}/closure"), json!({ "outcome": "patron_lost" })).await.json();
        ana.put(&spam, json!({})).await.json();
        let back = ana.delete(&spam).await.json();
        assert_eq!((&back["state"], &back["outcome"]), (&json!("done"), &json!("patron_lost")));
        assert_eq!(kept(&app, id).await, [(NOW, Some(NOW + HOUR))], "what was done stays done");
        agree(&app.app).await;

        ana.put(&spam, json!({})).await.json();
        app.clock.advance(HOUR);
        writes(&app, "second", &["<first@patron.example>"]).await;
        app.clock.advance(HOUR);
        let back = ana.delete(&spam).await.json();
        assert_eq!((&back["state"], &back["waiting_since"]), (&json!("open"), &json!("2026-10-01T14:00:00.000Z")));
        assert_eq!(kept(&app, id).await, [(NOW, Some(NOW + HOUR)), (NOW + 2 * HOUR, None)]);
        agree(&app.app).await;
    }

    async fn urgent_comes_after_late_and_before_the_rest(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let mut asked = Vec::new();
        for name in ["Late One", "Soon One", "Later One", "Last One"] {
            asked.push(app.patron_asks(name, "Is the library open on Sunday?").await);
            app.clock.advance(HOUR);
        }
        let [late, soon, later, last] = asked[..] else { panic!("four") };
        let row = ana.put(&format!("/conversations/{last}/urgent"), json!({})).await.json();
        assert_eq!(row["urgent"], true);
        assert_eq!(last_words(&read(&ana, last).await), "Ana marked this urgent");
        let again = ana.put(&format!("/conversations/{last}/urgent"), json!({})).await.json();
        assert_eq!(again["seq"], row["seq"]);
        assert_eq!(ids(&ana, "view=unclaimed").await, [json!(last), json!(late), json!(soon), json!(later)]);
        // A day is promised.
        app.clock.advance(20 * HOUR + HOUR / 2);
        assert_eq!(ids(&ana, "view=unclaimed").await, [json!(late), json!(last), json!(soon), json!(later)]);
        for expected in [late, last] {
            let next = ana.post("/claims/next", json!({})).await.json();
            assert_eq!(next["conversation"]["id"], json!(expected));
        }
        let row = ana.put(&format!("/conversations/{later}/urgent"), json!({})).await.json();
        assert_eq!(row["urgent"], true);
        let row = ana.delete(&format!("/conversations/{later}/urgent")).await.json();
        assert_eq!(row["urgent"], false);
        let next = ana.post("/claims/next", json!({})).await.json();
        assert_eq!(next["conversation"]["id"], json!(soon));
    }

    async fn tags_are_the_houses_and_a_list_can_be_had_by_each(app: TestApp) {
        let (ana, lena) = (app.signed_in(&app.ana).await, app.signed_in(&app.lena).await);
        assert_eq!(ana.post("/tags", json!({ "name": "e-books" })).await.status, 403, "leads keep the list");
        for name in ["", " \t ", &"x".repeat(41)] {
            assert_eq!(lena.post("/tags", json!({ "name": name })).await.problem(), "invalid");
        }
        let made = lena.post("/tags", json!({ "name": " E-books  and more " })).await;
        assert_eq!(made.status, 201);
        let ebooks = made.json();
        assert_eq!(ebooks["name"], "E-books and more");
        let holds = lena.post("/tags", json!({ "name": "Holds" })).await.json();
        assert_eq!(lena.post("/tags", json!({ "name": "HOLDS" })).await.json()["id"], holds["id"], "one, whatever its case");

        let one = app.patron_asks("Amara Osei", "Where is my hold?").await;
        let two = app.patron_asks("Piotr Zak", "My hold is an e-book").await;
        let on = |id: Uuid, tag: &Value| format!("/conversations/{id}/tags/{}", tag["id"].as_str().unwrap());
        ana.put(&on(one, &holds), json!({})).await.json();
        ana.put(&on(two, &holds), json!({})).await.json();
        let row = ana.put(&on(two, &ebooks), json!({})).await.json();
        assert_eq!(row["tags"], json!([holds["id"], ebooks["id"]]), "in the order in which they were put on");
        assert_eq!(last_words(&read(&ana, two).await), "Ana tagged this E-books and more");
        assert_eq!(ana.put(&on(two, &ebooks), json!({})).await.json()["seq"], row["seq"]);

        let with = |tag: &Value, more: &str| format!("tag={}{more}", tag["id"].as_str().unwrap());
        assert_eq!(ids(&ana, &with(&holds, "")).await.len(), 2);
        assert_eq!(ids(&ana, &with(&ebooks, "&view=unclaimed")).await, [json!(two)]);
        assert_eq!(ids(&ana, &with(&holds, "&text=book")).await, [json!(two)]);
        ana.put(&format!("/conversations/{two}/claim"), json!({})).await.json();
        assert_eq!(ids(&ana, &with(&holds, "&view=unclaimed")).await, [json!(one)]);
        assert_eq!(ids(&ana, &with(&holds, "&view=mine")).await, [json!(two)]);

        let row = ana.delete(&on(two, &holds)).await.json();
        assert_eq!(row["tags"], json!([ebooks["id"]]));
        assert_eq!(last_words(&read(&ana, two).await), "Ana took the tag Holds off");
        assert_eq!(ids(&ana, &with(&holds, "")).await, [json!(one)]);

        // Off the list: what bears it does so still, and nothing else may.
        let listed = format!("/tags/{}", holds["id"].as_str().unwrap());
        assert_eq!(ana.delete(&listed).await.status, 403);
        assert_eq!(lena.delete(&listed).await.status, 204);
        assert_eq!(ana.put(&on(two, &holds), json!({})).await.status, 404);
        assert_eq!(read(&ana, one).await["tags"], json!([holds["id"]]));
        let tags = ana.get("/tags").await.json()["items"].clone();
        assert_eq!((&tags[1]["name"], &tags[1]["listed"]), (&json!("Holds"), &json!(false)));
        assert_eq!(lena.post("/tags", json!({ "name": "Holds" })).await.json()["id"], holds["id"], "on it again");
        ana.put(&on(two, &holds), json!({})).await.json();
    }
}
