//! Other programs are told what happens here.

use crate::support::app::{Client, NOW, on_each_engine};
use crate::support::catcher::{Catcher, Heard};
use crate::support::until;
use deskbell::app::App;
use deskbell::error::Error;
use deskbell::model::webhook::Webhook;
use deskbell::store::{events, webhooks};
use deskbell::webhook::{self, Wanted};
use deskbell::worker;
use serde_json::{Value, json};
use std::collections::HashSet;
use tokio_util::sync::CancellationToken;

const HOUR: i64 = 3_600_000;

/// Registers the catcher; gives the webhook's path and its secret.
async fn register(ada: &Client, catcher: &Catcher, more: Value) -> (String, String) {
    let mut body = json!({ "url": catcher.url() });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = ada.post("/webhooks", body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let told = answer.json();
    let id = told["webhook"]["id"].as_str().unwrap();
    (format!("/webhooks/{id}"), told["secret"].as_str().unwrap().to_owned())
}

async fn numbers(app: &App) -> Vec<i64> {
    let mut conn = app.db.read().await.unwrap();
    events::after(&mut conn, 0, 1_000).await.unwrap().iter().map(|event| event.seq).collect()
}

fn heard(catcher: &Catcher) -> Vec<i64> {
    catcher.heard().iter().map(Heard::seq).collect()
}

async fn state(ada: &Client) -> Value {
    ada.get("/webhooks").await.json()["items"][0].clone()
}

on_each_engine! {
    async fn every_event_arrives_once_in_order_and_signed_with_no_word_of_anybody(app: TestApp) {
        let catcher = Catcher::start().await;
        let (ada, ana) = (app.signed_in(&app.ada).await, app.signed_in(&app.ana).await);
        app.patron_asks("Before Then", "Nobody was registered").await;
        let before = numbers(&app).await.len();
        let (path, secret) = register(&ada, &catcher, json!({})).await;
        let id = app.patron_asks("Amara Osei", "Is the green umbrella still there?").await;
        ana.put(&format!("/conversations/{id}/claim"), json!({})).await;
        ana.post(&format!("/conversations/{id}/notes"), json!({ "text": "It dripped" })).await;
        worker::settle(&app).await.unwrap();
        let expected = numbers(&app).await.split_off(before);
        assert!(expected.len() >= 3, "{expected:?}");
        assert_eq!(heard(&catcher), expected);
        let mut ids = HashSet::new();
        for call in catcher.heard() {
            assert!(call.is_signed_with(&secret), "{call:?}");
            assert!(!call.is_signed_with("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
            assert_eq!(call.header("webhook-timestamp"), (NOW / 1000).to_string());
            assert_eq!(call.header("content-type"), "application/json");
            assert_eq!(call.json()["data"]["conversation_id"], json!(id));
            assert!(ids.insert(call.id().to_owned()), "each has an id of its own");
            let body = String::from_utf8(call.body.to_vec()).unwrap();
            for word in ["umbrella", "Amara", "osei", "Ana", "dripped"] {
                assert!(!body.contains(word), "{body}");
            }
        }
        let calls = ada.get(&format!("{path}/attempts")).await.json();
        let calls = calls["items"].as_array().unwrap();
        assert_eq!(calls.len(), expected.len());
        assert!(calls.iter().all(|call| call["status"] == 200 && call["why"].is_null()), "{calls:?}");
        assert_eq!(calls[0]["seq"].as_i64(), calls.iter().map(|call| call["seq"].as_i64()).max().unwrap());
        assert_eq!(state(&ada).await["seq"], json!(expected.last()));
    }

    async fn what_is_not_taken_is_told_again_before_anything_else(app: TestApp) {
        let catcher = Catcher::start().await;
        let ada = app.signed_in(&app.ada).await;
        let (path, _) = register(&ada, &catcher, json!({})).await;
        catcher.answer(&[500, 503]);
        app.patron_asks("Amara Osei", "Hello?").await;
        app.patron_asks("Bo Lind", "Hello too").await;
        let expected = numbers(&app).await;
        worker::settle(&app).await.unwrap();
        assert_eq!(heard(&catcher), expected[..1], "nothing overtakes it");
        assert!(state(&ada).await["failing_since"].is_string());
        app.clock.advance(4_999);
        worker::settle(&app).await.unwrap();
        assert_eq!(catcher.heard().len(), 1, "it is not hurried");
        app.clock.advance(1_300);
        worker::settle(&app).await.unwrap();
        assert_eq!(catcher.heard().len(), 2);
        app.clock.advance(12_600);
        worker::settle(&app).await.unwrap();
        let all = catcher.heard();
        assert!(all[..3].iter().all(|call| call.id() == all[0].id() && call.body == all[0].body));
        assert_ne!(all[0].header("webhook-signature"), all[1].header("webhook-signature"), "its time is signed");
        assert_eq!(heard(&catcher)[2..], expected);
        assert_eq!(state(&ada).await["failing_since"], Value::Null);
        let calls = ada.get(&format!("{path}/attempts")).await.json();
        let first = calls["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&first["status"], &first["why"]), (&json!(500), &json!("It answered 500.")));
    }

    async fn an_address_that_takes_nothing_for_three_days_is_called_no_more_and_loses_nothing(app: TestApp) {
        let catcher = Catcher::start().await;
        let ada = app.signed_in(&app.ada).await;
        let (path, _) = register(&ada, &catcher, json!({})).await;
        catcher.answer(&[500; 400]);
        app.patron_asks("Amara Osei", "Hello?").await;
        let mut hours = 0;
        while state(&ada).await["off_since"].is_null() {
            assert!(hours < 80, "it is called for ever");
            worker::settle(&app).await.unwrap();
            app.clock.advance(HOUR);
            hours += 1;
        }
        assert!(hours > 72, "given up after {hours} hours");
        let why = state(&ada).await["off_why"].as_str().unwrap().to_owned();
        assert!(why.starts_with("Nothing was taken for 72 hours") && why.contains("It answered 500."), "{why}");
        let calls = catcher.heard().len();
        app.patron_asks("Bo Lind", "Meanwhile").await;
        app.clock.advance(100 * HOUR);
        worker::settle(&app).await.unwrap();
        assert_eq!(catcher.heard().len(), calls, "it is left alone");
        catcher.answer(&[]);
        assert_eq!(ada.delete(&format!("{path}/pause")).await.status, 200);
        worker::settle(&app).await.unwrap();
        assert_eq!(heard(&catcher)[calls..], numbers(&app).await);
        catcher.answer(&[410]);
        app.patron_asks("Cy Ode", "Goodbye").await;
        worker::settle(&app).await.unwrap();
        let why = state(&ada).await["off_why"].as_str().unwrap().to_owned();
        assert!(why.contains("410"), "{why}");
    }

    async fn of_two_processes_each_event_is_told_by_one(app: TestApp) {
        let catcher = Catcher::start().await;
        let ada = app.signed_in(&app.ada).await;
        register(&ada, &catcher, json!({})).await;
        for n in 0..10 {
            app.patron_asks(&format!("Patron {n}"), "Hello?").await;
        }
        let other = app.another().await;
        let (here, there) = tokio::join!(worker::settle(&app), worker::settle(&other));
        here.unwrap();
        there.unwrap();
        worker::settle(&app).await.unwrap();
        assert_eq!(heard(&catcher), numbers(&app).await);

        // One that died holding it: somebody else goes on when the hold is over.
        app.patron_asks("Last", "Hello?").await;
        let dead = webhook::take(&other, 1).await.unwrap();
        assert_eq!(dead.len(), 1);
        let before = catcher.heard().len();
        worker::settle(&app).await.unwrap();
        assert_eq!(catcher.heard().len(), before, "it is the other's");
        app.clock.advance(webhook::LEASE_MS);
        worker::settle(&app).await.unwrap();
        assert_eq!(heard(&catcher), numbers(&app).await);
        // And the dead one wakes up: it tells what it holds once more at worst, and moves nothing.
        webhook::tell(&other, dead.into_iter().next().unwrap()).await.unwrap();
        let after = state(&ada).await;
        assert_eq!(after["seq"], json!(numbers(&app).await.last()));
        other.close().await;
    }

    async fn workers_at_rest_hear_of_an_address_and_of_what_it_is_to_be_told(app: TestApp) {
        let catcher = Catcher::start().await;
        let stop = CancellationToken::new();
        let workers = worker::spawn(&app, &stop);
        // As by a command beside the server: nobody tells its workers.
        let other = app.another().await;
        let wanted = Wanted { url: catcher.url(), kinds: Vec::new(), with_text: false };
        let (row, _) = webhook::register(&other, wanted).await.unwrap();
        app.patron_asks("Amara Osei", "Hello?").await;
        let first = numbers(&app).await;
        until("the first events are told", || async { heard(&catcher) == first }).await;
        app.patron_asks("Bo Lind", "Hello, too").await;
        let both = numbers(&app).await;
        until("the next ones are told", || async { heard(&catcher) == both }).await;
        let last = *both.last().unwrap();
        until("that they were is written down", || async {
            webhooks::all(&mut app.db.read().await.unwrap()).await.unwrap()[0].seq == last
        })
        .await;
        // Switched off and on again by the API of this process.
        webhook::pause(&app, row.id, "Ada").await.unwrap();
        app.patron_asks("Cy Ode", "And me").await;
        webhook::resume(&app, row.id).await.unwrap();
        let all = numbers(&app).await;
        until("what happened meanwhile is told", || async { heard(&catcher) == all }).await;
        stop.cancel();
        workers.finish().await;
        other.close().await;
    }

    async fn a_redirect_is_not_followed(app: TestApp) {
        let catcher = Catcher::start().await;
        let ada = app.signed_in(&app.ada).await;
        let (path, _) = register(&ada, &catcher, json!({})).await;
        for status in [301, 302, 307, 308] {
            catcher.answer(&[status]);
            let went = ada.post(&format!("{path}/attempts"), json!({})).await.json();
            assert_eq!(went["status"], json!(status));
            assert!(went["why"].as_str().unwrap().contains("not followed"), "{went}");
        }
        assert_eq!(catcher.heard().len(), 4);
        assert!(catcher.heard().iter().all(|call| call.path == "/desk"));
    }

    async fn nothing_in_the_house_is_called_whatever_leads_there(app: TestApp) {
        let catcher = Catcher::start().await;
        let ada = app.signed_in(&app.ada).await;
        let port = catcher.port;
        for url in [
            format!("https://localhost:{port}/"),
            format!("http://localhost:{port}/"),
            "https://10.0.0.1/".to_owned(),
            "https://[::1]/".to_owned(),
            "https://169.254.169.254/latest/".to_owned(),
            "http://hooks.example/".to_owned(),
            "hooks".to_owned(),
        ] {
            let answer = ada.post("/webhooks", json!({ "url": url })).await;
            assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid"), "{url}");
        }
        // A name that led elsewhere when it was registered: where it leads is looked at when it is called.
        let id = app.clock.id();
        let row = Webhook {
            id,
            url: format!("https://localhost:{port}/"),
            kinds: String::new(),
            with_text: false,
            sealed_secret: app.vault.seal_text(id, b"any").unwrap(),
            created_at: NOW,
            seq: 0,
            tries: 0,
            failing_since: None,
            next_at: 0,
            last_success_at: None,
            off_since: None,
            off_why: None,
        };
        app.db.write(move |tx| Box::pin(async move { Ok::<_, Error>(webhooks::insert(tx, &row).await?) })).await.unwrap();
        let went = ada.post(&format!("/webhooks/{id}/attempts"), json!({})).await.json();
        assert_eq!(went["status"], Value::Null);
        assert!(went["why"].as_str().unwrap().contains("not on the public internet"), "{went}");
        assert!(catcher.heard().is_empty());
    }

    async fn a_webhook_hears_what_it_asked_for(app: TestApp) {
        let catcher = Catcher::start().await;
        let (ada, ana) = (app.signed_in(&app.ada).await, app.signed_in(&app.ana).await);
        let more = json!({ "events": ["message", "note"], "with_text": true });
        register(&ada, &catcher, more).await;
        let id = app.patron_asks("Amara Osei", "Is the green umbrella still there?").await;
        app.patron_asks("Bo Lind", "Is it raining?").await;
        ana.put(&format!("/conversations/{id}/claim"), json!({})).await;
        ana.post(&format!("/conversations/{id}/notes"), json!({ "text": "It dripped" })).await;
        worker::settle(&app).await.unwrap();
        let said: Vec<Value> = catcher.heard().iter().map(Heard::json).collect();
        let mut kinds: Vec<&str> = said.iter().map(|one| one["type"].as_str().unwrap()).collect();
        kinds.dedup();
        assert!(kinds.iter().all(|kind| ["message", "note"].contains(kind)), "{kinds:?}");
        for one in said {
            let text = one["data"]["text"].as_str();
            match one["type"].as_str().unwrap() {
                "note" => assert_eq!(text, None, "notes never leave the house"),
                _ => assert!(text.unwrap().starts_with("Is "), "{one}"),
            }
        }
        let last = state(&ada).await["seq"].clone();
        assert_eq!(last, json!(numbers(&app).await.last()), "what nobody wanted is behind it, too");
    }

    async fn one_call_is_made_again_under_its_own_id(app: TestApp) {
        let catcher = Catcher::start().await;
        let ada = app.signed_in(&app.ada).await;
        let (path, secret) = register(&ada, &catcher, json!({})).await;
        app.patron_asks("Amara Osei", "Hello?").await;
        worker::settle(&app).await.unwrap();
        let calls = ada.get(&format!("{path}/attempts")).await.json();
        let again = json!({ "again": calls["items"][0]["id"] });
        let went = ada.post(&format!("{path}/attempts"), again).await.json();
        assert_eq!((&went["seq"], &went["why"]), (&calls["items"][0]["seq"], &Value::Null));
        let all = catcher.heard();
        let [.., first, second] = &all[..] else { panic!("two at least: {all:?}") };
        assert_eq!((first.id(), &first.body), (second.id(), &second.body));
        let missing = json!({ "again": app.clock.id() });
        assert_eq!(ada.post(&format!("{path}/attempts"), missing).await.status, 404);
        let test = ada.post(&format!("{path}/attempts"), json!({})).await.json();
        assert_eq!((&test["kind"], &test["seq"], &test["status"]), (&json!("test"), &Value::Null, &json!(200)));
        let last = catcher.heard().pop().unwrap();
        assert!(last.is_signed_with(&secret) && last.json()["type"] == "test");
    }

    async fn a_secret_is_seen_once_and_webhooks_are_for_admins(app: TestApp) {
        let catcher = Catcher::start().await;
        let (ada, lena) = (app.signed_in(&app.ada).await, app.signed_in(&app.lena).await);
        let (path, secret) = register(&ada, &catcher, json!({})).await;
        app.patron_asks("Amara Osei", "Hello?").await;
        worker::settle(&app).await.unwrap();
        let key = secret.strip_prefix("whsec_").unwrap();
        for place in ["/webhooks".to_owned(), format!("{path}/attempts")] {
            let told = String::from_utf8(ada.get(&place).await.body.to_vec()).unwrap();
            assert!(!told.contains(key), "{told}");
            assert_eq!(lena.get(&place).await.status, 403);
        }
        let record = format!("{:?}", app.outside.exchanges());
        assert!(record.contains("127.0.0.1"), "{record}");
        assert!(!record.contains(key) && !record.contains("in-the-address"), "{record}");
        let kept = webhooks::all(&mut app.db.read().await.unwrap()).await.unwrap().remove(0);
        assert!(!format!("{kept:?}").contains(key));
        assert_eq!(lena.post("/webhooks", json!({ "url": catcher.url() })).await.status, 403);
        assert_eq!(lena.delete(&path).await.status, 403);
        assert_eq!(lena.put(&format!("{path}/pause"), json!({})).await.status, 403);
        assert_eq!(ada.put(&format!("{path}/pause"), json!({})).await.json()["off_why"], "Ada Reed switched it off.");
        let before = catcher.heard().len();
        app.patron_asks("Bo Lind", "Hello?").await;
        worker::settle(&app).await.unwrap();
        assert_eq!(catcher.heard().len(), before);
        assert_eq!(ada.delete(&path).await.status, 204);
        assert_eq!(ada.delete(&path).await.status, 404);
    }
}
