//! Claim next: the right one, another one for each, and a sentence when there is none.

use std::collections::HashSet;

use super::claims::{crowd, rounds};
use crate::support::app::{Client, NOW, TestApp, mail, on_each_engine};
use connectors::contract::Event;
use deskbell::app::App;
use deskbell::conversation::claim::{self, Next};
use deskbell::model::next::Where;
use deskbell::model::people::{Desk, Staff, Who};
use deskbell::store::{Error, conversations, people};
use serde_json::{Value, json};
use uuid::Uuid;

async fn next(client: &Client, filter: Value) -> Value {
    client.post("/claims/next", filter).await.json()
}

fn claimed(answer: &Value) -> Uuid {
    answer["conversation"]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).parse().unwrap()
}

/// As if it were to be answered by then.
async fn due(app: &TestApp, id: Uuid, at: i64) {
    change(app, id, move |row| row.due_at = at).await;
}

async fn change(
    app: &TestApp,
    id: Uuid,
    how: impl FnOnce(&mut deskbell::model::conversation::Conversation) + Send + 'static,
) {
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let before = conversations::lock(tx, id).await?.expect("it is there");
                let mut after = before.clone();
                how(&mut after);
                conversations::update(tx, &before, &after).await
            })
        })
        .await
        .unwrap();
}

pub async fn another_desk(app: &TestApp) -> Desk {
    let desk = Desk {
        id: app.clock.id(),
        name: "Children".to_owned(),
        branch_id: app.desk.branch_id,
        branch_name: app.desk.branch_name.clone(),
        promise_ms: 3_600_000,
        library: None,
    };
    let kept = desk.clone();
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { people::insert_desk(tx, &kept).await }))
        .await
        .unwrap();
    desk
}

on_each_engine! {
    async fn late_ones_come_first_then_the_soonest_then_the_oldest_and_automatic_ones_last(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        // Due the moment it came, and no patron behind it.
        let mut notice = mail("notice", "Bulk Sender", "Our newsletter", &[], NOW);
        if let Event::Message(message) = &mut notice.event {
            message.automatic = true;
        }
        app.take_in(vec![notice]).await;
        let listed = ana.get("/conversations?view=unclaimed").await.json();
        let automatic: Uuid = listed["items"][0]["id"].as_str().unwrap().parse().unwrap();
        assert!(listed["items"][0]["waiting_since"].is_null(), "{listed}");
        due(&app, automatic, NOW - 9_000_000).await;
        let older = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        // Ids are as old as their millisecond.
        app.clock.advance(1);
        let newer = app.patron_asks("Piotr Zak", "May I bring my dog?").await;
        let soonest = app.patron_asks("Efua Mensah", "Where is my hold?").await;
        let late = app.patron_asks("Sunniva Berg", "Is the lift mended?").await;
        for (id, at) in [(older, 5_000), (newer, 5_000), (soonest, 4_000), (late, -1_000)] {
            due(&app, id, NOW + at).await;
        }
        for expected in [late, soonest, older, newer, automatic] {
            let answer = next(&ana, json!({})).await;
            assert_eq!(claimed(&answer), expected);
            assert_eq!(answer["conversation"]["owner_id"], json!(app.ana.id));
        }
        let answer = next(&ana, json!({})).await;
        assert_eq!(answer, json!({ "conversation": null, "words": "Nobody is waiting unclaimed right now." }));
    }

    async fn only_what_is_open_and_unclaimed_can_be_next(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let [taken, done, aside] = [
            app.patron_asks("Amara Osei", "Is the library open on Sunday?").await,
            app.patron_asks("Piotr Zak", "May I bring my dog?").await,
            app.patron_asks("Efua Mensah", "Where is my hold?").await,
        ];
        bryan.put(&format!("/conversations/{taken}/claim"), json!({})).await.json();
        bryan.put(&format!("/conversations/{done}/closure"), json!({})).await.json();
        let until = json!({ "until": "2026-10-02T07:00:00Z" });
        bryan.put(&format!("/conversations/{aside}/snooze"), until).await.json();
        assert!(next(&ana, json!({})).await["conversation"].is_null());
        let vera = app.signed_in(&app.vera).await;
        assert_eq!(vera.post("/claims/next", json!({})).await.problem(), "not-allowed");
    }

    async fn a_desk_and_a_channel_narrow_it_and_the_words_say_whether_others_wait_elsewhere(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let children = another_desk(&app).await;
        let here = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let there = app.patron_asks("Piotr Zak", "Which picture books have whales?").await;
        let desk = children.id;
        change(&app, there, move |row| row.desk_id = desk).await;
        let (channel, other) = (app.channel.id, Uuid::from_u128(7));

        let nothing = next(&ana, json!({ "channel": other })).await;
        assert!(nothing["words"].as_str().unwrap().contains("At other desks or channels somebody is."), "{nothing}");
        let nothing = next(&ana, json!({ "channel": other, "desk": desk })).await;
        assert!(nothing["conversation"].is_null());
        assert_eq!(claimed(&next(&ana, json!({ "desk": desk })).await), there);
        let nothing = next(&ana, json!({ "channel": channel, "desk": desk })).await;
        assert!(nothing["words"].as_str().unwrap().contains("somebody is"), "{nothing}");
        assert_eq!(claimed(&next(&ana, json!({ "channel": channel, "desk": app.desk.id })).await), here);
        let nothing = next(&ana, json!({ "desk": desk })).await;
        assert_eq!(nothing["words"], "Nobody is waiting unclaimed, here or anywhere else that you could take.");
    }

    async fn twenty_people_on_twenty_questions_get_one_each(app: TestApp) {
        let people = crowd(&app, 20).await;
        for round in 0..rounds(3) {
            let asked = twenty_questions(&app, round).await;
            let (had, owners, without) = race(people.iter().map(|person| (app.app.clone(), who(person)))).await;
            assert_eq!((had.len(), owners.len(), without), (20, 20, 0), "round {round}");
            assert_eq!(had, asked, "round {round}");
        }
    }

    async fn people_at_two_processes_get_one_each_and_the_last_ones_hear_that_there_is_none(app: TestApp) {
        let other = app.another().await;
        let people = crowd(&app, 24).await;
        for round in 0..rounds(3) {
            let asked = twenty_questions(&app, round).await;
            let at = |n: usize| if n.is_multiple_of(2) { app.app.clone() } else { other.clone() };
            let racing = people.iter().enumerate().map(|(n, person)| (at(n), who(person)));
            let (had, owners, without) = race(racing).await;
            assert_eq!((had.len(), owners.len(), without), (20, 20, 4), "round {round}");
            assert_eq!(had, asked, "round {round}");
        }
    }
}

async fn twenty_questions(app: &TestApp, round: usize) -> HashSet<Uuid> {
    let mut asked = HashSet::new();
    for n in 0..20 {
        asked.insert(app.patron_asks(&format!("Patron {n}"), &format!("Question {round} {n}")).await);
    }
    asked
}

/// All at once: the questions that were had, who had one, and how many had none.
async fn race(people: impl Iterator<Item = (App, Who)>) -> (HashSet<Uuid>, HashSet<Uuid>, usize) {
    let mut racing = tokio::task::JoinSet::new();
    for (app, who) in people {
        racing.spawn(async move { claim::next(&app, &who, Where::default()).await.unwrap() });
    }
    let (mut had, mut owners, mut without) = (HashSet::new(), HashSet::new(), 0);
    for answer in racing.join_all().await {
        match answer {
            Next::Claimed(row) => {
                assert!(had.insert(row.id), "{} was had twice", row.number);
                owners.extend(row.owner_id);
            }
            Next::Nothing { lacking, elsewhere } => {
                assert!(lacking.is_empty() && !elsewhere);
                without += 1;
            }
        }
    }
    (had, owners, without)
}

fn who(staff: &Staff) -> Who {
    let Staff { id, name, public_name, role, .. } = staff.clone();
    Who { staff_id: id, name, public_name, role }
}
