//! What comes in: kept once, filed where it belongs, counted so that the sum holds.

use connectors::contract::{Event, Held, HeldReason, Key};
use deskbell::inbound;
use deskbell::model::conversation::State;
use deskbell::store::{lists, streams, waits};

use super::bed::Desk;
use super::pigeon::{ROOST, answering, echo, note};
use crate::store::bed::{NOW, each_engine};

fn held(number: u32) -> connectors::contract::Envelope {
    let why = "An automatic answer.".to_owned();
    let held = Held { reason: HeldReason::Automatic, why, author: None, subject: None, receipt: None };
    connectors::contract::Envelope { event: Event::Held(held), ..note(number, "x", "away") }
}

each_engine! {
    async fn everything_given_ends_as_message_held_or_duplicate(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.at_most(2);
        for number in 0..5 {
            desk.loft.arrive(note(number, "amara", "Is the map room open?"));
        }
        desk.loft.arrive(held(7));
        desk.loft.arrive(note(3, "amara", "Is the map room open?"));
        desk.settle().await;
        let counts = desk.counts().await;
        assert_eq!((counts.received, counts.messages, counts.held, counts.duplicates), (7, 5, 1, 1));
        assert_eq!(desk.conversations().await.len(), 5);
    }

    async fn a_replay_changes_nothing_but_the_count_of_duplicates(bed: Bed) {
        let desk = Desk::open(bed).await;
        let first = vec![note(1, "amara", "Hello"), held(2), note(3, "piotr", "Dzień dobry")];
        desk.accept(first.clone()).await;
        let before = desk.conversations().await;
        let again = desk.accept(first).await;
        assert_eq!((again.received, again.duplicates), (3, 3));
        assert_eq!(desk.conversations().await, before);
    }

    async fn a_read_under_a_lost_lease_keeps_nothing(bed: Bed) {
        let desk = Desk::open(bed).await;
        let place = streams::Place {
            stream: "loft".into(),
            holder: desk.app.clock.id(),
            cursor: "1".into(),
            lease_until: i64::MAX,
            backlog: None,
            note: None,
        };
        let kept = inbound::accept(&desk.app, &desk.channel, vec![note(1, "amara", "Hello")], Some(place)).await;
        assert!(kept.is_err());
        assert_eq!(desk.counts().await.received, 0);
        assert!(desk.conversations().await.is_empty());
    }

    async fn an_answer_joins_when_its_writer_is_known_there(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        desk.accept(vec![answering(note(2, "amara", "And another thing"), &["note-1@loft"], &[])]).await;
        let conversation = desk.only_conversation().await;
        assert_eq!(desk.texts(conversation.id).await, ["Hello", "And another thing"]);
    }

    async fn a_stranger_cannot_join_a_thread(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "My card number is secret")]).await;
        desk.accept(vec![answering(note(2, "mallory", "Re: your card"), &["note-1@loft"], &[])]).await;
        let all = desk.conversations().await;
        assert_eq!(all.len(), 2);
        let mut conn = desk.app.db.read().await.unwrap();
        let linked = lists::linked(&mut conn, all[1].id).await.unwrap();
        assert_eq!(linked.len(), 1, "the claim is shown, not believed");
    }

    async fn the_right_token_joins_from_a_new_address_and_is_marked(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let conversation = desk.only_conversation().await;
        let answer = desk.answer(&conversation, "Hello Amara").await;
        desk.settle().await;
        let id = answer.external_id.expect("the loft chooses its ids");
        let key = Key(id.trim_end_matches("@loft").parse().expect("a delivery's id"));
        desk.accept(vec![answering(note(2, "amara-at-work", "It is me"), &[&id], &[key])]).await;
        assert_eq!(desk.conversations().await.len(), 1);
        let mut conn = desk.app.db.read().await.unwrap();
        let said = deskbell::store::messages::last_inbound(&mut conn, conversation.id).await.unwrap().unwrap();
        assert!(said.unverified);
        drop(conn);
        // What was marked is not vouched for: by a guessed reference alone the same address opens its own.
        desk.accept(vec![answering(note(3, "amara-at-work", "Me again"), &["note-1@loft"], &[])]).await;
        assert_eq!(desk.conversations().await.len(), 2);
    }

    async fn the_same_message_at_two_channels_is_in_both_and_linked(bed: Bed) {
        let desk = Desk::open(bed).await;
        let (other, _) = desk.second_loft().await;
        desk.accept(vec![note(1, "amara", "To both of you")]).await;
        inbound::accept(&desk.app, &other, vec![note(1, "amara", "To both of you")], None).await.unwrap();
        let all = desk.conversations().await;
        assert_eq!(all.len(), 2);
        let mut conn = desk.app.db.read().await.unwrap();
        for (one, two) in [(0, 1), (1, 0)] {
            let linked = lists::linked(&mut conn, all[one].id).await.unwrap();
            assert_eq!(linked.iter().map(|link| link.id).collect::<Vec<_>>(), [all[two].id]);
        }
    }

    async fn an_answer_given_elsewhere_ends_the_wait(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        assert!(desk.only_conversation().await.waiting_since.is_some());
        desk.accept(vec![echo(answering(note(5, "loft", "Answered by hand"), &["note-1@loft"], &[]))]).await;
        let conversation = desk.only_conversation().await;
        assert_eq!((conversation.state, conversation.waiting_since), (State::Waiting, None));
        let mut conn = desk.app.db.read().await.unwrap();
        let waits = waits::of_conversation(&mut conn, conversation.id).await.unwrap();
        assert_eq!(waits[0].closed_at, Some(note(5, "", "").at));
    }

    async fn what_we_send_elsewhere_to_nobody_in_the_queue_is_held(bed: Bed) {
        let desk = Desk::open(bed).await;
        let counts = desk.accept(vec![echo(note(5, "loft", "To the plumber"))]).await;
        assert_eq!((counts.messages, counts.held), (0, 1));
        assert!(desk.conversations().await.is_empty());
    }

    async fn what_we_said_ourselves_is_read_after_what_it_answers(bed: Bed) {
        let desk = Desk::open(bed).await;
        let channel = desk.channel.id;
        desk.app
            .db
            .write(move |tx| Box::pin(streams::put(tx, channel, ROOST, "Roost", true)))
            .await
            .unwrap();
        // More than one turn brings, so that the roost's turn would come in between.
        desk.loft.at_most(1);
        for number in 1..=60 {
            desk.loft.arrive(note(number, &format!("patron-{number}"), "Hello"));
        }
        desk.loft.overhear(answering(note(70, "loft", "Answered by hand"), &["note-60@loft"], &[]));
        desk.settle().await;
        assert_eq!((desk.counts().await.messages, desk.counts().await.held), (61, 0));
        let last = desk.conversations().await.pop().unwrap();
        assert_eq!((last.state, last.waiting_since), (State::Waiting, None));
    }

    async fn an_old_answer_read_late_ends_only_the_wait_before_it(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        desk.accept(vec![answering(note(9, "amara", "And on Sunday?"), &["note-1@loft"], &[])]).await;
        desk.accept(vec![echo(answering(note(5, "loft", "Answered by hand"), &["note-1@loft"], &[]))]).await;
        let conversation = desk.only_conversation().await;
        let later = note(9, "", "").at;
        assert_eq!((conversation.state, conversation.waiting_since), (State::Open, Some(later)));
        let mut conn = desk.app.db.read().await.unwrap();
        let waits = waits::of_conversation(&mut conn, conversation.id).await.unwrap();
        let ends: Vec<_> = waits.iter().map(|wait| (wait.opened_at, wait.closed_at)).collect();
        assert_eq!(ends, [(note(1, "", "").at, Some(note(5, "", "").at)), (later, None)]);
    }

    async fn what_a_read_decided_is_kept_for_a_person_to_read(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.tell("40 older notes stay unread.");
        desk.settle().await;
        desk.loft.arrive(note(1, "amara", "Hello"));
        desk.later(3_600_000).await;
        assert_eq!(desk.counts().await.messages, 1);
        let known = streams::of_channel(&mut desk.app.db.read().await.unwrap(), desk.channel.id).await.unwrap();
        assert_eq!((known[0].note.as_deref(), known[0].noted_at), (Some("40 older notes stay unread."), Some(NOW)));
    }

    async fn a_nudge_does_not_reset_the_wait(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.accept(vec![note(1, "amara", "Hello")]).await;
        let since = desk.only_conversation().await.waiting_since;
        desk.accept(vec![answering(note(9, "amara", "Anybody there?"), &["note-1@loft"], &[])]).await;
        assert_eq!(desk.only_conversation().await.waiting_since, since);
    }

    async fn after_renumbering_known_content_is_a_duplicate(bed: Bed) {
        let desk = Desk::open(bed).await;
        let mut first = note(1, "amara", "Hello");
        first.fingerprint = Some("print".into());
        desk.accept(vec![first.clone()]).await;
        first.external_id = "n900".into();
        first.renumbered = true;
        let counts = desk.accept(vec![first]).await;
        assert_eq!((counts.duplicates, counts.messages), (1, 0));
    }

    async fn a_dead_pollers_streams_move_on_within_a_minute_and_none_is_read_twice_at_once(bed: Bed) {
        let desk = Desk::open(bed).await;
        desk.loft.arrive(note(1, "amara", "Hello"));
        let (dead, now) = (desk.app.clock.id(), desk.app.clock.now());
        let until = now + deskbell::worker::LEASE_MS;
        let (taken, _) = desk
            .app
            .db
            .write(move |tx| Box::pin(async move { streams::lease(tx, dead, now, until, 10).await }))
            .await
            .unwrap();
        assert_eq!(taken.len(), 1);
        desk.settle().await;
        assert_eq!(desk.counts().await.received, 0, "the stream is somebody else's");
        desk.later(60_000).await;
        assert_eq!(desk.counts().await.received, 1);
    }

    async fn words_that_no_database_agrees_on_are_made_harmless(bed: Bed) {
        let desk = Desk::open(bed).await;
        let mut nasty = note(1, "ama\0ra", "Is the\0 map room open?");
        if let Event::Message(message) = &mut nasty.event {
            message.subject = Some("Map\0 room".into());
            message.thread.references = vec!["nobody\0@knows".into()];
        }
        let counts = desk.accept(vec![nasty]).await;
        assert_eq!(counts.messages, 1);
        let conversation = desk.only_conversation().await;
        assert_eq!(conversation.subject, "Map\u{fffd} room");
        assert_eq!(desk.texts(conversation.id).await, ["Is the\u{fffd} map room open?"]);
    }

    async fn two_processes_that_meet_the_same_strangers_at_once_hold_nothing_back(bed: Bed) {
        const STRANGERS: u32 = 20;
        const ROUNDS: u32 = 10;
        let desk = Desk::open(bed).await;
        desk.shows_the_past().await;
        let (one, other) = (desk.other_process().await, desk.other_process().await);
        for round in 0..ROUNDS {
            let first = round * 2 * STRANGERS;
            // Each stranger writes twice, and each process hears of one of the two.
            let notes = |of: u32| -> Vec<_> {
                let from = |who| format!("stranger-{round}-{who}");
                (0..STRANGERS).map(|who| note(first + of * STRANGERS + who, &from(who), "Hello")).collect()
            };
            let (left, right) = tokio::join!(
                inbound::accept(&one, &desk.channel, notes(0), None),
                inbound::accept(&other, &desk.channel, notes(1), None)
            );
            assert_eq!(left.unwrap().messages + right.unwrap().messages, i64::from(2 * STRANGERS));
        }
        let counts = desk.counts().await;
        assert_eq!((counts.messages, counts.held), (i64::from(2 * STRANGERS * ROUNDS), 0));
    }

    async fn one_envelope_the_store_refuses_never_stops_its_stream(bed: Bed) {
        let desk = Desk::open(bed).await;
        // Longer than a server's index takes, and too varied to be packed smaller; a file takes it as it is.
        let mut chance = 0x2545_f491_4f6c_dd1d_u64;
        let endless: String = (0..9_000)
            .map(|_| {
                chance ^= chance << 13;
                chance ^= chance >> 7;
                chance ^= chance << 17;
                char::from(b'a' + (chance % 26) as u8)
            })
            .collect();
        desk.loft.arrive(note(1, "amara", "Before"));
        desk.loft.arrive(note(2, &endless, "From a very long address"));
        desk.loft.arrive(note(3, "piotr", "After"));
        desk.settle().await;
        let counts = desk.counts().await;
        assert_eq!((counts.received, counts.messages + counts.held, counts.duplicates), (3, 3, 0));
        let refused = i64::from(desk.app.db.is_shared());
        assert_eq!((counts.messages, counts.held), (3 - refused, refused));
        desk.loft.arrive(note(4, "amara", "And on it goes"));
        desk.later(3_600_000).await;
        assert_eq!(desk.counts().await.received, 4);
    }
}
