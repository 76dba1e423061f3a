//! Searches that people keep under a name: whose they are, and who may change them.

use crate::support::app::{Client, on_each_engine};
use deskbell::model::people::Desk;
use deskbell::store::{self, people};
use serde_json::json;
use uuid::Uuid;

on_each_engine! {
    async fn ones_own_is_for_oneself_and_a_desks_for_those_who_answer_there(app: TestApp) {
        let (ana, bryan, lena) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await, app.signed_in(&app.lena).await);
        let late = ana.post("/searches", json!({ "name": "  Late ones ", "query": " is:late " })).await;
        assert_eq!(late.status, 201);
        let late = late.json();
        assert_eq!((&late["name"], &late["query"], &late["version"]), (&json!("Late ones"), &json!("is:late"), &json!(1)));
        let books = ana.post("/searches", json!({ "name": "Books", "query": "unicorn", "desk_id": app.desk.id })).await.json();
        let names = |whole: serde_json::Value| -> Vec<(String, bool)> {
            let items = whole["items"].as_array().unwrap().clone();
            items.iter().map(|one| (one["name"].as_str().unwrap().to_owned(), one["changeable"].as_bool().unwrap())).collect()
        };
        assert_eq!(names(ana.get("/searches").await.json()), [("Books".to_owned(), true), ("Late ones".to_owned(), true)]);
        assert_eq!(names(bryan.get("/searches").await.json()), [("Books".to_owned(), false)]);
        assert_eq!(names(lena.get("/searches").await.json()), [("Books".to_owned(), true)]);
        // What a colleague keeps for themselves is not there; what is a desk's is a lead's too.
        let (own, shared) = (format!("/searches/{}", late["id"].as_str().unwrap()), format!("/searches/{}", books["id"].as_str().unwrap()));
        let renamed = json!({ "name": "Unicorns", "query": "unicorn", "desk_id": app.desk.id });
        assert_eq!(lena.put(&format!("{own}?version=1"), renamed.clone()).await.problem(), "missing");
        assert_eq!(bryan.put(&format!("{shared}?version=1"), renamed.clone()).await.problem(), "not-allowed");
        assert_eq!(bryan.delete(&format!("{shared}?version=1")).await.problem(), "not-allowed");
        assert_eq!(lena.put(&format!("{shared}?version=1"), renamed.clone()).await.json()["version"], 2);
        // Whoever changes what has changed since is told.
        assert_eq!(ana.put(&format!("{shared}?version=1"), renamed).await.problem(), "changed");
        assert_eq!(ana.delete(&format!("{shared}?version=1")).await.problem(), "changed");
        assert_eq!(names(bryan.get("/searches").await.json()), [("Unicorns".to_owned(), false)]);
        assert_eq!(ana.delete(&format!("{shared}?version=2")).await.status, 204);
        assert_eq!(names(bryan.get("/searches").await.json()), []);
        assert_eq!(ana.delete(&format!("{shared}?version=2")).await.problem(), "missing");
    }

    async fn what_is_for_a_desk_is_seen_by_those_who_answer_there(app: TestApp) {
        let (ana, bryan, lena) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await, app.signed_in(&app.lena).await);
        let maps = Desk { id: app.clock.id(), name: "Maps".to_owned(), ..app.desk.clone() };
        let (there, here, people) = (maps.id, app.desk.id, [(app.ana.id, maps.id), (app.bryan.id, app.desk.id)]);
        app.db.write::<_, store::Error, _>(move |tx| Box::pin(async move {
            people::insert_desk(tx, &maps).await?;
            for (person, desk) in people {
                people::add_member(tx, desk, person).await?;
            }
            Ok(())
        })).await.unwrap();
        let for_desk = |desk: Uuid| json!({ "name": "Late", "query": "is:late", "desk_id": desk });
        assert_eq!(ana.post("/searches", for_desk(here)).await.problem(), "not-allowed", "she does not answer there");
        let kept = ana.post("/searches", for_desk(there)).await.json();
        let count = async |client: &Client| client.get("/searches").await.json()["items"].as_array().unwrap().len();
        assert_eq!((count(&ana).await, count(&bryan).await), (1, 0));
        let path = format!("/searches/{}?version=1", kept["id"].as_str().unwrap());
        assert_eq!(bryan.put(&path, for_desk(there)).await.problem(), "missing");
        // A lead gives it to another desk; whose it is still has it.
        assert_eq!(lena.put(&path, for_desk(here)).await.json()["desk_id"], json!(here));
        assert_eq!((count(&ana).await, count(&bryan).await), (1, 1));
    }

    async fn what_cannot_be_kept_is_refused_in_words(app: TestApp) {
        let vera = app.signed_in(&app.vera).await;
        for (name, query) in [(" ", "is:late"), ("Late", "  "), (&"x".repeat(61), "is:late"), ("Late", &"x".repeat(401))] {
            assert_eq!(vera.post("/searches", json!({ "name": name, "query": query })).await.problem(), "invalid");
        }
        let shared = json!({ "name": "Late", "query": "is:late", "desk_id": app.desk.id });
        assert_eq!(vera.post("/searches", shared).await.problem(), "not-allowed");
        let nowhere = json!({ "name": "Late", "query": "is:late", "desk_id": app.clock.id() });
        assert_eq!(app.signed_in(&app.ana).await.post("/searches", nowhere).await.problem(), "missing");
        for number in 0..100 {
            let kept = vera.post("/searches", json!({ "name": format!("Late {number}"), "query": "is:late" })).await;
            assert_eq!(kept.status, 201, "whoever may read may keep a search");
        }
        let told = vera.post("/searches", json!({ "name": "One more", "query": "is:late" })).await;
        assert_eq!(told.problem(), "invalid");
        assert!(told.told()["detail"].as_str().unwrap().starts_with("You keep 100 searches already"));
    }
}
