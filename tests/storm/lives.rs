//! How each life of the program goes and ends, by the seed; and how soon each was ready.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use connectors::simulator::Random;

use super::platform::Platform;
use crate::support::http::Api;
use crate::support::program::House;

/// One life in three ends as an answer reaches a patron, which is the worst moment of all.
const AIMED: usize = 3;
/// One life in so many sleeps once.
const SLEEPS: usize = 20;
/// Longer than the program waits for an answer, and than it holds on to what it reads.
const LONGEST_SLEEP_MS: usize = 5_000;
const BLINK: Duration = Duration::from_millis(2);

/// What was seen of all lives.
#[derive(Debug, Default)]
pub struct Seen {
    pub killed: usize,
    aimed: usize,
    slept: usize,
    /// How long after its start each was ready that lived so long.
    ready: Vec<Duration>,
    /// Lived so long, and was not ready.
    never_ready: Option<Duration>,
}

/// One process after the other in the same house.
pub struct Lives<'a> {
    pub house: &'a House,
    pub api: &'a Api,
    pub platforms: &'a [Box<dyn Platform>],
    pub chance: Random,
    pub longest: Duration,
    pub seen: Seen,
}

impl Lives<'_> {
    /// One life, from its start to its violent end: at any moment, from before it is ready to long after.
    pub fn one(&mut self) {
        let longest = usize::try_from(self.longest.as_millis()).expect("minutes");
        let lives = Duration::from_millis(self.chance.below(longest) as u64);
        let aimed = self.chance.below(AIMED) == 0;
        let sleeps = self.chance.below(SLEEPS) == 0;
        let slept = Duration::from_millis(self.chance.below(LONGEST_SLEEP_MS) as u64);
        let began = Instant::now();
        let serving = self.house.serve(self.api.port);
        let dead = AtomicBool::new(false);
        let (hit, ready) = thread::scope(|scope| {
            let watching = scope.spawn(|| until_ready(self.api, began, &dead));
            let hit = self.until(began + lives, aimed);
            if sleeps {
                serving.stop();
                thread::sleep(slept);
                serving.go_on();
                self.until(Instant::now() + lives, false);
            }
            serving.kill();
            dead.store(true, Ordering::Relaxed);
            (hit, watching.join().expect("it only asks"))
        });
        self.seen.killed += 1;
        self.seen.aimed += usize::from(hit);
        self.seen.slept += usize::from(sleeps);
        match ready {
            Some(took) => self.seen.ready.push(took),
            // Who slept was not slow.
            None if !sleeps => self.seen.never_ready = self.seen.never_ready.max(Some(began.elapsed())),
            None => {}
        }
    }

    /// Waits until then, or until an answer reaches a patron; gives whether one did.
    fn until(&self, end: Instant, aimed: bool) -> bool {
        let before: Vec<u64> = self.platforms.iter().map(|platform| platform.lines()).collect();
        let each = || self.platforms.iter().zip(&before);
        let reached = || each().any(|(platform, seq)| !platform.taken_after(*seq).is_empty());
        while Instant::now() < end {
            if aimed && reached() {
                return true;
            }
            thread::sleep(BLINK);
        }
        false
    }
}

/// How long it took until it answered; none: it never did.
fn until_ready(api: &Api, began: Instant, dead: &AtomicBool) -> Option<Duration> {
    while !dead.load(Ordering::Relaxed) {
        if api.get("/health").is_ok_and(|answer| answer.status == 200) {
            return Some(began.elapsed());
        }
        thread::sleep(BLINK);
    }
    None
}

impl Seen {
    /// Says it, and fails where a life was longer than `limit` before it was ready.
    pub fn tell(&mut self, limit: Option<Duration>) {
        self.ready.sort();
        let place =
            |share: usize| self.ready.get((self.ready.len() * share / 100).saturating_sub(1)).copied();
        let (half, most, slowest) = (place(50), place(95), self.ready.last().copied());
        eprintln!(
            "{} kills: {} as an answer reached a patron, {} after a sleep; {} lives were long enough to be ready: half of \
             them after {half:?}, 95 % after {most:?}, all after {slowest:?}; the longest that was not: {:?}",
            self.killed,
            self.aimed,
            self.slept,
            self.ready.len(),
            self.never_ready
        );
        assert!(!self.ready.is_empty(), "no life was long enough to be ready");
        let Some(limit) = limit else { return };
        let late = slowest.max(self.never_ready).filter(|took| *took > limit);
        assert!(late.is_none(), "ready only after {late:?}, which is more than {limit:?}");
    }
}
