//! When desks are open, and how long patrons wait for them.

use super::bed::House;

#[test]
fn hours_are_said_shown_and_counted_in() {
    let house = House::new();
    assert_eq!(house.start(&["demo", "--quiet"]).stop().0, 0);
    let desks = house.run(&["desk", "list", "--json"]).well().json();
    let name = desks[0]["name"].as_str().unwrap().to_owned();
    assert_eq!(house.run(&["desk", "hours", &name]).well().out.trim(), format!("{name}: always"));

    let week = "mon-fri 9-12 13-17; sat 10:00-14:00";
    let said = house.run(&["desk", "hours", &name, week]).well().out;
    assert_eq!(said.trim(), format!("{name}: Mon-Fri 09:00-12:00 13:00-17:00; Sat 10:00-14:00"));
    house.run(&["desk", "hours", &name, "whenever"]).with_a_sentence("was not understood");
    house.run(&["desk", "hours", "Cellar"]).with_a_sentence("There is no desk called Cellar");

    house.run(&["desk", "closed", &name, "2026-12-24", "2026-12-26", "--name", "Christmas"]).well();
    let said = house.run(&["desk", "closed", &name, "2026-12-31", "--open", "9-12"]).well().out;
    assert!(said.contains("2026-12-24 to 2026-12-26 closed (Christmas)"), "{said}");
    assert!(said.contains("2026-12-31 09:00-12:00 (Closed)"), "{said}");
    house
        .run(&["desk", "closed", &name, "2026-12-26", "2026-12-24"])
        .with_a_sentence("comes before the first");
    let said = house.run(&["desk", "closed", &name, "2026-12-31", "--remove"]).well().out;
    assert!(!said.contains("12-31") && said.contains("Christmas"), "{said}");

    let text = "{library} is closed and opens again {opening}.";
    let said = house.run(&["desk", "away", &name]).well().out;
    assert!(said.contains("says nothing while it is closed"), "{said}");
    let said = house.run(&["desk", "away", &name, text, "--dry-run"]).well().out;
    let opens = ["at 9 am.", "at 10 am.", "at 1 pm."];
    assert!(opens.iter().any(|opens| said.contains(opens)), "{said}");
    assert!(house.run(&["desk", "away", &name]).well().out.contains("says nothing"), "trying keeps nothing");
    house.run(&["desk", "away", &name, "{phone}"]).with_a_sentence("names nothing");
    let said = house.run(&["desk", "away", &name, text, "--short", "Open {opening}"]).well().out;
    assert!(said.contains(text), "{said}");
    let said = house.run(&["desk", "away", &name, "--off"]).well().out;
    assert!(said.contains("says nothing"), "{said}");

    let report = house.run(&["report", "waits", "--by", "desk", "--format", "json"]).well().json();
    let lines = report["lines"].as_array().unwrap();
    let sum: u64 = lines.iter().map(|line| line["count"].as_u64().unwrap()).sum();
    assert!(sum > 0 && report["all"]["count"] == sum, "{report:#}");
    let line = lines.iter().find(|line| line["name"] == name.as_str()).unwrap();
    let (wall, open) = (&line["wall"]["median_ms"], &line["open_hours"]["median_ms"]);
    assert!(open.as_i64() <= wall.as_i64(), "{line:#}");
    let csv = house.run(&["report", "waits", "--by", "desk", "--format", "csv"]).well().out;
    assert_eq!(csv.lines().count(), lines.len() + 2, "{csv}");
    let text = house.run(&["report", "waits"]).well().out;
    assert!(text.contains("Kaplan-Meier") && text.contains("90th percentile"), "{text}");
    house
        .run(&["report", "waits", "--from", "2026-10-02", "--to", "2026-10-01"])
        .with_a_sentence("comes before");
}
