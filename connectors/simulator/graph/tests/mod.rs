//! The platform by itself, as a client meets it.

use reqwest::Method;
use serde_json::{Value, json};

use super::*;
use crate::contract::{Outside, Settings};
use crate::facebook::signature;
use crate::simulator::FrozenClock;
use crate::simulator::web::Asked;
use crate::web::{Api, host_of};

struct Client {
    clock: Arc<FrozenClock>,
    platform: GraphPlatform,
    page: OwnPage,
    api: Api,
}

async fn client() -> Client {
    let clock = FrozenClock::at(1_791_277_331_000);
    let platform = GraphPlatform::start(GraphOptions::new(clock.clone())).await.expect("there are ports");
    let page = platform.add_page("Fernhill Library");
    let base = format!("{}/v25.0", platform.address());
    let outside = Outside::new(Arc::new(|| 0), None).expect("the system's certificates can be read");
    let api = Api::new(outside.narrowed(host_of(&base).into_iter().collect(), &Settings::new()), &base);
    Client { clock, platform, page, api }
}

impl Client {
    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Value {
        let proof = signature::app_proof(&self.platform.app().1, &self.page.token);
        let request = self.api.request(Method::GET, path).bearer_auth(&self.page.token);
        let request = request.query(query).query(&[("appsecret_proof", proof)]);
        self.api.ask(request).await.expect("it answers").json().expect("JSON")
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let proof = signature::app_proof(&self.platform.app().1, &self.page.token);
        let request = self.api.request(Method::POST, path).bearer_auth(&self.page.token).json(body);
        let request = request.query(&[("appsecret_proof", proof)]);
        self.api.ask(request).await.expect("it answers").json().expect("JSON")
    }

    async fn send(&self, to: &str, more: &Value) -> Value {
        let mut body = json!({ "recipient": { "id": to }, "messaging_type": "RESPONSE", "message": { "text": "Hello" } });
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        self.post(&format!("/{}/messages", self.page.id), &body).await
    }
}

#[tokio::test]
async fn only_what_is_asked_for_is_told_and_nothing_that_there_is_not() {
    let client = client().await;
    let person = client.platform.person("Abena Osei");
    person.write(&client.page.id, "Hello?");
    let path = format!("/{}/conversations", client.page.id);
    let listed = client.get(&path, &[("fields", "id,messages.limit(1){message}")]).await;
    let message = &listed["data"][0]["messages"]["data"][0];
    assert_eq!(message["message"], "Hello?");
    assert!(message.get("from").is_none() && listed["data"][0].get("participants").is_none());
    let refused = client.get(&path, &[("fields", "id,favourite_colour")]).await;
    assert_eq!(refused["error"]["code"], 100);
    assert_eq!(client.get("/1", &[]).await["error"]["code"], 100);
}

#[tokio::test]
async fn pages_go_on_where_they_ended_although_somebody_writes_meanwhile() {
    let client = client().await;
    let person = client.platform.person("Abena Osei");
    for n in 0..5 {
        person.write(&client.page.id, &format!("{n}"));
        client.clock.advance(1000);
    }
    let thread =
        client.get(&format!("/{}/conversations", client.page.id), &[]).await["data"][0]["id"].clone();
    let path = format!("/{}/messages", thread.as_str().expect("a number"));
    let first = client.get(&path, &[("limit", "2"), ("fields", "message")]).await;
    person.write(&client.page.id, "new");
    let next = first["paging"]["next"].as_str().expect("there is more");
    let query: Vec<(String, String)> =
        url::Url::parse(next).expect("an address").query_pairs().into_owned().collect();
    assert!(query.iter().any(|(name, _)| name == "access_token"), "as Meta writes it");
    let query: Vec<(&str, &str)> =
        query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let second = client.get(&path, &query).await;
    let texts: Vec<&str> =
        second["data"].as_array().expect("a list").iter().filter_map(|one| one["message"].as_str()).collect();
    assert_eq!(texts, ["2", "1"]);
}

#[tokio::test]
async fn windows_close_and_tags_are_looked_at() {
    let client = client().await;
    let person = client.platform.person("Abena Osei");
    assert_eq!(
        client.send(person.id(), &json!({})).await["error"]["error_subcode"],
        2_018_001,
        "never wrote"
    );
    person.write(&client.page.id, "Hello?");
    assert!(client.send(person.id(), &json!({})).await["message_id"].is_string());
    client.clock.advance(86_400_001);
    let outside = client.send(person.id(), &json!({})).await;
    assert_eq!(outside["error"]["error_subcode"], 2_018_278);
    let dead = json!({ "messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE" });
    assert_eq!(client.send(person.id(), &dead).await["error"]["code"], 100, "a dead tag");
    let human = json!({ "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT" });
    assert!(client.send(person.id(), &human).await["message_id"].is_string());
    client.clock.advance(6 * 86_400_000);
    assert_eq!(client.send(person.id(), &human).await["error"]["error_subcode"], 2_018_278);
}

#[tokio::test]
async fn what_meta_refuses_is_refused() {
    let client = client().await;
    let person = client.platform.person("Abena Osei");
    person.write(&client.page.id, "Hello?");
    for wrong in [
        json!({ "message": { "text": "x".repeat(2001) } }),
        json!({ "message": {} }),
        json!({ "message": { "text": "x", "metadata": "y".repeat(1001) } }),
        json!({ "recipient": {} }),
        json!({ "messaging_type": "SHOUT" }),
    ] {
        assert_eq!(client.send(person.id(), &wrong).await["error"]["code"], 100, "{wrong}");
    }
    let token = client.page.token.clone();
    for (token, proof, code) in
        [(token.as_str(), Some("00"), 100), (token.as_str(), None, 100), ("EAAPnobody", Some("00"), 190)]
    {
        let request = client.api.request(Method::GET, &format!("/{}", client.page.id)).bearer_auth(token);
        let request = request.query(&proof.map(|proof| [("appsecret_proof", proof)]));
        let answer: Value = client.api.ask(request).await.expect("it answers").json().expect("JSON");
        assert_eq!(answer["error"]["code"], code, "{token} {proof:?}");
    }
    client.platform.set_usage("messenger", 100, 7);
    assert_eq!(client.send(person.id(), &json!({})).await["error"]["code"], 80_006);
    client.platform.set_usage("app", 100, 7);
    assert_eq!(client.get(&format!("/{}", client.page.id), &[]).await["error"]["code"], 4);
    let taken = client.platform.ledger().pick(|line| line.what.own().cloned());
    assert!(!taken.iter().any(|own| matches!(own, Happened::Taken { .. })), "{taken:?}");
}

#[tokio::test]
async fn people_read_what_they_get_and_answer_when_it_is_time() {
    let client = client().await;
    let person = client.platform.person("Abena Osei");
    person.answers_next(60_000, "Thank you!");
    person.write(&client.page.id, "Hello?");
    client.send(person.id(), &json!({})).await;
    assert_eq!(person.heard().len(), 1);
    let messages = || {
        client.platform.ledger().pick(|line| match line.what.own() {
            Some(Happened::Said { text, .. }) => Some(text.clone()),
            _ => None,
        })
    };
    assert_eq!(messages(), ["Hello?"]);
    client.clock.advance(60_000);
    client.platform.run_due();
    assert_eq!(messages(), ["Hello?", "Thank you!"]);
}

#[test]
fn letters_are_escaped_as_meta_escapes_them() {
    assert_eq!(calls::escaped(r#"{"text":"äöå / 🦉"}"#), r#"{"text":"\u00e4\u00f6\u00e5 \/ \ud83e\udd89"}"#);
    let read: Value = serde_json::from_str(&calls::escaped(r#"{"a":"漢 \" \n"}"#)).expect("still JSON");
    assert_eq!(read["a"], "漢 \" \n");
}

#[tokio::test]
async fn tokens_are_not_written_down() {
    let client = client().await;
    client.get(&format!("/{}", client.page.id), &[]).await;
    let asked: Vec<Asked> = client.platform.ledger().pick(|line| line.what.asked().cloned());
    assert!(
        asked.iter().all(|asked| asked.headers.iter().all(|(_, value)| !value.contains(&client.page.token)))
    );
}
