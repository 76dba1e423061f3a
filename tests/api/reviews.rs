//! Answers that somebody else looks through before they leave.

use std::sync::Arc;

use super::replies::connect;
use super::uploads::add;
use crate::journey::bell::{MANIFEST, Tower, envelope, note};
use crate::support::app::{Client, NOW, TestApp, on_each_engine};
use crate::waits::bed::agree;
use bytes::Bytes;
use deskbell::channel::roster::Open;
use deskbell::store::{deliveries, waits};
use serde_json::{Value, json};
use uuid::Uuid;

const HOUR: i64 = 3_600_000;

/// A patron asks by a channel that can answer.
async fn asked(app: &TestApp) -> Uuid {
    let open = Open { row: app.channel.clone(), manifest: &MANIFEST, channel: Arc::new(Tower::default()) };
    app.roster.take_in(open);
    says(app, "1", "Is my book in?").await;
    let row = app.signed_in(&app.vera).await.get("/conversations").await.json()["items"][0]["id"].clone();
    row.as_str().unwrap().parse().unwrap()
}

async fn says(app: &TestApp, id: &str, text: &str) {
    let mut said = note(id, "rosa@patron.example", text);
    said["thread"] = json!("rosa");
    said["at"] = json!(app.clock.now());
    app.take_in(vec![envelope(&said)]).await;
}

async fn read(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}")).await.json()
}

/// Nothing of theirs leaves by itself from now on.
async fn mark(app: &TestApp, staff: Uuid) {
    let marked = app
        .signed_in(&app.ada)
        .await
        .put(&format!("/staff/{staff}/review"), json!({ "reviewed": true }))
        .await;
    assert_eq!(marked.status, 204);
}

/// An answer to all that was said.
async fn answer(client: &Client, id: Uuid, text: &str) -> Value {
    let seen = read(client, id).await["seen"].clone();
    json!({ "text": text, "seen": seen })
}

async fn waits_for_review(client: &Client, id: Uuid, text: &str) -> Value {
    let made = client.post(&format!("/conversations/{id}/reviews"), answer(client, id, text).await).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json()
}

fn path(review: &Value, act: &str) -> String {
    format!("/reviews/{}{act}", review["id"].as_str().unwrap())
}

async fn approval(client: &Client, id: Uuid, more: Value) -> Value {
    let mut body = json!({ "seen": read(client, id).await["seen"] });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn last_words(whole: &Value) -> String {
    whole["events"].as_array().unwrap().last().unwrap()["words"].as_str().unwrap().to_owned()
}

/// How many parts are on their way, or have been.
async fn sendings(app: &TestApp, id: Uuid) -> usize {
    deliveries::of_conversation(&mut app.db.read().await.unwrap(), id).await.unwrap().len()
}

async fn draft(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}/draft")).await.json()["reply"].clone()
}

on_each_engine! {
    async fn a_trainees_answer_leaves_when_a_colleague_has_looked_through_it(app: TestApp) {
        let id = asked(&app).await;
        let (ana, bryan, vera) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await, app.signed_in(&app.vera).await);
        assert_eq!(ana.put(&format!("/staff/{}/review", app.bryan.id), json!({ "reviewed": true })).await.problem(), "not-allowed");
        mark(&app, app.bryan.id).await;
        assert_eq!(bryan.get("/me").await.json()["staff"]["reviewed"], true);
        let all = ana.get("/staff").await.json();
        let reviewed: Vec<&Value> = all["items"].as_array().unwrap().iter().filter(|one| one["reviewed"] == true).map(|one| &one["public_name"]).collect();
        assert_eq!(reviewed, ["Bryan"]);

        // By no other way does anything of his leave.
        let text = answer(&bryan, id, "Yes, on the hold shelf.").await;
        let refused = bryan.post(&format!("/conversations/{id}/replies"), text).await;
        assert_eq!((refused.status, refused.problem().as_str()), (403, "review-first"));
        let waiting = waits_for_review(&bryan, id, "Yes, on the hold shelf.").await;
        assert_eq!((&waiting["state"], &waiting["author_name"]), (&json!("open"), &json!("Bryan")));
        let whole = read(&vera, id).await;
        assert_eq!(last_words(&whole), "Bryan wrote an answer that waits to be looked through");
        assert_eq!((&whole["reviews"][0]["text"], &whole["owner_id"]), (&waiting["text"], &json!(app.bryan.id)));
        assert_eq!((&whole["state"], &whole["waiting_since"]), (&json!("open"), &json!("2026-10-01T12:00:00.000Z")), "the patron has no answer");
        assert_eq!((whole["messages"].as_array().unwrap().len(), sendings(&app, id).await), (1, 0));
        assert_eq!(ana.get("/reviews").await.json()["items"][0]["id"], waiting["id"]);
        agree(&app.app).await;

        // Not by himself, by nobody who only reads, by no other trainee; one of his at a time.
        let approve = path(&waiting, "/approval");
        assert_eq!(bryan.put(&approve, approval(&bryan, id, json!({})).await).await.problem(), "cannot-review");
        assert_eq!(vera.put(&approve, approval(&vera, id, json!({})).await).await.problem(), "not-allowed");
        mark(&app, app.lena.id).await;
        let lena = app.signed_in(&app.lena).await;
        assert_eq!(lena.put(&approve, approval(&lena, id, json!({})).await).await.problem(), "cannot-review");
        let second = answer(&bryan, id, "And another").await;
        assert_eq!(bryan.post(&format!("/conversations/{id}/reviews"), second).await.problem(), "invalid");

        app.clock.advance(HOUR);
        let sent = ana.put(&approve, approval(&ana, id, json!({})).await).await.json();
        assert_eq!((&sent["text"], &sent["author"]["name"]), (&json!("Yes, on the hold shelf."), &json!("Bryan")));
        assert_eq!((&sent["looked_through"]["name"], &sent["looked_through"]["changed"]), (&json!("Ana"), &json!(false)));
        let whole = read(&ana, id).await;
        assert_eq!(last_words(&whole), "Ana looked through Bryan’s answer and sent it as it was");
        assert_eq!((&whole["reviews"], &whole["state"], sendings(&app, id).await), (&json!([]), &json!("waiting"), 1));
        assert_eq!(whole["messages"][1]["looked_through"]["name"], "Ana");
        assert_eq!(ana.put(&approve, approval(&ana, id, json!({})).await).await.problem(), "changed", "once");
        agree(&app.app).await;
    }

    async fn other_words_leave_under_both_names_and_a_word_brings_it_back_as_a_draft(app: TestApp) {
        let id = asked(&app).await;
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        mark(&app, app.bryan.id).await;
        let first = waits_for_review(&bryan, id, "No.").await;
        for word in ["", " ", &"x".repeat(2_001)] {
            assert_eq!(ana.put(&path(&first, "/return"), json!({ "word": word })).await.problem(), "invalid");
        }
        assert_eq!(bryan.put(&path(&first, "/return"), json!({ "word": "Mine" })).await.problem(), "cannot-review");
        bryan.put(&format!("/conversations/{id}/draft"), json!({ "kind": "reply", "text": "Begun since" })).await.json();
        let back = ana.put(&path(&first, "/return"), json!({ "word": " Say why not " })).await.json();
        assert_eq!((&back["state"], &back["word"]), (&json!("returned"), &json!("Say why not")));
        assert_eq!(last_words(&read(&bryan, id).await), "Ana returned Bryan’s answer: Say why not");
        assert_eq!(draft(&bryan, id).await["text"], "No.\n\nBegun since", "neither is lost");
        assert_eq!(draft(&ana, id).await, Value::Null);
        assert_eq!(ana.put(&path(&first, "/approval"), approval(&ana, id, json!({})).await).await.problem(), "changed");
        assert_eq!(sendings(&app, id).await, 0);

        let second = waits_for_review(&bryan, id, "No: it is lent until Friday.").await;
        assert_eq!(draft(&bryan, id).await, Value::Null, "it was handed in");
        assert_eq!(ana.delete(&path(&second, "")).await.problem(), "not-yours");
        bryan.delete(&path(&second, "")).await.json();
        assert_eq!(draft(&bryan, id).await["text"], "No: it is lent until Friday.");
        assert_eq!(last_words(&read(&bryan, id).await), "Bryan took an answer back that waited to be looked through");

        let third = waits_for_review(&bryan, id, "No: it is lent until Friday.").await;
        bryan.put(&format!("/conversations/{id}/draft"), json!({ "kind": "reply", "text": "And begun again" })).await.json();
        let better = json!({ "text": "Sorry: it is lent until Friday." });
        let sent = ana.put(&path(&third, "/approval"), approval(&ana, id, better).await).await.json();
        assert_eq!((&sent["text"], &sent["author"]["name"]), (&json!("Sorry: it is lent until Friday."), &json!("Bryan")));
        assert_eq!((&sent["looked_through"]["name"], &sent["looked_through"]["changed"]), (&json!("Ana"), &json!(true)));
        assert_eq!(last_words(&read(&ana, id).await), "Ana looked through Bryan’s answer and changed it");
        assert_eq!(draft(&bryan, id).await["text"], "And begun again", "what he writes now stays his draft");
        agree(&app.app).await;
    }

    async fn what_was_said_meanwhile_holds_the_approval_back(app: TestApp) {
        let id = asked(&app).await;
        let (ana, bryan, lena) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await, app.signed_in(&app.lena).await);
        mark(&app, app.bryan.id).await;
        let waiting = waits_for_review(&bryan, id, "Yes, it is in.").await;
        let approve = path(&waiting, "/approval");
        app.clock.advance(HOUR);
        // Nobody is kept from answering. It has been read by whoever approves, and not by whoever wrote.
        let sent = lena.post(&format!("/conversations/{id}/replies"), {
            let mut helps = answer(&lena, id, "I look for it.").await;
            helps["helps"] = json!(true);
            helps
        }).await;
        assert_eq!(sent.status, 201, "{sent:?}");
        let stale = ana.put(&approve, approval(&ana, id, json!({})).await).await;
        assert_eq!((stale.status, stale.problem().as_str()), (409, "newer"));
        assert_eq!(stale.told()["newer"]["messages"][0]["text"], "I look for it.");
        // And what came while that was read is told too, whatever was said of the rest.
        let before = approval(&ana, id, json!({ "anyway": true })).await;
        says(&app, "2", "Or the second volume?").await;
        let again = ana.put(&approve, before).await;
        assert_eq!(again.problem(), "newer");
        assert_eq!(again.told()["newer"]["messages"][0]["text"], "Or the second volume?");
        assert_eq!(sendings(&app, id).await, 1);
        let sent = ana.put(&approve, approval(&ana, id, json!({ "anyway": true })).await).await;
        assert_eq!(sent.status, 200, "{sent:?}");
        agree(&app.app).await;
    }

    async fn anybody_may_ask_for_a_check_and_name_who(app: TestApp) {
        let id = asked(&app).await;
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let reviews = format!("/conversations/{id}/reviews");
        let naming = async |whom: Uuid| {
            let mut body = answer(&ana, id, "Is this right?").await;
            body["reviewer"] = json!(whom);
            body
        };
        for whom in [app.ana.id, app.vera.id, Uuid::nil()] {
            assert_eq!(ana.post(&reviews, naming(whom).await).await.problem(), "invalid");
        }
        assert_eq!(ana.post(&reviews, json!({ "text": " ", "seen": 1 })).await.problem(), "invalid");
        assert_eq!(read(&ana, id).await["owner_id"], Value::Null, "nothing was changed");
        let key = app.clock.id();
        let mut body = naming(app.bryan.id).await;
        body["key"] = json!(key);
        body["done"] = json!(true);
        let made = ana.post(&reviews, body.clone()).await.json();
        assert_eq!(ana.post(&reviews, body).await.json()["id"], made["id"], "asked twice it is kept once");
        assert_eq!(last_words(&read(&ana, id).await), "Ana asked Bryan to look through an answer");
        assert_eq!(bryan.get("/reviews").await.json()["items"][0]["reviewer_id"], json!(app.bryan.id));
        // In spam nobody answers; it waits on.
        bryan.put(&format!("/conversations/{id}/spam"), json!({})).await.json();
        let approve = path(&made, "/approval");
        assert_eq!(bryan.put(&approve, approval(&bryan, id, json!({})).await).await.problem(), "cannot-send");
        bryan.delete(&format!("/conversations/{id}/spam")).await.json();
        bryan.put(&approve, approval(&bryan, id, json!({})).await).await.json();
        let whole = read(&ana, id).await;
        assert_eq!((&whole["state"], last_words(&whole).as_str()), (&json!("done"), "Ana marked this done"));
        agree(&app.app).await;
        let kept = waits::of_conversation(&mut app.db.read().await.unwrap(), id).await.unwrap();
        assert_eq!(kept.iter().map(|wait| wait.opened_at).collect::<Vec<_>>(), [NOW]);
    }

    async fn ten_who_approve_at_once_send_one_answer(app: TestApp) {
        let id = asked(&app).await;
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let waiting = waits_for_review(&bryan, id, "Yes.").await;
        let body = approval(&ana, id, json!({ "anyway": true })).await;
        let approve = path(&waiting, "/approval");
        let all = futures::future::join_all((0..10).map(|_| ana.put(&approve, body.clone()))).await;
        assert_eq!(all.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(sendings(&app, id).await, 1);
    }

    async fn its_files_wait_with_it_and_leave_or_come_back_with_it(app: TestApp) {
        let loft = connect(&app);
        let id = app.patron_asks("Amara Osei", "Where is the ramp?").await;
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        mark(&app, app.bryan.id).await;
        let plan = Bytes::from_static(b"%PDF-1.7 the ramp");
        let file = add(&bryan, "plan.pdf", plan.clone()).await.json();
        let mut body = answer(&bryan, id, "Here:").await;
        body["files"] = json!([file["id"]]);
        let reviews = format!("/conversations/{id}/reviews");
        let first = bryan.post(&reviews, body.clone()).await.json();
        assert_eq!(first["files"][0]["filename"], "plan.pdf");
        assert_eq!(read(&ana, id).await["reviews"][0]["files"][0]["id"], file["id"]);
        assert_eq!(bryan.get("/uploads").await.json()["items"], json!([]), "they wait for no other answer");
        // A colleague may be away for longer than files lie about.
        app.clock.advance(20 * 24 * HOUR);
        deskbell::worker::settle(&app.app).await.unwrap();
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        ana.put(&path(&first, "/return"), json!({ "word": "Which ramp?" })).await.json();
        let back = bryan.get(&format!("/conversations/{id}/draft")).await.json();
        assert_eq!((&back["reply"]["text"], &back["files"][0]["id"]), (&json!("Here:"), &file["id"]));
        let second = bryan.post(&reviews, body).await.json();
        let sent = ana.put(&path(&second, "/approval"), approval(&ana, id, json!({})).await).await.json();
        assert_eq!(sent["attachments"][0]["filename"], "plan.pdf");
        app.clock.advance(HOUR);
        deskbell::worker::settle(&app.app).await.unwrap();
        assert_eq!(loft.carried(), [("plan.pdf".to_owned(), plan)]);
    }

    async fn what_waits_goes_along_when_its_conversation_becomes_part_of_another(app: TestApp) {
        let id = asked(&app).await;
        let (lena, bryan) = (app.signed_in(&app.lena).await, app.signed_in(&app.bryan).await);
        let into = app.patron_asks("Piotr Zak", "Where do I park?").await;
        let waiting = waits_for_review(&bryan, id, "Yes.").await;
        lena.put(&format!("/conversations/{id}/merge"), json!({ "into": into, "two_patrons": true })).await.json();
        assert_eq!(read(&lena, into).await["reviews"][0]["id"], waiting["id"]);
        let back = lena.put(&path(&waiting, "/return"), json!({ "word": "To whom?" })).await.json();
        assert_eq!(back["conversation_id"], json!(into));
        assert_eq!(draft(&bryan, into).await["text"], "Yes.");
        agree(&app.app).await;
    }
}
