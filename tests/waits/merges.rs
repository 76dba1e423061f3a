//! Conversations that become one and two again: where everything goes, and how long who has waited.

use connectors::contract::{Envelope, Failure, Key, Reason as No};
use deskbell::conversation::{closure, handoff, merge, note as notes, snooze};
use deskbell::error::Error;
use deskbell::model::closure::Outcome;
use deskbell::model::conversation::{Conversation, State};
use deskbell::model::handoff::Reason;
use deskbell::outbound::{self, Reply};
use deskbell::store::{deliveries, messages};
use uuid::Uuid;

use super::bed::{agree, kept};
use crate::journey::bed::{Desk, reply};
use crate::journey::pigeon::{answering, echo, note};
use crate::store::bed::{Bed, NOW, each_engine};

const MINUTE: i64 = 60_000;

/// When note `number` was said.
fn said(number: u32) -> i64 {
    note(number, "", "").at
}

/// Something more in the thread that note `first` began.
fn more(number: u32, from: &str, first: u32) -> Envelope {
    answering(note(number, from, &format!("Note {number}")), &[&format!("note-{first}@loft")], &[])
}

/// A desk at which Amara has asked twice, and the two conversations: the one that goes and where it goes.
async fn asked_twice(bed: Bed) -> (Desk, Uuid, Uuid) {
    let desk = Desk::open(bed).await;
    desk.accept(vec![note(1, "amara", "Note 1"), note(2, "amara", "Note 2")]).await;
    desk.app.clock.advance(10 * MINUTE);
    let all = desk.conversations().await;
    (desk, all[1].id, all[0].id)
}

async fn merged(desk: &Desk, from: Uuid, into: Uuid) -> Conversation {
    let row = merge::merge(&desk.app, &desk.ana, from, into, false).await.expect("merged");
    agree(&desk.app).await;
    row
}

async fn undone(desk: &Desk, from: Uuid) -> Conversation {
    let row = merge::undo(&desk.app, &desk.ana, from).await.expect("undone");
    agree(&desk.app).await;
    row
}

/// Without the number of the last line, which only grows.
fn but_for_seq(row: &Conversation) -> Conversation {
    Conversation { seq: 0, ..row.clone() }
}

/// An answer is on its way in the conversation of this place when that becomes part of the other.
async fn on_its_way(bed: Bed, one: usize) {
    let (desk, younger, older) = asked_twice(bed).await;
    let (pair, other) = ([older, younger], 1 - one);
    let (from, into) = (pair[one], pair[other]);
    desk.loft.hold(5 * MINUTE);
    desk.answer(&desk.conversation(from).await, "Held.").await;
    merged(&desk, from, into).await;
    desk.later(5 * MINUTE).await;
    assert_eq!(desk.loft.flown().len(), 1);
    let told = |place: usize| said(u32::try_from(place).unwrap() + 1);
    let (answered, waiting) = ((told(one), Some(NOW + 15 * MINUTE)), (told(other), None));
    let mut both = vec![answered, waiting];
    both.sort_unstable();
    assert_eq!(kept(&desk, into).await, both, "what its writer did not see is not answered by it");
    assert_eq!(desk.conversation(into).await.waiting_since, Some(waiting.0));
    agree(&desk.app).await;
    undone(&desk, from).await;
    assert_eq!((kept(&desk, from).await, kept(&desk, into).await), (vec![answered], vec![waiting]));
    assert_eq!(desk.conversation(from).await.state, State::Waiting);
}

each_engine! {
    async fn the_patron_waits_from_the_oldest_message_and_one_answer_ends_it(bed: Bed) {
        let (desk, from, into) = asked_twice(bed).await;
        let was = (desk.conversation(from).await, desk.conversation(into).await);
        let row = merged(&desk, into, from).await;
        assert_eq!((row.id, row.waiting_since), (from, Some(said(1))), "the wait of what went, which is older");
        assert_eq!(row.due_at, was.1.due_at, "what was promised first");
        assert_eq!(kept(&desk, from).await, [(said(1), None)]);
        assert_eq!(kept(&desk, into).await, []);
        assert_eq!(desk.texts(from).await, ["Note 1", "Note 2"]);
        desk.answer(&row, "Yes to both.").await;
        desk.settle().await;
        assert_eq!(kept(&desk, from).await, [(said(1), Some(NOW + 10 * MINUTE))]);
        agree(&desk.app).await;
        // As if they had never been one: the answer was given in the other.
        let back = undone(&desk, into).await;
        assert_eq!((back.state, back.waiting_since), (State::Open, Some(said(1))));
        assert_eq!(kept(&desk, into).await, [(said(1), None)]);
        assert_eq!(kept(&desk, from).await, [(said(2), Some(NOW + 10 * MINUTE))]);
        assert_eq!(desk.texts(into).await, ["Note 1"]);
        assert_eq!(desk.texts(from).await, ["Note 2", "Yes to both."]);
    }

    async fn merged_and_undone_both_are_as_they_were(bed: Bed) {
        let (desk, from, into) = asked_twice(bed).await;
        desk.answer(&desk.conversation(into).await, "Yes.").await;
        desk.settle().await;
        let person = handoff::Given {
            to: handoff::To::Person(desk.bryan.staff_id),
            reason: Reason::Other,
            summary: "Rooms".to_owned(),
        };
        handoff::give(&desk.app, &desk.ana, from, person).await.unwrap();
        snooze::snooze(&desk.app, &desk.ana, from, NOW + 300 * MINUTE).await.unwrap();
        notes::write(&desk.app, &desk.bryan, from, "She called").await.unwrap();
        let was = (desk.conversation(from).await, desk.conversation(into).await);
        let waits = (kept(&desk, from).await, kept(&desk, into).await);
        for (one, other) in [(from, into), (into, from)] {
            merged(&desk, one, other).await;
            desk.app.clock.advance(MINUTE);
            undone(&desk, one).await;
            assert_eq!(but_for_seq(&desk.conversation(from).await), but_for_seq(&was.0));
            assert_eq!(but_for_seq(&desk.conversation(into).await), but_for_seq(&was.1));
            assert_eq!((kept(&desk, from).await, kept(&desk, into).await), waits);
        }
        let mut conn = desk.app.db.read().await.unwrap();
        let asked = deskbell::store::handoffs::open_of(&mut conn, from).await.unwrap();
        assert_eq!(asked.and_then(|asked| asked.to_staff_id), Some(desk.bryan.staff_id), "he is asked still");
        assert!(deskbell::store::watches::watches(&mut conn, desk.bryan.staff_id, from).await.unwrap());
    }

    async fn what_comes_to_an_old_thread_is_found_where_that_leads_through_two_merges(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept((1..=3).map(|number| note(number, "amara", &format!("Note {number}"))).collect()).await;
        desk.app.clock.advance(10 * MINUTE);
        let all: Vec<Uuid> = desk.conversations().await.iter().map(|row| row.id).collect();
        let answer = desk.answer(&desk.conversation(all[0]).await, "Yes.").await;
        desk.settle().await;
        merged(&desk, all[0], all[1]).await;
        merged(&desk, all[1], all[2]).await;
        desk.accept(vec![more(20, "amara", 1)]).await;
        // A relay gave the answer another id; only the proof says what this belongs to.
        let parts = deliveries::of_message(&mut desk.app.db.read().await.unwrap(), answer.id).await.unwrap();
        desk.accept(vec![answering(note(21, "stranger", "Note 21"), &["unknown@relay"], &[Key(parts[0].id)])]).await;
        desk.accept(vec![echo(answering(note(22, "loft", "Note 22"), &["note-2@loft"], &[]))]).await;
        assert_eq!(desk.texts(all[2]).await, ["Note 1", "Note 2", "Note 3", "Yes.", "Note 20", "Note 21", "Note 22"]);
        agree(&desk.app).await;
        assert_eq!(desk.conversations().await.len(), 3, "nothing opened one of its own");
        let before = merge::undo(&desk.app, &desk.ana, all[0]).await.unwrap_err();
        assert!(before.to_string().contains("undo that first"), "{before}");
        undone(&desk, all[1]).await;
        assert_eq!(desk.texts(all[2]).await, ["Note 3"]);
        assert_eq!(desk.texts(all[1]).await, ["Note 1", "Note 2", "Yes.", "Note 20", "Note 21", "Note 22"]);
        undone(&desk, all[0]).await;
        assert_eq!(desk.texts(all[0]).await, ["Note 1", "Yes.", "Note 20", "Note 21"]);
        assert_eq!(desk.texts(all[1]).await, ["Note 2", "Note 22"]);
        desk.accept(vec![more(30, "amara", 1)]).await;
        assert_eq!(desk.texts(all[0]).await.last().map(String::as_str), Some("Note 30"));
        agree(&desk.app).await;
    }

    async fn an_answer_on_its_way_answers_what_its_writer_saw_and_settles_where_it_is(bed: Bed) {
        on_its_way(bed, 0).await;
    }

    async fn an_answer_on_its_way_in_the_younger_one_answers_that(bed: Bed) {
        on_its_way(bed, 1).await;
    }

    async fn an_answer_that_comes_back_after_the_merge_is_missed_where_it_is(bed: Bed) {
        let (desk, from, into) = asked_twice(bed).await;
        desk.loft.hold(5 * MINUTE);
        let why = "No pigeon flies there.".to_owned();
        desk.loft.next_flight(Err(Failure::Permanent { reason: No::NotAllowed, why }));
        desk.answer(&desk.conversation(from).await, "Held.").await;
        desk.loft.hold(0);
        merged(&desk, from, into).await;
        desk.later(5 * MINUTE).await;
        let row = desk.conversation(into).await;
        assert_eq!((row.state, row.waiting_since), (State::Open, Some(said(1))));
        assert!(row.trouble.is_some());
        assert_eq!(desk.conversation(from).await.trouble, None);
        agree(&desk.app).await;
        let back = undone(&desk, from).await;
        assert_eq!((back.state, back.waiting_since), (State::Open, Some(said(2))));
        assert_eq!(kept(&desk, into).await, [(said(1), None)]);
    }

    async fn a_new_message_answers_nothing_and_a_nudge_stays_one(bed: Bed) {
        let (desk, from, into) = asked_twice(bed).await;
        desk.answer(&desk.conversation(into).await, "Yes.").await;
        desk.settle().await;
        closure::close(&desk.app, &desk.ana, into, Outcome::Answered.into()).await.unwrap();
        let row = merged(&desk, from, into).await;
        assert_eq!((row.state, row.waiting_since), (State::Open, Some(said(2))), "somebody waits: it is not done");
        desk.accept(vec![more(20, "amara", 2), more(21, "amara", 1)]).await;
        let ended = (said(1), Some(NOW + 10 * MINUTE));
        assert_eq!(kept(&desk, into).await, [ended, (said(2), None)]);
        agree(&desk.app).await;
        closure::close(&desk.app, &desk.ana, into, Outcome::Answered.into()).await.unwrap();
        agree(&desk.app).await;
        closure::reopen(&desk.app, &desk.ana, into).await.unwrap();
        agree(&desk.app).await;
        // Each with what came to its own thread.
        let back = undone(&desk, from).await;
        assert_eq!((back.waiting_since, back.last_patron_at), (Some(said(2)), said(20)));
        assert_eq!(kept(&desk, into).await, [ended, (said(21), None)]);
        assert_eq!(desk.conversation(into).await.waiting_since, Some(said(21)));
    }

    async fn whoever_was_writing_is_told_what_joined(bed: Bed) {
        let (desk, from, into) = asked_twice(bed).await;
        // What joins is older than what was seen last, and news all the same.
        let (in_from, in_into) = (desk.conversation(from).await.seq, desk.conversation(into).await.seq);
        merged(&desk, into, from).await;
        let told = outbound::send(&desk.app, &desk.bryan, from, reply("Yes.", in_from)).await.unwrap_err();
        let Error::Newer { messages: new, .. } = told else { panic!("{told}") };
        assert_eq!(new.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["Note 1"]);
        undone(&desk, into).await;
        merged(&desk, from, into).await;
        let told = outbound::send(&desk.app, &desk.bryan, into, reply("Yes.", in_into)).await.unwrap_err();
        let Error::Newer { messages: new, events, seen } = told else { panic!("{told}") };
        assert_eq!(new.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["Note 2"]);
        assert_eq!(events.last().map(|line| line.words()), Some("Ana merged Q-20002 (1 message) into this".to_owned()));
        let told = outbound::send(&desk.app, &desk.bryan, from, reply("Yes.", in_from)).await.unwrap_err();
        assert!(matches!(told, Error::Merged { into: where_to, .. } if where_to == into), "{told}");
        assert_eq!(told.to_string(), "Ana merged Q-20002 into Q-20001. Nothing was changed and what you wrote is kept; go on in Q-20001.");
        let sent = outbound::send(&desk.app, &desk.bryan, into, Reply { ..reply("Yes.", seen) }).await.unwrap();
        assert_eq!(sent.refs, "note-1@loft", "it goes on in its own thread");
    }

    async fn of_people_who_merge_or_undo_at_once_one_does_and_the_others_are_told(bed: Bed) {
        let (desk, from, into) = asked_twice(bed).await;
        let all = || futures::future::join_all((0..8).map(|_| merge::merge(&desk.app, &desk.ana, from, into, false)));
        let told: Vec<_> = all().await.into_iter().filter_map(Result::err).collect();
        assert_eq!(told.len(), 7);
        assert!(told.iter().all(|one| matches!(one, Error::Merged { .. })), "{told:?}");
        agree(&desk.app).await;
        let all = futures::future::join_all((0..8).map(|_| merge::undo(&desk.app, &desk.bryan, from)));
        let told: Vec<_> = all.await.into_iter().filter_map(Result::err).collect();
        assert_eq!(told.len(), 7);
        assert!(told.iter().all(|one| one.to_string().starts_with("Bryan undid this")), "{told:?}");
        agree(&desk.app).await;
    }

    async fn two_peoples_conversations_are_one_only_when_that_is_said(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Note 1"), note(2, "rosa", "Note 2")]).await;
        let all: Vec<Uuid> = desk.conversations().await.iter().map(|row| row.id).collect();
        let told = merge::merge(&desk.app, &desk.ana, all[1], all[0], false).await.unwrap_err();
        assert!(matches!(told, Error::TwoPatrons { .. }) && told.to_string().contains("rosa and amara"), "{told}");
        let row = merge::merge(&desk.app, &desk.ana, all[1], all[0], true).await.unwrap();
        desk.answer(&row, "To Amara.").await;
        desk.settle().await;
        let mut conn = desk.app.db.read().await.unwrap();
        let all = messages::of_conversation(&mut conn, all[0], None, 9).await.unwrap();
        let names: Vec<&str> = all.iter().map(|one| one.author_name.as_str()).collect();
        assert_eq!(names, ["amara", "rosa", "Ana"]);
        assert_eq!(all[2].address_id, all[0].address_id, "it goes to whose conversation it is");
        drop(conn);
        agree(&desk.app).await;
    }

    async fn the_moment_and_what_was_done_since_forbid_an_undoing_in_words(bed: Bed) {
        let (desk, from, into) = asked_twice(bed).await;
        merged(&desk, from, into).await;
        desk.app.clock.advance(31 * 24 * 60 * MINUTE);
        let told = merge::undo(&desk.app, &desk.ana, from).await.unwrap_err();
        assert_eq!(told.to_string(), "This merge is 31 days old, and one can be undone for 30 days. Nothing was changed.");
        for told in [
            closure::close(&desk.app, &desk.ana, from, Outcome::Answered.into()).await.unwrap_err(),
            snooze::wake(&desk.app, &desk.ana, from).await.unwrap_err(),
            merge::merge(&desk.app, &desk.ana, from, into, false).await.unwrap_err(),
        ] {
            assert!(matches!(told, Error::Merged { .. }), "{told}");
        }
        let told = merge::merge(&desk.app, &desk.ana, into, from, false).await.unwrap_err();
        assert!(told.to_string().contains("one conversation already"), "{told}");
        let told = merge::undo(&desk.app, &desk.ana, into).await.unwrap_err();
        assert!(matches!(told, Error::NotMerged(_)), "{told}");
    }
}
