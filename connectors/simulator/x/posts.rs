//! Posts: answering, mentions, timelines.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::limits::Door;
use super::saying::{self, Asked};
use super::world::{Line, Posted, World, mentions};
use super::{Office, lock};
use crate::x::{ids, weigh};

const LONGEST: u32 = 280;
/// X gives no more of a timeline than its newest so many.
const GIVEN: usize = 800;

type Asking = HashMap<String, String>;

pub async fn mentioned(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Path(user): Path<String>,
    Query(query): Query<Asking>,
) -> Response {
    office.through(Door::Mentions, &headers, |office, account| {
        if user != account {
            return saying::forbidden("You may only read the mentions of the account that is signed in.");
        }
        let world = lock(&office.world);
        let Some(person) = world.person(account) else { return saying::not_found("user") };
        let posts: Vec<&Posted> = world.posts.iter().filter(|post| world.concerns(post, person)).collect();
        office.timeline(&world, &posts, &query)
    })
}

pub async fn by(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Path(user): Path<String>,
    Query(query): Query<Asking>,
) -> Response {
    office.through(Door::Timeline, &headers, |office, _| {
        let world = lock(&office.world);
        let posts: Vec<&Posted> = world.posts.iter().filter(|post| post.by == user).collect();
        office.timeline(&world, &posts, &query)
    })
}

pub async fn one(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<Asking>,
) -> Response {
    office.through(Door::Timeline, &headers, |office, _| {
        let world = lock(&office.world);
        let Some(post) = world.posts.iter().find(|post| post.id == id) else {
            return saying::not_found("post");
        };
        let mut body = json!({"data": saying::post(post, &Asked::read(&query))});
        let media: Vec<(String, String)> =
            post.media.iter().map(|id| (id.clone(), format!("{}/media/{id}.png", office.base()))).collect();
        if let Some(includes) = saying::includes(&world, &[&post.by], &media) {
            body["includes"] = includes;
        }
        Json(body).into_response()
    })
}

pub async fn create(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    office.through(Door::SendPost, &headers, |office, account| {
        let text = body["text"].as_str().unwrap_or_default().to_owned();
        let answers = body["reply"]["in_reply_to_tweet_id"].as_str().map(str::to_owned);
        let media: Vec<String> = body["media"]["media_ids"]
            .as_array()
            .map(|ids| ids.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect())
            .unwrap_or_default();
        if let Some(refusal) = office.objection(account, &text, answers.as_deref(), &media) {
            return refusal;
        }
        let post = lock(&office.world).put(account, &text, answers.as_deref(), media, office.front.now());
        office.posted(&post, true);
        let data = json!({"id": post.id, "text": saying::shortened(&post.text, &post.id).0});
        (StatusCode::CREATED, Json(json!({"data": data}))).into_response()
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
            return Some(saying::invalid("Your Tweet text is empty."));
        }
        if media.iter().any(|id| !world.files.contains_key(id)) {
            return Some(saying::invalid("Your media IDs are invalid."));
        }
        if weigh::weigh(text) > LONGEST {
            return Some(saying::forbidden(
                "Your Tweet text is too long. For more information on how to determine your text length, see the documentation.",
            ));
        }
        // X says the same of an answer that it has already.
        let same = |post: &&Posted| {
            post.by == account
                && post.answers.as_ref().map(|(id, _)| id.as_str()) == answers
                && (post.text == text || post.text.ends_with(&format!(" {text}")))
        };
        if world.posts.iter().rev().take(50).any(|post| same(&post)) {
            return Some(saying::forbidden("You are not allowed to create a Tweet with duplicate content."));
        }
        let answers = answers?;
        let Some(parent) = world.post(answers) else {
            return Some(saying::forbidden(
                "You attempted to reply to a Tweet that is deleted or not visible to you.",
            ));
        };
        let ours = world.person(account)?;
        (parent.by != account && !world.concerns(parent, ours) && !mentions(&parent.text, &ours.username)).then(|| {
            saying::forbidden("Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.")
        })
    }

    /// One page of a timeline, newest first.
    fn timeline(&self, world: &World, posts: &[&Posted], query: &Asking) -> Response {
        let size: usize = query.get("max_results").map_or(Ok(10), |text| text.parse()).unwrap_or(0);
        if !(5..=100).contains(&size) {
            return saying::invalid(&format!(
                "The `max_results` query parameter value [{size}] is not between 5 and 100"
            ));
        }
        if query.contains_key("since_id") && query.contains_key("start_time") {
            return saying::invalid("Only one of since_id and start_time may be given.");
        }
        let below = match page_mark(query) {
            Ok(below) => below,
            Err(refusal) => return *refusal,
        };
        let since = query.get("since_id");
        let from = query.get("start_time").and_then(|text| text.parse::<jiff::Timestamp>().ok());
        let given: Vec<&&Posted> = posts
            .iter()
            .rev()
            .take(GIVEN * self.patience as usize)
            .filter(|post| since.is_none_or(|since| ids::is_newer(&post.id, since)))
            .filter(|post| from.is_none_or(|from| post.at_ms >= from.as_millisecond()))
            .filter(|post| below.as_ref().is_none_or(|below| ids::is_newer(below, &post.id)))
            .collect();
        let more = given.len() > size;
        let given = &given[..given.len().min(size)];
        let asked = Asked::read(query);
        let mut body = json!({"meta": {"result_count": given.len()}});
        if let (Some(newest), Some(oldest)) = (given.first(), given.last()) {
            body["data"] = given.iter().map(|post| saying::post(post, &asked)).collect();
            body["meta"]["newest_id"] = newest.id.clone().into();
            body["meta"]["oldest_id"] = oldest.id.clone().into();
            if more {
                body["meta"]["next_token"] = mark(&oldest.id).into();
            }
            let people: Vec<&str> = given
                .iter()
                .flat_map(|post| {
                    [Some(post.by.as_str()), post.answers.as_ref().map(|(_, whom)| whom.as_str())]
                })
                .flatten()
                .collect();
            let media: Vec<(String, String)> = given
                .iter()
                .flat_map(|post| &post.media)
                .map(|id| (id.clone(), format!("{}/media/{id}.png", self.base())))
                .collect();
            if let Some(includes) = saying::includes(world, &people, &media) {
                body["includes"] = includes;
            }
        }
        Json(body).into_response()
    }
}

/// The page mark after this id: at least sixteen letters, as X's own.
pub fn mark(id: &str) -> String {
    format!("{id:0>20}pg")
}

/// The id below which a page begins.
pub fn page_mark(query: &Asking) -> Result<Option<String>, Box<Response>> {
    match query.get("pagination_token") {
        None => Ok(None),
        Some(token) => match token.strip_suffix("pg").map(|id| id.trim_start_matches('0').to_owned()) {
            Some(id) if ids::is_id(&id) => Ok(Some(id)),
            _ => Err(Box::new(saying::invalid("The `pagination_token` query parameter value is not valid"))),
        },
    }
}

impl Office {
    /// Tells everybody whom a new post concerns.
    pub fn posted(self: &Arc<Self>, post: &Posted, through: bool) {
        let files = lock(&self.world).sizes(&post.media);
        self.front.note(Line::Posted {
            id: post.id.clone(),
            by: post.by.clone(),
            text: post.text.clone(),
            through,
            files,
        });
        self.tell_of_post(post);
        if let Some((_, whom)) = &post.answers {
            self.heard_in_public(whom, post);
        }
    }
}
