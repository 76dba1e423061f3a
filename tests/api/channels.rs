//! Connected accounts over the API: connect, look, test, change, switch off and on, take away.

use crate::support::app::{Client, TestApp, on_each_engine};
use crate::support::lighthouse::{CLIENT_SECRET, Office};
use connectors::contract::Failure;
use deskbell::channel::health;
use deskbell::model::budget;
use deskbell::store::spendings::{self, Spending};
use deskbell::store::streams;
use deskbell::worker;
use serde_json::{Value, json};

async fn shown(client: &Client, id: &Value) -> Value {
    let all = client.get("/channels").await.json();
    all["items"].as_array().unwrap().iter().find(|one| one["id"] == *id).cloned().unwrap_or(Value::Null)
}

/// A lighthouse that needs no sign-in.
async fn open_one(app: &TestApp, ada: &Client, office: &Office) -> Value {
    let new = json!({
        "kind": "lighthouse", "name": "North", "desk_id": app.desk.id, "schedule": "5m",
        "settings": { "way": "open", "port": office.port.to_string(), "client_secret": CLIENT_SECRET, "bell": "" },
    });
    let answer = ada.post("/channels", new).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()
}

on_each_engine! {
    async fn an_account_is_connected_from_what_its_manifest_asks_for(app: TestApp) {
        let (ada, office) = (app.signed_in(&app.ada).await, Office::open().await);
        let made = open_one(&app, &ada, &office).await;
        assert_eq!((&made["name"], &made["state"], &made["desk_id"]), (&json!("North"), &json!("active"), &json!(app.desk.id)));
        assert_eq!(made["signin"], Value::Null, "these settings need none");
        assert_eq!(made["streams"][0]["name"], "Beams");
        let settings = ada.get(&format!("/channels/{}/settings", made["id"].as_str().unwrap())).await.json();
        assert_eq!(settings["settings"], json!({ "way": "open", "port": office.port.to_string() }));
        assert_eq!((&settings["secrets"], &settings["schedule"]), (&json!(["client_secret"]), &json!("5m")));
        assert!(!settings.to_string().contains(CLIENT_SECRET));

        let new = |change: &dyn Fn(&mut Value)| {
            let mut new = json!({ "kind": "lighthouse", "name": "Second", "desk_id": app.desk.id,
                "settings": { "way": "open", "port": office.port.to_string() } });
            change(&mut new);
            new
        };
        for (what, problem, change) in [
            ("twice the same account", "invalid", &(|_: &mut Value| {}) as &dyn Fn(&mut Value)),
            ("a name that is taken", "invalid", &|new| new["name"] = json!(" North ")),
            ("no name", "invalid", &|new| new["name"] = json!(" ")),
            ("an unknown kind", "missing", &|new| new["kind"] = json!("semaphore")),
            ("an unknown desk", "missing", &|new| new["desk_id"] = json!(app.clock.id())),
            ("an unknown setting", "invalid", &|new| new["settings"]["lens"] = json!("wide")),
            ("no number", "settings", &|new| new["settings"]["port"] = json!("north")),
            ("a closed port", "platform", &|new| new["settings"]["port"] = json!("1")),
            ("an unknown word", "invalid", &|new| new["lens"] = json!(1)),
        ] {
            let refused = ada.post("/channels", new(change)).await;
            assert_eq!(refused.problem(), problem, "{what}: {:?}", refused.told());
        }
        office.papers().dark = true;
        let refused = ada.post("/channels", new(&|new| new["name"] = json!("Dark"))).await;
        assert!(refused.told()["detail"].as_str().unwrap().contains("Light it at the tower"), "{:?}", refused.told());
        assert_eq!(ada.get("/channels").await.json()["items"].as_array().unwrap().len(), 2);
    }

    async fn kinds_say_what_a_form_needs(app: TestApp) {
        let vera = app.signed_in(&app.vera).await;
        let kinds = vera.get("/channels/kinds").await.json();
        let names: Vec<&str> = kinds["items"].as_array().unwrap().iter().map(|kind| kind["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["lighthouse", "harbour", "buoy"]);
        let (light, harbour) = (&kinds["items"][0], &kinds["items"][1]);
        assert_eq!(light["signin"], json!([{ "label": "Sign in at the tower", "when": { "field": "way", "values": ["page"] } }]));
        assert_eq!(light["callback_url"], "http://desk.example/connect/callback");
        assert_eq!((&light["pick"], &harbour["pick"]), (&Value::Null, &json!("Lamp")));
        assert_eq!(harbour["instructions"], json!(["Light the lamp."]));
        let field = |name: &str| light["fields"].as_array().unwrap().iter().find(|field| field["name"] == name).unwrap().clone();
        assert_eq!(field("way")["choices"][1], json!({ "value": "open", "label": "Without" }));
        assert_eq!(field("client_secret")["kind"], "secret");
        assert_eq!(field("client_id")["when"], json!({ "field": "way", "values": ["page"] }));
        assert_eq!((&field("port")["first"], &field("bell")["first"]), (&json!(true), &json!(false)));
        assert_eq!(harbour["fields"][4]["picked"], true);
    }

    async fn a_test_says_what_was_found_and_what_to_do(app: TestApp) {
        let (ada, office) = (app.signed_in(&app.ada).await, Office::open().await);
        let made = open_one(&app, &ada, &office).await;
        let path = format!("/channels/{}/checks", made["id"].as_str().unwrap());
        let ana = app.signed_in(&app.ana).await;
        assert_eq!(ana.post(&path, json!({})).await.json(), json!({ "passed": true, "items": [{ "name": "Look at the lamp", "passed": true, "detail": "It shines." }] }));
        office.papers().dark = true;
        let found = ana.post(&path, json!({})).await.json();
        assert_eq!((&found["passed"], &found["items"][0]["detail"]), (&json!(false), &json!("It is dark. Light it at the tower, then test again.")));
        assert_eq!(app.signed_in(&app.vera).await.post(&path, json!({})).await.problem(), "not-allowed");
        let none = format!("/channels/{}/checks", app.clock.id());
        assert_eq!(ana.post(&none, json!({})).await.problem(), "missing");
    }

    async fn a_channel_is_changed_only_into_itself(app: TestApp) {
        let (ada, office) = (app.signed_in(&app.ada).await, Office::open().await);
        let made = open_one(&app, &ada, &office).await;
        let path = format!("/channels/{}", made["id"].as_str().unwrap());
        let patch = |body: Value| ada.ask(axum::http::Method::PATCH, &path, Some(body));
        let changed = patch(json!({ "name": "Great North", "schedule": null, "undo_hold_ms": 5000 })).await.json();
        assert_eq!((&changed["name"], &changed["capabilities"]["undo_hold_ms"]), (&json!("Great North"), &json!(5000)));
        let settings = ada.get(&format!("{path}/settings")).await.json();
        assert_eq!((&settings["schedule"], &settings["secrets"]), (&Value::Null, &json!(["client_secret"])));

        patch(json!({ "settings": { "bell": "loud" } })).await.json();
        let settings = ada.get(&format!("{path}/settings")).await.json();
        assert_eq!((&settings["settings"]["bell"], &settings["secrets"]), (&json!("loud"), &json!(["client_secret"])));
        patch(json!({ "settings": { "bell": null, "client_secret": "" } })).await.json();
        let settings = ada.get(&format!("{path}/settings")).await.json();
        assert_eq!((&settings["settings"]["bell"], &settings["secrets"]), (&Value::Null, &json!([])));

        for (body, problem) in [
            (json!({ "name": "Ask us" }), "invalid"),
            (json!({ "name": "  " }), "invalid"),
            (json!({ "schedule": "now and then" }), "invalid"),
            (json!({ "desk_id": app.clock.id() }), "missing"),
            (json!({ "settings": { "port": "1" } }), "platform"),
            (json!({ "settings": { "port": "one" } }), "settings"),
            (json!({ "colour": "red" }), "invalid"),
        ] {
            let refused = patch(body.clone()).await;
            assert_eq!(refused.problem(), problem, "{body}: {:?}", refused.told());
        }
        assert_eq!(shown(&ada, &made["id"]).await["name"], "Great North");
        let ana = app.signed_in(&app.ana).await;
        for refused in [
            ana.ask(axum::http::Method::PATCH, &path, Some(json!({ "name": "Mine" }))).await,
            ana.get(&format!("{path}/settings")).await,
            ana.put(&format!("{path}/pause"), json!({})).await,
            ana.delete(&path).await,
        ] {
            assert_eq!((refused.status, refused.problem().as_str()), (403, "not-allowed"));
        }
    }

    async fn what_is_switched_off_stays_off_and_catches_up(app: TestApp) {
        let (ada, office) = (app.signed_in(&app.ada).await, Office::open().await);
        let made = open_one(&app, &ada, &office).await;
        let id = made["id"].as_str().unwrap().parse().unwrap();
        let path = format!("/channels/{id}/pause");
        let place = || async {
            streams::of_channel(&mut app.db.read().await.unwrap(), id).await.unwrap()[0].place.clone()
        };
        assert_eq!(ada.put(&path, json!({})).await.json()["state"], "paused");
        app.clock.advance(3_600_000);
        worker::settle(&app.app).await.unwrap();
        assert_eq!(place().await, None, "nobody reads it");
        assert_eq!(ada.put(&path, json!({})).await.json()["state"], "paused", "twice is once");
        let on = ada.delete(&path).await.json();
        assert_eq!(on["state"], "active");
        worker::settle(&app.app).await.unwrap();
        assert_eq!(place().await.as_deref(), Some("1"));
        assert_eq!(ada.delete(&path).await.json()["state"], "active", "it was on");

        assert_eq!(ada.delete(&format!("/channels/{id}")).await.status, 204);
        assert_eq!(shown(&ada, &made["id"]).await, Value::Null);
        assert_eq!(ada.delete(&format!("/channels/{id}")).await.problem(), "missing");
    }

    async fn metrics_say_the_same_to_whoever_has_a_token(app: TestApp) {
        let (ada, office) = (app.signed_in(&app.ada).await, Office::open().await);
        let made = open_one(&app, &ada, &office).await;
        app.patron_asks("Amara Osei", "Is the library open on Sunday?").await;
        worker::settle(&app.app).await.unwrap();
        app.clock.advance(90_000);
        let path = format!("/channels/{}", made["id"].as_str().unwrap());
        ada.ask(axum::http::Method::PATCH, &path, Some(json!({ "budget_micros": 5_000_000 }))).await.json();
        let ask = |client: Client| async move {
            client.send(axum::http::Request::get("/metrics").body(axum::body::Body::empty()).unwrap()).await
        };
        assert_eq!(ask(app.stranger()).await.problem(), "signed-out");
        let mut here = app.stranger();
        here.peer = "127.0.0.1:5000".parse().unwrap();
        assert_eq!(ask(here).await.problem(), "signed-out", "behind a proxy everybody comes from here");
        let (_, secret) = deskbell::access::token::make(&app.access, app.vera.id, "a watcher").await.unwrap();
        let page = ask(app.stranger().with_token(&secret)).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/plain; version=0.0.4; charset=utf-8"));
        let page = String::from_utf8(page.body.to_vec()).unwrap();
        let id = made["id"].as_str().unwrap();
        for line in [
            format!("deskbell_channel_up{{channel=\"North\",kind=\"lighthouse\",id=\"{id}\"}} 1"),
            format!("deskbell_channel_state{{channel=\"North\",kind=\"lighthouse\",id=\"{id}\",state=\"blocked\"}} 0"),
            format!("deskbell_stream_lag_seconds{{channel=\"North\",kind=\"lighthouse\",id=\"{id}\",stream=\"beams\"}} 90"),
            format!("deskbell_channel_budget_left_today{{channel=\"North\",kind=\"lighthouse\",id=\"{id}\"}} 5"),
            format!("deskbell_channel_messages_total{{channel=\"Ask us\",kind=\"paper\",id=\"{}\"}} 1", app.channel.id),
        ] {
            assert!(page.lines().any(|one| one == line), "{line}\n{page}");
        }
        assert!(!page.contains(CLIENT_SECRET));
    }

    async fn the_board_says_how_each_stream_is_and_no_secret(app: TestApp) {
        let (ada, office) = (app.signed_in(&app.ada).await, Office::open().await);
        let made = open_one(&app, &ada, &office).await;
        worker::settle(&app.app).await.unwrap();
        app.clock.advance(90_000);
        assert_eq!(shown(&ada, &made["id"]).await["budget"], Value::Null, "its platform charges nothing");
        let id = made["id"].as_str().unwrap().parse().unwrap();
        let day = budget::day_of(app.clock.now());
        let spent = Spending { channel_id: id, day, currency: "USD".into(), read_micros: 400_000, ..Spending::default() };
        app.db.write::<_, deskbell::store::Error, _>(move |tx| Box::pin(async move { spendings::add(tx, &spent).await })).await.unwrap();
        let path = format!("/channels/{id}");
        ada.ask(axum::http::Method::PATCH, &path, Some(json!({ "budget_micros": 5_000_000 }))).await.json();
        let purse = shown(&ada, &made["id"]).await["budget"].clone();
        assert_eq!((&purse["left_micros"], &purse["words"]), (&json!(4_600_000), &json!("0.40 USD of 5.00 USD today")));
        assert_eq!(purse["used_up"], false);
        ada.ask(axum::http::Method::PATCH, &path, Some(json!({ "budget_micros": 440_000 }))).await.json();
        assert_eq!(shown(&ada, &made["id"]).await["budget"]["used_up"], true, "the last tenth is for answers");
        let stream = shown(&ada, &made["id"]).await["streams"][0].clone();
        assert_eq!((&stream["state"], &stream["lag_ms"], &stream["failures"]), (&json!("reading"), &json!(90_000), &json!(0)));

        let why = format!("The tower does not let {CLIENT_SECRET} in. Sign it in again.");
        health::record(&app.roster, made["id"].as_str().unwrap().parse().unwrap(), &Failure::NeedsSignin { why }).await.unwrap();
        let vera = app.signed_in(&app.vera).await;
        let down = shown(&vera, &made["id"]).await;
        assert_eq!(down["state"], "needs_signin");
        assert_eq!((&down["last_error"], &down["todo"]), (&json!("The tower does not let ••• in. Sign it in again."), &down["last_error"]));

        office.papers().ends_at = Some(app.clock.now() + 3 * 86_400_000 + 5);
        ada.post(&format!("/channels/{}/checks", made["id"].as_str().unwrap()), json!({})).await.json();
        let up = shown(&vera, &made["id"]).await;
        assert_eq!((&up["state"], &up["signin_days_left"], &up["last_error"]), (&json!("active"), &json!(3), &Value::Null));
    }
}
