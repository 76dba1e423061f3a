//! A platform with a sign-in page of its own, on loopback: an authorisation server that holds to the letter (RFC 6749,
//! RFC 7636, rotation as in RFC 9700 section 4.14.2), and two connectors for it. Lighthouses are signed in one by one; a
//! harbour's sign-in opens several lamps, of which one is chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use connectors::contract::{
    Account, AttachmentRules, Batch, BoxFuture, Budget, Capabilities, Channel, Check, Choice, ClientAuth,
    Connector, Cost, Cursor, ExposeSecret, Failure, Field, FieldKind, Host, Invalid, Level, Look, Manifest,
    Oauth, Opened, Poll, Probe, Reach, Refresh, Registered, Registering, Settings, Signin, Stream, StreamId,
    TextLimit, TextUnit, Visibility,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use url::Url;

/// What the app proves itself with.
pub const CLIENT_SECRET: &str = "keeper-of-the-lamp";

static LIGHTHOUSE: Manifest = Manifest {
    name: "lighthouse",
    title: "Lighthouse",
    about: "Reads lamps.",
    look: Look { word: "Light", icon: "lamp", light: "#3C5A86", dark: "#93B1E0" },
    live: false,
    reach: None,
    vouches: true,
    fields: FIELDS,
    signin: &[
        Signin::Fields(&["way", "port", "client_id", "client_secret"]),
        Signin::Oauth(Oauth {
            when: Some(("way", "page")),
            label: "Sign in at the tower",
            authorize_url: "http://127.0.0.1:{port}/authorize?tower=north",
            token_url: "http://127.0.0.1:{port}/token",
            scopes: &["read", "shine"],
            pkce: true,
            client_auth: ClientAuth::Basic,
            extra: &[("prompt", "consent")],
            refresh: Refresh::Rotating,
            register_url: None,
        }),
    ],
};

static HARBOUR: Manifest = Manifest {
    name: "harbour",
    title: "Harbour",
    about: "Reads one lamp of many.",
    look: Look { word: "Harbour", icon: "anchor", light: "#3C5A86", dark: "#93B1E0" },
    live: false,
    reach: Some(Reach::Phone),
    vouches: true,
    fields: FIELDS,
    signin: &[
        Signin::Oauth(Oauth {
            when: None,
            label: "Sign in at the harbour",
            authorize_url: "http://127.0.0.1:{port}/authorize",
            token_url: "http://127.0.0.1:{port}/token",
            scopes: &["lamps"],
            pkce: true,
            client_auth: ClientAuth::Body,
            extra: &[],
            refresh: Refresh::Exchange,
            register_url: None,
        }),
        Signin::Pick { what: "Lamp", field: "lamp" },
        Signin::Instructions("Light the lamp."),
    ],
};

static BUOY: Manifest = Manifest {
    name: "buoy",
    title: "Buoy",
    about: "Reads lamps that nobody has an app for, whose keepers wait.",
    look: Look { word: "Buoy", icon: "anchor", light: "#3C5A86", dark: "#93B1E0" },
    live: true,
    reach: Some(Reach::Phone),
    vouches: true,
    fields: &[
        Field { required: true, kind: FieldKind::Number, ..field("port", "Port") },
        Field { when: Some(("port", &[])), kind: FieldKind::Secret, ..field("client_id", "App") },
        Field { when: Some(("port", &[])), kind: FieldKind::Secret, ..field("client_secret", "Its secret") },
        Field { when: Some(("port", &[])), default: Some("quiet"), ..field("bell", "Bell") },
    ],
    signin: &[Signin::Oauth(Oauth {
        when: None,
        label: "Sign in at the buoy",
        authorize_url: "http://127.0.0.1:{port}/authorize",
        token_url: "http://127.0.0.1:{port}/token",
        scopes: &["read"],
        pkce: true,
        client_auth: ClientAuth::Body,
        extra: &[],
        refresh: Refresh::None,
        register_url: Some("http://127.0.0.1:{port}/apps"),
    })],
};

const FIELDS: &[Field] = &[
    Field {
        kind: FieldKind::Choice(&[
            Choice { value: "page", label: "On the page" },
            Choice { value: "open", label: "Without" },
        ]),
        default: Some("page"),
        ..field("way", "Signing in")
    },
    Field { required: true, kind: FieldKind::Number, ..field("port", "Port") },
    Field { when: Some(("way", &["page"])), required: true, ..field("client_id", "App") },
    Field { when: Some(("way", &["page"])), kind: FieldKind::Secret, ..field("client_secret", "Its secret") },
    field("lamp", "Lamp"),
    Field { default: Some("quiet"), ..field("bell", "Bell") },
];

const fn field(name: &'static str, label: &'static str) -> Field {
    Field {
        name,
        label,
        help: "As it says.",
        kind: FieldKind::Text,
        required: false,
        default: None,
        when: None,
    }
}

/// All three connectors.
pub static CONNECTORS: &[&dyn Connector] = &[&Coast(&LIGHTHOUSE), &Coast(&HARBOUR), &Coast(&BUOY)];

struct Coast(&'static Manifest);

impl Connector for Coast {
    fn manifest(&self) -> &'static Manifest {
        self.0
    }

    fn hosts(&self, settings: &Settings) -> Vec<Host> {
        let port = settings.get("port").and_then(|port| port.parse().ok());
        vec![Host { name: "127.0.0.1".into(), port }]
    }

    fn open(&self, account: Account) -> Result<Arc<dyn Channel>, Vec<Invalid>> {
        Ok(Arc::new(Lamp { account, open: self.0.name == "lighthouse", rings: self.0.name == "buoy" }))
    }

    fn register(&self, asking: Registering) -> BoxFuture<'static, Result<Registered, Failure>> {
        Box::pin(async move {
            let url = format!("http://127.0.0.1:{}/apps", asking.settings.get("port").unwrap_or_default());
            let told = [("name", asking.name), ("back", &asking.redirect)];
            let request = asking.outside.request(reqwest::Method::POST, &url).form(&told);
            let answer = asking.outside.send(request.build().expect("a request")).await?;
            if answer.status() != 200 {
                let why = "The buoy registers nobody today.".to_owned();
                return Err(Failure::AccountBlocked { until: None, why });
            }
            Ok(Registered { client_id: "deskbell".into(), client_secret: Some(CLIENT_SECRET.into()) })
        })
    }

    fn opened(&self, account: Account) -> BoxFuture<'static, Result<Vec<Opened>, Failure>> {
        let harbour = self.0.name == "harbour";
        Box::pin(async move {
            if !harbour {
                return Ok(Vec::new());
            }
            let lamp = Lamp { account, open: false, rings: false };
            let told = lamp.ask("/lamps").await?;
            let lamps = told["lamps"].as_array().cloned().unwrap_or_default();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            Ok(lamps
                .iter()
                .map(|lamp| Opened {
                    id: text(&lamp["id"]),
                    name: text(&lamp["name"]),
                    token: Some(text(&lamp["token"]).into()),
                    ends_at: lamp["ends_at"].as_i64(),
                })
                .collect())
        })
    }
}

/// One account.
struct Lamp {
    account: Account,
    /// May be told to need no sign-in at all.
    open: bool,
    /// Learns of its bell.
    rings: bool,
}

impl Lamp {
    async fn ask(&self, path: &str) -> Result<Value, Failure> {
        let port = self.account.settings.get("port").unwrap_or_default();
        let url = format!("http://127.0.0.1:{port}{path}");
        let mut refused: Option<String> = None;
        loop {
            let mut request = self.account.outside.request(reqwest::Method::GET, &url);
            let mut used = String::new();
            if !(self.open && self.account.settings.get("way") == Some("open")) {
                let token = self.account.tokens.access_token(refused.as_deref()).await?;
                used = token.expose_secret().to_owned();
                request = request.bearer_auth(&used);
            }
            let answer = self.account.outside.send(request.build().expect("a request")).await?;
            if answer.status() == 401 && refused.is_none() {
                refused = Some(used);
                continue;
            }
            if answer.status() != 200 {
                let said = format!("The tower does not let {used} in.");
                return Err(Failure::NeedsSignin { why: said });
            }
            return answer
                .json()
                .await
                .map_err(|error| Failure::Transient { after_ms: None, why: error.to_string() });
        }
    }
}

impl Channel for Lamp {
    fn capabilities(&self) -> Capabilities {
        let limit = TextLimit { max: Some(100), unit: TextUnit::Characters };
        Capabilities {
            text: limit,
            public_text: None,
            subject: false,
            formatting: Level::Unsupported,
            attachments: AttachmentRules::none("Here only words are sent."),
            public_attachments: None,
            windows: Vec::new(),
            one_shot_reply_ms: None,
            undo_hold_ms: 0,
            visibility: vec![Visibility::Private],
            delivered_receipts: Level::Unsupported,
            read_receipts: Level::Unsupported,
            echoes: Level::Unsupported,
            signature: false,
            poll_interval_ms: 60_000,
            cost: None,
        }
    }

    fn probe(&self) -> BoxFuture<'_, Result<Probe, Failure>> {
        Box::pin(async move {
            let told = self.ask("/me").await?;
            let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
            let (id, shown) = (text("id"), text("name"));
            let lit = told["lit"] != false;
            let detail =
                if lit { "It shines." } else { "It is dark. Light it at the tower, then test again." };
            let checks = vec![Check { name: "Look at the lamp".into(), passed: lit, detail: detail.into() }];
            Ok(Probe { address: shown, ours: vec![id], checks, signin_ends_at: told["ends_at"].as_i64() })
        })
    }

    fn learnt(&self) -> Settings {
        if self.rings { Settings::new().with("bell", "loud") } else { Settings::new() }
    }

    fn poll(&self) -> Option<&dyn Poll> {
        Some(self)
    }
}

impl Poll for Lamp {
    fn streams(&self) -> BoxFuture<'_, Result<Vec<Stream>, Failure>> {
        let beams = vec![Stream { id: StreamId("beams".into()), name: "Beams".into(), echoes: false }];
        Box::pin(async move { Ok(beams) })
    }

    /// Each read goes one further, so that a cursor shows where reading went on.
    fn poll<'a>(
        &'a self,
        _stream: &'a StreamId,
        cursor: Option<&'a Cursor>,
        _budget: Budget,
    ) -> BoxFuture<'a, Result<Batch, Failure>> {
        let at = cursor.and_then(|cursor| cursor.0.as_u64()).unwrap_or(0);
        Box::pin(async move {
            self.ask("/me").await?;
            Ok(Batch {
                envelopes: Vec::new(),
                next: Cursor(json!(at + 1)),
                more: false,
                not_before: None,
                backlog: Some(0),
                note: None,
                cost: Cost::default(),
            })
        })
    }
}

/// The authorisation server.
#[derive(Clone)]
pub struct Office {
    pub port: u16,
    state: Arc<Mutex<Papers>>,
}

/// What the server has written down.
#[derive(Default)]
pub struct Papers {
    codes: BTreeMap<String, Code>,
    access: BTreeMap<String, String>,
    refresh: BTreeMap<String, String>,
    spent: BTreeSet<String>,
    number: u32,
    /// Each grant type that was asked for, in order.
    pub asked: Vec<String>,
    /// Gives no refresh token.
    pub stingy: bool,
    /// Answers this to the next request for a token.
    pub instead: Option<(u16, &'static str)>,
    /// The lamps of the harbour: id, name.
    pub lamps: Vec<(&'static str, &'static str)>,
    /// What accounts are called by now, where they were renamed.
    pub renamed: BTreeMap<&'static str, &'static str>,
    /// Lamps that are out.
    pub dark: bool,
    /// When the sign-in ends, as the account itself says.
    pub ends_at: Option<i64>,
    /// The apps that registered themselves: what they are called, and where they have people sent back to.
    pub apps: Vec<(String, String)>,
    /// Registers nobody.
    pub full: bool,
}

struct Code {
    account: String,
    challenge: String,
    redirect: String,
}

impl Office {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let office = Self { port, state: Arc::default() };
        let routes = Router::new()
            .route("/apps", post(apps))
            .route("/token", post(token))
            .route("/me", get(me))
            .route("/lamps", get(lamps))
            .with_state(office.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        office
    }

    pub fn papers(&self) -> MutexGuard<'_, Papers> {
        self.state.lock().expect("no test panics while holding the papers")
    }

    /// A person signs in as `account` on the page at `url`: the query that they are sent back with.
    pub fn agree(&self, url: &str, account: &str) -> String {
        let url = Url::parse(url).expect("an address");
        assert_eq!(url.path(), "/authorize");
        let asked: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["client_id"], "deskbell");
        assert!(asked["state"].len() >= 40, "a secret that nobody guesses");
        let mut papers = self.papers();
        papers.number += 1;
        let code = format!("code/{}+&", papers.number);
        papers.codes.insert(
            code.clone(),
            Code {
                account: account.to_owned(),
                challenge: asked["code_challenge"].clone(),
                redirect: asked["redirect_uri"].clone(),
            },
        );
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("code", &code).append_pair("state", &asked["state"]).append_pair("iss", "tower");
        query.finish()
    }

    /// A person declines on the page at `url`.
    pub fn decline(url: &str, error: &str) -> String {
        let url = Url::parse(url).expect("an address");
        let state = url.query_pairs().find(|(name, _)| name == "state").expect("a state").1.into_owned();
        format!("error={error}&state={state}")
    }

    /// The platform takes every sign-in back.
    pub fn revoke_everything(&self) {
        let mut papers = self.papers();
        papers.access.clear();
        papers.refresh.clear();
    }
}

async fn apps(State(office): State<Office>, Form(asked): Form<BTreeMap<String, String>>) -> Response {
    let mut papers = office.papers();
    if papers.full {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    papers.apps.push((asked["name"].clone(), asked["back"].clone()));
    StatusCode::OK.into_response()
}

async fn token(
    State(office): State<Office>,
    headers: HeaderMap,
    Form(asked): Form<BTreeMap<String, String>>,
) -> Response {
    let mut papers = office.papers();
    papers.asked.push(asked["grant_type"].clone());
    if let Some((status, body)) = papers.instead.take() {
        let status = StatusCode::from_u16(status).expect("a status");
        return (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    }
    let refuse = |error: &str, words: &str| {
        let body = json!({ "error": error, "error_description": words });
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    };
    let basic = format!("Basic {}", STANDARD.encode(format!("deskbell:{CLIENT_SECRET}")));
    let proven = headers.get(header::AUTHORIZATION).is_some_and(|value| *value == *basic)
        || (asked.get("client_id").is_some_and(|id| id == "deskbell")
            && asked.get("client_secret").is_some_and(|secret| secret == CLIENT_SECRET));
    if !proven {
        return refuse("invalid_client", "wrong secret");
    }
    let account = if asked["grant_type"] == "authorization_code" {
        let Some(code) = papers.codes.remove(&asked["code"]) else {
            return refuse("invalid_grant", "no such code");
        };
        let shown = URL_SAFE_NO_PAD.encode(Sha256::digest(asked["code_verifier"].as_bytes()));
        if shown != code.challenge || asked["redirect_uri"] != code.redirect {
            return refuse("invalid_grant", "not who left");
        }
        code.account
    } else {
        let old = &asked["refresh_token"];
        if papers.spent.contains(old) {
            // Somebody else has it too: nobody keeps anything.
            papers.access.clear();
            papers.refresh.clear();
            return refuse("invalid_grant", "used already");
        }
        let Some(account) = papers.refresh.remove(old) else {
            return refuse("invalid_grant", "not known");
        };
        papers.spent.insert(old.clone());
        account
    };
    papers.number += 1;
    let (access, refresh) = (format!("access-{}", papers.number), format!("refresh-{}", papers.number));
    papers.access.retain(|_, owner| *owner != account);
    papers.access.insert(access.clone(), account.clone());
    let mut given = json!({ "access_token": access, "token_type": "Bearer", "expires_in": 7200 });
    if !papers.stingy {
        given["refresh_token"] = json!(refresh);
        papers.refresh.insert(refresh, account);
    }
    Json(given).into_response()
}

fn who(papers: &Papers, headers: &HeaderMap) -> Option<String> {
    let token = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    papers.access.get(token).cloned()
}

async fn me(State(office): State<Office>, headers: HeaderMap) -> Response {
    let papers = office.papers();
    let id = match headers.contains_key(header::AUTHORIZATION) {
        true => who(&papers, &headers),
        false => Some("nobody".to_owned()),
    };
    let Some(id) = id else { return StatusCode::UNAUTHORIZED.into_response() };
    let name = papers.renamed.get(id.as_str()).copied().unwrap_or(id.as_str());
    Json(json!({ "id": format!("id-{}", id.replace(' ', "-")), "name": name, "lit": !papers.dark, "ends_at": papers.ends_at }))
        .into_response()
}

async fn lamps(State(office): State<Office>, headers: HeaderMap) -> Response {
    let mut papers = office.papers();
    let Some(_) = who(&papers, &headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    let lamps = papers.lamps.clone();
    let mut told = Vec::new();
    for (id, name) in lamps {
        let token = format!("lamp-token-{id}");
        papers.access.insert(token.clone(), name.to_owned());
        told.push(json!({ "id": id, "name": name, "token": token }));
    }
    Json(json!({ "lamps": told })).into_response()
}
