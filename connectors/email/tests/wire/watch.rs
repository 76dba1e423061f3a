use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::Notify;

use super::inbox;
use crate::contract::{BoxFuture, Cost, Envelope, Failure, Sink};
use crate::email::fake::{Fake, mail};
use crate::simulator::mail::MailFault;

#[derive(Default)]
struct Woken {
    count: Mutex<u32>,
    told: Notify,
}

impl Sink for Woken {
    fn wake(&self) {
        *self.count.lock().unwrap() += 1;
        self.told.notify_one();
    }

    fn push(&self, _: Vec<Envelope>, _: Cost) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async { Ok(()) })
    }
}

const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn new_mail_wakes_the_poller() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let sink = Woken::default();
    let stream = inbox();
    let watching = channel.watch().unwrap().watch(&stream, &sink);
    let arriving = async {
        sink.told.notified().await;
        fake.platform.ledger().until(|ledger| ledger.count("imap IDLE") > 0).await;
        for n in 0..3 {
            fake.mailbox.deliver(mail(n));
            sink.told.notified().await;
        }
    };
    tokio::select! {
        ended = watching => panic!("{ended:?}"),
        done = tokio::time::timeout(SOON, arriving) => done.expect("each mail wakes"),
    }
}

#[tokio::test]
async fn a_server_without_idle_is_not_watched() {
    let fake = Fake::start().await;
    fake.platform.faults().switch_on(MailFault::NoIdle);
    let channel = fake.channel();
    let failure = channel.watch().unwrap().watch(&inbox(), &Woken::default()).await.unwrap_err();
    assert!(matches!(failure, Failure::Permanent { .. }), "{failure:?}");
}

#[tokio::test]
async fn a_line_that_ends_is_noticed() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let sink = Woken::default();
    let stream = inbox();
    let watching = channel.watch().unwrap().watch(&stream, &sink);
    let ending = async {
        fake.platform.ledger().until(|ledger| ledger.count("imap IDLE") > 0).await;
        fake.platform.stop().await;
    };
    let (ended, ()) = tokio::time::timeout(SOON, async { tokio::join!(watching, ending) }).await.unwrap();
    assert!(matches!(ended, Err(Failure::Transient { .. })), "{ended:?}");
}
