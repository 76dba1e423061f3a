//! What others have published: calls and answers of the platform, and signatures with their keys. Read from the folder
//! that `DESKBELL_REFERENCE` names.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use crate::contract::{Connector, Receiving};
use crate::sms::fake::{open, sample};
use crate::sms::wire::{MediaPage, Page, Resource};
use crate::sms::{Sms, inbound, words::Words};

pub fn reference(inside: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("DESKBELL_REFERENCE") else {
        eprintln!("skipped: DESKBELL_REFERENCE is not set");
        return None;
    };
    Some(PathBuf::from(folder).join(inside))
}

fn lines(path: &std::path::Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

#[test]
fn published_calls_are_understood() {
    let Some(dev) = reference("corpora/dev") else { return };
    let mut understood = 0;
    for line in lines(&dev.join("expected/webhook.jsonl")) {
        let (file, platform) =
            (line["file"].as_str().expect("a name"), line["platform"].as_str().unwrap_or(""));
        let bytes = std::fs::read(dev.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let said = serde_json::to_value(Sms.inspect(&bytes, None)).expect("it is JSON");
        // Others' calls must not hurt either.
        if platform != "twilio" {
            continue;
        }
        for (expected, said) in
            line["expect"]["events"].as_array().into_iter().flatten().zip(said.as_array().expect("a list"))
        {
            for (name, value) in expected.as_object().expect("an event") {
                assert_eq!(&said[name], value, "{file}: {name}");
                understood += 1;
            }
        }
        assert_eq!(
            said.as_array().map(Vec::len),
            line["expect"]["events"].as_array().map(Vec::len),
            "{file}"
        );
    }
    assert!(understood > 0, "there is no call of this platform");
}

#[test]
fn published_answers_are_read() {
    let Some(folder) = reference("corpora/dev/twilio-api-answers") else { return };
    let words = Words::default();
    let own = inbound::Own { number: None, words: &words };
    let mut read = 0;
    for entry in std::fs::read_dir(folder).expect("it is there") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("it can be read");
        let value: Value = serde_json::from_slice(&bytes).expect("it is JSON");
        if value.get("media_list").is_some() {
            let page: MediaPage = serde_json::from_value(value).expect("files");
            assert!(page.media_list.iter().all(|file| file.sid.is_some()));
        } else if value.get("messages").is_some() {
            let page: Page = serde_json::from_value(value).expect("a page");
            for one in page.messages {
                let resource: Resource = serde_json::from_value(one).expect("a text");
                assert!(resource.created_at().is_some());
                assert!(!inbound::of_resource(&resource, &own).is_empty());
            }
        } else {
            let resource: Resource = serde_json::from_value(value).expect("a text");
            assert!(resource.sid.is_some() && resource.created_at().is_some(), "{}", path.display());
        }
        read += 1;
    }
    assert!(read > 0, "there are no answers");
}

#[test]
fn published_signatures_hold() {
    let Some(corpora) = reference("corpora/dev/expected/signature.jsonl") else { return };
    let vectors = reference("specs/vectors/signature_vectors.json").expect("it was set before");
    let mut cases = lines(&corpora);
    let more: Value =
        serde_json::from_slice(&std::fs::read(vectors).expect("it is there")).expect("it is JSON");
    cases.extend(rewritten(&more["twilio"]));
    let mut tried = 0;
    for case in cases.iter().filter(|case| case["scheme"] == "twilio") {
        let Some(valid) = case["valid"].as_bool() else { continue };
        let params: Vec<(String, String)> = case["params"]
            .as_object()
            .into_iter()
            .flatten()
            .flat_map(|(name, value)| {
                let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
                values.into_iter().map(move |one| (name.clone(), one.as_str().unwrap_or_default().to_owned()))
            })
            .collect();
        let (kind, body) = match case["body"].as_str() {
            Some(body) => ("application/json", body.to_owned()),
            None => {
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
                ("application/x-www-form-urlencoded", form)
            }
        };
        let mut headers = vec![("content-type".to_owned(), kind.to_owned())];
        let signature = case["headers"]["X-Twilio-Signature"].as_str();
        headers.extend(signature.map(|value| ("x-twilio-signature".to_owned(), value.to_owned())));
        let settings = sample().with_secret("auth_token", case["token"].as_str().expect("a key"));
        let channel = open(settings, None, Arc::new(|| 0));
        let request = Receiving {
            method: "POST",
            url: case["url"].as_str().expect("an address"),
            headers: &headers,
            body: body.as_bytes(),
            now: 0,
        };
        let received = channel.webhook().expect("it can be called").receive(&request);
        assert_eq!(received.is_ok(), valid, "{}: {received:?}", case["id"]);
        tried += 1;
    }
    assert!(tried >= 10, "only {tried} signatures were tried");
}

/// The second collection in the form of the first: all of its signatures are good ones.
fn rewritten(collection: &Value) -> Vec<Value> {
    let cases = collection["cases"].as_array().expect("it has cases");
    let one = |case: &Value| {
        let mut params = serde_json::Map::new();
        match case["params"].as_array() {
            Some(pairs) => {
                for pair in pairs {
                    let name = pair[0].as_str().expect("a name");
                    let values = params.entry(name).or_insert_with(|| Value::Array(Vec::new()));
                    values.as_array_mut().expect("made above").push(pair[1].clone());
                }
            }
            None => params = collection["params"].as_object().expect("there are some").clone(),
        }
        serde_json::json!({
            "id": case["from"], "scheme": "twilio", "valid": true, "token": collection["auth_token"],
            "url": case["url"], "body": case["body"], "params": params,
            "headers": { "X-Twilio-Signature": case["sig"] },
        })
    };
    cases.iter().map(one).collect()
}
