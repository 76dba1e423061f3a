//! Who is kept out: what they write is held, and let in again at the time it has.

use std::sync::Arc;

use crate::journey::bell::{MANIFEST, Tower, envelope, note};
use crate::support::app::{Client, NOW, TestApp, on_each_engine};
use crate::waits::bed::agree;
use deskbell::channel::roster::Open;
use deskbell::model::hours::written;
use deskbell::outbound::away;
use deskbell::store::{self, hours, intake, waits};
use serde_json::{Value, json};
use uuid::Uuid;

const HOUR: i64 = 3_600_000;
const BUREAU: &str = "win@prizes.example";

/// Its channel can read what it brought once more.
fn connect(app: &TestApp) {
    let open = Open { row: app.channel.clone(), manifest: &MANIFEST, channel: Arc::new(Tower::default()) };
    app.roster.take_in(open);
}

/// Somebody writes, now.
async fn writes(app: &TestApp, id: &str, from: &str, text: &str) {
    let mut said = note(id, from, text);
    said["at"] = json!(app.clock.now());
    app.take_in(vec![envelope(&said)]).await;
}

async fn list(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.json()["items"].as_array().unwrap().clone()
}

/// Messages, held, duplicates; they add up to what was received.
async fn counts(app: &TestApp) -> (i64, i64, i64) {
    let all = intake::all(&mut app.db.read().await.unwrap()).await.unwrap();
    let counts = all.first().expect("something came").counts;
    assert_eq!(counts.received, counts.messages + counts.held + counts.duplicates, "{counts:?}");
    (counts.messages, counts.held, counts.duplicates)
}

fn last_words(whole: &Value) -> String {
    whole["events"].as_array().unwrap().last().unwrap()["words"].as_str().unwrap().to_owned()
}

async fn read(client: &Client, id: &Value) -> Value {
    client.get(&format!("/conversations/{}", id.as_str().unwrap())).await.json()
}

on_each_engine! {
    async fn what_somebody_writes_who_is_blocked_is_held_until_it_is_let_in(app: TestApp) {
        connect(&app);
        let (ana, vera) = (app.signed_in(&app.ana).await, app.signed_in(&app.vera).await);
        writes(&app, "1", "Win+Spring@Prizes.example", "You have won!").await;
        let first = list(&ana, "/conversations").await.remove(0);
        let block = format!("/conversations/{}/block", first["id"].as_str().unwrap());
        assert_eq!(vera.put(&block, json!({})).await.status, 403);
        assert_eq!(read(&ana, &first["id"]).await["block"], Value::Null);

        let kept_out = ana.put(&block, json!({ "reason": " adverts " })).await.json();
        assert_eq!((&kept_out["whom"], &kept_out["stands"], &kept_out["held"]), (&json!("Win+Spring@Prizes.example"), &json!(true), &json!(0)));
        assert_eq!((&kept_out["reason"], &kept_out["blocked_name"]), (&json!("adverts"), &json!("Ana")));
        let whole = read(&ana, &first["id"]).await;
        assert_eq!(last_words(&whole), "Ana blocked Win+Spring@Prizes.example");
        assert_eq!(whole["block"]["id"], kept_out["id"]);
        let again = ana.put(&block, json!({})).await.json();
        assert_eq!(again["id"], kept_out["id"], "who is kept out already stays so");
        assert_eq!(read(&ana, &first["id"]).await["seq"], whole["seq"]);

        // In a conversation or beginning one, under any name behind a plus; the same thing twice is one.
        app.clock.advance(HOUR);
        writes(&app, "2", BUREAU, "Answer now!").await;
        writes(&app, "2", BUREAU, "Answer now!").await;
        writes(&app, "3", "win+autumn@prizes.example", "Last chance!").await;
        writes(&app, "4", "rosa@patron.example", "Is it open on Sunday?").await;
        assert_eq!(counts(&app).await, (2, 2, 1));
        assert_eq!(list(&ana, "/conversations").await.len(), 2);
        assert_eq!(read(&ana, &first["id"]).await["seq"], whole["seq"], "nothing was told of it");
        let held = list(&ana, "/held").await;
        assert_eq!(held.len(), 2);
        let one = held.iter().find(|one| one["from"] == BUREAU).unwrap();
        assert_eq!(one["reason"], "blocked");
        assert!(one["why"].as_str().unwrap().starts_with("Ana has blocked Win+Spring@Prizes.example."));
        assert_eq!(list(&ana, "/blocks").await[0]["held"], 2);
        agree(&app.app).await;

        // One of them was a patron after all: at the time it has, and the wait begins then.
        app.clock.advance(HOUR);
        let release = format!("/held/{}/release", one["id"].as_str().unwrap());
        assert_eq!(vera.post(&release, json!({})).await.status, 403);
        let there = ana.post(&release, json!({})).await.json();
        let whole = read(&ana, &there["conversation_id"]).await;
        assert_eq!(whole["messages"][0]["text"], "Answer now!");
        assert_eq!((&whole["messages"][0]["at"], &whole["waiting_since"]), (&json!("2026-10-01T13:00:00.000Z"), &json!("2026-10-01T13:00:00.000Z")));
        assert_eq!(last_words(&whole), "Ana let a message in that was held: Ana had blocked Win+Spring@Prizes.example");
        assert_eq!(counts(&app).await, (3, 1, 1));
        assert_eq!(list(&ana, "/blocks").await[0]["held"], 1);
        assert_eq!(ana.post(&release, json!({})).await.problem(), "invalid", "it is not held any more");
        let id: Uuid = there["conversation_id"].as_str().unwrap().parse().unwrap();
        let kept = waits::of_conversation(&mut app.db.read().await.unwrap(), id).await.unwrap();
        assert_eq!(kept.iter().map(|wait| wait.opened_at).collect::<Vec<_>>(), [NOW + HOUR]);
        agree(&app.app).await;

        // Unblocked: what is held stays so until it is let in, and what comes comes in.
        let lifted = ana.delete(&block).await.json();
        assert_eq!((&lifted["stands"], &lifted["held"], &lifted["lifted_name"]), (&json!(false), &json!(1), &json!("Ana")));
        assert_eq!(last_words(&read(&ana, &first["id"]).await), "Ana unblocked Win+Spring@Prizes.example");
        assert_eq!(ana.delete(&block).await.problem(), "missing");
        let all = format!("/blocks/{}/release", lifted["id"].as_str().unwrap());
        assert_eq!(ana.post(&all, json!({})).await.json(), json!({ "let_in": 1, "kept": 0 }));
        assert_eq!(ana.post(&all, json!({})).await.json(), json!({ "let_in": 0, "kept": 0 }));
        writes(&app, "5", BUREAU, "And now?").await;
        assert_eq!((counts(&app).await, list(&ana, "/held").await.len()), ((5, 0, 1), 0));
        agree(&app.app).await;
    }

    async fn no_machine_answers_what_is_held_nor_what_is_let_in(app: TestApp) {
        connect(&app);
        let ana = app.signed_in(&app.ana).await;
        let desk = app.desk.id;
        app.db.write::<_, store::Error, _>(move |tx| Box::pin(async move {
            hours::set_week(tx, desk, Some(&written::week("Mon-Fri 9-12").unwrap())).await
        })).await.unwrap();
        away::put(&app.app, desk, "Closed until {opening}.", None).await.unwrap();
        writes(&app, "1", "rosa@patron.example", "Are you open?").await;
        let told = list(&ana, "/conversations").await.remove(0);
        let said = |whole: &Value| whole["messages"].as_array().unwrap().len();
        assert_eq!(said(&read(&ana, &told["id"]).await), 2, "the desk says that it is closed");

        assert_eq!(ana.post("/blocks", json!({ "address": BUREAU })).await.status, 201);
        writes(&app, "2", BUREAU, "Win!").await;
        let held = list(&ana, "/held").await.remove(0);
        let there = ana.post(&format!("/held/{}/release", held["id"].as_str().unwrap()), json!({})).await.json();
        assert_eq!(said(&read(&ana, &there["conversation_id"]).await), 1, "nobody said anything");
        agree(&app.app).await;
    }

    async fn a_block_ends_at_its_moment_and_can_be_made_anew(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let until = json!({ "address": "+1 (406) 555-0193", "until": "2026-10-01T13:00:00Z" });
        let first = ana.post("/blocks", until.clone()).await.json();
        assert_eq!(first["until"], "2026-10-01T13:00:00.000Z");
        writes(&app, "1", "+14065550193", "Hello?").await;
        app.clock.advance(HOUR);
        writes(&app, "2", "+14065550193", "Hello again?").await;
        assert_eq!(counts(&app).await, (1, 1, 0));
        assert_eq!(list(&ana, "/blocks").await[0]["stands"], false);
        assert_eq!(ana.post("/blocks", until).await.problem(), "invalid", "that moment is over");
        let second = ana.post("/blocks", json!({ "address": "+14065550193" })).await.json();
        assert_ne!(second["id"], first["id"]);
        let all = list(&ana, "/blocks").await;
        let shown = |block: &Value| (block["id"].clone(), block["stands"].clone(), block["lifted_name"].clone());
        assert_eq!(shown(&all[0]), (second["id"].clone(), json!(true), Value::Null));
        assert_eq!(shown(&all[1]), (first["id"].clone(), json!(false), json!("Deskbell")));
        writes(&app, "3", "+14065550193", "And again?").await;
        assert_eq!(counts(&app).await, (1, 2, 0));
        let page = ana.get("/blocks?limit=1").await.json();
        let next = page["next"].as_str().unwrap();
        assert_eq!(list(&ana, &format!("/blocks?limit=1&cursor={next}")).await[0]["id"], first["id"]);
    }

    async fn whole_domains_are_for_leads_and_the_house_and_half_the_world_for_nobody(app: TestApp) {
        connect(&app);
        let (ana, lena) = (app.signed_in(&app.ana).await, app.signed_in(&app.lena).await);
        writes(&app, "1", "jo@deep.prizes.example", "Win!").await;
        let id = list(&ana, "/conversations").await[0]["id"].clone();
        let path = format!("/conversations/{}/block", id.as_str().unwrap());
        assert_eq!(ana.put(&path, json!({ "domain": true })).await.problem(), "not-allowed");
        assert_eq!(ana.post("/blocks", json!({ "address": "@prizes.example" })).await.problem(), "not-allowed");
        let refused = |text: &'static str| json!({ "address": text });
        for text in ["ask@harbour.example", "Ana+x@harbour.example", "@harbour.example", "@gmail.com", "@co.uk", "jo", ""] {
            assert_eq!(lena.post("/blocks", refused(text)).await.problem(), "invalid", "{text}");
        }
        assert_eq!(lena.post("/blocks", json!({ "address": "@tamsin", "platform": "no-such" })).await.problem(), "invalid");
        let long = json!({ "address": BUREAU, "reason": "x".repeat(400) });
        assert_eq!(lena.post("/blocks", long).await.problem(), "invalid");
        assert!(list(&lena, "/blocks").await.is_empty());

        // With spam in the same step.
        let made = lena.put(&path, json!({ "domain": true, "spam": true })).await.json();
        assert_eq!((&made["whom"], &made["domain"]), (&json!("everybody at deep.prizes.example"), &json!(true)));
        let whole = read(&lena, &id).await;
        assert_eq!((&whole["state"], &whole["block"]["id"]), (&json!("spam"), &made["id"]));
        agree(&app.app).await;
        writes(&app, "2", "ann@very.deep.prizes.example", "Win!").await;
        writes(&app, "3", "ann@prizes.example", "Win!").await;
        assert_eq!(counts(&app).await, (2, 1, 0));
        let block = format!("/blocks/{}", made["id"].as_str().unwrap());
        assert_eq!(ana.delete(&block).await.problem(), "not-allowed");
        lena.delete(&block).await.json();
        let again = lena.delete(&block).await.json();
        assert_eq!((&again["stands"], &again["lifted_name"]), (&json!(false), &json!("Lena")));
    }

    async fn what_its_channel_cannot_read_again_stays_held_and_says_why(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        ana.post("/blocks", json!({ "address": BUREAU })).await.json();
        writes(&app, "1", BUREAU, "Win!").await;
        let held = list(&ana, "/held").await.remove(0);
        let release = format!("/held/{}/release", held["id"].as_str().unwrap());
        let told = ana.post(&release, json!({})).await;
        assert_eq!(told.problem(), "invalid");
        assert!(told.told()["detail"].as_str().unwrap().contains("is not connected"));
        let block = list(&ana, "/blocks").await.remove(0);
        let all = ana.post(&format!("/blocks/{}/release", block["id"].as_str().unwrap()), json!({})).await.json();
        assert_eq!(all, json!({ "let_in": 0, "kept": 1 }));
        // What is held for another reason is not this.
        app.take_in(vec![envelope(&json!({ "id": "2", "from": BUREAU }))]).await;
        let all = list(&ana, "/held").await;
        let other = all.iter().find(|one| one["reason"] == "unreadable").unwrap();
        let release = format!("/held/{}/release", other["id"].as_str().unwrap());
        assert_eq!(ana.post(&release, json!({})).await.problem(), "invalid");
        assert_eq!(counts(&app).await, (0, 2, 0));
        assert_eq!(ana.post(&format!("/held/{}/release", Uuid::nil()), json!({})).await.problem(), "missing");
    }

    async fn ten_at_once_let_it_in_once(app: TestApp) {
        connect(&app);
        let ana = app.signed_in(&app.ana).await;
        ana.post("/blocks", json!({ "address": BUREAU })).await.json();
        writes(&app, "1", BUREAU, "Win!").await;
        let held = list(&ana, "/held").await.remove(0);
        let release = format!("/held/{}/release", held["id"].as_str().unwrap());
        let all = futures::future::join_all((0..10).map(|_| ana.post(&release, json!({})))).await;
        assert_eq!(all.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!((counts(&app).await, list(&ana, "/conversations").await.len()), ((1, 0, 0), 1));
        agree(&app.app).await;
    }
}
