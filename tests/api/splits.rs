//! Part of a conversation becomes one of its own: what the lists, the numbers and whoever opens it see.

use crate::support::app::{Client, on_each_engine};
use crate::waits::bed::agree;
use deskbell::store::messages;
use serde_json::{Value, json};

async fn read(client: &Client, id: &str) -> Value {
    client.get(&format!("/conversations/{id}")).await.json()
}

fn texts(whole: &Value) -> Vec<&str> {
    whole["messages"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect()
}

fn id_of(whole: &Value, text: &str) -> Value {
    let all = whole["messages"].as_array().unwrap();
    all.iter().find(|one| one["text"] == text).unwrap()["id"].clone()
}

on_each_engine! {
    async fn a_note_and_a_question_go_and_each_leads_to_the_other(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let asked = app.patron_asks("Amara Osei", "Is the unicorn book in?").await;
        let said = messages::last_inbound(&mut app.db.read().await.unwrap(), asked).await.unwrap().unwrap();
        app.patron_says("Amara Osei", "And may I bring my dog?", &[&said.external_id.unwrap()]).await;
        let id = asked.to_string();
        ana.post(&format!("/conversations/{id}/notes"), json!({ "text": "She means the blue one" })).await;
        let whole = read(&ana, &id).await;
        let path = format!("/conversations/{id}/splits");
        for wrong in [json!({}), json!({ "messages": [], "from": whole["id"] })] {
            assert_eq!(ana.post(&path, wrong).await.problem(), "invalid");
        }
        let vera = app.signed_in(&app.vera).await;
        let from = json!({ "from": id_of(&whole, "And may I bring my dog?") });
        assert_eq!(vera.post(&path, from.clone()).await.problem(), "not-allowed");
        let made = ana.post(&path, from.clone()).await;
        assert_eq!(made.status, 201);
        let row = made.json();
        agree(&app).await;
        let new = row["id"].as_str().unwrap().to_owned();
        let (old, split) = (read(&ana, &id).await, read(&ana, &new).await);
        assert_eq!(texts(&old), ["Is the unicorn book in?"]);
        assert_eq!(texts(&split), ["And may I bring my dog?", "She means the blue one"]);
        assert_eq!(old["linked"][0]["id"], row["id"]);
        assert_eq!((&split["linked"][0]["number"], &split["linked"][0]["why"]), (&whole["number"], &json!("This was part of another one.")));
        assert_eq!(old["linked"][0]["why"], "Part of this stands by itself.");
        let page = bryan.get("/conversations?view=unclaimed").await.json();
        assert_eq!(page["items"].as_array().unwrap().len(), 2, "both are there to be taken");
        let views = bryan.get("/views").await.json();
        let unclaimed = views["items"].as_array().unwrap().iter().find(|one| one["view"] == "unclaimed").unwrap();
        assert_eq!(unclaimed["count"], 2);
        let found = bryan.get("/conversations?view=all&text=dog").await.json();
        assert_eq!(found["items"][0]["id"], row["id"], "its words are found where they are");
        let told = bryan.post(&path, from).await;
        assert_eq!(told.problem(), "invalid");
        assert_eq!(told.told()["detail"], format!("Ana has split this off already: it is in Q-{}. Nothing was changed.", row["number"]));
    }
}
