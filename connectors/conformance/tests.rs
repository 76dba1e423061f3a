//! The exam is examined: a small connector that does everything right passes, and each of its flawed sisters fails.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{Call, Candidate, Fake, Fixture, Trouble, exam};
use crate::contract::*;

/// What is wrong with a toy, and a word that the exam must say of it.
const FLAWS: &[(&str, &str)] = &[
    ("loses one", "never come"),
    ("new names", "new names"),
    ("stands still", "did not move"),
    ("ignores the budget", "allowed"),
    ("loses its place when more comes", "came between two pages"),
    ("trusts its clock", "with our clock wrong"),
    ("panics", "panics"),
    ("forgets", "should say"),
    ("tells its secret", "secrets:"),
    ("logs its secret", "secrets:"),
    ("own door", "hosts:"),
    ("resends", "LostAnswer"),
    ("says not there", "looked for"),
    ("never finds", "looked for"),
    ("two ids", "the same key twice"),
    ("asks nobody", "fence:"),
    ("asks afterwards", "fence:"),
    ("needs nothing", "is missing"),
    ("takes any setting", "does not exist"),
    ("takes any file", "files:"),
    ("spoils files", "what arrived is not it"),
    ("carries twice", "what arrived is not it"),
    ("says not why", "files:"),
    ("takes any length", "too long"),
    ("retries the denied", "Denied"),
    ("echo as patron", "echoes:"),
    ("hears anybody", "webhook:"),
    ("calls are named anew", "the same call twice"),
    ("calls have another name", "is here 2 times"),
    ("calls are read otherwise", "read otherwise"),
    ("calls have another author", "read otherwise"),
    ("calls have the hour of the call", "read otherwise"),
    ("calls lack files", "read otherwise"),
    ("calls of echoes are a patron's", "read otherwise"),
    ("calls are held", "is here 0 times"),
    ("a call is not understood", "never told"),
    ("nobody is called", "never told"),
    ("no call is asked for", "it is not called"),
    ("what was called is not read", "told when nothing could be kept"),
    ("a call moves the place", "while pages are turned"),
    ("other parts", "other parts"),
    ("cannot read again", "again:"),
    ("reads another text again", "again:"),
];

#[tokio::test]
async fn the_good_toy_passes() {
    exam(&ToyExam { flaw: "" }).await;
}

/// Exams wait more than they work: several are sat at a time, each portion on a thread of its own.
#[test]
fn every_flaw_is_found() {
    let portions = FLAWS.chunks(FLAWS.len().div_ceil(6));
    let unfound: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = portions.map(|flaws| scope.spawn(move || unfound(flaws))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(unfound.is_empty(), "{}", unfound.join("\n"));
}

fn unfound(flaws: &[(&'static str, &str)]) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sits = |(flaw, word): &(&'static str, &str)| {
        let toy = ToyExam { flaw };
        let sat = std::panic::AssertUnwindSafe(exam(&toy)).catch_unwind();
        let said = runtime.block_on(sat).err();
        let said = said.and_then(|panic| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        let found = said.contains(word);
        (!found).then(|| format!("\"{flaw}\" must be found, with the word \"{word}\"; the exam said: {said}"))
    };
    flaws.iter().filter_map(sits).collect()
}

static MANIFEST: Manifest = Manifest {
    name: "toy",
    title: "Toy",
    about: "Is there to be examined.",
    look: Look { word: "Toy", icon: "toy-brick", light: "#333333", dark: "#dddddd" },
    live: false,
    reach: None,
    vouches: true,
    fields: &[
        Field {
            name: "server",
            label: "Server",
            help: "Where it is.",
            kind: FieldKind::Host,
            required: true,
            default: None,
            when: None,
        },
        Field {
            name: "password",
            label: "Password",
            help: "Its own.",
            kind: FieldKind::Secret,
            required: true,
            default: None,
            when: None,
        },
    ],
    signin: &[Signin::Fields(&["server", "password"])],
};

const PASSWORD: &str = "toy-box-lid";
const LONGEST: u32 = 20;

struct Toy {
    flaw: &'static str,
}

struct ToyChannel {
    flaw: &'static str,
    account: Account,
    polls: Mutex<u32>,
    known: Mutex<usize>,
    /// What was called, and whether anything was since the last reading.
    heard: Mutex<(BTreeSet<usize>, bool)>,
}

impl Connector for Toy {
    fn manifest(&self) -> &'static Manifest {
        &MANIFEST
    }

    fn hosts(&self, settings: &Settings) -> Vec<Host> {
        let (name, port) =
            settings.get("server").and_then(|server| server.split_once(':')).unwrap_or_default();
        vec![Host { name: name.to_owned(), port: port.parse().ok() }]
    }

    fn open(&self, account: Account) -> Result<Arc<dyn Channel>, Vec<Invalid>> {
        let mut wrong = account.settings.check(&MANIFEST);
        wrong.retain(|invalid| match self.flaw {
            "needs nothing" => invalid.field != "password",
            "takes any setting" => invalid.field != "no_such_setting",
            _ => true,
        });
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Arc::new(ToyChannel {
            flaw: self.flaw,
            account,
            polls: Mutex::default(),
            known: Mutex::default(),
            heard: Mutex::default(),
        }))
    }
}

impl ToyChannel {
    /// One line of JSON there, one back.
    async fn ask(&self, mut question: Json) -> Result<Json, Failure> {
        let password = self.account.settings.get("password").unwrap_or_default();
        question["password"] = json!(password);
        let server = self.account.settings.get("server").unwrap_or_default();
        let (host, port) = server.split_once(':').unwrap_or_default();
        let port = port.parse().unwrap_or_default();
        if self.flaw == "logs its secret" {
            tracing::debug!(%question, "asking");
        }
        let line: Line = if self.flaw == "own door" {
            Box::pin(tokio::net::TcpStream::connect((host, port)).await.unwrap())
        } else {
            self.account.outside.dial(host, port, Tls::Later).await?
        };
        let mut line = BufReader::new(line);
        line.get_mut().write_all(format!("{question}\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        let _ = line.read_line(&mut answer).await;
        let answer: Json =
            serde_json::from_str(&answer).map_err(|_| Failure::Ambiguous { why: "It hung up.".into() })?;
        match answer["no"].as_str() {
            Some("denied") if self.flaw == "retries the denied" => {
                Err(Failure::Transient { after_ms: None, why: "Again.".into() })
            }
            Some("denied") => {
                let word = if self.flaw == "tells its secret" { password } else { "the password" };
                Err(Failure::NeedsSignin { why: format!("The toy did not take {word}.") })
            }
            Some("refused") => {
                Err(Failure::Permanent { reason: Reason::NotAllowed, why: "It does not want it.".into() })
            }
            _ => Ok(answer),
        }
    }
}

impl Channel for ToyChannel {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            text: TextLimit { max: Some(LONGEST), unit: TextUnit::Characters },
            public_text: None,
            subject: false,
            formatting: Level::Unsupported,
            attachments: AttachmentRules {
                level: Level::Native,
                why_not: (self.flaw == "says not why").then(|| "no".to_owned()),
                max_count: 2,
                max_total_bytes: 100,
                kinds: vec![("image/png".to_owned(), 50)],
                without_text: true,
                needs_public_url: false,
            },
            public_attachments: None,
            windows: Vec::new(),
            one_shot_reply_ms: None,
            undo_hold_ms: 0,
            visibility: vec![Visibility::Private],
            delivered_receipts: Level::Unsupported,
            read_receipts: Level::Unsupported,
            echoes: Level::Native,
            signature: false,
            poll_interval_ms: 1000,
            cost: None,
        }
    }

    fn probe(&self) -> BoxFuture<'_, Result<Probe, Failure>> {
        Box::pin(async {
            self.ask(json!({"verb": "hello"})).await?;
            Ok(Probe {
                address: "us".into(),
                ours: vec!["us".into()],
                checks: Vec::new(),
                signin_ends_at: None,
            })
        })
    }

    fn read_again<'a>(&'a self, kept: &'a Kept) -> BoxFuture<'a, Result<Event, Failure>> {
        Box::pin(async move {
            let mut said: Json = serde_json::from_slice(&kept.raw).unwrap_or_default();
            let name = match self.flaw {
                "cannot read again" => String::new(),
                _ => kept.external_id.clone(),
            };
            if self.flaw == "reads another text again" {
                said["text"] = json!("Hello?");
            }
            kept.among(vec![envelope(name, &said, self.flaw)])
        })
    }

    fn webhook(&self) -> Option<&dyn Webhook> {
        Some(self)
    }

    fn poll(&self) -> Option<&dyn Poll> {
        Some(self)
    }

    fn deliver(&self) -> Option<&dyn Deliver> {
        Some(self)
    }
}

impl Webhook for ToyChannel {
    fn receive(&self, request: &Receiving<'_>) -> Result<Received, RefusedRequest> {
        let signature =
            request.headers.iter().find(|(name, _)| name == "x-toy").ok_or(RefusedRequest::Unsigned)?;
        if signature.1 != sign(request.body) && self.flaw != "hears anybody" {
            return Err(RefusedRequest::Forged);
        }
        let said: Json = serde_json::from_slice(request.body).unwrap_or_default();
        let n = said["n"].as_u64().unwrap_or_default() as usize;
        if n == 2 && self.flaw == "a call is not understood" {
            return Ok(Received::default());
        }
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.0.insert(n);
        heard.1 = true;
        let mut envelope = envelope(n.to_string(), &said, self.flaw);
        if self.flaw == "calls are named anew" {
            envelope.external_id = uuid::Uuid::now_v7().to_string();
        }
        spoil(&mut envelope, self.flaw);
        Ok(Received { envelopes: vec![envelope], ..Received::default() })
    }

    fn ensure_subscribed<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Subscription, Failure>> {
        Box::pin(async move {
            match self.flaw {
                "no call is asked for" => {
                    return Err(Failure::Transient { after_ms: None, why: "Not now.".into() });
                }
                "nobody is called" => return Ok(Subscription::Kept),
                _ => {}
            }
            self.ask(json!({"verb": "call", "url": url})).await?;
            Ok(Subscription::Renewed)
        })
    }
}

impl Poll for ToyChannel {
    fn streams(&self) -> BoxFuture<'_, Result<Vec<Stream>, Failure>> {
        Box::pin(async { Ok(vec![Stream { id: StreamId("all".into()), name: "All".into(), echoes: false }]) })
    }

    fn poll<'a>(
        &'a self,
        _: &'a StreamId,
        cursor: Option<&'a Cursor>,
        budget: Budget,
    ) -> BoxFuture<'a, Result<Batch, Failure>> {
        Box::pin(async move {
            let said = self.ask(json!({"verb": "list"})).await;
            let said = said.map_err(|failure| match failure {
                Failure::Ambiguous { why } => Failure::Transient { after_ms: None, why },
                other => other,
            })?;
            let all = said["all"].as_array().cloned().unwrap_or_default();
            let from = cursor.and_then(|cursor| cursor.0.as_u64()).unwrap_or_default() as usize;
            let most = if self.flaw == "ignores the budget" { usize::MAX } else { budget.max_items };
            let to = from.saturating_add(most).min(all.len());
            let run = {
                let mut polls = self.polls.lock().unwrap_or_else(PoisonError::into_inner);
                *polls += 1;
                *polls
            };
            let name = |n: usize| if self.flaw == "new names" { format!("{run}/{n}") } else { n.to_string() };
            // Everything in the toy happens at nought.
            let too_new = self.flaw == "trusts its clock" && self.account.outside.now() < 0;
            let lost =
                |n: usize| too_new || self.flaw == "loses one" && n == 3 && cursor.is_some() && most > 2;
            let known = {
                let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                std::mem::replace(&mut *known, all.len())
            };
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            let called = std::mem::take(&mut heard.1) && self.flaw == "a call moves the place";
            let skipped = |n: usize| heard.0.contains(&n) && self.flaw == "what was called is not read";
            let jumps =
                called || self.flaw == "loses its place when more comes" && from < known && known < all.len();
            let envelopes = (from..to)
                .filter(|n| !lost(*n) && !skipped(*n))
                .map(|n| envelope(name(n), &all[n], self.flaw))
                .collect();
            let next = match self.flaw {
                "stands still" => from,
                _ if jumps => all.len(),
                _ => to,
            };
            Ok(Batch {
                envelopes,
                next: Cursor(json!(next)),
                more: self.flaw != "stands still" && to < all.len(),
                not_before: None,
                backlog: None,
                note: None,
                cost: Cost::default(),
            })
        })
    }
}

impl Deliver for ToyChannel {
    fn compose(&self, draft: &Draft, _: i64) -> Result<Vec<Part>, Refusal> {
        let refuse = |why: &str| Err(Refusal { reason: Reason::TooLong, why: why.to_owned() });
        let fits = |file: &Enclosure| file.content_type == "image/png" && file.size <= 50;
        if self.flaw != "takes any file" && (draft.enclosures.len() > 2 || !draft.enclosures.iter().all(fits))
        {
            return refuse("Too many files, or not pictures.");
        }
        if self.flaw != "takes any length" && draft.text.chars().count() > LONGEST as usize {
            return refuse("Too long.");
        }
        let run = if self.flaw == "other parts" { uuid::Uuid::now_v7().to_string() } else { String::new() };
        let body = json!({ "run": run, "text": draft.text, "files": draft.enclosures });
        Ok(vec![Part { body, text: draft.text.clone() }])
    }

    fn deliver<'a>(
        &'a self,
        part: &'a Part,
        key: &'a Key,
        fence: &'a dyn Fence,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(async move {
            let id = if self.flaw == "two ids" { uuid::Uuid::now_v7().to_string() } else { key.to_string() };
            let enclosed: Vec<Enclosure> = serde_json::from_value(part.body["files"].clone()).unwrap();
            let mut files = Vec::new();
            for file in &enclosed {
                let mut bytes = self.account.files.read(file).await?.to_vec();
                if self.flaw == "spoils files" {
                    bytes.pop();
                }
                files.push(bytes);
                if self.flaw == "carries twice" {
                    files.extend(files.clone());
                }
            }
            if !self.flaw.starts_with("asks ") {
                fence.pass().await?;
            }
            let sent = self.ask(json!({"verb": "send", "id": id, "text": part.text, "files": files})).await;
            if self.flaw == "asks afterwards" {
                fence.pass().await?;
            }
            match sent {
                Err(Failure::Ambiguous { why }) if self.flaw == "resends" => {
                    Err(Failure::Transient { after_ms: None, why })
                }
                other => other.map(|_| Sent { id: Some(id), refused: Vec::new() }),
            }
        })
    }

    fn find<'a>(&'a self, _: &'a Part, key: &'a Key) -> BoxFuture<'a, Result<Option<Sent>, Failure>> {
        Box::pin(async move {
            if self.flaw == "never finds" {
                return Err(Failure::Ambiguous { why: "Who knows.".into() });
            }
            let sent = self.ask(json!({"verb": "find", "id": key.to_string()})).await?;
            let found = sent["found"] == json!(true) && self.flaw != "says not there";
            Ok(found.then(|| Sent { id: Some(key.to_string()), refused: Vec::new() }))
        })
    }
}

fn envelope(external_id: String, said: &Json, flaw: &str) -> Envelope {
    let (text, from) = (&said["text"], said["from"].as_str().unwrap_or_default());
    let text = text.as_str().unwrap_or_default().to_owned();
    let author = Address { id: from.to_owned(), shown: from.to_owned(), name: None };
    let picture = said["picture"].as_str().map(|bytes| Attachment {
        filename: None,
        content_type: "image/gif".to_owned(),
        content: Content::Here(bytes.to_owned().into()),
        content_id: None,
        inline: false,
    });
    let message = Box::new(Message {
        author: Some(author),
        said: Said { text: text.clone(), reply_text: text.clone(), html: None },
        attachments: picture.into_iter().collect(),
        ..Message::default()
    });
    let ours = from == "us" && flaw != "echo as patron";
    Envelope {
        external_id,
        fingerprint: None,
        renumbered: false,
        raw: said.to_string().into(),
        content_type: "application/json",
        at: 0,
        event: if ours { Event::Echo(message) } else { Event::Message(message) },
    }
}

/// What is wrong with some toys when they are called.
fn spoil(called: &mut Envelope, flaw: &str) {
    match (flaw, &mut called.event) {
        ("calls have another name", _) => called.external_id.insert_str(0, "call/"),
        ("calls have the hour of the call", _) => called.at += 60_000,
        ("calls are read otherwise", Event::Message(message)) => message.said.text.push('!'),
        ("calls have another author", Event::Message(message)) => message.author = None,
        ("calls lack files", Event::Message(message)) => message.attachments.clear(),
        ("calls of echoes are a patron's", Event::Echo(message)) => {
            called.event = Event::Message(message.clone());
        }
        ("calls are held", Event::Message(_)) => {
            called.event = Event::Held(Held {
                reason: HeldReason::Unreadable,
                why: "It came by a call.".to_owned(),
                author: None,
                subject: None,
                receipt: None,
            });
        }
        _ => {}
    }
}

fn sign(body: &[u8]) -> String {
    Sha256::digest([PASSWORD.as_bytes(), body].concat()).iter().map(|byte| format!("{byte:02x}")).collect()
}

struct ToyExam {
    flaw: &'static str,
}

impl Candidate for ToyExam {
    fn connector(&self) -> &'static dyn Connector {
        Box::leak(Box::new(Toy { flaw: self.flaw }))
    }

    fn sample_settings(&self) -> Settings {
        Settings::new().with("server", "127.0.0.1:1").with_secret("password", PASSWORD)
    }

    fn fixtures(&self) -> Vec<Fixture> {
        let says = if self.flaw == "forgets" { "message" } else { "edited of \"Hello\"" };
        vec![Fixture { name: "hello", bytes: b"Hello".to_vec(), says }]
    }

    fn decode(&self, bytes: &[u8]) -> Vec<Event> {
        assert!(self.flaw != "panics" || bytes.first() == Some(&b'H'));
        vec![Event::Edited { of: "of".into(), text: String::from_utf8_lossy(bytes).into_owned() }]
    }

    fn calls(&self) -> Vec<Call> {
        let headers = vec![("x-toy".to_owned(), sign(b"{}"))];
        vec![Call { url: "https://a.example/hook".into(), headers, body: b"{}".to_vec(), signature: "x-toy" }]
    }

    fn fake(&self) -> LocalBoxFuture<'_, Box<dyn Fake>> {
        Box::pin(async { Box::new(ToyPlatform::start().await) as Box<dyn Fake> })
    }

    fn draft(&self, text: &str) -> Draft {
        let address = Address { id: "them".into(), shown: "them".into(), name: None };
        Draft {
            text: text.to_owned(),
            subject: None,
            to: Recipient { address, copies: Vec::new() },
            from_name: String::new(),
            signature: None,
            answers: None,
            patron_wrote_at: None,
            visibility: Visibility::Private,
            enclosures: Vec::new(),
            automatic: false,
        }
    }
}

#[derive(Default)]
struct World {
    said: Vec<Json>,
    sent: BTreeMap<String, String>,
    taken: Vec<String>,
    files: BTreeMap<String, Vec<Vec<u8>>>,
    contacts: u64,
    trouble: Option<Trouble>,
    /// Whom it calls.
    url: Option<String>,
}

struct ToyPlatform {
    port: u16,
    world: Arc<Mutex<World>>,
    calls: Mutex<Vec<JoinHandle<()>>>,
}

impl ToyPlatform {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let world = Arc::new(Mutex::new(World::default()));
        let shared = world.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut stream = BufReader::new(stream);
                let mut line = String::new();
                let _ = stream.read_line(&mut line).await;
                let answer = answer(&mut lock(&shared), &line);
                if let Some(answer) = answer {
                    let _ = stream.get_mut().write_all(format!("{answer}\n").as_bytes()).await;
                }
            }
        });
        Self { port, world, calls: Mutex::default() }
    }
}

impl ToyPlatform {
    /// Somebody says something; whoever asked to be called is called.
    fn say(&self, mut said: Json) {
        let mut world = lock(&self.world);
        said["n"] = json!(world.said.len());
        world.said.push(said.clone());
        if let Some(url) = world.url.clone() {
            let call = tokio::spawn(call(url, said.to_string()));
            self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        }
    }
}

async fn call(url: String, body: String) {
    let (host, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let mut line = tokio::net::TcpStream::connect(host).await.unwrap();
    let (signature, length) = (sign(body.as_bytes()), body.len());
    let head = format!(
        "POST /{path} HTTP/1.1\r\nhost: {host}\r\nx-toy: {signature}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    line.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

fn answer(world: &mut World, line: &str) -> Option<Json> {
    world.contacts += 1;
    let question: Json = serde_json::from_str(line).ok()?;
    let id = question["id"].as_str().unwrap_or_default().to_owned();
    let text = question["text"].as_str().unwrap_or_default().to_owned();
    match (world.trouble, question["verb"].as_str()?) {
        (Some(Trouble::Denied), _) => return Some(json!({"no": "denied"})),
        (Some(Trouble::Refused), "send") => return Some(json!({"no": "refused"})),
        (Some(Trouble::Reset), _) => return None,
        _ => {}
    }
    match question["verb"].as_str()? {
        "list" => Some(json!({ "all": world.said })),
        "call" => {
            world.url = question["url"].as_str().map(str::to_owned);
            Some(json!({}))
        }
        "send" => {
            // Knows its ids, as good platforms do: a second send under the same one is none.
            if world.sent.insert(id.clone(), text).is_none() {
                let files = serde_json::from_value(question["files"].clone()).unwrap_or_default();
                world.files.insert(id.clone(), files);
                world.taken.push(id);
            }
            (world.trouble != Some(Trouble::LostAnswer)).then(|| json!({}))
        }
        "find" => Some(json!({ "found": world.sent.contains_key(&id) })),
        _ => Some(json!({})),
    }
}

fn lock(world: &Mutex<World>) -> std::sync::MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Fake for ToyPlatform {
    fn settings(&self) -> Settings {
        Settings::new().with("server", format!("127.0.0.1:{}", self.port)).with_secret("password", PASSWORD)
    }

    fn now(&self) -> i64 {
        0
    }

    fn arrive(&self, text: &str) {
        self.say(json!({"from": "them", "text": text}));
    }

    fn arrive_as_picture(&self, gif: &[u8]) -> bool {
        self.say(json!({"from": "them", "text": "", "picture": String::from_utf8_lossy(gif)}));
        true
    }

    fn answer_elsewhere(&self, text: &str) -> bool {
        self.say(json!({"from": "us", "text": text}));
        true
    }

    fn calls_settled(&self) -> LocalBoxFuture<'_, ()> {
        Box::pin(async {
            let calls = std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner));
            for call in calls {
                call.await.unwrap();
            }
        })
    }

    fn taken(&self) -> Vec<String> {
        lock(&self.world).taken.clone()
    }

    fn files_of(&self, id: &str) -> Vec<Vec<u8>> {
        lock(&self.world).files.get(id).cloned().unwrap_or_default()
    }

    fn contacts(&self) -> u64 {
        lock(&self.world).contacts
    }

    fn trouble(&self, trouble: Trouble) -> bool {
        lock(&self.world).trouble = Some(trouble);
        matches!(trouble, Trouble::Denied | Trouble::Refused | Trouble::Reset | Trouble::LostAnswer)
    }

    fn mend(&self) {
        lock(&self.world).trouble = None;
    }
}
