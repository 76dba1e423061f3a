//! Direct messages: the newest first, thirty days, fifteen looks in a quarter of an hour.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::limits::Door;
use super::posts::{mark, page_mark};
use super::saying::{self, Asked};
use super::world::{Directed, Line, World};
use super::{Office, lock};
use crate::x::{ids, wire};

const KEPT_MS: i64 = 30 * 86_400_000;
const LONGEST: usize = 10_000;

type Asking = HashMap<String, String>;

pub async fn all(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Query(query): Query<Asking>,
) -> Response {
    office.through(Door::Directs, &headers, |office, account| {
        let world = lock(&office.world);
        let directs = world.directs.iter().filter(|direct| direct.is_of(account)).collect();
        office.page(&world, directs, &query)
    })
}

pub async fn with(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Path(person): Path<String>,
    Query(query): Query<Asking>,
) -> Response {
    office.through(Door::Lookup, &headers, |office, account| {
        let world = lock(&office.world);
        let name = wire::conversation_of(account, &person);
        let directs = world.directs.iter().filter(|direct| Some(direct.conversation()) == name).collect();
        office.page(&world, directs, &query)
    })
}

pub async fn conversation(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Path(name): Path<String>,
    Query(query): Query<Asking>,
) -> Response {
    office.through(Door::Lookup, &headers, |office, account| {
        let world = lock(&office.world);
        let is_there = |direct: &&Directed| direct.is_of(account) && direct.conversation() == name;
        let directs = world.directs.iter().filter(is_there).collect();
        office.page(&world, directs, &query)
    })
}

pub async fn send_with(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Path(person): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    office.through(Door::SendDirect, &headers, |office, account| office.take(account, &person, &body))
}

pub async fn send_in(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Path(name): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    office.through(Door::SendDirect, &headers, |office, account| {
        let other = name.split('-').find(|one| *one != account).unwrap_or_default().to_owned();
        office.take(account, &other, &body)
    })
}

impl Office {
    fn take(self: &Arc<Self>, account: &str, person: &str, body: &Value) -> Response {
        let text = body["text"].as_str().unwrap_or_default();
        let attached = body["attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
        let media: Vec<String> =
            attached.iter().filter_map(|one| one["media_id"].as_str().map(str::to_owned)).collect();
        if text.is_empty() && media.is_empty() {
            return saying::invalid("At least one of `text`, `attachments` is required.");
        }
        if text.chars().count() > LONGEST {
            return saying::invalid("The text of your direct message is over the max character limit.");
        }
        let mut world = lock(&self.world);
        if media.len() > 1 || media.iter().any(|id| !world.files.contains_key(id)) {
            return saying::invalid("Your media IDs are invalid.");
        }
        if !world.person(person).is_some_and(|person| person.open) {
            return saying::forbidden("You do not have permission to DM one or more participants.");
        }
        let direct = world.send(account, person, text, media, self.front.now());
        drop(world);
        self.directed(&direct, true);
        let data = json!({"dm_conversation_id": direct.conversation(), "dm_event_id": direct.id});
        (StatusCode::CREATED, Json(json!({"data": data}))).into_response()
    }

    fn page(&self, world: &World, directs: Vec<&Directed>, query: &Asking) -> Response {
        let size: usize = query.get("max_results").map_or(Ok(100), |text| text.parse()).unwrap_or(0);
        if !(1..=100).contains(&size) {
            return saying::invalid(&format!(
                "The `max_results` query parameter value [{size}] is not between 1 and 100"
            ));
        }
        let below = match page_mark(query) {
            Ok(below) => below,
            Err(refusal) => return *refusal,
        };
        let oldest_ms = self.front.now() - KEPT_MS;
        let given: Vec<&Directed> = directs
            .into_iter()
            .rev()
            .filter(|direct| direct.at_ms >= oldest_ms)
            .filter(|direct| below.as_ref().is_none_or(|below| ids::is_newer(below, &direct.id)))
            .collect();
        let more = given.len() > size;
        let given = &given[..given.len().min(size)];
        let asked = Asked::read(query);
        let mut body = json!({"meta": {"result_count": given.len()}});
        if let Some(oldest) = given.last() {
            body["data"] = given.iter().map(|direct| saying::direct(direct, &asked)).collect();
            if more {
                body["meta"]["next_token"] = mark(&oldest.id).into();
            }
            let people: Vec<&str> = given.iter().map(|direct| direct.from.as_str()).collect();
            let media: Vec<(String, String)> = given
                .iter()
                .flat_map(|direct| {
                    direct.media.iter().map(|id| (id.clone(), self.private_url(&direct.id, id)))
                })
                .collect();
            if let Some(includes) = saying::includes(world, &people, &media) {
                body["includes"] = includes;
            }
        }
        Json(body).into_response()
    }

    /// Where X says that the file of a direct message lies: for signed-in browsers.
    pub fn private_url(&self, direct: &str, media: &str) -> String {
        format!("https://ton.twitter.com/1.1/ton/data/dm/{direct}/{media}/{media}.png")
    }

    /// Tells everybody whom a new message concerns.
    pub fn directed(self: &Arc<Self>, direct: &Directed, through: bool) {
        let files = lock(&self.world).sizes(&direct.media);
        self.front.note(Line::Directed {
            id: direct.id.clone(),
            by: direct.from.clone(),
            to: direct.to.clone(),
            text: direct.text.clone(),
            through,
            files,
        });
        self.tell_of_direct(direct);
        self.heard_in_private(direct);
    }
}
