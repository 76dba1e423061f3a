//! How each life of the program goes and ends, by the seed; and how soon each was ready.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use connectors::simulator::Random;
use deskbell::failpoint::At;

use super::platform::Platform;
use crate::support::http::Api;
use crate::support::program::{House, Serving};

/// One life in three ends as an answer reaches a patron, which is the worst moment of all.
const AIMED: usize = 3;
/// One life in so many sleeps once.
const SLEEPS: usize = 25;
/// Longer than the program waits for an answer, and in the crash run than it holds on to what it reads.
const LONGEST_SLEEP_MS: usize = 5_000;
/// Of the lives that end by themselves, where the program can, so many do not end at their place but sleep there.
const SLEEPS_THERE: usize = 8;
/// How long a life that is to end at its place waits for it.
const COMES_BY: Duration = Duration::from_secs(2);
/// After so many lives each place has had its turn.
const MANY: usize = 500;
/// Where a sign-in is being refreshed.
const REFRESHING: &[At] = &[At::RefreshBegun, At::PairGiven, At::PairKept];
const BLINK: Duration = Duration::from_millis(2);

/// What was seen of all lives.
#[derive(Debug, Default)]
pub struct Seen {
    ended: usize,
    aimed: usize,
    slept: usize,
    /// How often a life came to its end, or its sleep, at each place.
    at: BTreeMap<String, usize>,
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

/// How one is to go.
struct Course {
    lives: Duration,
    aimed: bool,
    /// Sleeps for so long, somewhere.
    sleeps: Option<Duration>,
    /// Ends or sleeps by itself at this place, when it comes there for the so-manieth time.
    place: Option<(At, usize, bool)>,
}

impl Lives<'_> {
    /// One life, from its start to its violent end: at any moment, from before it is ready to long after.
    pub fn one(&mut self) {
        let course = self.course();
        let told = course.place.map(|(at, nth, sleeps)| {
            ("DESKBELL_FAILPOINT", format!("{at:?}:{nth}:{}", if sleeps { "sleep" } else { "end" }))
        });
        if course.place.is_some_and(|(at, ..)| REFRESHING.contains(&at)) {
            // Nobody comes by there otherwise, but once in hours.
            self.platforms.iter().for_each(|platform| platform.wear());
        }
        let began = Instant::now();
        let mut serving = self.house.serve_told(self.api.port, told);
        let dead = AtomicBool::new(false);
        let ready = thread::scope(|scope| {
            let watching = scope.spawn(|| until_ready(self.api, began, &dead));
            live(&course, self.platforms, &mut serving, &mut self.seen);
            serving.kill();
            dead.store(true, Ordering::Relaxed);
            watching.join().expect("it only asks")
        });
        self.seen.ended += 1;
        // Who slept was not slow.
        match ready {
            _ if course.sleeps.is_some() => {}
            Some(took) => self.seen.ready.push(took),
            None => self.seen.never_ready = self.seen.never_ready.max(Some(began.elapsed())),
        }
    }

    fn course(&self) -> Course {
        let below = |limit| self.chance.below(limit);
        let ms = |most: usize| Duration::from_millis(below(most) as u64);
        let lives = ms(usize::try_from(self.longest.as_millis()).expect("minutes"));
        let aimed = below(AIMED) == 0;
        let slept = ms(LONGEST_SLEEP_MS);
        if cfg!(feature = "failpoints") && below(2) == 0 {
            let (at, nth) = (At::ALL[below(At::ALL.len())], [1, 1, 1, 2, 3, 8][below(6)]);
            let sleeps = below(SLEEPS_THERE) == 0;
            let place = Some((at, if REFRESHING.contains(&at) { 1 } else { nth }, sleeps));
            return Course { lives: COMES_BY, aimed: false, sleeps: sleeps.then_some(slept), place };
        }
        Course { lives, aimed, sleeps: (below(SLEEPS) == 0).then_some(slept), place: None }
    }
}

/// Lets it live until it is to be killed, or has ended itself.
fn live(course: &Course, platforms: &[Box<dyn Platform>], serving: &mut Serving, seen: &mut Seen) {
    let before: Vec<u64> = platforms.iter().map(|platform| platform.lines()).collect();
    let each = || platforms.iter().zip(&before);
    let reached = || each().any(|(platform, seq)| !platform.taken_after(*seq).is_empty());
    let mut end = Instant::now() + course.lives;
    // Somewhere: in the middle of a life that ends somewhere.
    let mut sleeps = course.sleeps;
    while Instant::now() < end {
        if serving.ended() {
            let (at, ..) = course.place.expect("nothing but its place ends it by itself");
            *seen.at.entry(format!("{at:?}")).or_default() += 1;
            return;
        }
        if course.aimed && reached() {
            seen.aimed += 1;
            return;
        }
        if let Some((at, ..)) = course.place.filter(|_| sleeps.is_some() && serving.is_stopped()) {
            *seen.at.entry(format!("{at:?}")).or_default() += 1;
            end = sleep(serving, &mut sleeps, seen) + course.lives / 4;
        }
        thread::sleep(BLINK);
    }
    if sleeps.is_some() && course.place.is_none() {
        serving.stop();
        let woke = sleep(serving, &mut sleeps, seen);
        while Instant::now() < woke + course.lives {
            thread::sleep(BLINK);
        }
    }
}

/// It stands still; gives when it woke.
fn sleep(serving: &Serving, sleeps: &mut Option<Duration>, seen: &mut Seen) -> Instant {
    thread::sleep(sleeps.take().unwrap_or_default());
    serving.go_on();
    seen.slept += 1;
    Instant::now()
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
    /// Fails where a long storm never came by a place: it says nothing of it then.
    pub fn every_place_was_met(&self) {
        let met = |at: &At| self.at.contains_key(&format!("{at:?}"));
        let never: Vec<_> = At::ALL.iter().filter(|at| !met(at)).collect();
        assert!(
            !cfg!(feature = "failpoints") || self.ended < MANY || never.is_empty(),
            "no life ended at {never:?}"
        );
    }

    /// Says it, and fails where a life was longer than `limit` before it was ready.
    pub fn tell(&mut self, limit: Option<Duration>) {
        self.ready.sort();
        let place =
            |share: usize| self.ready.get((self.ready.len() * share / 100).saturating_sub(1)).copied();
        let (half, most, slowest) = (place(50), place(95), self.ready.last().copied());
        eprintln!(
            "{} lives ended: {} as an answer reached a patron, {} at a place of their own; {} slept. {} lived long enough to \
             be ready: half after {half:?}, 95 % after {most:?}, all after {slowest:?}; the longest that was not: {:?}",
            self.ended,
            self.aimed,
            self.at.values().sum::<usize>(),
            self.slept,
            self.ready.len(),
            self.never_ready
        );
        if cfg!(feature = "failpoints") {
            let times = |at: &At| self.at.get(&format!("{at:?}")).copied().unwrap_or(0);
            At::ALL.iter().for_each(|at| eprintln!("  {:>3} at {at:?}", times(at)));
        }
        assert!(!self.ready.is_empty(), "no life was long enough to be ready");
        let Some(limit) = limit else { return };
        let late = slowest.max(self.never_ready).filter(|took| *took > limit);
        assert!(late.is_none(), "ready only after {late:?}, which is more than {limit:?}");
    }
}
