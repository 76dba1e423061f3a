use std::collections::BTreeSet;
use std::fmt::Write as _;

use bytes::Bytes;

use super::{AMPLE, drain, ids, inbox, once, subjects};
use crate::contract::{Budget, Event, Failure, HeldReason, StreamId};
use crate::email::fake::{Fake, mail};
use crate::simulator::Plan;
use crate::simulator::mail::MailFault;

#[tokio::test]
async fn the_first_poll_leaves_older_mail_and_says_how_many() {
    let fake = Fake::start().await;
    fake.mailbox.fill(3, |n| mail(n).into());
    let channel = fake.channel();
    let first = once(&*channel, None).await.unwrap();
    assert_eq!(ids(&first.envelopes), [""; 0]);
    assert_eq!(first.note.unwrap(), "3 older mails stay unread in INBOX; new mail is read from now on.");
    let placed = fake.mailbox.deliver(mail(3));
    let second = once(&*channel, Some(&first.next)).await.unwrap();
    assert_eq!(ids(&second.envelopes), [format!("INBOX/{}/{}", placed.uid_validity, placed.uid)]);
    assert_eq!(subjects(&second.envelopes), ["Question 3"]);
    assert!(
        fake.mailbox.mails("INBOX").iter().all(|mail| mail.flags.is_empty()),
        "nobody's mail is marked as read"
    );
}

#[tokio::test]
async fn everything_is_read_where_that_was_asked_for() {
    let fake = Fake::start().await;
    fake.mailbox.fill(120, |n| mail(n).into());
    let channel = fake.open(fake.settings().with("import", "everything"));
    let budget = Budget { max_items: 50, max_bytes: 64 << 20 };
    let (all, _) = drain(&*channel, &inbox(), None, budget).await;
    let expected: Vec<String> = (0..120).map(|n| format!("Question {n}")).collect();
    assert_eq!(subjects(&all), expected);
}

#[tokio::test]
async fn so_many_days_of_older_mail_are_read() {
    let fake = Fake::start().await;
    fake.mailbox.deliver(mail(1));
    fake.clock.advance(10 * 86_400_000);
    fake.mailbox.deliver(mail(2));
    let channel = fake.open(fake.settings().with("import", "5"));
    let (all, _) = drain(&*channel, &inbox(), None, AMPLE).await;
    assert_eq!(subjects(&all), ["Question 2"]);
}

/// The figure of the catalogue: whatever the size of the mailbox, nothing new is one question and one answer.
#[tokio::test]
async fn an_empty_poll_of_a_hundred_thousand_mails_is_one_round_trip() {
    let fake = Fake::start().await;
    let raw = Bytes::from(mail(0));
    fake.mailbox.fill(100_000, |_| raw.clone());
    let channel = fake.channel();
    let first = once(&*channel, None).await.unwrap();
    once(&*channel, Some(&first.next)).await.unwrap();
    for _ in 0..3 {
        let before = fake.imap_commands();
        let empty = once(&*channel, Some(&first.next)).await.unwrap();
        assert_eq!(fake.imap_commands() - before, 1);
        assert_eq!((empty.cost.requests, empty.envelopes.len(), empty.more), (1, 0, false));
        assert_eq!(empty.next, first.next);
    }
}

#[tokio::test]
async fn mail_that_came_and_was_deleted_does_not_make_every_poll_look_again() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let first = once(&*channel, None).await.unwrap();
    let placed = fake.mailbox.deliver(mail(1));
    fake.mailbox.remove("INBOX", placed.uid);
    let second = once(&*channel, Some(&first.next)).await.unwrap();
    assert_eq!(ids(&second.envelopes), [""; 0]);
    let third = once(&*channel, Some(&second.next)).await.unwrap();
    assert_eq!(third.cost.requests, 1);
}

#[tokio::test]
async fn the_budget_bounds_a_batch_and_loses_nothing() {
    let fake = Fake::start().await;
    fake.mailbox.fill(7, |n| format!("{}{}", mail(n), "x".repeat(10_000)).into());
    let channel = fake.open(fake.settings().with("import", "everything"));
    let budget = Budget { max_items: 100, max_bytes: 25_000 };
    let first = super::poller(&*channel).poll(&inbox(), None, budget).await.unwrap();
    assert_eq!((first.envelopes.len(), first.more, first.backlog), (2, true, Some(5)));
    let (rest, _) = drain(&*channel, &inbox(), Some(first.next), budget).await;
    assert_eq!(rest.len(), 5);
    let tiny = Budget { max_items: 1, max_bytes: 1 };
    let (all, _) = drain(&*channel, &inbox(), None, tiny).await;
    assert_eq!(all.len(), 7, "a mail larger than the budget is read all the same");
}

#[tokio::test]
async fn great_gaps_between_numbers_are_passed_over() {
    let fake = Fake::start().await;
    fake.mailbox.fill(20_000, |_| Bytes::from_static(b"Subject: gone\r\n\r\n"));
    for kept in fake.mailbox.mails("INBOX") {
        if kept.uid != 20_000 {
            fake.mailbox.remove("INBOX", kept.uid);
        }
    }
    let channel = fake.open(fake.settings().with("import", "everything"));
    let (all, _) = drain(&*channel, &inbox(), None, AMPLE).await;
    assert_eq!(subjects(&all), ["gone"]);
}

#[tokio::test]
async fn a_renumbered_folder_is_read_again_by_fingerprint_and_old_mail_stays_out() {
    let fake = Fake::start().await;
    fake.mailbox.fill(4, |n| mail(n).into());
    let channel = fake.channel();
    let first = once(&*channel, None).await.unwrap();
    fake.clock.advance(60_000);
    fake.mailbox.deliver(mail(10));
    let second = once(&*channel, Some(&first.next)).await.unwrap();
    fake.mailbox.deliver(mail(11));
    let era = fake.mailbox.renumber("INBOX").unwrap();
    let third = once(&*channel, Some(&second.next)).await.unwrap();
    assert!(third.note.unwrap().contains("new numbers"));
    assert_eq!(
        subjects(&third.envelopes),
        ["Question 10", "Question 11"],
        "the four older ones were never to be read"
    );
    assert!(third.envelopes.iter().all(|envelope| envelope.renumbered));
    assert!(ids(&third.envelopes).iter().all(|id| id.starts_with(&format!("INBOX/{era}/"))));
    assert_eq!(
        third.envelopes[0].fingerprint, second.envelopes[0].fingerprint,
        "by which the known one is known"
    );
    fake.mailbox.deliver(mail(12));
    let fourth = once(&*channel, Some(&third.next)).await.unwrap();
    assert_eq!(subjects(&fourth.envelopes), ["Question 12"]);
    assert!(!fourth.envelopes[0].renumbered);
}

#[tokio::test]
async fn a_folder_renumbered_between_question_and_answer_loses_nothing() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let first = once(&*channel, None).await.unwrap();
    fake.mailbox.fill(5, |n| mail(n).into());
    fake.platform.faults().switch_on(Plan::new(MailFault::UidValidityChange).times(1));
    let (all, _) = drain(&*channel, &inbox(), Some(first.next), AMPLE).await;
    let read: BTreeSet<&str> = subjects(&all).into_iter().collect();
    assert_eq!(read.len(), 5);
}

#[tokio::test]
async fn resuming_from_any_cursor_loses_and_doubles_nothing() {
    let fake = Fake::start().await;
    fake.mailbox.fill(9, |n| mail(n).into());
    let channel = fake.open(fake.settings().with("import", "everything"));
    let budget = Budget { max_items: 2, max_bytes: 64 << 20 };
    let mut cursors = vec![None];
    loop {
        let from = cursors.last().unwrap();
        let batch = super::poller(&*channel).poll(&inbox(), Option::as_ref(from), budget).await.unwrap();
        cursors.push(Some(batch.next));
        if !batch.more {
            break;
        }
    }
    for (number, cursor) in cursors.into_iter().enumerate() {
        let (rest, _) = drain(&*channel, &inbox(), cursor, AMPLE).await;
        let expected: Vec<String> = (number * 2..9).map(|n| format!("Question {n}")).collect();
        assert_eq!(subjects(&rest), expected);
    }
}

#[tokio::test]
async fn an_oversized_mail_is_held_with_its_head_and_a_sentence() {
    let fake = Fake::start().await;
    let channel = fake.open(fake.settings().with("import", "everything").with("max_mail_mb", "1"));
    fake.mailbox.deliver(mail(1));
    let placed = fake.mailbox.deliver(format!("{}{}", mail(2), "x".repeat(40 << 20)));
    fake.mailbox.deliver(mail(3));
    let (all, _) = drain(&*channel, &inbox(), None, AMPLE).await;
    assert_eq!(subjects(&all), ["Question 1", "oversized", "Question 3"]);
    let Event::Held(held) = &all[1].event else { panic!("{:?}", all[1].event) };
    assert_eq!(held.subject.as_deref(), Some("Question 2"));
    assert_eq!(held.author.as_ref().unwrap().id, "a.osei@example.org");
    assert!(
        held.why.starts_with("This mail has 41 MB, more than the 1 MB this channel takes."),
        "{}",
        held.why
    );
    assert!(all[1].raw.len() < 1000 && all[1].raw.starts_with(b"From: Abena Osei"));
    let given: usize = fake
        .platform
        .ledger()
        .given("ask@library.example")
        .iter()
        .filter(|given| given.mail.uid == placed.uid)
        .map(|given| given.bytes)
        .sum();
    assert!(given < 1000, "{given} bytes of it came over the line");
}

#[tokio::test]
async fn a_server_that_goes_away_inside_a_mail_loses_nothing() {
    let fake = Fake::start().await;
    fake.mailbox.fill(6, |n| mail(n).into());
    let channel = fake.open(fake.settings().with("import", "everything"));
    fake.platform.faults().switch_on(Plan::new(MailFault::DropMidFetch).times(1));
    let mut cursor = None;
    let mut read = Vec::new();
    let mut failures = 0;
    loop {
        match once(&*channel, cursor.as_ref()).await {
            Ok(batch) => {
                read.extend(subjects(&batch.envelopes).into_iter().map(str::to_owned));
                cursor = Some(batch.next);
                if !batch.more {
                    break;
                }
            }
            Err(Failure::Transient { why, .. }) => {
                failures += 1;
                assert!(why.contains("Nothing is lost"), "{why}");
            }
            Err(other) => panic!("{other}"),
        }
    }
    let expected: Vec<String> = (0..6).map(|n| format!("Question {n}")).collect();
    assert_eq!(read, expected);
    assert!(failures <= 1);
}

/// The line breaks now and then, wherever it happens to be: what had come before counts, what had not comes again.
#[tokio::test]
async fn a_line_that_breaks_now_and_then_loses_and_doubles_nothing() {
    let fake = Fake::start().await;
    fake.mailbox.fill(80, |n| mail(n).into());
    let channel = fake.open(fake.settings().with("import", "everything"));
    fake.platform.faults().switch_on(Plan::new(MailFault::DropMidFetch).per_mille(80));
    let (mut read, mut cursor, mut partly) = (Vec::new(), None, 0);
    loop {
        let Ok(batch) = once(&*channel, cursor.as_ref()).await else { continue };
        read.extend(subjects(&batch.envelopes).into_iter().map(str::to_owned));
        partly += u32::from(batch.more);
        cursor = Some(batch.next);
        if !batch.more {
            break;
        }
    }
    let expected: Vec<String> = (0..80).map(|n| format!("Question {n}")).collect();
    assert_eq!(read, expected);
    assert!(partly > 0, "no batch ended early, so that nothing was tried");
}

#[tokio::test]
async fn a_mail_that_always_breaks_the_line_does_not_stop_the_next() {
    let fake = Fake::start().await;
    fake.mailbox.fill(2, |n| mail(n).into());
    let channel = fake.open(fake.settings().with("import", "everything"));
    fake.platform.faults().switch_on(Plan::new(MailFault::DropMidFetch).times(3));
    for _ in 0..2 {
        assert!(matches!(once(&*channel, None).await, Err(Failure::Transient { .. })));
    }
    let (all, _) = drain(&*channel, &inbox(), None, AMPLE).await;
    assert_eq!(subjects(&all), ["unreadable", "Question 1"]);
    let Event::Held(held) = &all[0].event else { panic!("{:?}", all[0].event) };
    assert_eq!(held.reason, HeldReason::Unreadable);
    assert!(held.why.contains("number 1 in INBOX, in three attempts"), "{}", held.why);
}

#[tokio::test]
async fn half_a_mail_given_as_if_it_were_whole_is_asked_for_again() {
    let fake = Fake::start().await;
    fake.mailbox.deliver(mail(1));
    let channel = fake.open(fake.settings().with("import", "everything"));
    fake.platform.faults().switch_on(Plan::new(MailFault::TruncatedBody).times(1));
    let (all, _) = drain(&*channel, &inbox(), None, AMPLE).await;
    assert_eq!(all[0].raw, mail(1).as_bytes());
}

#[tokio::test]
async fn a_session_that_died_between_polls_is_replaced_without_a_word() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let first = once(&*channel, None).await.unwrap();
    // Ends every session that has the folder open.
    fake.mailbox.deliver(mail(1));
    let second = once(&*channel, Some(&first.next)).await.unwrap();
    fake.mailbox.renumber("INBOX").unwrap();
    once(&*channel, Some(&second.next)).await.unwrap();
}

#[tokio::test]
async fn answers_given_elsewhere_are_echoes_with_their_thread() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let streams = super::poller(&*channel).streams().await.unwrap();
    let named: Vec<(&str, &str, bool)> =
        streams.iter().map(|stream| (stream.id.0.as_str(), stream.name.as_str(), stream.echoes)).collect();
    assert_eq!(named, [("folder:INBOX", "Inbox", false), ("sent:Sent", "Sent", true)]);
    let sent = StreamId("sent:Sent".to_owned());
    let first = super::poller(&*channel).poll(&sent, None, AMPLE).await.unwrap();
    let answer = "From: Fernhill <ask@library.example>\r\nTo: a.osei@example.org\r\nSubject: Re: Question 1\r\nMessage-ID: <x@phone.example>\r\nIn-Reply-To: <1@example.org>\r\nReferences: <0@example.org> <1@example.org>\r\n\r\nAt nine.\r\n";
    fake.mailbox.file("Sent", &["\\Seen"], answer).unwrap();
    let (all, _) = drain(&*channel, &sent, Some(first.next), AMPLE).await;
    let Event::Echo(echo) = &all[0].event else { panic!("{:?}", all[0].event) };
    assert_eq!(echo.thread.references, ["<1@example.org>", "<0@example.org>"]);
    assert_eq!(echo.thread.proven, []);
    assert_eq!(echo.recipients[0].id, "a.osei@example.org");
}

#[tokio::test]
async fn a_folder_that_is_gone_is_said_so() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let stream = StreamId("folder:Büro".to_owned());
    let failure = super::poller(&*channel).poll(&stream, None, AMPLE).await.unwrap_err();
    assert!(matches!(failure, Failure::AccountBlocked { .. } | Failure::Transient { .. }), "{failure:?}");
    assert!(failure.to_string().contains("Büro"), "{failure}");
}

/// Mails that broke other programs, one of each, among two that are well: all come out, in order, with the bytes they had.
#[tokio::test]
async fn hostile_mails_are_read_or_held_and_never_stop_the_next() {
    let mut deep = String::from("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n");
    for level in 0..200 {
        write!(deep, "--b{level}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", level + 1).unwrap();
    }
    let mut wide = String::from("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
    wide.push_str(&"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(10_000));
    let hostile: Vec<Vec<u8>> = vec![
        wide.into_bytes(),
        deep.into_bytes(),
        format!("From: a@b.example\r\nX-Long: {}\r\nSubject: long\r\n\r\nbody\r\n", "y".repeat(1 << 20))
            .into_bytes(),
        b"From: a@b.example\r\nSubject: nul\0nul\r\n\r\nbo\0dy\r\n".to_vec(),
        b"From: J\xf6rg <j@b.example>\r\nSubject: \xdcber Nacht\r\n\r\nh\xe4ngt\r\n".to_vec(),
        b"From: a@b.example\r\nSubject: no id\r\n\r\nx\r\n".to_vec(),
        b"".to_vec(),
        b"\r\n\r\n".to_vec(),
        b"no colon anywhere".to_vec(),
        vec![0xff; 4096],
    ];
    let fake = Fake::start().await;
    fake.mailbox.deliver(mail(1));
    for raw in &hostile {
        fake.mailbox.deliver(raw.clone());
    }
    fake.mailbox.deliver(mail(2));
    let channel = fake.open(fake.settings().with("import", "everything"));
    let (all, _) = drain(&*channel, &inbox(), None, AMPLE).await;
    assert_eq!(all.len(), hostile.len() + 2);
    for (envelope, raw) in all[1..].iter().zip(&hostile) {
        assert_eq!(envelope.raw, *raw);
        assert!(matches!(envelope.event, Event::Message(_) | Event::Held(_)), "{:?}", envelope.event);
    }
    assert_eq!(subjects(&all).last(), Some(&"Question 2"));
}
