//! What goes out: once, in order, taken back in time, and never silently lost.

use connectors::contract::{Event, Failure, Key, Reason, Receipt, ReceiptState};
use deskbell::error::Error;
use deskbell::model::conversation::State;
use deskbell::model::delivery::State as On;
use deskbell::outbound;
use deskbell::store::{deliveries, messages, waits};

use super::bed::{Desk, reply};
use super::pigeon::{answering, echo, note};
use crate::store::bed::each_engine;

const HOUR: i64 = 3_600_000;

async fn state(desk: &Desk, message: uuid::Uuid) -> On {
    let mut conn = desk.app.db.read().await.unwrap();
    deliveries::of_message(&mut conn, message).await.unwrap()[0].state
}

fn transient() -> Failure {
    Failure::Transient { after_ms: None, why: "Fog.".into() }
}

fn ambiguous() -> Failure {
    Failure::Ambiguous { why: "The pigeon was last seen over the sea.".into() }
}

each_engine! {
    async fn an_echo_that_comes_before_the_answer_is_the_answer(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.names_nothing();
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let conversation = desk.only_conversation().await;
        desk.loft.next_flight(Err(ambiguous()));
        let answer = desk.answer(&conversation, "Hello  Amara").await;
        desk.settle().await;
        assert_eq!(state(&desk, answer.id).await, On::Unknown);
        let heard = |number, text| vec![echo(answering(note(number, "loft", text), &["note-1@loft"], &[]))];
        desk.accept(heard(5, "Hello Amara")).await;
        assert_eq!(state(&desk, answer.id).await, On::Sent);
        assert_eq!(desk.texts(conversation.id).await, ["Hello", "Hello  Amara"]);
        // The same again, and the same words once more by hand.
        desk.accept(heard(5, "Hello Amara")).await;
        desk.accept(heard(6, "Hello Amara")).await;
        assert_eq!(desk.texts(conversation.id).await, ["Hello", "Hello  Amara", "Hello Amara"]);
        let mut conn = desk.app.db.read().await.unwrap();
        let part = deliveries::of_message(&mut conn, answer.id).await.unwrap().remove(0);
        assert_eq!(part.external_id.as_deref(), Some("note-5@loft"));
    }

    async fn an_answer_leaves_after_its_hold_and_ends_the_wait(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.hold(10_000);
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let conversation = desk.only_conversation().await;
        let answer = desk.answer(&conversation, "Hello Amara").await;
        desk.settle().await;
        assert_eq!((state(&desk, answer.id).await, desk.loft.flown().len()), (On::Held, 0));
        desk.later(10_000).await;
        assert_eq!((state(&desk, answer.id).await, desk.loft.flown().len()), (On::Sent, 1));
        let after = desk.conversation(conversation.id).await;
        assert_eq!((after.state, after.waiting_since, after.owner_id), (State::Waiting, None, Some(desk.ana.staff_id)));
        let mut conn = desk.app.db.read().await.unwrap();
        assert!(waits::open_of(&mut conn, conversation.id).await.unwrap().is_none());
    }

    async fn an_answer_can_be_taken_back_within_its_hold_only(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.hold(10_000);
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let conversation = desk.only_conversation().await;
        let answer = desk.answer(&conversation, "Too soon").await;
        let back = outbound::withdraw(&desk.app, &desk.ana, conversation.id, answer.id).await.unwrap();
        assert_eq!((back.text.as_str(), back.files.len()), ("Too soon", 0));
        desk.later(60_000).await;
        assert!(desk.loft.flown().is_empty());
        let after = desk.conversation(conversation.id).await;
        assert_eq!((after.state, after.waiting_since), (State::Open, conversation.waiting_since));
        let second = desk.answer(&after, "Now").await;
        desk.later(60_000).await;
        let late = outbound::withdraw(&desk.app, &desk.ana, conversation.id, second.id).await;
        assert!(matches!(late, Err(Error::AlreadyLeft)));
    }

    async fn what_was_said_meanwhile_holds_the_answer_back(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let seen = desk.only_conversation().await;
        desk.accept(vec![answering(note(2, "amara", "Found it, thank you"), &["note-1@loft"], &[])]).await;
        let refused = outbound::send(&desk.app, &desk.ana, seen.id, reply("Here it is", seen.seq)).await;
        let Err(Error::Newer { messages, seen: newest, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(messages[0].text, "Found it, thank you");
        desk.settle().await;
        assert!(desk.loft.flown().is_empty());
        outbound::send(&desk.app, &desk.ana, seen.id, reply("Glad to hear", newest)).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.loft.flown(), ["Glad to hear"]);
    }

    async fn two_colleagues_do_not_both_answer(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let seen = desk.only_conversation().await;
        desk.answer(&seen, "From Ana").await;
        let second = outbound::send(&desk.app, &desk.bryan, seen.id, reply("From Bryan", seen.seq)).await;
        let Err(Error::Newer { messages, seen: newest, .. }) = second else { panic!("{second:?}") };
        assert_eq!(messages[0].text, "From Ana");
        let third = outbound::send(&desk.app, &desk.bryan, seen.id, reply("From Bryan", newest)).await;
        assert!(matches!(third, Err(Error::Claimed { .. })), "{third:?}");
        desk.settle().await;
        assert_eq!(desk.loft.flown(), ["From Ana"]);
    }

    async fn a_page_that_asks_again_sends_once(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let seen = desk.only_conversation().await;
        let again = outbound::Reply { key: Some(desk.app.clock.id()), ..reply("Once", seen.seq) };
        let first = outbound::send(&desk.app, &desk.ana, seen.id, again.clone()).await.unwrap();
        let second = outbound::send(&desk.app, &desk.ana, seen.id, again).await.unwrap();
        assert_eq!(first.id, second.id);
        desk.settle().await;
        assert_eq!(desk.loft.flown(), ["Once"]);
    }

    async fn transient_trouble_is_tried_again(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let answer = desk.answer(&desk.only_conversation().await, "Hi").await;
        desk.loft.next_flight(Err(transient()));
        desk.loft.next_flight(Err(transient()));
        desk.settle().await;
        assert_eq!(state(&desk, answer.id).await, On::Queued);
        desk.later(HOUR).await;
        desk.later(HOUR).await;
        assert_eq!(desk.loft.flown(), ["Hi"]);
    }

    async fn a_refusal_brings_the_question_back_and_says_why(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let before = desk.only_conversation().await;
        desk.loft.next_flight(Err(Failure::Permanent { reason: Reason::OptedOut, why: "She moved away.".into() }));
        desk.answer(&before, "Hi").await;
        desk.settle().await;
        let after = desk.conversation(before.id).await;
        assert_eq!((after.state, after.waiting_since), (State::Open, before.waiting_since));
        assert_eq!(after.trouble.as_deref(), Some("Not delivered: She moved away."));
    }

    async fn an_answer_that_leaves_does_not_hide_that_another_did_not(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.hold(10_000);
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        desk.answer(&desk.only_conversation().await, "One").await;
        desk.app.clock.advance(1);
        desk.answer(&desk.only_conversation().await, "Two").await;
        desk.loft.next_flight(Err(Failure::Permanent { reason: Reason::ContentRefused, why: "Too heavy.".into() }));
        desk.later(10_000).await;
        assert_eq!(desk.loft.flown(), ["Two"]);
        let after = desk.only_conversation().await;
        assert_eq!(after.trouble.as_deref(), Some("Not delivered: Too heavy."), "nobody had seen it yet");
        desk.app.clock.advance(1);
        desk.answer(&after, "Three").await;
        desk.later(10_000).await;
        assert_eq!(desk.only_conversation().await.trouble, None, "whoever wrote this had seen it");
    }

    async fn a_bounce_after_sending_reopens_the_wait(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let before = desk.only_conversation().await;
        let answer = desk.answer(&before, "Hi").await;
        desk.settle().await;
        let receipt = Receipt {
            key: None,
            id: answer.external_id.clone(),
            state: ReceiptState::Failed,
            recipient: None,
            why: Some("Nobody lives there.".into()),
        };
        let bounce = connectors::contract::Envelope { event: Event::Receipt(receipt), ..note(9, "post", "") };
        desk.accept(vec![bounce.clone(), bounce]).await;
        let after = desk.conversation(before.id).await;
        assert_eq!((after.state, after.waiting_since), (State::Open, before.waiting_since));
        assert_eq!(after.trouble.as_deref(), Some("Not delivered: Nobody lives there."));
    }

    async fn doubt_is_looked_up_before_anything_is_sent_again(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let answer = desk.answer(&desk.only_conversation().await, "Hi").await;
        desk.loft.next_flight(Err(ambiguous()));
        desk.settle().await;
        assert_eq!(state(&desk, answer.id).await, On::Unknown);
        assert!(desk.only_conversation().await.trouble.is_some(), "a person is told at once");
        desk.loft.next_search(Ok(true));
        desk.later(HOUR).await;
        assert_eq!((state(&desk, answer.id).await, desk.loft.flown().len()), (On::Sent, 0));
        assert_eq!(desk.only_conversation().await.trouble, None);
    }

    async fn an_echo_settles_what_nobody_knew_of_by_the_name_it_carries(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let answer = desk.answer(&desk.only_conversation().await, "Hi Amara").await;
        desk.loft.next_flight(Err(ambiguous()));
        desk.settle().await;
        assert_eq!(state(&desk, answer.id).await, On::Unknown);
        let key = {
            let mut conn = desk.app.db.read().await.unwrap();
            Key(deliveries::of_message(&mut conn, answer.id).await.unwrap()[0].id)
        };
        let changed = note(2, "loft", "Changed on its way");
        desk.accept(vec![echo(answering(changed, &["note-1@loft"], &[key]))]).await;
        assert_eq!(state(&desk, answer.id).await, On::Sent);
        let conversation = desk.only_conversation().await.id;
        let mut conn = desk.app.db.read().await.unwrap();
        let delivery = &deliveries::of_message(&mut conn, answer.id).await.unwrap()[0];
        assert_eq!(delivery.external_id.as_deref(), Some("note-2@loft"));
        assert_eq!(messages::after(&mut conn, conversation, 0).await.unwrap().len(), 2, "it stands there once");
    }

    async fn what_is_surely_not_there_is_sent_again(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let answer = desk.answer(&desk.only_conversation().await, "Hi").await;
        desk.loft.next_flight(Err(ambiguous()));
        desk.settle().await;
        desk.loft.next_search(Ok(false));
        desk.later(HOUR).await;
        assert_eq!((state(&desk, answer.id).await, desk.loft.flown()), (On::Sent, vec!["Hi".to_owned()]));
    }

    async fn a_process_that_dies_while_sending_leaves_doubt_and_not_a_second_letter(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let answer = desk.answer(&desk.only_conversation().await, "Hi").await;
        let dead = desk.app.clock.id();
        let now = desk.app.clock.now();
        desk.app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let taken = deliveries::lease(tx, dead, now, now + 1_000, 10).await?;
                    assert!(deliveries::begin(tx, taken[0].id, dead, 1).await?);
                    Ok::<_, deskbell::store::Error>(())
                })
            })
            .await
            .unwrap();
        desk.loft.next_search(Ok(true));
        desk.later(1_000).await;
        assert_eq!((state(&desk, answer.id).await, desk.loft.flown().len()), (On::Sent, 0));
    }

    async fn what_was_written_first_leaves_first(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        desk.loft.next_flight(Err(transient()));
        desk.answer(&desk.only_conversation().await, "One\n--\nTwo").await;
        desk.settle().await;
        desk.app.clock.advance(1);
        desk.answer(&desk.only_conversation().await, "Three").await;
        desk.settle().await;
        assert!(desk.loft.flown().is_empty(), "nothing overtakes what could not leave yet");
        desk.later(HOUR).await;
        assert_eq!(desk.loft.flown(), ["One", "Two", "Three"]);
    }

    async fn a_question_asked_while_the_answer_was_held_waits_on(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.hold(10_000);
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        desk.answer(&desk.only_conversation().await, "Hi").await;
        desk.accept(vec![answering(note(2, "amara", "One more"), &["note-1@loft"], &[])]).await;
        desk.later(10_000).await;
        let after = desk.only_conversation().await;
        assert_eq!((after.state, after.waiting_since), (State::Open, Some(note(2, "", "").at)));
    }

    async fn an_answer_too_long_is_refused_in_words_and_nothing_is_kept(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let seen = desk.only_conversation().await;
        let refused = outbound::send(&desk.app, &desk.ana, seen.id, reply(&"x".repeat(1_001), seen.seq)).await;
        assert_eq!(refused.unwrap_err().to_string(), "A pigeon carries a thousand characters.");
        assert_eq!(desk.only_conversation().await, seen);
    }
}
