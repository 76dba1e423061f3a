//! An app registers itself, a person says yes, and the token opens the account.

use std::collections::BTreeMap;
use std::sync::Arc;

use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use crate::contract::{Connector, Failure, Outside, Registering, Settings, Signin};
use crate::mastodon::Mastodon;
use crate::mastodon::fake::Fake;
use crate::simulator::mastodon::Line;
use crate::web::Api;

const REDIRECT: &str = "https://desk.library.example/connect/callback";

fn outside(settings: &Settings) -> Outside {
    let outside = Outside::new(Arc::new(|| 0), None).unwrap();
    outside.narrowed(Mastodon.hosts(settings), settings)
}

fn asking(settings: Settings) -> Registering {
    let outside = outside(&settings);
    let website = Some("https://desk.library.example".to_owned());
    Registering { settings, outside, name: "Deskbell", redirect: REDIRECT.to_owned(), website }
}

#[tokio::test]
async fn an_app_registers_itself_and_signs_somebody_in_with_what_it_asked_for() {
    let fake = Fake::start().await;
    let settings = fake.settings();
    let app = Mastodon.register(asking(settings.clone())).await.unwrap();
    let registered = fake.platform.ledger().pick(|line| match line.what.own()? {
        Line::Registered { client_id } => Some(client_id.clone()),
        _ => None,
    });
    assert_eq!(registered, [app.client_id.expose_secret()]);
    let Some(Signin::Oauth(oauth)) =
        Mastodon.manifest().signin.iter().find(|step| matches!(step, Signin::Oauth(_)))
    else {
        panic!("it is signed in on a page")
    };
    let filled = |url: &str| url.replace("{protocol}", "http").replace("{instance}", &fake.platform.host());
    let api = Api::new(outside(&settings), &filled("{protocol}://{instance}"));
    let scope = oauth.scopes.join(" ");
    let query = [
        ("response_type", "code"),
        ("client_id", app.client_id.expose_secret()),
        ("redirect_uri", REDIRECT),
        ("scope", &scope),
        ("state", "there-and-back"),
    ];
    let sent_back =
        api.ask(api.request(Method::GET, &filled(oauth.authorize_url)).query(&query)).await.unwrap();
    let back = Url::parse(sent_back.header("location").unwrap()).unwrap();
    let brought: BTreeMap<String, String> = back.query_pairs().into_owned().collect();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", app.client_id.expose_secret()),
        ("client_secret", app.client_secret.as_ref().unwrap().expose_secret()),
        ("redirect_uri", REDIRECT),
        ("code", &brought["code"]),
    ];
    let granted = api.ask(api.request(Method::POST, &filled(oauth.token_url)).form(&form)).await.unwrap();
    let granted: Value = granted.json().unwrap();
    let settings =
        settings.with("auth", "token").with_secret("access_token", granted["access_token"].as_str().unwrap());
    let probe = fake.open(settings).probe().await.unwrap();
    assert!(probe.checks.iter().all(|check| check.passed), "{probe:?}");
}

#[tokio::test]
async fn what_is_no_instance_is_said_before_anybody_leaves() {
    let mistaken = Mastodon.register(asking(Settings::new().with("instance", "@desk@library.social"))).await;
    assert!(matches!(&mistaken, Err(Failure::Permanent { why, .. }) if why.contains("library.social")));
    let fake = Fake::start().await;
    fake.platform.faults().switch_on(crate::simulator::web::WebFault::Nonsense);
    let nonsense = Mastodon.register(asking(fake.settings())).await;
    assert!(matches!(nonsense, Err(Failure::Malformed { .. })), "{nonsense:?}");
}
