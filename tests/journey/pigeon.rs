//! Pigeon post: a platform in memory that does exactly what a test tells it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use tokio::sync::Semaphore;

use connectors::contract::{
    Address, AttachmentRules, Batch, BoxFuture, Budget, Capabilities, Channel, Cost, Cursor, Deliver, Draft,
    Enclosure, Envelope, Event, Failure, Fence, Files, Key, Level, Look, Manifest, Message, Part, Poll,
    Probe, Reason, Refusal, Said, Sent, Sink, Stream, StreamId, TextLimit, TextUnit, Thread, Visibility,
    Watch,
};

/// Where our own words are found.
pub const ROOST: &str = "roost";

/// What pigeons say of themselves.
pub static MANIFEST: Manifest = Manifest {
    name: "pigeon",
    title: "Pigeon post",
    about: "Messages on thin paper.",
    look: Look { word: "Pigeon", icon: "bird", light: "#3C5A86", dark: "#93B1E0" },
    live: false,
    reach: None,
    vouches: true,
    fields: &[],
    signin: &[],
};

/// The loft: what flies in next, what flew out, and how the next flights end. Clones share it.
#[derive(Clone, Default)]
pub struct Loft(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    mail: Vec<Envelope>,
    overheard: Vec<Envelope>,
    packings: VecDeque<Failure>,
    outcomes: VecDeque<Result<(), Failure>>,
    finds: VecDeque<Result<bool, Failure>>,
    flown: Vec<(Key, String)>,
    undo_hold_ms: i64,
    most_in_a_poll: Option<usize>,
    places: Vec<&'static str>,
    stopped: Option<(Moment, Arc<Semaphore>)>,
    reached: u32,
    unwatchable: bool,
    watched: u32,
    note: Option<String>,
    searches: u32,
    nameless: bool,
    door: Option<Arc<dyn Files>>,
    carried: Vec<(String, Bytes)>,
}

/// Where the loft can be made to stand still.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A pigeon sits on the sill and has not left.
    OnTheSill,
    /// It has left; nobody has been told.
    InTheAir,
    /// Somebody looks into the loft for what came.
    Looking,
}

impl Loft {
    pub fn arrive(&self, envelope: Envelope) {
        self.state().mail.push(envelope);
    }

    /// The next flight ends so; without one told, it arrives.
    pub fn next_flight(&self, outcome: Result<(), Failure>) {
        self.state().outcomes.push_back(outcome);
    }

    /// The next flight does not even begin, because of this.
    pub fn next_packing(&self, failure: Failure) {
        self.state().packings.push_back(failure);
    }

    /// The next search for a part ends so: there, not there, or nobody can tell.
    pub fn next_search(&self, outcome: Result<bool, Failure>) {
        self.state().finds.push_back(outcome);
    }

    pub fn hold(&self, ms: i64) {
        self.state().undo_hold_ms = ms;
    }

    pub fn at_most(&self, items: usize) {
        self.state().most_in_a_poll = Some(items);
    }

    /// Everything stops at this moment from now on, until it is let go.
    pub fn stop_at(&self, moment: Moment) {
        self.state().stopped = Some((moment, Arc::new(Semaphore::new(0))));
    }

    /// What has stopped goes on, and nothing stops any more.
    pub fn go_on(&self) {
        if let Some((_, gate)) = self.state().stopped.take() {
            gate.close();
        }
    }

    /// How many have come to the moment at which everything stops.
    pub fn stopped(&self) -> u32 {
        self.state().reached
    }

    /// How often a part was looked for.
    pub fn searches(&self) -> u32 {
        self.state().searches
    }

    /// Nobody can watch it from now on.
    pub fn cannot_be_watched(&self) {
        self.state().unwatchable = true;
    }

    /// How often somebody began to watch it.
    pub fn watched(&self) -> u32 {
        self.state().watched
    }

    /// What the next look into it has to tell a person.
    pub fn tell(&self, note: &str) {
        self.state().note = Some(note.to_owned());
    }

    /// Nobody knows beforehand what a part will be called there.
    pub fn names_nothing(&self) {
        self.state().nameless = true;
    }

    /// Where it finds the files that its pigeons carry.
    pub fn give_files(&self, door: Arc<dyn Files>) {
        self.state().door = Some(door);
    }

    /// The files that really left, by name, in order.
    pub fn carried(&self) -> Vec<(String, Bytes)> {
        self.state().carried.clone()
    }

    /// One more place to read; one called `roost` has what we said ourselves.
    pub fn build(&self, place: &'static str) {
        self.state().places.push(place);
    }

    /// What we said elsewhere, found in the roost.
    pub fn overhear(&self, envelope: Envelope) {
        self.state().overheard.push(echo(envelope));
    }

    async fn pass(&self, moment: Moment) {
        let gate = {
            let mut state = self.state();
            let Some(gate) =
                state.stopped.as_ref().filter(|(at, _)| *at == moment).map(|(_, gate)| gate.clone())
            else {
                return;
            };
            state.reached += 1;
            gate
        };
        // Closed when all may go on.
        let _ = gate.acquire().await;
    }

    /// Everything that really left, in order.
    pub fn flown(&self) -> Vec<String> {
        self.state().flown.iter().map(|(_, text)| text.clone()).collect()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().expect("no test panics while holding the loft")
    }
}

/// A note on thin paper.
pub fn note(number: u32, from: &str, text: &str) -> Envelope {
    Envelope {
        external_id: format!("n{number}"),
        fingerprint: None,
        renumbered: false,
        raw: text.as_bytes().to_vec().into(),
        content_type: "text/plain",
        at: 1_790_856_000_000 + i64::from(number) * 60_000,
        event: Event::Message(Box::new(Message {
            id: Some(format!("note-{number}@loft")),
            author: Some(Address { id: from.to_owned(), shown: from.to_owned(), name: None }),
            said: Said { text: text.to_owned(), reply_text: text.to_owned(), html: None },
            subject: Some(format!("Note {number}")),
            ..Message::default()
        })),
    }
}

/// The same note as an answer to others.
pub fn answering(mut envelope: Envelope, references: &[&str], proven: &[Key]) -> Envelope {
    if let Event::Message(message) | Event::Echo(message) = &mut envelope.event {
        message.thread = Thread {
            conversation: None,
            references: references.iter().map(|id| (*id).to_owned()).collect(),
            proven: proven.to_vec(),
        };
    }
    envelope
}

/// The same note as something our own account said.
pub fn echo(mut envelope: Envelope) -> Envelope {
    if let Event::Message(message) = envelope.event {
        envelope.event = Event::Echo(message);
    }
    envelope
}

impl Channel for Loft {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            text: TextLimit { max: Some(1_000), unit: TextUnit::Characters },
            public_text: None,
            subject: true,
            formatting: Level::Unsupported,
            attachments: AttachmentRules {
                level: Level::Native,
                why_not: None,
                max_count: 2,
                max_total_bytes: 1 << 20,
                kinds: vec![("image/png".to_owned(), 1 << 20), ("application/pdf".to_owned(), 1 << 20)],
                without_text: true,
                needs_public_url: false,
            },
            public_attachments: None,
            windows: Vec::new(),
            one_shot_reply_ms: None,
            undo_hold_ms: self.state().undo_hold_ms,
            visibility: vec![Visibility::Private],
            delivered_receipts: Level::Native,
            read_receipts: Level::Unsupported,
            echoes: Level::Native,
            signature: false,
            poll_interval_ms: 60_000,
            cost: None,
        }
    }

    fn probe(&self) -> BoxFuture<'_, Result<Probe, Failure>> {
        let probe =
            Probe { address: "loft".into(), ours: vec!["loft".into()], checks: vec![], signin_ends_at: None };
        Box::pin(async move { Ok(probe) })
    }

    fn poll(&self) -> Option<&dyn Poll> {
        Some(self)
    }

    fn watch(&self) -> Option<&dyn Watch> {
        Some(self)
    }

    fn deliver(&self) -> Option<&dyn Deliver> {
        Some(self)
    }
}

impl Watch for Loft {
    fn watch<'a>(&'a self, _: &'a StreamId, _: &'a dyn Sink) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let unwatchable = {
                let mut state = self.state();
                state.watched += 1;
                state.unwatchable
            };
            if unwatchable {
                let why = "There is no window.".to_owned();
                return Err(Failure::Permanent { reason: Reason::NotAllowed, why });
            }
            std::future::pending().await
        })
    }
}

impl Poll for Loft {
    fn streams(&self) -> BoxFuture<'_, Result<Vec<Stream>, Failure>> {
        let place =
            |name: &str| Stream { id: StreamId(name.into()), name: name.into(), echoes: name == ROOST };
        let mut streams = vec![Stream { name: "Loft".into(), ..place("loft") }];
        streams.extend(self.state().places.iter().map(|name| place(name)));
        Box::pin(async move { Ok(streams) })
    }

    fn poll<'a>(
        &'a self,
        stream: &'a StreamId,
        cursor: Option<&'a Cursor>,
        budget: Budget,
    ) -> BoxFuture<'a, Result<Batch, Failure>> {
        let from = cursor.and_then(|cursor| cursor.0.as_u64()).unwrap_or(0) as usize;
        let mut state = self.state();
        let most = state.most_in_a_poll.unwrap_or(budget.max_items);
        let mail = if stream.0 == ROOST { &state.overheard } else { &state.mail };
        let there = mail.len();
        let envelopes: Vec<Envelope> = mail.iter().skip(from).take(most).cloned().collect();
        let next = from + envelopes.len();
        let batch = Batch {
            more: next < there,
            backlog: Some((there - next) as u64),
            envelopes,
            next: Cursor(next.into()),
            not_before: None,
            cost: Cost::default(),
            note: state.note.take(),
        };
        drop(state);
        Box::pin(async move {
            self.pass(Moment::Looking).await;
            Ok(batch)
        })
    }
}

impl Deliver for Loft {
    fn compose(&self, draft: &Draft, _now: i64) -> Result<Vec<Part>, Refusal> {
        if draft.text.len() > 1_000 {
            let why = "A pigeon carries a thousand characters.".to_owned();
            return Err(Refusal { reason: Reason::TooLong, why });
        }
        let refuse = |why: &str| Err(Refusal { reason: Reason::BadAttachment, why: why.to_owned() });
        if draft.enclosures.len() > 2 {
            return refuse("A pigeon carries two files.");
        }
        let rules = self.capabilities().attachments;
        if draft.enclosures.iter().any(|file| rules.most_bytes(&file.content_type).is_none()) {
            return refuse("A pigeon carries pictures and nothing else.");
        }
        let texts: Vec<&str> = draft.text.split("\n--\n").collect();
        let part = |(place, text): (usize, &&str)| {
            let files = if place + 1 == texts.len() { draft.enclosures.as_slice() } else { &[] };
            let body = serde_json::json!({ "to": draft.to.address.id, "files": files });
            Part { body, text: (*text).to_owned() }
        };
        Ok(texts.iter().enumerate().map(part).collect())
    }

    fn expected_id(&self, key: &Key) -> Option<String> {
        (!self.state().nameless).then(|| format!("{key}@loft"))
    }

    fn deliver<'a>(
        &'a self,
        part: &'a Part,
        key: &'a Key,
        fence: &'a dyn Fence,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(async move {
            self.pass(Moment::OnTheSill).await;
            if let Some(failure) = self.state().packings.pop_front() {
                return Err(failure);
            }
            let files: Vec<Enclosure> =
                serde_json::from_value(part.body["files"].clone()).unwrap_or_default();
            let (door, mut packed) = (self.state().door.clone(), Vec::new());
            for file in &files {
                let door = door.as_ref().expect("a test that sends files gives them");
                packed.push((file.filename.clone(), door.read(file).await?));
            }
            fence.pass().await?;
            let outcome = {
                let mut state = self.state();
                let outcome = state.outcomes.pop_front().unwrap_or(Ok(()));
                if outcome.is_ok() {
                    state.carried.append(&mut packed);
                    state.flown.push((*key, part.text.clone()));
                }
                outcome
            };
            self.pass(Moment::InTheAir).await;
            outcome.map(|()| Sent { id: None, refused: vec![] })
        })
    }

    fn find<'a>(&'a self, _part: &'a Part, _key: &'a Key) -> BoxFuture<'a, Result<Option<Sent>, Failure>> {
        let mut state = self.state();
        state.searches += 1;
        let outcome = state.finds.pop_front().unwrap_or(Ok(false));
        drop(state);
        Box::pin(async move { outcome.map(|there| there.then(|| Sent { id: None, refused: vec![] })) })
    }
}
