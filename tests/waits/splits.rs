//! Part of a conversation becomes one of its own: where everything goes, and how long who has waited.

use connectors::contract::{Envelope, Event, Failure, Reason as No, Receipt, ReceiptState};
use deskbell::conversation::{closure, merge, note as notes, spam, split};
use deskbell::error::Error;
use deskbell::model::closure::Outcome;
use deskbell::model::conversation::{Conversation, State};
use deskbell::model::split::Chosen;
use deskbell::outbound;
use deskbell::store::{deliveries, lists, messages};
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

/// Something more that answers note `of`.
fn more(number: u32, from: &str, of: u32) -> Envelope {
    answering(note(number, from, &format!("Note {number}")), &[&format!("note-{of}@loft")], &[])
}

/// A desk at which Amara has asked three things in one thread, ten minutes ago.
async fn asked(bed: Bed) -> (Desk, Uuid) {
    let desk = Desk::open(bed).await;
    desk.accept(vec![note(1, "amara", "Note 1"), more(2, "amara", 1), more(3, "amara", 1)]).await;
    desk.app.clock.advance(10 * MINUTE);
    let id = desk.only_conversation().await.id;
    (desk, id)
}

async fn message(desk: &Desk, text: &str) -> Uuid {
    let mut conn = desk.app.db.read().await.unwrap();
    for row in desk.conversations().await {
        let all = messages::of_conversation(&mut conn, row.id, None, 100).await.unwrap();
        if let Some(found) = all.into_iter().find(|one| one.text == text) {
            return found.id;
        }
    }
    panic!("nobody said {text}");
}

async fn these(desk: &Desk, texts: &[&str]) -> Chosen {
    let mut ids = Vec::new();
    for text in texts {
        ids.push(message(desk, text).await);
    }
    Chosen::These(ids)
}

async fn apart(desk: &Desk, from: Uuid, chosen: Chosen) -> Conversation {
    let row = split::split(&desk.app, &desk.ana, from, chosen).await.expect("split");
    agree(&desk.app).await;
    row
}

async fn bounces(desk: &Desk, number: u32, answer: &deskbell::model::message::Message) {
    let (id, why) = (answer.external_id.clone(), Some("Nobody lives there.".to_owned()));
    let receipt = Receipt { key: None, id, state: ReceiptState::Failed, recipient: None, why };
    desk.accept(vec![Envelope { event: Event::Receipt(receipt), ..note(number, "post", "") }]).await;
    agree(&desk.app).await;
}

async fn words(desk: &Desk, id: Uuid) -> (Vec<String>, Vec<String>) {
    let mut conn = desk.app.db.read().await.unwrap();
    let lines = deskbell::store::events::of_conversation(&mut conn, id, None, 50).await.unwrap();
    let links = lists::linked(&mut conn, id).await.unwrap();
    let split = lines.iter().map(|line| line.words()).filter(|words| words.contains("split")).collect();
    (split, links.into_iter().map(|link| format!("{} {}", link.why, link.number)).collect())
}

each_engine! {
    async fn each_waits_from_its_own_oldest_message_and_each_leads_to_the_other(bed: Bed) {
        let (desk, id) = asked(bed).await;
        let was = desk.conversation(id).await;
        let new = apart(&desk, id, these(&desk, &["Note 2"]).await).await;
        let rest = desk.conversation(id).await;
        assert_eq!((desk.texts(id).await, desk.texts(new.id).await), (vec!["Note 1".to_owned(), "Note 3".to_owned()], vec!["Note 2".to_owned()]));
        assert_eq!((kept(&desk, id).await, kept(&desk, new.id).await), (vec![(said(1), None)], vec![(said(2), None)]));
        assert_eq!((rest.waiting_since, rest.due_at, rest.preview.as_str()), (was.waiting_since, was.due_at, "Note 3"));
        assert_eq!((new.waiting_since, new.state, new.last_patron_at, new.preview.as_str()), (Some(said(2)), State::Open, said(2), "Note 2"));
        assert_eq!((new.patron_id, new.channel_id, new.desk_id), (was.patron_id, was.channel_id, was.desk_id));
        assert_eq!(words(&desk, id).await, (vec!["Ana split off Q-20002 (1 message)".to_owned()], vec!["has_split_off 20002".to_owned()]));
        assert_eq!(words(&desk, new.id).await, (vec!["Ana split this off Q-20001".to_owned()], vec!["split_off 20001".to_owned()]));
        // An answer to one is none to the other.
        desk.answer(&new, "To the second.").await;
        desk.settle().await;
        agree(&desk.app).await;
        assert_eq!((kept(&desk, id).await, kept(&desk, new.id).await), (vec![(said(1), None)], vec![(said(2), Some(NOW + 10 * MINUTE))]));
    }

    async fn who_has_an_answer_waits_in_neither(bed: Bed) {
        let (desk, id) = asked(bed).await;
        desk.answer(&desk.conversation(id).await, "All three.").await;
        desk.settle().await;
        let new = apart(&desk, id, these(&desk, &["Note 2"]).await).await;
        assert_eq!(kept(&desk, new.id).await, []);
        assert_eq!((new.waiting_since, new.state), (None, State::Waiting));
        assert_eq!(kept(&desk, id).await, [(said(1), Some(NOW + 10 * MINUTE))]);
        // The old one loses the wait when none of what is unanswered is left in it.
        desk.accept(vec![more(20, "amara", 1)]).await;
        let other = apart(&desk, id, these(&desk, &["Note 20"]).await).await;
        assert_eq!((other.waiting_since, desk.conversation(id).await.waiting_since), (Some(said(20)), None));
        assert_eq!(desk.conversation(id).await.state, State::Waiting);
    }

    async fn what_comes_later_goes_where_the_message_is_that_it_answers(bed: Bed) {
        let (desk, id) = asked(bed).await;
        let new = apart(&desk, id, these(&desk, &["Note 2"]).await).await;
        let sent = desk.answer(&new, "To the second.").await;
        desk.settle().await;
        let ours = sent.external_id.clone().unwrap();
        let to_ours = answering(note(22, "amara", "Note 22"), &[&ours], &[]);
        desk.accept(vec![more(20, "amara", 2), more(21, "amara", 3), to_ours]).await;
        assert_eq!(desk.texts(id).await, ["Note 1", "Note 3", "Note 21"]);
        assert_eq!(desk.texts(new.id).await, ["Note 2", "To the second.", "Note 20", "Note 22"]);
        agree(&desk.app).await;
        // And what a colleague answers elsewhere.
        desk.accept(vec![echo(more(23, "ana", 20))]).await;
        assert_eq!(desk.texts(new.id).await.last().unwrap(), "Note 23");
        assert_eq!((desk.conversation(new.id).await.waiting_since, desk.conversation(id).await.waiting_since), (None, Some(said(1))));
        agree(&desk.app).await;
    }

    async fn what_is_on_its_way_settles_where_it_is_now(bed: Bed) {
        let (desk, id) = asked(bed).await;
        desk.loft.hold(5 * MINUTE);
        let sent = desk.answer(&desk.conversation(id).await, "Held.").await;
        let new = apart(&desk, id, these(&desk, &["Note 2", "Held."]).await).await;
        assert_eq!(new.waiting_since, None, "an answer is on its way");
        let rest = desk.conversation(id).await;
        assert_eq!((rest.waiting_since, rest.state), (Some(said(1)), State::Open), "none to what stays");
        desk.later(5 * MINUTE).await;
        agree(&desk.app).await;
        let left = NOW + 15 * MINUTE;
        assert_eq!((kept(&desk, id).await, kept(&desk, new.id).await), (vec![(said(1), None)], vec![(said(2), Some(left))]));
        let part = deliveries::of_message(&mut desk.app.db.read().await.unwrap(), sent.id).await.unwrap();
        assert_eq!(part[0].conversation_id, new.id);
    }

    async fn an_answer_that_comes_back_brings_back_what_it_answered_wherever_that_is(bed: Bed) {
        let (desk, id) = asked(bed).await;
        let sent = desk.answer(&desk.conversation(id).await, "All three.").await;
        desk.settle().await;
        let new = apart(&desk, id, these(&desk, &["Note 1"]).await).await;
        assert_eq!((kept(&desk, id).await, kept(&desk, new.id).await), (vec![], vec![(said(1), Some(NOW + 10 * MINUTE))]), "it goes with what opened it");
        bounces(&desk, 90, &sent).await;
        assert_eq!((kept(&desk, id).await, kept(&desk, new.id).await), (vec![(said(2), None)], vec![(said(1), None)]));
        for (row, since) in [(desk.conversation(id).await, said(2)), (desk.conversation(new.id).await, said(1))] {
            assert_eq!((row.state, row.waiting_since), (State::Open, Some(since)));
            assert!(row.trouble.unwrap().starts_with("Not delivered"), "both say why");
        }
    }

    async fn done_is_done_in_both_and_each_can_be_opened_again_with_its_own_wait(bed: Bed) {
        let (desk, id) = asked(bed).await;
        closure::close(&desk.app, &desk.ana, id, Outcome::Answered.into()).await.unwrap();
        let new = apart(&desk, id, these(&desk, &["Note 1"]).await).await;
        assert_eq!((new.state, desk.conversation(id).await.state), (State::Done, State::Done));
        for (id, since) in [(id, said(2)), (new.id, said(1))] {
            let open = closure::reopen(&desk.app, &desk.ana, id).await.unwrap();
            agree(&desk.app).await;
            assert_eq!((open.state, open.waiting_since), (State::Open, Some(since)));
        }
    }

    async fn notes_go_where_they_are_chosen_to_and_with_what_comes_after(bed: Bed) {
        let (desk, id) = asked(bed).await;
        notes::write(&desk.app, &desk.ana, id, "About the first").await.unwrap();
        desk.accept(vec![more(20, "amara", 1)]).await;
        let after = Chosen::From(message(&desk, "Note 3").await);
        let new = apart(&desk, id, after).await;
        assert_eq!(desk.texts(new.id).await, ["Note 3", "About the first", "Note 20"]);
        assert_eq!(desk.texts(id).await, ["Note 1", "Note 2"]);
        let mut conn = desk.app.db.read().await.unwrap();
        let all = messages::of_conversation(&mut conn, new.id, None, 9).await.unwrap();
        assert_eq!(all[1].direction, deskbell::model::message::Direction::Inside);
    }

    async fn what_a_stranger_said_is_theirs_and_answers_go_to_them(bed: Bed) {
        let (desk, id) = asked(bed).await;
        let sent = desk.answer(&desk.conversation(id).await, "All three.").await;
        desk.settle().await;
        let key = deliveries::of_message(&mut desk.app.db.read().await.unwrap(), sent.id).await.unwrap()[0].id;
        let forwarded = answering(note(20, "rosa", "Note 20"), &[], &[connectors::contract::Key(key)]);
        desk.accept(vec![forwarded]).await;
        assert_eq!(desk.texts(id).await.last().unwrap(), "Note 20");
        let new = apart(&desk, id, these(&desk, &["Note 20"]).await).await;
        assert_eq!((new.patron_name.as_str(), desk.conversation(id).await.patron_name.as_str()), ("rosa", "amara"));
        let all = messages::of_conversation(&mut desk.app.db.read().await.unwrap(), new.id, None, 9).await.unwrap();
        assert!(!all[0].unverified, "who begins it is no stranger in it");
        let answer = desk.answer(&new, "Yes, Rosa.").await;
        desk.settle().await;
        assert_eq!(answer.address_id, all[0].address_id);
        desk.accept(vec![more(21, "rosa", 20)]).await;
        assert_eq!(desk.texts(new.id).await.last().unwrap(), "Note 21");
    }

    async fn what_cannot_be_is_refused_in_words_and_changes_nothing(bed: Bed) {
        let (desk, id) = asked(bed).await;
        notes::write(&desk.app, &desk.ana, id, "A note").await.unwrap();
        let before = desk.conversation(id).await;
        let elsewhere = Uuid::from_u128(7);
        for (chosen, why) in [
            (these(&desk, &["A note"]).await, "A conversation begins with what a patron said."),
            (Chosen::These(vec![]), "A conversation begins with what a patron said."),
            (Chosen::From(message(&desk, "Note 1").await), "Nothing that a patron said would be left"),
            (these(&desk, &["Note 1", "Note 2", "Note 3"]).await, "Nothing that a patron said would be left"),
            (Chosen::These(vec![elsewhere]), "is not in this conversation"),
            (Chosen::From(elsewhere), "is not in this conversation"),
        ] {
            let told = split::split(&desk.app, &desk.ana, id, chosen).await.unwrap_err();
            assert!(matches!(told, Error::Invalid(_)) && told.to_string().contains(why), "{told}");
        }
        assert_eq!(desk.conversation(id).await, before);
        let note_2 = these(&desk, &["Note 2"]).await;
        spam::mark(&desk.app, &desk.ana, id).await.unwrap();
        let told = split::split(&desk.app, &desk.ana, id, note_2.clone()).await.unwrap_err();
        assert!(told.to_string().starts_with("This is marked as spam."), "{told}");
        spam::unmark(&desk.app, &desk.ana, id).await.unwrap();
        // What became part of another one is no place to split from; where it is, it is.
        desk.accept(vec![note(40, "amara", "Note 40")]).await;
        let other = desk.conversations().await[1].id;
        merge::merge(&desk.app, &desk.ana, id, other, false).await.unwrap();
        let told = split::split(&desk.app, &desk.ana, id, note_2.clone()).await.unwrap_err();
        assert!(matches!(told, Error::Merged { .. }), "{told}");
        let whole = these(&desk, &["Note 1", "Note 2", "Note 3"]).await;
        let told = split::split(&desk.app, &desk.ana, other, whole).await.unwrap_err();
        assert!(told.to_string().contains("undo the merge"), "{told}");
        let new = apart(&desk, other, note_2).await;
        let back = merge::undo(&desk.app, &desk.ana, id).await.unwrap();
        agree(&desk.app).await;
        assert_eq!(desk.texts(back.id).await, ["Note 1", "Note 3", "A note"], "what was split off stays so");
        assert_eq!(desk.texts(new.id).await, ["Note 2"]);
    }

    async fn of_people_who_split_the_same_at_once_one_does_and_the_others_are_told(bed: Bed) {
        let (desk, id) = asked(bed).await;
        let chosen = these(&desk, &["Note 2"]).await;
        let all = (0..8).map(|_| split::split(&desk.app, &desk.ana, id, chosen.clone()));
        let told: Vec<_> = futures::future::join_all(all).await.into_iter().filter_map(Result::err).collect();
        assert_eq!(told.len(), 7);
        assert!(told.iter().all(|one| one.to_string() == "Ana has split this off already: it is in Q-20002. Nothing was changed."), "{told:?}");
        agree(&desk.app).await;
    }

    async fn whoever_was_writing_is_told_what_went(bed: Bed) {
        let (desk, id) = asked(bed).await;
        let seen = desk.conversation(id).await.seq;
        apart(&desk, id, these(&desk, &["Note 3"]).await).await;
        let told = outbound::send(&desk.app, &desk.bryan, id, reply("To the third.", seen)).await.unwrap_err();
        let Error::Newer { messages, events, seen } = told else { panic!("{told}") };
        assert_eq!((messages, events.last().unwrap().words()), (vec![], "Ana split off Q-20002 (1 message)".to_owned()));
        outbound::send(&desk.app, &desk.bryan, id, reply("To the others.", seen)).await.unwrap();
    }

    async fn merged_back_it_is_as_it_was(bed: Bed) {
        let (desk, id) = asked(bed).await;
        let new = apart(&desk, id, Chosen::From(message(&desk, "Note 2").await)).await;
        let row = merge::merge(&desk.app, &desk.ana, new.id, id, false).await.unwrap();
        agree(&desk.app).await;
        assert_eq!((desk.texts(id).await, row.waiting_since), (vec!["Note 1".to_owned(), "Note 2".to_owned(), "Note 3".to_owned()], Some(said(1))));
        desk.accept(vec![more(20, "amara", 2)]).await;
        assert_eq!(desk.texts(id).await.last().unwrap(), "Note 20");
        merge::undo(&desk.app, &desk.ana, new.id).await.unwrap();
        agree(&desk.app).await;
        assert_eq!(desk.texts(new.id).await, ["Note 2", "Note 3", "Note 20"]);
    }

    async fn an_answer_that_comes_back_in_spam_waits_for_nobody_until_that_is_taken_back(bed: Bed) {
        let (desk, id) = asked(bed).await;
        let sent = desk.answer(&desk.conversation(id).await, "All three.").await;
        desk.settle().await;
        desk.app.clock.advance(MINUTE);
        spam::mark(&desk.app, &desk.bryan, id).await.unwrap();
        desk.app.clock.advance(MINUTE);
        desk.accept(vec![more(20, "amara", 1)]).await;
        bounces(&desk, 90, &sent).await;
        let row = desk.conversation(id).await;
        assert_eq!((row.state, row.waiting_since), (State::Spam, None));
        assert!(row.trouble.is_some(), "what came back is said all the same");
        assert_eq!(kept(&desk, id).await, [(said(1), Some(NOW + 11 * MINUTE))]);
        let mut conn = desk.app.db.read().await.unwrap();
        let waits = deskbell::store::histories::kept(&mut conn, Uuid::from_u128(id.as_u128() - 1), id).await.unwrap();
        let ended: Vec<_> = waits.iter().map(|one| (one.outcome.as_deref(), one.staff_id)).collect();
        assert_eq!(ended, [(Some("no_answer_needed"), Some(desk.bryan.staff_id))], "no answer, and not counted as one");
        drop(conn);
        let back = spam::unmark(&desk.app, &desk.ana, id).await.unwrap();
        agree(&desk.app).await;
        assert_eq!((back.state, back.waiting_since), (State::Open, Some(said(1))), "since it truly began");
        assert_eq!(kept(&desk, id).await, [(said(1), None)]);
    }

    async fn an_answer_that_is_refused_in_spam_keeps_nobody_waiting(bed: Bed) {
        let (desk, id) = asked(bed).await;
        desk.loft.hold(5 * MINUTE);
        desk.answer(&desk.conversation(id).await, "Held.").await;
        spam::mark(&desk.app, &desk.ana, id).await.unwrap();
        assert_eq!(kept(&desk, id).await, [(said(1), None)], "it may still leave");
        desk.loft.next_flight(Err(Failure::Permanent { reason: No::NotAllowed, why: "No.".to_owned() }));
        desk.later(5 * MINUTE).await;
        agree(&desk.app).await;
        assert_eq!((kept(&desk, id).await, desk.conversation(id).await.waiting_since), (vec![(said(1), Some(NOW + 10 * MINUTE))], None));
    }
}
