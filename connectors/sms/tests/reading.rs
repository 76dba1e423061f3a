//! The list, page by page, over days, and after things that went wrong.

use crate::contract::{Batch, Budget, Channel, Cursor, Event, Failure, ReceiptState, StreamId, Unfenced};
use crate::simulator::web::WebFault;
use crate::sms::fake::{Fake, NOW, NUMBER, PATRON, draft};

const AMPLE: Budget = Budget { max_items: 100, max_bytes: 1 << 20 };
const DAY_MS: i64 = 86_400_000;

async fn read(channel: &dyn Channel, stream: &str, cursor: Option<&Cursor>, budget: Budget) -> Batch {
    let stream = StreamId(stream.to_owned());
    channel.poll().expect("it can be asked").poll(&stream, cursor, budget).await.expect("all is well")
}

fn texts(batch: &Batch) -> Vec<String> {
    let text = |event: &Event| match event {
        Event::Message(message) => message.said.text.clone(),
        other => format!("{other:?}"),
    };
    batch.envelopes.iter().map(|envelope| text(&envelope.event)).collect()
}

fn asked(fake: &Fake) -> Vec<String> {
    fake.platform.ledger().pick(|line| line.what.asked().map(|asked| asked.target.clone()))
}

#[tokio::test]
async fn what_was_there_before_stays_there_and_what_comes_is_given_once() {
    let fake = Fake::start().await;
    let channel = fake.open();
    fake.arrives("From before");
    let first = read(&*channel, "received", None, AMPLE).await;
    assert_eq!((texts(&first).len(), first.more), (0, false));
    assert!(first.note.is_some_and(|note| note.contains("stay with Twilio")));
    fake.arrives("One");
    fake.pass(1_000);
    fake.arrives("Two");
    let second = read(&*channel, "received", Some(&first.next), AMPLE).await;
    assert_eq!(texts(&second), ["One", "Two"], "oldest first");
    let third = read(&*channel, "received", Some(&second.next), AMPLE).await;
    assert_eq!((texts(&third).len(), &third.next, third.cost.requests), (0, &second.next, 1));
}

#[tokio::test]
async fn the_past_is_imported_as_far_as_asked() {
    let fake = Fake::start().await;
    fake.arrives("Long ago");
    fake.pass(10 * DAY_MS);
    fake.arrives("Lately");
    fake.pass(2 * DAY_MS);
    for (import, expected) in
        [("everything", vec!["Long ago", "Lately"]), ("5", vec!["Lately"]), ("new", Vec::new())]
    {
        let channel = fake.open_with(fake.settings().with("import", import), None);
        assert_eq!(texts(&read(&*channel, "received", None, AMPLE).await), expected, "{import}");
    }
}

#[tokio::test]
async fn a_day_is_asked_for_again_and_again_and_nothing_is_given_twice() {
    let fake = Fake::start().await;
    let channel = fake.open();
    let mut cursor = read(&*channel, "received", None, AMPLE).await.next;
    let mut given = Vec::new();
    for day in 0..5 {
        fake.pass(DAY_MS - 3_600_000);
        fake.arrives(&format!("Day {day}"));
        let batch = read(&*channel, "received", Some(&cursor), AMPLE).await;
        given.extend(texts(&batch));
        cursor = batch.next;
    }
    assert_eq!(given, ["Day 0", "Day 1", "Day 2", "Day 3", "Day 4"]);
    let last = asked(&fake).pop().expect("it was asked");
    // The fourth day's text was the latest that was known; a day of overlap before it.
    assert!(last.contains("DateSent%3E=2026-11-25&PageSize=100"), "{last}");
    let marks = cursor.0["seen"].as_object().expect("by day").len();
    assert!(marks <= 3, "what is older is forgotten: {cursor:?}");
}

#[tokio::test]
async fn texts_that_come_while_pages_are_turned_are_neither_lost_nor_doubled() {
    let fake = Fake::start().await;
    let channel = fake.open();
    let mut cursor = read(&*channel, "received", None, AMPLE).await.next;
    for n in 0..6 {
        fake.arrives(&format!("{n}"));
    }
    let two = Budget { max_items: 2, ..AMPLE };
    let mut given = Vec::new();
    let mut late = 0;
    for _ in 0..20 {
        let batch = read(&*channel, "received", Some(&cursor), two).await;
        given.extend(texts(&batch));
        cursor = batch.next;
        if late < 3 {
            fake.arrives(&format!("late {late}"));
            late += 1;
        } else if !batch.more && batch.envelopes.is_empty() {
            break;
        }
    }
    given.sort();
    assert_eq!(given, ["0", "1", "2", "3", "4", "5", "late 0", "late 1", "late 2"]);
}

#[tokio::test]
async fn a_wrong_clock_of_ours_loses_nothing() {
    for wrong_ms in [-3 * DAY_MS, -3_600_000, 3_600_000, 3 * DAY_MS] {
        let fake = Fake::start().await;
        let clock = fake.clock.clone();
        let now = std::sync::Arc::new(move || crate::simulator::Clock::now_ms(&*clock) + wrong_ms);
        let channel = crate::sms::fake::open(fake.settings(), None, now);
        let mut cursor = read(&*channel, "received", None, AMPLE).await.next;
        let mut given = Vec::new();
        for n in 0..4 {
            fake.arrives(&format!("{n}"));
            fake.pass(DAY_MS);
            let batch = read(&*channel, "received", Some(&cursor), AMPLE).await;
            given.extend(texts(&batch));
            cursor = batch.next;
        }
        assert_eq!(given, ["0", "1", "2", "3"], "{wrong_ms} ms wrong");
    }
}

#[tokio::test]
async fn a_page_that_is_gone_begins_the_list_again() {
    let fake = Fake::start().await;
    let channel = fake.open();
    let start = read(&*channel, "received", None, AMPLE).await.next;
    for n in 0..5 {
        fake.arrives(&format!("{n}"));
    }
    let first = read(&*channel, "received", Some(&start), Budget { max_items: 2, ..AMPLE }).await;
    assert!(first.more);
    let mut stale = first.next.0.clone();
    let walk = stale["walk"].as_str().expect("it goes on").replace("PageToken=PA", "PageToken=PAgone");
    stale["walk"] = walk.into();
    let stream = StreamId("received".to_owned());
    let result = channel.poll().expect("it can be asked").poll(&stream, Some(&Cursor(stale)), AMPLE).await;
    let Err(Failure::CursorInvalid { reset: Some(reset), .. }) = result else { panic!("{result:?}") };
    let again = read(&*channel, "received", Some(&reset), AMPLE).await;
    assert_eq!(texts(&again), ["0", "1", "2"], "what was not given yet");
}

#[tokio::test]
async fn a_list_that_would_lead_elsewhere_is_not_followed() {
    let fake = Fake::start().await;
    let channel = fake.open();
    let mut place = read(&*channel, "received", None, AMPLE).await.next.0;
    place["walk"] = "https://elsewhere.example/2010-04-01/list".into();
    let stream = StreamId("received".to_owned());
    let result = channel.poll().expect("it can be asked").poll(&stream, Some(&Cursor(place)), AMPLE).await;
    assert!(matches!(result, Err(Failure::AccountBlocked { .. })), "the door is shut: {result:?}");
}

#[tokio::test]
async fn a_cursor_of_another_making_is_invalid_and_not_fatal() {
    let fake = Fake::start().await;
    let channel = fake.open();
    let stream = StreamId("received".to_owned());
    for strange in [serde_json::json!({"v": 2}), serde_json::json!("x"), serde_json::Value::Null] {
        let cursor = Cursor(strange);
        let result = channel.poll().expect("it can be asked").poll(&stream, Some(&cursor), AMPLE).await;
        assert!(matches!(result, Err(Failure::CursorInvalid { reset: None, .. })), "{result:?}");
    }
}

#[tokio::test]
async fn after_a_token_that_no_longer_held_everything_since_is_given() {
    let fake = Fake::start().await;
    let channel = fake.open();
    let start = read(&*channel, "received", None, AMPLE).await.next;
    fake.platform.faults().switch_on(WebFault::Revoked);
    for n in 0..3 {
        fake.arrives(&format!("{n}"));
        fake.pass(2 * DAY_MS);
        let stream = StreamId("received".to_owned());
        let result = channel.poll().expect("it can be asked").poll(&stream, Some(&start), AMPLE).await;
        assert!(matches!(result, Err(Failure::NeedsSignin { .. })), "{result:?}");
    }
    fake.platform.faults().clear();
    assert_eq!(texts(&read(&*channel, "received", Some(&start), AMPLE).await), ["0", "1", "2"]);
}

#[tokio::test]
async fn what_became_of_ours_is_read_from_the_list_once_it_is_settled() {
    let fake = Fake::start().await;
    let channel = fake.open();
    let start = read(&*channel, "sent", None, AMPLE).await.next;
    let deliver = channel.deliver().expect("it sends");
    let mut sids = Vec::new();
    for (n, text) in ["Arrives", "Does not"].into_iter().enumerate() {
        let part = deliver.compose(&draft(text), NOW).expect("it fits").remove(0);
        let key = crate::contract::Key(uuid::Uuid::from_u128(n as u128));
        fake.platform.set_fate(PATRON, (n == 1).then_some(30003));
        sids.push(
            deliver.deliver(&part, &key, &Unfenced).await.expect("it is taken").id.expect("it has a name"),
        );
        fake.pass(5_000);
    }
    let young = read(&*channel, "sent", Some(&start), AMPLE).await;
    assert!(young.envelopes.is_empty(), "the core may not have noted their names yet");
    fake.pass(120_000);
    let batch = read(&*channel, "sent", Some(&young.next), AMPLE).await;
    let word: Vec<(String, ReceiptState, bool)> = batch
        .envelopes
        .iter()
        .map(|envelope| match &envelope.event {
            Event::Receipt(receipt) => {
                (receipt.id.clone().unwrap_or_default(), receipt.state, receipt.why.is_some())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        word,
        [(sids[0].clone(), ReceiptState::Delivered, false), (sids[1].clone(), ReceiptState::Failed, true)]
    );
    assert!(read(&*channel, "sent", Some(&batch.next), AMPLE).await.envelopes.is_empty());
}

#[tokio::test]
async fn a_probe_says_whose_number_it_is_and_what_is_wrong() {
    let fake = Fake::start().await;
    let well = fake.open().probe().await.expect("all is well");
    assert_eq!((well.address.as_str(), well.ours), ("(406) 555-0100", vec![NUMBER.to_owned()]));
    assert!(well.checks.iter().all(|check| check.passed), "{:?}", well.checks);
    let strange = fake.open_with(fake.settings().with("number", "+14065559999"), None);
    let checks = strange.probe().await.expect("it answers").checks;
    let number = checks.iter().find(|check| check.name == "The number").expect("it is checked");
    assert!(!number.passed && number.detail.contains("does not belong"), "{number:?}");
    let wrong = fake.open_with(fake.settings().with_secret("auth_token", "another token"), None);
    assert!(matches!(wrong.probe().await, Err(Failure::NeedsSignin { .. })));
}
