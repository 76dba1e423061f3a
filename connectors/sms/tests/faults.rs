//! Each fault of the platform by name, where it strikes: what is said, and that all is well when it is over.

use uuid::Uuid;

use crate::contract::{Budget, Failure, Key, StreamId, Unfenced};
use crate::simulator::sms::Picture;
use crate::simulator::web::WebFault;
use crate::simulator::{Fault, Plan};
use crate::sms::fake::{Fake, NOW, NUMBER, PATRON, draft};

const AMPLE: Budget = Budget { max_items: 100, max_bytes: 1 << 20 };

/// The failure's name.
fn kind<T>(result: &Result<T, Failure>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(Failure::RateLimited { .. }) => "rate limited",
        Err(Failure::Transient { .. }) => "transient",
        Err(Failure::Permanent { .. }) => "permanent",
        Err(Failure::NeedsSignin { .. }) => "needs sign-in",
        Err(Failure::AccountBlocked { .. }) => "blocked",
        Err(Failure::CursorInvalid { .. }) => "cursor",
        Err(Failure::Ambiguous { .. }) => "ambiguous",
        Err(Failure::Malformed { .. }) => "malformed",
    }
}

#[tokio::test]
async fn every_fault_leads_where_it_should_when_read_sent_and_fetched() {
    let table = [
        (WebFault::TooMany, "rate limited", "rate limited", 0),
        (WebFault::OutOfOrder, "transient", "transient", 0),
        (WebFault::Expired, "needs sign-in", "needs sign-in", 0),
        (WebFault::Revoked, "needs sign-in", "needs sign-in", 0),
        (WebFault::Refused, "ok", "permanent", 0),
        (WebFault::Silent, "transient", "ambiguous", 0),
        (WebFault::Reset, "transient", "ambiguous", 0),
        (WebFault::Nonsense, "malformed", "ambiguous", 0),
        (WebFault::Slow, "transient", "ambiguous", 1),
        (WebFault::Half, "transient", "ambiguous", 1),
        (WebFault::Lost, "transient", "ambiguous", 1),
        (WebFault::Mute, "transient", "ambiguous", 1),
        (WebFault::Duplicate, "ok", "ok", 1),
        (WebFault::Reorder, "ok", "ok", 1),
    ];
    assert_eq!(table.len(), WebFault::ALL.len(), "every one is here");
    for (fault, read, sent, taken) in table {
        let fake = Fake::start().await;
        let channel = fake.open();
        let (poll, stream) = (channel.poll().expect("it reads"), StreamId("received".to_owned()));
        let start = poll.poll(&stream, None, AMPLE).await.expect("all is still well").next;
        fake.arrives("Before the trouble");
        fake.platform.faults().switch_on(Plan::new(fault));
        let result = poll.poll(&stream, Some(&start), AMPLE).await;
        assert_eq!(kind(&result), read, "{fault:?} while reading: {result:?}");
        let deliver = channel.deliver().expect("it sends");
        let part = deliver.compose(&draft("Yes"), NOW).expect("it fits").remove(0);
        let key = Key(Uuid::from_u128(1));
        let result = deliver.deliver(&part, &key, &Unfenced).await;
        assert_eq!(kind(&result), sent, "{fault:?} while sending: {result:?}");
        assert_eq!(fake.sent().len(), taken, "{fault:?}");
        fake.platform.faults().clear();
        let after = poll.poll(&stream, Some(&start), AMPLE).await.expect("it is over");
        assert_eq!(after.envelopes.len(), 1, "{fault:?}");
        if sent == "ambiguous" && taken == 1 {
            let found = deliver.find(&part, &key).await.expect("it is listed");
            assert!(found.is_some(), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_had_now_is_had_later_and_one_too_large_never() {
    let fake = Fake::start().await;
    let picture = Picture { content_type: "image/png".to_owned(), bytes: vec![7; 5_000].into() };
    let sid = fake.platform.text(PATRON, NUMBER, "", vec![picture]).expect("the number is rented");
    let channel = fake.open();
    let media = channel.media().expect("it has files");
    let reference = format!("{sid}#0");
    for (fault, expected) in [
        (WebFault::OutOfOrder, "transient"),
        (WebFault::Half, "transient"),
        (WebFault::TooMany, "rate limited"),
        (WebFault::Revoked, "needs sign-in"),
    ] {
        fake.platform.faults().switch_on(Plan::new(fault).place("media"));
        let result = media.fetch(&reference, 10_000).await;
        assert_eq!(kind(&result), expected, "{fault:?}: {result:?}");
        fake.platform.faults().clear();
    }
    assert_eq!(media.fetch(&reference, 10_000).await.expect("it is there").bytes.len(), 5_000);
    assert_eq!(kind(&media.fetch(&reference, 4_999).await), "permanent");
    for strange in [
        format!("{sid}#1"),
        "MM00#0".to_owned(),
        "../../x#0".to_owned(),
        "/2010-04-01/Accounts/AC9/Messages/MM1/Media/ME1".to_owned(),
        "https://elsewhere.example/a.png".to_owned(),
        String::new(),
    ] {
        assert_eq!(kind(&media.fetch(&strange, 10_000).await), "permanent", "{strange}");
    }
}
