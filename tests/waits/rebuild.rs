//! What is kept as messages come and answers leave is what the history says, also where the rare thing happens.

use connectors::contract::{Envelope, Event, Failure, Reason, Receipt, ReceiptState};
use deskbell::conversation::{closure, handoff};
use deskbell::model::closure::Outcome;
use deskbell::model::delivery::State as On;
use deskbell::model::handoff::Reason as Why;
use deskbell::outbound;
use deskbell::store::deliveries;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use super::bed::{agree, differences, kept};
use crate::journey::bed::{Desk, reply};
use crate::journey::pigeon::{Moment, answering, echo, note};
use crate::store::bed::{NOW, each_engine};

const MINUTE: i64 = 60_000;

/// The patron says something more, as answer to their first note.
fn more(number: u32, text: &str) -> Envelope {
    answering(note(number, "amara", text), &["note-1@loft"], &[])
}

/// What the platform says of the answer with this id.
fn receipt(number: u32, id: Option<&String>, state: ReceiptState) -> Envelope {
    let receipt = Receipt {
        key: None,
        id: id.cloned(),
        state,
        recipient: None,
        why: (state == ReceiptState::Failed).then(|| "Nobody lives there.".to_owned()),
    };
    Envelope { event: Event::Receipt(receipt), ..note(number, "post", "") }
}

/// When note `number` was said.
fn said(number: u32) -> i64 {
    note(number, "", "").at
}

/// A desk at which Amara has asked, ten minutes later.
async fn asked(bed: crate::store::bed::Bed) -> Desk {
    let desk = Desk::open(bed).await;
    desk.accept(vec![note(1, "amara", "Is the study room free?")]).await;
    desk.app.clock.advance(10 * MINUTE);
    desk
}

async fn change(bed: &str, text: &str) {
    let text = AssertSqlSafe(text.to_owned());
    if bed.starts_with("sqlite:") {
        SqliteConnection::connect(bed).await.unwrap().execute(text).await.unwrap();
    } else {
        PgConnection::connect(bed).await.unwrap().execute(text).await.unwrap();
    }
}

each_engine! {
    async fn a_later_part_of_an_answer_does_not_answer_what_was_asked_after_it(bed: Bed) {
        let desk = asked(bed).await;
        let conversation = desk.only_conversation().await;
        desk.loft.next_flight(Ok(()));
        desk.loft.next_flight(Err(Failure::Transient { after_ms: None, why: "Fog.".into() }));
        desk.answer(&conversation, "Yes.\n--\nFrom noon on.").await;
        desk.settle().await;
        assert_eq!(desk.loft.flown().len(), 1, "the first part has left and the second has not");
        desk.accept(vec![more(20, "And the piano?")]).await;
        desk.later(60 * MINUTE).await;
        assert_eq!(desk.loft.flown().len(), 2);
        assert_eq!(kept(&desk, conversation.id).await, [(said(1), Some(NOW + 10 * MINUTE)), (said(20), None)]);
        agree(&desk.app).await;
    }

    async fn an_answer_that_arrives_before_it_is_said_to_have_left_ends_the_wait(bed: Bed) {
        let desk = asked(bed).await;
        let conversation = desk.only_conversation().await;
        desk.loft.stop_at(Moment::InTheAir);
        let answer = desk.answer(&conversation, "Yes.").await;
        let settling = desk.settle_aside();
        crate::journey::bed::until("it is in the air", || async { desk.loft.stopped() == 1 }).await;
        desk.accept(vec![receipt(15, answer.external_id.as_ref(), ReceiptState::Delivered)]).await;
        assert_eq!(kept(&desk, conversation.id).await, [(said(1), Some(NOW + 10 * MINUTE))]);
        desk.loft.go_on();
        settling.await.unwrap();
        let mut conn = desk.app.db.read().await.unwrap();
        assert_eq!(deliveries::of_message(&mut conn, answer.id).await.unwrap()[0].state, On::Delivered);
        drop(conn);
        assert_eq!(desk.conversation(conversation.id).await.waiting_since, None);
        agree(&desk.app).await;
    }

    async fn what_was_asked_after_an_answer_that_bounces_was_a_nudge(bed: Bed) {
        let desk = asked(bed).await;
        let conversation = desk.only_conversation().await;
        let answer = desk.answer(&conversation, "Yes.").await;
        desk.settle().await;
        desk.accept(vec![more(20, "Hello?")]).await;
        assert_eq!(kept(&desk, conversation.id).await.len(), 2);
        desk.accept(vec![receipt(25, answer.external_id.as_ref(), ReceiptState::Failed)]).await;
        assert_eq!(kept(&desk, conversation.id).await, [(said(1), None)]);
        assert_eq!(desk.conversation(conversation.id).await.waiting_since, Some(said(1)));
        agree(&desk.app).await;
        // It was answered in the meantime: then there are two, and both may come back.
        let (one, two) = {
            let seen = desk.conversation(conversation.id).await;
            let one = desk.answer(&seen, "Yes, from noon on.").await;
            desk.settle().await;
            desk.accept(vec![more(30, "And the piano?")]).await;
            let two = desk.answer(&desk.conversation(seen.id).await, "It is in tune.").await;
            desk.settle().await;
            (one, two)
        };
        for (number, answer) in [(35, &two), (36, &one)] {
            desk.accept(vec![receipt(number, answer.external_id.as_ref(), ReceiptState::Failed)]).await;
            agree(&desk.app).await;
        }
        assert_eq!(kept(&desk, conversation.id).await, [(said(1), None)]);
    }

    async fn what_was_said_first_may_come_last(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(9, "amara", "Anybody there?")]).await;
        let conversation = desk.only_conversation().await;
        let first = answering(note(3, "amara", "Is the study room free?"), &["note-9@loft"], &[]);
        desk.accept(vec![first]).await;
        assert_eq!(kept(&desk, conversation.id).await, [(said(3), None)]);
        let row = desk.conversation(conversation.id).await;
        assert_eq!((row.waiting_since, row.due_at), (Some(said(3)), said(3) + 86_400_000));
        agree(&desk.app).await;
        // Together, in one turn, to somebody new.
        let later = answering(note(8, "rosa", "?"), &[], &[]);
        let earlier = answering(note(2, "rosa", "May I bring my dog?"), &["note-8@loft"], &[]);
        desk.accept(vec![later, earlier]).await;
        let all = desk.conversations().await;
        assert_eq!(kept(&desk, all[1].id).await, [(said(2), None)]);
        agree(&desk.app).await;
    }

    async fn an_old_answer_found_late_ends_nothing_while_another_is_on_its_way(bed: Bed) {
        let desk = asked(bed).await;
        let conversation = desk.only_conversation().await;
        desk.accept(vec![echo(answering(note(5, "loft", "Done by hand"), &["note-1@loft"], &[]))]).await;
        desk.accept(vec![more(9, "One thing more")]).await;
        desk.loft.hold(5 * MINUTE);
        desk.answer(&desk.conversation(conversation.id).await, "Yes?").await;
        desk.accept(vec![echo(answering(note(7, "loft", "Found late"), &["note-1@loft"], &[]))]).await;
        assert_eq!(kept(&desk, conversation.id).await, [(said(1), Some(said(5))), (said(9), None)]);
        desk.later(5 * MINUTE).await;
        assert_eq!(kept(&desk, conversation.id).await[1], (said(9), Some(NOW + 15 * MINUTE)));
        agree(&desk.app).await;
    }

    async fn done_says_in_the_history_what_became_of_the_wait(bed: Bed) {
        let desk = asked(bed).await;
        let id = desk.only_conversation().await.id;
        // Whatever is chosen: an answer is on its way, so somebody was answered.
        desk.loft.hold(5 * MINUTE);
        desk.answer(&desk.conversation(id).await, "Yes.").await;
        closure::close(&desk.app, &desk.ana, id, Outcome::Answered.into()).await.unwrap();
        agree(&desk.app).await;
        desk.later(5 * MINUTE).await;
        assert_eq!(kept(&desk, id).await, [(said(1), Some(NOW + 15 * MINUTE))]);
        agree(&desk.app).await;
        // Taken back, it takes back what it did, and nothing of before.
        desk.accept(vec![more(30, "Hm.")]).await;
        closure::close(&desk.app, &desk.ana, id, Outcome::Answered.into()).await.unwrap();
        desk.app.clock.advance(MINUTE);
        desk.accept(vec![more(31, "And the piano?")]).await;
        desk.answer(&desk.conversation(id).await, "In tune.").await;
        desk.later(5 * MINUTE).await;
        closure::close(&desk.app, &desk.ana, id, Outcome::Answered.into()).await.unwrap();
        closure::reopen(&desk.app, &desk.ana, id).await.unwrap();
        assert!(kept(&desk, id).await.iter().all(|(_, end)| end.is_some()), "{:?}", kept(&desk, id).await);
        agree(&desk.app).await;
    }

    async fn a_wait_stays_at_the_desk_where_it_began(bed: Bed) {
        let desk = asked(bed).await;
        let row = desk.only_conversation().await;
        let desks = deskbell::store::people::desks(&mut desk.app.db.read().await.unwrap()).await.unwrap();
        let other = desks.iter().find(|one| one.id != row.desk_id).unwrap().id;
        let to = |desk| handoff::Given {
            to: handoff::To::Desk(desk),
            reason: Why::Other,
            summary: "Rooms".to_owned(),
        };
        for to_desk in [other, row.desk_id, other] {
            handoff::give(&desk.app, &desk.ana, row.id, to(to_desk)).await.unwrap();
        }
        desk.answer(&desk.conversation(row.id).await, "Yes.").await;
        desk.settle().await;
        desk.accept(vec![more(20, "And the piano?")]).await;
        let mut conn = desk.app.db.read().await.unwrap();
        let waits = deskbell::store::waits::of_conversation(&mut conn, row.id).await.unwrap();
        drop(conn);
        assert_eq!(waits.iter().map(|wait| wait.desk_id).collect::<Vec<_>>(), [row.desk_id, other]);
        agree(&desk.app).await;
    }

    async fn whatever_is_kept_wrong_is_said_and_mended(bed: Bed) {
        let address = bed.address.clone();
        let desk = asked(bed).await;
        // More than are looked at together.
        let many = (100..320).map(|number| note(number, &format!("patron-{number}"), "Hello"));
        desk.accept(many.collect()).await;
        let conversation = desk.conversations().await.remove(0);
        desk.answer(&conversation, "Yes.").await;
        desk.settle().await;
        desk.accept(vec![more(20, "And the piano?")]).await;
        let read = agree(&desk.app).await;
        assert_eq!((read.conversations, read.waits), (221, 222));
        let (of, answered) = (format!("conversation_id = {}", literal(&address, conversation.id)), "closed_at IS NOT NULL");
        for (wrong, said) in [
            (format!("UPDATE waits SET opened_at = opened_at - 1 WHERE {of} AND {answered}"), "A wait is kept as"),
            (format!("UPDATE waits SET closed_at = closed_at + 1 WHERE {of} AND {answered}"), "A wait is kept as"),
            (format!("UPDATE waits SET outcome = 'no_answer_needed' WHERE {of} AND {answered}"), "done without an answer"),
            (format!("UPDATE waits SET is_first = false WHERE {of}"), "the first wait"),
            (format!("DELETE FROM waits WHERE {of} AND {answered}"), "a wait that is not kept"),
            (format!("DELETE FROM waits WHERE {of}"), "a wait that is not kept"),
            (format!("UPDATE conversations SET waiting_since = NULL WHERE id = {}", literal(&address, conversation.id)), "nobody waits"),
        ] {
            change(&address, &wrong).await;
            let (read, told) = differences(&desk.app, false).await;
            assert!(read.differences > 0 && told[0].starts_with("Q-") && told.join("").contains(said), "{wrong}: {told:#?}");
            let (_, again) = differences(&desk.app, true).await;
            assert_eq!(told, again, "looking changes nothing");
            agree(&desk.app).await;
        }
        let row = desk.conversation(conversation.id).await;
        assert_eq!(row.waiting_since, Some(said(20)));
    }

    async fn an_answer_that_never_leaves_ends_nothing(bed: Bed) {
        let desk = asked(bed).await;
        let row = desk.only_conversation().await;
        let why = "No pigeon flies there.".to_owned();
        desk.loft.next_flight(Err(Failure::Permanent { reason: Reason::NotAllowed, why }));
        desk.answer(&row, "Yes.").await;
        desk.settle().await;
        desk.loft.hold(5 * MINUTE);
        let held = desk.answer(&desk.conversation(row.id).await, "Really yes.").await;
        outbound::withdraw(&desk.app, &desk.ana, row.id, held.id).await.unwrap();
        assert_eq!(kept(&desk, row.id).await, [(said(1), None)]);
        agree(&desk.app).await;
        let seen = desk.conversation(row.id).await;
        outbound::send(&desk.app, &desk.bryan, row.id, outbound::Reply { helps: true, ..reply("Yes!", seen.seq) })
            .await
            .unwrap();
        desk.later(5 * MINUTE).await;
        assert_eq!(kept(&desk, row.id).await, [(said(1), Some(NOW + 15 * MINUTE))]);
        agree(&desk.app).await;
    }
}

fn literal(address: &str, id: uuid::Uuid) -> String {
    if address.starts_with("sqlite:") { format!("x'{}'", id.simple()) } else { format!("'{id}'") }
}
