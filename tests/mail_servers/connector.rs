//! The mail connector against real Dovecot and Postfix: what the simulator might have wrong, they have right.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors::contract::{
    Account, Address, Batch, BoxFuture, Budget, Channel, ChannelId, Cost, Cursor, Draft, Envelope, Event,
    Failure, Key, NoTokens, Outside, Part, ReceiptState, Recipient, Settings, Sink, StreamId, Tokens,
    Unfenced, Visibility,
};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::support::PATIENCE;
use crate::support::dovecot::{Dovecot, PASSWORD, Wanted};
use crate::support::postfix::PostOffice;

const AMPLE: Budget = Budget { max_items: 500, max_bytes: 64 << 20 };

fn settings(dovecot: &Dovecot) -> Settings {
    Settings::new()
        .with("address", "ask@example.test")
        .with("username", "ask")
        .with("imap_host", format!("127.0.0.1:{}", dovecot.imap))
        .with("imap_tls", "none")
        .with("smtp_host", format!("127.0.0.1:{}", dovecot.submission))
        .with("smtp_tls", "none")
        .with("timeout_s", "20")
        .with_secret("password", PASSWORD)
}

fn open(dovecot: &Dovecot, settings: Settings, tokens: Arc<dyn Tokens>) -> Arc<dyn Channel> {
    let connector = connectors::named("email").expect("it is listed");
    let pem = Some(dovecot.authority_pem.as_bytes()).filter(|pem| !pem.is_empty());
    let outside = Outside::new(Arc::new(|| 1_791_277_331_000), pem).expect("the authority is PEM");
    let account = Account {
        channel: ChannelId(Uuid::from_u128(1)),
        proof_key: Arc::from([3; 32]),
        outside: outside.narrowed(connector.hosts(&settings), &settings),
        settings,
        tokens,
        files: Arc::new(connectors::contract::NoFiles),
        webhook_url: None,
    };
    connector.open(account).unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

fn with_password(dovecot: &Dovecot) -> Arc<dyn Channel> {
    open(dovecot, settings(dovecot), Arc::new(NoTokens))
}

fn inbox() -> StreamId {
    StreamId("folder:INBOX".to_owned())
}

async fn poll(channel: &dyn Channel, cursor: Option<&Cursor>) -> Batch {
    channel
        .poll()
        .expect("mail is polled")
        .poll(&inbox(), cursor, AMPLE)
        .await
        .unwrap_or_else(|failure| panic!("{failure}"))
}

fn question(n: usize) -> Vec<u8> {
    format!("From: Ada <ada@far.test>\nTo: ask@example.test\nSubject: Question {n}\nMessage-ID: <{n}@far.test>\n\nDo you have it?\n.\n..and dots\n").into_bytes()
}

fn subjects(envelopes: &[Envelope]) -> Vec<&str> {
    envelopes
        .iter()
        .map(|envelope| match &envelope.event {
            Event::Message(message) | Event::Echo(message) => message.subject.as_deref().unwrap_or_default(),
            Event::Held(held) => held.reason.as_str(),
            _ => "",
        })
        .collect()
}

#[tokio::test]
async fn mail_is_read_once_and_an_empty_poll_is_one_round_trip() {
    let Some(dovecot) = Dovecot::start(&Wanted::default()) else { return };
    let channel = with_password(&dovecot);
    dovecot.deliver_lmtp("ask", &question(0));
    let first = poll(&*channel, None).await;
    assert_eq!(
        first.note.as_deref(),
        Some("One older mail stays unread in INBOX; new mail is read from now on.")
    );
    for n in 1..30 {
        dovecot.deliver_lmtp("ask", &question(n));
    }
    let second = poll(&*channel, Some(&first.next)).await;
    let expected: Vec<String> = (1..30).map(|n| format!("Question {n}")).collect();
    assert_eq!(subjects(&second.envelopes), expected);
    assert!(!second.more);
    for _ in 0..3 {
        let empty = poll(&*channel, Some(&second.next)).await;
        assert_eq!((empty.envelopes.len(), empty.cost.requests), (0, 1));
    }
}

#[tokio::test]
async fn a_renumbered_mailbox_is_known_again_by_its_fingerprints() {
    let Some(dovecot) = Dovecot::start(&Wanted::default()) else { return };
    let channel = with_password(&dovecot);
    let first = poll(&*channel, None).await;
    dovecot.deliver_lmtp("ask", &question(1));
    let second = poll(&*channel, Some(&first.next)).await;
    dovecot.deliver_lmtp("ask", &question(2));
    dovecot.renumber("ask", 4711);
    let third = poll(&*channel, Some(&second.next)).await;
    assert_eq!(subjects(&third.envelopes), ["Question 1", "Question 2"]);
    assert!(third.envelopes.iter().all(|envelope| envelope.renumbered));
    assert_eq!(third.envelopes[0].fingerprint, second.envelopes[0].fingerprint);
}

#[derive(Default)]
struct Bell(Notify);

impl Sink for Bell {
    fn wake(&self) {
        self.0.notify_one();
    }

    fn push(&self, _: Vec<Envelope>, _: Cost) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn idle_tells_of_new_mail() {
    let Some(dovecot) = Dovecot::start(&Wanted::default()) else { return };
    let channel = with_password(&dovecot);
    let first = poll(&*channel, None).await;
    let bell = Bell::default();
    let stream = inbox();
    let watching = channel.watch().expect("mail is watched").watch(&stream, &bell);
    let arriving = async {
        bell.0.notified().await;
        for n in 0..2 {
            dovecot.deliver_lmtp("ask", &question(n));
            bell.0.notified().await;
        }
    };
    tokio::select! {
        ended = watching => panic!("{ended:?}\n{}", dovecot.log()),
        told = tokio::time::timeout(PATIENCE, arriving) => told.expect("each mail is told"),
    }
    assert_eq!(poll(&*channel, Some(&first.next)).await.envelopes.len(), 2);
}

#[tokio::test]
async fn tls_is_spoken_from_the_start() {
    let Some(dovecot) = Dovecot::start(&Wanted { tls: true, ..Wanted::default() }) else { return };
    let settings = settings(&dovecot)
        .with("imap_host", format!("localhost:{}", dovecot.imaps))
        .with("imap_tls", "implicit");
    let channel = open(&dovecot, settings, Arc::new(NoTokens));
    poll(&*channel, None).await;
}

#[derive(Default)]
struct Turn(Mutex<Vec<&'static str>>);

impl Tokens for Turn {
    fn access_token<'a>(
        &'a self,
        rejected: Option<&'a str>,
    ) -> BoxFuture<'a, Result<connectors::contract::SecretString, Failure>> {
        Box::pin(async move {
            let mut tokens = self.0.lock().expect("no test panics inside");
            tokens.retain(|token| Some(*token) != rejected);
            tokens
                .first()
                .map(|token| (*token).into())
                .ok_or(Failure::NeedsSignin { why: "Sign in again.".into() })
        })
    }
}

#[tokio::test]
async fn a_revoked_token_is_tried_anew_once_and_then_a_person_is_asked() {
    let Some(dovecot) = Dovecot::start(&Wanted::default()) else { return };
    dovecot.grant("fresh", "ask");
    let settings =
        settings(&dovecot).with("auth", "google").with("client_id", "app").with_secret("password", "");
    let tokens = Arc::new(Turn(Mutex::new(vec!["stale", "fresh"])));
    let channel = open(&dovecot, settings.clone(), tokens.clone());
    poll(&*channel, None).await;
    dovecot.revoke("fresh");
    let channel = open(&dovecot, settings, tokens);
    let failure =
        channel.poll().expect("mail is polled").poll(&inbox(), None, AMPLE).await.expect_err("revoked");
    assert!(matches!(failure, Failure::NeedsSignin { .. }), "{failure:?}");
}

fn answer(channel: &dyn Channel, to: &str) -> Part {
    let address = Address { id: to.to_owned(), shown: to.to_owned(), name: None };
    let draft = Draft {
        text: "We do.\n.\n..with dots, and ümläuts".to_owned(),
        subject: Some("Yes".to_owned()),
        to: Recipient { address, copies: Vec::new() },
        from_name: "Bryan Ortiz".to_owned(),
        signature: None,
        answers: None,
        patron_wrote_at: None,
        visibility: Visibility::Private,
        enclosures: Vec::new(),
        automatic: false,
    };
    channel.deliver().expect("mail is sent").compose(&draft, 1_791_277_331_000).expect("it can go").remove(0)
}

#[tokio::test]
async fn an_answer_leaves_is_filed_is_found_and_comes_back_as_an_echo() {
    let Some(office) = PostOffice::start() else { return };
    let channel = with_password(&office.dovecot);
    let probe = channel.probe().await.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(probe.checks.iter().all(|check| check.passed), "{:?}", probe.checks);
    let sent_folder = StreamId("sent:Sent".to_owned());
    let poller = channel.poll().expect("mail is polled");
    let first = poller.poll(&sent_folder, None, AMPLE).await.expect("Sent is there");
    let part = answer(&*channel, "ada@far.test");
    let key = Key(Uuid::from_u128(7));
    let deliver = channel.deliver().expect("mail is sent");
    let sent = deliver
        .deliver(&part, &key, &Unfenced)
        .await
        .unwrap_or_else(|failure| panic!("{failure}\n{}", office.log()));
    assert_eq!(sent.id, deliver.expected_id(&key));
    let taken = crate::support::eventually("the mail arrives at the far side", || office.sink.taken().pop());
    assert!(taken.raw.contains(sent.id.as_deref().expect("mail has ids")), "{}", taken.raw);
    assert_eq!(deliver.find(&part, &key).await.expect("Sent is there").expect("it was filed").id, sent.id);
    let batch = poller.poll(&sent_folder, Some(&first.next), AMPLE).await.expect("Sent is there");
    let [Envelope { event: Event::Echo(echo), .. }] = &batch.envelopes[..] else {
        panic!("{:?}", batch.envelopes)
    };
    assert_eq!(echo.thread.proven, [key]);
}

#[tokio::test]
async fn a_real_bounce_settles_the_answer_it_speaks_of() {
    let Some(office) = PostOffice::start() else { return };
    let channel = with_password(&office.dovecot);
    let first = poll(&*channel, None).await;
    let part = answer(&*channel, "550-moved@far.test");
    let key = Key(Uuid::from_u128(8));
    let deliver = channel.deliver().expect("mail is sent");
    deliver
        .deliver(&part, &key, &Unfenced)
        .await
        .unwrap_or_else(|failure| panic!("{failure}\n{}", office.log()));
    let bounced = async {
        loop {
            let batch = poll(&*channel, Some(&first.next)).await;
            if let [Envelope { event: Event::Held(held), .. }] = &batch.envelopes[..] {
                return held.clone();
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let held = tokio::time::timeout(PATIENCE, bounced)
        .await
        .unwrap_or_else(|_| panic!("no bounce came\n{}", office.log()));
    let receipt = held.receipt.expect("it carries our proof");
    assert_eq!((receipt.key, receipt.state), (Some(key), ReceiptState::Failed));
}
