//! Nothing is lost or doubled from whichever cursor reading resumes; our own words come back as ours; a watch wakes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::{AMPLE, Candidate, Fake, Paper, account, open};
use crate::contract::{
    BoxFuture, Budget, Channel, Cost, Cursor, Envelope, Event, Failure, Level, Poll, Sink, Stream, StreamId,
};

const MESSAGES: usize = 7;
const SOON: Duration = Duration::from_secs(30);

pub async fn sit(candidate: &dyn Candidate, paper: &mut Paper) {
    let fake = candidate.fake().await;
    let channel = open(candidate, &*fake);
    let Some(poll) = channel.poll() else { return };
    let streams = poll.streams().await.expect("the fake tells its streams");
    let names: BTreeSet<&StreamId> = streams.iter().map(|stream| &stream.id).collect();
    paper.check(!streams.is_empty() && names.len() == streams.len(), || {
        "poll: no streams, or two of one name".to_owned()
    });

    let mut start = Vec::new();
    for stream in &streams {
        start.push((stream.id.clone(), drain(poll, &stream.id, None, AMPLE).await.1));
    }
    let mut expected = BTreeSet::new();
    for n in 0..MESSAGES {
        let text = format!("Question number {n} of the exam");
        fake.arrive(&text);
        expected.insert(text);
    }
    resume_anywhere(poll, &start, &expected, paper).await;
    echoes(&*channel, &*fake, &streams, paper).await;
    turning(candidate, paper).await;
    for wrong_ms in [-7_200_000, 7_200_000] {
        skewed(candidate, wrong_ms, paper).await;
    }
    watching(candidate, paper).await;
}

/// Patrons go on writing while pages are turned.
async fn turning(candidate: &dyn Candidate, paper: &mut Paper) {
    let fake = candidate.fake().await;
    let channel = open(candidate, &*fake);
    let poll = channel.poll().expect("asked before");
    let mut places = Vec::new();
    for stream in poll.streams().await.expect("the fake tells its streams") {
        places.push((stream.id.clone(), drain(poll, &stream.id, None, AMPLE).await.1));
    }
    let mut expected: BTreeSet<String> = (0..MESSAGES).map(|n| format!("Before the turning {n}")).collect();
    expected.iter().for_each(|text| fake.arrive(text));
    let (mut came, mut late) = (BTreeSet::new(), 0);
    for (stream, cursor) in &mut places {
        // Until a read of everything brings nothing more; what comes in between is part of it.
        for _ in 0..10 * MESSAGES {
            let batch = poll.poll(stream, Some(cursor), Budget { max_items: 2, ..AMPLE }).await;
            let batch = batch.expect("the fake is well");
            let idle = batch.envelopes.is_empty() && !batch.more;
            came.extend(batch.envelopes.iter().filter_map(text));
            *cursor = batch.next;
            if late < 3 {
                let text = format!("Between two pages {late}");
                fake.arrive(&text);
                expected.insert(text);
                late += 1;
            } else if idle {
                break;
            }
        }
    }
    // What came into a stream that had been read already.
    for (stream, cursor) in places {
        came.extend(drain(poll, &stream, Some(cursor), AMPLE).await.0.iter().filter_map(text));
    }
    paper.check(came == expected, || {
        format!("poll: these came between two pages and were lost: {:?}", expected.difference(&came))
    });
}

/// Our clock is wrong.
async fn skewed(candidate: &dyn Candidate, wrong_ms: i64, paper: &mut Paper) {
    let fake = candidate.fake().await;
    let account = account(candidate, fake.settings(), fake.now() + wrong_ms, fake.tokens());
    let channel = candidate.connector().open(account).expect("the fake's settings open a channel");
    let poll = channel.poll().expect("asked before");
    let mut places = Vec::new();
    for stream in poll.streams().await.expect("the fake tells its streams") {
        places.push((stream.id.clone(), drain(poll, &stream.id, None, AMPLE).await.1));
    }
    fake.arrive("Whatever the time is");
    let mut came = Vec::new();
    for (stream, cursor) in places {
        came.extend(drain(poll, &stream, Some(cursor), AMPLE).await.0.iter().filter_map(text));
    }
    paper.check(came == ["Whatever the time is"], || {
        format!("poll: with our clock wrong by {wrong_ms} ms there came {came:?}")
    });
}

/// Reads each stream in small steps, then goes back to every cursor there was.
async fn resume_anywhere(
    poll: &dyn Poll,
    start: &[(StreamId, Cursor)],
    expected: &BTreeSet<String>,
    paper: &mut Paper,
) {
    let small = Budget { max_items: 2, ..AMPLE };
    let mut texts: Vec<String> = Vec::new();
    for (stream, from) in start {
        let mut ids: Vec<String> = Vec::new();
        let mut cursors = vec![(from.clone(), 0)];
        loop {
            let cursor = &cursors.last().expect("never empty").0;
            let batch = poll.poll(stream, Some(cursor), small).await.expect("the fake is well");
            let size = batch.envelopes.len();
            let moved = batch.next != *cursor;
            paper.check(size <= small.max_items, || {
                format!("poll: {size} envelopes, and {} allowed", small.max_items)
            });
            paper.check(moved || size == 0, || {
                "poll: something new came and the cursor did not move".to_owned()
            });
            paper.check(moved || !batch.more, || "poll: it says there is more, and stands still".to_owned());
            texts.extend(batch.envelopes.iter().filter_map(text));
            ids.extend(batch.envelopes.into_iter().map(|envelope| envelope.external_id));
            cursors.push((batch.next, ids.len()));
            if !batch.more || !moved {
                break;
            }
        }
        let unique: BTreeSet<&String> = ids.iter().collect();
        paper.check(unique.len() == ids.len(), || {
            format!("poll: reading {stream} once through gave something twice")
        });
        for (cursor, done) in cursors {
            let again: Vec<String> = drain(poll, stream, Some(cursor.clone()), AMPLE)
                .await
                .0
                .into_iter()
                .map(|e| e.external_id)
                .collect();
            // It may repeat: the core knows what it has. It may not lose, and may not call the same thing by another name.
            let lost: Vec<&String> = ids[done..].iter().filter(|id| !again.contains(id)).collect();
            paper.check(lost.is_empty(), || format!("poll: from {cursor:?} these never come: {lost:?}"));
            let strange: Vec<&String> = again.iter().filter(|id| !unique.contains(id)).collect();
            paper.check(strange.is_empty(), || {
                format!("poll: from {cursor:?} these have new names: {strange:?}")
            });
        }
    }
    texts.sort();
    paper.check(texts.iter().eq(expected), || format!("poll: of {expected:?} there came {texts:?}"));
}

async fn echoes(channel: &dyn Channel, fake: &dyn Fake, streams: &[Stream], paper: &mut Paper) {
    if channel.capabilities().echoes == Level::Unsupported {
        return;
    }
    let poll = channel.poll().expect("asked before");
    let mut start = Vec::new();
    for stream in streams {
        start.push((stream.id.clone(), drain(poll, &stream.id, None, AMPLE).await.1));
    }
    let said = fake.answer_elsewhere("Said in the platform's own app");
    paper.check(said, || "echoes: they are declared, and the fake cannot make one".to_owned());
    let mut found = Vec::new();
    for (stream, cursor) in start {
        found.extend(drain(poll, &stream, Some(cursor), AMPLE).await.0);
    }
    let is_echo = |envelope: &Envelope| matches!(envelope.event, Event::Echo(_));
    paper.check(found.iter().filter(|envelope| is_echo(envelope)).count() == 1, || {
        format!(
            "echoes: our own words came as {:?}",
            found.iter().map(|envelope| &envelope.event).collect::<Vec<_>>()
        )
    });
}

#[derive(Default)]
struct Bell {
    rung: Notify,
}

impl Sink for Bell {
    fn wake(&self) {
        self.rung.notify_one();
    }

    fn push(&self, _: Vec<Envelope>, _: Cost) -> BoxFuture<'_, Result<(), Failure>> {
        self.rung.notify_one();
        Box::pin(async { Ok(()) })
    }
}

async fn watching(candidate: &dyn Candidate, paper: &mut Paper) {
    let fake = candidate.fake().await;
    let channel = open(candidate, &*fake);
    let (Some(watch), Some(poll)) = (channel.watch(), channel.poll()) else { return };
    let stream = poll.streams().await.expect("the fake tells its streams").remove(0).id;
    let bell = Arc::new(Bell::default());
    let watching = watch.watch(&stream, &*bell);
    let news = async {
        // A watch wakes at its start: what came before it began is told by nobody. Then a patron writes until it is heard.
        let mut heard = tokio::time::timeout(SOON, bell.rung.notified()).await.is_ok();
        fake.arrive("Is anybody there?");
        heard &= tokio::time::timeout(SOON, bell.rung.notified()).await.is_ok();
        heard
    };
    let heard = tokio::select! {
        ended = watching => {
            paper.check(false, || format!("watch: it ended at once: {ended:?}"));
            return;
        }
        heard = news => heard,
    };
    paper.check(heard, || "watch: nobody was woken".to_owned());
}

pub async fn drain(
    poll: &dyn Poll,
    stream: &StreamId,
    mut cursor: Option<Cursor>,
    budget: Budget,
) -> (Vec<Envelope>, Cursor) {
    let mut all = Vec::new();
    loop {
        let batch = poll.poll(stream, cursor.as_ref(), budget).await.expect("the fake is well");
        all.extend(batch.envelopes);
        if !batch.more {
            return (all, batch.next);
        }
        cursor = Some(batch.next);
    }
}

fn text(envelope: &Envelope) -> Option<String> {
    match &envelope.event {
        Event::Message(message) => Some(message.said.reply_text.trim().to_owned()),
        _ => None,
    }
}
