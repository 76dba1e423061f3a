//! What colleagues know about whoever asks: the name, how they asked to be answered, notes. None of it leaves the house.

use super::replies::connect;
use crate::support::app::{Client, on_each_engine};
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) async fn patron_of(client: &Client, conversation: Uuid) -> Value {
    client.get(&format!("/conversations/{conversation}")).await.json()["patron"].clone()
}

pub(super) fn id_of(patron: &Value) -> Uuid {
    patron["id"].as_str().unwrap().parse().unwrap()
}

async fn lines(client: &Client, conversation: Uuid) -> Vec<String> {
    let whole = client.get(&format!("/conversations/{conversation}")).await.json();
    let words = |line: &Value| line["words"].as_str().unwrap().to_owned();
    whole["events"].as_array().unwrap().iter().map(words).collect()
}

on_each_engine! {
    async fn what_one_of_us_calls_them_everybody_does_and_no_mail_changes_that(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let first = app.patron_asks("A Osei", "Is the unicorn book in?").await;
        ana.put(&format!("/conversations/{first}/closure"), json!({ "outcome": "answered" })).await;
        let second = app.patron_asks("A Osei", "And the dragon book?").await;
        let patron = patron_of(&ana, second).await;
        let path = format!("/patrons/{}", patron["id"].as_str().unwrap());
        let told = json!({ "name": " Amara  Osei", "goes_by": "Mara", "pronouns": "she/her", "answer_by": null, "answer_hours": "after 5 pm" });
        assert_eq!(ana.put(&path, told).await.status, 204);
        let shown = ana.get(&path).await.json();
        assert_eq!((&shown["name"], &shown["goes_by"], &shown["pronouns"]), (&json!("Amara Osei"), &json!("Mara"), &json!("she/her")));
        assert_eq!(shown["answer_by"], json!({ "address_id": null, "words": null, "hours": "after 5 pm" }));
        assert_eq!(shown["earlier"].as_array().unwrap().len(), 2);
        let page = ana.get("/conversations?view=all").await.json();
        let names: Vec<&Value> = page["items"].as_array().unwrap().iter().map(|row| &row["patron"]["name"]).collect();
        assert_eq!(names, ["Amara Osei"; 2]);
        assert_eq!(lines(&ana, second).await.last().unwrap(), "Ana named the patron Amara Osei (was A Osei)");
        // A mail says who it is from as it likes.
        let third = app.patron_asks("A Osei", "And the griffin book?").await;
        assert_eq!(patron_of(&ana, third).await["name"], "Amara Osei");
        let page = ana.get("/conversations?view=all").await.json();
        assert!(page["items"].as_array().unwrap().iter().all(|row| row["patron"]["name"] == "Amara Osei"));

        assert_eq!(ana.put(&path, json!({ "name": " " })).await.problem(), "invalid");
        assert_eq!(ana.put(&path, json!({ "name": "Mara", "answer_by": app.desk.id })).await.problem(), "invalid");
        let vera = app.signed_in(&app.vera).await;
        assert_eq!(vera.put(&path, json!({ "name": "Mara" })).await.problem(), "not-allowed");
        assert_eq!(ana.get(&path).await.json()["goes_by"], "Mara", "nothing of that was kept");
        // Said again, it is said to nobody.
        let before = lines(&ana, second).await.len();
        let same = json!({ "name": "Amara Osei", "goes_by": "Mara", "pronouns": "she/her", "answer_hours": "after 5 pm" });
        assert_eq!(ana.put(&path, same).await.status, 204);
        assert_eq!(lines(&ana, second).await.len(), before);
    }

    async fn a_note_is_its_authors_to_change_and_never_leaves(app: TestApp) {
        let loft = connect(&app);
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let patron = id_of(&patron_of(&ana, id).await);
        let notes = format!("/patrons/{patron}/notes");
        let note = ana.post(&notes, json!({ "text": " Reads large print.\n" })).await;
        assert_eq!((note.status, &note.json()["text"], &note.json()["changed_at"]), (201, &json!("Reads large print."), &Value::Null));
        let path = format!("/patron-notes/{}", note.json()["id"].as_str().unwrap());
        let refused = bryan.put(&path, json!({ "text": "No." })).await;
        assert_eq!(refused.problem(), "invalid");
        assert!(refused.told()["detail"].as_str().unwrap().contains("Ana Lima wrote this note"));
        assert_eq!(bryan.delete(&path).await.problem(), "invalid");
        assert_eq!(ana.post(&notes, json!({ "text": " " })).await.problem(), "invalid");
        app.clock.advance(60_000);
        assert_eq!(ana.put(&path, json!({ "text": "Reads large print, at home." })).await.status, 204);
        let shown = patron_of(&bryan, id).await["notes"].clone();
        assert_eq!((&shown[0]["text"], &shown[0]["staff_id"]), (&json!("Reads large print, at home."), &json!(app.ana.id)));
        assert_ne!(shown[0]["changed_at"], Value::Null);

        let seen = ana.get(&format!("/conversations/{id}")).await.json()["seen"].clone();
        ana.post(&format!("/conversations/{id}/replies"), json!({ "text": "Yes.", "seen": seen })).await.json();
        app.clock.advance(60_000);
        deskbell::worker::settle(&app.app).await.unwrap();
        let flown = format!("{:?}", loft.flown());
        assert!(flown.contains("Yes.") && !flown.contains("print"), "{flown}");
        assert!(!lines(&ana, id).await.join(" ").contains("print"), "nor does the history say it");

        assert_eq!(ana.delete(&path).await.status, 204);
        assert_eq!(patron_of(&bryan, id).await["notes"], json!([]));
        assert_eq!(ana.delete(&path).await.status, 404);
        let said = lines(&ana, id).await;
        for what in ["Ana left a note about the patron", "Ana changed a note about the patron", "Ana took a note about the patron away"] {
            assert!(said.iter().any(|line| line == what), "{what}: {said:?}");
        }
    }

    async fn the_way_they_asked_for_is_the_first_and_forbids_no_other(app: TestApp) {
        connect(&app);
        let ana = app.signed_in(&app.ana).await;
        let (home, work) = (app.patron_asks("Amara Osei", "From home").await, app.patron_asks("Amara Work", "From work").await);
        let (one, other) = (patron_of(&ana, home).await, patron_of(&ana, work).await);
        let path = format!("/patrons/{}/union", id_of(&one));
        ana.put(&path, json!({ "with": id_of(&other), "checked": "card number seen" })).await.json();
        let patron = patron_of(&ana, work).await;
        let at_home = one["addresses"][0]["id"].clone();
        let ways = || async { ana.get(&format!("/conversations/{work}")).await.json()["ways"].as_array().unwrap().clone() };
        assert_eq!(ways().await[0]["id"], other["addresses"][0]["id"], "where they last wrote from");
        let told = json!({ "name": "Amara Osei", "answer_by": at_home });
        assert_eq!(ana.put(&format!("/patrons/{}", id_of(&patron)), told).await.status, 204);
        let now = ways().await;
        assert_eq!((now.len(), &now[0]["id"]), (2, &at_home));
        let shown = patron_of(&ana, work).await["answer_by"].clone();
        assert_eq!(shown["address_id"], at_home);
        assert!(shown["words"].as_str().unwrap().ends_with("to amara.osei@patron.example"), "{shown}");
        let replies = format!("/conversations/{work}/replies");
        let seen = ana.get(&format!("/conversations/{work}")).await.json()["seen"].clone();
        let said = ana.post(&replies, json!({ "text": "Yes.", "seen": seen })).await.json();
        assert_eq!(said["author"]["address"], "amara.osei@patron.example");
        let seen = ana.get(&format!("/conversations/{work}")).await.json()["seen"].clone();
        let said = ana.post(&replies, json!({ "text": "And so.", "seen": seen, "way": now[1]["id"] })).await.json();
        assert_eq!(said["author"]["address"], "amara.work@patron.example");
    }
}
