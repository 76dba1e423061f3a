//! Clock and agenda: later comes when the clock says so, and not before.

use std::sync::{Arc, Mutex};

use tokio::time::Instant;

use super::agenda::Agenda;
use super::stage::Stage;
use super::web::WebFault;
use super::*;

/// Runs with tokio's clock, which a test can make jump.
#[derive(Debug)]
struct Running {
    start: Instant,
}

impl Clock for Running {
    fn now_ms(&self) -> i64 {
        i64::try_from(self.start.elapsed().as_millis()).unwrap()
    }
}

fn noted(agenda: &Agenda, notes: &Arc<Mutex<Vec<i64>>>, at_ms: i64, note: i64) {
    let notes = Arc::clone(notes);
    agenda.enter(at_ms, move || lock(&notes).push(note));
}

#[tokio::test(start_paused = true)]
async fn a_running_clock_brings_jobs_in_order_by_itself() {
    let clock = Arc::new(Running { start: Instant::now() });
    let stage = Stage::new(clock.clone(), 1);
    let notes = Arc::default();
    noted(&stage.agenda, &notes, 3_600_000, 2);
    noted(&stage.agenda, &notes, 5, 1);
    noted(&stage.agenda, &notes, 3_600_000, 3);
    clock.until(3_600_000).await;
    while lock(&notes).len() < 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(*lock(&notes), [1, 2, 3]);
    stage.end().await;
}

#[tokio::test]
async fn a_frozen_clock_brings_nothing_until_it_is_moved() {
    let clock = FrozenClock::at(100);
    let stage = Stage::new(clock.clone(), 1);
    let notes = Arc::default();
    noted(&stage.agenda, &notes, 101, 1);
    stage.agenda.run_due();
    assert!(lock(&notes).is_empty());
    assert_eq!(stage.agenda.next_at_ms(), Some(101));
    clock.advance(1);
    // Nobody asks: the agenda wakes by itself.
    while lock(&notes).is_empty() {
        tokio::task::yield_now().await;
    }
    stage.end().await;
}

#[tokio::test]
async fn a_job_entered_late_wakes_an_agenda_that_sleeps() {
    let stage = Stage::new(FrozenClock::at(100), 1);
    // On one thread: its task has looked, found nothing and gone to sleep.
    tokio::task::yield_now().await;
    let notes = Arc::default();
    noted(&stage.agenda, &notes, 100, 1);
    let patience = std::time::Duration::from_secs(30);
    let done = async {
        while lock(&notes).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(patience, done).await.expect("nobody woke the agenda");
}

#[tokio::test]
async fn what_is_due_now_is_done_even_when_one_job_enters_another() {
    let stage = Stage::new(FrozenClock::at(100), 1);
    let notes: Arc<Mutex<Vec<i64>>> = Arc::default();
    let (agenda, later) = (Arc::clone(&stage.agenda), Arc::clone(&notes));
    stage.agenda.enter(100, move || noted(&agenda, &later, 100, 7));
    stage.agenda.run_due();
    assert_eq!(*lock(&notes), [7]);
    // What is still waiting is forgotten, and with it what it holds.
    noted(&stage.agenda, &notes, 200, 8);
    stage.end().await;
    assert_eq!(Arc::strong_count(&notes), 1);
}

#[test]
fn chance_repeats_itself_from_the_same_seed() {
    let numbers = |seed| {
        let random = Random::seeded(seed);
        (0..50).map(|_| random.below(10)).collect::<Vec<_>>()
    };
    assert_eq!(numbers(1), numbers(1));
    assert_ne!(numbers(1), numbers(2));
    assert!((0..10).all(|wanted| numbers(1).contains(&wanted)));
    assert_eq!(Random::seeded(1).below(0), 0);
}

#[test]
fn a_plan_is_written_as_it_is_read() {
    for text in ["5xx", "send/5xx:2", "lost:2%", "dm/duplicate:0.5%@ada", "429:3:12.5%"] {
        let plan: Plan<WebFault> = text.parse().expect(text);
        assert_eq!(plan.to_string(), text);
    }
    for text in ["5xx:many", "5xx:101%", "5xx:1.25%", "5xx:%", "5xx:-1%", ":5%"] {
        assert!(text.parse::<Plan<WebFault>>().is_err(), "{text}");
    }
}

#[test]
fn a_share_strikes_as_often_as_it_says_and_the_same_times_from_the_same_seed() {
    let struck = |seed| -> Vec<usize> {
        let faults = Faults::seeded(seed);
        faults.switch_on("5xx:5%".parse::<Plan<WebFault>>().expect("a plan"));
        (0..10_000).filter(|_| faults.strikes(WebFault::OutOfOrder, "api", None)).collect()
    };
    assert!((400..600).contains(&struck(7).len()), "{}", struck(7).len());
    assert_eq!(struck(7), struck(7));
    assert_ne!(struck(7), struck(8));
}
