//! Work is somebody's for as long as it takes, and somebody else's as soon as nobody is at it; what one who lost it learns
//! late is judged and never done twice.

use connectors::contract::Failure;
use deskbell::app::App;
use deskbell::model::delivery::{Delivery, State as On};
use deskbell::model::event::Kind;
use deskbell::outbound::{self, Outcome};
use deskbell::store::{deliveries, events, streams};
use deskbell::worker;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::bed::{Desk, until};
use super::pigeon::{Moment, note};
use crate::store::bed::each_engine;

const MINUTE: i64 = 60_000;

async fn of_message(app: &App, message: Uuid) -> Delivery {
    let mut conn = app.db.read().await.unwrap();
    deliveries::of_message(&mut conn, message).await.unwrap().remove(0)
}

/// An answer whose pigeon has come to this moment, and the worker that waits with it.
async fn under_way(desk: &Desk, moment: Moment) -> (Uuid, tokio::task::JoinHandle<()>) {
    desk.accept(vec![note(1, "amara", "Hello")]).await;
    let answer = desk.answer(&desk.only_conversation().await, "Hi").await;
    desk.loft.stop_at(moment);
    let working = desk.settle_aside();
    until("it is under way", async || desk.loft.stopped() == 1).await;
    (answer.id, working)
}

/// Another process takes what is under way, as it would when the lease had run out.
async fn taken_over(desk: &Desk) -> (Uuid, Delivery) {
    let token = desk.app.clock.id();
    desk.app.clock.advance(4 * MINUTE);
    let later = desk.app.clock.now() + 60 * MINUTE;
    let (mut taken, _) = desk
        .app
        .db
        .write(move |tx| Box::pin(deliveries::lease(tx, token, later, later + 3 * MINUTE, 10)))
        .await
        .unwrap();
    assert_eq!(taken.len(), 1);
    (token, taken.remove(0))
}

async fn times_sent(desk: &Desk) -> usize {
    let mut conn = desk.app.db.read().await.unwrap();
    let all = events::after(&mut conn, 0, 1_000).await.unwrap();
    all.iter().filter(|event| event.kind == Kind::Sent).count()
}

each_engine! {
    async fn an_answer_that_takes_ten_minutes_to_leave_stays_with_who_sends_it(bed: Bed) {
        let desk = Desk::open(bed).await;
        let other = desk.other_process().await;
        let (answer, working) = under_way(&desk, Moment::InTheAir).await;
        for _ in 0..4 {
            desk.app.clock.advance(150_000);
            let soon = desk.app.clock.now() + 150_000;
            until("the lease is renewed", async || {
                !deliveries::any_due(&mut desk.app.db.read().await.unwrap(), soon).await.unwrap()
            })
            .await;
            worker::settle(&other).await.unwrap();
            assert_eq!(desk.loft.searches(), 0, "another process takes it");
        }
        desk.loft.go_on();
        working.await.unwrap();
        assert_eq!(of_message(&desk.app, answer).await.state, On::Sent);
        assert_eq!((desk.loft.flown().len(), desk.loft.searches(), times_sent(&desk).await), (1, 0, 1));
    }

    async fn that_it_left_is_a_fact_however_late_it_is_learnt(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (answer, working) = under_way(&desk, Moment::InTheAir).await;
        let (token, taken) = taken_over(&desk).await;
        desk.loft.go_on();
        working.await.unwrap();
        assert_eq!(of_message(&desk.app, answer).await.state, On::Sent);
        // The other has looked meanwhile, and the platform did not show it yet.
        outbound::settle(&desk.app, taken, token, Outcome::NotFound).await.unwrap();
        desk.later(60 * MINUTE).await;
        assert_eq!(of_message(&desk.app, answer).await.state, On::Sent);
        assert_eq!((desk.loft.flown().len(), times_sent(&desk).await), (1, 1));
        assert_eq!(desk.only_conversation().await.waiting_since, None);
    }

    async fn that_it_left_stands_above_what_another_made_of_it(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (answer, working) = under_way(&desk, Moment::InTheAir).await;
        let (token, taken) = taken_over(&desk).await;
        let nobody_knows = Failure::Ambiguous { why: "Not seen anywhere.".into() };
        outbound::settle(&desk.app, taken, token, Outcome::CannotTell(nobody_knows)).await.unwrap();
        assert!(desk.only_conversation().await.trouble.is_some());
        desk.loft.go_on();
        working.await.unwrap();
        assert_eq!(of_message(&desk.app, answer).await.state, On::Sent);
        assert_eq!(desk.only_conversation().await.trouble, None);
    }

    async fn what_was_taken_over_before_it_left_does_not_leave(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (answer, working) = under_way(&desk, Moment::OnTheSill).await;
        let (token, taken) = taken_over(&desk).await;
        desk.loft.go_on();
        working.await.unwrap();
        assert!(desk.loft.flown().is_empty(), "two would be sending it");
        assert_eq!(of_message(&desk.app, answer).await.state, On::Queued, "the other settles it");
        outbound::settle(&desk.app, taken, token, Outcome::NotFound).await.unwrap();
        desk.later(MINUTE).await;
        assert_eq!((of_message(&desk.app, answer).await.state, desk.loft.flown().len()), (On::Sent, 1));
    }

    async fn a_process_that_dies_before_it_left_leaves_no_doubt(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (answer, working) = under_way(&desk, Moment::OnTheSill).await;
        working.abort();
        assert!(working.await.unwrap_err().is_cancelled());
        desk.loft.go_on();
        desk.later(4 * MINUTE).await;
        assert_eq!(of_message(&desk.app, answer).await.state, On::Sent);
        assert_eq!((desk.loft.flown().len(), desk.loft.searches()), (1, 0), "nobody had to look for it");
    }

    async fn what_broke_off_before_it_left_goes_again_and_is_not_looked_for(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let answer = desk.answer(&desk.only_conversation().await, "Hi").await;
        for tries in 1..=3 {
            desk.loft.next_packing(Failure::Ambiguous { why: "The string broke.".into() });
            desk.later(10 * MINUTE).await;
            let part = of_message(&desk.app, answer.id).await;
            assert_eq!((part.state, part.tries, part.why.as_deref()), (On::Queued, tries, Some("The string broke.")));
        }
        desk.later(10 * MINUTE).await;
        let part = of_message(&desk.app, answer.id).await;
        assert_eq!((part.state, part.tries, desk.loft.flown().len(), desk.loft.searches()), (On::Sent, 4, 1, 0));
    }

    async fn what_is_taken_back_while_it_is_made_ready_does_not_leave(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.hold(1_000);
        for (number, from, breaks_off) in [(1, "amara", false), (2, "piotr", true)] {
            desk.accept(vec![note(number, from, "Hello")]).await;
            let conversation = desk.conversations().await.remove(number as usize - 1);
            let answer = desk.answer(&conversation, "Too soon").await;
            desk.app.clock.advance(1_000);
            desk.loft.stop_at(Moment::OnTheSill);
            if breaks_off {
                desk.loft.next_packing(Failure::Transient { after_ms: None, why: "Fog.".into() });
            }
            let working = desk.settle_aside();
            until("it is under way", async || desk.loft.stopped() == number).await;
            outbound::withdraw(&desk.app, &desk.ana, conversation.id, answer.id).await.unwrap();
            desk.loft.go_on();
            working.await.unwrap();
            desk.later(60 * MINUTE).await;
            assert_eq!(of_message(&desk.app, answer.id).await.state, On::Withdrawn);
            assert!(desk.loft.flown().is_empty());
        }
    }

    async fn a_late_doubt_keeps_it_from_going_again(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.next_flight(Err(Failure::Ambiguous { why: "Last seen over the sea.".into() }));
        let (answer, working) = under_way(&desk, Moment::InTheAir).await;
        let (token, taken) = taken_over(&desk).await;
        outbound::settle(&desk.app, taken, token, Outcome::NotFound).await.unwrap();
        assert_eq!(of_message(&desk.app, answer).await.state, On::Queued);
        desk.loft.next_search(Ok(true));
        desk.loft.go_on();
        working.await.unwrap();
        desk.later(MINUTE).await;
        assert_eq!((of_message(&desk.app, answer).await.state, desk.loft.flown().len()), (On::Sent, 0));
    }

    async fn an_answer_whose_end_could_not_be_kept_is_looked_for_in_half_a_minute(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let answer = desk.answer(&desk.only_conversation().await, "Hi").await;
        desk.poison("UPDATE", "deliveries", "NEW.state = 'sent'").await;
        desk.settle().await;
        assert_eq!((of_message(&desk.app, answer.id).await.state, desk.loft.flown().len()), (On::Sending, 1));
        desk.heal().await;
        desk.loft.next_search(Ok(true));
        desk.later(30_000).await;
        assert_eq!((of_message(&desk.app, answer.id).await.state, desk.loft.searches()), (On::Sent, 1));
        assert_eq!((desk.loft.flown().len(), times_sent(&desk).await), (1, 1));
    }

    async fn nobody_looks_whether_it_arrived_within_half_a_minute(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let answer = desk.answer(&desk.only_conversation().await, "Hi").await;
        desk.loft.next_flight(Err(Failure::Ambiguous { why: "Last seen over the sea.".into() }));
        desk.settle().await;
        desk.loft.next_search(Ok(true));
        desk.later(29_999).await;
        assert_eq!(desk.loft.searches(), 0);
        desk.later(1).await;
        assert_eq!((desk.loft.searches(), of_message(&desk.app, answer.id).await.state), (1, On::Sent));
    }

    async fn a_read_that_takes_minutes_stays_with_who_reads(bed: Bed) {
        let desk = Desk::open(bed).await;
        let other = desk.other_process().await;
        desk.loft.arrive(note(1, "amara", "Hello"));
        desk.loft.stop_at(Moment::Looking);
        let working = desk.settle_aside();
        until("it is being read", async || desk.loft.stopped() == 1).await;
        for _ in 0..3 {
            desk.app.clock.advance(40_000);
            let soon = desk.app.clock.now() + 40_000;
            until("the lease is renewed", async || {
                let next = streams::next_poll(&mut desk.app.db.read().await.unwrap()).await.unwrap();
                next.is_some_and(|at| at > soon)
            })
            .await;
            assert_eq!(worker::settle(&other).await.unwrap(), 0, "another process reads the same");
        }
        desk.loft.go_on();
        working.await.unwrap();
        assert_eq!(desk.counts().await.messages, 1);
    }

    async fn a_read_that_was_taken_over_ends_and_keeps_nothing(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.arrive(note(1, "amara", "Hello"));
        desk.loft.stop_at(Moment::Looking);
        let working = desk.settle_aside();
        until("it is being read", async || desk.loft.stopped() == 1).await;
        let (token, later) = (desk.app.clock.id(), desk.app.clock.now() + 60 * MINUTE);
        let (taken, _) = desk
            .app
            .db
            .write(move |tx| Box::pin(streams::lease(tx, token, later, later + MINUTE, 10)))
            .await
            .unwrap();
        assert_eq!(taken.len(), 1);
        desk.app.clock.advance(MINUTE);
        working.await.unwrap();
        desk.loft.go_on();
        assert_eq!(desk.counts().await.received, 0);
    }

    async fn one_slow_platform_keeps_no_other_waiting(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (row, fast) = desk.second_loft().await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        desk.answer(&desk.only_conversation().await, "Slowly").await;
        desk.loft.stop_at(Moment::OnTheSill);
        let stop = CancellationToken::new();
        let workers = worker::spawn(&desk.app, &stop);
        until("the slow one is under way", async || desk.loft.stopped() == 1).await;
        deskbell::inbound::accept(&desk.app, &row, vec![note(2, "piotr", "Hello")], None).await.unwrap();
        let second = desk.conversations().await.remove(1);
        desk.answer(&second, "Fast").await;
        until("the other has left", async || fast.flown() == ["Fast"]).await;
        assert!(desk.loft.flown().is_empty());
        desk.loft.go_on();
        workers.finish().await;
        assert_eq!(desk.loft.flown(), ["Slowly"], "what was begun is finished before the end");
    }

    async fn a_new_place_to_read_is_found_by_itself(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.build("attic");
        let workers = worker::spawn(&desk.app, &CancellationToken::new());
        until("the attic is known", async || {
            let known = streams::of_channel(&mut desk.app.db.read().await.unwrap(), desk.channel.id).await.unwrap();
            known.iter().any(|stream| stream.stream == "attic" && stream.last_success_at.is_some())
        })
        .await;
        workers.finish().await;
    }
}
