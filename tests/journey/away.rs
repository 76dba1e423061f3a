//! What a desk says by itself while it is closed: to whom, once, and without touching who waits.

use connectors::contract::{Envelope, Event, Failure, Message as Given, Reason, Visibility};
use deskbell::conversation::{closure, spam};
use deskbell::inbound;
use deskbell::model::closure::Outcome;
use deskbell::model::conversation::State;
use deskbell::model::event::Kind;
use deskbell::model::hours::written;
use deskbell::model::message::Message;
use deskbell::outbound::{self, away};
use deskbell::store::{self, events, hours, messages, opt_outs};
use uuid::Uuid;

use super::bed::{Desk, reply};
use super::pigeon::{answering, note};
use crate::store::bed::{NOW, each_engine};
use crate::waits::bed::agree;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// It is 14:00 on a Thursday in Berlin.
const SAID: &str = "Harbour Library: Reference is closed until tomorrow, Friday, at 9 am.";

/// A desk that closed at noon and says so.
async fn closed(desk: &Desk) {
    let id = desk.channel.desk_id;
    let write = desk.app.db.write::<_, store::Error, _>(move |tx| {
        Box::pin(async move {
            hours::set_week(tx, id, Some(&written::week("Mon-Fri 9-12").expect("a week"))).await
        })
    });
    write.await.unwrap();
    away::put(&desk.app, id, "{library}: {desk} is closed until {opening}.", None).await.unwrap();
}

fn said_at(mut envelope: Envelope, at: i64) -> Envelope {
    envelope.at = at;
    envelope
}

fn changed(mut envelope: Envelope, change: impl FnOnce(&mut Given)) -> Envelope {
    if let Event::Message(message) = &mut envelope.event {
        change(message);
    }
    envelope
}

async fn said(desk: &Desk, conversation: Uuid) -> Vec<Message> {
    let mut conn = desk.app.db.read().await.unwrap();
    messages::of_conversation(&mut conn, conversation, None, 100).await.unwrap()
}

/// What was said automatically, anywhere.
async fn told(desk: &Desk) -> Vec<Message> {
    let mut told = Vec::new();
    for conversation in desk.conversations().await {
        let all = said(desk, conversation.id).await;
        told.extend(
            all.into_iter()
                .filter(|one| one.automatic && one.staff_id.is_none() && one.envelope_id.is_none()),
        );
    }
    told
}

each_engine! {
    async fn who_writes_while_the_desk_is_closed_is_told_once_and_goes_on_waiting(bed: Bed) {
        let desk = Desk::open(bed).await;
        closed(&desk).await;
        // Three come at once, two of them from one patron.
        desk.accept(vec![
            note(1, "amara", "Is my book in?"),
            answering(note(2, "amara", "The red one"), &["note-1@loft"], &[]),
            note(3, "rosa", "When is story time?"),
        ]).await;
        let all = desk.conversations().await;
        assert_eq!(all.len(), 2);
        let first = &all[0];
        assert_eq!(desk.texts(first.id).await, ["Is my book in?", SAID, "The red one"]);
        assert_eq!(desk.texts(all[1].id).await, ["When is story time?", SAID]);
        assert_eq!((first.state, first.waiting_since), (State::Open, Some(NOW + MINUTE)));
        assert_eq!(first.preview, "The red one", "the row shows what the patron said");
        desk.settle().await;
        assert_eq!(desk.loft.flown(), [SAID, SAID]);
        let after = desk.conversation(first.id).await;
        assert_eq!((after.state, after.waiting_since, after.due_at), (State::Open, first.waiting_since, first.due_at));
        assert_eq!(after.trouble, None);
        agree(&desk.app).await;

        // The same once more, and more in the same closure, says nothing new.
        desk.accept(vec![note(1, "amara", "Is my book in?")]).await;
        desk.app.clock.advance(3 * HOUR);
        let again = note(4, "amara", "Hello?");
        desk.accept(vec![said_at(answering(again, &["note-1@loft"], &[]), NOW + 3 * HOUR)]).await;
        desk.accept(vec![said_at(note(5, "amara", "Another thing"), NOW + 3 * HOUR)]).await;
        assert_eq!(told(&desk).await.len(), 2);

        // The next night is another closure.
        desk.app.clock.advance(24 * HOUR);
        let at = NOW + 27 * HOUR;
        desk.accept(vec![said_at(answering(note(6, "amara", "Still nothing"), &["note-1@loft"], &[]), at)]).await;
        assert_eq!(told(&desk).await.len(), 3);
        agree(&desk.app).await;
        let lines = events::after(&mut desk.app.db.read().await.unwrap(), 0, 100).await.unwrap();
        let words: Vec<String> = lines.iter().filter(|line| line.kind == Kind::Away).map(|line| line.words()).collect();
        assert_eq!(words, ["Reference was closed and said so automatically"; 3]);
    }

    async fn lists_machines_strangers_and_the_public_are_told_nothing(bed: Bed) {
        let desk = Desk::open(bed).await;
        closed(&desk).await;
        let (id, kept) = (desk.channel.id, desk.channel.desk_id);
        let write = desk.app.db.write::<_, store::Error, _>(move |tx| {
            Box::pin(async move { opt_outs::put(tx, id, "stopped", true, NOW).await })
        });
        write.await.unwrap();
        desk.accept(vec![note(1, "amara", "Is my book in?")]).await;
        assert_eq!(told(&desk).await.len(), 1);
        desk.accept(vec![
            changed(note(2, "newsletter", "Ten new novels"), |message| message.automatic = true),
            changed(note(3, "everybody", "Look at this"), |message| message.visibility = Visibility::Public),
            changed(note(4, "nobody", "Anonymous"), |message| message.author = None),
            said_at(note(5, "early", "Are you open?"), NOW - 4 * HOUR),
            note(6, "stopped", "And I asked you to stop"),
            // A stranger who names what somebody else said.
            answering(note(7, "stranger", "Me too"), &["note-1@loft"], &[]),
        ]).await;
        let told_now = told(&desk).await;
        let strangers = told_now.iter().filter(|one| one.author_name == "Reference").count();
        assert!(strangers <= 2, "{told_now:#?}");
        for name in ["newsletter", "everybody", "Unknown sender", "early", "stopped"] {
            let row = desk.conversations().await.into_iter().find(|row| row.patron_name == name).unwrap();
            assert_eq!(desk.texts(row.id).await.len(), 1, "{name}");
        }
        // What is taken for spam stays so and is told nothing.
        let row = desk.conversations().await.remove(0);
        spam::mark(&desk.app, &desk.ana, row.id).await.unwrap();
        desk.app.clock.advance(24 * HOUR);
        let at = NOW + 24 * HOUR;
        desk.accept(vec![said_at(answering(note(8, "amara", "Buy!"), &["note-1@loft"], &[]), at)]).await;
        assert_eq!(desk.texts(row.id).await.len(), 3);
        // Off is off.
        away::remove(&desk.app, kept).await.unwrap();
        let before = told(&desk).await.len();
        desk.accept(vec![said_at(note(9, "zoe", "Hello"), at)]).await;
        assert_eq!(told(&desk).await.len(), before);
        agree(&desk.app).await;
    }

    async fn one_that_is_refused_or_late_changes_nothing_for_the_patron(bed: Bed) {
        let desk = Desk::open(bed).await;
        closed(&desk).await;
        let why = "No pigeon flies there.".to_owned();
        desk.loft.next_flight(Err(Failure::Permanent { reason: Reason::RecipientUnavailable, why }));
        desk.accept(vec![note(1, "amara", "Is my book in?")]).await;
        let row = desk.only_conversation().await;
        closure::close(&desk.app, &desk.ana, row.id, Outcome::PatronLost.into())
            .await
            .unwrap();
        desk.settle().await;
        let after = desk.conversation(row.id).await;
        assert_eq!((after.state, after.trouble), (State::Done, None), "an automatic answer that failed brings nothing back");
        agree(&desk.app).await;

        // One that could not leave before the desk opened is not sent any more.
        desk.loft.next_flight(Err(Failure::Transient { after_ms: Some(20 * HOUR as u64), why: "storm".to_owned() }));
        desk.accept(vec![note(2, "rosa", "When is story time?")]).await;
        desk.settle().await;
        desk.later(22 * HOUR).await;
        assert!(desk.loft.flown().is_empty());
        let row = desk.conversations().await.remove(1);
        assert_eq!((row.trouble.clone(), row.waiting_since), (None, Some(NOW + 2 * MINUTE)));
        let lines = events::of_conversation(&mut desk.app.db.read().await.unwrap(), row.id, None, 10).await.unwrap();
        assert!(lines.last().unwrap().words().contains("had opened again"), "{lines:#?}");

        // Nor does it hold a person's answer back, who wrote before they saw it.
        let seen = said(&desk, row.id).await[0].seq;
        outbound::send(&desk.app, &desk.ana, row.id, reply("At ten.", seen)).await.unwrap();
        desk.settle().await;
        assert_eq!(desk.loft.flown(), ["At ten."]);
        assert_eq!(desk.conversation(row.id).await.waiting_since, None);
        agree(&desk.app).await;
    }

    async fn it_is_kept_with_what_it_answers_or_not_at_all(bed: Bed) {
        let desk = Desk::open(bed).await;
        closed(&desk).await;
        desk.poison("INSERT", "away_answers", "TRUE").await;
        let kept = inbound::accept(&desk.app, &desk.channel, vec![note(1, "amara", "Is my book in?")], None).await;
        assert!(kept.is_err());
        assert!(desk.conversations().await.is_empty() && desk.loft.flown().is_empty());
        desk.heal().await;
        // Two processes that read the same, and another message of the same patron, at once.
        let other = desk.other_process().await;
        let mine = inbound::accept(&desk.app, &desk.channel, vec![note(1, "amara", "Is my book in?")], None);
        let theirs = inbound::accept(&other, &desk.channel, vec![
            note(1, "amara", "Is my book in?"),
            note(2, "amara", "And the blue one?"),
        ], None);
        let (mine, theirs) = tokio::join!(mine, theirs);
        assert_eq!(mine.unwrap().messages + theirs.unwrap().messages, 2);
        assert_eq!(told(&desk).await.len(), 1);
        desk.settle().await;
        assert_eq!(desk.loft.flown(), [SAID]);
        agree(&desk.app).await;
        other.close().await;
    }

    async fn what_each_channel_would_send_is_shown_before(bed: Bed) {
        let desk = Desk::open(bed).await;
        let id = desk.channel.desk_id;
        let shown = away::preview(&desk.app, id, "Closed until {opening}.", None).await.unwrap();
        assert!(shown.opening.is_none() && shown.shown.is_empty(), "it never closes");
        closed(&desk).await;
        let long = format!("{} {{opening}}", "Closed. ".repeat(200));
        let shown = away::preview(&desk.app, id, &long, Some("Open {opening}")).await.unwrap();
        assert_eq!(shown.opening.as_deref(), Some("tomorrow, Friday, at 9 am"));
        assert_eq!(shown.shown[0].text, Ok("Open tomorrow, Friday, at 9 am".to_owned()), "the long one fits no pigeon");
        let refused = away::put(&desk.app, id, "Call {phone}", None).await.unwrap_err().to_string();
        assert!(refused.contains("“{phone}”") && refused.contains("Nothing was changed"), "{refused}");
        let kept = away::read(&desk.app, id).await.unwrap().text.unwrap();
        assert!(kept.text.starts_with("{library}"));
        assert!(away::read(&desk.app, Uuid::nil()).await.is_err());
    }
}
