//! People come and go on the command line, beside a running server.

use super::bed::{House, everything_in};
use crate::support::eventually;

const ANA: &str = "ana@fernhill.example";

#[test]
fn a_person_is_added_listed_and_signs_in_by_link_and_by_password() {
    let house = House::new();
    house.run(&["setup", "Fernhill", "--zone", "Europe/London", "--desk", "Reference"]).well();
    let link = house.run(&["staff", "add", ANA, "--name", "Ana Ruiz", "--role", "lead"]).well().out;
    let secret = link.trim().rsplit_once("?link=").expect("a link is printed").1.to_owned();
    let password = house.file("bo.txt", "correct horse battery\n");
    let bo = ["staff", "add", "Bo@Fernhill.example", "--name", "Bo Lind", "--password-file"];
    house.run(&[&bo[..], &[password.to_str().unwrap()]].concat()).well();
    let eve = ["staff", "add", "eve@fernhill.example", "--name", "Eve", "--password-file", "-"];
    house.run_with(&eve, "another good one\n").well();

    let listed = house.run(&["staff", "list", "--json"]).well().json();
    let people: Vec<(&str, &str)> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|person| (person["email"].as_str().unwrap(), person["role"].as_str().unwrap()))
        .collect();
    assert_eq!(people, [(ANA, "lead"), ("bo@fernhill.example", "staff"), ("eve@fernhill.example", "staff")]);

    let server = house.start(&["serve"]);
    let sign_in = |body: String| server.post("/api/v1/sessions", &body).0;
    assert_eq!(sign_in(format!(r#"{{"link":"{secret}"}}"#)), 201);
    assert_eq!(sign_in(format!(r#"{{"link":"{secret}"}}"#)), 401, "a link is used once");
    assert_eq!(sign_in(r#"{"email":"bo@fernhill.example","password":"correct horse battery"}"#.into()), 201);
    assert_eq!(sign_in(r#"{"email":"eve@fernhill.example","password":"another good one"}"#.into()), 201);
    let (code, _) = server.stop();
    assert_eq!(code, 0);
    let kept = everything_in(&house.data());
    assert!(!kept.contains("correct horse") && !kept.contains(&secret), "only hashes are kept");
}

#[test]
fn what_a_person_can_is_kept_shown_and_taken_away() {
    let house = House::new();
    house.run(&["staff", "add", ANA, "--name", "Ana Ruiz"]).well();
    let skills = |more: &[&str]| house.run(&[&["staff", "skills", ANA], more].concat());
    let said = skills(&["--skill", "Card  accounts", "--language", "es", "--live", "3"]).well().out;
    assert_eq!(
        said,
        "Ana Ruiz: skills card accounts\nAna Ruiz: languages Spanish\nAna Ruiz: live conversations at once 3\n"
    );
    assert_eq!(skills(&[]).well().out, said, "shown, and not changed");
    let wrong = skills(&["--language", "Spanish"]);
    assert!(wrong.code == 1 && wrong.err.contains("Write it as es"), "{wrong:?}");
    assert!(skills(&["--none"]).well().out.starts_with("Ana Ruiz: skills none\nAna Ruiz: languages none\n"));

    let head_start = |more: &[&str]| house.run(&[&["desk", "head-start"], more].concat());
    assert!(head_start(&[]).well().out.contains("for 2 minutes of open time"));
    assert!(head_start(&["90"]).well().out.contains("for 1 minute"));
    assert_eq!(head_start(&["0"]).well().out, "A question is kept for nobody.\n");
    assert_eq!(head_start(&["3601"]).code, 1);
}

#[test]
fn a_token_is_all_that_is_printed_and_ends_with_the_person() {
    let house = House::new();
    house.run(&["staff", "add", ANA, "--name", "Ana Ruiz"]).well();
    let server = house.start(&["serve"]);
    let token = house.run(&["staff", "token", ANA]).well().out;
    assert_eq!(token.lines().count(), 1);
    let token = token.trim();
    let (status, me) = server.get("/api/v1/me", token);
    assert_eq!((status, &me["staff"]["name"]), (200, &"Ana Ruiz".into()));
    house.run(&["staff", "disable", ANA]).well();
    assert_eq!(server.get("/api/v1/me", token).0, 401);
    let again = house.run(&["staff", "disable", ANA]).well();
    assert!(again.err.contains("already"), "{again:?}");
}

#[test]
fn nobody_is_added_twice_or_with_half_a_name() {
    let house = House::new();
    house.run(&["staff", "add", ANA, "--name", "Ana"]).well();
    let add =
        |address: &str, more: &[&str]| house.run(&[&["staff", "add", address, "--name", "A"], more].concat());
    add("ANA@fernhill.example", &[]).with_a_sentence("is on the staff already");
    add("no address", &[]).with_a_sentence("is no address to sign in with");
    add("x@y.example", &["--desk", "Nowhere"])
        .with_a_sentence("There is no desk called Nowhere. There are: Front desk.");
    let short = house.file("short", "short\n");
    add("x@y.example", &["--password-file", short.to_str().unwrap()]).with_a_sentence("at least");
    add("x@y.example", &["--password-prompt"]).with_a_sentence("can only be asked for at a terminal");
    assert_eq!(house.run(&["staff", "list", "--json"]).well().json().as_array().unwrap().len(), 1);
}

#[test]
fn desks_are_added_to_the_library() {
    let house = House::new();
    house
        .run(&["setup", "Fernhill", "--zone", "Europe/London", "--branch", "Central", "--desk", "Reference"])
        .well();
    house.run(&["desk", "add", "Lending", "--branch", "Riverside", "--promise-hours", "8"]).well();
    house.run(&["desk", "add", "Lending"]).with_a_sentence("There is a desk called Lending already");
    let desks = house.run(&["desk", "list", "--json"]).well().json();
    assert_eq!(desks[1]["branch_name"], "Riverside");
    assert_eq!(desks[1]["promise_ms"], 8 * 3_600_000);
    assert_eq!(desks[1]["library"], serde_json::Value::Null);
    house.run(&["desk", "library", "Lending", "Hilltop Libraries"]).well();
    house
        .run(&["desk", "library", "Nowhere", "Hilltop Libraries"])
        .with_a_sentence("There is no desk called Nowhere");
    house.run(&["desk", "add", "Overnight", "--library", "Valley College"]).well();
    let libraries = |house: &House| {
        let desks = house.run(&["desk", "list", "--json"]).well().json();
        desks
            .as_array()
            .unwrap()
            .iter()
            .map(|desk| desk["library"].as_str().unwrap_or("").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(libraries(&house), ["", "Valley College", "Hilltop Libraries"]);
    house.run(&["desk", "library", "Lending"]).well();
    assert_eq!(libraries(&house), ["", "Valley College", ""]);
    house.run(&["setup", "Another"]).with_a_sentence("This store belongs to Fernhill already");
}

#[test]
fn a_token_does_what_it_was_made_for_and_is_taken_back() {
    let house = House::new();
    house.run(&["staff", "add", ANA, "--name", "Ana Ruiz", "--role", "admin"]).well();
    let server = house.start(&["serve"]);
    let make = ["staff", "token", ANA, "--name", "wall board", "--scope", "read", "--days", "30"];
    let token = house.run(&make).well().out;
    let token = token.trim();
    assert_eq!(server.get("/api/v1/me", token).0, 200);
    assert_eq!(server.get("/metrics", token).0, 200);
    let (status, refused) = server.get("/api/v1/webhooks", token);
    assert_eq!((status, &refused["scope"]), (403, &"manage".into()));
    let listed = house.run(&["staff", "tokens", "--json"]).well().json();
    let row = &listed[0];
    assert_eq!((&row["name"], &row["scopes"]), (&"wall board".into(), &serde_json::json!(["read"])));
    // Its days count from when they were asked for, which is a moment before it is made.
    let days =
        (row["expires_at"].as_i64().unwrap() - row["created_at"].as_i64().unwrap()) as f64 / 86_400_000.0;
    assert!(days > 29.0 && days <= 30.0, "{days}");
    assert!(!listed.to_string().contains(token));
    house.run(&["staff", "revoke", row["id"].as_str().unwrap()]).well();
    assert_eq!(server.get("/api/v1/me", token).0, 401);
    house.run(&["staff", "revoke", row["id"].as_str().unwrap()]).with_a_sentence("There is no such token");
    // The server writes a use down when it has answered.
    eventually("its use is written down", || {
        let shown = house.run(&["staff", "tokens"]).well().out;
        assert!(shown.contains("wall board  read") && shown.contains("no longer counts"), "{shown}");
        shown.contains("last used").then_some(())
    });
    assert_eq!(house.run(&["staff", "token", ANA, "--scope", "everything"]).code, 2);
}

#[test]
fn somebodys_answers_are_looked_through_from_now_on_or_not() {
    let house = House::new();
    house.run(&["setup", "Fernhill", "--zone", "Europe/London", "--desk", "Reference"]).well();
    house.run(&["staff", "add", ANA, "--name", "Ana Ruiz"]).well();
    let on = house.run(&["staff", "review", ANA, "on"]).well();
    assert!(on.err.contains("somebody else looks through what Ana Ruiz answers"), "{on:?}");
    let off = house.run(&["staff", "review", ANA, "off"]).well();
    assert!(off.err.contains("nobody needs to look through"), "{off:?}");
    house
        .run(&["staff", "review", "nobody@fernhill.example", "on"])
        .with_a_sentence("Nobody on the staff signs in as");
}
