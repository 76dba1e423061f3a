//! Scores on published test data that this project did not write, where it is at hand.

use std::path::PathBuf;

use base64::Engine;
use serde_json::Value;

use crate::contract::{Connector, Receiving, Settings};
use crate::x::{X, links, webhook, weigh};

/// A file or folder of published data, if `DESKBELL_REFERENCE` says where it is.
pub fn reference(path: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("DESKBELL_REFERENCE") else {
        eprintln!("skipped: DESKBELL_REFERENCE is not set");
        return None;
    };
    let path = PathBuf::from(root).join(path);
    assert!(path.exists(), "{} is not there", path.display());
    Some(path)
}

fn text(path: &str) -> Option<String> {
    Some(std::fs::read_to_string(reference(path)?).unwrap())
}

/// The cases of one group of a conformance file: description, text, and the lines under it.
fn cases(yaml: &str, group: &str) -> Vec<(String, String, Vec<String>)> {
    let mut out: Vec<(String, String, Vec<String>)> = Vec::new();
    let lines = yaml.lines().skip_while(|line| line.trim_end() != format!("  {group}:")).skip(1);
    for line in lines.take_while(|line| {
        !(line.starts_with("  ") && line.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic))
    }) {
        let plain = line.trim();
        if let Some(description) = plain.strip_prefix("- description:") {
            out.push((unquoted(description), String::new(), Vec::new()));
        } else if let Some(case) = out.last_mut() {
            match plain.strip_prefix("text:") {
                Some(text) => case.1 = unquoted(text),
                None => case.2.push(plain.to_owned()),
            }
        }
    }
    out
}

/// A YAML scalar on one line.
fn unquoted(text: &str) -> String {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        return inner.replace("''", "'");
    }
    let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return text.to_owned();
    };
    let mut out = String::new();
    let mut signs = inner.chars();
    while let Some(sign) = signs.next() {
        if sign != '\\' {
            out.push(sign);
            continue;
        }
        out.push(match signs.next() {
            Some('u') => hex(&mut signs, 4),
            Some('U') => hex(&mut signs, 8),
            Some('n') => '\n',
            Some('t') => '\t',
            Some(other) => other,
            None => '\\',
        });
    }
    out
}

fn hex(signs: &mut std::str::Chars<'_>, length: usize) -> char {
    let digits: String = signs.by_ref().take(length).collect();
    char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap()
}

#[test]
fn every_published_text_weighs_what_is_published() {
    let Some(yaml) = text("specs/twitter-text/validate.yml") else { return };
    let mut count = 0;
    for group in ["WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"] {
        for (description, text, expected) in cases(&yaml, group) {
            let expected = expected.iter().find_map(|line| line.strip_prefix("weightedLength:")).unwrap();
            assert_eq!(weigh::weigh(&text), expected.trim().parse::<u32>().unwrap(), "{description}");
            count += 1;
        }
    }
    assert!(count >= 20, "only {count} cases were found");
}

/// The rules for names without a protocol know every end that there is, which we do not: most, not all.
#[test]
fn most_published_links_are_seen() {
    let Some(yaml) = text("specs/twitter-text/extract.yml") else { return };
    let (mut right, mut wrong) = (0, Vec::new());
    for (description, text, lines) in cases(&yaml, "urls") {
        let Some(expected) = lines.iter().find_map(|line| line.strip_prefix("expected: [")) else { continue };
        let expected: Vec<String> = serde_json::from_str(&format!("[{expected}")).unwrap_or_default();
        let found: Vec<String> = links::find(&text)
            .into_iter()
            .filter(|link| link.is_sure)
            .map(|link| text[link.at].to_owned())
            .collect();
        if found == expected { right += 1 } else { wrong.push((description, found, expected)) }
    }
    eprintln!("{right} right; {wrong:#?}");
    assert!(right > 60 && wrong.len() * 20 <= right, "{right} right, {} wrong", wrong.len());
}

#[test]
fn published_signatures_hold() {
    let Some(vectors) = text("specs/vectors/signature_vectors.json") else { return };
    let vectors: Value = serde_json::from_str(&vectors).unwrap();
    let crc = &vectors["x_crc"];
    let secret = crc["consumer_secret"].as_str().unwrap();
    let answered = webhook::proof(secret, crc["crc_token"].as_str().unwrap().as_bytes());
    assert_eq!(answered, crc["response_token"].as_str().unwrap());
    let mut count = 0;
    for line in text("corpora/dev/expected/signature.jsonl").unwrap().lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if case["scheme"] != "x-crc" {
            continue;
        }
        count += 1;
        let settings = Settings::new()
            .with("client_id", "an-id")
            .with("push", "webhook")
            .with_secret("app_token", "a-token")
            .with_secret("consumer_secret", case["secret"].as_str().unwrap());
        let channel = open(settings);
        let token: String =
            url::form_urlencoded::byte_serialize(case["crc_token"].as_str().unwrap().as_bytes()).collect();
        let url = format!("https://desk.library.example/hooks/x?crc_token={token}&nonce=1");
        let request = Receiving { method: "GET", url: &url, headers: &[], body: b"", now: 0 };
        let reply = channel.webhook().unwrap().receive(&request).unwrap().reply.unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&reply.body).unwrap(), case["expect"], "{}", case["id"]);
    }
    assert!(count >= 2);
    assert!(base64::engine::general_purpose::STANDARD.decode(&answered["sha256=".len()..]).is_ok());
}

fn open(settings: Settings) -> std::sync::Arc<dyn crate::contract::Channel> {
    let outside = crate::contract::Outside::new(std::sync::Arc::new(|| 0), None).unwrap();
    let account = crate::contract::Account {
        channel: crate::contract::ChannelId(uuid::Uuid::nil()),
        proof_key: std::sync::Arc::from([1; 32]),
        outside,
        settings,
        tokens: std::sync::Arc::new(crate::contract::NoTokens),
        files: std::sync::Arc::new(crate::contract::NoFiles),
        webhook_url: None,
    };
    X.open(account).ok().unwrap()
}

#[test]
fn published_calls_become_what_they_should() {
    let Some(expected) = text("corpora/dev/expected/webhook.jsonl") else { return };
    let mut ours = 0;
    for line in expected.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let file = reference(&format!("corpora/dev/{}", case["file"].as_str().unwrap())).unwrap();
        // Other platforms' calls must at least not surprise.
        let inspected = X.inspect(&std::fs::read(file).unwrap(), Some("application/json"));
        if case["platform"] != "x" {
            continue;
        }
        ours += 1;
        let events = case["expect"]["events"].as_array().unwrap();
        assert_eq!(inspected.len(), events.len(), "{}: {inspected:?}", case["file"]);
        for (found, wanted) in inspected.iter().zip(events) {
            let found = serde_json::to_value(found).unwrap();
            for (field, value) in wanted.as_object().unwrap() {
                assert_eq!(&found[field], value, "{} {field}", case["file"]);
            }
        }
    }
    assert!(ours >= 1);
}
