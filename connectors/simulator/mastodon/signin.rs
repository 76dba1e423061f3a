//! Signing in: apps that register themselves, codes with PKCE, tokens that do not end.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::manners::refused_signin;
use super::saying;
use super::world::Line;
use super::{Office, lock};

const CODE_LASTS_MS: i64 = 10 * 60_000;
/// What a token made by hand may do.
pub const ALL_SCOPES: &str = "read write";

/// Who is signed in.
#[derive(Debug, Default)]
pub struct Desk {
    apps: HashMap<String, App>,
    codes: HashMap<String, Code>,
    tokens: HashMap<String, (String, Scopes)>,
    /// Who says yes on the instance's page.
    pub at_the_browser: Option<String>,
}

type Scopes = BTreeSet<String>;

#[derive(Clone, Debug)]
struct App {
    secret: String,
    redirects: Vec<String>,
    scopes: Scopes,
}

#[derive(Debug)]
struct Code {
    account: String,
    client: String,
    challenge: String,
    redirect: String,
    scopes: Scopes,
    until_ms: i64,
}

impl Desk {
    /// Lets a token in.
    pub fn allow(&mut self, token: &str, account: &str, scopes: &str) {
        self.tokens.insert(token.to_owned(), (account.to_owned(), listed(scopes)));
    }

    /// Takes every sign-in of the account back.
    pub fn revoke(&mut self, account: &str) {
        self.tokens.retain(|_, (whose, _)| whose != account);
    }
}

fn listed(scopes: &str) -> Scopes {
    scopes.split_whitespace().map(str::to_owned).collect()
}

/// `read` holds `read:statuses`.
fn holds(scopes: &Scopes, wanted: &str) -> bool {
    scopes.contains(wanted) || wanted.split_once(':').is_some_and(|(whole, _)| scopes.contains(whole))
}

impl Office {
    /// Whose token this is, if it allows that.
    pub fn signed(&self, headers: &HeaderMap, scope: &str) -> Result<String, Box<Response>> {
        let desk = lock(&self.desk);
        let bearer =
            headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        match bearer.and_then(|token| desk.tokens.get(token)) {
            None => Err(Box::new(saying::error(401, "The access token is invalid"))),
            Some((_, scopes)) if !holds(scopes, scope) => {
                Err(Box::new(saying::error(403, "This action is outside the authorized scopes")))
            }
            Some((account, _)) => Ok(account.clone()),
        }
    }
}

pub async fn register(State(office): State<Arc<Office>>, Json(asked): Json<Value>) -> Response {
    let text = |name: &str| asked[name].as_str().unwrap_or_default();
    let redirects: Vec<String> = match &asked["redirect_uris"] {
        Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
        Value::Array(all) => all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    if text("client_name").is_empty() {
        return saying::error(422, "Validation failed: Application name can't be blank");
    }
    if redirects.is_empty() || redirects.iter().any(|one| url::Url::parse(one).is_err()) {
        return saying::error(422, "Validation failed: Redirect URI must be an absolute URI.");
    }
    let scopes = listed(asked["scopes"].as_str().unwrap_or("read"));
    let word = || office.front.stage.random.word();
    let (id, secret) = (format!("client-{}{}", word(), word()), format!("secret-{}{}", word(), word()));
    let mut desk = lock(&office.desk);
    let number = (desk.apps.len() + 1).to_string();
    let app = App { secret: secret.clone(), redirects: redirects.clone(), scopes: scopes.clone() };
    desk.apps.insert(id.clone(), app);
    drop(desk);
    office.front.note(Line::Registered { client_id: id.clone() });
    let website = asked["website"].as_str();
    let body = json!({
        "id": number, "name": text("client_name"), "website": website, "scopes": scopes,
        "redirect_uri": redirects.join("\n"), "redirect_uris": redirects,
        "client_id": id, "client_secret": secret, "client_secret_expires_at": 0, "vapid_key": "",
    });
    Json(body).into_response()
}

/// The page where a person says yes; here somebody always does.
pub async fn authorize(
    State(office): State<Arc<Office>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let get = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let mut desk = lock(&office.desk);
    let Some(app) = desk.apps.get(&get("client_id")).cloned() else {
        return saying::error(401, "Client authentication failed due to unknown client");
    };
    let scopes = listed(&get("scope"));
    if !app.redirects.contains(&get("redirect_uri")) || get("response_type") != "code" {
        return saying::error(400, "The redirect uri included is not valid.");
    }
    if !scopes.iter().all(|scope| holds(&app.scopes, scope)) {
        return saying::error(400, "The requested scope is invalid, unknown, or malformed.");
    }
    if get("code_challenge_method") != "S256" && !get("code_challenge").is_empty() {
        return saying::error(400, "The code challenge method must be S256.");
    }
    let Some(account) = desk.at_the_browser.clone() else {
        return saying::error(401, "You need to login or sign up before continuing.");
    };
    let code = format!("code-{}", office.front.stage.random.word());
    let kept = Code {
        account,
        client: get("client_id"),
        challenge: get("code_challenge"),
        redirect: get("redirect_uri"),
        scopes,
        until_ms: office.front.now() + CODE_LASTS_MS,
    };
    desk.codes.insert(code.clone(), kept);
    let Ok(mut url) = url::Url::parse(&get("redirect_uri")) else {
        return saying::error(400, "The redirect uri included is not valid.");
    };
    url.query_pairs_mut().append_pair("code", &code).append_pair("state", &get("state"));
    (StatusCode::FOUND, [(header::LOCATION, url.to_string())]).into_response()
}

pub async fn token(
    State(office): State<Arc<Office>>,
    Form(asked): Form<HashMap<String, String>>,
) -> Response {
    let get = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let mut desk = lock(&office.desk);
    if desk.apps.get(get("client_id")).is_none_or(|app| app.secret != get("client_secret")) {
        let body = json!({"error": "invalid_client", "error_description": "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."});
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    if get("grant_type") != "authorization_code" {
        let body = json!({"error": "unsupported_grant_type", "error_description": "The authorization grant type is not supported by the authorization server."});
        return (StatusCode::BAD_REQUEST, Json(body)).into_response();
    }
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier").as_bytes()));
    let code = desk.codes.remove(get("code")).filter(|code| {
        code.until_ms > office.front.now()
            && code.client == get("client_id")
            && code.redirect == get("redirect_uri")
            && (code.challenge.is_empty() || code.challenge == proof)
    });
    let Some(code) = code else {
        return refused_signin(
            "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
        );
    };
    let random = &office.front.stage.random;
    let token = format!("token-{}{}", random.word(), random.word());
    let scope = code.scopes.iter().cloned().collect::<Vec<_>>().join(" ");
    desk.tokens.insert(token.clone(), (code.account.clone(), code.scopes));
    drop(desk);
    office.front.note(Line::Signed { account: code.account });
    let created_at = office.front.now().div_euclid(1000);
    let body =
        json!({"access_token": token, "token_type": "Bearer", "scope": scope, "created_at": created_at});
    Json(body).into_response()
}
