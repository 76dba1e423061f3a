//! The same news by two ways: the platform tells it (by a call, or over a line that is held open) and is asked for it. In
//! whatever order that happens, each thing is one envelope and reads the same.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::books::{self, Books, PICTURE, Reading};
use super::door::Door;
use super::polling::drain;
use super::{AMPLE, Call, Candidate, Fake, Paper, open_at};
use crate::contract::{
    BoxFuture, Budget, Channel, Cost, Cursor, Envelope, Failure, Receiving, Sink, StreamId,
};
use crate::simulator::Random;

/// Keeps a broken connector from hanging; nothing is slow here.
const DEADLINE: Duration = Duration::from_secs(300);
/// Small pages, so that calls fall between two.
const PAGE: Budget = Budget { max_items: 2, ..AMPLE };
/// Letters that forms, JSON and markup each write in their own way.
const HARD: &str =
    "¿Abren? ❤️ 50% + 1 & \"zwei\" <drei> \\ / ä\nsecond line, see https://library.example/hours";
/// A picture of one pixel.
const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
const CHANCES: u64 = 6;

pub async fn sit(candidate: &dyn Candidate, paper: &mut Paper) {
    let Some(scene) = Scene::open(candidate, paper).await else { return };
    let said = scene.everything();
    let told = scene.told(said.len()).await;
    for (n, news) in told.iter().enumerate() {
        paper.check(scene.understood(news).await == scene.understood(news).await, || {
            format!("overlap: the same call read twice is not the same: number {n}")
        });
    }
    let all: Vec<usize> = (0..told.len()).collect();
    for (order, steps) in orders(&all) {
        let mut books = Books::default();
        let mut pages = scene.pages();
        let mut by_telling = BTreeSet::new();
        for step in steps {
            match step {
                Step::Told(n) | Step::Lost(n) => {
                    let news = scene.understood(&told[n]).await;
                    let is_here = |n: &usize| {
                        let (kind, word) = &said[*n];
                        news.iter().any(|(_, reading)| reading.is(kind, word))
                    };
                    by_telling.extend((0..said.len()).filter(is_here));
                    if matches!(step, Step::Told(_)) {
                        books.accept(news);
                    }
                }
                Step::Page => books.accept(scene.turn(&mut pages).await),
                Step::Rest => scene.turn_to_the_end(&mut pages, &mut books).await,
            }
        }
        paper.check(by_telling.len() == said.len(), || {
            let unsaid: Vec<_> = said
                .iter()
                .enumerate()
                .filter(|(n, _)| !by_telling.contains(n))
                .map(|(_, one)| one)
                .collect();
            format!("overlap: {order}: these were never told: {unsaid:?}")
        });
        books.close(&order, &said, paper);
    }
    drop(scene);
    meanwhile(candidate, paper).await;
}

/// Patrons write while pages are turned. Of each three one is told before the page, one after it, and of one it is told when
/// it cannot be kept: it must be on a page.
async fn meanwhile(candidate: &dyn Candidate, paper: &mut Paper) {
    let Some(scene) = Scene::open(candidate, paper).await else { return };
    let (mut said, mut books, mut pages) = (Vec::new(), Books::default(), scene.pages());
    for n in 0..5 {
        let three = ["first", "second", "third"].map(|which| format!("The {which} around page {n}."));
        three.iter().for_each(|text| scene.fake.arrive(text));
        said.extend(three.map(|text| ("message", text)));
        let told = scene.told(3).await;
        for (which, news) in told.iter().enumerate() {
            let news = scene.understood(news).await;
            match which {
                0 => books.accept(news),
                1 => {
                    books.accept(scene.turn(&mut pages).await);
                    books.accept(news);
                }
                _ => {}
            }
        }
    }
    scene.turn_to_the_end(&mut pages, &mut books).await;
    books.close("while pages are turned", &said, paper);
}

/// Everything that the platform tells of itself, and the platform; none: it tells nothing.
pub async fn told(candidate: &dyn Candidate, paper: &mut Paper) -> Option<(Box<dyn Fake>, Vec<Envelope>)> {
    let mut scene = Scene::open(candidate, paper).await?;
    let said = scene.everything();
    let told = scene.told(said.len()).await;
    let envelopes = told.iter().flat_map(|news| scene.news(news)).collect();
    let fake = std::mem::replace(&mut scene.fake, candidate.fake().await);
    Some((fake, envelopes))
}

/// Says everything that can be said, and gives what reading brings of it.
pub async fn read(candidate: &dyn Candidate) -> Option<(Box<dyn Fake>, Vec<Envelope>)> {
    let fake = candidate.fake().await;
    let channel = super::open(candidate, &*fake);
    let poll = channel.poll()?;
    let mut start = Vec::new();
    for stream in poll.streams().await.expect("the fake tells its streams") {
        start.push((stream.id.clone(), drain(poll, &stream.id, None, AMPLE).await.1));
    }
    everything(&*fake);
    let mut envelopes = Vec::new();
    for (stream, cursor) in start {
        envelopes.extend(drain(poll, &stream, Some(cursor), AMPLE).await.0);
    }
    Some((fake, envelopes))
}

/// What happens next.
#[derive(Clone, Copy)]
enum Step {
    /// This is told, and kept.
    Told(usize),
    /// This is told, and cannot be kept: the platform is not thanked for it.
    Lost(usize),
    /// One page of any stream.
    Page,
    /// All pages that are left.
    Rest,
}

fn orders(told: &[usize]) -> Vec<(String, Vec<Step>)> {
    let each = |step: fn(usize) -> Step| told.iter().map(move |n| step(*n));
    let twice = || told.iter().flat_map(|n| [Step::Told(*n); 2]);
    let rest = || std::iter::once(Step::Rest);
    let mut all = vec![
        ("told first".to_owned(), each(Step::Told).chain(rest()).collect::<Vec<_>>()),
        ("asked first".to_owned(), rest().chain(each(Step::Told)).collect()),
        (
            "told between two pages".to_owned(),
            std::iter::once(Step::Page).chain(each(Step::Told)).chain(rest()).collect(),
        ),
        ("told twice".to_owned(), twice().chain(rest()).collect()),
        ("told twice, asked between".to_owned(), {
            each(Step::Told).chain(rest()).chain(each(Step::Told)).collect()
        }),
        ("told backwards".to_owned(), told.iter().rev().map(|n| Step::Told(*n)).chain(rest()).collect()),
        ("told when nothing could be kept, then asked".to_owned(), each(Step::Lost).chain(rest()).collect()),
        (
            "told when nothing could be kept, then asked, then told again".to_owned(),
            each(Step::Lost).chain(rest()).chain(each(Step::Told)).collect(),
        ),
    ];
    all.extend((0..CHANCES).map(|seed| {
        let chance = Random::seeded(seed);
        let mut steps: Vec<Step> = twice().chain(told.iter().map(|_| Step::Page)).collect();
        for last in (1..steps.len()).rev() {
            steps.swap(last, chance.below(last + 1));
        }
        (format!("in the order of chance {seed}"), steps.into_iter().chain(rest()).collect())
    }));
    all
}

/// What the platform told, as it came.
enum Told {
    Call(Call),
    Line(Box<Envelope>),
}

/// A platform that tells the channel of everything.
struct Scene {
    fake: Box<dyn Fake>,
    channel: Arc<dyn Channel>,
    start: Vec<(StreamId, Cursor)>,
    way: Way,
}

enum Way {
    Calls(Door),
    Line(Arc<Ear>, JoinHandle<Result<(), Failure>>),
}

/// Where reading has got to.
struct Pages {
    /// The stream whose turn it is first.
    places: VecDeque<(StreamId, Cursor)>,
    /// How many turns in a row brought nothing.
    idle: usize,
}

impl Scene {
    /// None: this channel is not told, or cannot be asked.
    async fn open(candidate: &dyn Candidate, paper: &mut Paper) -> Option<Self> {
        let fake = candidate.fake().await;
        let door = Door::open().await;
        let channel = open_at(candidate, &*fake, Some(&door.url));
        let poll = channel.poll()?;
        let mut start = Vec::new();
        for stream in poll.streams().await.expect("the fake tells its streams") {
            start.push((stream.id.clone(), drain(poll, &stream.id, None, AMPLE).await.1));
        }
        let way = if fake.tells_over_the_line() {
            let ear = Arc::new(Ear::default());
            let (held, stream, listening) = (channel.clone(), start.first()?.0.clone(), ear.clone());
            let line = tokio::spawn(async move {
                held.watch().expect("it tells over the line").watch(&stream, &*listening).await
            });
            ear.until("the line is open", |heard| heard.woken).await;
            Way::Line(ear, line)
        } else {
            let webhook = channel.webhook()?;
            door.belongs_to(channel.clone());
            let subscribed = webhook.ensure_subscribed(&door.url).await;
            paper.check(subscribed.is_ok(), || format!("overlap: it is not called: {subscribed:?}"));
            Way::Calls(door)
        };
        Some(Self { fake, channel, start, way })
    }

    fn everything(&self) -> Vec<(&'static str, String)> {
        everything(&*self.fake)
    }

    /// What the platform told since this was asked last; over a line at least so many things.
    async fn told(&self, at_least: usize) -> Vec<Told> {
        match &self.way {
            Way::Calls(door) => {
                self.fake.calls_settled().await;
                door.take().into_iter().map(Told::Call).collect()
            }
            Way::Line(ear, _) => {
                ear.until("everything is told", |heard| heard.pushed.len() >= at_least).await;
                let mut heard = ear.heard.lock().unwrap_or_else(PoisonError::into_inner);
                let pushed = std::mem::take(&mut heard.pushed).into_iter();
                pushed.map(|envelope| Told::Line(Box::new(envelope))).collect()
            }
        }
    }

    async fn understood(&self, told: &Told) -> Vec<(String, Reading)> {
        books::read(&*self.channel, self.news(told)).await
    }

    fn news(&self, told: &Told) -> Vec<Envelope> {
        match told {
            Told::Line(envelope) => vec![(**envelope).clone()],
            Told::Call(Call { url, headers, body, .. }) => {
                let request = Receiving { method: "POST", url, headers, body, now: self.fake.now() };
                let webhook = self.channel.webhook().expect("it was called");
                webhook.receive(&request).map(|received| received.envelopes).unwrap_or_default()
            }
        }
    }

    fn pages(&self) -> Pages {
        Pages { places: self.start.iter().cloned().collect(), idle: 0 }
    }

    /// The next page of the next stream.
    async fn turn(&self, pages: &mut Pages) -> Vec<(String, Reading)> {
        let (stream, cursor) = pages.places.pop_front().expect("there is a stream");
        let poll = self.channel.poll().expect("asked before");
        let batch = poll.poll(&stream, Some(&cursor), PAGE).await.expect("the fake is well");
        let is_idle = batch.next == cursor || (batch.envelopes.is_empty() && !batch.more);
        pages.idle = if is_idle { pages.idle + 1 } else { 0 };
        pages.places.push_back((stream, batch.next));
        books::read(&*self.channel, batch.envelopes).await
    }

    async fn turn_to_the_end(&self, pages: &mut Pages, books: &mut Books) {
        pages.idle = 0;
        while pages.idle < pages.places.len() {
            books.accept(self.turn(pages).await);
        }
    }
}

/// Patrons write in every way there is, and so do we.
fn everything(fake: &dyn Fake) -> Vec<(&'static str, String)> {
    let mut said: Vec<_> = (0..3).map(|n| ("message", format!("Question {n}. {HARD}"))).collect();
    said.iter().for_each(|(_, text)| fake.arrive(text));
    let other = "By another way: are you open?".to_owned();
    if fake.arrive_otherwise(&other) {
        said.push(("message", other));
    }
    if fake.arrive_as_picture(PIXEL) {
        said.push(("message", PICTURE.to_owned()));
    }
    let ours = "Said in the platform's own app.".to_owned();
    if fake.answer_elsewhere(&ours) {
        said.push(("echo", ours));
    }
    // Forms and links are written in many ways: what tells a text is its beginning.
    said.into_iter().map(|(kind, text)| (kind, text.split(". ").next().unwrap_or(&text).to_owned())).collect()
}

impl Drop for Scene {
    fn drop(&mut self) {
        if let Way::Line(_, line) = &self.way {
            line.abort();
        }
    }
}

/// Hears what comes over a line.
#[derive(Default)]
struct Ear {
    heard: Mutex<Heard>,
    rung: Notify,
}

#[derive(Default)]
struct Heard {
    woken: bool,
    pushed: Vec<Envelope>,
}

impl Ear {
    async fn until(&self, what: &str, so: impl Fn(&Heard) -> bool) {
        let waited = tokio::time::timeout(DEADLINE, async {
            while !so(&self.heard.lock().unwrap_or_else(PoisonError::into_inner)) {
                self.rung.notified().await;
            }
        });
        waited.await.unwrap_or_else(|_| panic!("never: {what}"));
    }
}

impl Sink for Ear {
    fn wake(&self) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).woken = true;
        self.rung.notify_one();
    }

    fn push(&self, envelopes: Vec<Envelope>, _: Cost) -> BoxFuture<'_, Result<(), Failure>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).pushed.extend(envelopes);
        self.rung.notify_one();
        Box::pin(async { Ok(()) })
    }
}
