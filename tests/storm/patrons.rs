//! Who asks what: every question has a number, and its number stands in it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use connectors::simulator::Random;

use super::platform::Platform;

/// So many questions come from the same person.
const EACH_ASKS: usize = 5;
/// Every so-manieth question of a platform is answered.
const ANSWERED: usize = 10;
/// Every so-manieth answer carries a file.
const WITH_A_FILE: usize = 3;
/// After each so many questions sign-ins run out.
const WORN_AFTER: usize = 200;
/// As many as [`super::platform::all`] starts.
const PLATFORMS: usize = 5;

/// What platforms have garbled before: the three letters that markup escapes, letters of more than one byte and of more
/// than one unit, letters from the right.
const WORDS: &[&str] = &[
    "Is the reading room open on Sunday?",
    "Can I renew \"Sense & Sensibility\" <today> or not?",
    "Żółta książka o pszczołach, czy jest u was?",
    "Do you lend tents 🏕️ and maps 🗺️ of the moor?",
    "هل لديكم كتب للأطفال؟",
    "図書館カードをなくしました。",
    "two lines of it:\n  the second one begins further in",
];

/// Which platform question `number` goes to, of `count`.
pub fn platform_of(number: usize, count: usize) -> usize {
    number % count
}

/// Question `number`.
pub fn question(number: usize) -> String {
    format!("q-{number:06}-q {}", WORDS[number / PLATFORMS % WORDS.len()])
}

/// The number that stands in a text.
pub fn number_in(text: &str) -> Option<usize> {
    let (_, rest) = text.split_once("q-")?;
    let (digits, _) = rest.split_once("-q")?;
    digits.parse().ok()
}

/// The numbers that stand in a text, however it was wrapped and encoded.
pub fn numbers_in(text: &str) -> impl Iterator<Item = usize> {
    let number = |rest: &str| rest.get(..6).filter(|_| rest[6..].starts_with("-q"))?.parse().ok();
    text.split("q-").skip(1).filter_map(number)
}

/// Whether the desk answers question `number`.
pub fn is_answered(number: usize) -> bool {
    (number / PLATFORMS).is_multiple_of(ANSWERED)
}

/// Whether the answer to question `number`, if it gets one, carries a file.
pub fn is_enclosed(number: usize) -> bool {
    (number / PLATFORMS / ANSWERED).is_multiple_of(WITH_A_FILE)
}

/// Asks these questions of `count`, without a pause.
pub fn ask_at_once(platforms: &[Box<dyn Platform>], numbers: std::ops::Range<usize>, count: usize) {
    for number in numbers {
        platforms[platform_of(number, platforms.len())]
            .say(number / platforms.len() % (count / EACH_ASKS), &question(number));
    }
}

/// Asks `count` questions, some faster and some slower, over about `span`. Sign-ins that can be refreshed run out all the
/// while, a quarter of the way platforms repeat themselves, half-way every sign-in dies. They go home early when it is `over`.
pub fn ask(
    platforms: &[Box<dyn Platform>],
    count: usize,
    span: Duration,
    chance: &Random,
    over: &AtomicBool,
) {
    assert_eq!(platforms.len(), PLATFORMS, "a further platform is counted here, or nobody answers on it");
    let began = Instant::now();
    for number in 0..count {
        if over.load(Ordering::Relaxed) {
            return;
        }
        let place = number / platforms.len();
        let platform = &platforms[platform_of(number, platforms.len())];
        // The same person's questions lie apart, so that a platform is in the middle of many conversations.
        let people = (count / platforms.len()).div_ceil(EACH_ASKS).max(1);
        platform.say(place % people, &question(number));
        if number.is_multiple_of(WORN_AFTER) {
            platforms.iter().for_each(|platform| platform.wear());
        }
        if number == count / 4 {
            platforms.iter().for_each(|platform| platform.repeat());
        }
        if number == count / 2 {
            platforms.iter().for_each(|platform| platform.sign_out());
        }
        // Somebody gives in at random; who is ahead of the plan waits.
        let due = span.mul_f64((number + 1) as f64 / count as f64);
        let lead = due.saturating_sub(began.elapsed());
        if !lead.is_zero() {
            std::thread::sleep(lead.mul_f64(chance.below(200) as f64 / 100.0));
        }
    }
}

#[test]
fn a_question_is_known_by_its_number() {
    assert_eq!(number_in(&question(120)), Some(120));
    assert_eq!(number_in("We have it."), None);
    let call = format!("{{\"text\":\"{}\"}}&Body=q-000007-q%20Is&q-12", question(120));
    assert_eq!(numbers_in(&call).collect::<Vec<_>>(), [120, 7]);
    assert!(is_answered(0) && is_answered(54) && !is_answered(55));
}
