//! Posts: answering, what an account posted, what it is told.

use std::sync::{Arc, LazyLock};

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use regex::Regex;
use serde_json::Value;

use super::limits::Door;
use super::saying;
use super::world::{Line, Posted, Seen, Told};
use super::{Office, lock};

type Asking = Vec<(String, String)>;

pub async fn by(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Path(person): Path<String>,
    Query(query): Query<Asking>,
) -> Response {
    office.through(Door::Api, "read:statuses", &headers, |office, account| {
        let world = lock(&office.world);
        let posts = world.posts.iter().filter(|post| post.by == person && world.may_read(account, post));
        let posts: Vec<(&str, &Posted)> = posts.map(|post| (post.id.as_str(), post)).collect();
        let page = page(posts, &query, 20, 40);
        let body: Vec<Value> =
            page.into_iter().map(|post| saying::post(&world, post, &office.base())).collect();
        Json(body).into_response()
    })
}

pub async fn told(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Query(query): Query<Asking>,
) -> Response {
    office.through(Door::Api, "read:notifications", &headers, |office, account| {
        let types: Vec<&str> = values(&query, "types[]");
        let unfiltered = values(&query, "include_filtered") == ["true"];
        let world = lock(&office.world);
        let told = world.told.iter().filter(|told| told.whom == account && (unfiltered || !told.filtered));
        let told: Vec<(&str, &Told)> = told.map(|told| (told.id.as_str(), told)).collect();
        let told = if types.is_empty() || types.contains(&"mention") { told } else { Vec::new() };
        let page = page(told, &query, 40, 80);
        let body: Vec<Value> =
            page.into_iter().filter_map(|told| saying::told(&world, told, &office.base())).collect();
        Json(body).into_response()
    })
}

pub async fn one(State(office): State<Arc<Office>>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    office.through(Door::Api, "read:statuses", &headers, |office, account| {
        let world = lock(&office.world);
        match world.post(&id).filter(|post| world.may_read(account, post)) {
            Some(post) => Json(saying::post(&world, post, &office.base())).into_response(),
            None => saying::error(404, "Record not found"),
        }
    })
}

pub async fn create(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    office.through(Door::Statuses, "write:statuses", &headers, |office, account| {
        let (now, key) = (office.front.now(), key.as_deref());
        if let Some(post) = key.and_then(|key| lock(&office.world).under_key(account, key, now).cloned()) {
            return Json(saying::post(&lock(&office.world), &post, &office.base())).into_response();
        }
        let text = body["status"].as_str().unwrap_or_default();
        let answers = body["in_reply_to_id"].as_str();
        let seen = Seen::named(body["visibility"].as_str().unwrap_or("public"));
        let media = body["media_ids"].as_array().cloned().unwrap_or_default();
        let media: Vec<String> = media.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect();
        let Some(seen) = seen else {
            return saying::error(422, "Validation failed: Visibility is not included in the list");
        };
        if let Some(refusal) = office.objection(account, text, answers, &media) {
            return refusal;
        }
        let post = office.say(account, text, seen, answers, media, true);
        if let Some(key) = key {
            lock(&office.world).keep_key(account, key, &post.id, now);
        }
        Json(saying::post(&lock(&office.world), &post, &office.base())).into_response()
    })
}

impl Office {
    fn objection(
        &self,
        account: &str,
        text: &str,
        answers: Option<&str>,
        media: &[String],
    ) -> Option<Response> {
        let world = lock(&self.world);
        if text.is_empty() && media.is_empty() {
            return Some(saying::error(422, "Validation failed: Text can't be blank"));
        }
        if length(text) > usize::try_from(self.max_characters).unwrap_or(usize::MAX) {
            let why = format!("Validation failed: Text character limit of {} exceeded", self.max_characters);
            return Some(saying::error(422, &why));
        }
        let files: Vec<_> = media.iter().map(|id| world.files.get(id)).collect();
        if files.iter().any(Option::is_none) || media.len() > 4 {
            return Some(saying::error(422, "Media attachments could not be found"));
        }
        if files.iter().flatten().any(|file| file.unready > 0) {
            let why = "Cannot attach files that have not finished processing. Try again in a moment!";
            return Some(saying::error(422, why));
        }
        let recording = |kind: &str| !kind.starts_with("image/");
        if media.len() > 1 && files.iter().flatten().any(|file| recording(&file.content_type)) {
            return Some(saying::error(422, "Cannot attach a video to a post that already contains images"));
        }
        let parent = world.post(answers?).filter(|post| world.may_read(account, post));
        parent
            .is_none()
            .then(|| saying::error(404, "The post you are trying to reply to does not appear to exist."))
    }

    /// Puts something up, tells whom it concerns, and lets them think about it.
    pub fn say(
        self: &Arc<Self>,
        by: &str,
        text: &str,
        seen: Seen,
        answers: Option<&str>,
        media: Vec<String>,
        through: bool,
    ) -> Posted {
        let post = lock(&self.world).put(by, text, seen, answers, media, self.front.now());
        let files = lock(&self.world).sizes(&post.media);
        self.front.note(Line::Posted {
            id: post.id.clone(),
            by: post.by.clone(),
            seen,
            text: post.text.clone(),
            through,
            files,
        });
        for whom in &post.names {
            self.heard(whom, &post);
        }
        post
    }
}

static COUNTED: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [r"https?://[\w.-]+\.[a-zA-Z]{2,}(/[^\s]*)?", r"(@\w[\w.-]*)@[\w.-]*\w"]
        .map(|pattern| Regex::new(pattern).expect("it is written above"))
});

/// As an instance counts: links 23, names without their hosts.
fn length(text: &str) -> usize {
    let links = COUNTED[0].replace_all(text, "xxxxxxxxxxxxxxxxxxxxxxx");
    COUNTED[1].replace_all(&links, "$1").chars().count()
}

fn values<'a>(query: &'a Asking, name: &str) -> Vec<&'a str> {
    query.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
}

/// One page, newest first: the newest, those below `max_id`, or those right above `min_id`.
fn page<'a, T>(all: Vec<(&str, &'a T)>, query: &Asking, usual: usize, most: usize) -> Vec<&'a T> {
    let one = |name: &str| values(query, name).first().copied();
    let number = |text: &str| text.parse::<u64>().unwrap_or(0);
    let limit = one("limit").and_then(|limit| limit.parse().ok()).unwrap_or(usual).min(most);
    let mut all: Vec<(u64, &T)> = all.into_iter().map(|(id, item)| (number(id), item)).collect();
    all.sort_by_key(|(id, _)| *id);
    if let Some(below) = one("max_id") {
        all.retain(|(id, _)| *id < number(below));
    }
    if let Some(above) = one("since_id").or(one("min_id")) {
        all.retain(|(id, _)| *id > number(above));
    }
    if one("min_id").is_some() {
        all.truncate(limit);
    }
    all.into_iter().rev().take(limit).map(|(_, item)| item).collect()
}
