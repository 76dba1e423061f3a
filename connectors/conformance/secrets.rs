//! No secret in anything that is said or written down; nobody is talked to whom the settings do not name.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::{AMPLE, Candidate, Fake, Paper, Trouble, account, key, sending};
use crate::contract::{Channel, Outside, Unfenced};

pub async fn sit(candidate: &dyn Candidate, paper: &mut Paper) {
    let log = Log::default();
    let heard = log.0.clone();
    let guard = tracing::subscriber::set_default(log);
    for trouble in [None, Some(Trouble::Denied), Some(Trouble::Nonsense), Some(Trouble::Unavailable)] {
        let fake = candidate.fake().await;
        if trouble.is_none_or(|trouble| fake.trouble(trouble)) {
            quiet(candidate, &*fake, &heard, paper).await;
        }
    }
    drop(guard);
    stranger(candidate, paper).await;
}

async fn quiet(candidate: &dyn Candidate, fake: &dyn Fake, heard: &Mutex<String>, paper: &mut Paper) {
    let account = account(candidate, fake.settings(), fake.now(), fake.tokens());
    let outside = account.outside.clone();
    let channel = candidate.connector().open(account).expect("the fake's settings open a channel");
    let mut said = everything(candidate, &*channel, fake.now(), paper).await;
    write!(said, "{:?}", outside.exchanges()).expect("strings take everything");
    said.push_str(&heard.lock().unwrap_or_else(PoisonError::into_inner));
    paper.check(!outside.exchanges().is_empty(), || {
        "record: nothing was written down of what was asked".to_owned()
    });
    let settings = fake.settings();
    let mut secrets: Vec<String> = settings.secrets().map(str::to_owned).collect();
    secrets.extend(fake.further_secrets());
    for secret in secrets.iter().filter(|secret| secret.len() >= 4) {
        // As it is, as base64, and as base64 from a later byte, which is how it looks inside a longer message.
        let forms = [0, 1, 2].map(|skip| STANDARD.encode(&secret.as_bytes()[skip..]));
        let coded = forms
            .iter()
            .map(|form| form.trim_end_matches('=').get(..form.len().saturating_sub(6)).unwrap_or(""));
        for form in coded.chain([secret.as_str()]).filter(|form| form.len() >= 4) {
            paper.check(!said.contains(form), || {
                format!("secrets: one of them is told, as {} letters", form.len())
            });
        }
    }
}

/// Does all that a channel can do; answers all it said.
async fn everything(candidate: &dyn Candidate, channel: &dyn Channel, now: i64, paper: &mut Paper) -> String {
    let mut said = format!("{:?}", channel.probe().await);
    if let Some(poll) = channel.poll() {
        let streams = poll.streams().await;
        write!(said, "{streams:?}").expect("strings take everything");
        for stream in streams.unwrap_or_default() {
            let batch = poll.poll(&stream.id, None, AMPLE).await;
            write!(said, "{:?}", batch.map(|batch| (batch.next, batch.note)))
                .expect("strings take everything");
        }
    }
    if let Some(deliver) = channel.deliver()
        && let Some(part) = sending::part(candidate, deliver, now, paper)
    {
        let sent = deliver.deliver(&part, &key(8), &Unfenced).await;
        write!(said, "{part:?}{sent:?}{:?}", deliver.find(&part, &key(8)).await)
            .expect("strings take everything");
    }
    said
}

/// A channel whose settings name nobody must reach nobody: whatever it does goes through the one door.
async fn stranger(candidate: &dyn Candidate, paper: &mut Paper) {
    let fake = candidate.fake().await;
    let settings = fake.settings();
    let now = fake.now();
    let outside = Outside::new(Arc::new(move || now), None).expect("the system's certificates can be read");
    let mut account = account(candidate, settings.clone(), now, fake.tokens());
    account.outside = outside.narrowed(Vec::new(), &settings);
    let channel = candidate.connector().open(account).expect("the fake's settings open a channel");
    let before = fake.contacts();
    let probe = channel.probe().await;
    paper.check(probe.is_err(), || "hosts: a probe that may reach nobody succeeds".to_owned());
    everything(candidate, &*channel, now, paper).await;
    paper.check(fake.contacts() == before, || {
        "hosts: somebody was reached whom the settings do not name".to_owned()
    });
}

/// Keeps every line that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Line(&self.0));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&self.0));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Line(&self.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line<'a>(&'a Mutex<String>);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write!(kept, "{field}={value:?} ").expect("strings take everything");
    }
}
