//! Random lives of conversations that become one and two again, are taken apart and taken for spam: after each act what is kept is what the history says, nothing
//! that was said is lost or doubled, and the tallies are what a count gives.

use connectors::contract::{Envelope, Event, Failure, Reason as No, Receipt, ReceiptState};
use deskbell::conversation::{closure, merge, snooze, spam, split};
use deskbell::error::Error;
use deskbell::model::closure::Outcome;
use deskbell::model::conversation::Conversation;
use deskbell::model::message::Direction;
use deskbell::model::split::Chosen;
use deskbell::outbound::{self, Reply};
use deskbell::store::{messages, tallies};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use uuid::Uuid;

use super::bed::{agree, kept};
use crate::journey::bed::Desk;
use crate::journey::pigeon::{answering, echo, note};
use crate::store::bed::Bed;

const MINUTE: i64 = 60_000;
const THREADS: usize = 3;
/// No more than so many, split off or not.
const MOST_THREADS: usize = 7;

#[derive(Clone, Copy, Debug)]
enum Act {
    Pass(i64),
    Ask {
        minutes_ago: i64,
    },
    Elsewhere {
        minutes_ago: i64,
    },
    Reply {
        hold: bool,
    },
    Refused,
    Bounce,
    Done,
    Reopen,
    Snooze,
    Merge {
        into: usize,
    },
    Undo,
    /// Which of its messages go, bit by bit; or the first of these and what came after it.
    Split {
        which: u16,
        after: bool,
    },
    Spam,
    NotSpam,
}

fn lives(most: usize) -> impl Strategy<Value = Vec<(Act, usize)>> {
    use Act::*;
    let ago = || prop_oneof![2 => Just(0), 1 => 1..40_i64];
    let act = prop_oneof![
        3 => prop_oneof![Just(3), Just(8), Just(90)].prop_map(Pass),
        5 => ago().prop_map(|minutes_ago| Ask { minutes_ago }),
        2 => ago().prop_map(|minutes_ago| Elsewhere { minutes_ago }),
        5 => any::<bool>().prop_map(|hold| Reply { hold }),
        1 => Just(Refused),
        2 => Just(Bounce),
        2 => Just(Done),
        2 => Just(Reopen),
        1 => Just(Snooze),
        5 => (0..MOST_THREADS).prop_map(|into| Merge { into }),
        4 => Just(Undo),
        5 => (1..1024_u16, any::<bool>()).prop_map(|(which, after)| Split { which, after }),
        1 => Just(Spam),
        3 => Just(NotSpam),
    ];
    prop::collection::vec((act, 0..MOST_THREADS), 1..most)
}

/// Without what every merge and its undoing adds.
fn row_but_for_seq(row: &Conversation) -> Conversation {
    Conversation { seq: 0, ..row.clone() }
}

fn sorted(mut waits: Vec<(i64, Option<i64>)>) -> Vec<(i64, Option<i64>)> {
    waits.sort_unstable();
    waits
}

struct Life {
    desk: Desk,
    threads: Vec<Uuid>,
    /// By thread: what more in it answers, and who writes that.
    asked: Vec<(String, String)>,
    notes: u32,
    said: usize,
    answers: Vec<String>,
}

impl Life {
    async fn begin(bed: Bed) -> Self {
        let desk = Desk::open(bed).await;
        let first = |number| note(number, &format!("patron-{number}"), &format!("Note {number}"));
        desk.accept((1..=3).map(first).collect()).await;
        desk.app.clock.advance(60 * MINUTE);
        let threads: Vec<Uuid> = desk.conversations().await.iter().map(|row| row.id).collect();
        let asked = |number| (format!("note-{number}@loft"), format!("patron-{number}"));
        Self {
            desk,
            threads,
            asked: (1..=THREADS).map(asked).collect(),
            notes: 10,
            said: THREADS,
            answers: Vec::new(),
        }
    }

    /// Something more in a thread, said so long ago.
    fn more(&mut self, thread: usize, minutes_ago: i64) -> Envelope {
        self.notes += 1;
        self.said += 1;
        let (first, from) = &self.asked[thread];
        let mut envelope = note(self.notes, from, &format!("Note {}", self.notes));
        envelope.at = self.desk.app.clock.now() - minutes_ago * MINUTE;
        answering(envelope, &[first], &[])
    }

    async fn reply(&mut self, id: Uuid) -> Result<(), Error> {
        let row = self.desk.conversation(id).await;
        let text = format!("Answer {}", self.said);
        let sent = outbound::send(
            &self.desk.app,
            &self.desk.ana,
            id,
            Reply { text, seen: row.seq, ..Reply::default() },
        );
        let sent = sent.await?;
        self.said += 1;
        self.answers.extend(sent.external_id);
        Ok(())
    }

    async fn act(&mut self, act: Act, about: usize) -> Result<(), Error> {
        let about = about % self.threads.len();
        let (app, ana, id) = (self.desk.app.clone(), self.desk.ana.clone(), self.threads[about]);
        match act {
            Act::Pass(minutes) => app.clock.advance(minutes * MINUTE),
            Act::Ask { minutes_ago } => {
                let envelope = self.more(about, minutes_ago);
                self.desk.accept(vec![envelope]).await;
            }
            Act::Elsewhere { minutes_ago } => {
                let envelope = self.more(about, minutes_ago);
                self.desk.accept(vec![echo(envelope)]).await;
            }
            Act::Reply { hold } => {
                self.desk.loft.hold(if hold { 7 * MINUTE } else { 0 });
                return self.reply(id).await;
            }
            Act::Refused => {
                self.desk.loft.hold(0);
                self.desk.settle().await;
                let why = "No pigeon flies there.".to_owned();
                self.desk.loft.next_flight(Err(Failure::Permanent { reason: No::NotAllowed, why }));
                return self.reply(id).await;
            }
            Act::Bounce => {
                let Some(id) = self.answers.pop() else { return Ok(()) };
                self.notes += 1;
                let why = Some("Nobody lives there.".to_owned());
                let receipt =
                    Receipt { key: None, id: Some(id), state: ReceiptState::Failed, recipient: None, why };
                let envelope = Envelope { event: Event::Receipt(receipt), ..note(self.notes, "post", "") };
                self.desk.accept(vec![envelope]).await;
            }
            Act::Done => drop(closure::close(&app, &ana, id, Outcome::Answered.into()).await?),
            Act::Reopen => drop(closure::reopen(&app, &ana, id).await?),
            Act::Snooze => drop(snooze::snooze(&app, &ana, id, app.clock.now() + 50 * MINUTE).await?),
            Act::Merge { into } => {
                let into = self.threads[into % self.threads.len()];
                let were = (self.desk.conversation(id).await, self.desk.conversation(into).await);
                let stays = merge::merge(&app, &ana, id, into, true).await?.id;
                self.look().await;
                if stays == into {
                    merge::undo(&app, &ana, id).await?;
                    self.look().await;
                    let are = (self.desk.conversation(id).await, self.desk.conversation(into).await);
                    assert_eq!(row_but_for_seq(&are.0), row_but_for_seq(&were.0), "what went is as it was");
                    assert_eq!(
                        row_but_for_seq(&are.1),
                        row_but_for_seq(&were.1),
                        "where it went is as it was"
                    );
                    merge::merge(&app, &ana, id, into, true).await?;
                }
            }
            Act::Undo => drop(merge::undo(&app, &ana, id).await?),
            Act::Split { which, after } => return self.split(id, which, after).await,
            Act::Spam => drop(spam::mark(&app, &ana, id).await?),
            Act::NotSpam => drop(spam::unmark(&app, &ana, id).await?),
        }
        Ok(())
    }

    async fn said_in(&self, id: Uuid) -> Vec<deskbell::model::message::Message> {
        let mut conn = self.desk.app.db.read().await.expect("a connection");
        messages::of_conversation(&mut conn, id, None, 1_000).await.expect("messages")
    }

    /// Splits, and looks whether what is merged back is as it was.
    async fn split(&mut self, id: Uuid, which: u16, after: bool) -> Result<(), Error> {
        if self.threads.len() == MOST_THREADS {
            return Ok(());
        }
        let said = self.said_in(id).await;
        let chosen: Vec<Uuid> = said
            .iter()
            .enumerate()
            .filter(|(at, _)| which >> (at % 10) & 1 == 1)
            .map(|(_, one)| one.id)
            .collect();
        let Some(first) = chosen.first().copied() else { return Ok(()) };
        let chosen = if after { Chosen::From(first) } else { Chosen::These(chosen) };
        let (app, ana) = (&self.desk.app, &self.desk.ana);
        let (were, sizes) = (kept(&self.desk, id).await, said.len());
        let new = split::split(app, ana, id, chosen).await?;
        self.look().await;
        let gone = self.said_in(new.id).await;
        assert_eq!(gone.len() + self.said_in(id).await.len(), sizes);
        merge::merge(app, ana, new.id, id, true).await.expect("what was split is merged");
        self.look().await;
        assert_eq!(sorted(kept(&self.desk, id).await), sorted(were), "who waits, waits as before");
        merge::undo(app, ana, new.id).await.expect("and two again");
        let asked = gone.iter().find(|one| one.direction == Direction::In).expect("a patron's");
        self.asked.push((asked.external_id.clone().expect("its name"), asked.author_name.clone()));
        self.threads.push(new.id);
        Ok(())
    }

    async fn look(&self) {
        agree(&self.desk.app).await;
        let mut said = self.desk.said().await;
        assert_eq!(said.len(), self.said, "nothing that was said is lost");
        said.sort();
        said.dedup();
        assert_eq!(said.len(), self.said, "nor doubled");
        let mut conn = self.desk.app.db.read().await.expect("a connection");
        assert_eq!(tallies::wrong(&mut conn).await.expect("tallies"), []);
    }
}

async fn live(bed: Bed, acts: Vec<(Act, usize)>) {
    let mut life = Life::begin(bed).await;
    for (act, about) in acts {
        // What cannot be is refused; that it changes nothing the look says too.
        if let Err(error @ (Error::Store(_) | Error::Missing(_))) = life.act(act, about).await {
            panic!("{act:?}: {error:?}");
        }
        life.desk.app.clock.advance(MINUTE);
        life.desk.settle().await;
        life.look().await;
    }
    // Each by itself again, in whatever order that takes.
    for _ in 0..life.threads.len() {
        for id in life.threads.clone() {
            let _ = merge::undo(&life.desk.app, &life.desk.ana, id).await;
        }
    }
    life.look().await;
    let whole = life.threads.len() == THREADS;
    for (thread, id) in life.threads.iter().enumerate() {
        assert_eq!(life.desk.conversation(*id).await.merged_into, None);
        let texts = life.desk.texts(*id).await;
        let first = format!("Note {}", thread + 1);
        assert!(
            if whole { texts.first() == Some(&first) } else { !texts.is_empty() },
            "each has what it began with"
        );
    }
}

fn live_many(cases: u32, most: usize, bed: impl AsyncFn() -> Option<Bed>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("one");
    if runtime.block_on(bed()).is_none() {
        return;
    }
    let told = |name: &str| std::env::var(name).ok().map(|told| told.parse::<u32>().expect("a number"));
    let mut seed = [11; 32];
    seed[..4].copy_from_slice(&told("DESKBELL_SEED").unwrap_or(0).to_le_bytes());
    let cases = cases * told("DESKBELL_LIVES").unwrap_or(1);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let ran = runner.run(&lives(most), |acts| {
        let lived = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            runtime.block_on(async { live(bed().await.expect("as before"), acts).await });
        }));
        lived.map_err(|why| {
            let said = why.downcast_ref::<String>().cloned();
            TestCaseError::fail(said.unwrap_or_else(|| "it ended wrong, as said above".to_owned()))
        })
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn on_a_file_merges_and_undoings_leave_what_the_history_says() {
    live_many(10, 30, Bed::sqlite);
}

#[test]
fn on_a_server_merges_and_undoings_leave_what_the_history_says() {
    live_many(6, 25, Bed::postgres);
}
