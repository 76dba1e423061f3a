//! Answering: where it goes, what is refused before it leaves, and what becomes of it when nobody answers.

use super::answer;
use crate::conformance::{Watched, enclose};
use crate::contract::{Channel, Deliver, Draft, Failure, Key, Part, Reason, Unfenced, Visibility};
use crate::simulator::Plan;
use crate::simulator::web::WebFault;
use crate::x::fake::Fake;

fn key(n: u128) -> Key {
    Key(uuid::Uuid::from_u128(n))
}

fn deliver(channel: &dyn Channel) -> &dyn Deliver {
    channel.deliver().unwrap()
}

fn part(channel: &dyn Channel, draft: &Draft) -> Part {
    let now = crate::x::fake::NOW_MS;
    let mut parts = deliver(channel).compose(draft, now).unwrap();
    assert_eq!(parts.len(), 1);
    parts.remove(0)
}

fn refusal(channel: &dyn Channel, draft: &Draft) -> (Reason, String) {
    let refusal = deliver(channel).compose(draft, 0).unwrap_err();
    assert!(refusal.why.ends_with('.'), "{}", refusal.why);
    (refusal.reason, refusal.why)
}

fn fault(plan: &str) -> Plan<WebFault> {
    plan.parse().unwrap()
}

#[tokio::test]
async fn a_public_answer_hangs_under_its_question() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let draft = answer("We open at nine.", fake.patron.id(), Some(&fake.first));
    let sent = deliver(&*channel).deliver(&part(&*channel, &draft), &key(1), &Unfenced).await.unwrap();
    assert_eq!(fake.taken(), [sent.id.unwrap()]);
    assert_eq!(fake.patron.heard(), ["@ottoline_r We open at nine."]);
    let said: serde_json::Value = serde_json::from_str(&fake.asked().pop().unwrap().body).unwrap();
    let expected =
        serde_json::json!({"text": "We open at nine.", "reply": {"in_reply_to_tweet_id": fake.first}});
    assert_eq!(said, expected);
}

#[tokio::test]
async fn a_private_answer_is_a_direct_message_whatever_was_asked_in_public() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let mut draft = answer("Your card is 2123 4567 8901 23.", fake.patron.id(), Some(&fake.first));
    draft.visibility = Visibility::Private;
    deliver(&*channel).deliver(&part(&*channel, &draft), &key(1), &Unfenced).await.unwrap();
    assert_eq!(fake.patron.heard(), ["Your card is 2123 4567 8901 23."]);
}

#[tokio::test]
async fn what_must_not_be_public_is_refused_before_it_leaves() {
    let fake = Fake::start().await;
    let channel = fake.open(fake.settings().with("public_contacts", "ask@fernhill.example, 01632 960100"));
    let public = |text: &str| answer(text, fake.patron.id(), Some(&fake.first));
    for text in ["Card 2123 4567 8901 23", "ring (406) 555-0100", "write to tamsin@patron.example"] {
        let (reason, why) = refusal(&*channel, &public(text));
        assert_eq!(reason, Reason::ContentRefused);
        assert!(why.contains("everybody can read"), "{why}");
        // The same in private is nobody else's.
        part(&*channel, &answer(text, fake.patron.id(), None));
    }
    part(&*channel, &public("Write to ask@fernhill.example or ring 01632 960100"));
    assert_eq!(refusal(&*channel, &public("$ACME and $EVIL")).0, Reason::ContentRefused);
    assert_eq!(refusal(&*channel, &public("  ")).0, Reason::NotAllowed);
    let mut nowhere = public("Hello");
    nowhere.answers = None;
    assert_eq!(refusal(&*channel, &nowhere).0, Reason::NotAllowed);
}

#[tokio::test]
async fn lengths_are_counted_as_x_counts_them() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let public = |text: String| answer(&text, fake.patron.id(), Some(&fake.first));
    let just = format!("https://example.org/ {}", "a".repeat(256));
    part(&*channel, &public(just.clone()));
    let (reason, why) = refusal(&*channel, &public(format!("{just}🦉")));
    assert_eq!(reason, Reason::TooLong);
    assert!(why.contains("282"), "{why}");
    let private = |text: String| answer(&text, fake.patron.id(), None);
    part(&*channel, &private("漢".repeat(10_000)));
    assert_eq!(refusal(&*channel, &private("a".repeat(10_001))).0, Reason::TooLong);
    let longer = fake.open(fake.settings().with("post_limit", "25000"));
    part(&*longer, &public("a".repeat(25_000)));
    let measure =
        deliver(&*channel).measure("漢字 https://example.org/long/address", Visibility::Public).unwrap();
    assert_eq!((measure.used, measure.parts), (28, 1));
    assert_eq!(deliver(&*channel).measure("漢字", Visibility::Private), None);
}

#[tokio::test]
async fn a_link_costs_more_and_says_so() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let cost = |text: &str, post: Option<&str>| {
        let part = part(&*channel, &answer(text, fake.patron.id(), post));
        deliver(&*channel).cost_micros(&part)
    };
    assert_eq!(cost("We open at nine.", Some(&fake.first)), Some(15_000));
    assert_eq!(cost("See library.org", Some(&fake.first)), Some(200_000));
    assert_eq!(cost("See library.org", None), Some(15_000));
}

#[tokio::test]
async fn a_token_that_was_refused_is_changed_before_the_fence_and_not_behind_it() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let part = part(&*channel, &answer("We are.", fake.patron.id(), Some(&fake.first)));
    fake.platform.expire(&fake.library.id);
    let fence = Watched::default();
    deliver(&*channel).deliver(&part, &key(1), &fence).await.unwrap();
    assert_eq!(fence.seen(), ["pass", "back", "pass"]);
}

#[tokio::test]
async fn a_lost_answer_is_looked_for_and_found_and_never_sent_twice() {
    for post in [true, false] {
        let fake = Fake::start().await;
        let channel = fake.channel();
        // What X makes of it looks otherwise: a short link, escapes, a name in front.
        let text = "Fish & chips <3 at https://library.example/kitchen";
        let draft = answer(text, fake.patron.id(), post.then_some(fake.first.as_str()));
        let part = part(&*channel, &draft);
        fake.platform.faults().switch_on(WebFault::Lost);
        let lost = deliver(&*channel).deliver(&part, &key(1), &Unfenced).await.unwrap_err();
        assert!(matches!(lost, Failure::Ambiguous { .. }), "{lost:?}");
        fake.platform.faults().clear();
        // After a crash nobody remembers anything.
        let restarted = fake.channel();
        let found = deliver(&*restarted).find(&part, &key(1)).await.unwrap().unwrap();
        assert_eq!(fake.taken(), [found.id.unwrap()], "in public: {post}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_found_below_all_that_was_said_since() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let part = part(&*channel, &answer("We open at nine.", fake.patron.id(), Some(&fake.first)));
    fake.platform.faults().switch_on(WebFault::Lost);
    deliver(&*channel).deliver(&part, &key(1), &Unfenced).await.unwrap_err();
    fake.platform.faults().clear();
    for n in 0..250 {
        let asked = fake.patron.mention(&fake.library.id, &format!("And on day {n}?"));
        fake.platform.says_in_public(&fake.library.id, &asked, &format!("At nine on day {n}."));
    }
    let restarted = fake.channel();
    let found = deliver(&*restarted).find(&part, &key(1)).await.unwrap().unwrap();
    assert_eq!(fake.taken(), [found.id.unwrap()]);
}

#[tokio::test]
async fn what_never_left_is_for_a_person_to_decide() {
    for post in [true, false] {
        let fake = Fake::start().await;
        let channel = fake.channel();
        let draft = answer("We open at nine.", fake.patron.id(), post.then_some(fake.first.as_str()));
        let part = part(&*channel, &draft);
        fake.platform.faults().switch_on(WebFault::Reset);
        let lost = deliver(&*channel).deliver(&part, &key(1), &Unfenced).await.unwrap_err();
        assert!(matches!(lost, Failure::Ambiguous { .. }), "{lost:?}");
        fake.platform.faults().clear();
        let sought = deliver(&*channel).find(&part, &key(1)).await.unwrap_err();
        assert!(matches!(sought, Failure::Ambiguous { .. }), "{sought:?}");
        assert!(fake.taken().is_empty());
    }
}

#[tokio::test]
async fn somebody_elses_same_words_are_not_taken_for_ours() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let draft = answer("Thank you!", fake.patron.id(), None);
    let first = deliver(&*channel).deliver(&part(&*channel, &draft), &key(1), &Unfenced).await.unwrap();
    fake.patron.direct(&fake.library.id, "Thank you!");
    let sought = deliver(&*channel).find(&part(&*channel, &draft), &key(2)).await.unwrap_err();
    assert!(matches!(sought, Failure::Ambiguous { .. }), "{sought:?}");
    let found = deliver(&*channel).find(&part(&*channel, &draft), &key(1)).await.unwrap();
    assert_eq!(found, Some(first));
}

#[tokio::test]
async fn a_duplicate_that_is_ours_counts_as_sent() {
    let fake = Fake::start().await;
    let draft = answer("We open at nine.", fake.patron.id(), Some(&fake.first));
    let (first, second) = (fake.channel(), fake.channel());
    let part = part(&*first, &draft);
    let sent = deliver(&*first).deliver(&part, &key(1), &Unfenced).await.unwrap();
    // Another process, the same answer: X refuses it as said already.
    assert_eq!(deliver(&*second).deliver(&part, &key(1), &Unfenced).await.unwrap(), sent);
    assert_eq!(fake.taken().len(), 1);
}

#[tokio::test]
async fn each_refusal_of_x_leads_where_it_must() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let stranger = fake.platform.patron("marek_w", "Marek Wrona");
    let elsewhere = stranger.mention(fake.patron.id(), "not about the library");
    let cases = [
        (answer("Hello", stranger.id(), Some(&elsewhere)), Reason::NotAllowed),
        (answer("Hello", stranger.id(), Some("1999999999999999999")), Reason::RecipientUnavailable),
    ];
    for (draft, expected) in cases {
        let refused =
            deliver(&*channel).deliver(&part(&*channel, &draft), &key(7), &Unfenced).await.unwrap_err();
        let Failure::Permanent { reason, why } = refused else { panic!("{refused:?}") };
        assert_eq!(reason, expected);
        assert!(why.ends_with('.'), "{why}");
    }
    stranger.shut();
    let draft = answer("Hello", stranger.id(), None);
    let refused = deliver(&*channel).deliver(&part(&*channel, &draft), &key(8), &Unfenced).await.unwrap_err();
    assert!(
        matches!(refused, Failure::Permanent { reason: Reason::RecipientUnavailable, .. }),
        "{refused:?}"
    );
    fake.platform.faults().switch_on(fault("posts/5xx:1"));
    let draft = answer("Later", fake.patron.id(), Some(&fake.first));
    let refused = deliver(&*channel).deliver(&part(&*channel, &draft), &key(9), &Unfenced).await.unwrap_err();
    assert!(matches!(refused, Failure::Transient { .. }), "{refused:?}");
}

#[tokio::test]
async fn fifteen_direct_messages_in_a_quarter_of_an_hour_and_public_answers_still_go() {
    let fake = Fake::with(1).await;
    let channel = fake.channel();
    for number in 0..15 {
        let draft = answer(&format!("number {number}"), fake.patron.id(), None);
        deliver(&*channel).deliver(&part(&*channel, &draft), &key(number), &Unfenced).await.unwrap();
    }
    let draft = answer("one more", fake.patron.id(), None);
    let refused =
        deliver(&*channel).deliver(&part(&*channel, &draft), &key(99), &Unfenced).await.unwrap_err();
    let Failure::RateLimited { until: Some(until), .. } = refused else { panic!("{refused:?}") };
    assert!(until > crate::x::fake::NOW_MS);
    let draft = answer("in public", fake.patron.id(), Some(&fake.first));
    deliver(&*channel).deliver(&part(&*channel, &draft), &key(100), &Unfenced).await.unwrap();
    fake.clock.advance(until - crate::x::fake::NOW_MS);
    let draft = answer("one more", fake.patron.id(), None);
    deliver(&*channel).deliver(&part(&*channel, &draft), &key(99), &Unfenced).await.unwrap();
}

#[tokio::test]
async fn pictures_go_along() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let picture = |kind: &str| enclose("map.png", kind, &[0x89, b'P', b'N', b'G'][..]);
    let mut draft = answer("The map.", fake.patron.id(), Some(&fake.first));
    draft.enclosures = vec![picture("image/png"), picture("image/jpeg")];
    deliver(&*channel).deliver(&part(&*channel, &draft), &key(1), &Unfenced).await.unwrap();
    let said: serde_json::Value = serde_json::from_str(&fake.asked().pop().unwrap().body).unwrap();
    assert_eq!(said["media"]["media_ids"].as_array().unwrap().len(), 2);
    // A direct message carries one file; each further one goes by itself.
    draft.visibility = Visibility::Private;
    draft.enclosures[1] = picture("image/gif");
    let parts = deliver(&*channel).compose(&draft, 0).unwrap();
    assert_eq!(parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>(), ["The map.", ""]);
    for (number, part) in parts.iter().enumerate() {
        deliver(&*channel).deliver(part, &key(10 + number as u128), &Unfenced).await.unwrap();
    }
    assert_eq!(fake.patron.heard(), ["@ottoline_r The map.", "The map.", ""]);
    draft.visibility = Visibility::Public;
    assert_eq!(refusal(&*channel, &draft).0, Reason::BadAttachment);
}
