//! Looking into what platforms call us with.

use super::bed::House;

#[test]
fn a_body_is_shown_as_its_connector_decodes_it() {
    let house = House::new();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/connectors/x/fixtures/account-activity.json");
    let said = house.run(&["webhook", "inspect", "--connector", "x", file, "--json"]).well().out;
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let events = said["events"].as_array().expect("events");
    assert!(!events.is_empty());
    for event in events {
        for name in [
            "kind",
            "account",
            "author",
            "external_id",
            "text",
            "attachments",
            "attachment_types",
            "reply_to",
            "timestamp",
        ] {
            assert!(event.get(name).is_some(), "{name}: {event}");
        }
    }
    let shown = house.run(&["webhook", "inspect", "--connector", "x", file]).well().out;
    assert!(shown.starts_with(events[0]["kind"].as_str().unwrap()), "{shown}");
}

#[test]
fn what_cannot_be_looked_into_is_said_in_a_sentence() {
    let house = House::new();
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    house
        .run(&["webhook", "inspect", "--connector", "raven", here])
        .with_a_sentence("There is no kind of channel");
    house
        .run(&["webhook", "inspect", "--connector", "x", "/no/such/file"])
        .with_a_sentence("could not be read");
    let nothing = house.run(&["webhook", "inspect", "--connector", "email", here, "--json"]).well().out;
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&nothing).unwrap(),
        serde_json::json!({ "events": [] })
    );
}
