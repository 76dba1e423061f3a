//! The line held open: what comes over it, and what happens when it breaks.

use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::Notify;

use super::{AMPLE, directs, drain, ids, mentions, texts};
use crate::contract::{BoxFuture, Cost, Envelope, Failure, Sink};
use crate::x::fake::Fake;

const SOON: Duration = Duration::from_secs(30);

#[derive(Default)]
struct Ear {
    kept: Mutex<Vec<Envelope>>,
    woken: Notify,
    heard: Notify,
    deaf: bool,
}

impl Sink for Ear {
    fn wake(&self) {
        self.woken.notify_one();
    }

    fn push(&self, envelopes: Vec<Envelope>, _: Cost) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            if self.deaf {
                return Err(Failure::Transient { after_ms: None, why: "The store is full.".to_owned() });
            }
            self.kept.lock().unwrap().extend(envelopes);
            self.heard.notify_one();
            Ok(())
        })
    }
}

#[tokio::test]
async fn one_line_brings_everything_of_the_account() {
    let fake = Fake::start().await;
    let channel = fake.open(fake.with_stream());
    let (ear, stream) = (Ear::default(), mentions());
    let start = drain(&*channel, &directs(), None, AMPLE).await.1;
    let listening = channel.watch().unwrap().watch(&stream, &ear);
    let story = async {
        ear.woken.notified().await;
        fake.patron.mention(&fake.library.id, "in public");
        ear.heard.notified().await;
        fake.patron.direct(&fake.library.id, "in private");
        ear.heard.notified().await;
        fake.platform.says_in_public(&fake.library.id, &fake.first, "answered in the app");
        ear.heard.notified().await;
    };
    let told = tokio::time::timeout(SOON, async {
        tokio::select! {
            ended = listening => panic!("it ended: {ended:?}"),
            () = story => {}
        }
    });
    told.await.unwrap();
    let kept = ear.kept.lock().unwrap().clone();
    assert_eq!(texts(&kept), ["in public", "in private", "answered in the app"]);
    assert!(matches!(kept[2].event, crate::contract::Event::Echo(_)));
    // Reading gives the same thing under the same name.
    let read = drain(&*channel, &directs(), Some(start), AMPLE).await.0;
    assert_eq!(ids(&read), ids(&kept[1..2]));
}

#[tokio::test]
async fn a_line_that_breaks_says_so() {
    let fake = Fake::start().await;
    let channel = fake.open(fake.with_stream());
    let (ear, stream) = (Ear::default(), mentions());
    let listening = channel.watch().unwrap().watch(&stream, &ear);
    let story = async {
        ear.woken.notified().await;
        fake.platform.stop().await;
        std::future::pending::<()>().await;
    };
    let ended = tokio::time::timeout(SOON, async {
        tokio::select! {
            ended = listening => ended,
            () = story => Ok(()),
        }
    });
    let ended = ended.await.unwrap();
    assert!(matches!(ended, Ok(()) | Err(Failure::Transient { .. })), "{ended:?}");
}

#[tokio::test]
async fn what_cannot_be_kept_ends_the_line() {
    let fake = Fake::start().await;
    let channel = fake.open(fake.with_stream());
    let (ear, stream) = (Ear { deaf: true, ..Ear::default() }, mentions());
    let listening = channel.watch().unwrap().watch(&stream, &ear);
    let story = async {
        ear.woken.notified().await;
        fake.patron.direct(&fake.library.id, "too much");
        std::future::pending::<()>().await;
    };
    let ended = tokio::time::timeout(SOON, async {
        tokio::select! {
            ended = listening => ended,
            () = story => Ok(()),
        }
    });
    assert!(matches!(ended.await.unwrap(), Err(Failure::Transient { .. })));
    let other = channel.watch().unwrap().watch(&directs(), &ear).await;
    assert!(matches!(other, Err(Failure::Permanent { .. })), "{other:?}");
}
