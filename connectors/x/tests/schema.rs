//! Every request that the connector makes, and every answer that the simulated X gives, against X's published description
//! of its API; and answers made after that description, read by the connector.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::published::reference;
use super::{AMPLE, answer, directs, drain, mentions};
use crate::conformance::enclose;
use crate::contract::{Event, HeldReason, Key, Unfenced, Visibility};
use crate::simulator::web::Asked;
use crate::x::fake::Fake;
use crate::x::{inbound, pushed};

const NEWER: &str = "specs/x/x_api_v2_openapi.xdk.json";
const OLDER: &str = "specs/x/x_api_v2_openapi.xdk-legacy-2.159.json";

struct Api(Value);

impl Api {
    fn read(path: &str) -> Option<Self> {
        Some(Self(serde_json::from_slice(&std::fs::read(reference(path)?).unwrap()).unwrap()))
    }

    /// What a `$ref` stands for.
    fn whole<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(name) => self.whole(self.0.pointer(name.trim_start_matches('#')).expect(name)),
            None => value,
        }
    }

    /// The operation behind a method and a path, with the values of the path's own parameters.
    fn operation<'a>(
        &'a self,
        method: &str,
        path: &'a str,
    ) -> Option<(&'a Value, BTreeMap<&'a str, &'a str>)> {
        let pieces: Vec<&str> = path.split('/').collect();
        let mut found: Vec<(usize, &Value, BTreeMap<&str, &str>)> = Vec::new();
        for (template, operations) in self.0["paths"].as_object().unwrap() {
            let names: Vec<&str> = template.split('/').collect();
            let Some(operation) = operations.get(method.to_lowercase()) else { continue };
            let mut values = BTreeMap::new();
            let fits = names.len() == pieces.len()
                && names.iter().zip(&pieces).all(|(name, piece)| {
                    match name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                        Some(name) => values.insert(name, *piece).is_none(),
                        None => name == piece,
                    }
                });
            if fits {
                found.push((values.len(), operation, values));
            }
        }
        found.sort_by_key(|(parameters, ..)| *parameters);
        found.into_iter().next().map(|(_, operation, values)| (operation, values))
    }

    /// All that is wrong with a request.
    fn wrong(&self, asked: &Asked) -> Vec<String> {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        let Some((operation, values)) = self.operation(&asked.method, path) else {
            return vec![format!("{} {path} is not described", asked.method)];
        };
        let mut wrong = Vec::new();
        let parameters: Vec<&Value> = operation["parameters"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .map(|one| self.whole(one))
            .collect();
        let given: Vec<(String, String)> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        for (name, _) in &given {
            if !parameters.iter().any(|one| one["in"] == "query" && one["name"] == name.as_str()) {
                wrong.push(format!("{path}: there is no parameter {name}"));
            }
        }
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap();
            let value = match parameter["in"].as_str() {
                Some("path") => values.get(name).map(|value| (*value).to_owned()),
                Some("query") => {
                    given.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
                }
                _ => None,
            };
            let Some(value) = value else {
                if parameter["required"] == true {
                    wrong.push(format!("{path}: {name} is missing"));
                }
                continue;
            };
            let schema = self.whole(&parameter["schema"]);
            let value = match schema["type"].as_str() {
                Some("array") => value.split(',').collect::<Vec<_>>().into(),
                Some("integer") => value.parse::<i64>().map_or(Value::String(value), Value::from),
                _ => Value::String(value),
            };
            self.check(schema, &value, &format!("{path} {name}"), &mut wrong);
        }
        if let Some(content) = operation.pointer("/requestBody/content") {
            let kind =
                asked.headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, kind)| kind);
            match content.get("application/json") {
                _ if kind.starts_with("multipart/") && content.get("multipart/form-data").is_some() => {}
                Some(described) => {
                    let body: Value = serde_json::from_str(&asked.body).unwrap_or(Value::Null);
                    self.check(&described["schema"], &body, path, &mut wrong);
                }
                None => wrong.push(format!("{path}: a body of {kind} is not described")),
            }
        }
        wrong
    }

    /// All that is wrong with a successful answer.
    fn wrong_answer(&self, asked: &Asked) -> Vec<String> {
        let path = asked.target.split('?').next().unwrap();
        let Some((operation, _)) = self.operation(&asked.method, path) else { return Vec::new() };
        let status = asked.status.unwrap_or_default().to_string();
        let schema = operation["responses"]
            .get(&status)
            .and_then(|one| one.pointer("/content/application~1json/schema"));
        let mut wrong = Vec::new();
        match (schema, serde_json::from_str::<Value>(&asked.answer)) {
            (Some(schema), Ok(body)) => self.check(schema, &body, &format!("{path} answers"), &mut wrong),
            (Some(_), Err(_)) => wrong.push(format!("{path} answers no JSON")),
            (None, _) if status.starts_with('2') && asked.answer.starts_with('{') => {
                wrong.push(format!("{path} does not answer {status}"));
            }
            _ => {}
        }
        wrong
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
        let schema = self.whole(schema);
        if value.is_null() && schema["nullable"] == true {
            return;
        }
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if let Some(wanted) = schema["type"].as_str()
            && wanted != kind
            && !(wanted == "number" && kind == "integer")
        {
            wrong.push(format!("{at}: {kind} in place of {wanted}"));
            return;
        }
        let mut must = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{at}: {what}, and it is {value}"));
            }
        };
        if let Some(all) = schema["enum"].as_array() {
            must(all.contains(value), "it must be one of those named");
        }
        let number = |name: &str| schema[name].as_i64();
        if let Some(text) = value.as_str() {
            let length = text.chars().count() as i64;
            must(number("minLength").is_none_or(|least| length >= least), "it is too short");
            must(number("maxLength").is_none_or(|most| length <= most), "it is too long");
            let pattern = schema["pattern"].as_str().map(|pattern| regex::Regex::new(pattern).unwrap());
            must(pattern.is_none_or(|pattern| pattern.is_match(text)), "it does not fit its pattern");
            let is_moment = schema["format"] != "date-time" || text.parse::<jiff::Timestamp>().is_ok();
            must(is_moment, "it is no moment");
        }
        if let Some(given) = value.as_i64() {
            must(number("minimum").is_none_or(|least| given >= least), "it is too small");
            must(number("maximum").is_none_or(|most| given <= most), "it is too large");
        }
        if let Some(items) = value.as_array() {
            let length = items.len() as i64;
            must(number("minItems").is_none_or(|least| length >= least), "it has too few");
            must(number("maxItems").is_none_or(|most| length <= most), "it has too many");
            let distinct = items.iter().enumerate().all(|(place, item)| !items[..place].contains(item));
            must(schema["uniqueItems"] != true || distinct, "it has one twice");
            if let Some(described) = schema.get("items") {
                for (place, item) in items.iter().enumerate() {
                    self.check(described, item, &format!("{at}[{place}]"), wrong);
                }
            }
        }
        if let Some(members) = value.as_object() {
            self.members(schema, members, at, wrong);
        }
        for (kind, least) in [("anyOf", 1), ("oneOf", 1)] {
            if let Some(choices) = schema[kind].as_array() {
                let fitting = choices.iter().filter(|choice| {
                    let mut trial = Vec::new();
                    self.check(choice, value, at, &mut trial);
                    trial.is_empty()
                });
                if fitting.count() < least {
                    wrong.push(format!("{at}: it is none of those it may be"));
                }
            }
        }
        for part in schema["allOf"].as_array().map(Vec::as_slice).unwrap_or_default() {
            self.check(part, value, at, wrong);
        }
    }

    fn members(&self, schema: &Value, members: &Map<String, Value>, at: &str, wrong: &mut Vec<String>) {
        for name in schema["required"].as_array().map(Vec::as_slice).unwrap_or_default() {
            if !members.contains_key(name.as_str().unwrap()) {
                wrong.push(format!("{at}: {name} is missing"));
            }
        }
        for (name, member) in members {
            match schema["properties"].get(name) {
                Some(described) => self.check(described, member, &format!("{at}.{name}"), wrong),
                None if schema["additionalProperties"] == false => {
                    wrong.push(format!("{at}: {name} is not described"))
                }
                None => {}
            }
        }
    }

    /// Something that the description describes, with everything in it.
    fn example(&self, schema: &Value, depth: u32) -> Value {
        let schema = self.whole(schema);
        if let Some(given) = schema.get("example").filter(|given| given.is_string() || given.is_number()) {
            return given.clone();
        }
        if let Some(first) =
            ["anyOf", "oneOf", "allOf"].iter().find_map(|kind| schema[*kind].as_array()?.first())
        {
            return self.example(first, depth);
        }
        match schema["type"].as_str() {
            Some("integer" | "number") => json!(1),
            Some("boolean") => json!(true),
            Some("array") if depth == 0 => json!([]),
            Some("array") => json!([self.example(&schema["items"], depth - 1)]),
            Some("string") => match (schema["enum"].as_array(), schema["format"].as_str()) {
                (Some(all), _) => all[0].clone(),
                (_, Some("date-time")) => json!("2026-10-06T09:00:00.000Z"),
                _ => json!("1346889436626259968"),
            },
            _ if depth == 0 => json!({}),
            _ => {
                let members = schema["properties"].as_object().into_iter().flatten();
                members
                    .map(|(name, one)| (name.clone(), self.example(one, depth - 1)))
                    .collect::<Map<_, _>>()
                    .into()
            }
        }
    }
}

/// Everything the connector can do, once.
async fn everything(settings: impl Fn(&Fake) -> crate::contract::Settings) -> Vec<Asked> {
    let fake = Fake::start().await;
    let channel = fake.open(settings(&fake));
    channel.probe().await.unwrap();
    for (stream, import) in [(mentions(), "everything"), (directs(), "3")] {
        fake.patron.mention_with(&fake.library.id, "one & https://a.library.example/x", Some(vec![1]));
        fake.patron.direct_with(&fake.library.id, "one", Some(vec![1]));
        let cursor = drain(&*channel, &stream, None, AMPLE).await.1;
        let imported = fake.open(settings(&fake).with("import", import));
        drain(&*imported, &stream, None, AMPLE).await;
        for number in 0..130 {
            fake.patron.mention(&fake.library.id, &format!("number {number}"));
            fake.patron.direct(&fake.library.id, &format!("number {number}"));
        }
        let batch = drain(&*channel, &stream, Some(cursor), AMPLE).await.0;
        assert!(batch.len() >= 130);
    }
    let deliver = channel.deliver().unwrap();
    let picture = |kind: &str| enclose("map.png", kind, &b"PNG"[..]);
    for (number, visibility) in [(0, Visibility::Public), (1, Visibility::Private)] {
        let mut draft =
            answer("Here it is: https://library.example/map", fake.patron.id(), Some(&fake.first));
        draft.visibility = visibility;
        draft.enclosures = vec![picture(if number == 0 { "image/png" } else { "image/gif" })];
        let part = deliver.compose(&draft, crate::x::fake::NOW_MS).unwrap().remove(0);
        deliver.deliver(&part, &Key(uuid::Uuid::from_u128(number)), &Unfenced).await.unwrap();
        fake.channel().deliver().unwrap().find(&part, &Key(uuid::Uuid::from_u128(9))).await.unwrap();
        fake.open(settings(&fake))
            .deliver()
            .unwrap()
            .find(&part, &Key(uuid::Uuid::from_u128(9)))
            .await
            .unwrap();
    }
    if let Some(webhook) = channel.webhook() {
        // Nobody answers the challenge there: what is asked is what counts.
        let _ = webhook.ensure_subscribed("https://127.0.0.1:9/hooks/x").await;
    }
    if let Some(watch) = channel.watch() {
        let (bell, stream) = (Bell(tokio::sync::Notify::new()), mentions());
        tokio::select! {
            _ = watch.watch(&stream, &bell) => {}
            () = bell.0.notified() => {}
        }
    }
    fake.asked()
}

struct Bell(tokio::sync::Notify);

impl crate::contract::Sink for Bell {
    fn wake(&self) {
        self.0.notify_one();
    }

    fn push(
        &self,
        _: Vec<crate::contract::Envelope>,
        _: crate::contract::Cost,
    ) -> crate::contract::BoxFuture<'_, Result<(), crate::contract::Failure>> {
        Box::pin(async { Ok(()) })
    }
}

fn described(asked: &[Asked]) -> impl Iterator<Item = &Asked> {
    asked
        .iter()
        .filter(|asked| !asked.target.starts_with("/2/oauth2/") && !asked.target.starts_with("/media/"))
}

#[tokio::test]
async fn every_request_is_one_that_x_describes() {
    let Some(api) = Api::read(NEWER) else { return };
    let mut asked = everything(Fake::with_stream).await;
    asked.extend(everything(Fake::with_webhook).await);
    let wrong: Vec<String> = described(&asked).flat_map(|asked| api.wrong(asked)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let kinds: std::collections::BTreeSet<String> = described(&asked)
        .map(|asked| {
            format!(
                "{} {}",
                asked.method,
                asked.target.split('?').next().unwrap().replace(|c: char| c.is_ascii_digit(), "")
            )
        })
        .collect();
    assert!(kinds.len() >= 11, "{kinds:#?}");
    let wrong: Vec<String> = described(&asked)
        .filter(|asked| asked.target != "/2/activity/stream")
        .flat_map(|asked| api.wrong_answer(asked))
        .collect();
    assert!(wrong.is_empty(), "the simulator: {wrong:#?}");
}

#[tokio::test]
async fn every_request_in_the_older_names_is_one_that_x_described() {
    let Some(api) = Api::read(OLDER) else { return };
    let asked = everything(|fake: &Fake| fake.settings().with("names", "tweet")).await;
    // What was looked for in the newer names stands among them too.
    let older = described(&asked).filter(|asked| {
        !asked.target.contains("post.fields")
            && !asked.target.contains("dm_conversations/with")
            && asked.method == "GET"
    });
    let wrong: Vec<String> = older.flat_map(|asked| api.wrong(asked)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn answers_made_after_the_description_are_read() {
    for (spec, posts) in [(NEWER, "/2/users/{id}/mentions"), (OLDER, "/2/users/{id}/mentions")] {
        let Some(api) = Api::read(spec) else { return };
        for path in [posts, "/2/users/{id}/tweets", "/2/dm_events", "/2/dm_conversations/{id}/dm_events"] {
            let schema =
                &api.0["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
            let body = api.example(schema, 8);
            assert!(body["data"][0].is_object(), "{path}: {body}");
            let found = pushed::found(body.to_string().as_bytes(), &inbound::Own::default(), 0);
            assert_eq!(found.len(), 1, "{path}");
            let unreadable = matches!(&found[0].envelope.event, Event::Held(held) if held.reason == HeldReason::Unreadable);
            assert!(!unreadable, "{path}: {found:?}");
        }
    }
    let Some(api) = Api::read(OLDER) else { return };
    let example = &api.0["components"]["schemas"]["Tweet"]["example"];
    let post = crate::x::wire::Post::read(example).unwrap();
    assert_eq!((post.id.as_str(), post.author.as_deref()), ("1346889436626259968", Some("2244994945")));
    assert_eq!(inbound::moment(post.created_at.as_deref().unwrap()), Some(1_609_958_440_000));
}
