//! Every request that the connector sends, against Meta's own lists of fields and parameters, where they are at hand.

use std::collections::BTreeSet;

use serde_json::Value;
use uuid::Uuid;

use super::{AMPLE, drain, reference};
use crate::conformance::enclose;
use crate::contract::{Draft, Failure, Key, Unfenced, Visibility};
use crate::facebook::fake::{Fake, NOW};
use crate::simulator::Plan;
use crate::simulator::web::{Asked, WebFault};

/// Parameters that the Graph API takes everywhere.
const EVERYWHERE: &[&str] = &["fields", "limit", "after", "before", "access_token", "appsecret_proof"];

struct Spec {
    fields: BTreeSet<String>,
    apis: Vec<Value>,
}

impl Spec {
    fn of(node: &str) -> Option<Self> {
        let file = reference("specs/facebook/api_specs")?.join(format!("{node}.json"));
        let spec: Value = serde_json::from_slice(&std::fs::read(file).expect("the list")).expect("JSON");
        let name = |field: &Value| field["name"].as_str().unwrap_or_default().to_owned();
        Some(Self {
            fields: spec["fields"].as_array().expect("fields").iter().map(name).collect(),
            apis: spec["apis"].as_array().expect("apis").clone(),
        })
    }

    /// The parameters of an edge; none: there is no such edge.
    fn params(&self, method: &str, edge: &str) -> Option<Vec<(String, String)>> {
        let api = self
            .apis
            .iter()
            .find(|api| api["method"] == method && api["endpoint"].as_str().unwrap_or("") == edge)?;
        let param = |param: &Value| {
            (
                param["name"].as_str().unwrap_or_default().to_owned(),
                param["type"].as_str().unwrap_or_default().to_owned(),
            )
        };
        Some(api["params"].as_array().expect("params").iter().map(param).collect())
    }

    fn has_edge(&self, edge: &str) -> bool {
        self.params("GET", edge).is_some()
    }
}

/// Does everything the connector can do once, and gives what was asked.
async fn everything() -> (Fake, Vec<Asked>) {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let webhook = channel.webhook().unwrap();
    // Nobody listens there: the handshake fails, and the request is seen all the same.
    let _ = webhook.ensure_subscribed("http://127.0.0.1:9/webhooks/1").await;
    let quiet = fake.open({
        let mut settings = crate::contract::Settings::new();
        for (name, value) in fake.settings().iter().filter(|(name, _)| *name != "verify_token") {
            settings.set(name, value.clone());
        }
        settings
    });
    quiet.webhook().unwrap().ensure_subscribed("http://127.0.0.1:9/webhooks/1").await.unwrap();
    channel.probe().await.unwrap();
    let comment = fake.patron.comment(&fake.post, "A question").unwrap();
    for n in 0..30 {
        fake.clock.advance(1000);
        fake.patron.write(&fake.page.id, &format!("{n}"));
        fake.patron.comment(&fake.post, &format!("{n}"));
        fake.platform.post(&fake.page.id, &format!("{n}"));
    }
    let channel = fake.open(fake.settings().with("import", "3"));
    for name in ["messages", "comments"] {
        drain(&*channel, name, None, AMPLE).await;
        super::once(&*channel, name, None).await.unwrap();
    }
    let fresh = fake.channel();
    for name in ["messages", "comments"] {
        super::once(&*fresh, name, None).await.unwrap();
    }
    let picture = enclose("plan.png", "image/png", &b"picture"[..]);
    let thread = format!("comment:{comment}");
    let mut with_picture = fake.public(&thread, &comment, "Look:");
    with_picture.enclosures = vec![picture.clone()];
    let mut private = fake.draft("Hello");
    private.enclosures = vec![picture];
    let once = Draft { visibility: Visibility::Private, ..fake.public(&thread, &comment, "For you") };
    let deliver = channel.deliver().unwrap();
    let mut n = 0;
    for draft in [private, with_picture, once] {
        for part in deliver.compose(&draft, NOW).unwrap() {
            n += 1;
            fake.platform.faults().switch_on(
                Plan::new(WebFault::Lost)
                    .place(match draft.visibility {
                        Visibility::Private => "messenger",
                        Visibility::Public => "page",
                    })
                    .times(1),
            );
            let key = Key(Uuid::from_u128(n));
            let sent = deliver.deliver(&part, &key, &Unfenced).await;
            assert!(matches!(sent, Ok(_) | Err(Failure::Ambiguous { .. })), "{sent:?}");
            fake.platform.faults().clear();
            let _ = fake.channel().deliver().unwrap().find(&part, &key).await;
        }
    }
    fake.clock.advance(2 * 86_400_000);
    let late = deliver.compose(&fake.draft("Late"), NOW).unwrap();
    deliver.deliver(&late[0], &Key(Uuid::from_u128(99)), &Unfenced).await.unwrap();
    let asked = fake.platform.ledger().pick(|line| line.what.asked().cloned());
    (fake, asked)
}

#[tokio::test]
async fn every_request_is_one_that_meta_lists() {
    let (Some(page), Some(thread)) = (Spec::of("Page"), Spec::of("UnifiedThread")) else { return };
    let (comment, post) = (Spec::of("Comment").unwrap(), Spec::of("PagePost").unwrap());
    let app = Spec::of("Application").unwrap();
    let enums = reference("specs/facebook/api_specs").unwrap().join("enum_types.json");
    let enums: Value = serde_json::from_slice(&std::fs::read(enums).unwrap()).unwrap();
    let (fake, asked) = everything().await;
    let app_id = fake.platform.app().0;
    let mut seen = BTreeSet::new();
    for asked in &asked {
        let url = url::Url::parse(&format!("http://graph.test{}", asked.target)).unwrap();
        let pieces: Vec<&str> = url.path().trim_matches('/').split('/').skip(1).collect();
        let (id, edge) = match pieces.as_slice() {
            [id] => (*id, ""),
            [id, edge] => (*id, *edge),
            other => panic!("{other:?}"),
        };
        if id == "debug_token" {
            continue;
        }
        let spec = match id {
            _ if id == fake.page.id => &page,
            _ if id == app_id => &app,
            _ if id.starts_with("t_") => &thread,
            _ if id.starts_with(&format!("{}_", fake.page.id)) => &post,
            _ => &comment,
        };
        let method = asked.method.as_str();
        let params =
            spec.params(method, edge).unwrap_or_else(|| panic!("Meta lists no {method} {edge} on {id}"));
        seen.insert(format!("{method} {edge}"));
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        for (name, value) in &query {
            let known = params.iter().find(|(known, _)| known == name);
            assert!(
                known.is_some() || EVERYWHERE.contains(&name.as_str()),
                "{method} {edge}: {name}={value}"
            );
            if let Some((_, kind)) = known {
                is_of(&enums, kind, value);
            }
            if name == "fields" {
                let target = match edge {
                    "" => spec,
                    "conversations" => &thread,
                    "feed" => &post,
                    "comments" => &comment,
                    // Messages are not among Meta's lists.
                    _ => continue,
                };
                fields(target, value, &thread, &comment);
            }
        }
        if method == "POST" {
            told(asked, &params, &enums);
        }
    }
    for expected in [
        "GET conversations",
        "GET messages",
        "GET feed",
        "GET comments",
        "POST messages",
        "POST comments",
        "POST photos",
        "GET subscribed_apps",
        "POST subscribed_apps",
        "GET subscriptions",
        "POST subscriptions",
        "GET ",
    ] {
        assert!(seen.contains(expected), "{expected} was never asked: {seen:?}");
    }
}

/// Each field named is one of the thing's, or a list that hangs on it.
fn fields(spec: &Spec, text: &str, thread: &Spec, comment: &Spec) {
    let parsed = crate::simulator::graph::fields_of(text).expect("the fields can be read");
    for (name, said, within) in parsed {
        assert!(spec.fields.contains(&name) || spec.has_edge(&name), "no field {name}");
        if spec.has_edge(&name) {
            let params = spec.params("GET", &name).unwrap();
            for said in &said {
                assert!(
                    params.iter().any(|(known, _)| known == said) || EVERYWHERE.contains(&said.as_str()),
                    "{name}.{said}"
                );
            }
        }
        match name.as_str() {
            "comments" => fields(comment, &within, thread, comment),
            "private_reply_conversation" => fields(thread, &within, thread, comment),
            _ => {}
        }
    }
}

/// What a body says is among the parameters.
fn told(asked: &Asked, params: &[(String, String)], enums: &Value) {
    let kind = asked.headers.iter().find(|(name, _)| name == "content-type").map(|(_, kind)| kind.as_str());
    let pairs: Vec<(String, String)> = match kind {
        Some(kind) if kind.starts_with("application/json") => {
            let body: Value = serde_json::from_str(&asked.body).expect("JSON");
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            body.as_object()
                .expect("an object")
                .iter()
                .map(|(name, value)| (name.clone(), text(value)))
                .collect()
        }
        Some(kind) if kind.starts_with("application/x-www-form-urlencoded") => {
            url::form_urlencoded::parse(asked.body.as_bytes()).into_owned().collect()
        }
        _ => {
            let names = asked.body.split("; name=\"").skip(1).filter_map(|rest| rest.split('"').next());
            // The file itself is in no list: Meta's guides name these two.
            names
                .filter(|name| !matches!(*name, "filedata" | "source"))
                .map(|name| (name.to_owned(), String::new()))
                .collect()
        }
    };
    assert!(!pairs.is_empty(), "{} {}", asked.method, asked.target);
    for (name, value) in pairs {
        let known = params.iter().find(|(known, _)| *known == name);
        let (_, kind) = known.unwrap_or_else(|| panic!("{}: no parameter {name}", asked.target));
        if !value.is_empty() {
            is_of(enums, kind, &value);
        }
    }
}

/// The value is one of the words of its kind, where the kind has words.
fn is_of(enums: &Value, kind: &str, value: &str) {
    let bare = kind.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(kind);
    let Some(words) = enums.as_array().expect("a list").iter().find(|one| one["name"] == bare) else {
        return;
    };
    let words: Vec<&str> =
        words["values"].as_array().expect("words").iter().filter_map(Value::as_str).collect();
    let given: Vec<String> =
        serde_json::from_str(value).unwrap_or_else(|_| value.split(',').map(str::to_owned).collect());
    for word in given {
        assert!(words.contains(&word.as_str()), "{kind}: {word}");
    }
}
