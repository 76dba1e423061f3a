//! Accounts signed in on their platform's page: there and back, once, in one session, and alive from then on.

use crate::support::app::{Answer, Client, TestApp, on_each_engine};
use crate::support::lighthouse::{CLIENT_SECRET, Office};
use axum::body::Body;
use axum::http::Request;
use deskbell::app::App;
use deskbell::channel::connect;
use deskbell::model::channel::State;
use deskbell::store::{channels, streams};
use deskbell::worker;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;
use uuid::Uuid;

const MINUTE: i64 = 60_000;

async fn admin(app: &TestApp) -> (Client, Office) {
    (app.signed_in(&app.ada).await, Office::open().await)
}

fn lighthouse(app: &TestApp, office: &Office, name: &str) -> Value {
    json!({
        "kind": "lighthouse", "name": name, "desk_id": app.desk.id,
        "settings": { "port": office.port.to_string(), "client_id": "deskbell", "client_secret": CLIENT_SECRET },
    })
}

/// The browser comes back to where the platform sends it.
async fn back(client: &Client, query: &str) -> Answer {
    let request = Request::get(format!("/connect/callback?{query}")).body(Body::empty()).unwrap();
    let answer = client.send(request).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    answer
}

/// How the sign-in ended that the browser was sent to look at.
async fn ended(client: &Client, answer: &Answer) -> Value {
    let place = answer.header("location");
    let id = place.strip_prefix("/settings/channels?signin=").unwrap_or_else(|| panic!("{place}"));
    client.get(&format!("/signins/{id}")).await.json()
}

async fn connected(app: &TestApp, ada: &Client, office: &Office, account: &str) -> Uuid {
    let begun = ada.post("/signins", lighthouse(app, office, account)).await.json();
    let answer = back(ada, &office.agree(begun["url"].as_str().unwrap(), account)).await;
    let end = ended(ada, &answer).await;
    assert_eq!(end["stage"], "connected", "{end}");
    end["channel_id"].as_str().unwrap().parse().unwrap()
}

async fn failed(ada: &Client, answer: &Answer) -> String {
    let end = ended(ada, answer).await;
    assert_eq!(end["stage"], "failed", "{end}");
    end["why"].as_str().unwrap().to_owned()
}

async fn probe(app: &App, channel: Uuid) -> Result<(), String> {
    connect::check(&app.roster, channel).await.map(|_| ()).map_err(|error| error.to_string())
}

on_each_engine! {
    async fn an_account_is_signed_in_and_kept_sealed(app: TestApp) {
        let (ada, office) = admin(&app).await;
        let begun = ada.post("/signins", lighthouse(&app, &office, "North")).await;
        assert_eq!(begun.status, 201);
        let url = begun.json()["url"].as_str().unwrap().to_owned();
        let asked: BTreeMap<String, String> = Url::parse(&url).unwrap().query_pairs().into_owned().collect();
        assert_eq!(asked["redirect_uri"], "http://desk.example/connect/callback");
        assert_eq!((asked["scope"].as_str(), asked["prompt"].as_str(), asked["tower"].as_str()), ("read shine", "consent", "north"));
        assert!(!url.contains(CLIENT_SECRET));

        let answer = back(&ada, &office.agree(&url, "north")).await;
        let end = ended(&ada, &answer).await;
        assert_eq!((&end["stage"], &end["why"]), (&json!("connected"), &Value::Null));
        let shown = ada.get("/channels").await.json();
        let channel = shown["items"].as_array().unwrap().iter().find(|one| one["id"] == end["channel_id"]).unwrap();
        assert_eq!((&channel["name"], &channel["address"], &channel["state"]), (&json!("North"), &json!("north"), &json!("active")));
        assert_eq!(channel["signin"], "Sign in at the tower");

        // Nothing of it lies open, in the store or in an answer.
        let id: Uuid = end["channel_id"].as_str().unwrap().parse().unwrap();
        let row = channels::by_id(&mut app.db.read().await.unwrap(), id).await.unwrap().unwrap();
        let settings = ada.get(&format!("/channels/{id}/settings")).await.json();
        for text in [String::from_utf8_lossy(&row.sealed_settings).into_owned(), row.open_settings, settings.to_string()] {
            for secret in ["access-", "refresh-", CLIENT_SECRET] {
                assert!(!text.contains(secret), "{text}");
            }
        }
        assert_eq!(settings["secrets"], json!(["client_secret"]));
        worker::settle(&app.app).await.unwrap();
        let read = streams::of_channel(&mut app.db.read().await.unwrap(), id).await.unwrap();
        assert_eq!(read[0].last_success_at, Some(app.clock.now()));
    }

    async fn a_state_counts_once_for_ten_minutes_in_the_session_that_left(app: TestApp) {
        let (ada, office) = admin(&app).await;
        let begin = || async { ada.post("/signins", lighthouse(&app, &office, "North")).await.json()["url"].as_str().unwrap().to_owned() };
        let lost = "/settings/channels?signin=lost";

        let elsewhere = app.signed_in(&app.ada).await;
        let query = office.agree(&begin().await, "north");
        assert_eq!(back(&elsewhere, &query).await.header("location"), lost, "another browser of the same person");
        assert_eq!(back(&app.stranger(), &query).await.header("location"), lost, "nobody at all");
        let mistaken = query.replace("state=", "state=0");
        assert_eq!(back(&ada, &mistaken).await.header("location"), lost);
        assert_eq!(back(&ada, "state=&code=").await.header("location"), lost);
        assert_eq!(back(&ada, "").await.header("location"), lost);
        let first = back(&ada, &query).await;
        assert_eq!(ended(&ada, &first).await["stage"], "connected");
        assert_eq!(back(&ada, &query).await.header("location"), lost, "the same once more");
        assert_eq!(office.papers().asked, ["authorization_code"], "no code is changed for nothing");
        let id = first.header("location").rsplit('=').next().unwrap().to_owned();
        assert_eq!(elsewhere.get(&format!("/signins/{id}")).await.problem(), "missing");

        let begun = ada.post("/signins", lighthouse(&app, &office, "South")).await.json();
        app.clock.advance(10 * MINUTE);
        assert_eq!(back(&ada, &office.agree(begun["url"].as_str().unwrap(), "south")).await.header("location"), lost);
        let late = ada.get(&format!("/signins/{}", begun["id"].as_str().unwrap())).await.json();
        assert_eq!(late["stage"], "failed");
        assert!(late["why"].as_str().unwrap().contains("ten minutes"), "{late}");
    }

    async fn whoever_may_not_connect_begins_nothing(app: TestApp) {
        let office = Office::open().await;
        let ana = app.signed_in(&app.ana).await;
        for path in ["/signins", "/channels"] {
            let refused = ana.post(path, lighthouse(&app, &office, "North")).await;
            assert_eq!((refused.status, refused.problem().as_str()), (403, "not-allowed"));
        }
        let (_, secret) = deskbell::access::token::make(&app.access, app.ada.id, "a script").await.unwrap();
        let refused = app.stranger().with_token(&secret).post("/signins", lighthouse(&app, &office, "North")).await;
        assert_eq!((refused.status, refused.problem().as_str()), (422, "invalid"));
        assert!(refused.told()["detail"].as_str().unwrap().contains("browser"));
    }

    async fn what_goes_wrong_on_the_way_is_told_in_words_and_nothing_is_kept(app: TestApp) {
        let (ada, office) = admin(&app).await;
        let begin = || async { ada.post("/signins", lighthouse(&app, &office, "North")).await.json()["url"].as_str().unwrap().to_owned() };
        let before = ada.get("/channels").await.json();

        let why = failed(&ada, &back(&ada, &Office::decline(&begin().await, "access_denied")).await).await;
        assert!(why.contains("refused or cancelled") && why.contains("Nothing was changed"), "{why}");
        let why = failed(&ada, &back(&ada, &Office::decline(&begin().await, "invalid_scope&error_description=No%20shine.")).await).await;
        assert_eq!(why, "The platform refused the sign-in: No shine. Nothing was changed.");

        office.papers().stingy = true;
        let why = failed(&ada, &back(&ada, &office.agree(&begin().await, "north")).await).await;
        assert!(why.contains("no refresh token") && why.contains("connected apps"), "{why}");
        office.papers().stingy = false;

        let mut wrong = lighthouse(&app, &office, "North");
        wrong["settings"]["client_secret"] = json!("mistyped");
        let begun = ada.post("/signins", wrong).await.json();
        let why = failed(&ada, &back(&ada, &office.agree(begun["url"].as_str().unwrap(), "north")).await).await;
        assert!(why.contains("client id with its secret") && !why.contains("mistyped"), "{why}");

        let url = begin().await;
        let query = office.agree(&url, "north").replace("code%2F", "code%2F9");
        let why = failed(&ada, &back(&ada, &query).await).await;
        assert!(why.contains("no longer accepts this code (no such code)"), "{why}");

        let query = office.agree(&begin().await, "north");
        office.papers().instead = Some((503, "<html>closed for lunch"));
        let why = failed(&ada, &back(&ada, &query).await).await;
        assert!(why.contains("start again"), "{why}");

        let query = office.agree(&begin().await, "north");
        office.papers().instead = Some((400, r#"{"error":{"message":"The tower is closed.","code":190}}"#));
        let why = failed(&ada, &back(&ada, &query).await).await;
        assert!(why.contains("The tower is closed."), "{why}");

        let mut bare = lighthouse(&app, &office, "North");
        bare["settings"]["client_id"] = Value::Null;
        let refused = ada.post("/signins", bare).await;
        assert_eq!((refused.status, refused.problem().as_str()), (422, "settings"));
        assert_eq!(refused.told()["fields"][0]["field"], "client_id");
        let mut open = lighthouse(&app, &office, "North");
        open["settings"]["way"] = json!("open");
        assert_eq!(ada.post("/signins", open).await.problem(), "invalid");
        assert_eq!(ada.get("/channels").await.json(), before, "no channel came of any of it");
    }

    async fn an_app_registers_itself_for_each_sign_in_and_lies_sealed_with_its_channel(app: TestApp) {
        let (ada, office) = admin(&app).await;
        let buoy = json!({ "kind": "buoy", "name": "Buoy", "desk_id": app.desk.id, "settings": { "port": office.port.to_string() } });
        office.papers().full = true;
        let refused = ada.post("/signins", buoy.clone()).await;
        assert_eq!(refused.problem(), "invalid");
        assert!(refused.told()["detail"].as_str().unwrap().contains("registers nobody today. Nothing was changed"), "{:?}", refused.told());
        office.papers().full = false;

        let begun = ada.post("/signins", buoy).await.json();
        let answer = back(&ada, &office.agree(begun["url"].as_str().unwrap(), "north")).await;
        let end = ended(&ada, &answer).await;
        assert_eq!(end["stage"], "connected", "{end}");
        let ours = ("Deskbell".to_owned(), "http://desk.example/connect/callback".to_owned());
        assert_eq!(office.papers().apps.len(), 1);
        let id = end["channel_id"].as_str().unwrap();
        let settings = ada.get(&format!("/channels/{id}/settings")).await.json();
        assert_eq!(settings["secrets"], json!(["client_id", "client_secret"]));
        let row = channels::by_id(&mut app.db.read().await.unwrap(), id.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(row.open_settings, format!(r#"{{"bell":"loud","port":"{}"}}"#, office.port), "what was learnt is kept");
        assert!(!row.open_settings.contains("deskbell") && !String::from_utf8_lossy(&row.sealed_settings).contains(CLIENT_SECRET));

        let begun = ada.post(&format!("/channels/{id}/signin"), json!({})).await.json();
        let answer = back(&ada, &office.agree(begun["url"].as_str().unwrap(), "north")).await;
        assert_eq!(ended(&ada, &answer).await["stage"], "connected");
        assert_eq!(office.papers().apps, [ours.clone(), ours]);
        let kinds = ada.get("/channels/kinds").await.json();
        let buoy = kinds["items"].as_array().unwrap().iter().find(|kind| kind["name"] == "buoy").unwrap();
        assert_eq!(buoy["callback_url"], Value::Null, "nobody enters an address anywhere");
    }

    async fn what_is_learnt_at_a_later_look_is_kept_and_nothing_else_is_touched(app: TestApp) {
        let (ada, office) = admin(&app).await;
        let buoy = json!({ "kind": "buoy", "name": "Buoy", "desk_id": app.desk.id, "settings": { "port": office.port.to_string() } });
        let begun = ada.post("/signins", buoy).await.json();
        let answer = back(&ada, &office.agree(begun["url"].as_str().unwrap(), "north")).await;
        let id: Uuid = ended(&ada, &answer).await["channel_id"].as_str().unwrap().parse().unwrap();
        let row = || async { channels::by_id(&mut app.db.read().await.unwrap(), id).await.unwrap().unwrap() };
        let before = row().await;
        let forgotten = before.open_settings.replace("loud", "quiet");
        let (open, sealed) = (forgotten.clone(), before.sealed_settings.clone());
        app.db.write::<_, deskbell::store::Error, _>(move |tx| {
            Box::pin(async move { channels::set_settings(tx, id, &open, &sealed).await.map(|_| ()) })
        }).await.unwrap();
        app.app.roster.reload(id).await.unwrap();
        probe(&app.app, id).await.unwrap();
        let after = row().await;
        assert_eq!((after.open_settings, after.sealed_settings), (before.open_settings, before.sealed_settings));
    }

    async fn a_channel_signed_in_again_goes_on_from_where_it_stopped(app: TestApp) {
        let (ada, office) = admin(&app).await;
        let id = connected(&app, &ada, &office, "north").await;
        worker::settle(&app.app).await.unwrap();
        let place = |app: &TestApp| { let db = app.db.clone(); async move {
            let read = streams::of_channel(&mut db.read().await.unwrap(), id).await.unwrap();
            assert_eq!(read.len(), 1);
            read[0].place.clone().unwrap()
        } };
        assert_eq!(place(&app).await, "1");

        office.revoke_everything();
        app.clock.advance(2 * MINUTE);
        worker::settle(&app.app).await.unwrap();
        let down = ada.get("/channels").await.json();
        let down = down["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(id)).unwrap().clone();
        assert_eq!(down["state"], "needs_signin", "{down}");
        assert_eq!(place(&app).await, "1");

        // As somebody else: refused, and nothing is changed.
        let begun = ada.post(&format!("/channels/{id}/signin"), json!({})).await.json();
        let why = failed(&ada, &back(&ada, &office.agree(begun["url"].as_str().unwrap(), "south")).await).await;
        assert!(why.contains("This opens south, but north is north"), "{why}");
        let still = channels::by_id(&mut app.db.read().await.unwrap(), id).await.unwrap().unwrap();
        assert_eq!((still.state, still.address.as_str()), (State::NeedsSignin, "north"));

        // As before, though it is called something else by now: the same row, and reading goes on.
        office.papers().renamed.insert("north", "Great North");
        let begun = ada.post(&format!("/channels/{id}/signin"), json!({})).await.json();
        let answer = back(&ada, &office.agree(begun["url"].as_str().unwrap(), "north")).await;
        let end = ended(&ada, &answer).await;
        assert_eq!((&end["stage"], &end["channel_id"]), (&json!("connected"), &json!(id)), "{end}");
        worker::settle(&app.app).await.unwrap();
        let again = channels::by_id(&mut app.db.read().await.unwrap(), id).await.unwrap().unwrap();
        assert_eq!((again.state, again.address.as_str()), (State::Active, "Great North"));
        assert_eq!(place(&app).await, "2", "the old cursor, one further");
    }

    async fn of_two_processes_one_refreshes(app: TestApp) {
        let (ada, office) = admin(&app).await;
        let id = connected(&app, &ada, &office, "north").await;
        let other = app.another().await;
        office.papers().asked.clear();
        for round in 1..=5 {
            // Two hours: less than a minute is left of the token.
            app.clock.advance(7_190_000);
            let asking = (0..6).map(|n| probe(if n % 2 == 0 { &app.app } else { &other }, id));
            let all = futures::future::join_all(asking).await;
            assert!(all.iter().all(Result::is_ok), "a token used twice takes everything back: {all:?}");
            assert_eq!(office.papers().asked.len(), round, "{:?}", office.papers().asked);
        }
        // Refused before its end: one new one for all who were refused.
        office.papers().asked.clear();
        let row = channels::by_id(&mut app.db.read().await.unwrap(), id).await.unwrap().unwrap();
        assert!(row.signin_ends_at.is_none(), "a sign-in that is kept alive has no end that anybody said");
        other.close().await;
    }

    async fn several_accounts_are_a_choice(app: TestApp) {
        let (ada, office) = admin(&app).await;
        office.papers().lamps = vec![("7", "Red lamp"), ("8", "Green lamp")];
        let new = |name: &str, settings: Value| {
            let mut all = json!({ "port": office.port.to_string(), "client_id": "deskbell", "client_secret": CLIENT_SECRET });
            all.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
            json!({ "kind": "harbour", "name": name, "desk_id": app.desk.id, "settings": all })
        };
        let begun = ada.post("/signins", new("Green", json!({}))).await.json();
        let answer = back(&ada, &office.agree(begun["url"].as_str().unwrap(), "master")).await;
        let end = ended(&ada, &answer).await;
        assert_eq!((&end["stage"], &end["what"]), (&json!("choosing"), &json!("Lamp")));
        assert_eq!(end["choices"], json!([{ "id": "7", "name": "Red lamp" }, { "id": "8", "name": "Green lamp" }]));
        let choice = format!("/signins/{}/choice", end["id"].as_str().unwrap());
        assert_eq!(ada.put(&choice, json!({ "account": "9" })).await.problem(), "invalid");
        let chosen = ada.put(&choice, json!({ "account": "8" })).await.json();
        assert_eq!(chosen["stage"], "connected", "{chosen}");
        assert_eq!(ada.put(&choice, json!({ "account": "7" })).await.problem(), "missing", "once is enough");
        let id: Uuid = chosen["channel_id"].as_str().unwrap().parse().unwrap();
        let settings = ada.get(&format!("/channels/{id}/settings")).await.json();
        assert_eq!(settings["settings"]["lamp"], "8");
        assert!(probe(&app.app, id).await.is_ok());

        // Again: the lamp that it is, without a question; one who has lost it is told what they have.
        let begun = ada.post(&format!("/channels/{id}/signin"), json!({})).await.json();
        let answer = back(&ada, &office.agree(begun["url"].as_str().unwrap(), "master")).await;
        assert_eq!(ended(&ada, &answer).await["stage"], "connected");
        office.papers().lamps.pop();
        let begun = ada.post(&format!("/channels/{id}/signin"), json!({})).await.json();
        let why = failed(&ada, &back(&ada, &office.agree(begun["url"].as_str().unwrap(), "master")).await).await;
        assert!(why.contains("does not open the Lamp of Green. It opens: Red lamp."), "{why}");

        // With one there is no question.
        let begun = ada.post("/signins", new("Red", json!({}))).await.json();
        let answer = back(&ada, &office.agree(begun["url"].as_str().unwrap(), "master")).await;
        assert_eq!(ended(&ada, &answer).await["stage"], "connected");
    }
}

#[tokio::test]
async fn behind_a_proxy_platforms_send_people_to_the_address_that_is_public() {
    let app = TestApp::told(|config| {
        config.public_url = Some("https://ask.harbour.example/".parse().unwrap());
    })
    .await;
    let office = Office::open().await;
    let ada = app.signed_in(&app.ada).await;
    let begun = ada.post("/signins", lighthouse(&app, &office, "North")).await.json();
    let url = Url::parse(begun["url"].as_str().unwrap()).unwrap();
    let redirect = url.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned();
    assert_eq!(redirect, "https://ask.harbour.example/connect/callback");
    let kinds = ada.get("/channels/kinds").await.json();
    assert_eq!(kinds["items"][0]["callback_url"], "https://ask.harbour.example/connect/callback");
}
