//! Part of another conversation, and by itself again: what the lists, the numbers and whoever opens it see.

use crate::support::app::{Client, on_each_engine};
use crate::waits::bed::agree;
use serde_json::{Value, json};
use uuid::Uuid;

async fn read(client: &Client, id: Uuid) -> Value {
    client.get(&format!("/conversations/{id}")).await.json()
}

async fn count(client: &Client, view: &str) -> i64 {
    let views = client.get("/views").await.json();
    let items = views["items"].as_array().unwrap().clone();
    items.iter().find(|one| one["view"] == view).unwrap()["count"].as_i64().unwrap()
}

async fn ids(client: &Client, filter: &str) -> Vec<Value> {
    let page = client.get(&format!("/conversations?{filter}")).await.json();
    page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
}

/// What a person sees of it, but for the history, which only grows.
fn but_for_events(mut whole: Value) -> Value {
    let fields = whole.as_object_mut().unwrap();
    for one in ["events", "seq", "seen"] {
        fields.remove(one);
    }
    whole
}

on_each_engine! {
    async fn it_is_in_no_list_and_no_count_and_says_where_it_is_and_comes_back(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let into = app.patron_asks("Amara Osei", "Is the unicorn book in?").await;
        app.clock.advance(60_000);
        let from = app.patron_asks("Amara Osei", "And the dragon book?").await;
        let tag = {
            let lena = app.signed_in(&app.lena).await;
            lena.post("/tags", json!({ "name": "Holds" })).await.json()["id"].as_str().unwrap().to_owned()
        };
        ana.put(&format!("/conversations/{from}/tags/{tag}"), json!({})).await.json();
        ana.put(&format!("/conversations/{from}/urgent"), json!({})).await.json();
        bryan.put(&format!("/conversations/{from}/draft"), json!({ "kind": "reply", "text": "It is" })).await.json();
        bryan.put(&format!("/conversations/{into}/draft"), json!({ "kind": "note", "text": "She called" })).await.json();
        let draft = |id: Uuid| { let bryan = bryan.clone(); async move { bryan.get(&format!("/conversations/{id}/draft")).await.json() } };
        let was = (but_for_events(read(&ana, from).await), but_for_events(read(&ana, into).await), draft(from).await);
        let number = was.1["number"].as_i64().unwrap();

        let path = format!("/conversations/{from}/merge");
        for name in [into.to_string(), number.to_string(), format!("Q-{number}"), format!("q{number}")] {
            let told = ana.get(&format!("{path}?into={name}")).await.json();
            let words = format!("1 message of Q-{} joins Q-{number}", was.0["number"]);
            assert_eq!((&told["words"], &told["into"]["id"], &told["patrons"]), (&json!(words), &json!(into), &Value::Null));
        }
        assert_eq!(ana.get(&format!("{path}?into=Q-1")).await.problem(), "invalid");
        let row = ana.put(&path, json!({ "into": into })).await.json();
        assert_eq!((&row["id"], &row["urgent"], &row["tags"]), (&json!(into), &json!(true), &json!([tag])));
        agree(&app).await;

        for filter in ["view=all", "view=unclaimed", "view=done", &format!("view=all&tag={tag}"), &format!("view=done&tag={tag}")] {
            assert!(!ids(&ana, filter).await.contains(&json!(from)), "{filter}");
        }
        assert_eq!(ids(&ana, &format!("view=unclaimed&tag={tag}")).await, [json!(into)]);
        assert_eq!((count(&ana, "all").await, count(&ana, "unclaimed").await, count(&ana, "done").await), (1, 1, 0));
        assert_eq!(ids(&ana, "view=all&text=dragon").await, [json!(into)], "its words are found where it is");
        let shell = read(&ana, from).await;
        assert_eq!((&shell["merged_into"], &shell["messages"]), (&json!(into), &json!([])));
        let both = read(&ana, into).await;
        let said: Vec<&str> = both["messages"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
        assert_eq!(said, ["Is the unicorn book in?", "And the dragon book?"]);
        assert_eq!(both["waiting_since"], was.1["waiting_since"]);
        let line = both["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(line["words"], format!("Ana merged Q-{} (1 message) into this", was.0["number"]));
        assert_eq!((&both["merged"][0]["id"], &both["merged"][0]["seq"]), (&json!(from), &line["seq"]));
        assert_eq!(both["patron"]["earlier"], json!([]));
        let written = draft(into).await;
        assert_eq!((&written["reply"]["text"], &written["note"]["text"]), (&json!("It is"), &json!("She called")));

        for (answer, of) in [
            (bryan.put(&format!("/conversations/{from}/claim"), json!({})).await, "a claim"),
            (bryan.post(&format!("/conversations/{from}/notes"), json!({ "text": "Hm" })).await, "a note"),
            (bryan.put(&path, json!({ "into": into })).await, "a merge"),
            (bryan.get(&format!("{path}?into={into}")).await, "a look"),
        ] {
            assert_eq!(answer.problem(), "merged", "{of}");
            assert_eq!(answer.told()["into"], json!(into), "{of}");
        }
        let back = bryan.delete(&path).await.json();
        assert_eq!((&back["id"], &back["merged_into"]), (&json!(from), &Value::Null));
        agree(&app).await;
        assert_eq!((but_for_events(read(&ana, from).await), but_for_events(read(&ana, into).await)), (was.0, was.1));
        assert_eq!(draft(from).await, was.2);
        assert_eq!(count(&ana, "unclaimed").await, 2);
        assert_eq!(ana.delete(&path).await.problem(), "not-merged");
    }

    async fn two_peoples_are_named_and_somebody_elses_is_theirs_to_give(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let into = app.patron_asks("Amara Osei", "Is the unicorn book in?").await;
        let from = app.patron_asks("Rosa Diaz", "May I bring my dog?").await;
        let path = format!("/conversations/{from}/merge");
        let told = ana.get(&format!("{path}?into={into}")).await.json();
        assert_eq!(told["patrons"], json!(["Rosa Diaz", "Amara Osei"]));
        let refused = ana.put(&path, json!({ "into": into })).await;
        assert_eq!((refused.problem().as_str(), &refused.told()["patrons"]), ("two-patrons", &json!(["Rosa Diaz", "Amara Osei"])));
        assert_eq!(read(&ana, from).await["merged_into"], Value::Null);
        bryan.put(&format!("/conversations/{from}/claim"), json!({})).await.json();
        let sure = json!({ "into": into, "two_patrons": true });
        assert_eq!(ana.put(&path, sure.clone()).await.problem(), "claimed", "it is his");
        assert_eq!(bryan.put(&path, sure).await.json()["owner_id"], json!(app.bryan.id), "nobody had the other");
        assert_eq!(read(&ana, into).await["patron"]["name"], "Amara Osei");
        agree(&app).await;
        let vera = app.signed_in(&app.vera).await;
        assert_eq!(vera.delete(&path).await.problem(), "not-allowed");
        assert_eq!(vera.put(&path, json!({ "into": from })).await.problem(), "not-allowed");
    }
}
