//! Who is given which question: skills, languages, desks, room for live ones, and a head start for who knows the patron.

use super::next::another_desk;
use crate::support::app::{Client, NOW, TestApp, mail, on_each_engine};
use crate::waits::bed::agree;
use deskbell::inbound;
use deskbell::model::channel::Channel;
use deskbell::model::wait::Outcome;
use deskbell::store::{Error, channels, people, stacks, waits};
use serde_json::{Value, json};
use uuid::Uuid;

const MINUTE: i64 = 60_000;
const NOTHING: &str = "Nothing you can take right now.";

async fn next(client: &Client) -> Value {
    client.post("/claims/next", json!({})).await.json()
}

async fn has(client: &Client, id: Uuid) {
    assert_eq!(next(client).await["conversation"]["id"], json!(id));
}

/// The sentence where there is nothing.
async fn hears(client: &Client, words: &str) {
    assert_eq!(next(client).await, json!({ "conversation": null, "words": format!("{NOTHING} {words}") }));
}

fn able(skills: &[&str], languages: &[&str], live: i64) -> Value {
    json!({ "skills": skills, "languages": languages, "live_at_once": live })
}

async fn decide(app: &TestApp, person: Uuid, able: Value) -> Value {
    app.signed_in(&app.ada).await.put(&format!("/staff/{person}/abilities"), able).await.json()
}

async fn last_words(client: &Client, id: Uuid) -> String {
    let whole = client.get(&format!("/conversations/{id}")).await.json();
    whole["events"].as_array().unwrap().last().unwrap()["words"].as_str().unwrap().to_owned()
}

/// Somebody answered the patron's question, a moment after it was asked.
async fn answered(app: &TestApp, id: Uuid, who: Uuid) {
    let at = app.clock.now() + 1;
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { waits::close(tx, id, at, Outcome::Answered, None, Some(who)).await })
        })
        .await
        .unwrap();
}

/// Everything that is kept twice agrees.
async fn agreed(app: &TestApp) {
    assert_eq!(stacks::wrong(&mut app.db.read().await.unwrap()).await.unwrap(), []);
    agree(&app.app).await;
}

pub async fn live_channel(app: &TestApp) -> Channel {
    let channel = Channel {
        id: app.clock.id(),
        name: "Chat".to_owned(),
        kind: "buoy".to_owned(),
        ..app.channel.clone()
    };
    let kept = channel.clone();
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { channels::insert(tx, &kept).await }))
        .await
        .unwrap();
    channel
}

on_each_engine! {
    async fn what_needs_a_skill_or_a_language_is_given_to_who_has_it_and_the_others_are_told(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        assert_eq!(ana.put(&format!("/staff/{}/abilities", app.ana.id), able(&[], &[], 2)).await.problem(), "not-allowed");
        let kept = decide(&app, app.bryan.id, able(&["Card  Accounts"], &["ES"], 3)).await;
        assert_eq!(kept, able(&["card accounts"], &["es"], 3));
        let listed = ana.get("/staff").await.json();
        let of = |id: Uuid| listed["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(id)).unwrap().clone();
        assert_eq!((of(app.bryan.id)["abilities"].clone(), of(app.ana.id)["abilities"].clone()), (kept, able(&[], &[], 2)));

        let mut asked = Vec::new();
        for name in ["Amara Osei", "Piotr Zak", "Efua Mensah"] {
            asked.push(app.patron_asks(name, "My PIN does not work").await);
            app.clock.advance(1);
        }
        let [pin, other, spanish] = asked[..] else { panic!("three") };
        let needs = |id: Uuid| format!("/conversations/{id}/needs");
        let nobody = ana.put(&needs(pin), json!({ "skill": "juggling", "language": null })).await;
        assert!(nobody.told()["detail"].as_str().unwrap().contains("would wait for ever"), "{nobody:?}");
        let row = ana.put(&needs(pin), json!({ "skill": "card accounts" })).await.json();
        assert_eq!((&row["skill"], &row["language"]), (&json!("card accounts"), &Value::Null));
        assert_eq!(last_words(&ana, pin).await, "Ana said that this waits for someone with card accounts");
        let again = ana.put(&needs(pin), json!({ "skill": "Card accounts" })).await.json();
        assert_eq!(again["seq"], row["seq"], "what it needs already changes nothing");
        ana.put(&needs(other), json!({ "skill": "card accounts" })).await.json();
        ana.put(&needs(spanish), json!({ "skill": "card accounts", "language": "es" })).await.json();
        agreed(&app).await;

        hears(&ana, "2 wait for someone with card accounts. 1 waits for someone with card accounts who speaks Spanish.").await;
        for expected in [pin, other, spanish] {
            has(&bryan, expected).await;
        }
        assert_eq!(next(&bryan).await["words"], "Nobody is waiting unclaimed right now.");
        // It stays what it needs when it comes back, and anybody may grab it.
        bryan.delete(&format!("/conversations/{pin}/claim")).await.json();
        hears(&ana, "1 waits for someone with card accounts.").await;
        ana.put(&needs(pin), json!({})).await.json();
        assert_eq!(last_words(&ana, pin).await, "Ana said that this waits for anybody");
        has(&ana, pin).await;
        agreed(&app).await;
    }

    async fn a_rule_says_what_a_question_needs_unless_nobody_can_do_it_any_more(app: TestApp) {
        let (ana, ada) = (app.signed_in(&app.ana).await, app.signed_in(&app.ada).await);
        let rule = |skill: &str| json!({
            "name": "PIN", "conditions": [{ "about": "text", "says": "pin" }], "acts": [{ "act": "need", "skill": skill }],
        });
        assert!(ada.post("/rules", rule("card accounts")).await.told()["detail"].as_str().unwrap().contains("Nobody here has"));
        decide(&app, app.bryan.id, able(&["card accounts"], &[], 2)).await;
        let made = ada.post("/rules", rule("Card accounts")).await.json();
        assert!(made["words"].as_str().unwrap().ends_with("let it wait for someone with card accounts"), "{made}");
        let id = app.patron_asks("Amara Osei", "My PIN does not work").await;
        assert_eq!(last_words(&ana, id).await, "Waits for someone with card accounts, by the rule PIN");
        hears(&ana, "1 waits for someone with card accounts.").await;
        decide(&app, app.bryan.id, able(&[], &[], 2)).await;
        let id = app.patron_asks("Piotr Zak", "A PIN again").await;
        assert!(last_words(&ana, id).await.contains("nobody can do what it asks for"));
        has(&ana, id).await;
        agreed(&app).await;
    }

    async fn who_answers_at_desks_by_name_is_given_what_waits_there_or_at_a_desk_of_nobodys(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let children = another_desk(&app).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let member = |desk: Uuid, person: Uuid| {
            app.db.write::<_, Error, _>(move |tx| Box::pin(async move { people::add_member(tx, desk, person).await }))
        };
        member(children.id, app.ana.id).await.unwrap();
        assert_eq!(next(&ana).await["conversation"]["id"], json!(id), "nobody answers at the other desk by name");
        ana.delete(&format!("/conversations/{id}/claim")).await.json();
        member(app.desk.id, app.bryan.id).await.unwrap();
        hears(&ana, "1 waits at desks where you do not answer.").await;
        has(&bryan, id).await;
    }

    async fn a_live_patron_comes_first_and_nobody_is_given_more_of_them_than_they_have_at_once(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let late = app.patron_asks("Sunniva Berg", "Is the lift mended?").await;
        app.clock.advance(25 * 60 * MINUTE);
        let soon = app.patron_asks("Piotr Zak", "May I bring my dog?").await;
        let chat = live_channel(&app).await;
        let mut live = Vec::new();
        for name in ["Amara Osei", "Efua Mensah", "Rosa Lind"] {
            app.clock.advance(MINUTE);
            let at = app.clock.now();
            inbound::accept(&app.app, &chat, vec![mail(name, name, "Are you there?", &[], at)], None).await.unwrap();
            let items = ana.get(&format!("/conversations?view=unclaimed&channel={}", chat.id)).await.json()["items"].clone();
            live = items.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().parse::<Uuid>().unwrap()).collect();
            assert_eq!(items[0]["live"], true);
        }
        // In the list as with the key, page by page.
        let (mut listed, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = ana.get(&format!("/conversations?view=unclaimed&limit=2{cursor}")).await.json();
            listed.extend(page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()));
            let Some(more) = page["next"].as_str() else { break };
            cursor = format!("&cursor={more}");
        }
        assert_eq!(listed, [live[0], live[1], live[2], late, soon].map(|id| json!(id)));
        has(&ana, live[0]).await;
        has(&ana, live[1]).await;
        has(&ana, late).await;
        has(&ana, soon).await;
        hears(&ana, "1 waits live, and you have as many live conversations as you take at once.").await;
        decide(&app, app.ana.id, able(&[], &[], 3)).await;
        has(&ana, live[2]).await;
        ana.delete(&format!("/conversations/{}/claim", live[2])).await.json();
        has(&bryan, live[2]).await;
        agreed(&app).await;
    }

    async fn who_had_the_patrons_last_question_is_given_the_next_one_first_for_a_moment(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let first = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        has(&ana, first).await;
        let stranger = app.patron_asks("Piotr Zak", "May I bring my dog?").await;
        app.clock.advance(1);
        let back = app.patron_asks("Amara Osei", "And on Monday?").await;
        assert_eq!(last_words(&bryan, back).await, "Kept for Ana for 2 minutes: Ana had this patron's last question");
        let row = bryan.get(&format!("/conversations/{back}")).await.json();
        assert_eq!((&row["kept_for"], &row["kept_until"]), (&json!(app.ana.id), &json!("2026-10-01T12:02:00.001Z")));
        has(&bryan, stranger).await;
        hears(&bryan, "1 waits a moment for a colleague who knows the patron.").await;
        agreed(&app).await;
        bryan.delete(&format!("/conversations/{stranger}/claim")).await.json();
        has(&ana, back).await;
        has(&ana, stranger).await;

        // The moment passes.
        app.clock.advance(1);
        let again = app.patron_asks("Amara Osei", "And on Tuesday?").await;
        app.clock.advance(2 * MINUTE - 1);
        hears(&bryan, "1 waits a moment for a colleague who knows the patron.").await;
        app.clock.advance(1);
        has(&bryan, again).await;

        // Not for who is away, and not while it is decided otherwise.
        app.clock.advance(1);
        bryan.put("/me/presence", json!({ "presence": "away" })).await;
        let away = app.patron_asks("Amara Osei", "And on Wednesday?").await;
        assert_eq!(last_words(&ana, away).await, "Amara Osei asked", "Bryan had the last one, and nobody has answered");
        has(&ana, away).await;
        assert_eq!(ana.put("/library/head-start", json!({ "seconds": 0 })).await.problem(), "not-allowed");
        let ada = app.signed_in(&app.ada).await;
        assert_eq!(ada.put("/library/head-start", json!({ "seconds": 3_601 })).await.problem(), "invalid");
        assert_eq!(ada.put("/library/head-start", json!({ "seconds": 0 })).await.status, 204);
        app.clock.advance(1);
        let plain = app.patron_asks("Amara Osei", "And on Thursday?").await;
        assert_eq!(last_words(&ana, plain).await, "Amara Osei asked");
    }

    async fn the_usual_helper_is_shown_and_given_it_where_the_last_owner_is_away(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let mut last = Uuid::nil();
        for (number, who) in [&app.ana, &app.ana, &app.bryan].into_iter().enumerate() {
            last = app.patron_asks("Amara Osei", &format!("Question {number}")).await;
            answered(&app, last, who.id).await;
            app.clock.advance(MINUTE);
        }
        bryan.put(&format!("/conversations/{last}/claim"), json!({})).await.json();
        bryan.put("/me/presence", json!({ "presence": "away" })).await;
        let helper = ana.get(&format!("/conversations/{last}")).await.json()["patron"]["usual_helper"].clone();
        assert_eq!(helper, json!({ "staff_id": app.ana.id, "times": 2, "of": 3 }));
        let back = app.patron_asks("Amara Osei", "One more").await;
        let words = "Kept for Ana for 2 minutes: Ana usually helps this patron, 2 times of 3";
        assert_eq!(last_words(&bryan, back).await, words);
        // A year later nobody remembers.
        app.clock.advance(366 * 24 * 60 * MINUTE);
        let whole = ana.get(&format!("/conversations/{last}")).await;
        assert_eq!(whole.status, 401, "nobody stays signed in for a year");
        let ana = app.signed_in(&app.ana).await;
        assert!(ana.get(&format!("/conversations/{last}")).await.json()["patron"]["usual_helper"].is_null());
    }

    async fn a_desk_that_is_closed_keeps_nothing_for_anybody(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let first = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        has(&ana, first).await;
        app.clock.advance(1);
        // Thursday noon in UTC is 14:00 there.
        let hours = |closes| {
            let day = deskbell::model::hours::Interval::new(9 * 60, closes).unwrap();
            let week: [Vec<_>; 7] = std::array::from_fn(|_| vec![day]);
            let desk = app.desk.id;
            app.calendars.forget();
            app.db.write::<_, Error, _>(move |tx| {
                Box::pin(async move { deskbell::store::hours::set_week(tx, desk, Some(&week)).await })
            })
        };
        hours(14 * 60).await.unwrap();
        app.calendars.forget();
        let closed = app.patron_asks("Amara Osei", "And on Monday?").await;
        has(&bryan, closed).await;
        bryan.put("/me/presence", json!({ "presence": "away" })).await;
        ana.put(&format!("/conversations/{closed}/claim?from={}", app.bryan.id), json!({})).await.json();
        // A minute before closing: the moment goes on when it opens again.
        hours(14 * 60 + 1).await.unwrap();
        app.calendars.forget();
        app.clock.advance(1);
        let open = app.patron_asks("Amara Osei", "And on Tuesday?").await;
        let row = ana.get(&format!("/conversations/{open}")).await.json();
        assert_eq!(row["kept_until"], "2026-10-02T07:01:00.002Z");
        assert!(app.clock.now() < NOW + MINUTE);
    }
}
