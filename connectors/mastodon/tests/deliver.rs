//! Answering: who may read it, whom it names, how long it may be, files, and one post for one key.

use uuid::Uuid;

use super::answer;
use crate::conformance::enclose;
use crate::contract::{Channel, Draft, Enclosure, Failure, Key, Part, Reason, Scope, Unfenced, Visibility};
use crate::mastodon::deliver::visibility;
use crate::mastodon::fake::{Fake, PATRON};
use crate::simulator::mastodon::Seen;
use crate::simulator::{Plan, web::WebFault};

const KEY: Key = Key(Uuid::from_u128(5));

pub fn part(channel: &dyn Channel, draft: &Draft) -> Part {
    let mut parts = channel.deliver().unwrap().compose(draft, crate::mastodon::fake::NOW_MS).unwrap();
    assert_eq!(parts.len(), 1);
    parts.remove(0)
}

async fn sent(fake: &Fake, draft: &Draft, key: u128) -> (String, Seen) {
    let channel = fake.channel();
    let sent = channel
        .deliver()
        .unwrap()
        .deliver(&part(&*channel, draft), &Key(Uuid::from_u128(key)), &Unfenced)
        .await;
    fake.platform.posted(&sent.unwrap().id.unwrap()).unwrap()
}

#[tokio::test]
async fn an_answer_is_never_seen_by_more_than_what_it_answers() {
    let fake = Fake::start().await;
    let mut key = 0;
    for (asked, wanted, expected) in [
        (Seen::Public, Visibility::Public, Seen::Public),
        (Seen::Unlisted, Visibility::Public, Seen::Unlisted),
        (Seen::Private, Visibility::Public, Seen::Direct),
        (Seen::Direct, Visibility::Public, Seen::Direct),
        (Seen::Public, Visibility::Private, Seen::Direct),
        (Seen::Unlisted, Visibility::Private, Seen::Direct),
        (Seen::Direct, Visibility::Private, Seen::Direct),
    ] {
        let post = fake.patron.write(&fake.library, "may I?", asked, None, None);
        key += 1;
        let (text, seen) = sent(&fake, &answer("You may.", Some(&post), wanted), key).await;
        assert_eq!((text, seen), (format!("@{PATRON} You may."), expected), "{asked:?} {wanted:?}");
    }
    assert_eq!(fake.patron.heard().len(), 7, "each answer names them");
    for strange in [None, Some(""), Some("local"), Some("private")] {
        assert_eq!(visibility(true, strange), "direct");
    }
}

#[tokio::test]
async fn what_is_gone_is_answered_in_private_only() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    fake.platform.delete(&fake.first);
    let public = part(&*channel, &answer("We are.", Some(&fake.first), Visibility::Public));
    let refused = channel.deliver().unwrap().deliver(&public, &KEY, &Unfenced).await;
    assert!(
        matches!(refused, Err(Failure::Permanent { reason: Reason::RecipientUnavailable, .. })),
        "{refused:?}"
    );
    let (text, seen) = sent(&fake, &answer("We are.", Some(&fake.first), Visibility::Private), 6).await;
    assert_eq!((text, seen), (format!("@{PATRON} We are."), Seen::Direct));
}

#[tokio::test]
async fn who_is_named_already_is_not_named_again() {
    let fake = Fake::start().await;
    let draft = answer("Hello @ottoline@reading.example!", Some(&fake.first), Visibility::Public);
    assert_eq!(sent(&fake, &draft, 1).await.0, "Hello @ottoline@reading.example!");
    let mut machine = answer("We are closed.", Some(&fake.first), Visibility::Public);
    machine.automatic = true;
    assert_eq!(sent(&fake, &machine, 2).await.0, format!("@{PATRON} [auto] We are closed."));
    let mut nobody = answer("Hello", None, Visibility::Private);
    (nobody.to.address.id, nobody.to.address.shown) = ("12".into(), "@somebody".into());
    let refused = fake.channel().deliver().unwrap().compose(&nobody, 0).unwrap_err();
    assert_eq!(refused.reason, Reason::RecipientUnavailable);
    nobody.to.address.id = "a@b c@d".into();
    assert!(fake.channel().deliver().unwrap().compose(&nobody, 0).is_err(), "a name that would name others");
}

#[tokio::test]
async fn what_fits_here_fits_there() {
    let fake = Fake::with(|options| options.max_characters = 200).await;
    let channel = fake.channel();
    channel.probe().await.unwrap();
    let deliver = channel.deliver().unwrap();
    assert_eq!(channel.capabilities().text.max, Some(168));
    let link = format!("https://library.org/{}", "x".repeat(300));
    let longest = format!("{link} {}", "é".repeat(168 - 24));
    assert_eq!(deliver.measure(&longest, Visibility::Public).unwrap().used, 168);
    let draft = |text: &str| answer(text, Some(&fake.first), Visibility::Public);
    deliver.deliver(&part(&*channel, &draft(&longest)), &KEY, &Unfenced).await.unwrap();
    let refused = deliver.compose(&draft(&(longest.clone() + "a")), 0).unwrap_err();
    assert_eq!(refused.reason, Reason::TooLong);
    assert!(!deliver.measure(&(longest + "a"), Visibility::Public).unwrap().notes.is_empty());
    // An instance that takes less than it said says so.
    let other = Fake::with(|options| options.max_characters = 60).await;
    let unaware = other.channel();
    let long = part(&*unaware, &answer(&"a".repeat(100), Some(&other.first), Visibility::Public));
    let refused = unaware.deliver().unwrap().deliver(&long, &KEY, &Unfenced).await;
    assert!(matches!(refused, Err(Failure::Permanent { reason: Reason::TooLong, .. })), "{refused:?}");
}

fn file(kind: &str, name: &str) -> Enclosure {
    enclose(name, kind, vec![7; 20])
}

#[tokio::test]
async fn files_go_along_and_recordings_are_waited_for() {
    let fake = Fake::start().await;
    let (channel, mut key) = (fake.channel(), 10);
    for files in
        [vec![file("image/png", "a.png"), file("image/jpeg", "b.jpg")], vec![file("video/mp4", "c.mp4")]]
    {
        let draft = Draft { enclosures: files, ..answer("", Some(&fake.first), Visibility::Public) };
        key += 1;
        let part = part(&*channel, &draft);
        let sent =
            channel.deliver().unwrap().deliver(&part, &Key(Uuid::from_u128(key)), &Unfenced).await.unwrap();
        let asked = fake.asked().into_iter().rfind(|asked| asked.target == "/api/v1/statuses").unwrap();
        let posted: serde_json::Value = serde_json::from_str(&asked.answer).unwrap();
        assert_eq!(posted["id"], sent.id.unwrap());
        assert_eq!(posted["media_attachments"].as_array().unwrap().len(), draft.enclosures.len());
    }
    let mixed = vec![file("image/png", "a.png"), file("audio/mpeg", "b.mp3")];
    let draft = Draft { enclosures: mixed, ..answer("Both", Some(&fake.first), Visibility::Public) };
    assert_eq!(channel.deliver().unwrap().compose(&draft, 0).unwrap_err().reason, Reason::BadAttachment);
}

#[tokio::test]
async fn one_key_is_one_post_and_posts_have_a_limit_of_their_own() {
    let fake = Fake::start().await;
    let (one, other) = (fake.channel(), fake.channel());
    let answered = part(&*one, &answer("We are.", Some(&fake.first), Visibility::Public));
    let first = one.deliver().unwrap().deliver(&answered, &KEY, &Unfenced).await.unwrap();
    let again = other.deliver().unwrap().deliver(&answered, &KEY, &Unfenced).await.unwrap();
    assert_eq!((first, fake.taken().len()), (again, 1));
    fake.platform.faults().switch_on(Plan::new(WebFault::TooMany).place("statuses"));
    let limited = one.deliver().unwrap().deliver(&answered, &Key(Uuid::from_u128(9)), &Unfenced).await;
    let endpoint = one.deliver().unwrap().endpoint(&answered).unwrap();
    assert!(
        matches!(&limited, Err(Failure::RateLimited { scope: Scope::Endpoint(name), .. }) if *name == endpoint),
        "{limited:?}"
    );
}
