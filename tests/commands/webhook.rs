//! Other programs that are told, and looking into what platforms call us with.

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

#[test]
fn an_address_is_registered_tried_looked_at_and_taken_away() {
    let house = House::new();
    house.file("data/deskbell.toml", "[webhooks]\nprivate_hosts = [\"127.0.0.1\"]\n");
    house.run(&["setup", "Fernhill", "--zone", "Europe/London"]).well();
    // Nobody can listen at port 1.
    let url = "http://127.0.0.1:1/";
    let added = house.run(&["webhook", "add", url, "--event", "message", "--event", "closed"]).well();
    assert!(added.out.starts_with("whsec_") && added.out.lines().count() == 1, "{added:?}");
    house.run(&["webhook", "add", "http://127.0.0.2/"]).with_a_sentence("Only https:// is called");
    house.run(&["webhook", "add", "https://127.0.0.2/"]).with_a_sentence("not on the public internet");
    assert_eq!(house.run(&["webhook", "add", url, "--event", "rain"]).code, 2);
    let listed = house.run(&["webhook", "list", "--json"]).well();
    assert!(!listed.out.contains(added.out.trim()));
    let listed = listed.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["events"], serde_json::json!(["message", "closed"]));
    let id = listed[0]["id"].as_str().unwrap();
    house.run(&["webhook", "test", id]).with_a_sentence("127.0.0.1 did not answer");
    let log = house.run(&["webhook", "log", id, "--json"]).well().json();
    assert_eq!((log.as_array().unwrap().len(), &log[0]["kind"]), (1, &"test".into()));
    let call = log[0]["id"].as_str().unwrap();
    house.run(&["webhook", "resend", id, call]).with_a_sentence("did not answer");
    assert!(house.run(&["webhook", "log", id]).well().out.contains("did not answer"));
    house.run(&["webhook", "resume", id]).well();
    house.run(&["webhook", "remove", id]).well();
    house.run(&["webhook", "remove", id]).with_a_sentence("There is no such webhook");
}
