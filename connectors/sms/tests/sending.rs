//! A text leaves once; what is in doubt is looked for and never sent again unasked.

use uuid::Uuid;

use crate::contract::{Channel, Failure, Key, Part, Reason, Unfenced};
use crate::simulator::Plan;
use crate::simulator::web::WebFault;
use crate::sms::fake::{Fake, PATRON, draft};

fn key(n: u128) -> Key {
    Key(Uuid::from_u128(n))
}

fn part(channel: &dyn Channel, fake: &Fake, text: &str) -> Part {
    let now = crate::simulator::Clock::now_ms(&*fake.clock);
    channel.deliver().expect("it sends").compose(&draft(text), now).expect("it fits").remove(0)
}

#[tokio::test]
async fn a_text_arrives_and_the_patron_answers() {
    let fake = Fake::start().await;
    fake.platform.settle(PATRON, Box::new(|heard| Some((60_000, format!("Thanks for \"{heard}\"")))));
    let channel = fake.open();
    let sent = channel
        .deliver()
        .expect("it sends")
        .deliver(&part(&*channel, &fake, "We are open."), &key(1), &Unfenced)
        .await;
    assert!(sent.expect("it is taken").id.is_some_and(|id| id.starts_with("SM")));
    assert_eq!(fake.sent(), [("We are open.".to_owned(), "queued".to_owned())]);
    fake.pass(3_000);
    assert_eq!(fake.sent()[0].1, "delivered");
    fake.pass(60_000);
    let answer = fake.platform.texts().pop().expect("there are two");
    assert_eq!((answer.inbound, answer.body.as_str()), (true, "Thanks for \"We are open.\""));
}

#[tokio::test]
async fn the_request_says_what_the_documents_ask_for() {
    let fake = Fake::start().await;
    let channel = fake.open_with(fake.settings(), Some("https://library.example/hooks/7"));
    let deliver = channel.deliver().expect("it sends");
    deliver
        .deliver(&part(&*channel, &fake, "50% & more + ü"), &key(1), &Unfenced)
        .await
        .expect("it is taken");
    let service = fake.settings().with("messaging_service_sid", format!("MG{:032x}", 1));
    let through = fake.open_with(service, None);
    through
        .deliver()
        .expect("it sends")
        .deliver(&part(&*through, &fake, "Hi"), &key(2), &Unfenced)
        .await
        .expect("it is taken");
    let bodies = fake.platform.ledger().pick(|line| line.what.asked().map(|asked| asked.body.clone()));
    assert_eq!(
        bodies,
        [
            "To=%2B14065550193&From=%2B14065550100&Body=50%25+%26+more+%2B+%C3%BC&StatusCallback=https%3A%2F%2Flibrary.example%2Fhooks%2F7%3Fdelivery%3D00000000-0000-0000-0000-000000000001".to_owned(),
            format!("To=%2B14065550193&MessagingServiceSid=MG{:032x}&Body=Hi", 1),
        ]
    );
}

#[tokio::test]
async fn a_lost_answer_is_found_by_recipient_words_and_moment_even_by_another_process() {
    let fake = Fake::start().await;
    let channel = fake.open();
    // The same words yesterday are another text.
    let yesterday = part(&*channel, &fake, "Yes, we do.");
    channel.deliver().expect("it sends").deliver(&yesterday, &key(1), &Unfenced).await.expect("it is taken");
    fake.pass(86_400_000);
    let today = part(&*channel, &fake, "Yes, we do.");
    let process = fake.open();
    let unsent = process.deliver().expect("it sends").find(&today, &key(2)).await;
    assert!(matches!(unsent, Err(Failure::Ambiguous { .. })), "absence is no proof: {unsent:?}");
    fake.platform.faults().switch_on(WebFault::Lost);
    let lost = channel.deliver().expect("it sends").deliver(&today, &key(2), &Unfenced).await;
    assert!(matches!(lost, Err(Failure::Ambiguous { .. })), "{lost:?}");
    fake.platform.faults().clear();
    let second = fake.platform.texts().pop().expect("it was taken").sid;
    let after_a_crash = fake.open();
    let found = after_a_crash.deliver().expect("it sends").find(&today, &key(2)).await.expect("it is listed");
    assert_eq!(found.and_then(|sent| sent.id), Some(second));
    assert_eq!(fake.sent().len(), 2);
}

#[tokio::test]
async fn a_clock_of_ours_that_is_wrong_finds_it_all_the_same() {
    for wrong_ms in [-7_200_000, 7_200_000] {
        let fake = Fake::start().await;
        let clock = fake.clock.clone();
        let now = std::sync::Arc::new(move || crate::simulator::Clock::now_ms(&*clock) + wrong_ms);
        let channel = crate::sms::fake::open(fake.settings(), None, now.clone());
        let deliver = channel.deliver().expect("it sends");
        let part = deliver.compose(&draft("Yes"), now()).expect("it fits").remove(0);
        fake.platform.faults().switch_on(WebFault::Half);
        deliver.deliver(&part, &key(1), &Unfenced).await.expect_err("the answer broke off");
        fake.platform.faults().clear();
        let found = deliver.find(&part, &key(1)).await.expect("it is listed");
        assert!(found.is_some(), "{wrong_ms}");
    }
}

#[tokio::test]
async fn two_that_say_the_same_are_not_taken_for_one() {
    let fake = Fake::start().await;
    let channel = fake.open();
    let deliver = channel.deliver().expect("it sends");
    let same = part(&*channel, &fake, "Yes");
    let first = deliver.deliver(&same, &key(1), &Unfenced).await.expect("it is taken");
    let never = deliver.find(&same, &key(2)).await;
    assert!(matches!(never, Err(Failure::Ambiguous { .. })), "{never:?}");
    // The same delivery tried again is the same text.
    assert_eq!(deliver.deliver(&same, &key(1), &Unfenced).await.expect("it is known"), first);
    assert_eq!(fake.sent().len(), 1);
}

#[tokio::test]
async fn after_stop_nothing_is_sent_until_start() {
    let fake = Fake::start().await;
    let channel = fake.open();
    let deliver = channel.deliver().expect("it sends");
    fake.arrives("STOP");
    let refused = deliver.deliver(&part(&*channel, &fake, "Still there?"), &key(1), &Unfenced).await;
    let Err(Failure::Permanent { reason: Reason::OptedOut, why }) = refused else { panic!("{refused:?}") };
    assert!(why.contains("until they text START"), "{why}");
    fake.arrives("START");
    deliver.deliver(&part(&*channel, &fake, "Welcome back"), &key(2), &Unfenced).await.expect("it is taken");
}

#[tokio::test]
async fn one_text_too_many_is_parked_and_was_never_taken() {
    let fake = Fake::start().await;
    let channel = fake.open();
    let deliver = channel.deliver().expect("it sends");
    fake.platform.faults().switch_on("send/429:1".parse::<Plan<WebFault>>().expect("a plan"));
    let text = part(&*channel, &fake, "Yes");
    let limited = deliver.deliver(&text, &key(1), &Unfenced).await;
    assert!(matches!(limited, Err(Failure::RateLimited { .. })), "{limited:?}");
    assert!(fake.sent().is_empty());
    deliver.deliver(&text, &key(1), &Unfenced).await.expect("it is safe to try again");
    assert_eq!(fake.sent().len(), 1);
}
