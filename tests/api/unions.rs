//! One person with many addresses: never by a name, and undone exactly.

use super::patrons::{id_of, patron_of};
use super::replies::connect;
use crate::support::app::{Client, TestApp, mail, on_each_engine};
use crate::waits::bed::agree;
use connectors::contract;
use deskbell::inbound;
use deskbell::model::channel::Channel;
use deskbell::model::message::Direction;
use deskbell::store::{self, away, channels, events, helpers, messages, patrons};
use serde_json::{Value, json};
use uuid::Uuid;

const NUMBER: &str = "+14065550193";

/// An account of a platform whose addresses are telephone numbers, for which it vouches.
async fn telephone(app: &TestApp, kind: &'static str) -> Channel {
    let row =
        Channel { id: app.clock.id(), name: kind.to_owned(), kind: kind.to_owned(), ..app.channel.clone() };
    let kept = row.clone();
    app.db.write(move |tx| Box::pin(async move { channels::insert(tx, &kept).await })).await.unwrap();
    row
}

/// Somebody writes by it, from a number and perhaps with a name.
async fn call(app: &TestApp, by: &Channel, number: &str, name: Option<&str>, text: &str) -> Uuid {
    let mut envelope = mail(&app.clock.id().to_string(), "Nobody", text, &[], app.clock.now());
    if let contract::Event::Message(said) = &mut envelope.event {
        let (id, name) = (number.to_owned(), name.map(str::to_owned));
        said.author = Some(contract::Address { shown: id.clone(), id, name });
    }
    inbound::accept(&app.app, by, vec![envelope], None).await.unwrap();
    let mut conn = app.db.read().await.unwrap();
    let newest = events::newest(&mut conn).await.unwrap();
    events::after(&mut conn, newest - 1, 1).await.unwrap()[0].conversation_id
}

/// All that a page shows of these, but for the history, which only grows.
async fn seen(client: &Client, conversations: &[Uuid]) -> Vec<Value> {
    let mut all = Vec::new();
    for id in conversations {
        let mut whole = client.get(&format!("/conversations/{id}")).await.json();
        for one in ["events", "seq", "seen"] {
            whole.as_object_mut().unwrap().remove(one);
        }
        all.push(whole);
    }
    all
}

async fn of_patron(client: &Client, patron: Uuid) -> Vec<Value> {
    let page = client.get(&format!("/patrons/{patron}/conversations")).await.json();
    page["items"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
}

/// When somebody was last told that a desk is closed.
async fn told(app: &TestApp, patron: Uuid) -> Option<i64> {
    away::told(&mut app.db.read().await.unwrap(), patron, Uuid::nil()).await.unwrap().patron_at
}

/// The desk was closed when that was asked, and said so.
async fn was_away(app: &TestApp, conversation: Uuid, patron: Uuid, at: i64) {
    let id = app.clock.id();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let asked = messages::last_inbound(tx, conversation).await?.expect("it was asked");
                let seq = events::numbers(tx, 1).await?;
                let said = messages_said(asked, id, seq);
                messages::insert(tx, &said).await?;
                let answer = away::Answer {
                    message_id: id,
                    conversation_id: conversation,
                    patron_id: patron,
                    at,
                    opens_at: at + 1,
                };
                away::keep(tx, &answer).await?;
                let line = events::Appending {
                    at,
                    kind: deskbell::model::event::Kind::Away,
                    conversation_id: conversation,
                    message_id: Some(id),
                    staff_id: None,
                    actor_name: "Reference".to_owned(),
                    detail: None,
                };
                events::append_numbered(tx, vec![line.numbered(seq)]).await
            })
        })
        .await
        .unwrap();
}

fn messages_said(
    asked: deskbell::model::message::Message,
    id: Uuid,
    seq: i64,
) -> deskbell::model::message::Message {
    let mut said = asked;
    (said.id, said.seq, said.direction, said.automatic) = (id, seq, Direction::Out, true);
    (said.envelope_id, said.external_id) = (None, None);
    said
}

on_each_engine! {
    async fn the_same_number_on_two_platforms_is_suggested_and_a_name_never(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let (harbour, buoy) = (telephone(&app, "harbour").await, telephone(&app, "buoy").await);
        let texted = call(&app, &harbour, NUMBER, Some("Amara Osei"), "Is the unicorn book in?").await;
        let rang = call(&app, &buoy, NUMBER, None, "And the dragon book?").await;
        let wrote = app.patron_asks("Amara Osei", "May I bring my dog?").await;
        let other = call(&app, &buoy, "+14065550194", Some("Amara Osei"), "Are you open?").await;
        let (one, two) = (patron_of(&ana, texted).await, patron_of(&ana, rang).await);
        assert_eq!(one["suggested"], json!([{ "id": two["id"], "name": NUMBER }]));
        assert_eq!(two["suggested"], json!([{ "id": one["id"], "name": "Amara Osei" }]));
        assert_eq!(one["addresses"][0]["verified"], true);
        let mailed = patron_of(&ana, wrote).await;
        assert_eq!((&mailed["suggested"], &mailed["addresses"][0]["verified"]), (&json!([]), &json!(false)), "anybody may write any name");
        assert_eq!(patron_of(&ana, other).await["suggested"], json!([]));
        let path = format!("/patrons/{}/union", id_of(&two));
        let number = ana.get(&format!("/conversations/{texted}")).await.json()["number"].clone();
        for with in [format!("Q-{number}"), texted.to_string(), id_of(&one).to_string()] {
            let look = ana.get(&format!("{path}?with={with}")).await.json();
            assert_eq!((&look["stays"]["id"], &look["goes"]["id"]), (&one["id"], &two["id"]), "a name stays, a number goes");
            assert_eq!((&look["same_address"], &look["conversations"]), (&json!(true), &json!(1)));
        }
        // The same name proves nothing: somebody must say how they know.
        let strangers = format!("/patrons/{}/union", id_of(&mailed));
        for checked in [json!({ "with": one["id"] }), json!({ "with": one["id"], "checked": " " })] {
            assert_eq!(ana.put(&strangers, checked).await.problem(), "invalid");
        }
        assert_eq!(ana.put(&strangers, json!({ "with": mailed["id"], "checked": "x" })).await.problem(), "invalid");
        let vera = app.signed_in(&app.vera).await;
        assert_eq!(vera.put(&path, json!({ "with": one["id"] })).await.problem(), "not-allowed");
        assert_eq!(seen(&ana, &[wrote]).await[0]["patron"], mailed);
        assert_eq!(ana.put(&path, json!({ "with": one["id"] })).await.json()["id"], one["id"], "the number is enough");
        agree(&app).await;
    }

    async fn all_of_both_is_one_persons_and_goes_back_exactly(app: TestApp) {
        let (ana, bryan) = (app.signed_in(&app.ana).await, app.signed_in(&app.bryan).await);
        let buoy = telephone(&app, "buoy").await;
        let mailed = app.patron_asks("Amara Osei", "Is the unicorn book in?").await;
        app.clock.advance(60_000);
        let rang = call(&app, &buoy, NUMBER, None, "And the dragon book?").await;
        let again = call(&app, &buoy, NUMBER, None, "Hello?").await;
        bryan.put(&format!("/conversations/{rang}/claim"), json!({})).await.json();
        bryan.put(&format!("/conversations/{again}/merge"), json!({ "into": rang })).await.json();
        let (one, two) = (patron_of(&ana, mailed).await, patron_of(&ana, rang).await);
        let (amara, number) = (id_of(&one), id_of(&two));
        let later = app.clock.now();
        was_away(&app, rang, number, later).await;
        was_away(&app, mailed, amara, later - 5).await;
        ana.post(&format!("/patrons/{amara}/notes"), json!({ "text": "Large print" })).await.json();
        ana.post(&format!("/patrons/{number}/notes"), json!({ "text": "Speaks softly" })).await.json();
        let told_by = json!({ "name": NUMBER, "pronouns": "she/her", "answer_by": two["addresses"][0]["id"] });
        assert_eq!(ana.put(&format!("/patrons/{number}"), told_by).await.status, 204);
        let were = seen(&ana, &[mailed, rang, again]).await;

        let path = format!("/patrons/{amara}/union");
        let stays = ana.put(&path, json!({ "with": number, "checked": "card number seen" })).await.json();
        assert_eq!(stays, json!({ "id": amara, "name": "Amara Osei" }));
        agree(&app).await;
        let person = patron_of(&ana, rang).await;
        assert_eq!((&person["id"], &person["name"], &person["pronouns"]), (&json!(amara), &json!("Amara Osei"), &json!("she/her")));
        assert_eq!((person["addresses"].as_array().unwrap().len(), person["notes"].as_array().unwrap().len()), (2, 2));
        assert_eq!(person["answer_by"]["address_id"], two["addresses"][0]["id"]);
        assert_eq!(person["earlier"][0]["id"], json!(mailed), "by whichever channel");
        let union = &person["unions"][0];
        assert_eq!((&union["patron_id"], &union["checked"], &union["same_address"]), (&json!(number), &json!("card number seen"), &json!(false)));
        assert_eq!(of_patron(&ana, amara).await, [json!(rang), json!(mailed)], "what is part of another is no part of the list");
        assert_eq!(ana.get(&format!("/patrons/{amara}/conversations?limit=1")).await.json()["items"][0]["id"], json!(rang));
        let row = &ana.get("/conversations?view=all&text=dragon").await.json()["items"][0];
        assert_eq!(row["patron"], json!({ "id": amara, "name": "Amara Osei" }), "the list and the search say so too");
        let history = ana.get(&format!("/conversations/{rang}")).await.json();
        let line = history["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(line["words"], "Ana said that the patron is one person with Amara Osei (card number seen)");
        assert_eq!(told(&app, amara).await, Some(later), "they are told once, however they write");
        let last = helpers::last_owner(&mut app.db.read().await.unwrap(), amara, Uuid::max()).await.unwrap();
        assert_eq!(last, Some(app.bryan.id));
        // Who went is nobody any more.
        assert_eq!(ana.get(&format!("/patrons/{number}")).await.json()["one_with"], json!(amara));
        assert_eq!(ana.post(&format!("/patrons/{number}/notes"), json!({ "text": "x" })).await.problem(), "invalid");
        assert_eq!(ana.put(&path, json!({ "with": number, "checked": "x" })).await.problem(), "invalid");
        // What comes from either address is the person's.
        let since = call(&app, &buoy, NUMBER, None, "And the griffin book?").await;
        let since_mailed = app.patron_asks("Amara Osei", "And the yeti book?").await;
        assert_eq!((id_of(&patron_of(&ana, since).await), id_of(&patron_of(&ana, since_mailed).await)), (amara, amara));
        was_away(&app, since, amara, later + 7).await;

        assert_eq!(app.signed_in(&app.vera).await.delete(&format!("/patrons/{number}/union")).await.problem(), "not-allowed");
        assert_eq!(ana.delete(&format!("/patrons/{number}/union")).await.status, 204);
        agree(&app).await;
        assert_eq!(id_of(&patron_of(&ana, since).await), number, "what has come since is whose address it came from");
        assert_eq!(id_of(&patron_of(&ana, since_mailed).await), amara);
        assert_eq!((told(&app, amara).await, told(&app, number).await), (Some(later - 5), Some(later + 7)));
        for (now, was) in seen(&ana, &[mailed, rang, again]).await.iter_mut().zip(were) {
            // But for what has come since.
            now["patron"]["earlier"].as_array_mut().unwrap().retain(|row| row["id"] != json!(since) && row["id"] != json!(since_mailed));
            assert_eq!(*now, was);
        }
        assert_eq!(ana.delete(&format!("/patrons/{number}/union")).await.problem(), "not-merged");
    }

    async fn it_is_undone_within_thirty_days_and_the_last_one_first(app: TestApp) {
        let ana = app.signed_in(&app.ana).await;
        let mut people = Vec::new();
        for name in ["Amara Osei", "Rosa Diaz", "Tom Bell"] {
            app.clock.advance(1);
            let asked = app.patron_asks(name, "Hello?").await;
            people.push(id_of(&patron_of(&ana, asked).await));
        }
        let [amara, rosa, tom] = people[..] else { panic!("three") };
        let unite = |one: Uuid, other: Uuid| {
            let ana = ana.clone();
            async move { ana.put(&format!("/patrons/{one}/union"), json!({ "with": other, "checked": "at the desk" })).await.json()["id"].clone() }
        };
        assert_eq!(unite(tom, rosa).await, json!(rosa), "whoever was met first stays");
        assert_eq!(unite(rosa, amara).await, json!(amara));
        let refused = ana.delete(&format!("/patrons/{tom}/union")).await;
        assert_eq!(refused.problem(), "invalid", "it is part of a union that came later");
        let day = 24 * 3_600_000;
        app.clock.advance(30 * day);
        // So long nobody stays signed in.
        let ana = app.signed_in(&app.ana).await;
        assert_eq!(ana.delete(&format!("/patrons/{rosa}/union")).await.status, 204, "on the last day");
        assert_eq!(of_patron(&ana, rosa).await.len(), 2, "with who was one with them before");
        app.clock.advance(1);
        let late = ana.delete(&format!("/patrons/{tom}/union")).await;
        assert_eq!(late.problem(), "invalid");
        assert!(late.told()["detail"].as_str().unwrap().contains("for 30 days"), "{:?}", late.told());
        agree(&app).await;
    }

    async fn a_mail_that_answers_ours_shows_that_its_writer_reads_there(app: TestApp) {
        let _loft = connect(&app);
        let ana = app.signed_in(&app.ana).await;
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let before = ana.get(&format!("/conversations/{id}")).await.json();
        let said = ana.post(&format!("/conversations/{id}/replies"), json!({ "text": "Yes.", "seen": before["seen"] })).await.json();
        app.clock.advance(60_000);
        deskbell::worker::settle(&app.app).await.unwrap();
        let said: Uuid = said["id"].as_str().unwrap().parse().unwrap();
        let key = {
            let mut conn = app.db.read().await.unwrap();
            contract::Key(store::deliveries::of_message(&mut conn, said).await.unwrap()[0].id)
        };
        let answer = |name: &str| {
            let mut envelope = mail(&app.clock.id().to_string(), name, "Thank you!", &[], app.clock.now());
            if let contract::Event::Message(said) = &mut envelope.event {
                said.thread.proven = vec![key];
            }
            envelope
        };
        // Somebody to whom it was passed on has the proof as well, and not the address.
        app.take_in(vec![answer("Rosa Diaz")]).await;
        assert_eq!(patron_of(&ana, id).await["addresses"][0]["verified"], false);
        let hers = {
            let mut conn = app.db.read().await.unwrap();
            patrons::address(&mut conn, "paper", "rosa.diaz@patron.example").await.unwrap()
        };
        assert_eq!(hers.expect("she wrote").verified_at, None, "ours went to another one");
        app.take_in(vec![answer("Amara Osei")]).await;
        let patron = patron_of(&ana, id).await;
        assert_eq!((&patron["name"], &patron["addresses"][0]["verified"]), (&json!("Amara Osei"), &json!(true)));
    }
}
