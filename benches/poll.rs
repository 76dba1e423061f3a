//! Reading a large mailbox in which nothing is new: how often the server must be asked.

use std::sync::Arc;

use connectors::contract::{Account, Budget, ChannelId, Connector, NoTokens, Outside, Settings};
use connectors::email::Email;
use connectors::simulator::mail::{MailOptions, MailPlatform, MailboxOptions};
use connectors::simulator::{Clock, FrozenClock};
use uuid::Uuid;

use super::Size;
use super::support::cost::Meter;
use super::support::table::Table;

const MAILS: usize = 100_000;
const ADDRESS: &str = "ask@library.example";
const PASSWORD: &str = "horses carry batteries";
const BUDGET: Budget = Budget { max_items: 200, max_bytes: 32 << 20 };

pub async fn measure(_size: Size, table: &mut Table) {
    let clock = FrozenClock::at(1_791_277_331_000);
    let mut options = MailOptions::new(clock.clone());
    options.mailboxes.push(MailboxOptions::new(ADDRESS, PASSWORD));
    let platform = MailPlatform::start(options).await.unwrap();
    let mailbox = platform.mailbox(ADDRESS).unwrap();
    for number in 0..MAILS {
        mailbox.deliver(format!(
            "From: a.osei@post.example\r\nTo: {ADDRESS}\r\nSubject: {number}\r\nMessage-ID: <{number}@post.example>\r\n\r\nGood day.\r\n"
        ));
    }
    let settings = Settings::new()
        .with("address", ADDRESS)
        .with("imap_host", "127.0.0.1")
        .with("imap_port", platform.imap_addr().port().to_string())
        .with("imap_tls", "none")
        .with("smtp_host", "127.0.0.1")
        .with("smtp_port", platform.smtp_addr().port().to_string())
        .with("smtp_tls", "none")
        .with_secret("password", PASSWORD);
    let outside = Outside::new(Arc::new(move || clock.now_ms()), None).unwrap();
    let account = Account {
        channel: ChannelId(Uuid::from_u128(1)),
        proof_key: Arc::from([7; 32]),
        outside: outside.narrowed(Email.hosts(&settings), &settings),
        settings,
        tokens: Arc::new(NoTokens),
        files: Arc::new(connectors::contract::NoFiles),
        webhook_url: None,
    };
    let channel = Email.open(account).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let poll = channel.poll().unwrap();
    let stream = poll.streams().await.unwrap().remove(0).id;
    let mut cursor = None;
    loop {
        let batch = poll.poll(&stream, cursor.as_ref(), BUDGET).await.unwrap();
        cursor = Some(batch.next);
        if !batch.more {
            break;
        }
    }
    let asked = || -> u64 {
        platform
            .ledger()
            .counts()
            .iter()
            .filter(|(kind, _)| kind.starts_with("imap "))
            .map(|(_, count)| count)
            .sum()
    };
    // The first one leaves, in the same breath, the folder that was being read.
    let batch = poll.poll(&stream, cursor.as_ref(), BUDGET).await.unwrap();
    assert!(batch.envelopes.is_empty() && !batch.more);
    let before = asked();
    let meter = Meter::start();
    let batch = poll.poll(&stream, cursor.as_ref(), BUDGET).await.unwrap();
    let cost = meter.read();
    assert!(batch.envelopes.is_empty() && !batch.more);
    let trips = asked() - before;
    let what = format!("poll {MAILS} mails, none new");
    let value = format!("{trips} asked ({:.1} ms)", cost.wall.as_secs_f64() * 1e3);
    table.row(&what, value, "1 asked".into(), Some(trips as f64), ("one round trip", trips == 1));
    platform.stop().await;
}
