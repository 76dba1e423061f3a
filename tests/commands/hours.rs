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

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("closed.csv");
    let path = file.to_str().unwrap();
    std::fs::write(
        &file,
        "date,until,from,to,name\n2030-12-24,2030-12-26,,,Christmas\n2030-12-31,,9,12,Eve\n",
    )
    .unwrap();
    let tried = house.run(&["hours", "import", path, "--desk", &name, "--dry-run"]).well();
    assert!(tried.out.contains(&format!("+ {name}: 2030-12-31 09:00-12:00 (Eve)")), "{}", tried.out);
    assert!(!house.run(&["desk", "closed", &name]).well().out.contains("2030"), "trying keeps nothing");
    let taken = house.run(&["hours", "import", path, "--desk", &name]).well().out;
    assert!(taken.contains(&format!("{name}: 2 new, 0 changed, 0 as before")), "{taken}");
    let again = house.run(&["hours", "import", path, "--desk", &name]).well().out;
    assert_eq!(again.trim(), format!("{name}: 0 new, 0 changed, 2 as before"));
    std::fs::write(&file, "2031-01-01\nnever\n2031-01-06,,9\n").unwrap();
    let refused = house.run(&["hours", "import", path, "--desk", &name]);
    refused.with_a_sentence("Line 2: “never” is no day. Write it like 2026-12-24. Line 3: Say from when");
    assert!(!house.run(&["desk", "closed", &name]).well().out.contains("2031"), "all of it or nothing");
    house.run(&["hours", "import", path, "--branch", "Nowhere"]).with_a_sentence("no branch called Nowhere");
    house.run(&["desk", "closed", &name, "today"]).well();
    let said = house.run(&["desk", "closed", &name, "today", "--remove"]).well().out;
    assert!(said.contains("Christmas"), "{said}");
    house.run(&["desk", "closed", &name, "someday"]).with_a_sentence("is no day");

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
