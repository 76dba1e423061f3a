//! X calls: its challenge, its signature, what it tells, and what happens when it gives up.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use super::{AMPLE, directs, drain, ids, mentions};
use crate::contract::{
    Channel, Envelope, Event, Failure, HeldReason, Receiving, RefusedRequest, Subscription, Unfenced,
};
use crate::simulator::Plan;
use crate::simulator::web::WebFault;
use crate::simulator::x::signature;
use crate::x::fake::Fake;

/// Our own door, as the product has it: it hands over what came and answers what it is told.
struct Doorway {
    url: String,
    kept: Arc<Mutex<Vec<Envelope>>>,
}

#[derive(Clone)]
struct Behind {
    channel: Arc<dyn Channel>,
    kept: Arc<Mutex<Vec<Envelope>>>,
    port: u16,
}

async fn receive(State(behind): State<Behind>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let headers: Vec<(String, String)> = head
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    let url = format!("http://127.0.0.1:{}{}", behind.port, head.uri);
    let received = behind.channel.webhook().unwrap().receive(&Receiving {
        method: head.method.as_str(),
        url: &url,
        headers: &headers,
        body: &body,
        now: crate::x::fake::NOW_MS,
    });
    match received {
        Ok(received) => {
            behind.kept.lock().unwrap().extend(received.envelopes);
            received.reply.map_or_else(|| StatusCode::OK.into_response(), |reply| reply.body.into_response())
        }
        Err(_) => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn doorway(channel: Arc<dyn Channel>) -> Doorway {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let kept = Arc::new(Mutex::new(Vec::new()));
    let behind = Behind { channel, kept: kept.clone(), port };
    let router = Router::new().fallback(any(receive)).with_state(behind);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Doorway { url: format!("http://127.0.0.1:{port}/hooks/x"), kept }
}

impl Doorway {
    fn ids(&self) -> Vec<String> {
        ids(&self.kept.lock().unwrap()).into_iter().map(str::to_owned).collect()
    }
}

async fn subscribed(fake: &Fake) -> (Arc<dyn Channel>, Doorway) {
    let channel = fake.open(fake.with_webhook());
    let doorway = doorway(channel.clone()).await;
    let webhook = channel.webhook().unwrap();
    assert_eq!(webhook.ensure_subscribed(&doorway.url).await.unwrap(), Subscription::Renewed);
    assert_eq!(webhook.ensure_subscribed(&doorway.url).await.unwrap(), Subscription::Kept);
    (channel, doorway)
}

#[tokio::test]
async fn what_is_told_has_the_name_that_reading_gives_it() {
    let fake = Fake::start().await;
    let (channel, doorway) = subscribed(&fake).await;
    let public = drain(&*channel, &mentions(), None, AMPLE).await.1;
    let private = drain(&*channel, &directs(), None, AMPLE).await.1;
    fake.patron.mention(&fake.library.id, "told in public");
    fake.patron.direct(&fake.library.id, "told in private");
    fake.platform.says_in_private(&fake.library.id, fake.patron.id(), "answered in the app");
    fake.platform.settled().await;
    let mut read = drain(&*channel, &mentions(), Some(public), AMPLE).await.0;
    read.extend(drain(&*channel, &directs(), Some(private), AMPLE).await.0);
    let (mut told, mut read_ids) =
        (doorway.ids(), ids(&read).into_iter().map(str::to_owned).collect::<Vec<_>>());
    told.sort();
    read_ids.sort();
    assert_eq!((told.len(), &told), (3, &read_ids));
    // The same person, the same conversation, whichever way it came.
    for envelope in doorway.kept.lock().unwrap().iter() {
        let other = read.iter().find(|other| other.external_id == envelope.external_id).unwrap();
        let parts = |event: &Event| match event {
            Event::Message(message) | Event::Echo(message) => {
                (message.author.clone(), message.thread.conversation.clone(), message.said.text.clone())
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(parts(&envelope.event), parts(&other.event));
        assert_eq!(envelope.at, other.at);
        assert_eq!(
            std::mem::discriminant(&envelope.event),
            std::mem::discriminant(&other.event),
            "{envelope:?}"
        );
    }
}

#[tokio::test]
async fn calls_that_come_twice_and_out_of_turn_have_the_same_names() {
    let fake = Fake::start().await;
    let (_, doorway) = subscribed(&fake).await;
    fake.platform.faults().switch_on("webhook/duplicate".parse::<Plan<WebFault>>().unwrap());
    let one = fake.patron.direct(&fake.library.id, "one");
    fake.platform.settled().await;
    assert_eq!(doorway.ids(), [format!("dm/{one}"), format!("dm/{one}")]);
    fake.platform.faults().clear();
    fake.platform.faults().switch_on("webhook/reorder:1".parse::<Plan<WebFault>>().unwrap());
    let two = fake.patron.direct(&fake.library.id, "two");
    let three = fake.patron.direct(&fake.library.id, "three");
    fake.platform.settled().await;
    assert_eq!(doorway.ids()[2..], [format!("dm/{three}"), format!("dm/{two}")]);
}

#[tokio::test]
async fn the_echo_that_comes_before_the_answer_has_the_answers_number() {
    let fake = Fake::start().await;
    let (channel, doorway) = subscribed(&fake).await;
    let deliver = channel.deliver().unwrap();
    let draft = super::answer("We open at nine.", fake.patron.id(), None);
    let part = deliver.compose(&draft, crate::x::fake::NOW_MS).unwrap().remove(0);
    // The work is done and told of; the answer itself never comes.
    fake.platform.faults().switch_on("dm-send/lost:1".parse::<Plan<WebFault>>().unwrap());
    let key = crate::contract::Key(uuid::Uuid::from_u128(5));
    assert!(matches!(deliver.deliver(&part, &key, &Unfenced).await, Err(Failure::Ambiguous { .. })));
    fake.platform.settled().await;
    let found = deliver.find(&part, &key).await.unwrap().unwrap();
    let kept = doorway.kept.lock().unwrap();
    let Event::Echo(echo) = &kept[0].event else { panic!("{:?}", kept[0].event) };
    assert_eq!(echo.id, found.id);
}

#[tokio::test]
async fn encrypted_messages_are_counted_and_nobody_pretends_to_read_them() {
    let fake = Fake::start().await;
    let (_, doorway) = subscribed(&fake).await;
    fake.patron.encrypted(&fake.library.id);
    fake.patron.encrypted(&fake.library.id);
    fake.platform.settled().await;
    let kept = doorway.kept.lock().unwrap();
    assert_eq!(kept.len(), 2);
    assert_ne!(kept[0].external_id, kept[1].external_id);
    for envelope in kept.iter() {
        let Event::Held(held) = &envelope.event else { panic!("{:?}", envelope.event) };
        assert_eq!(held.reason, HeldReason::Encrypted);
        assert_eq!(held.author.as_ref().unwrap().id, fake.patron.id());
    }
}

#[tokio::test]
async fn an_address_that_x_has_given_up_is_looked_at_again() {
    let fake = Fake::start().await;
    let (channel, doorway) = subscribed(&fake).await;
    fake.platform.drop_webhooks();
    fake.patron.direct(&fake.library.id, "nobody is told");
    fake.platform.settled().await;
    assert!(doorway.ids().is_empty());
    let webhook = channel.webhook().unwrap();
    assert_eq!(webhook.ensure_subscribed(&doorway.url).await.unwrap(), Subscription::Renewed);
    fake.patron.direct(&fake.library.id, "told again");
    fake.platform.settled().await;
    assert_eq!(doorway.ids().len(), 1);
    let long = format!("{}/{}", doorway.url, "a".repeat(200));
    let refused = webhook.ensure_subscribed(&long).await.unwrap_err();
    assert!(matches!(refused, Failure::AccountBlocked { .. }), "{refused:?}");
}

#[tokio::test]
async fn what_happened_to_another_account_is_not_ours() {
    let fake = Fake::start().await;
    let channel = fake.open(fake.with_webhook());
    channel.probe().await.unwrap();
    let body = br#"{"for_user_id":"999","direct_message_events":[{"type":"message_create","id":"1582838499983564806","created_timestamp":"1791277331000","message_create":{"target":{"recipient_id":"999"},"sender_id":"5","message_data":{"text":"private"}}}],"users":{}}"#;
    let signature = signature(&fake.library.consumer_secret, body);
    let headers = [("x-twitter-webhooks-signature".to_owned(), signature)];
    let request = Receiving { method: "POST", url: "https://a.example/", headers: &headers, body, now: 0 };
    let received = channel.webhook().unwrap().receive(&request).unwrap();
    assert!(matches!(&received.envelopes[0].event, Event::Held(held) if held.reason == HeldReason::Ignored));
    let unsigned = Receiving { headers: &[], ..request };
    assert_eq!(channel.webhook().unwrap().receive(&unsigned).err(), Some(RefusedRequest::Unsigned));
}

#[test]
fn a_channel_without_a_webhook_has_none() {
    let settings = crate::contract::Settings::new().with("client_id", "an-id");
    assert!(crate::x::settings::understand(&settings).is_ok_and(|config| config.consumer_secret.is_none()));
}

#[tokio::test]
async fn a_private_message_that_is_told_costs_once_a_day_and_a_mention_nothing() {
    const DAY_MS: i64 = 86_400_000;
    let fake = Fake::start().await;
    let channel = fake.open(fake.with_webhook());
    let cost = |body: &[u8], now: i64| {
        let proof = signature(&fake.library.consumer_secret, body);
        let headers = [("x-twitter-webhooks-signature".to_owned(), proof)];
        let url = "https://desk.library.example/hooks/x/1";
        let request = Receiving { method: "POST", url, headers: &headers, body, now };
        channel.webhook().unwrap().receive(&request).unwrap().cost.micros
    };
    let direct = include_bytes!("../fixtures/pushed-direct.json");
    let mention = include_bytes!("../fixtures/pushed-mention.json");
    let now = crate::x::fake::NOW_MS;
    assert_eq!([cost(direct, now), cost(direct, now + 1), cost(direct, now + DAY_MS)], [10_000, 0, 10_000]);
    assert_eq!(cost(mention, now), 0);
}
