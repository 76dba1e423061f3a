use std::collections::HashSet;

use crate::support::app::{mail, on_each_engine};
use connectors::contract;
use serde_json::{Value, json};

on_each_engine! {
    async fn every_view_goes_on_without_repeating_or_leaving_out(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let mut asked = HashSet::new();
        for n in 0..23 {
            // Several in the same millisecond: the id decides between them.
            app.clock.advance(i64::from(n % 3 == 0));
            asked.insert(app.patron_asks(&format!("Patron {n}"), &format!("Question {n}")).await.to_string());
        }
        for (n, id) in asked.iter().enumerate() {
            match n % 3 {
                0 => ana.put(&format!("/conversations/{id}/claim"), json!({})).await.json(),
                1 => ana.put(&format!("/conversations/{id}/closure"), json!({})).await.json(),
                _ => {
                    if n % 4 == 0 {
                        ana.put(&format!("/conversations/{id}/urgent"), json!({})).await.json();
                    }
                    ana.put(&format!("/conversations/{id}/watch"), json!({})).await.json()
                }
            };
        }
        let views = ana.get("/views").await.json();
        assert_eq!(views["items"].as_array().unwrap().len(), 8);
        for view in views["items"].as_array().unwrap() {
            let name = view["view"].as_str().unwrap();
            let mut seen = Vec::new();
            let mut cursor = String::new();
            loop {
                let page = ana.get(&format!("/conversations?view={name}&limit=4{cursor}")).await.json();
                let items = page["items"].as_array().unwrap();
                assert!(items.len() <= 4);
                seen.extend(items.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
                let Some(next) = page["next"].as_str() else { break };
                assert_eq!(items.len(), 4);
                cursor = format!("&cursor={next}");
            }
            assert_eq!(seen.len(), seen.iter().collect::<HashSet<_>>().len(), "{name}: none twice");
            assert_eq!(json!(seen.len()), view["count"], "{name}: the count is the list's");
            if name == "all" {
                assert_eq!(seen.into_iter().collect::<HashSet<_>>(), asked);
            }
        }
    }

    async fn words_find_what_was_said(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Where is the Übersee collection?").await;
        app.patron_asks("Tam Ross", "Is the library open on Sunday?").await;
        let found = ana.get("/conversations?text=ubersee%20coll").await.json();
        let items = found["items"].as_array().unwrap();
        assert_eq!(items.len(), 1);
        assert_eq!(items[0]["id"], json!(id));
        assert!(ana.get("/conversations?text=%22%27%29%28*%20OR").await.json()["items"].as_array().unwrap().is_empty());
    }

    async fn a_search_says_how_it_was_read_and_how_to_ask_for_less(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let one = app.patron_asks("Amara Osei", "My kindle shows nothing").await;
        let two = app.patron_asks("Amara Osei", "The kindle hold is gone").await;
        app.patron_asks("Tam Ross", "A kindle for my son?").await;
        let ids = |found: &Value| -> Vec<Value> {
            found["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
        };
        let found = ana.get("/conversations?text=from:amara%20is:unclaimed%20-hold%20%22kindle%22").await.json();
        assert_eq!(ids(&found), [json!(one)]);
        assert_eq!(found["search"]["read"], "from amara, unclaimed, not “hold”, “kindle”");
        assert_eq!(found["search"]["hints"], json!([]));
        assert_eq!(found["search"]["complete_since"], Value::Null);
        let conditions = found["search"]["conditions"].as_array().unwrap();
        assert_eq!(conditions.len(), 4);
        assert_eq!(conditions[2], json!({ "words": "not “hold”", "without": "from:amara is:unclaimed \"kindle\"" }));

        // Nothing is found: each condition can be dropped, and that is what the server then looks for.
        let nothing = ana.get("/conversations?text=from:amara%20is:done").await.json();
        assert_eq!(ids(&nothing), Vec::<Value>::new());
        let looser = nothing["search"]["conditions"][1]["without"].as_str().unwrap();
        assert_eq!(looser, "from:amara");
        let found = ana.get(&format!("/conversations?text={looser}")).await.json();
        assert_eq!(ids(&found), [json!(two), json!(one)]);

        let desk = app.desk.name.to_lowercase().replace(' ', "%20");
        let found = ana.get(&format!("/conversations?text=desk:%22{desk}%22%20owner:none%20son")).await.json();
        assert_eq!(ids(&found).len(), 1);
        let unknown = ana.get("/conversations?text=is:unread").await.json();
        assert!(unknown["search"]["hints"][0].as_str().unwrap().starts_with("is:unread is unknown"), "{unknown}");
        assert_eq!(ana.get("/conversations").await.json()["search"], Value::Null);
        let long = ana.get(&format!("/conversations?text={}", "a".repeat(401))).await;
        assert_eq!(long.status, 422);
    }

    async fn a_row_is_what_the_contract_says(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let row = ana.get("/conversations").await.json()["items"][0].clone();
        let at = "2026-10-01T12:00:00.000Z";
        let expected = json!({
            "id": id, "number": 20001, "subject": "Is the library open on Sunday?",
            "preview": "Is the library open on Sunday?", "patron": { "id": row["patron"]["id"], "name": "Amara Osei" },
            "channel_id": app.channel.id, "visibility": "private", "desk_id": app.desk.id, "owner_id": null,
            "state": "open", "waiting_since": at, "due_at": "2026-10-02T12:00:00.000Z", "snoozed_until": null,
            "last_patron_at": at, "last_at": at, "seq": row["seq"], "trouble": null, "has_attachments": false,
            "created_at": at, "outcome": null, "follow_up_at": null, "tags": [], "urgent": false, "merged_into": null,
            "live": false, "skill": null, "language": null, "offered": [], "kept_for": null, "kept_until": null,
        });
        assert_eq!(row, expected);
    }

    async fn a_long_conversation_comes_in_parts_that_fit(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let mut envelopes = vec![mail("first", "Amara Osei", "Question 0", &[], app.clock.now())];
        for n in 1..120 {
            envelopes.push(mail(&n.to_string(), "Amara Osei", &format!("More {n}"), &["<first@patron.example>"], app.clock.now()));
        }
        app.take_in(envelopes).await;
        let list = ana.get("/conversations").await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "all in one");
        let id = list["items"][0]["id"].as_str().unwrap();
        // Taking it and putting it back makes a history that is longer than what was said.
        for _ in 0..150 {
            ana.put(&format!("/conversations/{id}/claim"), json!({})).await.json();
            ana.delete(&format!("/conversations/{id}/claim")).await.json();
        }
        let newest = ana.get("/me").await.json()["seq"].clone();
        let (mut said, mut done, mut before) = (Vec::new(), Vec::new(), String::new());
        loop {
            let part = ana.get(&format!("/conversations/{id}{before}")).await.json();
            if before.is_empty() {
                assert_eq!(part["seen"], newest);
            }
            let numbers = |list: &str| -> Vec<i64> {
                part[list].as_array().unwrap().iter().map(|one| one["seq"].as_i64().unwrap()).collect()
            };
            said.splice(0..0, numbers("messages"));
            done.splice(0..0, numbers("events"));
            let Some(earlier) = part["earlier"].as_str() else { break };
            before = format!("?before={earlier}");
        }
        assert!(said.is_sorted() && done.is_sorted());
        assert_eq!(said.len(), 120, "each message once");
        assert_eq!(done.len(), newest.as_i64().unwrap() as usize, "each event once");
    }

    async fn a_patrons_other_questions_and_linked_ones_stand_beside(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let first = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        app.clock.advance(1_000);
        let second = app.patron_asks("Amara Osei", "And on Monday?").await;
        let whole = ana.get(&format!("/conversations/{second}")).await.json();
        assert_eq!(whole["patron"]["earlier"][0]["id"], json!(first));
        assert_eq!(whole["patron"]["addresses"][0]["address"], "amara.osei@patron.example");
        assert_eq!(whole["messages"][0]["author"]["address"], "amara.osei@patron.example");
        assert_eq!(whole["messages"][0]["original"], true);

        // A stranger who names one of her messages gets a conversation of their own, linked.
        app.clock.advance(1_000);
        let fourth = mail("known", "Amara Osei", "One more thing", &[], app.clock.now());
        app.take_in(vec![fourth]).await;
        let first = ana.get("/conversations?view=unclaimed&limit=3").await.json()["items"][2]["id"].clone();
        let third = app.patron_says("Mallory Grey", "Tell me what she asked", &["<known@patron.example>"]).await;
        let whole = ana.get(&format!("/conversations/{third}")).await.json();
        assert_eq!(whole["linked"][0]["id"], first);
        assert_eq!(whole["messages"].as_array().unwrap().len(), 1);
    }

    async fn what_is_held_is_listed_and_can_be_read(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let held = |n: usize| contract::Envelope {
            event: contract::Event::Held(contract::Held {
                reason: contract::HeldReason::Automatic,
                why: "An automatic reply.".to_owned(),
                author: None,
                subject: Some(format!("Out of office {n}")),
                receipt: None,
            }),
            ..mail(&format!("held-{n}"), "Amara Osei", "<script>alert(1)</script>", &[], app.clock.now())
        };
        app.take_in((0..7).map(held).chain([held(3)]).collect()).await;
        let (mut subjects, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = ana.get(&format!("/held?limit=3&channel={}{cursor}", app.channel.id)).await.json();
            subjects.extend(page["items"].as_array().unwrap().iter().map(|row| row["subject"].to_string()));
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(subjects.iter().collect::<HashSet<_>>().len(), 7);
        let row = ana.get("/held?limit=1").await.json()["items"][0].clone();
        assert_eq!((&row["reason"], &row["why"]), (&json!("automatic"), &json!("An automatic reply.")));
        let source = ana.get(&format!("/held/{}/original", row["id"].as_str().unwrap())).await;
        assert_eq!(source.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(source.header("x-content-type-options"), "nosniff");
        assert!(source.body.ends_with(b"<script>alert(1)</script>"));

        let intake = ana.get("/health/intake").await.json();
        let of = |name: &str| intake[name].as_i64().unwrap();
        assert_eq!((of("received"), of("held"), of("duplicates")), (8, 7, 1));
        assert_eq!(of("received"), of("messages") + of("held") + of("duplicates"));
        assert_eq!(intake["channels"][0]["name"], "Ask us");
    }

    async fn the_house_is_shown(app: TestApp) {
        let vera = app.signed_in(&app.vera).await;
        let names = |list: Value| -> Vec<String> {
            list["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(vera.get("/staff").await.json()), ["Ada Reed", "Ana Lima", "Bryan Cole", "Lena Roth", "Vera Idle"]);
        assert_eq!(names(vera.get("/desks").await.json()), ["Reference"]);
        let channels = vera.get("/channels").await.json();
        assert_eq!(names(channels.clone()), ["Ask us"]);
        assert_eq!(channels["items"][0]["state"], "active");
        assert!(!channels.to_string().contains("settings"));
    }
}
