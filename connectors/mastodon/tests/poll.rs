//! Reading: what patrons say in public and in private, what the account says elsewhere, limits, and beginnings.

use super::{AMPLE, drain, mentions, once, own, texts};
use crate::contract::{Budget, Content, Event, Failure, Message, Visibility};
use crate::mastodon::fake::{Fake, NOW_MS};
use crate::simulator::mastodon::Seen;
use crate::simulator::{Plan, web::WebFault};

fn message(event: &Event) -> &Message {
    match event {
        Event::Message(message) | Event::Echo(message) => message,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_mention_says_who_what_when_and_who_can_read_it() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = once(&*channel, &mentions(), None).await.unwrap();
    assert!(start.envelopes.is_empty() && start.note.is_some(), "what was there stays there");
    let text = "do you lend <ukuleles> & strings? See https://library.example/a/very/long/way/to/the/list";
    let id = fake.patron.write(&fake.library, text, Seen::Unlisted, None, Some(vec![1, 2, 3]));
    let batch = once(&*channel, &mentions(), Some(&start.next)).await.unwrap();
    assert_eq!((batch.envelopes.len(), batch.more), (1, false));
    let envelope = &batch.envelopes[0];
    assert_eq!((envelope.external_id.clone(), envelope.at), (format!("post/{id}"), NOW_MS));
    let said = message(&envelope.event);
    assert_eq!(said.author.as_ref().unwrap().id, "ottoline@reading.example");
    assert_eq!(said.author.as_ref().unwrap().shown, "@Ottoline@reading.example");
    assert_eq!(said.said.reply_text, text);
    assert_eq!(said.said.text, format!("@fernhill {text}"));
    assert_eq!((said.visibility, &said.thread.conversation), (Visibility::Public, &None));
    assert!(said.link.as_ref().unwrap().starts_with("https://reading.example/@Ottoline/"));
    let Content::There { reference, .. } = &said.attachments[0].content else { panic!("it lies there") };
    let file = channel.media().unwrap().fetch(reference, 10).await.unwrap();
    assert_eq!((&file.bytes[..], file.content_type.as_str()), (&[1, 2, 3][..], "image/png"));
    let too_large = channel.media().unwrap().fetch(reference, 2).await;
    assert!(matches!(too_large, Err(Failure::Permanent { .. })), "{too_large:?}");
    let elsewhere = reference.replace("127.0.0.1", "127.0.0.2");
    let refused = channel.media().unwrap().fetch(&elsewhere, 10).await.unwrap_err().to_string();
    assert!(refused.contains("127.0.0.2") && refused.contains("Hosts of files"), "{refused}");
}

/// Instances keep private posts of strangers from an account's owner; a library wants exactly those.
#[tokio::test]
async fn a_strangers_private_question_comes_in_and_is_one_conversation() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = once(&*channel, &mentions(), None).await.unwrap().next;
    let first = fake.patron.direct(&fake.library, "my card is lost");
    fake.patron.write(&fake.library, "and my PIN", Seen::Direct, Some(&first), None);
    fake.patron.write(&fake.library, "for my followers", Seen::Private, None, None);
    let (came, _) = drain(&*channel, &mentions(), Some(start), AMPLE).await;
    let said: Vec<&Message> = came.iter().map(|envelope| message(&envelope.event)).collect();
    assert!(said.iter().all(|said| said.visibility == Visibility::Private));
    let conversation = Some("direct/ottoline@reading.example".to_owned());
    assert_eq!((&said[0].thread.conversation, &said[1].thread.conversation), (&conversation, &conversation));
    assert_eq!((&said[1].thread.references, &said[2].thread.conversation), (&vec![first], &None));
}

#[tokio::test]
async fn what_the_account_says_elsewhere_is_an_echo_and_what_it_announces_is_not() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let start = once(&*channel, &own(), None).await.unwrap().next;
    let direct = fake.patron.direct(&fake.library, "hello?");
    fake.platform.says(&fake.library, "@Ottoline@reading.example We are!", Seen::Public, Some(&fake.first));
    fake.platform.says(&fake.library, "Story time at ten", Seen::Public, None);
    fake.platform.says(&fake.library, "@Ottoline@reading.example Hello!", Seen::Direct, Some(&direct));
    let (came, _) = drain(&*channel, &own(), Some(start), AMPLE).await;
    assert_eq!(texts(&came), ["We are!", "ignored", "Hello!"]);
    assert!(matches!(&came[0].event, Event::Echo(said) if said.thread.references == [fake.first.clone()]));
    let Event::Echo(said) = &came[2].event else { panic!("{:?}", came[2].event) };
    assert_eq!(said.thread.conversation.as_deref(), Some("direct/ottoline@reading.example"));
    let streams = channel.poll().unwrap().streams().await.unwrap();
    assert_eq!(streams.iter().map(|stream| stream.echoes).collect::<Vec<_>>(), [false, true]);
}

#[tokio::test]
async fn more_than_a_page_is_read_in_order_and_an_empty_reading_asks_once() {
    let fake = Fake::start().await;
    let channel = fake.open(fake.settings().with("import", "everything"));
    let expected: Vec<String> = (0..205).map(|n| format!("question {n}")).collect();
    expected.iter().for_each(|text| drop(fake.patron.mention(&fake.library, text)));
    let (came, cursor) = drain(&*channel, &mentions(), None, Budget { max_items: 70, ..AMPLE }).await;
    assert_eq!(texts(&came)[1..], expected);
    let before = fake.asked().len();
    let batch = once(&*channel, &mentions(), Some(&cursor)).await.unwrap();
    assert_eq!((batch.envelopes.len(), batch.next, fake.asked().len() - before), (0, cursor, 1));
}

#[tokio::test]
async fn older_messages_are_read_as_the_settings_say() {
    let fake = Fake::start().await;
    fake.clock.advance(10 * 86_400_000);
    fake.patron.mention(&fake.library, "ten days later");
    for (import, expected) in [
        ("new", &[][..]),
        ("3", &["ten days later"]),
        ("everything", &["are you open on Monday?", "ten days later"]),
    ] {
        let channel = fake.open(fake.settings().with("import", import));
        assert_eq!(texts(&drain(&*channel, &mentions(), None, AMPLE).await.0), expected, "{import}");
    }
}

#[tokio::test]
async fn a_limit_is_kept_to_before_it_is_met() {
    let fake = Fake::with(|options| options.patience = 1).await;
    let channel = fake.channel();
    let mut cursor = once(&*channel, &mentions(), None).await.unwrap().next;
    let mut not_before = None;
    // Two of the three hundred went into asking who we are; the one about the instance is not counted.
    for _ in 0..298 {
        let batch = once(&*channel, &mentions(), Some(&cursor)).await.unwrap();
        (cursor, not_before) = (batch.next, batch.not_before);
    }
    assert_eq!(not_before, Some(NOW_MS + 300_000));
    let refused = once(&*channel, &mentions(), Some(&cursor)).await;
    let Err(Failure::RateLimited { until, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(until, Some(NOW_MS + 300_000));
    fake.clock.advance(300_000);
    assert!(once(&*channel, &mentions(), Some(&cursor)).await.is_ok());
}

#[tokio::test]
async fn a_probe_says_who_we_are_and_learns_what_the_instance_takes() {
    let fake = Fake::with(|options| options.max_characters = 5000).await;
    let channel = fake.channel();
    assert_eq!(channel.capabilities().text.max, Some(468), "as Mastodon comes");
    let probe = channel.probe().await.unwrap();
    assert_eq!(
        (probe.address.as_str(), probe.ours),
        ("@fernhill@library.example", vec!["fernhill@library.example".into()])
    );
    assert_eq!(probe.checks.iter().map(|check| check.passed).collect::<Vec<_>>(), [true; 3]);
    assert_eq!(channel.capabilities().text.max, Some(4968));
    // What was learnt is known from the start by whoever opens the channel with it.
    let learnt = channel.learnt();
    assert_eq!(learnt.get("post_limit"), Some("5000"));
    let mut settings = fake.settings();
    learnt.iter().for_each(|(name, value)| settings.set(name, value.clone()));
    assert_eq!(fake.open(settings).capabilities().text.max, Some(4968));
    fake.platform.faults().switch_on(Plan::new(WebFault::Revoked).place("notifications"));
    assert!(matches!(channel.probe().await, Err(Failure::NeedsSignin { .. })));
}
