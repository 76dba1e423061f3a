//! Bell post: a platform in memory that calls us, limits us, charges us and keeps files to itself.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use connectors::contract::{
    Address, Attachment, AttachmentRules, Batch, BoxFuture, Budget, Capabilities, Channel, Content, Cost,
    CostTable, Cursor, Deliver, Draft, Envelope, Event, Failure, Fence, File, Held, HeldReason, Kept, Key,
    Level, Look, Manifest, Media, Message, Part, Poll, Probe, Received, Receiving, Refusal, RefusedRequest,
    Reply, Said, Sent, Stream, StreamId, Subscription, TextLimit, TextUnit, Thread, Visibility, Webhook,
};
use serde_json::{Value, json};

/// What bells say of themselves.
pub static MANIFEST: Manifest = Manifest {
    name: "bell",
    title: "Bell post",
    about: "Messages rung from tower to tower.",
    look: Look { word: "Bell", icon: "bell", light: "#3C5A86", dark: "#93B1E0" },
    live: false,
    reach: None,
    vouches: true,
    fields: &[],
    signin: &[],
};
/// What a call must carry to be believed.
pub const SECRET: &str = "ding dong";

/// The tower: clones share it.
#[derive(Clone, Default)]
pub struct Tower(Arc<Mutex<State>>);

/// How a fetch ends: the kind and the bytes of the file, or not.
type Fetching = Result<(&'static str, Bytes), Failure>;

#[derive(Default)]
pub struct State {
    /// What each stream gives, from its beginning.
    pub streams: BTreeMap<String, Vec<Value>>,
    /// How the next reads of a stream end; without one told they succeed.
    pub reads: VecDeque<(String, Failure)>,
    /// Which streams were asked for.
    pub asked: Vec<String>,
    /// How the next sends end.
    pub sends: VecDeque<Failure>,
    /// What was sent.
    pub sent: Vec<String>,
    /// The price of a read and of a part, in millionths.
    pub price: Option<(i64, i64)>,
    /// What its media give, by reference.
    pub files: BTreeMap<String, VecDeque<Fetching>>,
    /// What it is asked when it is asked whether it still calls us, and what it says.
    pub subscriptions: VecDeque<Result<Subscription, Failure>>,
    /// Where it was told to call.
    pub told: Vec<String>,
    /// The addresses under which it was called.
    pub called: Vec<String>,
}

impl Tower {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics while holding the tower")
    }

    /// Something new in a stream.
    pub fn ring(&self, stream: &str, note: Value) {
        self.state().streams.entry(stream.to_owned()).or_default().push(note);
    }

    /// The next read of this stream ends so.
    pub fn next_read(&self, stream: &str, failure: Failure) {
        self.state().reads.push_back((stream.to_owned(), failure));
    }
}

/// A note: `{"id", "from", "shown"?, "name"?, "thread"?, "text", "file"?}`, or a word: `{"id", "from", "stop": bool}`, `{"id", "gap": "…"}`,
/// `{"id", "revoked": "…"}`.
pub fn note(id: &str, from: &str, text: &str) -> Value {
    json!({ "id": id, "from": from, "text": text })
}

/// As the tower gives it.
pub fn envelope(note: &Value) -> Envelope {
    let text = |name: &str| note[name].as_str().unwrap_or_default().to_owned();
    let word = |name: &str| note[name].as_str().map(str::to_owned);
    let shown = word("shown").unwrap_or_else(|| text("from"));
    let from = Address { id: text("from"), shown, name: word("name") };
    let event = if let Some(stopped) = note["stop"].as_bool() {
        Event::OptOut { address: from, stopped }
    } else if note["gap"].is_string() {
        Event::Gap { why: text("gap") }
    } else if note["revoked"].is_string() {
        Event::Revoked { why: text("revoked") }
    } else if note["text"].is_string() {
        let file = note["file"].as_str().map(|reference| Attachment {
            filename: None,
            content_type: "image/jpeg".to_owned(),
            content: Content::There { reference: reference.to_owned(), size: None },
            content_id: None,
            inline: false,
        });
        Event::Message(Box::new(Message {
            id: Some(text("id")),
            author: Some(from),
            thread: Thread { conversation: word("thread"), ..Thread::default() },
            said: Said { text: text("text"), reply_text: text("text"), html: None },
            attachments: file.into_iter().collect(),
            ..Message::default()
        }))
    } else {
        let why = "Nobody can read this.".to_owned();
        Event::Held(Held { reason: HeldReason::Unreadable, why, author: None, subject: None, receipt: None })
    };
    Envelope {
        external_id: text("id"),
        fingerprint: None,
        renumbered: false,
        raw: note.to_string().into(),
        content_type: "application/json",
        at: note["at"].as_i64().unwrap_or(1_790_856_000_000),
        event,
    }
}

impl Channel for Tower {
    fn capabilities(&self) -> Capabilities {
        let cost = self.state().price.map(|(read_micros, sent_micros)| CostTable {
            currency: "USD".to_owned(),
            read_micros,
            sent_micros,
        });
        Capabilities {
            text: TextLimit { max: None, unit: TextUnit::Characters },
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
            cost,
        }
    }

    fn probe(&self) -> BoxFuture<'_, Result<Probe, Failure>> {
        let probe = Probe {
            address: "tower".into(),
            ours: vec!["tower".into()],
            checks: vec![],
            signin_ends_at: None,
        };
        Box::pin(async move { Ok(probe) })
    }

    fn read_again<'a>(&'a self, kept: &'a Kept) -> BoxFuture<'a, Result<Event, Failure>> {
        let told = serde_json::from_slice(&kept.raw).unwrap_or_default();
        Box::pin(async move { kept.among(vec![envelope(&told)]) })
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
    fn media(&self) -> Option<&dyn Media> {
        Some(self)
    }
}

impl Webhook for Tower {
    fn receive(&self, request: &Receiving<'_>) -> Result<Received, RefusedRequest> {
        self.state().called.push(request.url.to_owned());
        if request.method == "GET" {
            let challenge = request.url.split_once("challenge=").map(|(_, challenge)| challenge.to_owned());
            let body = challenge.ok_or(RefusedRequest::WrongToken)?.into();
            let reply = Some(Reply { content_type: "text/plain", body });
            return Ok(Received { reply, ..Received::default() });
        }
        let proof =
            request.headers.iter().find(|(name, _)| name == "x-bell").map(|(_, value)| value.as_str());
        match proof {
            None => Err(RefusedRequest::Unsigned),
            Some(proof) if proof != SECRET => Err(RefusedRequest::Forged),
            Some(_) => {
                let notes: Vec<Value> = serde_json::from_slice(request.body).unwrap_or_default();
                let told = self.state().price.map_or(0, |(read, _)| read);
                let envelopes: Vec<Envelope> = notes.iter().map(envelope).collect();
                let cost = Cost { requests: 0, micros: told * envelopes.len() as i64 };
                Ok(Received { reply: None, envelopes, cost })
            }
        }
    }

    fn ensure_subscribed<'a>(&'a self, public_url: &'a str) -> BoxFuture<'a, Result<Subscription, Failure>> {
        let mut state = self.state();
        state.told.push(public_url.to_owned());
        let said = state.subscriptions.pop_front().unwrap_or(Ok(Subscription::Kept));
        Box::pin(async move { said })
    }
}

impl Poll for Tower {
    fn streams(&self) -> BoxFuture<'_, Result<Vec<Stream>, Failure>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn poll<'a>(
        &'a self,
        stream: &'a StreamId,
        cursor: Option<&'a Cursor>,
        _budget: Budget,
    ) -> BoxFuture<'a, Result<Batch, Failure>> {
        let mut state = self.state();
        state.asked.push(stream.0.clone());
        if let Some(at) = state.reads.iter().position(|(of, _)| *of == stream.0) {
            let (_, failure) = state.reads.remove(at).expect("it is there");
            return Box::pin(async move { Err(failure) });
        }
        let from = cursor.and_then(|cursor| cursor.0.as_u64()).unwrap_or(0) as usize;
        let notes = state.streams.get(&stream.0).cloned().unwrap_or_default();
        let batch = Batch {
            envelopes: notes.iter().skip(from).map(envelope).collect(),
            next: Cursor(notes.len().into()),
            more: false,
            not_before: None,
            backlog: None,
            note: None,
            cost: Cost { requests: 1, micros: state.price.map_or(0, |(read, _)| read) },
        };
        Box::pin(async move { Ok(batch) })
    }
}

impl Deliver for Tower {
    fn compose(&self, draft: &Draft, _now: i64) -> Result<Vec<Part>, Refusal> {
        Ok(vec![Part { body: json!({ "to": draft.to.address.id }), text: draft.text.clone() }])
    }

    fn endpoint(&self, _part: &Part) -> Option<String> {
        Some("send".to_owned())
    }

    fn deliver<'a>(
        &'a self,
        part: &'a Part,
        _key: &'a Key,
        fence: &'a dyn Fence,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(async move {
            fence.pass().await?;
            let mut state = self.state();
            if let Some(failure) = state.sends.pop_front() {
                return Err(failure);
            }
            state.sent.push(part.text.clone());
            Ok(Sent { id: None, refused: vec![] })
        })
    }

    fn find<'a>(&'a self, _part: &'a Part, _key: &'a Key) -> BoxFuture<'a, Result<Option<Sent>, Failure>> {
        Box::pin(async { Ok(None) })
    }
}

impl Media for Tower {
    fn fetch<'a>(&'a self, reference: &'a str, max_bytes: u64) -> BoxFuture<'a, Result<File, Failure>> {
        let gone = || Failure::Permanent {
            reason: connectors::contract::Reason::BadAttachment,
            why: "The platform no longer has this file.".to_owned(),
        };
        let next = self.state().files.get_mut(reference).and_then(VecDeque::pop_front);
        let file = next.unwrap_or_else(|| Err(gone())).and_then(|(content_type, bytes)| {
            if bytes.len() as u64 > max_bytes {
                return Err(gone());
            }
            Ok(File { bytes, content_type: content_type.to_owned(), filename: Some("photo.jpg".to_owned()) })
        });
        Box::pin(async move { file })
    }
}
