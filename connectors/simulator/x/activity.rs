//! What the platform tells by itself: webhooks that answer a challenge, subscriptions, and the line that is held open.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::broadcast;

use super::limits::Door;
use super::saying::{self, Asked};
use super::world::{Directed, Posted};
use super::{Office, lock};
use crate::simulator::web::{Callback, Streaming};

const ALIVE: Duration = Duration::from_secs(20);
/// Lines that a slow listener may miss before it is cut off.
const WAITING: usize = 1024;

/// Who wants to be told what.
#[derive(Debug)]
pub struct Board {
    webhooks: Vec<Hook>,
    subscriptions: Vec<Subscription>,
    lines: broadcast::Sender<String>,
}

#[derive(Clone, Debug)]
struct Hook {
    id: String,
    url: String,
    valid: bool,
    secret: String,
}

#[derive(Clone, Debug)]
struct Subscription {
    id: String,
    event: String,
    user: String,
    tag: Option<String>,
    webhook: Option<String>,
}

impl Default for Board {
    fn default() -> Self {
        Self { webhooks: Vec::new(), subscriptions: Vec::new(), lines: broadcast::Sender::new(WAITING) }
    }
}

impl Board {
    /// How many lines are held open.
    pub fn listeners(&self) -> usize {
        self.lines.receiver_count()
    }

    /// X gives up on the addresses that it calls.
    pub fn invalidate(&mut self) {
        self.webhooks.iter_mut().for_each(|hook| hook.valid = false);
    }
}

fn shown(hook: &Hook) -> Value {
    json!({"id": hook.id, "url": hook.url, "valid": hook.valid, "created_at": "2026-10-06T09:00:00.000Z"})
}

pub async fn webhooks(State(office): State<Arc<Office>>, headers: HeaderMap) -> Response {
    if let Err(refusal) = office.app(&headers) {
        return *refusal;
    }
    let board = lock(&office.board);
    let all: Vec<Value> = board.webhooks.iter().map(shown).collect();
    let meta = json!({"result_count": all.len()});
    if all.is_empty() {
        Json(json!({"meta": meta})).into_response()
    } else {
        Json(json!({"data": all, "meta": meta})).into_response()
    }
}

pub async fn register(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let registered = match office.app(&headers) {
        Ok(registered) => registered,
        Err(refusal) => return *refusal,
    };
    let url = body["url"].as_str().unwrap_or_default().to_owned();
    if url.is_empty() || url.len() > 200 {
        return saying::invalid("The url is not valid.");
    }
    if !office.challenge(&url, &registered.consumer_secret).await {
        return saying::invalid("CRC GET request did not return a response with the right response_token.");
    }
    let id = lock(&office.world).number(office.front.now());
    let hook = Hook { id, url, valid: true, secret: registered.consumer_secret };
    let answer = json!({"data": shown(&hook)});
    lock(&office.board).webhooks.push(hook);
    Json(answer).into_response()
}

pub async fn validate(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    if let Err(refusal) = office.app(&headers) {
        return *refusal;
    }
    let hook = lock(&office.board).webhooks.iter().find(|hook| hook.id == id).cloned();
    let Some(hook) = hook else { return saying::not_found("webhook") };
    let valid = office.challenge(&hook.url, &hook.secret).await;
    lock(&office.board).webhooks.iter_mut().filter(|hook| hook.id == id).for_each(|hook| hook.valid = valid);
    Json(json!({"data": {"valid": valid}})).into_response()
}

pub async fn subscriptions(State(office): State<Arc<Office>>, headers: HeaderMap) -> Response {
    if let Err(refusal) = office.app(&headers) {
        return *refusal;
    }
    let board = lock(&office.board);
    let all: Vec<Value> = board.subscriptions.iter().map(written).collect();
    if all.is_empty() { Json(json!({})).into_response() } else { Json(json!({"data": all})).into_response() }
}

fn written(one: &Subscription) -> Value {
    let mut out =
        json!({"subscription_id": one.id, "event_type": one.event, "filter": {"user_id": one.user}});
    if let Some(tag) = &one.tag {
        out["tag"] = tag.clone().into();
    }
    if let Some(webhook) = &one.webhook {
        out["webhook_id"] = webhook.clone().into();
    }
    out
}

pub async fn subscribe(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    office.through(Door::Other, &headers, |office, account| {
        let user = body["filter"]["user_id"].as_str().unwrap_or_default();
        if user != account {
            return saying::forbidden("You may only subscribe to events of the account that is signed in.");
        }
        let webhook = body["webhook_id"].as_str().map(str::to_owned);
        let mut board = lock(&office.board);
        if webhook.as_ref().is_some_and(|id| !board.webhooks.iter().any(|hook| hook.id == *id)) {
            return saying::not_found("webhook");
        }
        let one = Subscription {
            id: lock(&office.world).number(office.front.now()),
            event: body["event_type"].as_str().unwrap_or_default().to_owned(),
            user: user.to_owned(),
            tag: body["tag"].as_str().map(str::to_owned),
            webhook,
        };
        let answer = json!({"data": {"subscription": written(&one)}});
        board.subscriptions.push(one);
        Json(answer).into_response()
    })
}

pub async fn stream(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Query(_): Query<HashMap<String, String>>,
) -> Response {
    if let Err(refusal) = office.app(&headers) {
        return *refusal;
    }
    let lines = lock(&office.board).lines.subscribe();
    let stop = office.front.stage.stop.clone();
    let feed = futures::stream::unfold((lines, stop), |(mut lines, stop)| async move {
        let piece = tokio::select! {
            () = stop.cancelled() => return None,
            line = lines.recv() => match line {
                Ok(line) => Bytes::from(format!("{line}\r\n")),
                Err(_) => return None,
            },
            () = tokio::time::sleep(ALIVE) => Bytes::from_static(b"\r\n"),
        };
        Some((Ok::<_, std::io::Error>(piece), (lines, stop)))
    });
    // The head leaves with the first piece, so there is one at once.
    let first = futures::stream::once(async { Ok(Bytes::from_static(b"\r\n")) });
    let mut response = Response::new(Body::from_stream(first.chain(feed)));
    *response.status_mut() = StatusCode::OK;
    response.extensions_mut().insert(Streaming);
    response
}

impl Office {
    async fn challenge(&self, url: &str, secret: &str) -> bool {
        let Some(caller) = self.caller.get() else { return false };
        let token = self.front.stage.random.word();
        let joint = if url.contains('?') { '&' } else { '?' };
        let Ok(answer) = caller.ask(&format!("{url}{joint}crc_token={token}&nonce=1")).await else {
            return false;
        };
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        answer.status == 200 && said["response_token"] == signature(secret, token.as_bytes())
    }

    /// Tells of an event to whoever subscribed to it.
    fn tell(&self, event: &str, user: &str, payload: &Value) {
        let board = lock(&self.board);
        for one in board.subscriptions.iter().filter(|one| one.event == event && one.user == user) {
            let number = self.front.stage.random.number().cast_signed();
            let mut data = json!({
                "event_uuid": number.to_string(),
                "event_type": event,
                "filter": {"user_id": user},
                "payload": payload,
            });
            if let Some(tag) = &one.tag {
                data["tag"] = tag.clone().into();
            }
            let body = json!({"data": data}).to_string();
            match &one.webhook {
                None => {
                    // Nobody listening is no mistake.
                    let _ = board.lines.send(body);
                }
                Some(id) => {
                    let hook = board.webhooks.iter().find(|hook| hook.id == *id && hook.valid);
                    if let (Some(hook), Some(caller)) = (hook, self.caller.get()) {
                        let proof = (
                            "x-twitter-webhooks-signature".to_owned(),
                            signature(&hook.secret, body.as_bytes()),
                        );
                        let json = ("content-type".to_owned(), "application/json".to_owned());
                        caller.call(Callback {
                            url: hook.url.clone(),
                            headers: vec![proof, json],
                            body: body.into_bytes(),
                            account: Some(user.to_owned()),
                        });
                    }
                }
            }
        }
    }

    pub fn tell_of_direct(&self, direct: &Directed) {
        let (text, entities) = saying::shortened(&direct.text, &direct.id);
        let mut data = json!({"text": text, "entities": if entities.is_null() { json!({"urls": []}) } else { entities }});
        if let Some(id) = direct.media.first() {
            let url = self.private_url(&direct.id, id);
            let media = json!({"id": id, "id_str": id, "type": "photo", "media_url_https": url});
            data["attachment"] = json!({"type": "media", "media": media});
        }
        let world = lock(&self.world);
        let users: serde_json::Map<String, Value> = [&direct.from, &direct.to]
            .into_iter()
            .filter_map(|id| Some((id.clone(), json!({"data": saying::person(world.person(id)?)}))))
            .collect();
        drop(world);
        let payload = json!({
            "direct_message_events": [{
                "type": "message_create",
                "id": direct.id,
                "created_timestamp": direct.at_ms.to_string(),
                "message_create": {
                    "target": {"recipient_id": direct.to},
                    "sender_id": direct.from,
                    "message_data": data,
                },
            }],
            "users": users,
        });
        self.tell("dm.received", &direct.to, &payload);
        self.tell("dm.sent", &direct.from, &payload);
    }

    pub fn tell_of_post(&self, post: &Posted) {
        let asked = Asked::read(&HashMap::from([
            ("post.fields".to_owned(), "created_at,conversation_id,entities,attachments".to_owned()),
            ("expansions".to_owned(), "author_id,in_reply_to_user_id,referenced_posts".to_owned()),
        ]));
        let world = lock(&self.world);
        let mut payload = saying::post(post, &asked);
        let people = [Some(post.by.as_str()), post.answers.as_ref().map(|(_, whom)| whom.as_str())];
        let people: Vec<&str> = people.into_iter().flatten().collect();
        if let Some(includes) = saying::includes(&world, &people, &[]) {
            payload = json!({"data": payload, "includes": includes});
        }
        let concerned: Vec<String> = world
            .people
            .iter()
            .filter(|person| world.concerns(post, person))
            .map(|person| person.id.clone())
            .collect();
        drop(world);
        for account in concerned {
            self.tell("post.mention.create", &account, &payload);
        }
        self.tell("post.create", &post.by, &payload);
    }

    /// An encrypted message reached the account: X tells that there is one, and nothing that could be read.
    pub fn tell_of_chat(&self, from: &str, to: &str) {
        let random = &self.front.stage.random;
        let id = lock(&self.world).number(self.front.now());
        let payload = json!({
            "id": id,
            "conversation_id": format!("{from}:{to}"),
            "sender_id": from,
            "created_at_msec": self.front.now().to_string(),
            "encoded_event": STANDARD.encode(random.word()),
        });
        self.tell("chat.received", to, &payload);
    }
}

/// As X proves itself.
pub fn signature(secret: &str, bytes: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(bytes);
    format!("sha256={}", STANDARD.encode(mac.finalize().into_bytes()))
}
