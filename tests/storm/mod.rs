//! Everything goes wrong at once: patrons write on every platform, a part of what platforms are asked fails, answers get
//! lost after the work was done, calls come twice and out of turn, sign-ins die, and the program is killed again and again,
//! put to sleep now and then. After each kill what can never be right again is looked for ([`autopsy`]); in the end what the
//! platforms wrote down is compared with what is here ([`books`]), and `store check` looks everything through, the waits
//! reckoned anew among it. A smaller storm is over two processes on one PostgreSQL at the same time: mostly it waits for the
//! leases of the dead.
//!
//! `make test-faults` runs this folder, `make crash` kills a thousand times. `DESKBELL_SEED` repeats a run's moments (what
//! falls into them stays the machine's affair), `DESKBELL_MESSAGES=400` makes a small storm, `DESKBELL_KILLS` kills so often,
//! `DESKBELL_READY_MS` fails a run in which a life was longer than that before it was ready.

mod autopsy;
mod balancer;
mod books;
mod full;
mod handle;
mod line;
mod lives;
mod mailbox;
mod page;
mod pair;
mod patrons;
mod platform;
mod shelf;
mod square;
mod staff;
#[cfg(feature = "wrong")]
mod wrong;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use connectors::simulator::{Clock, Random};
use serde_json::json;

use self::books::Books;
use self::lives::{Lives, Seen};
use self::platform::Platform;
use self::staff::Staff;
use crate::crash::chance;
use crate::support::PATIENCE;
use crate::support::leash::free_ports;
use crate::support::program::{House, answers};

const KILLS: usize = 200;
const MESSAGES: usize = 10_000;
/// How long the program lives between two kills, on average, where there are many: several times as long as it takes to be
/// ready.
const LIFE: Duration = Duration::from_millis(500);
/// So many a second, if the machine keeps up.
const PACE: usize = 100;
const LOOK: Duration = Duration::from_millis(500);
/// A storm that brings nothing new for so long has ended wrong.
const STILL: Duration = PATIENCE;

/// The machine's own time: the program runs by it too.
#[derive(Debug)]
struct Machine;

impl Clock for Machine {
    fn now_ms(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
        i64::try_from(now.as_millis()).expect("it is earlier than the end of time")
    }
}

/// What a storm is to be.
struct Plan {
    kills: usize,
    messages: usize,
    /// When nothing new has come for so long, it has ended wrong.
    still: Duration,
    /// No life may take longer to be ready.
    ready: Option<Duration>,
    /// What each process finds in its environment.
    told: Vec<(&'static str, String)>,
    /// Counted here, for whoever looks after a storm that ended wrong.
    ended: Arc<AtomicUsize>,
}

#[test]
fn nothing_is_lost_or_doubled_on_any_platform_whatever_goes_wrong() {
    let told = |name: &str| std::env::var(name).ok().map(|told| told.parse().expect("a number"));
    storm(&Plan {
        kills: told("DESKBELL_KILLS").unwrap_or(KILLS).max(1),
        messages: told("DESKBELL_MESSAGES").unwrap_or(MESSAGES),
        still: STILL,
        ready: told("DESKBELL_READY_MS").map(|limit| Duration::from_millis(limit as u64)),
        told: not_wrong(),
        ended: Arc::default(),
    });
}

/// A build that can be wrong on purpose is told not to be.
fn not_wrong() -> Vec<(&'static str, String)> {
    if cfg!(feature = "wrong") { vec![("DESKBELL_WRONG", "none".to_owned())] } else { Vec::new() }
}

fn storm(plan: &Plan) {
    let (count, kills) = (plan.messages, plan.kills);
    let chance = chance();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime needs only a few descriptors");
    // Whatever a platform begins, it begins there.
    let _inside = runtime.enter();
    let platforms = runtime.block_on(platform::all(Arc::new(Machine), chance.number()));
    let [port] = free_ports();
    let house = open_house(House::new(None).telling(plan.told.clone()), port, &platforms);
    let staff = Staff { api: house.hire(port), house: &house };
    for platform in &platforms {
        connect(&house, platform.as_ref());
    }

    // The first process has its own quiet moment: it is called from then on.
    let serving = house.serve(port);
    answers(&staff.api);
    let kinds = settle_in(&staff);
    serving.kill();

    let all = u32::try_from(kills).expect("not so many");
    let (written_in, killed_in) = (Duration::from_secs((count / PACE).max(10) as u64), LIFE * all);
    // Who is to end at a place waits until it is come by: patrons go on writing as long as there are kills.
    let waiting = if cfg!(feature = "failpoints") { 2 } else { 1 };
    let span = written_in.max(killed_in * waiting);
    let (asking, living) = (Random::seeded(chance.number()), Random::seeded(chance.number()));
    let (answered, over) = (AtomicBool::new(false), AtomicBool::new(false));
    platforms.iter().for_each(|platform| platform.trouble());
    let began = Instant::now();
    let (posted, signed_out, seen, _last) = std::thread::scope(|scope| {
        let handle = runtime.handle().clone();
        let (platforms, staff, kinds, over) = (&platforms, &staff, &kinds, &over);
        let patrons = scope.spawn(move || {
            let _inside = handle.enter();
            patrons::ask(platforms, count, span, &asking, over);
        });
        let (no_more_answers, nobody_looks) = (End(&answered), End(over));
        let desk = scope.spawn(|| staff.answer(kinds, platforms, &answered, over));
        let keeper = scope.spawn(|| staff.look_after(platforms, over));
        let longest = 2 * written_in.max(killed_in) / all;
        let mut lives = Lives {
            house: &house,
            api: &staff.api,
            platforms,
            chance: living,
            longest,
            seen: Seen::default(),
        };
        for kill in 1..=kills {
            lives.one();
            plan.ended.store(kill, Ordering::Relaxed);
            let wrong = autopsy::wrong(staff, platforms);
            assert!(wrong.is_empty(), "after kill {kill}: {wrong:#?}");
        }
        let last = house.serve(port);
        patrons.join().expect("the patrons");
        eprintln!("{kills} kills, {count} messages, after {:?}", began.elapsed());
        lives.seen.tell(plan.ready);
        // What was asked last has its time to be answered in trouble as well.
        until_still(staff, platforms);
        platforms.iter().for_each(|platform| platform.mend());
        drop(no_more_answers);
        let posted = desk.join().expect("the desk");
        until_all_is_here(staff, kinds, platforms, plan.still);
        until_settled(staff, plan.still);
        drop(nobody_looks);
        (posted, keeper.join().expect("the keeper"), lives.seen, last)
    });
    eprintln!("all of it is here after {:?}; said to be signed out: {signed_out:?}", began.elapsed());

    let log = house.log();
    let hits = log.matches("ended in the middle of its work").count();
    eprintln!("{hits} of {kills} kills came in the middle of work");
    assert!(hits > 0, "no kill came at a bad moment:\n{log}");
    let said = books::intake(&staff, &kinds).expect("the program answers");
    let books = Books::read(&staff);
    for platform in &platforms {
        let platform = platform.as_ref();
        let intake = said.get(platform.kind()).copied().unwrap_or_default();
        books::nothing_lost_nothing_doubled(platform, &books, intake);
        books::each_answer_once(platform, &books, &posted, &staff);
        let answered = posted.iter().any(|one| one.kind == platform.kind());
        assert!(answered || plan.messages < MESSAGES, "{}: nothing was answered", platform.kind());
        assert!(
            signed_out.contains_key(platform.kind()),
            "{} never said that it is signed out",
            platform.kind()
        );
        let given = platform.given().len();
        let twice = !platform.gives_twice() || intake.duplicates * 10 >= given;
        assert!(twice, "{}: nothing came twice: {intake:?}", platform.kind());
    }
    assert!(!log.contains("panicked"), "{log}");
    let checked = house.run(&["store", "check"]);
    eprintln!("{}", checked.lines().last().unwrap_or_default());
    seen.every_place_was_met();
}

/// An empty library that platforms can call at this port.
fn open_house(house: House, port: u16, platforms: &[Box<dyn Platform>]) -> House {
    let told = format!("public_url = \"http://127.0.0.1:{port}\"\n");
    std::fs::write(house.path().join("deskbell.toml"), told).expect("our own folder takes a file");
    for platform in platforms {
        for (name, secret) in platform.secrets() {
            let file = house.path().join(format!("{}-{name}", platform.kind()));
            std::fs::write(file, secret).expect("our own folder takes a file");
        }
    }
    house
}

/// Read each second, so that a storm of minutes is one: calls bring nearly everything at once, and what they do not bring is
/// there soon.
fn connect(house: &House, platform: &dyn Platform) {
    let kind = platform.kind();
    let settings = platform.settings().into_iter().map(|(name, value)| format!("{name}={value}"));
    let secrets = platform
        .secrets()
        .into_iter()
        .map(|(name, _)| format!("{name}=@{}", house.path().join(format!("{kind}-{name}")).display()));
    let told = settings.flat_map(|one| ["--set".to_owned(), one]);
    let told: Vec<String> = told.chain(secrets.flat_map(|one| ["--secret".to_owned(), one])).collect();
    let mut arguments = vec!["channel", "add", kind, "--name", kind, "--schedule", "1s"];
    arguments.extend(told.iter().map(String::as_str));
    house.run(&arguments);
}

/// Answers leave soon, and every platform that can knows where to call. Gives the platform of each channel.
fn settle_in(staff: &Staff) -> BTreeMap<String, String> {
    let channels = staff.channels().expect("the program answers");
    for channel in &channels {
        let id = channel["id"].as_str().expect("an id");
        staff.change(id, &json!({ "undo_hold_ms": 300 })).expect("it is changed");
    }
    std::thread::sleep(Duration::from_secs(3));
    let word = |channel: &serde_json::Value, name: &str| channel[name].as_str().expect("a word").to_owned();
    channels.iter().map(|channel| (word(channel, "id"), word(channel, "kind"))).collect()
}

/// Waits until everything is here, or nothing new has come for some seconds.
fn until_still(staff: &Staff, platforms: &[Box<dyn Platform>]) {
    let (mut known, mut since) = (usize::MAX, Instant::now());
    while known > 0 && since.elapsed() < Duration::from_secs(6) {
        let missing = missing(staff, platforms).values().map(Vec::len).sum();
        if missing < known {
            (known, since) = (missing, Instant::now());
        }
        std::thread::sleep(LOOK);
    }
}

/// Waits until as much is kept as was given.
fn until_all_is_here(
    staff: &Staff,
    kinds: &BTreeMap<String, String>,
    platforms: &[Box<dyn Platform>],
    still: Duration,
) {
    let (mut known, mut since) = (usize::MAX, Instant::now());
    loop {
        let missing = missing(staff, platforms);
        let intake = books::intake(staff, kinds).unwrap_or_default();
        if missing.iter().all(|(kind, lost)| lost.len() <= intake.get(*kind).map_or(0, |intake| intake.held))
        {
            return;
        }
        let count = missing.values().map(Vec::len).sum();
        if count < known {
            (known, since) = (count, Instant::now());
        }
        let channels = || staff.channels().map(|all| format!("{all:#?}")).unwrap_or_default();
        assert!(since.elapsed() < still, "not here: {missing:?}\n{intake:?}\n{}", channels());
        std::thread::sleep(LOOK);
    }
}

fn missing<'a>(staff: &Staff, platforms: &'a [Box<dyn Platform>]) -> BTreeMap<&'a str, Vec<String>> {
    let books = Books::read(staff);
    platforms.iter().map(|platform| (platform.kind(), books.missing(platform.as_ref()))).collect()
}

/// Ends whoever works until then, also where the storm itself ends wrong.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// So long after the storm an answer goes by its own clock before that is put forward.
const HURRIED: Duration = Duration::from_secs(20);

/// Waits until it is known what became of each answer, or that nobody will know.
fn until_settled(staff: &Staff, still: Duration) {
    let (mut known, mut since) = (usize::MAX, Instant::now());
    let mut hurried = Instant::now();
    loop {
        let open = books::unsettled(staff);
        if open.is_empty() {
            return;
        }
        if open.len() < known {
            (known, since) = (open.len(), Instant::now());
        }
        if hurried.elapsed() > HURRIED {
            shelf::hurry(staff);
            hurried = Instant::now();
        }
        assert!(since.elapsed() < still, "nobody knows what became of {open:#?}");
        std::thread::sleep(Duration::from_millis(300));
    }
}
