//! Rules on the command line: made of a file, tried, ordered, switched off and taken away.

use super::bed::House;

const GENEALOGY: &str = r#"{
    "name": "Genealogy",
    "conditions": [{"about": "text", "says": "genealog*"}],
    "acts": [{"act": "desk", "to": "DESK"}, {"act": "urgent"}]
}"#;

#[test]
fn a_rule_is_made_of_a_file_tried_switched_off_and_taken_away() {
    let house = House::new();
    assert_eq!(house.start(&["demo", "--quiet"]).stop().0, 0);
    let everything = r#"{"name": "All", "match": "any", "conditions": [{"about": "new_patron"}, {"about": "from", "is": "nobody@nowhere.example"}], "acts": [{"act": "urgent"}]}"#;
    house.file("all.json", everything);
    let tried = house.run(&["rules", "try", "all.json", "--days", "400", "--json"]).well().json();
    let (looked_at, fitting) = (tried["looked_at"].as_u64().unwrap(), tried["fitting"].as_u64().unwrap());
    assert!(looked_at > 20 && fitting > 0 && fitting <= looked_at, "{looked_at} {fitting}");
    assert!(tried["latest"].as_array().unwrap().len() <= 20);
    assert_eq!(tried["latest"][0]["acts"][0], "Marked urgent by the rule All");
    let shown = house.run(&["rules", "try", "all.json", "--days", "400"]).well().out;
    assert!(
        shown.starts_with(&format!(
            "{fitting} of {looked_at} conversations would fit. Nothing was changed.\nQ-"
        )),
        "{shown}"
    );
    assert!(house.run(&["rules", "list"]).well().out.is_empty(), "nothing was kept");

    house.file("lost.json", GENEALOGY);
    house
        .run(&["rules", "add", "lost.json"])
        .with_a_sentence("There is no desk called DESK. Nothing was changed.");
    house.run(&["rules", "add", "no-such.json"]).with_a_sentence("no-such.json could not be read");
    house.file("odd.json", "{}");
    house.run(&["rules", "add", "odd.json"]).with_a_sentence("odd.json is no rule");

    let id = house.run(&["rules", "add", "all.json"]).well().out.trim().to_owned();
    let one = house.run(&["rules", "try", "--rule", &id, "--days", "400", "--json"]).well().json();
    assert_eq!(one["fitting"], fitting);
    house.file("maps.json", &everything.replace("All", "Maps").replace("urgent", "spam"));
    let maps = house.run(&["rules", "add", "maps.json"]).well().out.trim().to_owned();
    let names = || -> Vec<String> {
        let listed = house.run(&["rules", "list", "--json"]).well().json();
        listed.as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap().to_owned()).collect()
    };
    house.run(&["rules", "order", &maps, &id]).well();
    assert_eq!(names(), ["Maps", "All"]);
    house.run(&["rules", "order", &maps]).with_a_sentence("Somebody has changed this meanwhile");
    house.run(&["rules", "change", &maps, "all.json"]).well();
    house.run(&["rules", "off", &maps]).well();
    let listed = house.run(&["rules", "list"]).well().out;
    assert!(
        listed.contains(
            "All (off)\n    If its writer is new or it is from nobody@nowhere.example: mark it urgent"
        ),
        "{listed}"
    );
    house.run(&["rules", "on", &maps]).well();
    house.run(&["rules", "remove", &maps]).well();
    house.run(&["rules", "remove", &maps]).with_a_sentence("There is no such rule");
    assert_eq!(names(), ["All"]);
}
