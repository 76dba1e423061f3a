//! Calls of the platform: who is heard, and what is understood; made by hand and by the platform in miniature.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use uuid::Uuid;

use super::super::fake::{self, Fake, NOW, NUMBER, PATRON, draft};
use super::super::{form, inbound, words};
use crate::contract::{
    Budget, Channel, Content, Envelope, Event, HeldReason, Key, ReceiptState, Received, Receiving,
    RefusedRequest, Subscription, Unfenced,
};
use crate::simulator::sms::Picture;
use crate::simulator::web::WebFault;

const URL: &str = "https://library.example/hooks/7";
const FORM: &str = "application/x-www-form-urlencoded";

fn sample() -> Arc<dyn Channel> {
    fake::open(fake::sample(), Some(URL), Arc::new(|| NOW))
}

fn proof(token: &str, covered: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("any key");
    mac.update(covered.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn receive(
    channel: &dyn Channel,
    method: &str,
    url: &str,
    signature: &str,
    kind: &str,
    body: &[u8],
) -> Result<Received, RefusedRequest> {
    let headers = [
        ("content-type".to_owned(), kind.to_owned()),
        ("x-twilio-signature".to_owned(), signature.to_owned()),
    ];
    let request = Receiving { method, url, headers: &headers, body, now: NOW };
    channel.webhook().expect("it can be called").receive(&request)
}

#[test]
fn a_proven_call_brings_a_text_and_is_answered_with_silence() {
    let body = b"MessageSid=SM1&From=%2B14065550193&To=%2B14065550100&Body=Hello&Body=Hello";
    let covered = format!("{URL}BodyHelloFrom+14065550193MessageSidSM1To+14065550100");
    let received = receive(&*sample(), "POST", URL, &proof("a sample token", &covered), FORM, body)
        .expect("it is proven");
    let reply = received.reply.as_ref().expect("there is an answer");
    assert_eq!(reply.content_type, "text/xml");
    assert!(reply.body.ends_with(b"<Response/>"), "anything in it would be texted to the patron");
    let [Envelope { external_id, raw, at, event: Event::Message(message), .. }] = &received.envelopes[..]
    else {
        panic!("{received:?}")
    };
    assert_eq!((external_id.as_str(), raw.as_ref(), *at), ("SM1", &body[..], NOW));
    assert_eq!(message.author.as_ref().map(|author| author.shown.as_str()), Some("(406) 555-0193"));
    assert_eq!(message.thread.conversation.as_deref(), Some("+14065550193"));
}

#[test]
fn either_token_proves_while_they_are_being_changed() {
    let both = fake::sample().with_secret("other_auth_token", "the next token");
    let channel = fake::open(both, None, Arc::new(|| NOW));
    let body = b"MessageSid=SM1&From=%2B1406&To=%2B14065550100&Body=Hi";
    let covered = format!("{URL}BodyHiFrom+1406MessageSidSM1To+14065550100");
    for token in ["a sample token", "the next token"] {
        receive(&*channel, "POST", URL, &proof(token, &covered), FORM, body).expect(token);
    }
    let result = receive(&*channel, "POST", URL, &proof("the last token", &covered), FORM, body);
    assert_eq!(result.expect_err("it is neither"), RefusedRequest::Forged);
}

#[test]
fn a_call_by_get_is_covered_by_its_address() {
    let url = format!("{URL}?MessageSid=SM1&From=%2B14065550193&To=%2B14065550100&Body=Hi");
    let received = receive(&*sample(), "GET", &url, &proof("a sample token", &url), "", b"").expect("proven");
    assert_eq!(received.envelopes[0].external_id, "SM1");
    let other = url.replace("Hi", "Ho");
    assert!(receive(&*sample(), "GET", &other, &proof("a sample token", &url), "", b"").is_err());
}

#[test]
fn json_without_a_hash_in_the_address_is_refused_although_the_address_is_signed() {
    let body = br#"{"MessageSid":"SM1","From":"+1","To":"+14065550100","Body":"Hi"}"#;
    let result = receive(&*sample(), "POST", URL, &proof("a sample token", URL), "application/json", body);
    assert_eq!(result.expect_err("nothing covers the body"), RefusedRequest::Forged);
    // Nor does calling it something else help.
    let result = receive(&*sample(), "POST", URL, &proof("a sample token", URL), "text/plain", body);
    assert_eq!(result.expect_err("nothing covers the body"), RefusedRequest::Forged);
}

#[test]
fn word_of_ours_names_the_delivery_of_its_proven_address() {
    let url = format!("{URL}?delivery={}", Uuid::from_u128(5));
    let body =
        b"MessageSid=SM9&MessageStatus=undelivered&ErrorCode=30003&To=%2B14065550193&From=%2B14065550100";
    let covered =
        format!("{url}ErrorCode30003From+14065550100MessageSidSM9MessageStatusundeliveredTo+14065550193");
    let received =
        receive(&*sample(), "POST", &url, &proof("a sample token", &covered), FORM, body).expect("proven");
    let [Envelope { external_id, event: Event::Receipt(receipt), .. }] = &received.envelopes[..] else {
        panic!("{received:?}")
    };
    assert_eq!(external_id, "SM9/undelivered");
    assert_eq!((receipt.key, receipt.state), (Some(Key(Uuid::from_u128(5))), ReceiptState::Failed));
    assert!(receipt.why.as_ref().is_some_and(|why| why.contains("switched off")), "{receipt:?}");
}

#[test]
fn a_text_to_another_number_is_held_and_said_so() {
    let body = b"MessageSid=SM1&From=%2B14065550193&To=%2B14065559999&Body=Hi";
    let covered = format!("{URL}BodyHiFrom+14065550193MessageSidSM1To+14065559999");
    let received =
        receive(&*sample(), "POST", URL, &proof("a sample token", &covered), FORM, body).expect("proven");
    let Event::Held(held) = &received.envelopes[0].event else { panic!("{received:?}") };
    assert_eq!(held.reason, HeldReason::Ignored);
    assert!(held.why.contains("+14065559999") && held.why.contains("Hi"), "{}", held.why);
}

#[test]
fn what_nobody_understands_is_kept_with_its_bytes() {
    let body = b"Strange=1";
    let covered = format!("{URL}Strange1");
    let received =
        receive(&*sample(), "POST", URL, &proof("a sample token", &covered), FORM, body).expect("proven");
    let [Envelope { raw, event: Event::Held(held), .. }] = &received.envelopes[..] else {
        panic!("{received:?}")
    };
    assert_eq!((raw.as_ref(), held.reason), (&body[..], HeldReason::Unreadable));
}

#[test]
fn stop_words_of_both_kinds_are_obeyed_and_sentences_are_not() {
    let own = fake::sample().with("stop_words", "Basta, stopp").with("start_words", "alta");
    let channel = fake::open(own, None, Arc::new(|| NOW));
    let wish = |text: &str, more: &str| {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("Body", text)
            .append_pair("From", PATRON)
            .append_pair("MessageSid", "SM1")
            .append_pair("OptOutType", more)
            .append_pair("To", NUMBER)
            .finish();
        let covered = format!("{URL}Body{text}From{PATRON}MessageSidSM1OptOutType{more}To{NUMBER}");
        let received =
            receive(&*channel, "POST", URL, &proof("a sample token", &covered), FORM, form.as_bytes());
        let events = received.expect("proven").envelopes.into_iter().map(|envelope| match envelope.event {
            Event::OptOut { stopped: true, .. } => "stop",
            Event::OptOut { stopped: false, .. } => "start",
            Event::Message(_) => "message",
            other => panic!("{other:?}"),
        });
        events.collect::<Vec<_>>().join("+")
    };
    for stop in
        ["STOP", "stop", " Stop ", "STOPALL", "unsubscribe", "Cancel", "END", "quit", "REVOKE", "OptOut"]
    {
        assert_eq!(wish(stop, ""), "stop", "{stop}");
    }
    for stop in ["ARRET", "arrêt", "Arrête", "BASTA", "Stopp"] {
        assert_eq!(wish(stop, ""), "stop", "{stop}");
    }
    for start in ["START", "unstop", "Alta"] {
        assert_eq!(wish(start, ""), "start", "{start}");
    }
    assert_eq!(wish("Yes", ""), "start+message", "it may be an answer");
    assert_eq!(wish("Avbryt", "STOP"), "stop", "the platform understood it");
    for message in ["HELP", "info", "Please stop", "The end", "Stop the book hold please"] {
        assert_eq!(wish(message, ""), "message", "{message}");
    }
}

/// A door of ours that keeps what it hears.
#[derive(Clone, Default)]
struct Door(Arc<Mutex<Vec<Heard>>>);
type Heard = (Vec<(String, String)>, String, Vec<u8>);

impl Door {
    async fn open() -> (Self, String) {
        let door = Self::default();
        let keep = |State(door): State<Self>, uri: Uri, headers: HeaderMap, body: Bytes| async move {
            let named = headers
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
            door.0.lock().expect("nobody panics").push((named.collect(), uri.to_string(), body.to_vec()));
            ([(header::CONTENT_TYPE, "text/xml")], "<Response/>")
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("there is a port");
        let address = listener.local_addr().expect("it listens");
        let router = Router::new().route("/hooks/7", post(keep)).with_state(door.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (door, format!("http://{address}"))
    }

    fn heard(&self, channel: &dyn Channel, base: &str) -> Vec<Envelope> {
        let calls = self.0.lock().expect("nobody panics").clone();
        let read = |(headers, path, body): &Heard| {
            let url = format!("{base}{path}");
            let request = Receiving { method: "POST", url: &url, headers, body, now: NOW };
            channel
                .webhook()
                .expect("it can be called")
                .receive(&request)
                .expect("it is the platform")
                .envelopes
        };
        calls.iter().flat_map(read).collect()
    }
}

#[tokio::test]
async fn the_number_is_told_to_call_us_and_what_it_calls_about_the_poll_names_alike() {
    let fake = Fake::start().await;
    let (door, base) = Door::open().await;
    let url = format!("{base}/hooks/7");
    let channel = fake.open_with(fake.settings(), Some(&url));
    let webhook = channel.webhook().expect("it can be called");
    assert_eq!(webhook.ensure_subscribed(&url).await.expect("all is well"), Subscription::Renewed);
    assert_eq!(webhook.ensure_subscribed(&url).await.expect("all is well"), Subscription::Kept);
    assert_eq!(fake.platform.calls(NUMBER), Some(format!("{url}#rc=3&rp=all")));

    let poll = channel.poll().expect("it can be asked");
    let stream = &poll.streams().await.expect("they are fixed")[0].id;
    let ample = Budget { max_items: 100, max_bytes: 1 << 20 };
    let start = poll.poll(stream, None, ample).await.expect("all is well").next;
    fake.platform.faults().switch_on(WebFault::Duplicate);
    fake.arrives("Is it open? ❤️ 50% &c. + more");
    let picture = Picture { content_type: "image/gif".to_owned(), bytes: Bytes::from_static(b"GIF89a") };
    fake.platform.text(PATRON, NUMBER, "", vec![picture]).expect("the number is rented");
    fake.platform.calls_settled().await;

    let called = door.heard(&*channel, &base);
    assert_eq!(called.len(), 4, "each twice");
    let polled = poll.poll(stream, Some(&start), ample).await.expect("all is well").envelopes;
    assert_eq!(polled.len(), 2);
    for envelope in &polled {
        let same: Vec<&Envelope> =
            called.iter().filter(|call| call.external_id == envelope.external_id).collect();
        assert_eq!(same.len(), 2, "{}", envelope.external_id);
        let text = |envelope: &Envelope| match &envelope.event {
            Event::Message(message) => message.said.text.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(text(envelope), text(same[0]));
    }
    // The file comes whichever way it was heard of.
    let media = channel.media().expect("it has files");
    for envelope in polled.iter().chain(&called) {
        let Event::Message(message) = &envelope.event else { panic!("{envelope:?}") };
        for file in &message.attachments {
            let Content::There { reference, .. } = &file.content else { panic!("{file:?}") };
            let fetched = media.fetch(reference, 100).await.expect("it is there");
            assert_eq!(
                (fetched.bytes.as_ref(), fetched.content_type.as_str()),
                (&b"GIF89a"[..], "image/gif")
            );
        }
    }
}

#[tokio::test]
async fn a_number_that_calls_somebody_else_is_left_alone_unless_told() {
    let fake = Fake::start().await;
    let theirs = "https://studio.example/flow/1";
    let strange = fake.open_with(fake.settings().with("calls", "yes"), None);
    strange.webhook().expect("it has one").ensure_subscribed(theirs).await.expect("all is well");
    let channel = fake.open_with(fake.settings(), Some(URL));
    let webhook = channel.webhook().expect("it has one");
    assert_eq!(webhook.ensure_subscribed(URL).await.expect("all is well"), Subscription::Kept);
    assert!(fake.platform.calls(NUMBER).is_some_and(|calls| calls.starts_with(theirs)));
    let checks = channel.probe().await.expect("all is well").checks;
    let said = checks.iter().find(|check| check.name == "Calls from Twilio").expect("it is checked");
    assert!(said.detail.contains("studio.example"), "{said:?}");
    // Ours, from before the library moved.
    let moved = "https://old.example/hooks/7";
    strange.webhook().expect("it has one").ensure_subscribed(moved).await.expect("all is well");
    assert_eq!(webhook.ensure_subscribed(URL).await.expect("all is well"), Subscription::Renewed);
}

#[tokio::test]
async fn word_of_delivery_comes_with_our_key_even_when_the_answer_of_the_send_was_lost() {
    let fake = Fake::start().await;
    let (door, base) = Door::open().await;
    let url = format!("{base}/hooks/7");
    let channel = fake.open_with(fake.settings(), Some(&url));
    let deliver = channel.deliver().expect("it sends");
    let part = deliver.compose(&draft("We open at nine."), NOW).expect("it fits").remove(0);
    let key = Key(Uuid::from_u128(77));
    fake.platform.faults().switch_on(WebFault::Lost);
    deliver.deliver(&part, &key, &Unfenced).await.expect_err("nothing was answered");
    fake.platform.faults().clear();
    fake.pass(1_000);
    fake.platform.calls_settled().await;
    fake.pass(2_000);
    fake.platform.calls_settled().await;
    let states: Vec<(Option<Key>, ReceiptState)> = door
        .heard(&*channel, &base)
        .into_iter()
        .map(|envelope| match envelope.event {
            Event::Receipt(receipt) => (receipt.key, receipt.state),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(states, [(Some(key), ReceiptState::Relayed), (Some(key), ReceiptState::Delivered)]);
}

#[tokio::test]
async fn an_address_that_only_this_machine_knows_is_not_given_to_the_real_platform() {
    // Asking would fail: nobody may be reached by these tests.
    let home = fake::open(fake::sample(), None, Arc::new(|| NOW));
    let webhook = home.webhook().expect("it has one");
    let kept = webhook.ensure_subscribed("http://127.0.0.1:8080/hooks/7").await;
    assert_eq!(kept.expect("nothing was asked"), Subscription::Kept);
}

#[test]
fn a_place_is_told_in_words() {
    let said = |more: &str| {
        let body = format!("MessageSid=SM9&From=%2B14065550193&To=%2B14065550100{more}");
        let events = form::events(Some(FORM), body.as_bytes()).expect("a form");
        let own = inbound::Own { number: None, words: &words::Words::default() };
        match inbound::of_call(&events[0], None, &own).pop().map(|one| one.event) {
            Some(Event::Message(message)) => message.said.text,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(said("&Body=&Latitude=51.5&Longitude=-0.12"), "Location: 51.5, -0.12");
    assert_eq!(
        said("&Body=Here&Latitude=51.5&Longitude=-0.12&Address=1+High+Street&Label=Main+library"),
        "Here\n\nLocation: Main library, 1 High Street (51.5, -0.12)"
    );
    assert_eq!(said("&Latitude=51.5&Longitude=-0.12"), "Location: 51.5, -0.12");
    assert_eq!(said("&Body=Hello&Latitude="), "Hello");
}
