//! The same storm over two processes on one server's database: each is killed in turn, and one is stopped in the middle of
//! its work for longer than it may hold on to it, and wakes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use connectors::simulator::Random;

use super::autopsy;
use super::balancer::Balancer;
use super::books::{self, Books};
use super::platform;
use super::staff::Staff;
use super::{
    End, Machine, STILL, connect, not_wrong, open_house, patrons, settle_in, shelf, until_all_is_here,
    until_settled, until_still,
};
use crate::crash::chance;
use crate::support::PATIENCE;
use crate::support::leash::free_ports;
use crate::support::postgres::fresh_database;
use crate::support::program::{House, Serving, answers};

const KILLS: usize = 6;
const MESSAGES: usize = 1_000;
const SPAN: Duration = Duration::from_secs(if cfg!(feature = "failpoints") { 130 } else { 55 });
const LONGEST_LIFE_MS: usize = 3_000;
/// Longer than a process holds on to what it reads. What it sends it holds on to for three minutes:
/// `DESKBELL_STOPPED_S=200` is for that. Where waits are a tenth as long: longer than both, and than the other waits before
/// it looks for what the sleeper has in hand.
const STOPPED_S: u64 = if cfg!(feature = "failpoints") { 25 } else { 50 };
/// In which a sleeper that woke does what it had in hand.
const AWAKE: Duration = Duration::from_secs(3);
/// Where it falls asleep, one after the other, where the crash run can say so: with a part that it has not marked as being
/// sent, with one that it has, with one that has left. Otherwise once, wherever it is.
const BEDS: &[Option<&str>] = if cfg!(feature = "failpoints") {
    &[Some("PartLeased:1:sleep"), Some("SendingMarked:1:sleep"), Some("PartAnswered:1:sleep")]
} else {
    &[None]
};

/// What a storm over two is to be.
pub struct Plan {
    /// What each process finds in its environment.
    pub told: Vec<(&'static str, String)>,
    /// When nothing new has come for so long, it has ended wrong.
    pub still: Duration,
    /// Only on these platforms answers are given; none: on all.
    pub answered: &'static [&'static str],
    /// How many were killed, counted here for whoever looks after a storm that ended wrong.
    pub ended: Arc<AtomicUsize>,
}

#[test]
fn of_two_processes_each_is_killed_and_one_sleeps_and_nothing_is_lost_or_doubled() {
    storm(&Plan { told: not_wrong(), still: STILL, answered: &[], ended: Arc::default() });
}

/// False: there is no server to storm over.
pub fn storm(plan: &Plan) -> bool {
    let Some(database) = fresh_database() else { return false };
    let Plan { still, answered, .. } = *plan;
    let stopped =
        std::env::var("DESKBELL_STOPPED_S").map_or(STOPPED_S, |told| told.parse().expect("seconds"));
    let chance = chance();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime needs only a few descriptors");
    let _inside = runtime.enter();
    let platforms = runtime.block_on(platform::all(Arc::new(Machine), chance.number()));
    let ports = free_ports();
    let balancer = runtime.block_on(Balancer::before(ports));
    let house =
        open_house(House::new(Some(database.url())).telling(plan.told.clone()), balancer.port, &platforms);
    let staff = Staff { api: house.hire(balancer.port), house: &house };
    platforms.iter().for_each(|platform| connect(&house, platform.as_ref()));

    let mut pair = ports.map(|port| Some(house.serve(port)));
    answers(&staff.api);
    let kinds = settle_in(&staff);
    let (asking, living) = (Random::seeded(chance.number()), Random::seeded(chance.number()));
    let (no_more, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut answering = kinds.clone();
    answering.retain(|_, kind| answered.is_empty() || answered.contains(&kind.as_str()));
    platforms.iter().for_each(|platform| platform.trouble());
    let posted = std::thread::scope(|scope| {
        let handle = runtime.handle().clone();
        let (platforms, staff, kinds, over) = (&platforms, &staff, &kinds, &over);
        let patrons = scope.spawn(move || {
            let _inside = handle.enter();
            patrons::ask(platforms, MESSAGES, SPAN, &asking, over);
        });
        let (no_more_answers, nobody_looks) = (End(&no_more), End(over));
        let desk = scope.spawn(|| staff.answer(&answering, platforms, &no_more, over));
        let _keeper = scope.spawn(|| staff.look_after(platforms, over));
        for kill in 0..KILLS {
            let which = kill % 2;
            std::thread::sleep(Duration::from_millis(living.below(LONGEST_LIFE_MS) as u64));
            pair[which] = None;
            std::thread::sleep(Duration::from_millis(living.below(LONGEST_LIFE_MS / 4) as u64));
            pair[which] = Some(house.serve(ports[which]));
            plan.ended.fetch_add(1, Ordering::Relaxed);
        }
        for bed in BEDS {
            // Alone, so that whatever is in hand is in its hands.
            pair = [None, None];
            plan.ended.fetch_add(2, Ordering::Relaxed);
            let sleeper = house.serve_told(ports[0], bed.map(|told| ("DESKBELL_FAILPOINT", told.to_owned())));
            let in_hand = stop_in_the_middle(&sleeper, staff, bed.is_some());
            balancer.is_up(0, false);
            let asleep = Instant::now();
            pair[1] = Some(house.serve(ports[1]));
            std::thread::sleep(Duration::from_secs(stopped).saturating_sub(asleep.elapsed()));
            sleeper.go_on();
            balancer.is_up(0, true);
            pair[0] = Some(sleeper);
            let place = bed.unwrap_or("wherever it was");
            eprintln!(
                "two processes: one slept for {:?} at {place} with {in_hand:?} in hand",
                asleep.elapsed()
            );
            std::thread::sleep(AWAKE);
            let wrong = autopsy::wrong(staff, platforms);
            assert!(wrong.is_empty(), "after a sleep at {place}: {wrong:#?}");
        }
        patrons.join().expect("the patrons");
        until_still(staff, platforms);
        platforms.iter().for_each(|platform| platform.mend());
        drop(no_more_answers);
        let posted = desk.join().expect("the desk");
        until_all_is_here(staff, kinds, platforms, still);
        until_settled(staff, still);
        drop(nobody_looks);
        posted
    });

    for serving in pair.iter_mut().flatten() {
        assert!(!serving.ended(), "both live:\n{}", house.log());
    }
    let said = books::intake(&staff, &kinds).expect("the program answers");
    let books = Books::read(&staff);
    for platform in &platforms {
        let intake = said.get(platform.kind()).copied().unwrap_or_default();
        books::nothing_lost_nothing_doubled(platform.as_ref(), &books, intake);
        books::each_answer_once(platform.as_ref(), &books, &posted, &staff);
    }
    assert!(!posted.is_empty(), "nothing was answered");
    let log = house.log();
    let noticed =
        log.matches("taken this stream over").count() + log.matches("taken over by another process").count();
    eprintln!("two processes: work was found taken over {noticed} times");
    assert!(!log.contains("panicked"), "{log}");
    true
}

/// Waits until the process lies in its bed; without one stops it while it reads something, if possible while it also sends
/// something. Gives how much it has in hand.
fn stop_in_the_middle(process: &Serving, staff: &Staff, has_bed: bool) -> BTreeMap<String, String> {
    let began = Instant::now();
    let held = || -> BTreeMap<String, String> {
        shelf::rows(staff, HELD).into_iter().map(|[what, count]| (what, count)).collect()
    };
    while began.elapsed() < PATIENCE {
        if has_bed {
            if process.is_stopped() {
                return held();
            }
            std::thread::sleep(Duration::from_millis(20));
            continue;
        }
        process.stop();
        let held = held();
        let is_busy = |what: &str| held.get(what).is_some_and(|count| count != "0");
        if is_busy("read") && (is_busy("sent") || began.elapsed() > Duration::from_secs(10)) {
            return held;
        }
        process.go_on();
    }
    panic!("it never was in the middle of something:\n{}", staff.house.log())
}

const HELD: &str = "SELECT 'read', CAST(COUNT(*) AS TEXT) FROM streams WHERE lease_holder IS NOT NULL \
     UNION ALL SELECT 'sent', CAST(COUNT(*) AS TEXT) FROM deliveries WHERE lease_holder IS NOT NULL";
