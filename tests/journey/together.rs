//! Messages that are filed together give the rows that they would give one by one.

use std::collections::BTreeMap;
use std::fmt::Write;

use connectors::contract::{Attachment, Content, Envelope, Event, Held, HeldReason, Key, Message};
use deskbell::conversation::closure;
use deskbell::inbound;
use deskbell::model::channel::Intake;
use deskbell::model::closure::Outcome;
use deskbell::model::conversation::{Conversation, State, View};
use deskbell::model::search::{Surroundings, parse};
use deskbell::store::{conversations, envelopes, events, intake, lists, messages, patrons, tallies, waits};
use regex::{Captures, Regex};

use super::bed::Desk;
use super::pigeon::{answering, echo, note};
use crate::store::bed::{Bed, each_engine};

const BATCH: u32 = 60;
/// Two of them have never been heard of before the batch.
const WRITERS: [&str; 6] = ["amara", "piotr", "ines", "mallory", "zoe", "kofi"];
/// Writes once, in the middle of the batch: whose newest conversation it is, ids made in one moment do not tell.
const ONCE: &str = "rosa";

/// The same throws for both desks.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

fn said(envelope: &mut Envelope) -> &mut Message {
    match &mut envelope.event {
        Event::Message(message) | Event::Echo(message) => message,
        other => panic!("nobody said {other:?}"),
    }
}

/// A desk where four have written, at two channels; to one an answer has left, to one it is in its undo hold, one is done
/// and one is spam. Gives the answers' keys.
async fn begin(bed: Bed) -> (Desk, Vec<Key>) {
    let desk = Desk::open(bed).await;
    let (other, _) = desk.second_loft().await;
    for (number, writer) in (1..).zip(&WRITERS[..4]) {
        desk.accept(vec![note(number, writer, "Hello")]).await;
        inbound::accept(&desk.app, &other, vec![note(number, writer, "Hello")], None).await.unwrap();
    }
    let all = desk.conversations().await;
    let mut keys = Vec::new();
    for (conversation, hold_ms) in [(&all[0], 0), (&all[2], 3_600_000)] {
        desk.loft.hold(hold_ms);
        let answer = desk.answer(conversation, "Hello yourself").await;
        keys.push(Key(answer.external_id.unwrap().trim_end_matches("@loft").parse().unwrap()));
        desk.settle().await;
    }
    closure::close(&desk.app, &desk.ana, all[4].id, Outcome::Answered.into()).await.unwrap();
    let before = desk.conversation(all[6].id).await;
    let spam = Conversation { state: State::Spam, ..before.clone() };
    desk.app
        .db
        .write(move |tx| Box::pin(async move { conversations::update(tx, &before, &spam).await }))
        .await
        .unwrap();
    (desk, keys)
}

/// What came meanwhile: everything that one message can have to do with another.
fn batch(seed: u64, keys: &[Key]) -> Vec<Envelope> {
    let mut dice = Dice(seed);
    let mut known: Vec<String> = (1..=4).map(|number| format!("note-{number}@loft")).collect();
    known.extend(keys.iter().map(|key| format!("{key}@loft")));
    known.push("nobody@loft".into());
    let mut given: Vec<Envelope> = Vec::new();
    for number in 100..100 + BATCH {
        let writer = *dice.one(&WRITERS);
        let references: Vec<String> = (0..dice.below(4)).map(|_| dice.one(&known).clone()).collect();
        let references: Vec<&str> = references.iter().map(String::as_str).collect();
        let mut new = answering(note(number, writer, &format!("Word{number} of {writer}")), &references, &[]);
        new.fingerprint = Some(format!("print-{number}"));
        let earlier = (!given.is_empty()).then(|| dice.one(&given).clone());
        if number == 100 + BATCH / 3 {
            given.push(note(99, ONCE, "Word99 of rosa"));
        }
        match (dice.below(18), earlier) {
            (0, Some(earlier)) => new = earlier,
            (1, Some(earlier)) => {
                new.fingerprint = earlier.fingerprint;
                new.renumbered = true;
            }
            (2, _) => new = echo(new),
            (3, _) => {
                let (reason, why) = (HeldReason::Automatic, "An automatic answer.".to_owned());
                new.event = Event::Held(Held { reason, why, author: None, subject: None, receipt: None });
            }
            (4, _) => {
                let address = said(&mut note(0, ONCE, "")).author.clone().unwrap();
                new.event = Event::OptOut { address, stopped: dice.below(2) == 0 };
            }
            (5 | 6, _) => said(&mut new).thread.conversation = Some(format!("thread-{}", dice.below(2))),
            (7, _) => {
                let key = *dice.one(keys);
                new = answering(new, &[&format!("{key}@loft"), "note-2@loft"], &[key]);
            }
            (8, _) => said(&mut new).automatic = true,
            (9, _) => said(&mut new).author = None,
            (10, _) => said(&mut new).id = Some(dice.one(&known).clone()),
            (11, _) => {
                let file = Attachment {
                    filename: Some("slip.txt".into()),
                    content_type: "text/plain".into(),
                    content_id: None,
                    inline: false,
                    content: Content::Here("Return by Friday".into()),
                };
                said(&mut new).attachments = vec![file.clone(), file];
            }
            (12, _) => {
                let mut references = vec!["nobody@loft"; 12];
                references.push("note-1@loft");
                new = answering(new, &references, &[]);
            }
            (13, _) => said(&mut new).id = None,
            _ => {}
        }
        if let Event::Message(message) = &new.event {
            known.extend(message.id.clone());
        }
        given.push(new);
    }
    given
}

/// Everything that can be seen of it, in an order that does not hang on ids, which are replaced by numbers.
async fn seen(desk: &Desk, counts: Intake) -> String {
    let mut conn = desk.app.db.read().await.unwrap();
    let mut seen = format!("{counts:?}\n{:?}\n", tallies::wrong(&mut conn).await.unwrap());
    let channels = intake::all(&mut conn).await.unwrap();
    let mut channels: Vec<_> = channels.into_iter().map(|one| (one.counts, one.last_message_at)).collect();
    channels.sort_by_key(|(counts, _)| counts.received);
    writeln!(seen, "{channels:?}").unwrap();
    for line in events::after(&mut conn, 0, 1_000).await.unwrap() {
        writeln!(seen, "{line:?}").unwrap();
    }
    for conversation in desk.conversations().await {
        let id = conversation.id;
        let mut addresses = patrons::addresses_in(&mut conn, id).await.unwrap();
        addresses.sort_by(|one, two| one.address.cmp(&two.address));
        let mut links = lists::linked(&mut conn, id).await.unwrap();
        links.sort_by_key(|link| link.number);
        let patron = patrons::by_id(&mut conn, conversation.patron_id).await.unwrap();
        let waits = waits::of_conversation(&mut conn, id).await.unwrap();
        writeln!(seen, "{conversation:?}\n{addresses:?}\n{links:?}\n{patron:?}\n{waits:?}").unwrap();
        for message in messages::of_conversation(&mut conn, id, None, 200).await.unwrap() {
            let files = messages::attachments_of(&mut conn, message.id).await.unwrap();
            writeln!(seen, "{message:?}\n{files:?}").unwrap();
            if let Some(envelope) = message.envelope_id {
                writeln!(seen, "{:?}", envelopes::by_id(&mut conn, envelope).await.unwrap()).unwrap();
            }
        }
    }
    let held = envelopes::held(&mut conn, None, 200, None).await.unwrap();
    let held: BTreeMap<_, _> = held.into_iter().map(|one| (one.external_id.clone(), one)).collect();
    writeln!(seen, "{held:?}").unwrap();
    for word in ["Word1", "of mallory", "Hello"] {
        let nobody = Surroundings::nameless(uuid::Uuid::nil(), 0);
        let query = lists::Query {
            view: View::All,
            staff: uuid::Uuid::nil(),
            desk: None,
            channel: None,
            tag: None,
            sought: Some(parse(word, &nobody)),
            now: 0,
            limit: 200,
            after: None,
        };
        let found = lists::conversations(&mut conn, &query).await.unwrap().items;
        writeln!(seen, "{:?}", found.iter().map(|one| one.number).collect::<Vec<_>>()).unwrap();
    }
    let mut names = BTreeMap::new();
    let id = Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    let named = id.replace_all(&seen, |found: &Captures<'_>| {
        let next = names.len();
        format!("#{}", names.entry(found[0].to_owned()).or_insert(next))
    });
    named.into_owned()
}

async fn together_as_one_by_one(together: Bed, apart: Bed, seed: u64) -> String {
    let (desk, keys) = begin(together).await;
    let counts = desk.accept(batch(seed, &keys)).await;
    let together = seen(&desk, counts).await;
    let (desk, keys) = begin(apart).await;
    let mut counts = Intake::default();
    for one in batch(seed, &keys) {
        counts = counts + desk.accept(vec![one]).await;
    }
    let apart = seen(&desk, counts).await;
    for (number, (one, two)) in together.lines().zip(apart.lines()).enumerate() {
        assert_eq!(one, two, "seed {seed}, line {number}");
    }
    assert_eq!(together.len(), apart.len());
    together
}

/// What happened often enough to have been tested.
fn assert_rich(seen: &str) {
    for (what, at_least) in [
        ("unverified: true", 2),
        ("why: \"unproven_reference\"", 10),
        ("why: \"same_message\"", 10),
        ("automatic: true", 2),
        ("filename: Some(\"slip.txt\")", 4),
        ("thread: Some(\"thread-1\")", 2),
        ("kind: Echo", 2),
        ("kind: OptedOut", 2),
        ("kind: Message", 30),
        ("is_first: false", 1),
        ("author_name: \"Unknown sender\"", 2),
        ("state: Spam", 2),
    ] {
        assert!(seen.matches(what).count() >= at_least, "too little of {what}");
    }
}

each_engine! {
    async fn messages_filed_together_give_the_rows_of_one_by_one(bed: Bed) {
        let shared = bed.is_shared();
        let again = || async move { if shared { Bed::postgres().await } else { Bed::sqlite().await }.unwrap() };
        let mut all = together_as_one_by_one(bed, again().await, 1).await;
        for seed in 2..6 {
            all += &together_as_one_by_one(again().await, again().await, seed).await;
        }
        assert_rich(&all);
    }
}
