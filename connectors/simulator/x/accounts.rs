//! Signing in: authorization codes with PKCE, tokens that last two hours, refresh tokens that work once.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::limits::Door;
use super::manners::refused_signin;
use super::saying;
use super::world::Line;
use super::{Office, lock};

const LASTS_MS: i64 = 2 * 3_600_000;
const CODE_LASTS_MS: i64 = 30_000;

/// A library's account with the app that signs it in.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Its number.
    pub id: String,
    /// Of the app.
    pub client_id: String,
    /// Of the app.
    pub client_secret: String,
    /// Of the app alone.
    pub app_token: String,
    /// Proves the platform's calls.
    pub consumer_secret: String,
}

/// Who is signed in.
#[derive(Debug, Default)]
pub struct Desk {
    pub registered: Vec<Registered>,
    access: HashMap<String, (String, i64)>,
    refresh: HashMap<String, String>,
    /// Those that were used: whoever shows one again is a thief, and the whole family dies.
    spent: HashMap<String, String>,
    codes: HashMap<String, Code>,
}

#[derive(Debug)]
struct Code {
    account: String,
    challenge: String,
    redirect: String,
    until_ms: i64,
}

impl Desk {
    /// A fresh pair.
    pub fn pair(&mut self, account: &str, word: impl Fn() -> String, now_ms: i64) -> (String, String) {
        let (access, refresh) =
            (format!("access-{}{}", word(), word()), format!("refresh-{}{}", word(), word()));
        self.access.insert(access.clone(), (account.to_owned(), now_ms + LASTS_MS));
        self.refresh.insert(refresh.clone(), account.to_owned());
        (access, refresh)
    }

    /// Takes every sign-in of the account back.
    pub fn revoke(&mut self, account: &str) {
        self.access.retain(|_, (whose, _)| whose != account);
        self.refresh.retain(|_, whose| whose != account);
    }

    /// Lets every access token of the account run out.
    pub fn expire(&mut self, account: &str) {
        self.access.retain(|_, (whose, _)| whose != account);
    }

    fn of_client(&self, id: &str) -> Option<&Registered> {
        self.registered.iter().find(|one| one.client_id == id)
    }
}

impl Office {
    /// Whose token this is.
    pub fn signed(&self, headers: &HeaderMap) -> Result<String, Box<Response>> {
        let desk = lock(&self.desk);
        let now = self.front.now();
        let known = bearer(headers).and_then(|token| desk.access.get(token));
        known
            .filter(|(_, until)| *until > now)
            .map(|(account, _)| account.clone())
            .ok_or_else(|| Box::new(saying::unauthorized()))
    }

    /// Whose app's token this is.
    pub fn app(&self, headers: &HeaderMap) -> Result<Registered, Box<Response>> {
        let desk = lock(&self.desk);
        let token = bearer(headers);
        let known = desk.registered.iter().find(|one| token == Some(one.app_token.as_str()));
        known.cloned().ok_or_else(|| Box::new(saying::unauthorized()))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

pub async fn me(State(office): State<Arc<Office>>, headers: HeaderMap) -> Response {
    office.through(Door::Me, &headers, |office, account| {
        let world = lock(&office.world);
        match world.person(account) {
            Some(person) => Json(json!({"data": saying::person(person)})).into_response(),
            None => saying::not_found("user"),
        }
    })
}

/// The page where a person says yes; here somebody always does.
pub async fn authorize(
    State(office): State<Arc<Office>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let get = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let mut desk = lock(&office.desk);
    let Some(registered) = desk.of_client(&get("client_id")).cloned() else {
        return saying::invalid("Something went wrong: you were not able to give access to the App.");
    };
    if get("code_challenge_method") != "S256" || get("code_challenge").is_empty() {
        return saying::invalid("code_challenge with S256 is required.");
    }
    let code = format!("code-{}", office.front.stage.random.word());
    let kept = Code {
        account: registered.id,
        challenge: get("code_challenge"),
        redirect: get("redirect_uri"),
        until_ms: office.front.now() + CODE_LASTS_MS,
    };
    desk.codes.insert(code.clone(), kept);
    let Ok(mut url) = url::Url::parse(&get("redirect_uri")) else {
        return saying::invalid("redirect_uri is no address.");
    };
    url.query_pairs_mut().append_pair("state", &get("state")).append_pair("code", &code);
    (StatusCode::FOUND, [(header::LOCATION, url.to_string())]).into_response()
}

pub async fn token(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    Form(asked): Form<HashMap<String, String>>,
) -> Response {
    let get = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let mut desk = lock(&office.desk);
    let now = office.front.now();
    let Some(registered) = client(&desk, &headers) else {
        let body = json!({"error": "unauthorized_client", "error_description": "Missing valid authorization header"});
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    };
    let account = match get("grant_type") {
        "refresh_token" => {
            let given = get("refresh_token");
            if let Some(account) = desk.spent.get(given).cloned() {
                desk.revoke(&account);
                return refused_signin("Value passed for the token was invalid.");
            }
            match desk.refresh.remove(given) {
                Some(account) if account == registered.id => {
                    desk.spent.insert(given.to_owned(), account.clone());
                    desk.expire(&account);
                    account
                }
                None if office.forgiving => registered.id,
                _ => return refused_signin("Value passed for the token was invalid."),
            }
        }
        "authorization_code" => {
            let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier").as_bytes()));
            match desk.codes.remove(get("code")) {
                Some(code)
                    if code.until_ms > now
                        && code.challenge == proof
                        && code.redirect == get("redirect_uri")
                        && code.account == registered.id =>
                {
                    code.account
                }
                _ => return refused_signin("Value passed for the authorization code was invalid."),
            }
        }
        _ => {
            let body = json!({"error": "unsupported_grant_type"});
            return (StatusCode::BAD_REQUEST, Json(body)).into_response();
        }
    };
    let random = office.front.stage.random.clone();
    let (access, refresh) = desk.pair(&account, || random.word(), now);
    drop(desk);
    office.front.note(Line::Signed { account, refreshed: get("grant_type") == "refresh_token" });
    let body = json!({
        "token_type": "bearer",
        "expires_in": LASTS_MS / 1000,
        "access_token": access,
        "refresh_token": refresh,
        "scope": "tweet.read tweet.write users.read dm.read dm.write media.write offline.access",
    });
    Json(body).into_response()
}

/// HTTP Basic, as X wants it from apps that can keep a secret.
fn client(desk: &Desk, headers: &HeaderMap) -> Option<Registered> {
    let basic = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(basic).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    desk.of_client(id).filter(|one| one.client_secret == secret).cloned()
}
