//! The demonstration: a library out of the box, the same again from its folder, nothing real ever touched.

use super::bed::{House, Running};

fn sign_in(server: &mut Running) -> String {
    let link = server.line();
    let (page, secret) = link.split_once("/sign-in?link=").expect("the second line is the link");
    assert_eq!(page, format!("http://{}", server.address));
    secret.to_owned()
}

fn token(house: &House) -> String {
    house.run(&["staff", "token", "nora@fernhill.example"]).well().out.trim().to_owned()
}

fn numbers(server: &Running, token: &str) -> Vec<i64> {
    let (_, list) = server.get("/api/v1/conversations?view=all&limit=200", token);
    let mut numbers: Vec<i64> =
        list["items"].as_array().unwrap().iter().map(|row| row["number"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn it_is_ready_signed_in_and_full_of_stories() {
    let house = House::new();
    let mut server = house.start(&["demo", "--quiet"]);
    let secret = sign_in(&mut server);
    let (status, me) = server.post("/api/v1/sessions", &format!(r#"{{"link":"{secret}"}}"#));
    assert_eq!((status, &me["library"]["name"]), (201, &"Fernhill Libraries".into()));
    let token = token(&house);
    assert_eq!(numbers(&server, &token).len(), 40);
    let rows = server.get("/api/v1/conversations?view=all&limit=200", &token).1;
    let has = |test: &dyn Fn(&serde_json::Value) -> bool| rows["items"].as_array().unwrap().iter().any(test);
    assert!(has(&|row| row["state"] == "done") && has(&|row| row["state"] == "waiting"));
    assert!(has(&|row| row["owner_id"].is_null() && row["state"] == "open"));
    assert!(has(&|row| row["has_attachments"] == true) && has(&|row| row["trouble"].is_string()));
    assert!(has(&|row| row["trouble"].is_string() && row["owner_id"].is_string()), "colleagues are at work");
    let held = server.get("/api/v1/held", &token).1;
    let reasons: Vec<&str> =
        held["items"].as_array().unwrap().iter().map(|held| held["reason"].as_str().unwrap()).collect();
    assert!(reasons.contains(&"automatic") && reasons.contains(&"bounce"), "{reasons:?}");
    let intake = server.get("/api/v1/health/intake", &token).1;
    let count = |name: &str| intake[name].as_i64().unwrap();
    assert_eq!(count("received"), count("messages") + count("held") + count("duplicates"));
    let (code, rest) = server.stop();
    assert_eq!(code, 0, "{rest}");
    assert!(!rest.contains("ready"), "it says so once: {rest}");
}

#[test]
fn the_same_folder_is_the_same_library_and_grows_to_what_is_asked() {
    let house = House::new();
    let server = house.start(&["demo", "--quiet"]);
    let token = token(&house);
    let before = numbers(&server, &token);
    assert_eq!(server.stop().0, 0);
    let server = house.start(&["demo", "--quiet", "--conversations", "100"]);
    let after = numbers(&server, &token);
    assert_eq!(after.len(), 100);
    assert!(before.iter().all(|number| after.contains(number)));
    assert_eq!(server.stop().0, 0);
    let server = house.start(&["demo", "--quiet", "--conversations", "100"]);
    assert_eq!(numbers(&server, &token), after, "asking again makes no more");
}

#[test]
fn a_real_library_is_not_touched() {
    let house = House::new();
    house.run(&["setup", "A real one"]).well();
    house.run(&["demo", "--quiet", "--listen", "127.0.0.1:0"]).with_a_sentence("holds a library of its own");
}

#[test]
fn a_patron_answers_when_the_staff_do() {
    let house = House::new();
    let server = house.start(&["demo", "--quiet", "--ponder-ms", "100"]);
    let token = token(&house);
    let rows = server.get("/api/v1/conversations?view=unclaimed&limit=200", &token).1;
    let row = rows["items"].as_array().unwrap().iter().find(|row| row["subject"] == "seeds").unwrap().clone();
    let path = format!("/api/v1/conversations/{}", row["id"].as_str().unwrap());
    let body = format!(r#"{{"text":"Yes, bring beans!","seen":{}}}"#, row["seq"]);
    let (status, _) = server.post_as(&format!("{path}/replies"), &body, &token);
    assert_eq!(status, 201);
    // The undo hold is a real one here.
    let said = crate::support::eventually("billie answers", || {
        let whole = server.get(&path, &token).1;
        let messages = whole["messages"].as_array()?.clone();
        (messages.len() >= 3).then_some(messages)
    });
    assert_eq!(said[2]["direction"], "in");
    assert!(said[2]["text"].as_str().unwrap().contains("bucket"), "{said:?}");
    assert_eq!(said[2]["elided"], true, "what is quoted below is folded away");
}

#[test]
fn people_elsewhere_write_in_public_and_in_private() {
    let house = House::new();
    let server = house.start(&["demo"]);
    let token = token(&house);
    let channels = server.get("/api/v1/channels", &token).1;
    assert!(channels["items"].as_array().unwrap().len() >= 4, "{channels}");
    crate::support::eventually("somebody writes for everybody to read", || {
        let rows = server.get("/api/v1/conversations?view=all&limit=200", &token).1;
        let public = rows["items"].as_array()?.iter().filter(|row| row["visibility"] == "public").count();
        let all = rows["items"].as_array()?.len();
        (public >= 1 && all >= 42).then_some(())
    });
    assert_eq!(server.stop().0, 0);
    let unknown = house.run(&["demo", "--quiet", "--listen", "127.0.0.1:0", "--fault", "nowhere:429"]);
    unknown.with_a_sentence("There is no");
}

#[test]
fn every_platform_of_the_town_is_connected_and_fails_when_it_is_told_to() {
    let house = House::new();
    let mut server = house.start(&["demo", "--quiet", "--ponder-ms", "100"]);
    sign_in(&mut server);
    let page = loop {
        let line = server.line();
        if let Some((_, address)) = line.split_once("What goes wrong in the town: http://") {
            break address.to_owned();
        }
    };
    let token = token(&house);
    let channels = server.get("/api/v1/channels", &token).1;
    let mut kinds: Vec<&str> = channels["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|channel| channel["kind"].as_str().unwrap())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let known: Vec<&str> = connectors::all().iter().map(|connector| connector.manifest().name).collect();
    for kind in &kinds {
        assert!(known.contains(kind), "{kind}");
    }
    assert!(kinds.len() >= 2, "{kinds:?}");
    let (_, shown) = ask(&page, "GET", "/", "");
    for kind in &kinds {
        assert!(shown.contains(&format!("<h2>{kind}</h2>")), "{kind}: {shown}");
    }
    let further = kinds.iter().find(|kind| **kind != "email").unwrap();
    assert_eq!(ask(&page, "POST", "/on", &format!("platform={further}&plan=429")).0, 303);
    assert!(ask(&page, "GET", "/", "").1.contains("On: 429."));
    let (status, refused) = ask(&page, "POST", "/on", &format!("platform={further}&plan=<earthquake>"));
    assert!(
        status == 200 && refused.contains("There is no fault") && !refused.contains("<earthquake>"),
        "{refused}"
    );
    assert_eq!(ask(&page, "POST", "/mend", &format!("platform={further}")).0, 303);
    assert!(!ask(&page, "GET", "/", "").1.contains("On: 429."));
    assert_eq!(server.stop().0, 0);
}

/// A request to the page of faults.
fn ask(address: &str, method: &str, path: &str, form: &str) -> (u16, String) {
    use std::io::{Read, Write};
    let mut line = std::net::TcpStream::connect(address).expect("the page is there");
    let length = form.len();
    write!(
        line,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
    )
    .expect("a request");
    let mut answer = String::new();
    line.read_to_string(&mut answer).expect("an answer");
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    (status, answer)
}
