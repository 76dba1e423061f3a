//! Reading by asking: nothing lost, nothing twice, whatever happens meanwhile.

use super::{AMPLE, drain, once, texts};
use crate::contract::{Budget, Event, Failure, Scope, Visibility};
use crate::facebook::fake::{Fake, NOW};
use crate::simulator::Plan;
use crate::simulator::web::WebFault;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

#[tokio::test]
async fn what_is_private_and_what_is_public_come_apart() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let streams = channel.poll().unwrap().streams().await.unwrap();
    let names: Vec<&str> = streams.iter().map(|stream| stream.id.0.as_str()).collect();
    assert_eq!(names, ["messages", "comments"]);
    let private = once(&*channel, "messages", None).await.unwrap();
    let public = once(&*channel, "comments", None).await.unwrap();
    assert!(
        private.envelopes.is_empty() && public.envelopes.is_empty(),
        "what is there already stays unread"
    );
    fake.clock.advance(MINUTE_MS);
    fake.patron.write(&fake.page.id, "May I renew twice?");
    let comment = fake.patron.comment(&fake.post, "Is the café open too?").unwrap();
    let private = once(&*channel, "messages", Some(&private.next)).await.unwrap();
    let public = once(&*channel, "comments", Some(&public.next)).await.unwrap();
    assert_eq!(private.cost.requests, 1, "the news of a minute take one call");
    let Event::Message(said) = &private.envelopes[0].event else { panic!("{private:?}") };
    assert_eq!((said.visibility, said.said.text.as_str()), (Visibility::Private, "May I renew twice?"));
    assert_eq!(said.author.as_ref().unwrap().name.as_deref(), Some("Abena Osei"));
    assert_eq!(said.thread.conversation, Some(format!("dm:{}", fake.patron.id())));
    let Event::Message(said) = &public.envelopes[0].event else { panic!("{public:?}") };
    assert_eq!((said.visibility, said.said.text.as_str()), (Visibility::Public, "Is the café open too?"));
    assert_eq!(said.thread.conversation, Some(format!("comment:{comment}")));
    assert!(said.link.as_ref().is_some_and(|link| link.contains(&comment)));
    assert_eq!((private.envelopes.len(), public.envelopes.len()), (1, 1));
}

#[tokio::test]
async fn news_that_arrive_between_two_pages_come_once_each() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = once(&*channel, "messages", None).await.unwrap().next;
    let people: Vec<_> = (0..40).map(|n| fake.platform.person(&format!("Person {n}"))).collect();
    let mut expected = Vec::new();
    for (n, person) in people.iter().chain(&people).enumerate() {
        if n % 9 == 0 {
            fake.clock.advance(1_000);
        }
        person.write(&fake.page.id, &format!("Question {n}"));
        expected.push(format!("message: Question {n}"));
    }
    let (mut all, mut cursor, mut round) = (Vec::new(), start, 0);
    loop {
        let budget = Budget { max_items: 7, ..AMPLE };
        let batch =
            channel.poll().unwrap().poll(&super::stream("messages"), Some(&cursor), budget).await.unwrap();
        all.extend(batch.envelopes);
        cursor = batch.next;
        if !batch.more {
            break;
        }
        round += 1;
        if round % 3 == 0 && round < 10 {
            let late = format!("Late question {round}");
            people[round].write(&fake.page.id, &late);
            expected.push(format!("message: {late}"));
        }
    }
    all.extend(drain(&*channel, "messages", Some(cursor), AMPLE).await.0);
    let mut got = texts(&all);
    got.sort();
    expected.sort();
    assert_eq!(got, expected);
}

#[tokio::test]
async fn a_conversation_longer_than_a_page_is_read_to_its_end() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = once(&*channel, "messages", None).await.unwrap().next;
    for n in 0..80 {
        fake.clock.advance(1_000);
        fake.patron.write(&fake.page.id, &format!("{n}"));
    }
    let (all, _) = drain(&*channel, "messages", Some(start), AMPLE).await;
    let expected: Vec<String> = (0..80).map(|n| format!("message: {n}")).collect();
    assert_eq!(texts(&all), expected, "in the order in which they were said");
}

#[tokio::test]
async fn another_process_goes_on_from_the_same_place() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = once(&*channel, "messages", None).await.unwrap().next;
    for n in 0..10 {
        fake.clock.advance(1_000);
        fake.patron.write(&fake.page.id, &format!("{n}"));
    }
    let budget = Budget { max_items: 4, ..AMPLE };
    let stream = super::stream("messages");
    let first = channel.poll().unwrap().poll(&stream, Some(&start), budget).await.unwrap();
    assert!(first.more);
    // It has no leftovers of ours.
    let (rest, _) = drain(&*fake.channel(), "messages", Some(first.next), AMPLE).await;
    assert_eq!(
        texts(&rest),
        ["message: 4", "message: 5", "message: 6", "message: 7", "message: 8", "message: 9"]
    );
}

#[tokio::test]
async fn what_came_while_the_sign_in_was_dead_comes_afterwards() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = once(&*channel, "messages", None).await.unwrap().next;
    fake.platform.revoke(&fake.page.id);
    for n in 0..3 {
        fake.clock.advance(6 * 60 * MINUTE_MS);
        fake.patron.write(&fake.page.id, &format!("Is anybody there? {n}"));
        let dead = once(&*channel, "messages", Some(&start)).await;
        assert!(matches!(dead, Err(Failure::NeedsSignin { .. })), "{dead:?}");
    }
    fake.platform.restore(&fake.page);
    let (all, _) = drain(&*channel, "messages", Some(start), AMPLE).await;
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn a_clock_of_ours_that_runs_ahead_passes_over_nothing() {
    let fake = Fake::start().await;
    let mut account = fake.account(fake.settings());
    let ahead = crate::contract::Outside::new(std::sync::Arc::new(|| NOW + 3 * DAY_MS), None).unwrap();
    let settings = fake.settings();
    account.outside =
        ahead.narrowed(crate::contract::Connector::hosts(&crate::facebook::Facebook, &settings), &settings);
    let channel = crate::contract::Connector::open(&crate::facebook::Facebook, account).unwrap();
    for (name, expected) in [("messages", "message: Still there?"), ("comments", "message: And here?")] {
        let start = once(&*channel, name, None).await.unwrap().next;
        fake.clock.advance(MINUTE_MS);
        match name {
            "messages" => drop(fake.patron.write(&fake.page.id, "Still there?")),
            _ => drop(fake.patron.comment(&fake.post, "And here?")),
        }
        let (all, _) = drain(&*channel, name, Some(start), AMPLE).await;
        assert_eq!(texts(&all), [expected]);
    }
}

#[tokio::test]
async fn older_messages_are_read_where_the_settings_say_so() {
    let fake = Fake::start().await;
    fake.clock.advance(2 * DAY_MS);
    fake.patron.write(&fake.page.id, "Yesterday's question");
    fake.patron.comment(&fake.post, "Yesterday's comment");
    fake.clock.advance(DAY_MS);
    let channel = fake.open(fake.settings().with("import", "2"));
    let (private, _) = drain(&*channel, "messages", None, AMPLE).await;
    assert_eq!(texts(&private), ["message: Yesterday's question"], "and not the one of three days ago");
    let (public, _) = drain(&*channel, "comments", None, AMPLE).await;
    assert_eq!(texts(&public), ["message: Yesterday's comment"]);
}

#[tokio::test]
async fn under_a_comment_everything_joins_one_thread_and_our_own_is_an_echo() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = once(&*channel, "comments", None).await.unwrap().next;
    fake.clock.advance(MINUTE_MS);
    let root = fake.patron.comment(&fake.post, "Are there e-readers?").unwrap();
    let omar = fake.platform.person("Omar Haddad");
    omar.comment(&root, "I wonder too.").unwrap();
    fake.platform.comment_by_hand(&fake.page.id, &root, "Four of them.").unwrap();
    let visited = omar.post(&fake.page.id, "Is the car park open?");
    let (all, _) = drain(&*channel, "comments", Some(start), AMPLE).await;
    let threads: Vec<_> = all
        .iter()
        .map(|envelope| match &envelope.event {
            Event::Message(message) | Event::Echo(message) => {
                (message.said.text.as_str(), message.thread.conversation.clone().unwrap())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let thread = format!("comment:{root}");
    for (text, expected) in [
        ("Are there e-readers?", &thread),
        ("I wonder too.", &thread),
        ("Four of them.", &thread),
        ("Is the car park open?", &format!("post:{visited}")),
    ] {
        assert!(threads.contains(&(text, expected.clone())), "{text}: {threads:?}");
    }
    assert_eq!(texts(&all).iter().filter(|text| *text == "echo: Four of them.").count(), 1);
    assert_eq!(all.len(), 4, "the Page's own post is no question");
}

#[tokio::test]
async fn messenger_may_be_used_up_while_comments_go_on() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let private = once(&*channel, "messages", None).await.unwrap().next;
    let public = once(&*channel, "comments", None).await.unwrap().next;
    fake.platform.set_usage("messenger", 100, 19);
    let limited = once(&*channel, "messages", Some(&private)).await;
    let Err(Failure::RateLimited { until, scope, .. }) = limited else { panic!("{limited:?}") };
    assert_eq!((until, scope), (Some(NOW + 19 * MINUTE_MS), Scope::Endpoint("messenger".into())));
    let before = fake.platform.ledger().counts();
    assert!(once(&*channel, "messages", Some(&private)).await.is_err());
    assert_eq!(fake.platform.ledger().counts(), before, "a call now would only make it last longer");
    assert!(once(&*channel, "comments", Some(&public)).await.is_ok());
    fake.platform.set_usage("messenger", 3, 0);
    fake.clock.advance(19 * MINUTE_MS);
    assert!(once(&*channel, "messages", Some(&private)).await.is_ok());
}

#[tokio::test]
async fn a_used_up_app_stops_both_streams() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let public = once(&*channel, "comments", None).await.unwrap().next;
    fake.platform.set_usage("app", 100, 0);
    for name in ["messages", "comments"] {
        let limited = once(&*channel, name, Some(&public)).await;
        assert!(
            matches!(limited, Err(Failure::RateLimited { scope: Scope::App, until: Some(_), .. })),
            "{limited:?}"
        );
    }
}

#[tokio::test]
async fn reading_waits_while_much_is_used_so_that_answers_can_leave() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    fake.platform.set_usage("pages", 85, 0);
    let batch = once(&*channel, "comments", None).await.unwrap();
    assert!(batch.not_before.is_some_and(|at| at > NOW), "{:?}", batch.not_before);
}

#[tokio::test]
async fn an_answer_cut_in_half_is_asked_for_again() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = once(&*channel, "messages", None).await.unwrap().next;
    fake.patron.write(&fake.page.id, "Hello?");
    fake.platform.faults().switch_on(Plan::new(WebFault::Half).times(1));
    let broken = once(&*channel, "messages", Some(&start)).await;
    assert!(matches!(broken, Err(Failure::Transient { .. })), "{broken:?}");
    assert_eq!(once(&*channel, "messages", Some(&start)).await.unwrap().envelopes.len(), 1);
}

/// Thirty pages, each of which breaks one time in five.
#[tokio::test]
async fn a_long_walk_comes_to_its_end_although_pages_break() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = once(&*channel, "messages", None).await.unwrap().next;
    for n in 0..750 {
        fake.platform.person(&format!("Person {n}")).write(&fake.page.id, "Hello?");
    }
    fake.platform.faults().switch_on("messenger/5xx:20%".parse::<Plan<WebFault>>().unwrap());
    // The first page is not asked for again: nothing is thrown away with it.
    let mut walked = Vec::new();
    for _ in 0..5 {
        walked.push(once(&*channel, "messages", Some(&start)).await.map(|batch| batch.envelopes.len()));
    }
    assert!(walked.iter().any(Result::is_ok), "{walked:?}");
    assert!(walked.iter().flatten().all(|found| *found == AMPLE.max_items), "{walked:?}");
}

#[tokio::test]
async fn another_versions_place_is_said_and_begun_anew() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let strange = crate::contract::Cursor(serde_json::json!({ "v": 99 }));
    let result = once(&*channel, "messages", Some(&strange)).await;
    assert!(matches!(result, Err(Failure::CursorInvalid { reset: None, .. })), "{result:?}");
}
