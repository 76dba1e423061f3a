//! Published calls and signatures that this project did not write, where they are at hand.

use serde_json::Value;

use super::{own, reference};
use crate::contract::{Connector, Event};
use crate::facebook::{Facebook, inbound, signature};

fn rows(file: &str) -> Option<Vec<Value>> {
    let folder = reference("corpora/dev")?;
    let rows = std::fs::read_to_string(folder.join("expected").join(file)).expect("the rows");
    Some(rows.lines().map(|row| serde_json::from_str(row).expect("JSON")).collect())
}

#[test]
fn published_calls_become_the_events_that_others_see_in_them() {
    let Some(rows) = rows("webhook.jsonl") else { return };
    let folder = reference("corpora/dev").expect("asked before");
    let mut checked = 0;
    for row in rows {
        if !matches!(row["platform"].as_str(), Some("messenger" | "instagram" | "facebook")) {
            continue;
        }
        let file = row["file"].as_str().expect("a file");
        let bytes = std::fs::read(folder.join(file)).expect("the call");
        let said = serde_json::to_value(Facebook.inspect(&bytes, None)).expect("it is JSON");
        let Some(expected) = row["expect"]["events"].as_array() else { continue };
        assert_eq!(said.as_array().map(Vec::len), Some(expected.len()), "{file}: {said}");
        for (event, expected) in said.as_array().expect("a list").iter().zip(expected) {
            for (name, value) in
                expected.as_object().expect("fields").iter().filter(|(name, _)| *name != "channel")
            {
                assert_eq!(&event[name], value, "{file}: {name}");
            }
            checked += 1;
        }
        // The same bytes at our door: echoes, receipts and what nobody knows open no conversation.
        let patrons = inbound::envelopes(&bytes, &own(), 0);
        let quiet =
            expected.iter().all(|event| !matches!(event["kind"].as_str(), Some("message" | "postback")));
        let messages = patrons.iter().filter(|envelope| matches!(envelope.event, Event::Message(_))).count();
        assert!(!quiet || messages == 0, "{file}: {patrons:?}");
    }
    assert!(checked >= 30, "only {checked} events");
}

#[test]
fn every_published_body_is_read_without_a_panic() {
    let Some(folder) = reference("corpora/dev") else { return };
    for kind in ["botman", "bottender", "chatwoot-webhooks", "facebook-messenger-ruby", "twilio-api-answers"]
    {
        for entry in std::fs::read_dir(folder.join(kind)).expect("the folder") {
            let bytes = std::fs::read(entry.expect("readable").path()).expect("readable");
            assert!(!inbound::envelopes(&bytes, &own(), 0).is_empty(), "nothing is passed over");
        }
    }
}

#[test]
fn published_signatures_hold() {
    let Some(rows) = rows("signature.jsonl") else { return };
    let mut checked = 0;
    for row in rows.iter().filter(|row| row["scheme"] == "meta-x-hub-signature-256") {
        let given = row["headers"]["X-Hub-Signature-256"].as_str();
        let (secret, body) = (row["secret"].as_str().expect("one"), row["body"].as_str().expect("one"));
        let result = signature::verify(secret, given, body.as_bytes());
        if let Some(valid) = row["valid"].as_bool() {
            assert_eq!(result.is_ok(), valid, "{}", row["id"]);
            checked += 1;
        }
    }
    assert!(checked >= 4, "only {checked}");
    let folder = reference("specs/vectors").expect("asked before");
    let vectors = std::fs::read_to_string(folder.join("signature_vectors.json")).expect("the vectors");
    let meta = &serde_json::from_str::<Value>(&vectors).expect("JSON")["meta"];
    let of = |name: &str| meta[name].as_str().expect("a text");
    let body = of("raw_body").as_bytes();
    assert_eq!(signature::sign(of("app_secret"), body), of("x_hub_signature_256"));
    assert!(signature::verify(of("app_secret"), Some(of("x_hub_signature_256")), body).is_ok());
}
