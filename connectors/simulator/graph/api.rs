//! Takes a request apart and brings it to whom it concerns.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};

use super::acting::Form;
use super::book::Grant;
use super::fields::{self, Field};
use super::refusal::{Refusal, no};
use super::render::{Asker, Node, said};
use super::{Hall, usage};
use crate::facebook::signature;
use crate::simulator::lock;
use crate::simulator::web::{Manners, WebFault};

const MOST_BYTES: usize = 40 << 20;

/// Every request.
pub async fn serve(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    let path = request.uri().path().trim_matches('/').to_owned();
    let pieces: Vec<&str> = path.split('/').collect();
    if let ["files", name] = pieces.as_slice() {
        return hall.file(name);
    }
    let Some(pieces) =
        pieces.split_first().filter(|(version, _)| version.starts_with('v')).map(|(_, rest)| rest)
    else {
        return no(2_635, 0, "You are calling an unknown version of the Graph API.").into_response();
    };
    let query: HashMap<String, String> = said(request.uri()).into_iter().collect();
    match (request.method(), pieces) {
        (&Method::GET, ["dialog", "oauth"]) => match hall.agree(&query) {
            Ok(next) => Redirect::to(&next).into_response(),
            Err(refusal) => refusal.into_response(),
        },
        (_, ["oauth", "access_token"]) => {
            let form = match form(request).await {
                Ok(form) => form,
                Err(refusal) => return refusal.into_response(),
            };
            let told =
                form.fields.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
            answer(hall.grant(&query.into_iter().chain(told).collect()))
        }
        _ => {
            let answered = hall.known(request, pieces, &query).await;
            usage::told(&hall, answer(answered))
        }
    }
}

fn answer(result: Result<Value, Refusal>) -> Response {
    result.map_or_else(IntoResponse::into_response, |value| Json(value).into_response())
}

impl Hall {
    /// A request of somebody who says who they are.
    async fn known(
        self: &Arc<Self>,
        request: Request,
        pieces: &[&str],
        query: &HashMap<String, String>,
    ) -> Result<Value, Refusal> {
        let method = request.method().clone();
        let said = said(request.uri());
        let token = token(request.headers(), query);
        let app = self.is_app(&token);
        match (&method, pieces) {
            (&Method::GET, ["debug_token"]) if app => return Ok(self.look_at(query)),
            (&Method::GET, [id, "subscriptions"]) if app && self.is_app_id(id) => {
                return Ok(self.subscriptions());
            }
            (&Method::POST, [id, "subscriptions"]) if app && self.is_app_id(id) => {
                let form = form(request).await?;
                let told = form
                    .fields
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
                return self.subscribe_app(&told.collect()).await;
            }
            _ => {}
        }
        let grant = self.admit(&token, query)?;
        if pieces == ["me", "accounts"] {
            return self.accounts(&grant);
        }
        let Grant::Page(page) = grant else {
            return Err(no(210, 0, "A page access token is required to request this resource."));
        };
        usage::refused(self, pieces)?;
        if method == Method::POST {
            let form = form(request).await?;
            if let Some(refusal) = lock(&self.book).refusals.pop_front() {
                return Err(refusal);
            }
            let answer = match pieces {
                [id, "messages"] if *id == page => self.send(&page, form),
                [id, "photos"] if *id == page => self.upload(form),
                [id, "subscribed_apps"] if *id == page => {
                    self.subscribe(&page, form.fields.get("subscribed_fields").unwrap_or(&Value::Null))
                }
                [on, "comments"] => self.comment(&page, on, &form),
                _ => Err(no(100, 33, "Unsupported post request.")),
            };
            if self.echo_first {
                self.caller.settled().await;
            }
            return answer;
        }
        if let [id, "subscribed_apps"] = pieces
            && *id == page
        {
            return Ok(self.subscribed(&page));
        }
        self.read(&page, pieces, said, &token)
    }

    fn read(
        &self,
        page: &str,
        pieces: &[&str],
        mut said: Vec<(String, String)>,
        token: &str,
    ) -> Result<Value, Refusal> {
        let at = said.iter().position(|(name, _)| name == "fields");
        let within = match at.map(|at| said.remove(at).1) {
            Some(text) => fields::parse(&text).ok_or_else(|| no(2_500, 0, "Syntax error in the fields."))?,
            None => Vec::new(),
        };
        said.retain(|(name, _)| name != "access_token" && name != "appsecret_proof");
        let base = format!("{}/v25.0", self.address());
        let asker = Asker { base: &base, token };
        let book = lock(&self.book);
        let missing = || no(100, 33, "Unsupported get request. Object does not exist, or cannot be seen.");
        let node = |id: &str| book.node(page, id).ok_or_else(missing);
        match pieces {
            [id] => book.render(node(id)?, &within, &asker),
            [id, edge] => {
                let node: Node<'_> = node(id)?;
                let field = Field { name: (*edge).to_owned(), said, within };
                book.edge(node, &field, &asker)?.ok_or_else(|| no(2_500, 0, "Unknown path components"))
            }
            _ => Err(no(2_500, 0, "Unknown path components")),
        }
    }

    /// Whose token this is, with its proof.
    fn admit(&self, token: &str, query: &HashMap<String, String>) -> Result<Grant, Refusal> {
        let book = lock(&self.book);
        let dead = || no(190, 460, "Error validating access token: The session has been invalidated.");
        let grant = book.grants.get(token).cloned().ok_or_else(dead)?;
        match query.get("appsecret_proof") {
            Some(proof) if *proof != signature::app_proof(&book.app_secret, token) => {
                Err(no(100, 0, "Invalid appsecret_proof provided in the API argument"))
            }
            None => Err(no(100, 0, "API calls from the server require an appsecret_proof argument")),
            Some(_) => Ok(grant),
        }
    }

    fn is_app(&self, token: &str) -> bool {
        let book = lock(&self.book);
        token == format!("{}|{}", book.app_id, book.app_secret)
    }

    fn is_app_id(&self, id: &str) -> bool {
        lock(&self.book).app_id == id
    }

    fn file(&self, name: &str) -> Response {
        let stored = lock(&self.book).files.get(name).cloned();
        match stored.and_then(|stored| Some((stored.kind, stored.bytes?))) {
            Some((kind, bytes)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
            None => (StatusCode::FORBIDDEN, "URL signature expired").into_response(),
        }
    }
}

fn token(headers: &axum::http::HeaderMap, query: &HashMap<String, String>) -> String {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned);
    bearer.or_else(|| query.get("access_token").cloned()).unwrap_or_default()
}

/// The body, however it was written.
async fn form(request: Request) -> Result<Form, Refusal> {
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let unread = |_| no(100, 0, "The body cannot be read.");
    if kind.starts_with("multipart/") {
        let mut form = Form::default();
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unread(()))?;
        while let Some(part) = parts.next_field().await.map_err(|_| unread(()))? {
            let name = part.name().unwrap_or_default().to_owned();
            let (kind, file) = (part.content_type().map(str::to_owned), part.file_name().map(str::to_owned));
            let bytes = part.bytes().await.map_err(|_| unread(()))?;
            match file {
                Some(file) => form.file = Some((kind.unwrap_or_default(), file, bytes.to_vec())),
                None => {
                    form.fields.insert(name, json!(String::from_utf8_lossy(&bytes)));
                }
            }
        }
        return Ok(form);
    }
    let json = kind.starts_with("application/json");
    let bytes: Bytes = to_bytes(request.into_body(), MOST_BYTES).await.map_err(|_| unread(()))?;
    let fields = if json {
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(fields)) => fields.into_iter().collect(),
            _ => return Err(unread(())),
        }
    } else {
        url::form_urlencoded::parse(&bytes).map(|(name, value)| (name.into_owned(), json!(value))).collect()
    };
    Ok(Form { fields, file: None })
}

/// How the Graph API says that something is wrong with it.
pub struct Graphs;

impl Manners for Graphs {
    fn place(&self, request: &Parts) -> &'static str {
        let pieces: Vec<&str> = request.uri.path().trim_matches('/').split('/').collect();
        match pieces.as_slice() {
            ["files", ..] => "files",
            [_, "oauth" | "dialog" | "debug_token" | "me", ..] | [_, _, "subscriptions"] => "signin",
            [_, _, "feed" | "comments" | "photos"] => "comments",
            [_, _, "conversations" | "messages"] => "messenger",
            _ => "page",
        }
    }

    fn account(&self, request: &Parts) -> Option<String> {
        let id = request.uri.path().trim_matches('/').split('/').nth(1)?;
        id.starts_with(|c: char| c.is_ascii_digit()).then(|| id.to_owned())
    }

    fn refusal(&self, fault: WebFault, _: &Parts) -> Response {
        match fault {
            WebFault::TooMany => no(32, 0, "Page request limit reached"),
            WebFault::OutOfOrder => no(2, 0, "Service temporarily unavailable"),
            WebFault::Expired => no(190, 463, "Error validating access token: Session has expired"),
            WebFault::Revoked => {
                no(190, 458, "Error validating access token: The user has not authorized application")
            }
            _ => no(551, 1_545_041, "This person isn't available right now."),
        }
        .into_response()
    }

    fn can_meet(&self, fault: WebFault, request: &Parts) -> bool {
        let acts = request.method == Method::POST && matches!(self.place(request), "messenger" | "comments");
        match fault {
            WebFault::Refused => acts,
            WebFault::Expired | WebFault::Revoked => !matches!(self.place(request), "signin" | "files"),
            _ => true,
        }
    }
}

/// Headers of this name and value, where they can be written.
pub fn with_header(mut response: Response, name: &'static str, value: &Value) -> Response {
    if let Ok(value) = HeaderValue::from_str(&value.to_string()) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response
}
