//! Every request that any test here has the connector send, and every answer that the simulated instance gives, is held
//! against the published description of Mastodon's API, which is read from the folder that `DESKBELL_REFERENCE` names.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::contract::Event;
use crate::mastodon::inbound::{self, Own};
use crate::simulator::web::Asked;

/// OpenAPI 3.1.
pub struct Published(Value);

/// The description; none: it is not there.
pub fn published() -> Option<&'static Published> {
    static READ: OnceLock<Option<Published>> = OnceLock::new();
    READ.get_or_init(|| {
        let Some(root) = std::env::var_os("DESKBELL_REFERENCE") else {
            eprintln!("skipped: DESKBELL_REFERENCE is not set");
            return None;
        };
        let bytes =
            std::fs::read(PathBuf::from(root).join("specs/mastodon/schema.json")).expect("it is there");
        Some(Published(serde_json::from_slice(&bytes).expect("it is JSON")))
    })
    .as_ref()
}

impl Published {
    /// What is wrong with a request, and with what it was answered.
    pub fn wrong(&self, asked: &Asked) -> Vec<String> {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        if path.starts_with("/system/") {
            return Vec::new();
        }
        let Some((operation, values)) = self.operation(&asked.method, path) else {
            return vec![format!("{} {path} is not described", asked.method)];
        };
        let mut wrong = Vec::new();
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let described = |place: &str, name: &str| {
            parameters.iter().map(|one| self.whole(one)).find(|one| one["in"] == place && one["name"] == name)
        };
        for (name, value) in values {
            self.check(
                &described("path", name).expect("a path's own")["schema"],
                &json!(value),
                path,
                &mut wrong,
            );
        }
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let (name, is_list) = name.strip_suffix("[]").map_or((&*name, false), |name| (name, true));
            let Some(parameter) = described("query", name) else {
                wrong.push(format!("{path}: there is no parameter {name}"));
                continue;
            };
            let schema = self.whole(&parameter["schema"]);
            let value = match schema["type"].as_str() {
                Some("integer") => value.parse::<i64>().map_or(json!(value), Value::from),
                Some("boolean") => value.parse::<bool>().map_or(json!(value), Value::from),
                _ if is_list => json!([value]),
                _ => json!(value),
            };
            self.check(schema, &value, &format!("{path} {name}"), &mut wrong);
        }
        if let Some(content) = operation.pointer("/requestBody/content") {
            let kind =
                asked.headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, kind)| kind);
            let schema =
                ["application/json", "multipart/form-data"].into_iter().find_map(|kind| content.get(kind));
            let body = match kind.split(';').next() {
                Some("application/json") => serde_json::from_str(&asked.body).unwrap_or(Value::Null),
                Some("application/x-www-form-urlencoded") => {
                    url::form_urlencoded::parse(asked.body.as_bytes())
                        .map(|(name, value)| (name.into_owned(), json!(value)))
                        .collect::<serde_json::Map<_, _>>()
                        .into()
                }
                Some("multipart/form-data") if asked.body.contains("name=\"file\"") => json!({"file": ""}),
                _ => Value::Null,
            };
            self.check(
                &schema.expect("a body of a known kind")["schema"],
                &body,
                &format!("{path} is told"),
                &mut wrong,
            );
        }
        let status = asked.status.unwrap_or_default().to_string();
        let answered = operation["responses"].get(&status).map(|answer| self.whole(answer));
        let schema = answered.and_then(|answer| answer.pointer("/content/application~1json/schema"));
        if let (Some(schema), Ok(body)) = (schema, serde_json::from_str::<Value>(&asked.answer)) {
            self.check(schema, &body, &format!("{path} answers {status}"), &mut wrong);
        }
        wrong
    }

    fn operation<'a>(&'a self, method: &str, path: &'a str) -> Option<(&'a Value, Vec<(&'a str, &'a str)>)> {
        let pieces: Vec<&str> = path.split('/').collect();
        let paths = self.0["paths"].as_object().expect("it has paths");
        let mut found = Vec::new();
        for (template, operations) in paths {
            let names: Vec<&str> = template.split('/').collect();
            let Some(operation) = operations.get(method.to_lowercase()) else { continue };
            let mut values = Vec::new();
            let fits = names.len() == pieces.len()
                && names.iter().zip(&pieces).all(|(name, piece)| {
                    match name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                        Some(name) => {
                            values.push((name, *piece));
                            true
                        }
                        None => name == piece,
                    }
                });
            if fits {
                found.push((operation, values));
            }
        }
        // What is spelt out goes before what is left open.
        found.sort_by_key(|(_, values)| values.len());
        found.into_iter().next()
    }

    /// What a `$ref` stands for.
    fn whole<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(name) => self.whole(self.0.pointer(name.trim_start_matches('#')).expect(name)),
            None => value,
        }
    }

    /// The part of JSON Schema that the description uses.
    fn check(&self, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
        let schema = self.whole(schema);
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let is = |kind: &&str| match *kind {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "string" => value.is_string(),
            "array" => value.is_array(),
            _ => value.is_object(),
        };
        // Several addresses or one: the documentation's words allow both, and older instances know one only.
        let is_one = at.ends_with(".redirect_uris") && value.is_string();
        if !kinds.is_empty() && !kinds.iter().any(is) && !is_one {
            wrong.push(format!("{at}: {value} is no {kinds:?}"));
            return;
        }
        if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
            wrong.push(format!("{at}: {value} is none of those allowed"));
        }
        if schema["format"] == "uri" && value.as_str().is_some_and(|text| url::Url::parse(text).is_err()) {
            wrong.push(format!("{at}: {value} is no address"));
        }
        if schema["format"] == "date-time"
            && value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_err())
        {
            wrong.push(format!("{at}: {value} is no moment"));
        }
        for (place, item) in value.as_array().into_iter().flatten().enumerate() {
            if let Some(items) = schema.get("items") {
                self.check(items, item, &format!("{at}[{place}]"), wrong);
            }
        }
        if let Some(members) = value.as_object() {
            for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !members.contains_key(name) {
                    wrong.push(format!("{at}: {name} is missing"));
                }
            }
            for (name, member) in members {
                if let Some(described) = schema["properties"].get(name) {
                    self.check(described, member, &format!("{at}.{name}"), wrong);
                }
            }
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.check(part, value, at, wrong);
        }
        for kind in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[kind].as_array() {
                let fits = |choice: &Value| {
                    let mut trial = Vec::new();
                    self.check(choice, value, at, &mut trial);
                    trial.is_empty()
                };
                if !choices.iter().any(fits) {
                    wrong.push(format!("{at}: it is none of those it may be"));
                }
            }
        }
    }

    /// Something that the description describes, with everything in it.
    fn example(&self, schema: &Value, depth: u32) -> Value {
        let schema = self.whole(schema);
        if let Some(first) =
            ["oneOf", "anyOf", "allOf"].iter().find_map(|kind| schema[*kind].as_array()?.first())
        {
            return self.example(first, depth);
        }
        let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
        match (kind, schema["enum"].as_array(), schema["format"].as_str()) {
            (_, Some(all), _) => all[0].clone(),
            (Some("integer" | "number"), ..) => json!(1),
            (Some("boolean"), ..) => json!(true),
            (Some("array"), ..) if depth == 0 => json!([]),
            (Some("array"), ..) => json!([self.example(&schema["items"], depth - 1)]),
            (Some("string"), _, Some("date-time")) => json!("2026-10-06T09:00:00.000Z"),
            (Some("string"), ..) => json!("113000000000000301"),
            _ if depth == 0 => json!({}),
            _ => {
                let members = schema["properties"].as_object().into_iter().flatten();
                let made = members.map(|(name, one)| (name.clone(), self.example(one, depth - 1)));
                made.collect::<serde_json::Map<_, _>>().into()
            }
        }
    }
}

fn request(method: &str, target: &str, body: &Value) -> Asked {
    Asked {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_string(),
        fault: None,
        status: Some(200),
        answer: String::new(),
    }
}

#[test]
fn a_request_that_the_description_does_not_allow_is_seen() {
    let Some(published) = published() else { return };
    let wrong =
        |method: &str, target: &str, body: Value| published.wrong(&request(method, target, &body)).join("; ");
    assert_eq!(wrong("POST", "/api/v1/statuses", json!({"status": "Hi", "visibility": "direct"})), "");
    assert!(wrong("POST", "/api/v1/statuses", json!({"visibility": "direct"})).contains("none of those"));
    assert!(wrong("POST", "/api/v1/statuses", json!({"status": 1})).contains("none of those"));
    assert!(
        wrong("POST", "/api/v1/apps", json!({"client_name": "Deskbell"}))
            .contains("redirect_uris is missing")
    );
    assert!(wrong("GET", "/api/v1/notifications?limit=many", Value::Null).contains("is no"));
    assert!(wrong("GET", "/api/v1/notifications?types[]=mentions", Value::Null).contains("none of those"));
    assert!(wrong("GET", "/api/v1/notifications?after=1", Value::Null).contains("no parameter after"));
    assert!(wrong("GET", "/api/v1/toots", Value::Null).contains("is not described"));
}

#[test]
fn what_is_made_after_the_description_is_read() {
    let Some(published) = published() else { return };
    let of = |path: &str| {
        let answer = published.whole(&published.0["paths"][path]["get"]["responses"]["200"]);
        let schema = answer.pointer("/content/application~1json/schema").expect("it answers JSON");
        published.example(schema, 6)
    };
    let own = Own { id: "113000000000000301".into(), ..Own::default() };
    let mut told = of("/api/v1/notifications")[0].clone();
    (told["type"], told["status"]["reblog"]) = (json!("mention"), Value::Null);
    let told = inbound::notification(&told, &own, 0);
    assert!(matches!(&told.event, Event::Echo(said) if said.attachments.len() == 1), "{:?}", told.event);
    let post = inbound::own_post(&of("/api/v1/accounts/{id}/statuses")[0], &own, 0);
    assert!(matches!(&post.event, Event::Held(held) if held.why.contains("passed on")), "{:?}", post.event);
    let instance: crate::mastodon::instance::Instance =
        serde_json::from_value(of("/api/v2/instance")).expect("it is read");
    assert_eq!((instance.limits().files, instance.limits().link), (1, 1));
}
