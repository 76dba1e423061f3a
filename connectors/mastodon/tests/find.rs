//! What became of an answer when nobody said.

use std::sync::Arc;

use uuid::Uuid;

use super::answer;
use super::deliver::part;
use crate::contract::{Channel, Failure, Key, Part, Sent, Unfenced, Visibility};
use crate::mastodon::fake::Fake;
use crate::simulator::mastodon::Seen;
use crate::simulator::{Plan, web::WebFault};

const KEY: Key = Key(Uuid::from_u128(5));
const HOUR: i64 = 3_600_000;

async fn lost(fake: &Fake, text: &str, visibility: Visibility) -> Part {
    let channel = fake.channel();
    let part = part(&*channel, &answer(text, Some(&fake.first), visibility));
    fake.platform.faults().switch_on(Plan::new(WebFault::Lost).place("statuses").times(1));
    let lost = channel.deliver().unwrap().deliver(&part, &KEY, &Unfenced).await;
    assert!(matches!(lost, Err(Failure::Ambiguous { .. })), "{lost:?}");
    part
}

/// As another process would, which remembers nothing.
async fn find(fake: &Fake, part: &Part) -> Result<Option<Sent>, Failure> {
    let channel: Arc<dyn Channel> = fake.channel();
    channel.deliver().unwrap().find(part, &KEY).await
}

#[tokio::test]
async fn what_left_is_found_by_its_words_whatever_the_instance_made_of_them() {
    for visibility in [Visibility::Public, Visibility::Private] {
        let fake = Fake::start().await;
        let text = "It is \"yes\" & <no>.\n\nSee https://library.org/a/long/way/to/the/opening/hours?x=1&y=2 @fernhill";
        let part = lost(&fake, text, visibility).await;
        fake.clock.advance(5 * HOUR);
        let found = find(&fake, &part).await.unwrap().unwrap();
        assert_eq!(found.id, fake.taken().first().cloned());
    }
}

#[tokio::test]
async fn what_is_not_there_did_not_leave() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    fake.platform.says(&fake.library, "Story time!", Seen::Public, None);
    let part = part(&*channel, &answer("We are.", Some(&fake.first), Visibility::Public));
    assert_eq!(find(&fake, &part).await.unwrap(), None);
    fake.clock.advance(5 * HOUR);
    assert_eq!(find(&fake, &part).await.unwrap(), None);
}

#[tokio::test]
async fn in_other_words_it_is_sent_again_while_the_key_counts_and_shown_to_a_person_after() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let part = part(&*channel, &answer("We are.", Some(&fake.first), Visibility::Public));
    fake.platform.says(&fake.library, "@Ottoline@reading.example until six", Seen::Public, Some(&fake.first));
    assert_eq!(find(&fake, &part).await.unwrap(), None);
    fake.clock.advance(HOUR);
    assert!(matches!(find(&fake, &part).await, Err(Failure::Ambiguous { .. })));
}

#[tokio::test]
async fn a_lost_answer_that_is_sent_again_within_the_hour_is_one_post() {
    let fake = Fake::start().await;
    let part = lost(&fake, "We are.", Visibility::Public).await;
    fake.clock.advance(HOUR / 2);
    fake.channel().deliver().unwrap().deliver(&part, &KEY, &Unfenced).await.unwrap();
    assert_eq!(fake.taken().len(), 1);
}

#[tokio::test]
async fn the_same_words_said_twice_are_two_answers() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let part = part(&*channel, &answer("We are.", Some(&fake.first), Visibility::Public));
    let first = channel.deliver().unwrap().deliver(&part, &Key(Uuid::from_u128(1)), &Unfenced).await.unwrap();
    let second = channel.deliver().unwrap().find(&part, &KEY).await.unwrap();
    assert_eq!((first.id, second), (fake.taken().first().cloned(), None));
}
