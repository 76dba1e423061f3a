//! What an answer would become is seen while it is written, and what would be refused is refused when it is sent too.

use std::sync::Arc;

use super::replies::connect;
use crate::support::app::{NOW, TestApp, mail, on_each_engine};
use connectors::contract::{
    Account, Address, ChannelId, Connector, Event, NoTokens, Outside, Settings, Visibility,
};
use connectors::sms::Sms;
use connectors::x::X;
use deskbell::channel::roster::Open;
use serde_json::json;

/// Puts a real connector behind the channel, on a platform that nobody reaches.
fn open(app: &TestApp, connector: &'static dyn Connector, settings: Settings) {
    let account = Account {
        channel: ChannelId(app.channel.id),
        proof_key: Arc::from([7; 32]),
        outside: Outside::new(Arc::new(|| NOW), None).expect("a door"),
        settings,
        tokens: Arc::new(NoTokens),
        files: Arc::new(connectors::contract::NoFiles),
        webhook_url: None,
    };
    let channel = connector.open(account).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    app.roster.take_in(Open { row: app.channel.clone(), manifest: connector.manifest(), channel });
}

/// Somebody asks under this name on the platform.
async fn asked(app: &TestApp, who: &str, visibility: Visibility) -> String {
    let mut envelope = mail("1966123456789012345", "Amara Osei", "Are you open?", &[], NOW);
    if let Event::Message(message) = &mut envelope.event {
        message.id = Some("1966123456789012345".to_owned());
        message.visibility = visibility;
        message.author =
            Some(Address { id: who.to_owned(), shown: who.to_owned(), name: Some("Amara".into()) });
    }
    app.take_in(vec![envelope]).await;
    let ana = app.signed_in(&app.ana).await;
    ana.get("/conversations?view=all").await.json()["items"][0]["id"]
        .as_str()
        .expect("it is there")
        .to_owned()
}

on_each_engine! {
    async fn an_answer_is_looked_at_as_it_will_be_when_it_is_sent(app: TestApp) {
        let id = app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        let ana = app.signed_in(&app.ana).await;
        let (preview, replies) = (format!("/conversations/{id}/preview"), format!("/conversations/{id}/replies"));
        let nowhere = ana.post(&preview, json!({ "text": "Yes." })).await;
        assert_eq!(nowhere.status, 200);
        assert!(nowhere.json()["refused"].as_str().is_some_and(|why| why.contains("no longer connected")));
        let _loft = connect(&app);
        let seen = ana.post(&preview, json!({ "text": "Yes.\n--\nFrom noon." })).await.json();
        assert_eq!((&seen["parts"], &seen["refused"], &seen["notes"]), (&json!(2), &json!(null), &json!([])));
        for (text, way) in [("x".repeat(1_001), None), ("Yes.".to_owned(), Some(app.ana.id))] {
            let seen = ana.post(&preview, json!({ "text": text, "way": way })).await.json();
            let sent = ana.post(&replies, json!({ "text": text, "way": way, "seen": 99 })).await;
            assert_eq!((sent.status, sent.problem().as_str()), (422, "cannot-send"));
            assert_eq!((&seen["refused"], &seen["parts"]), (&sent.told()["detail"], &json!(0)), "the same sentence");
        }
        let empty = ana.post(&preview, json!({ "text": " \n" })).await.json();
        assert_eq!((&empty["parts"], &empty["refused"]), (&json!(0), &json!(null)), "nothing is wrong yet");
        let after = ana.get(&format!("/conversations/{id}")).await.json();
        assert_eq!(after["messages"].as_array().unwrap().len(), 1, "nothing was kept");
        let vera = app.signed_in(&app.vera).await;
        assert_eq!(vera.post(&preview, json!({ "text": "Yes." })).await.status, 403);
        let unknown = format!("/conversations/{}/preview", app.ana.id);
        assert_eq!(ana.post(&unknown, json!({ "text": "Yes." })).await.status, 404);
    }

    async fn what_looks_like_somebodys_own_is_refused_where_everybody_reads(app: TestApp) {
        let settings = Settings::new().with("client_id", "client").with_secret("client_secret", "secret");
        open(&app, &X, settings);
        let id = asked(&app, "1500", Visibility::Public).await;
        let ana = app.signed_in(&app.ana).await;
        let (preview, replies) = (format!("/conversations/{id}/preview"), format!("/conversations/{id}/replies"));
        for (text, what) in [
            ("Your card 2123 4567 8901 23 works again.", "the number of a card"),
            ("Ring 020 7946 0958.", "a telephone number"),
            ("Write to tamsin@patron.example.", "an e-mail address"),
        ] {
            let seen = ana.post(&preview, json!({ "text": text })).await.json();
            let why = seen["refused"].as_str().unwrap_or_else(|| panic!("{text}: {seen}"));
            assert!(why.contains(what) && why.contains("answer privately"), "{why}");
            assert_eq!(seen["notes"], json!([]), "it is said once");
            let sent = ana.post(&replies, json!({ "text": text, "seen": 99 })).await;
            assert_eq!((sent.status, sent.problem().as_str()), (422, "cannot-send"));
            assert_eq!(sent.told()["detail"], why);
        }
        let seen = ana.post(&preview, json!({ "text": "Until six: https://www.example.org/hours 📚" })).await.json();
        assert_eq!((&seen["used"], &seen["limit"]), (&json!(37), &json!({ "max": 280, "unit": "weighted" })), "11 + 23 + 1 + 2");
        assert_eq!((&seen["refused"], &seen["parts"]), (&json!(null), &json!(1)));
    }

    async fn the_letter_that_makes_a_text_dear_is_named(app: TestApp) {
        let settings = Settings::new()
            .with("number", "+14065550100")
            .with("account_sid", "AC00000000000000000000000000000001")
            .with_secret("auth_token", "0000000000000000000000000000000a");
        open(&app, &Sms, settings);
        let id = asked(&app, "+14065550193", Visibility::Private).await;
        let ana = app.signed_in(&app.ana).await;
        let preview = format!("/conversations/{id}/preview");
        let plain = ana.post(&preview, json!({ "text": "a".repeat(100) })).await.json();
        assert_eq!((&plain["used"], &plain["parts"], &plain["notes"]), (&json!(1), &json!(1), &json!([])));
        let dear = ana.post(&preview, json!({ "text": format!("{}ě", "a".repeat(99)) })).await.json();
        assert_eq!((&dear["used"], &dear["parts"]), (&json!(2), &json!(1)));
        assert_eq!(dear["notes"], json!(["“ě” makes this 2 segments; with plain letters it would be 1."]));
    }
}
