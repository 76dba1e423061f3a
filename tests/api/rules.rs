//! Rules: what the house wants done with what arrives.

use std::collections::BTreeSet;

use crate::support::app::{Client, NOW, TestApp, mail, on_each_engine};
use crate::waits::bed::agree;
use deskbell::model::hours::written;
use deskbell::model::people::Desk;
use deskbell::store::{self, events, hours, people, waits};
use serde_json::{Value, json};
use uuid::Uuid;

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// A desk for the past, which promises an answer in two hours.
async fn local_history(app: &TestApp) -> Uuid {
    let desk = Desk {
        id: app.clock.id(),
        name: "Local history".into(),
        promise_ms: 120 * MINUTE,
        library: None,
        ..app.desk.clone()
    };
    let id = desk.id;
    app.db
        .write::<_, store::Error, _>(move |tx| Box::pin(async move { people::insert_desk(tx, &desk).await }))
        .await
        .unwrap();
    id
}

async fn read(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}")).await.json()
}

fn words(whole: &Value) -> Vec<&str> {
    whole["events"].as_array().unwrap().iter().map(|event| event["words"].as_str().unwrap()).collect()
}

async fn add(ada: &Client, rule: Value) -> Value {
    let made = ada.post("/rules", rule).await;
    assert_eq!(made.status, 201);
    made.json()
}

fn says(name: &str, words: &str, acts: Value) -> Value {
    json!({ "name": name, "conditions": [{ "about": "text", "says": words }], "acts": acts })
}

/// The conversations that these mails began or joined, in their order.
async fn take_in(app: &TestApp, mails: &[(&str, &str, &str, &[&str])]) -> Vec<Uuid> {
    let mut conn = app.db.read().await.unwrap();
    let before = events::newest(&mut conn).await.unwrap();
    let given = mails.iter().map(|(id, name, text, to)| mail(id, name, text, to, app.clock.now()));
    app.take_in(given.collect()).await;
    let lines = events::after(&mut conn, before, 1_000).await.unwrap();
    lines.iter().filter(|line| line.message_id.is_some()).map(|line| line.conversation_id).collect()
}

on_each_engine! {
    async fn a_rule_says_where_a_question_begins_and_the_history_names_it(app: TestApp) {
        let (ana, ada) = (app.signed_in(&app.ana).await, app.signed_in(&app.ada).await);
        let desk = local_history(&app).await;
        let tag = app.signed_in(&app.lena).await.post("/tags", json!({ "name": "Family" })).await.json();
        let acts = json!([
            { "act": "desk", "to": "local HISTORY" }, { "act": "tag", "with": "family" }, { "act": "urgent" },
        ]);
        assert_eq!(ana.post("/rules", says("Genealogy", "genealog*", acts.clone())).await.problem(), "not-allowed");
        let rule = add(&ada, says("Genealogy", "genealog*", acts)).await;
        assert_eq!(rule["words"], "If it says “genealog*”: move it to Local history, tag it Family, mark it urgent");

        // A batch in which the same patron writes again about it, and another asks something else.
        let began = take_in(&app, &[
            ("one", "Amara Osei", "Genealogical records of 1871?", &[]),
            ("two", "Rosa Diaz", "Renew my book", &[]),
            ("three", "Amara Osei", "My genealogy begins there", &["<one@patron.example>"]),
            ("four", "Rosa Diaz", "And my genealogy book", &["<two@patron.example>"]),
        ]).await;
        assert_eq!(began, [began[0], began[1], began[0], began[1]]);
        let moved = read(&ana, began[0]).await;
        assert_eq!((&moved["desk_id"], &moved["urgent"], &moved["tags"]), (&json!(desk), &json!(true), &json!([tag["id"]])));
        assert_eq!(moved["due_at"], "2026-10-01T14:00:00.000Z", "by the promise of the desk it is at");
        assert_eq!(words(&moved), [
            "Amara Osei asked", "Moved to Local history by the rule Genealogy", "Tagged Family by the rule Genealogy",
            "Marked urgent by the rule Genealogy", "Amara Osei wrote",
        ]);
        let other = read(&ana, began[1]).await;
        assert_eq!((&other["desk_id"], &other["urgent"]), (&json!(app.desk.id), &json!(false)), "only what begins it counts");
        let page = ana.get(&format!("/conversations?view=all&tag={}", tag["id"].as_str().unwrap())).await.json();
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        let page = ana.get(&format!("/conversations?view=unclaimed&desk={desk}")).await.json();
        assert_eq!(page["items"][0]["id"], json!(began[0]));

        // Whoever waits, waits at that desk from the beginning.
        let waits = waits::of_conversation(&mut app.db.read().await.unwrap(), began[0]).await.unwrap();
        assert_eq!(waits.iter().map(|wait| (wait.desk_id, wait.opened_at)).collect::<Vec<_>>(), [(desk, NOW)]);
        agree(&app.app).await;
    }

    async fn what_a_rule_takes_for_spam_waits_for_nobody_and_can_come_back(app: TestApp) {
        let (ana, ada) = (app.signed_in(&app.ana).await, app.signed_in(&app.ada).await);
        let from = json!({ "name": "Prizes", "conditions": [{ "about": "from", "is": "prize.bureau@patron.example" }],
            "acts": [{ "act": "spam" }] });
        add(&ada, from).await;
        add(&ada, says("Later", "won", json!([{ "act": "urgent" }]))).await;
        let began = take_in(&app, &[
            ("one", "Prize Bureau", "You have won", &[]),
            ("two", "Prize Bureau", "You really have", &["<one@patron.example>"]),
            ("three", "Amara Osei", "Who won the quiz?", &[]),
        ]).await;
        app.clock.advance(MINUTE);
        let again = take_in(&app, &[("four", "Prize Bureau", "Still there?", &["<two@patron.example>"])]).await;
        assert_eq!(again, [began[0]]);
        let row = read(&ana, began[0]).await;
        assert_eq!((&row["state"], &row["waiting_since"], &row["urgent"]), (&json!("spam"), &Value::Null, &json!(false)));
        assert_eq!(words(&row)[1], "Marked as spam by the rule Prizes");
        assert_eq!(read(&ana, began[2]).await["urgent"], true);
        let report = app.signed_in(&app.lena).await.get("/reports/waits?from=2026-09-30&to=2026-10-09").await.json();
        assert_eq!((&report["all"]["count"], &report["all"]["no_answer_needed"]), (&json!(1), &json!(1)));
        agree(&app.app).await;

        let back = ana.delete(&format!("/conversations/{}/spam", began[0])).await.json();
        assert_eq!((&back["state"], &back["waiting_since"]), (&json!("open"), &json!("2026-10-01T12:00:00.000Z")));
        agree(&app.app).await;
    }

    async fn a_rule_that_cannot_be_kept_to_stops_nothing_and_says_so(app: TestApp) {
        let (ana, ada, lena) =
            (app.signed_in(&app.ana).await, app.signed_in(&app.ada).await, app.signed_in(&app.lena).await);
        let tag = lena.post("/tags", json!({ "name": "Family" })).await.json();
        let acts = json!([{ "act": "tag", "with": "Family" }, { "act": "urgent" }]);
        add(&ada, says("Genealogy", "genealogy", acts)).await;
        lena.delete(&format!("/tags/{}", tag["id"].as_str().unwrap())).await;
        let id = app.patron_asks("Amara Osei", "Genealogy of the Oseis").await;
        let row = read(&ana, id).await;
        assert_eq!((&row["urgent"], &row["tags"]), (&json!(true), &json!([])));
        assert_eq!(words(&row), [
            "Amara Osei asked", "Part of the rule Genealogy was not done: the tag Family is off the list",
            "Marked urgent by the rule Genealogy",
        ]);
        for (acts, why) in [
            (json!([{ "act": "tag", "with": "Family" }]), "There is no tag called Family. Nothing was changed."),
            (json!([{ "act": "desk", "to": "Attic" }]), "There is no desk called Attic. Nothing was changed."),
            (json!([]), "The rule R must look at something and do something. Nothing was changed."),
        ] {
            let refused = ada.post("/rules", says("R", "words", acts)).await;
            assert_eq!(refused.status, 422);
            assert_eq!(refused.told()["detail"], why);
        }
        assert_eq!(ada.post("/rules", says("R", "words", json!([{ "act": "sing" }]))).await.status, 422);
        agree(&app.app).await;
    }

    async fn rules_see_hours_files_and_who_is_new(app: TestApp) {
        let (ana, ada) = (app.signed_in(&app.ana).await, app.signed_in(&app.ada).await);
        let desk = app.desk.id;
        // In Berlin it is 14:00 on a Thursday.
        app.db
            .write::<_, store::Error, _>(move |tx| {
                Box::pin(async move { hours::set_week(tx, desk, Some(&written::week("Thu 9:00-15:00").expect("a week"))).await })
            })
            .await
            .unwrap();
        app.calendars.forget();
        let closed = json!({ "name": "Night", "conditions": [{ "about": "closed" }, { "about": "new_patron" }],
            "acts": [{ "act": "urgent" }] });
        add(&ada, closed).await;
        let by_day = app.patron_asks("Amara Osei", "By day").await;
        app.clock.advance(61 * MINUTE);
        let known = app.patron_asks("Amara Osei", "By night").await;
        let new = app.patron_asks("Rosa Diaz", "By night").await;
        let mut urgent = Vec::new();
        for id in [by_day, known, new] {
            urgent.push(read(&ana, id).await["urgent"].as_bool().unwrap());
        }
        assert_eq!(urgent, [false, false, true]);
        agree(&app.app).await;
    }

    async fn rules_are_changed_by_who_has_read_them_and_asked_in_their_order(app: TestApp) {
        let (ana, ada) = (app.signed_in(&app.ana).await, app.signed_in(&app.ada).await);
        let first = add(&ada, says("First", "book", json!([{ "act": "urgent" }, { "act": "stop" }]))).await;
        let second = add(&ada, says("Second", "book", json!([{ "act": "spam" }]))).await;
        let (one, two) = (first["id"].as_str().unwrap(), second["id"].as_str().unwrap());
        let id = app.patron_asks("Amara Osei", "My book").await;
        assert_eq!(read(&ana, id).await["state"], "open");

        let ids = |page: Value| -> Vec<Value> {
            page["items"].as_array().unwrap().iter().map(|rule| rule["id"].clone()).collect()
        };
        for wrong in [json!([one]), json!([one, one]), json!([one, two, one]), json!([one, Uuid::nil()])] {
            assert_eq!(ada.put("/rules/order", json!({ "ids": wrong })).await.problem(), "changed");
        }
        let ordered = ada.put("/rules/order", json!({ "ids": [two, one] })).await.json();
        assert_eq!(ids(ordered), [json!(two), json!(one)]);
        let id = app.patron_asks("Amara Osei", "My other book").await;
        assert_eq!(read(&ana, id).await["state"], "spam");

        let off = ada.put(&format!("/rules/{two}/pause"), json!({})).await.json();
        assert_eq!((&off["active"], &off["version"]), (&json!(false), &json!(2)));
        let id = app.patron_asks("Amara Osei", "A third book").await;
        assert_eq!(read(&ana, id).await["state"], "open", "a rule that is off is not asked");

        let changed = says("Second", "maps", json!([{ "act": "urgent" }]));
        assert_eq!(ada.put(&format!("/rules/{two}?version=1"), changed.clone()).await.problem(), "changed");
        let kept = ada.put(&format!("/rules/{two}?version=2"), changed).await.json();
        assert_eq!((&kept["version"], &kept["conditions"][0]["says"]), (&json!(3), &json!("maps")));
        assert_eq!(kept["active"], true);
        assert_eq!(ada.delete(&format!("/rules/{two}?version=2")).await.problem(), "changed");
        assert_eq!(ada.delete(&format!("/rules/{two}?version=3")).await.status, 204);
        assert_eq!(ada.delete(&format!("/rules/{two}?version=3")).await.problem(), "missing");
        assert_eq!(ids(ada.get("/rules").await.json()), [json!(one)]);
        assert_eq!(ana.get("/rules").await.problem(), "not-allowed");
    }

    async fn a_trial_says_what_rules_would_have_done_and_changes_nothing(app: TestApp) {
        local_history(&app).await;
        app.patron_asks("Old Friend", "Genealogy long ago").await;
        app.clock.advance(40 * DAY);
        let ada = app.signed_in(&app.ada).await;
        // More than are looked at together, and more than are shown.
        let names: Vec<String> = (0..120).map(|number| format!("Patron {number}")).collect();
        let mails = names.iter().enumerate().map(|(number, name)| {
            let text = if number % 4 == 0 { "My genealogy" } else { "My book" };
            mail(&format!("past-{number}"), name, text, &[], app.clock.now())
        });
        app.take_in(mails.collect()).await;
        let before = events::newest(&mut app.db.read().await.unwrap()).await.unwrap();
        let rule = says("Genealogy", "genealogy", json!([{ "act": "desk", "to": "Local history" }, { "act": "urgent" }]));
        let asked = json!({ "rule": rule });
        let tried = ada.post("/rules/trials", asked.clone()).await.json();
        assert_eq!((&tried["looked_at"], &tried["fitting"], &tried["recipients_unknown"]), (&json!(120), &json!(30), &json!(false)));
        // Of what came at the same moment nothing is newer; that which came later is.
        let shown = |tried: &Value| -> Vec<String> {
            let latest = tried["latest"].as_array().unwrap().iter();
            latest.map(|hit| hit["patron"].as_str().unwrap().to_owned()).collect()
        };
        let patrons: BTreeSet<String> = shown(&tried).into_iter().collect();
        assert_eq!((shown(&tried).len(), patrons.len()), (20, 20));
        let fitting: BTreeSet<String> = names.iter().step_by(4).cloned().collect();
        assert!(patrons.is_subset(&fitting), "{patrons:?}");
        let latest = tried["latest"].as_array().unwrap();
        assert_eq!(latest[0]["acts"], json!(["Moved to Local history by the rule Genealogy", "Marked urgent by the rule Genealogy"]));
        assert_eq!(ada.get("/rules").await.json()["items"], json!([]));
        assert_eq!(events::newest(&mut app.db.read().await.unwrap()).await.unwrap(), before);

        app.clock.advance(MINUTE);
        app.patron_asks("Newest Friend", "My genealogy").await;
        let newest = ada.post("/rules/trials", asked.clone()).await.json();
        assert_eq!((&newest["fitting"], shown(&newest)[0].as_str()), (&json!(31), "Newest Friend"));

        let longer = ada.post("/rules/trials", json!({ "rule": rule, "days": 50 })).await.json();
        assert_eq!((&longer["looked_at"], &longer["fitting"]), (&json!(122), &json!(32)));

        // What is off is tried alone, and not among all.
        let kept = add(&ada, json!({ "name": "G", "active": false, "conditions": rule["conditions"], "acts": rule["acts"] })).await;
        assert_eq!(ada.post("/rules/trials", json!({ "id": kept["id"] })).await.json()["fitting"], 31);
        assert_eq!(ada.post("/rules/trials", json!({})).await.json()["fitting"], 0);
        let to = json!({ "name": "To", "conditions": [{ "about": "to", "is": "@harbour.example" }], "acts": [{ "act": "urgent" }] });
        assert_eq!(ada.post("/rules/trials", json!({ "rule": to })).await.json()["recipients_unknown"], true);
        for wrong in [json!({ "days": 0 }), json!({ "days": 401 }), json!({ "id": kept["id"], "rule": rule })] {
            assert_eq!(ada.post("/rules/trials", wrong).await.problem(), "invalid");
        }
        let ana = app.signed_in(&app.ana).await;
        assert_eq!(ana.post("/rules/trials", asked).await.problem(), "not-allowed");
    }
}
