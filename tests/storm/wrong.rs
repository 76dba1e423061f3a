//! The storm is itself tested: each build that is wrong on purpose must be caught within two hundred kills, and the same
//! build making no mistake must not. `make crash-wrong` runs this.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{Plan, pair, storm};

/// So many kills at a time, since some mistakes only show when everything has come to rest.
const AT_A_TIME: usize = 40;
const ROUNDS: usize = 5;
const MESSAGES: usize = 1_600;
/// Leases and waits are a tenth as long in such a build.
const STILL: Duration = Duration::from_secs(90);

const OF_ONE: [&str; 4] = ["answer-first", "no-unique-key", "blind-resend", "cursor-first"];
/// Shows only where another takes over while the first one sleeps, and at platforms that take the same twice: others know it
/// by its key or its words.
const OF_TWO: &str = "lease-without-fence";
const TAKES_IT_TWICE: &[&str] = &["sms", "facebook"];

/// How a wrong build was found out.
struct Caught {
    kills: usize,
    /// In the first words of whatever failed.
    seen: String,
}

/// `DESKBELL_MISTAKE=blind-resend` tries that one alone.
#[test]
fn each_wrong_build_is_caught() {
    let only = std::env::var("DESKBELL_MISTAKE").ok();
    let wanted = |mistake: &str| only.as_deref().is_none_or(|only| only == mistake);
    if only.is_none() {
        assert!(of_one("none").is_none(), "the build without a mistake is taken for a wrong one");
        assert!(over_two("none").is_none(), "two processes without a mistake are taken for wrong ones");
    }
    let mut all: Vec<_> =
        OF_ONE.into_iter().filter(|one| wanted(one)).map(|mistake| (mistake, of_one(mistake))).collect();
    all.extend(Some(OF_TWO).filter(|one| wanted(one)).map(|mistake| (mistake, over_two(mistake))));
    for (mistake, caught) in &all {
        match caught {
            Some(Caught { kills, seen }) => eprintln!("| {mistake:<20} | {kills:>3} kills | {seen:.150}"),
            None => eprintln!("| {mistake:<20} | never     | nobody noticed"),
        }
    }
    let missed = all.iter().filter(|(_, caught)| caught.is_none()).count();
    assert!(missed == 0 && !all.is_empty(), "{missed} of {} went unnoticed", all.len());
}

fn of_one(mistake: &'static str) -> Option<Caught> {
    let rounds = if mistake == "none" { 1 } else { ROUNDS };
    (0..rounds).find_map(|round| {
        let ended = Arc::new(AtomicUsize::new(0));
        let plan = Plan {
            kills: AT_A_TIME,
            messages: MESSAGES,
            still: STILL,
            ready: None,
            told: vec![("DESKBELL_WRONG", mistake.to_owned())],
            ended: ended.clone(),
        };
        let seen = seen(|| storm(&plan))?;
        Some(Caught { kills: round * AT_A_TIME + ended.load(Ordering::Relaxed), seen })
    })
}

fn over_two(mistake: &str) -> Option<Caught> {
    let ended = Arc::new(AtomicUsize::new(0));
    let plan = pair::Plan {
        told: vec![("DESKBELL_WRONG", mistake.to_owned())],
        still: STILL,
        answered: TAKES_IT_TWICE,
        ended: ended.clone(),
    };
    let seen = seen(|| assert!(pair::storm(&plan), "there is no PostgreSQL: nothing was tried"))?;
    assert!(!seen.starts_with("there is no PostgreSQL"), "{seen}");
    Some(Caught { kills: ended.load(Ordering::Relaxed), seen })
}

/// What made it fail; none: nothing did.
fn seen(storm: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(storm)).err()?;
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it failed");
    Some(said.split_whitespace().collect::<Vec<_>>().join(" "))
}
