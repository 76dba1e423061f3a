//! Calls from the platform: proven or refused, the same things under the same names as by asking, and called again after a
//! silence.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::{AMPLE, drain, once, texts};
use crate::contract::{
    Channel, Envelope, Event, Failure, ReceiptState, Receiving, RefusedRequest, Subscription,
};
use crate::facebook::fake::{Fake, VERIFY};
use crate::simulator::graph::Happened;
use crate::simulator::web::WebFault;
use crate::simulator::{Clock, Plan};

/// A call on this machine takes no time worth naming.
const SOON: std::time::Duration = std::time::Duration::from_secs(30);

/// Our door as the core keeps it: answers after everything is taken in.
struct Door {
    url: String,
    came: Arc<Mutex<Vec<Envelope>>>,
}

struct Behind {
    channel: Arc<dyn Channel>,
    url: String,
    came: Arc<Mutex<Vec<Envelope>>>,
    deaf: bool,
}

async fn door(channel: Arc<dyn Channel>, deaf: bool) -> Door {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks/1", listener.local_addr().unwrap());
    let came = Arc::new(Mutex::new(Vec::new()));
    let behind = Arc::new(Behind { channel, url: url.clone(), came: came.clone(), deaf });
    let router = Router::new().fallback(answer).with_state(behind);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Door { url, came }
}

async fn answer(
    State(behind): State<Arc<Behind>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let headers: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    if behind.deaf && method == Method::POST {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let url = format!("{}{query}", behind.url);
    let request = Receiving { method: method.as_str(), url: &url, headers: &headers, body: &body, now: 0 };
    match behind.channel.webhook().unwrap().receive(&request) {
        Ok(received) => {
            behind.came.lock().unwrap().extend(received.envelopes);
            received.reply.map_or_else(|| StatusCode::OK.into_response(), |reply| reply.body.into_response())
        }
        Err(_) => StatusCode::FORBIDDEN.into_response(),
    }
}

impl Door {
    fn ids(&self) -> Vec<String> {
        self.came.lock().unwrap().iter().map(|envelope| envelope.external_id.clone()).collect()
    }
}

async fn subscribed(fake: &Fake, deaf: bool) -> (Arc<dyn Channel>, Door) {
    let channel = fake.channel();
    let door = door(channel.clone(), deaf).await;
    let webhook = channel.webhook().unwrap();
    assert_eq!(webhook.ensure_subscribed(&door.url).await.unwrap(), Subscription::Renewed);
    assert_eq!(webhook.ensure_subscribed(&door.url).await.unwrap(), Subscription::Kept);
    (channel, door)
}

#[tokio::test]
async fn calls_and_polls_name_the_same_things_alike() {
    let fake = Fake::start().await;
    let (channel, door) = subscribed(&fake, false).await;
    let private = once(&*channel, "messages", None).await.unwrap().next;
    let public = once(&*channel, "comments", None).await.unwrap().next;
    fake.patron.write(&fake.page.id, "¿Abren los domingos? 🦉");
    let comment = fake.patron.comment(&fake.post, "Wann beginnt die Vorlesestunde?").unwrap();
    fake.platform.answer_by_hand(&fake.page.id, fake.patron.id(), "Sí.");
    fake.platform.comment_by_hand(&fake.page.id, &comment, "Um vier.").unwrap();
    fake.patron.post(&fake.page.id, "Danke für alles!");
    fake.platform.calls_settled().await;
    let mut asked = drain(&*channel, "messages", Some(private), AMPLE).await.0;
    asked.extend(drain(&*channel, "comments", Some(public), AMPLE).await.0);
    let came = door.came.lock().unwrap().clone();
    let mut told: Vec<Envelope> = came
        .into_iter()
        .filter(|envelope| matches!(envelope.event, Event::Message(_) | Event::Echo(_)))
        .collect();
    for envelopes in [&mut asked, &mut told] {
        envelopes.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    }
    let ids =
        |envelopes: &[Envelope]| envelopes.iter().map(|one| one.external_id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&asked), ids(&told));
    assert_eq!(texts(&asked), texts(&told));
    assert_eq!(asked.len(), 5);
}

#[tokio::test]
async fn calls_that_come_twice_or_out_of_turn_change_no_name() {
    let fake = Fake::start().await;
    let (_, door) = subscribed(&fake, false).await;
    let mut written = Vec::new();
    for (fault, times) in [(WebFault::Duplicate, 2), (WebFault::Reorder, 1)] {
        fake.platform.faults().switch_on(Plan::new(fault).place("webhook").times(times));
        written.extend((0..2).map(|n| fake.patron.write(&fake.page.id, &format!("{n}"))));
    }
    fake.clock.advance(10_000);
    fake.platform.run_due();
    fake.platform.calls_settled().await;
    let mut ids = door.ids();
    assert!(ids.len() > 4, "some came twice: {ids:?}");
    ids.sort();
    ids.dedup();
    let mut expected: Vec<String> = written.into_iter().map(|id| format!("message/{id}")).collect();
    expected.sort();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn an_answer_that_arrives_is_told_of() {
    let fake = Fake::start().await;
    let (_, door) = subscribed(&fake, false).await;
    let id = fake.platform.answer_by_hand(&fake.page.id, fake.patron.id(), "At nine.");
    fake.platform.calls_settled().await;
    let came = door.came.lock().unwrap().clone();
    assert!(came.iter().any(|envelope| matches!(
        &envelope.event,
        Event::Receipt(receipt) if receipt.state == ReceiptState::Delivered && receipt.id.as_ref() == Some(&id)
    )));
}

#[tokio::test]
async fn after_an_hour_of_failures_the_app_is_forgotten_and_subscribes_again() {
    let fake = Fake::start().await;
    let (channel, deaf) = subscribed(&fake, true).await;
    let start = once(&*channel, "messages", None).await.unwrap().next;
    for n in 0..4 {
        let before = fake.platform.ledger().pick(|line| line.what.called().cloned()).len();
        fake.patron.write(&fake.page.id, &format!("{n}"));
        if n < 3 {
            let failed = fake
                .platform
                .ledger()
                .until(|ledger| ledger.pick(|line| line.what.called().cloned()).len() > before);
            tokio::time::timeout(SOON, failed).await.expect("the door is called and says no");
        }
        fake.clock.advance(30 * 60_000);
    }
    let forgotten = fake.platform.ledger().pick(|line| line.what.own().cloned());
    assert!(forgotten.iter().any(|own| matches!(own, Happened::Unsubscribed { .. })), "{forgotten:?}");
    assert!(deaf.ids().is_empty());
    let webhook = channel.webhook().unwrap();
    assert_eq!(webhook.ensure_subscribed(&deaf.url).await.unwrap(), Subscription::Renewed);
    // The gap is filled by asking, from the old place.
    assert_eq!(drain(&*channel, "messages", Some(start), AMPLE).await.0.len(), 4);
}

#[tokio::test]
async fn another_programs_address_is_left_alone() {
    let fake = Fake::start().await;
    let (channel, door) = subscribed(&fake, false).await;
    let elsewhere = door.url.replace("/webhooks/1", "/webhooks/2");
    let refused = channel.webhook().unwrap().ensure_subscribed(&elsewhere).await;
    let Err(Failure::Permanent { why, .. }) = refused else { panic!("{refused:?}") };
    assert!(why.contains(&door.url), "{why}");
}

#[tokio::test]
async fn the_handshake_needs_our_word() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let shake = |query: &str| {
        let url = format!("https://desk.example/webhooks/1?{query}");
        let request =
            Receiving { method: "GET", url: &url, headers: &[], body: b"", now: fake.clock.now_ms() };
        channel.webhook().unwrap().receive(&request).map(|received| received.reply.unwrap().body)
    };
    let word = VERIFY.replace(' ', "%20");
    let right = shake(&format!("hub.mode=subscribe&hub.verify_token={word}&hub.challenge=1158201444"));
    assert_eq!(right.unwrap(), "1158201444");
    for wrong in [
        String::new(),
        "hub.mode=subscribe&hub.verify_token=guess&hub.challenge=1".to_owned(),
        format!("hub.mode=unsubscribe&hub.verify_token={word}&hub.challenge=1"),
        format!("hub.mode=subscribe&hub.verify_token={word}"),
        "hub.mode=subscribe&hub.verify_token=&hub.challenge=1".to_owned(),
    ] {
        assert_eq!(shake(&wrong).unwrap_err(), RefusedRequest::WrongToken, "{wrong}");
    }
}

#[tokio::test]
async fn a_name_learnt_by_asking_stands_beside_what_is_told_later() {
    let fake = Fake::start().await;
    let (channel, door) = subscribed(&fake, false).await;
    let name = |at: usize| match &door.came.lock().unwrap()[at].event {
        Event::Message(message) => message.author.clone().unwrap().shown,
        other => panic!("{other:?}"),
    };
    fake.patron.write(&fake.page.id, "Hello?");
    fake.platform.calls_settled().await;
    assert!(name(0).starts_with("Somebody on Facebook"));
    once(&*channel, "messages", None).await.unwrap();
    fake.patron.write(&fake.page.id, "Hello again?");
    fake.platform.calls_settled().await;
    assert_eq!(name(1), "Abena Osei");
}
