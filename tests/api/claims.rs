use crate::support::app::{TestApp, on_each_engine};
use deskbell::access::token;
use deskbell::model::people::{Role, Staff};
use deskbell::store::{self, events, people};
use serde_json::json;

on_each_engine! {
    async fn of_two_hundred_at_once_one_has_it_and_the_others_are_told_who(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        app.clock.advance(22_000);
        let before = ana.get("/me").await.json()["seq"].as_i64().unwrap();

        // One by Bryan among 199 by Ana, or the other way round: who wins is the store's to say.
        let mut racing = tokio::task::JoinSet::new();
        for n in 0..200 {
            let client = if n % 2 == 0 { ana.clone() } else { bryan.clone() };
            racing.spawn(async move { (n % 2, client.put(&format!("/conversations/{id}/claim"), json!({})).await) });
        }
        let answers = racing.join_all().await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(_, answer)| answer.status == 200);
        let winner = won[0].0;
        // Whoever has it may take it again; nobody else may.
        assert_eq!((won.len(), lost.len()), (100, 100));
        assert!(won.iter().all(|(who, _)| *who == winner) && lost.iter().all(|(who, _)| *who != winner));
        let owner = [&app.ana, &app.bryan][winner];
        for (_, answer) in &lost {
            assert_eq!((answer.status, answer.problem().as_str()), (409, "claimed"));
            let told = answer.told();
            assert_eq!(told["owner"], json!({ "id": owner.id, "name": owner.name }));
            assert_eq!(told["since"], "2026-10-01T12:00:22.000Z");
            assert_eq!(told["detail"], format!("{} claimed this 0 seconds ago. Nothing was changed.", owner.name));
        }

        // It happened once, and says how long the patron had waited.
        let mut conn = app.db.read().await.unwrap();
        let happened = events::after(&mut conn, before, 10).await.unwrap();
        assert_eq!(happened.len(), 1, "{happened:?}");
        assert_eq!(happened[0].words(), format!("{} claimed this after 22 seconds", owner.public_name));
        assert_eq!(won[0].1.json()["seq"], happened[0].seq);
    }

    async fn of_two_hundred_people_at_once_one_has_it(app: TestApp) {
        let mut people = Vec::new();
        for helper in crowd(&app, 200).await {
            let (_, secret) = token::make(&app.access, helper.id, "race").await.unwrap();
            people.push(app.stranger().with_token(&secret));
        }
        for round in 0..rounds(1) {
            let id = app.patron_asks("Amara Osei", &format!("Is the library open on Sunday {round}?")).await;
            let mut racing = tokio::task::JoinSet::new();
            for client in people.clone() {
                racing.spawn(async move {
                    // A machine that others work on may take longer than a request may; claiming twice changes nothing.
                    loop {
                        let answer = client.put(&format!("/conversations/{id}/claim"), json!({})).await;
                        if answer.status != 504 {
                            return answer;
                        }
                    }
                });
            }
            let answers = racing.join_all().await;
            let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
            assert_eq!((won.len(), lost.len()), (1, 199), "round {round}");
            for answer in lost {
                assert_eq!((answer.status, answer.problem().as_str()), (409, "claimed"));
                assert_eq!(answer.told()["owner"]["id"], won[0].json()["owner_id"]);
                assert_eq!(answer.told()["since"], "2026-10-01T12:00:00.000Z");
            }
        }
    }

    async fn opening_never_claims(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let ana = app.signed_in(&app.ana).await;
        for path in [format!("/conversations/{id}"), "/conversations?view=unclaimed".to_owned(), "/views".to_owned()] {
            ana.get(&path).await.json();
        }
        let whole = ana.get(&format!("/conversations/{id}")).await.json();
        assert_eq!(whole["owner_id"], json!(null));
    }

    async fn putting_back_is_for_the_owner(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let claim = format!("/conversations/{id}/claim");
        assert_eq!(ana.put(&claim, json!({})).await.json()["owner_id"], json!(app.ana.id));

        let refused = bryan.delete(&claim).await;
        assert_eq!((refused.status, refused.problem().as_str()), (409, "not-yours"));
        let waiting_since = ana.get(&format!("/conversations/{id}")).await.json()["waiting_since"].clone();
        let free = ana.delete(&claim).await.json();
        assert!(free["owner_id"].is_null());
        assert_eq!(free["waiting_since"], waiting_since, "the patron's clock goes on");

        let again = ana.delete(&claim).await.json();
        assert_eq!(again["seq"], free["seq"], "putting back what nobody has changes nothing");
        assert_eq!(bryan.put(&claim, json!({})).await.status, 200);
    }

    async fn who_may_only_read_may_not_claim(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let vera = app.signed_in(&app.vera).await;
        let refused = vera.put(&format!("/conversations/{id}/claim"), json!({})).await;
        assert_eq!((refused.status, refused.problem().as_str()), (403, "not-allowed"));
        assert_eq!(vera.get(&format!("/conversations/{id}")).await.status, 200);
    }
}

/// So often a race is run: `usual` times, or what `DESKBELL_ROUNDS` says.
pub fn rounds(usual: usize) -> usize {
    let told = std::env::var("DESKBELL_ROUNDS").ok();
    told.map_or(usual, |told| told.parse().expect("DESKBELL_ROUNDS is a number"))
}

/// So many people who answer.
pub async fn crowd(app: &TestApp, people: u32) -> Vec<Staff> {
    let helpers: Vec<Staff> = (0..people).map(helper).collect();
    let rows = helpers.clone();
    app.db
        .write::<_, store::Error, _>(move |tx| {
            Box::pin(async move {
                for row in &rows {
                    people::insert_staff(tx, row, None).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    helpers
}

fn helper(n: u32) -> Staff {
    Staff {
        id: uuid::Uuid::from_u128(u128::from(n) + 1),
        name: format!("Helper {n}"),
        public_name: format!("Helper {n}"),
        email: format!("helper{n}@harbour.example"),
        role: Role::Staff,
        created_at: 0,
        disabled_at: None,
    }
}
