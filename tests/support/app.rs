//! The whole program without its sockets: the real router, store and verbs, a clock that stands still, people signed in.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, Response, header};
use connectors::contract;
use deskbell::access::password;
use deskbell::app::App;
use deskbell::clock::Clock;
use deskbell::config::Config;
use deskbell::error::Error;
use deskbell::model::channel::{Channel, State};
use deskbell::model::people::{Branch, Desk, Library, Role, Staff};
use deskbell::store::{channels, people};
use deskbell::{http, inbound};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use uuid::Uuid;

use super::postgres::{Database, fresh_database};

/// Noon on the first of October 2026, UTC.
pub const NOW: i64 = 1_790_856_000_000;
/// Everybody's password.
pub const PASSWORD: &str = "a long pass phrase";
static HASH: LazyLock<String> = LazyLock::new(|| password::hash(PASSWORD).expect("long enough"));

/// The program with a library in it; gone with this value.
pub struct TestApp {
    pub app: App,
    pub router: Router,
    pub stop: CancellationToken,
    pub channel: Channel,
    pub desk: Desk,
    /// Answers.
    pub ana: Staff,
    /// Answers too.
    pub bryan: Staff,
    /// Leads them.
    pub lena: Staff,
    /// May only read.
    pub vera: Staff,
    /// Looks after the channels.
    pub ada: Staff,
    _folder: TempDir,
    _database: Option<Database>,
}

impl Deref for TestApp {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl TestApp {
    /// On a file.
    pub async fn sqlite() -> Option<Self> {
        Some(Self::start(None, |_| {}).await)
    }

    /// On a server, where there is one.
    pub async fn postgres() -> Option<Self> {
        Some(Self::start(Some(fresh_database()?), |_| {}).await)
    }

    /// On a file, told something else than usual.
    pub async fn told(tell: impl FnOnce(&mut Config)) -> Self {
        Self::start(None, tell).await
    }

    async fn start(database: Option<Database>, tell: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut config = Config::in_folder(folder.path());
        config.synchronous = deskbell::config::Synchronous::Normal;
        if let Some(database) = &database {
            config.store = database.url();
        }
        // For the programs of a test that are called; `localhost` is not among them.
        config.private_hosts = vec!["127.0.0.1".to_owned()];
        tell(&mut config);
        let app = App::open_among(config, Clock::frozen(NOW), super::lighthouse::CONNECTORS).await;
        let app = app.expect("an empty folder opens");
        let (clock, stop) = (app.clock.clone(), CancellationToken::new());
        let library = Library {
            id: clock.id(),
            name: "Harbour Library".into(),
            zone: "Europe/Berlin".into(),
            created_at: NOW,
        };
        let branch = Branch { id: clock.id(), name: "Central".into() };
        let desk = Desk {
            id: clock.id(),
            name: "Reference".into(),
            branch_id: branch.id,
            branch_name: branch.name.clone(),
            promise_ms: 86_400_000,
            library: None,
        };
        let person = |name: &str, role| Staff {
            id: clock.id(),
            name: name.to_owned(),
            public_name: name.split(' ').next().expect("a first name").to_owned(),
            email: format!(
                "{}@harbour.example",
                name.split(' ').next().expect("a first name").to_lowercase()
            ),
            role,
            created_at: NOW,
            disabled_at: None,
        };
        let staff = [
            person("Ana Lima", Role::Staff),
            person("Bryan Cole", Role::Staff),
            person("Lena Roth", Role::Lead),
            person("Vera Idle", Role::Viewer),
            person("Ada Reed", Role::Admin),
        ];
        let channel = channel(clock.id(), desk.id);
        let (kept, kept_desk, kept_channel) = (staff.clone(), desk.clone(), channel.clone());
        app.db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    people::insert_library(tx, &library).await?;
                    people::insert_branch(tx, library.id, &branch).await?;
                    people::insert_desk(tx, &kept_desk).await?;
                    for person in &kept {
                        people::insert_staff(tx, person, Some(&HASH)).await?;
                    }
                    channels::insert(tx, &kept_channel).await?;
                    Ok(())
                })
            })
            .await
            .expect("a library is set up");
        let router = http::router(app.clone(), stop.clone());
        let [ana, bryan, lena, vera, ada] = staff;
        Self {
            app,
            router,
            stop,
            channel,
            desk,
            ana,
            bryan,
            lena,
            vera,
            ada,
            _folder: folder,
            _database: database,
        }
    }

    /// A browser that nobody has signed in with.
    pub fn stranger(&self) -> Client {
        Client {
            router: self.router.clone(),
            headers: HeaderMap::new(),
            peer: "198.51.100.7:5000".parse().expect("one"),
        }
    }

    /// Somebody's browser.
    pub async fn signed_in(&self, staff: &Staff) -> Client {
        let mut client = self.stranger();
        // From a place of their own, so that no test uses up another's tries.
        let n = self.clock.id().as_bytes()[15];
        client.peer = SocketAddr::from(([192, 0, 2, n], 5000));
        let body = serde_json::json!({ "email": staff.email, "password": PASSWORD });
        let answer = client.post("/sessions", body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        client.keep_cookie(&answer);
        client
    }

    /// Another process on the same store.
    pub async fn another(&self) -> App {
        let config = (*self.config).clone();
        let app = App::open_among(config, self.clock.clone(), super::lighthouse::CONNECTORS).await;
        app.expect("a second process opens")
    }

    /// A patron writes: a new conversation each time.
    pub async fn patron_asks(&self, name: &str, text: &str) -> Uuid {
        self.patron_says(name, text, &[]).await
    }

    /// A patron writes, answering what has these ids.
    pub async fn patron_says(&self, name: &str, text: &str, references: &[&str]) -> Uuid {
        let id = self.clock.id();
        self.take_in(vec![mail(&id.to_string(), name, text, references, self.clock.now())]).await;
        let event = {
            let mut conn = self.db.read().await.expect("a connection");
            let newest = deskbell::store::events::newest(&mut conn).await.expect("a number");
            deskbell::store::events::after(&mut conn, newest - 1, 1).await.expect("an event")
        };
        event.first().expect("what was just said").conversation_id
    }

    /// What a platform gives.
    pub async fn take_in(&self, envelopes: Vec<contract::Envelope>) {
        inbound::accept(&self.app, &self.channel, envelopes, None).await.expect("kept");
    }
}

fn channel(id: Uuid, desk_id: Uuid) -> Channel {
    Channel {
        id,
        name: "Ask us".to_owned(),
        kind: "paper".to_owned(),
        desk_id,
        address: "ask@harbour.example".to_owned(),
        ours: "ask@harbour.example".to_owned(),
        open_settings: "{}".to_owned(),
        sealed_settings: Vec::new(),
        schedule: None,
        undo_hold_ms: None,
        budget_micros: None,
        state: State::Active,
        state_since: NOW,
        state_why: None,
        signin_ends_at: None,
        created_at: NOW,
        removed_at: None,
    }
}

/// A message as a connector reads it.
pub fn mail(id: &str, name: &str, text: &str, references: &[&str], at: i64) -> contract::Envelope {
    let address = format!("{}@patron.example", name.to_lowercase().replace(' ', "."));
    contract::Envelope {
        external_id: format!("inbox-{id}"),
        fingerprint: None,
        renumbered: false,
        raw: format!("From: {address}\r\n\r\n{text}").into(),
        content_type: "message/rfc822",
        at,
        event: contract::Event::Message(Box::new(contract::Message {
            id: Some(format!("<{id}@patron.example>")),
            author: Some(contract::Address {
                id: address.clone(),
                shown: address,
                name: Some(name.to_owned()),
            }),
            written_at: Some(at),
            subject: Some(text.chars().take(40).collect()),
            said: contract::Said { text: text.to_owned(), reply_text: text.to_owned(), html: None },
            thread: contract::Thread {
                references: references.iter().map(|one| (*one).to_owned()).collect(),
                ..contract::Thread::default()
            },
            ..contract::Message::default()
        })),
    }
}

/// A browser or a program.
#[derive(Clone)]
pub struct Client {
    router: Router,
    /// Sent with every request.
    pub headers: HeaderMap,
    /// Where it connects from.
    pub peer: SocketAddr,
}

impl Client {
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, Some(body)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None).await
    }

    /// A request to the API, with a JSON body if there is one.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).expect("a request")).await
    }

    /// Any request at all.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.open(request).await).await
    }

    /// The same, its body still to be read.
    pub async fn open(&self, mut request: Request<Body>) -> Response<Body> {
        for (name, value) in &self.headers {
            request.headers_mut().insert(name, value.clone());
        }
        request.headers_mut().entry(header::HOST).or_insert("desk.example".parse().expect("a host"));
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.router.clone().oneshot(request).await.expect("the router always answers")
    }

    /// Keeps the cookie that an answer sets.
    pub fn keep_cookie(&mut self, answer: &Answer) {
        let set = answer.headers.get(header::SET_COOKIE).expect("a cookie").to_str().expect("ASCII");
        let pair = set.split(';').next().expect("a pair").parse().expect("a header");
        self.headers.insert(header::COOKIE, pair);
    }

    /// Speaks to this process from now on.
    pub fn at(mut self, router: Router) -> Self {
        self.router = router;
        self
    }

    /// Speaks with a token from now on.
    pub fn with_token(mut self, token: &str) -> Self {
        self.headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().expect("a header"));
        self
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 * 1024 * 1024).await.expect("a whole body");
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// The body, which must be JSON and the answer a success.
    pub fn json(&self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The problem's type without its beginning; whatever is told must be whole.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let told = self.told();
        assert_eq!(told["status"], self.status);
        for field in ["title", "detail"] {
            let sentence = told[field].as_str().expect("a sentence");
            assert!(sentence.len() > 5 && !sentence.contains("panicked"), "{told}");
        }
        let kind = told["type"].as_str().expect("a type");
        kind.strip_prefix("/problems/").expect("one of ours").to_owned()
    }

    /// The problem.
    pub fn told(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }
}

/// Writes each test twice: `NAME::sqlite` and `NAME::postgres`.
macro_rules! on_each_engine {
    ($(async fn $name:ident($app:ident: TestApp) $body:block)+) => {
        $(mod $name {
            use super::*;

            async fn check($app: crate::support::app::TestApp) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                if let Some(app) = crate::support::app::TestApp::sqlite().await {
                    check(app).await;
                }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(app) = crate::support::app::TestApp::postgres().await {
                    check(app).await;
                }
            }
        })+
    };
}
pub(crate) use on_each_engine;
