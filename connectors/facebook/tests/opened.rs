//! Signing in: from a person's yes to a Page's lasting token, and what a token is seen to be afterwards.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::contract::{BoxFuture, Connector, Failure, Tokens};
use crate::facebook::Facebook;
use crate::facebook::fake::Fake;
use crate::simulator::Plan;
use crate::simulator::web::WebFault;

struct Given(String);

impl Tokens for Given {
    fn access_token<'a>(&'a self, _: Option<&'a str>) -> BoxFuture<'a, Result<SecretString, Failure>> {
        Box::pin(async { Ok(SecretString::from(self.0.clone())) })
    }
}

/// What a browser and the core do: the person agrees, the code is changed for a token.
async fn signed_in(fake: &Fake) -> String {
    let (id, secret) = fake.platform.app();
    let outside = fake.account(fake.settings()).outside;
    let base = format!("{}/v25.0", fake.platform.address());
    let back = "https://desk.example/signin";
    let agree = outside.request(reqwest::Method::GET, &format!("{base}/dialog/oauth")).query(&[
        ("client_id", id.as_str()),
        ("redirect_uri", back),
        ("state", "s"),
        ("response_type", "code"),
    ]);
    let agreed = outside.send(agree.build().unwrap()).await.unwrap();
    let next = url::Url::parse(agreed.headers()["location"].to_str().unwrap()).unwrap();
    let code = next.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", &id),
        ("client_secret", &secret),
        ("redirect_uri", back),
        ("code", &code),
    ];
    let change = outside.request(reqwest::Method::POST, &format!("{base}/oauth/access_token")).form(&form);
    let changed = outside.send(change.build().unwrap()).await.unwrap();
    let token: serde_json::Value = changed.json().await.unwrap();
    token["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_signs_in_and_chooses_among_their_pages() {
    let fake = Fake::start().await;
    let other = fake.platform.add_page("Friends of the Library");
    let token = signed_in(&fake).await;
    let mut settings = crate::contract::Settings::new();
    for (name, value) in
        fake.settings().iter().filter(|(name, _)| !matches!(*name, "auth" | "page_id" | "page_token"))
    {
        settings.set(name, value.clone());
    }
    let mut account = fake.account(settings.clone());
    account.tokens = Arc::new(Given(token));
    let opened = Facebook.opened(account).await.unwrap();
    let names: Vec<&str> = opened.iter().map(|page| page.name.as_str()).collect();
    assert_eq!(names, ["Fernhill Library", "Friends of the Library"]);
    let chosen = opened.iter().find(|page| page.id == other.id).unwrap();
    assert_eq!(chosen.token.as_ref().unwrap().expose_secret(), other.token);
    // The core keeps the chosen Page's token and hands it out.
    let mut account = fake.account(settings.with("page_id", &chosen.id));
    account.tokens = Arc::new(Given(other.token.clone()));
    let probe = Facebook.open(account).unwrap().probe().await.unwrap();
    assert_eq!((probe.address.as_str(), probe.ours), ("Friends of the Library", vec![other.id]));
    assert!(probe.checks.iter().all(|check| check.passed), "{:?}", probe.checks);
    assert!(
        probe.signin_ends_at.is_some(),
        "access to data ends ninety days after the person last signed in"
    );
}

#[tokio::test]
async fn a_sign_in_that_facebook_refuses_is_given_up_with_its_words() {
    let fake = Fake::start().await;
    let mut account = fake.account(fake.settings());
    account.tokens = Arc::new(Given("EAAUnobody".to_owned()));
    let refused = Facebook.opened(account).await;
    assert!(matches!(refused, Err(Failure::NeedsSignin { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_probe_says_what_is_wrong_with_the_token() {
    let fake = Fake::start().await;
    fake.platform.revoke(&fake.page.id);
    let dead = fake.channel().probe().await;
    assert!(matches!(dead, Err(Failure::NeedsSignin { .. })), "{dead:?}");
    fake.platform.restore(&fake.page);
    fake.platform.faults().switch_on(Plan::new(WebFault::Expired).times(1));
    let expired = fake.channel().probe().await;
    let Err(Failure::NeedsSignin { why }) = expired else { panic!("{expired:?}") };
    assert!(why.contains("has ended"), "{why}");
    assert!(fake.channel().probe().await.is_ok());
}
