//! Reading: nothing lost, nothing doubled, nothing paid twice, and one shut door leaves the other open.

use super::{AMPLE, directs, drain, ids, mentions, once, texts};
use crate::contract::{Budget, Cursor, Event, Failure, HeldReason, Scope, Visibility};
use crate::simulator::Plan;
use crate::simulator::web::WebFault;
use crate::x::fake::Fake;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

fn fault(plan: &str) -> Plan<WebFault> {
    plan.parse().unwrap()
}

#[tokio::test]
async fn both_streams_say_who_wrote_and_who_can_read_it() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let public = drain(&*channel, &mentions(), None, AMPLE).await.1;
    let private = drain(&*channel, &directs(), None, AMPLE).await.1;
    fake.patron
        .mention(&fake.library.id, "do you lend ukuleles? https://music.library.example/ukulele & strings");
    fake.patron.direct(&fake.library.id, "J'ai perdu ma carte…");
    let public = drain(&*channel, &mentions(), Some(public), AMPLE).await.0;
    let private = drain(&*channel, &directs(), Some(private), AMPLE).await.0;
    assert_eq!(texts(&public), ["do you lend ukuleles? https://music.library.example/ukulele & strings"]);
    assert_eq!(texts(&private), ["J'ai perdu ma carte…"]);
    for (envelopes, visibility) in [(public, Visibility::Public), (private, Visibility::Private)] {
        let Event::Message(message) = &envelopes[0].event else { panic!("{:?}", envelopes[0].event) };
        let author = message.author.as_ref().unwrap();
        assert_eq!((author.id.as_str(), author.shown.as_str()), (fake.patron.id(), "@ottoline_r"));
        assert_eq!(message.visibility, visibility);
        assert_eq!(envelopes[0].at, crate::x::fake::NOW_MS);
        assert!(message.thread.conversation.is_some());
    }
}

#[tokio::test]
async fn older_names_read_the_same() {
    let fake = Fake::start().await;
    let (newer, older) = (fake.channel(), fake.open(fake.settings().with("names", "tweet")));
    let start = drain(&*newer, &mentions(), None, AMPLE).await.1;
    fake.patron.mention(&fake.library.id, "one");
    let answered = fake.platform.says_in_public(&fake.library.id, &fake.first, "We are.");
    fake.patron.reply(&answered, "two");
    let one = drain(&*newer, &mentions(), Some(start.clone()), AMPLE).await.0;
    let other = drain(&*older, &mentions(), Some(start), AMPLE).await.0;
    assert_eq!(texts(&one), ["one", "two"]);
    assert_eq!((texts(&one), ids(&one)), (texts(&other), ids(&other)));
    let references = |event: &Event| match event {
        Event::Message(message) => (message.thread.conversation.clone(), message.thread.references.clone()),
        _ => Default::default(),
    };
    assert_eq!(references(&one[1].event), references(&other[1].event));
    assert_eq!(references(&one[1].event).1, [answered]);
}

#[tokio::test]
async fn each_patron_of_one_public_thread_has_a_conversation_of_their_own() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = drain(&*channel, &mentions(), None, AMPLE).await.1;
    let answered = fake.platform.says_in_public(&fake.library.id, &fake.first, "We are.");
    let marek = fake.platform.patron("marek_w", "Marek Wrona");
    fake.patron.reply(&answered, "thank you");
    marek.reply(&answered, "and on Tuesday?");
    let all = drain(&*channel, &mentions(), Some(start), AMPLE).await.0;
    let threads: Vec<_> = all
        .iter()
        .map(|envelope| match &envelope.event {
            Event::Message(message) => message.thread.conversation.clone().unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_ne!(threads[0], threads[1]);
    assert!(threads[0].ends_with(fake.patron.id()) && threads[1].ends_with(marek.id()));
}

#[tokio::test]
async fn what_was_there_before_stays_unless_it_is_asked_for() {
    let fake = Fake::start().await;
    fake.clock.advance(10 * DAY_MS);
    fake.patron.mention(&fake.library.id, "young");
    fake.patron.direct(&fake.library.id, "young too");
    let first = once(&*fake.channel(), &mentions(), None).await.unwrap();
    assert!(first.envelopes.is_empty() && first.note.unwrap().ends_with('.'));
    let read = |import: &str| fake.open(fake.settings().with("import", import));
    let everything = drain(&*read("everything"), &mentions(), None, AMPLE).await.0;
    assert_eq!(texts(&everything), ["are you open on Monday?", "young"]);
    let week = drain(&*read("7"), &mentions(), None, AMPLE).await.0;
    assert_eq!(texts(&week), ["young"]);
    let week = drain(&*read("7"), &directs(), None, AMPLE).await.0;
    assert_eq!(texts(&week), ["young too"]);
}

#[tokio::test]
async fn a_wide_gap_is_walked_down_over_several_readings_and_nothing_is_missing() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = drain(&*channel, &directs(), None, AMPLE).await.1;
    for number in 0..730 {
        fake.patron.direct(&fake.library.id, &format!("number {number}"));
    }
    for most in [1000, 170, 64] {
        let budget = Budget { max_items: most, ..AMPLE };
        let mut cursor = start.clone();
        let mut seen = Vec::new();
        let mut late = 0;
        loop {
            let batch = channel.poll().unwrap().poll(&directs(), Some(&cursor), budget).await.unwrap();
            assert!(batch.envelopes.len() <= most);
            seen.extend(texts(&batch.envelopes).into_iter().map(str::to_owned));
            assert!(batch.next != cursor || !batch.more, "it stands still");
            cursor = batch.next;
            // While somebody reads, others write.
            if late < 3 {
                late += 1;
                fake.patron.direct(&fake.library.id, &format!("late {late} of {most}"));
            } else if !batch.more {
                break;
            }
        }
        let numbers: Vec<&String> = seen.iter().filter(|text| text.starts_with("number")).collect();
        let unique: std::collections::BTreeSet<&String> = numbers.iter().copied().collect();
        assert_eq!((numbers.len(), unique.len()), (730, 730), "with {most} at a time");
        let late_ones = seen.iter().filter(|text| text.ends_with(&format!("of {most}"))).count();
        assert_eq!(late_ones, 3, "with {most} at a time");
    }
}

#[tokio::test]
async fn a_door_that_shuts_on_the_way_loses_nothing() {
    // X's own limits: fifteen looks in a quarter of an hour.
    let fake = Fake::with(1).await;
    let channel = fake.channel();
    let start = drain(&*channel, &directs(), None, AMPLE).await.1;
    for number in 0..1500 {
        fake.patron.direct(&fake.library.id, &format!("number {number}"));
    }
    let mut cursor = start;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..12 {
        match once(&*channel, &directs(), Some(&cursor)).await {
            Ok(batch) => {
                seen.extend(ids(&batch.envelopes).into_iter().map(str::to_owned));
                cursor = batch.next;
                if let Some(until) = batch.not_before {
                    fake.clock.advance(until - crate::simulator::Clock::now_ms(&*fake.clock));
                }
            }
            Err(Failure::RateLimited { until: Some(until), scope, .. }) => {
                assert_eq!(scope, Scope::Endpoint("dm_events".to_owned()));
                fake.clock.advance(until - crate::simulator::Clock::now_ms(&*fake.clock));
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(seen.len(), 1500);
}

#[tokio::test]
async fn a_429_on_direct_messages_does_not_stop_mentions() {
    let fake = Fake::with(1).await;
    let channel = fake.channel();
    let private = drain(&*channel, &directs(), None, AMPLE).await.1;
    let public = drain(&*channel, &mentions(), None, AMPLE).await.1;
    fake.patron.mention(&fake.library.id, "still here?");
    fake.platform.faults().switch_on(fault("dm/429"));
    let refused = once(&*channel, &directs(), Some(&private)).await.unwrap_err();
    let Failure::RateLimited { until, scope, why } = refused else { panic!("{refused:?}") };
    assert_eq!(scope, Scope::Endpoint("dm_events".to_owned()));
    assert_eq!(until, Some(crate::x::fake::NOW_MS + 300_000));
    assert!(why.ends_with('.'));
    let read = once(&*channel, &mentions(), Some(&public)).await.unwrap();
    assert_eq!(texts(&read.envelopes), ["still here?"]);
}

#[tokio::test]
async fn an_expired_token_is_refreshed_once_and_reading_goes_on() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = drain(&*channel, &mentions(), None, AMPLE).await.1;
    fake.platform.expire(&fake.library.id);
    fake.patron.mention(&fake.library.id, "while you were out");
    let read = drain(&*channel, &mentions(), Some(start.clone()), AMPLE).await.0;
    assert_eq!(texts(&read), ["while you were out"]);
    // A sign-in taken back is for a person to give again; what came meanwhile is read from the old place.
    fake.platform.revoke(&fake.library.id);
    let refused = once(&*channel, &mentions(), Some(&start)).await.unwrap_err();
    assert!(matches!(refused, Failure::NeedsSignin { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_day_reads_each_thing_once_for_money() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = drain(&*channel, &directs(), None, AMPLE).await.1;
    fake.patron.direct(&fake.library.id, "one");
    fake.patron.direct(&fake.library.id, "two");
    let batch = once(&*channel, &directs(), Some(&start)).await.unwrap();
    assert_eq!((batch.cost.requests, batch.cost.micros), (1, 20_000));
    // The same page again, as X gives no other.
    let again = once(&*channel, &directs(), Some(&batch.next)).await.unwrap();
    assert_eq!((again.envelopes.len(), again.cost.micros), (0, 0));
    fake.clock.advance(DAY_MS);
    let tomorrow = once(&*channel, &directs(), Some(&batch.next)).await.unwrap();
    assert_eq!(tomorrow.cost.micros, 20_000);
}

#[tokio::test]
async fn an_empty_look_is_one_round_trip() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    for stream in [mentions(), directs()] {
        let start = drain(&*channel, &stream, None, AMPLE).await.1;
        let before = fake.asked().len();
        let batch = once(&*channel, &stream, Some(&start)).await.unwrap();
        assert_eq!((fake.asked().len() - before, batch.next), (1, start));
    }
}

#[tokio::test]
async fn the_clock_of_this_machine_decides_nothing() {
    let fake = Fake::start().await;
    // Ours is a day late; X's own numbers say what is new.
    let mut account = fake.account(fake.settings());
    let outside =
        crate::contract::Outside::new(std::sync::Arc::new(|| crate::x::fake::NOW_MS - DAY_MS), None);
    account.outside = outside
        .unwrap()
        .narrowed(crate::contract::Connector::hosts(&crate::x::X, &account.settings), &account.settings);
    let channel = crate::contract::Connector::open(&crate::x::X, account).ok().unwrap();
    let start = drain(&*channel, &mentions(), None, AMPLE).await.1;
    fake.clock.advance(MINUTE_MS);
    fake.patron.mention(&fake.library.id, "later");
    let read = drain(&*channel, &mentions(), Some(start), AMPLE).await.0;
    assert_eq!(texts(&read), ["later"]);
    assert_eq!(read[0].at, crate::x::fake::NOW_MS + MINUTE_MS);
}

#[tokio::test]
async fn a_cursor_of_another_version_begins_again_at_everything() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let strange = Cursor(serde_json::json!({"v": 9, "somewhere": 7}));
    let refused = once(&*channel, &mentions(), Some(&strange)).await.unwrap_err();
    let Failure::CursorInvalid { reset: Some(reset), .. } = refused else { panic!("{refused:?}") };
    let read = drain(&*channel, &mentions(), Some(reset), AMPLE).await.0;
    assert_eq!(texts(&read), ["are you open on Monday?"]);
    let lost = Cursor(serde_json::json!({"v": 1, "last": fake.first, "from": null,
        "gap": {"top": "1999999999999999999", "below": "1999999999999999998", "token": "long forgotten"}}));
    let refused = once(&*channel, &mentions(), Some(&lost)).await.unwrap_err();
    let Failure::CursorInvalid { reset: Some(reset), .. } = refused else { panic!("{refused:?}") };
    assert!(once(&*channel, &mentions(), Some(&reset)).await.is_ok());
}

#[test]
fn an_item_that_cannot_be_read_is_held_and_the_others_are_not() {
    let page = br#"{"data":[{"text":"no number"},{"id":"1582838499983564806","text":"fine","author_id":"2"}],"meta":{}}"#;
    let found = crate::x::pushed::found(page, &crate::x::inbound::Own::default(), 0);
    let Event::Held(held) = &found[0].envelope.event else { panic!("{:?}", found[0]) };
    assert_eq!(held.reason, HeldReason::Unreadable);
    assert!(matches!(found[1].envelope.event, Event::Message(_)));
}

#[tokio::test]
async fn pictures_are_fetched_from_where_x_keeps_them() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let public = drain(&*channel, &mentions(), None, AMPLE).await.1;
    let private = drain(&*channel, &directs(), None, AMPLE).await.1;
    let picture = vec![0x89, b'P', b'N', b'G', 1, 2, 3];
    fake.patron.mention_with(&fake.library.id, "see", Some(picture.clone()));
    fake.patron.direct_with(&fake.library.id, "", Some(picture.clone()));
    let mut read = drain(&*channel, &mentions(), Some(public), AMPLE).await.0;
    read.extend(drain(&*channel, &directs(), Some(private), AMPLE).await.0);
    for envelope in &read {
        let Event::Message(message) = &envelope.event else { panic!("{:?}", envelope.event) };
        let crate::contract::Content::There { reference, .. } = &message.attachments[0].content else {
            panic!("it is fetched later")
        };
        let media = channel.media().unwrap();
        let file = media.fetch(reference, 100).await.unwrap();
        assert_eq!((&file.bytes[..], file.content_type.as_str()), (&picture[..], "image/png"));
        let refused = media.fetch(reference, 3).await.unwrap_err();
        assert!(matches!(refused, Failure::Permanent { .. }), "{refused:?}");
    }
}
