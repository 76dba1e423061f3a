//! What is here in the end against what the platforms gave, and what they took against what staff answered.

use std::collections::BTreeMap;

use serde_json::Value;

use super::platform::Platform;
use super::shelf;
use super::staff::{Posted, Staff};

/// What the program says it was given by one channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    pub received: usize,
    pub messages: usize,
    pub held: usize,
    pub duplicates: usize,
}

/// What is written down, read past the program: the texts of a platform's messages by their direction.
pub struct Books {
    rows: Vec<(String, String, String)>,
    /// Whose: two storms may be told of at once.
    whose: &'static str,
}

impl Books {
    pub fn read(staff: &Staff) -> Self {
        let text = "SELECT c.kind, m.direction, m.text FROM messages m JOIN channels c ON c.id = m.channel_id ORDER BY m.seq";
        let rows = shelf::rows(staff, text).into_iter();
        let whose = if staff.house.store().is_some() { "two processes" } else { "one process" };
        Self { rows: rows.map(|[kind, direction, text]| (kind, direction, text)).collect(), whose }
    }

    /// What of this platform's is not here yet.
    pub fn missing(&self, platform: &dyn Platform) -> Vec<String> {
        self.compared_with(platform).0
    }

    /// What of this platform's is not here, and what is here more often than it was given.
    pub fn compared_with(&self, platform: &dyn Platform) -> (Vec<String>, Vec<String>) {
        compared(&platform.given(), &self.of(platform.kind(), "in"))
    }

    /// The texts of a platform's messages that went this way.
    pub fn of(&self, kind: &str, direction: &str) -> Vec<&str> {
        let wanted = self.rows.iter().filter(|(of, way, _)| of == kind && way == direction);
        wanted.map(|(_, _, text)| text.as_str()).collect()
    }
}

/// Asks for the counts, by platform.
pub fn intake(staff: &Staff, kinds: &BTreeMap<String, String>) -> Option<BTreeMap<String, Intake>> {
    let said = staff.api.get("/health/intake").ok().filter(|said| said.status == 200)?.json();
    let of = |channel: &Value| {
        let count =
            |name: &str| usize::try_from(channel[name].as_u64().expect("a count")).expect("not so many");
        let kind = kinds[channel["channel_id"].as_str().expect("an id")].clone();
        let intake = Intake {
            received: count("received"),
            messages: count("messages"),
            held: count("held"),
            duplicates: count("duplicates"),
        };
        (kind, intake)
    };
    Some(said["channels"].as_array().expect("a list").iter().map(of).collect())
}

/// Fails unless everything that a platform gave is here once, word for word, and nothing else is.
pub fn nothing_lost_nothing_doubled(platform: &dyn Platform, books: &Books, intake: Intake) {
    let kind = platform.kind();
    let given = platform.given();
    let (lost, doubled) = compared(&given, &books.of(kind, "in"));
    eprintln!("{}, {kind}: {} given; {intake:?}", books.whose, given.len());
    assert_eq!(intake.received, intake.messages + intake.held + intake.duplicates, "{kind}: {intake:?}");
    assert_eq!(doubled, [""; 0], "{kind}: doubled, changed, or from nowhere");
    // What is held is shown, with its reason, and has no text.
    assert_eq!(lost.len(), intake.held, "{kind}: lost {lost:?}");
    assert_eq!(intake.messages, books.of(kind, "in").len(), "{kind}: counted, and here");
}

/// What was given and is not here, and what is here more often than it was given.
fn compared(given: &BTreeMap<String, usize>, here: &[&str]) -> (Vec<String>, Vec<String>) {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    here.iter().for_each(|text| *counted.entry(text.trim()).or_default() += 1);
    let lost = given.keys().filter(|text| !counted.contains_key(text.as_str()));
    let too_often = |(text, times): &(&&str, &usize)| given.get(**text).is_none_or(|most| *times > most);
    let doubled = counted.iter().filter(too_often).map(|(text, _)| (*text).to_owned());
    (lost.cloned().collect(), doubled.collect())
}

/// Fails unless each answer reached its patron once and says so, or says that nobody knows; and stands here once.
pub fn each_answer_once(platform: &dyn Platform, books: &Books, posted: &[Posted], staff: &Staff) {
    let kind = platform.kind();
    let (taken, carried) = (platform.taken_after(0), platform.carried());
    let ours: Vec<&Posted> = posted.iter().filter(|one| one.kind == kind).collect();
    let [mut sent, mut lost, mut arrived, mut read, mut enclosed] = [0; 5];
    for one in &ours {
        let named = &one.marker;
        let times = taken.iter().filter(|text| text.contains(named)).count();
        let files = one.file.as_ref().map(|file| carried.iter().filter(|came| *came == file).count());
        assert!(
            times <= 1 && files.is_none_or(|files| files <= 1),
            "{named} was sent {times} times, its file {files:?}"
        );
        let Fate { state, why, told } = fate(staff, one);
        match (state.as_str(), times == 1 && files != Some(0)) {
            ("sent" | "delivered" | "read", true) => sent += 1,
            ("unknown", false) => lost += 1,
            ("unknown", true) if !platform.shows_what_it_took() => arrived += 1,
            _ => panic!(
                "{kind}: {named} reached the patron {times} times, its file {files:?}, and ended as {state} ({why:?})"
            ),
        }
        assert!(state != "unknown" || (why.is_some() && told), "{named}: staff are not told: {why:?}");
        (read, enclosed) = (read + times, enclosed + files.unwrap_or(0));
    }
    eprintln!(
        "{}, {kind}: {} answers: {sent} sent once, {} unknown, {arrived} of them arrived; {enclosed} with a file",
        books.whose,
        ours.len(),
        lost + arrived
    );
    assert_eq!((taken.len(), carried.len()), (read, enclosed), "{kind}: somebody got what nobody wrote");
    assert_eq!(
        books.of(kind, "out").len(),
        ours.len(),
        "{kind}: an answer of ours stands here twice, or not at all"
    );
}

/// The parts of answers whose end is not known yet, with what is known.
pub fn unsettled(staff: &Staff) -> Vec<String> {
    let text = "SELECT state, CAST(tries AS TEXT), CAST(due_at AS TEXT), COALESCE(why, '') FROM deliveries \
                WHERE settled_at IS NULL";
    let line =
        |[state, tries, due_at, why]: [String; 4]| format!("{state}, {tries} tries, due {due_at}: {why}");
    shelf::rows(staff, text).into_iter().map(line).collect()
}

/// What the program says of an answer.
struct Fate {
    state: String,
    /// Beside the answer.
    why: Option<String>,
    /// The conversation says that something did not arrive, unless somebody has written again since.
    told: bool,
}

fn fate(staff: &Staff, one: &Posted) -> Fate {
    let page = staff.api.read(&format!("/conversations/{}", one.conversation));
    let said = page["messages"].as_array().expect("a list");
    let place = said.iter().position(|message| message["id"] == one.message.as_str());
    let place = place.unwrap_or_else(|| panic!("{one:?} has vanished"));
    let delivery = &said[place]["delivery"];
    let trouble = page["trouble"].as_str().unwrap_or_default();
    Fate {
        state: delivery["state"].as_str().expect("it is on its way").to_owned(),
        why: delivery["why"].as_str().map(str::to_owned),
        told: trouble.starts_with("It may not have been sent: ")
            || said[place + 1..].iter().any(|later| later["direction"] == "out"),
    }
}

#[test]
fn the_comparison_sees_what_is_lost_doubled_or_changed() {
    let given = [("kept", 1), ("lost", 1), ("changed", 1), ("twins", 2), ("a twin", 2)];
    let given = given.map(|(text, times)| (text.to_owned(), times)).into();
    let (lost, doubled) = compared(&given, &["kept", "kept", "Changed", "twins", "twins\n", "a twin"]);
    assert_eq!(lost, ["changed", "lost"]);
    assert_eq!(doubled, ["Changed", "kept"]);
}
