//! Reading a mailbox as a connector does.

use futures::TryStreamExt;

use super::*;

async fn fetched(session: &mut Imap, set: &str, items: &str) -> Vec<async_imap::types::Fetch> {
    session.uid_fetch(set, items).await.unwrap().try_collect().await.unwrap()
}

#[tokio::test]
async fn a_poll_brings_new_mail_whole_and_leaves_it_unseen() {
    let (platform, _) = platform().await;
    let first = platform.deliver(ASK, mail("one")).unwrap();
    let second = platform.deliver(ASK, mail("two")).unwrap();
    let mut session = imap(&platform).await;
    let opened = session.select("INBOX").await.unwrap();
    assert_eq!(opened.exists, 2);
    assert_eq!(opened.uid_validity, Some(first.uid_validity));
    assert_eq!(opened.uid_next, Some(3));

    let mails = fetched(&mut session, "1:*", "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])").await;
    let bodies: Vec<_> = mails.iter().map(|mail| (mail.uid, mail.body())).collect();
    let (one, two) = (mail("one"), mail("two"));
    assert_eq!(bodies, [(Some(1), Some(one.as_bytes())), (Some(2), Some(two.as_bytes()))]);
    assert_eq!(mails[1].size, Some(two.len() as u32));
    assert_eq!(mails[0].internal_date().map(|date| date.timestamp_millis()), Some(NOW_MS));
    assert_eq!(mails[0].flags().count(), 0);

    let given = platform.ledger().given(ASK);
    assert_eq!(given.iter().map(|given| &given.mail).collect::<Vec<_>>(), [&first, &second]);
    assert!(given.iter().all(Given::to_the_end));
    let inbox = platform.mailbox(ASK).unwrap().mails("INBOX");
    assert!(inbox.iter().all(|kept| kept.flags.is_empty()));
}

#[tokio::test]
async fn asking_past_the_end_gives_the_last_mail_again() {
    let (platform, _) = platform().await;
    platform.deliver(ASK, mail("one")).unwrap();
    platform.deliver(ASK, mail("two")).unwrap();
    let mut session = imap(&platform).await;
    session.examine("INBOX").await.unwrap();
    let mails = fetched(&mut session, "3:*", "(UID)").await;
    assert_eq!(mails.iter().map(|mail| mail.uid).collect::<Vec<_>>(), [Some(2)]);
    assert!(fetched(&mut session, "3:9", "(UID)").await.is_empty());
}

#[tokio::test]
async fn a_mail_can_be_read_in_pieces_and_by_its_header() {
    let (platform, _) = platform().await;
    platform.deliver(ASK, mail("one")).unwrap();
    let mut session = imap(&platform).await;
    session.select("INBOX").await.unwrap();

    let header = fetched(&mut session, "1", "BODY.PEEK[HEADER.FIELDS (Message-ID Subject)]").await;
    let header = String::from_utf8_lossy(header[0].header().unwrap()).into_owned();
    assert_eq!(header, "Subject: About one\r\nMessage-ID: <one@patron.example>\r\n\r\n");
    assert!(platform.ledger().given(ASK).is_empty(), "a header is not the mail");

    let whole = mail("one");
    let pieces = [(0, 50), (50, 5000)];
    for (first, count) in pieces {
        session.run_command_and_check_ok(format!("UID FETCH 1 BODY.PEEK[]<{first}.{count}>")).await.unwrap();
    }
    let given = platform.ledger().given(ASK);
    let ends: Vec<_> = given.iter().map(|given| (given.bytes, given.to_the_end())).collect();
    assert_eq!(ends, [(50, false), (whole.len() - 50, true)]);
}

#[tokio::test]
async fn looking_without_peeking_makes_a_mail_seen_and_says_so() {
    let (platform, _) = platform().await;
    platform.deliver(ASK, mail("one")).unwrap();
    let mailbox = platform.mailbox(ASK).unwrap();
    let mut session = imap(&platform).await;

    session.examine("INBOX").await.unwrap();
    fetched(&mut session, "1", "BODY[]").await;
    assert!(mailbox.mails("INBOX")[0].flags.is_empty(), "EXAMINE changes nothing");

    session.select("INBOX").await.unwrap();
    let mails = fetched(&mut session, "1", "BODY[]").await;
    assert_eq!(mails[0].flags().collect::<Vec<_>>(), [async_imap::types::Flag::Seen]);
    assert_eq!(mailbox.mails("INBOX")[0].flags, ["\\Seen"]);
}

#[tokio::test]
async fn searches_find_what_they_should() {
    let (platform, _) = platform().await;
    for name in ["one", "two", "three"] {
        platform.deliver(ASK, mail(name)).unwrap();
    }
    let mut session = imap(&platform).await;
    session.select("INBOX").await.unwrap();
    let _: Vec<_> = session.uid_store("2", "+FLAGS (\\Seen)").await.unwrap().try_collect().await.unwrap();
    for (query, wanted) in [
        ("ALL", vec![1, 2, 3]),
        ("UNSEEN", vec![1, 3]),
        ("HEADER Message-ID \"<three@patron.example>\"", vec![3]),
        ("HEADER Message-ID \"<none@patron.example>\"", vec![]),
        ("HEADER Message-ID <two@", vec![2]),
        ("UID 2:* UNSEEN", vec![3]),
        ("UID 9:*", vec![3]),
        ("OR SUBJECT one (NOT UNSEEN)", vec![1, 2]),
        ("BODY \"text of TWO\"", vec![2]),
        ("NOT 1:2", vec![3]),
        ("SINCE 6-Oct-2026 BEFORE 7-Oct-2026", vec![1, 2, 3]),
        ("ON 5-Oct-2026", vec![]),
        ("LARGER 10 SMALLER 100", vec![]),
    ] {
        let mut found: Vec<_> = session.uid_search(query).await.unwrap().into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, wanted, "{query}");
    }
    let mut client = Bare::imap(&platform).await;
    client.ask("a SELECT INBOX\r\n", "a OK").await;
    client.ask("a SEARCH CHARSET KOI8-R ALL\r\n", "a NO [BADCHARSET").await;
    client.ask("a SEARCH CHARSET utf-8 ALL\r\n", "a OK").await;
    for bad in ["WHATEVER", "SINCE yesterday", "HEADER", "(ALL", "OR ALL"] {
        client.ask(&format!("a UID SEARCH {bad}\r\n"), "a BAD").await;
    }
}

#[tokio::test]
async fn idle_tells_of_arrivals_and_removals() {
    let (platform, _) = platform().await;
    platform.deliver(ASK, mail("one")).unwrap();
    let mut client = Bare::imap(&platform).await;
    client.ask("a SELECT INBOX\r\n", "a OK").await;
    client.ask("b IDLE\r\n", "+ ").await;
    platform.deliver(ASK, mail("two")).unwrap();
    assert_eq!(client.line().await, "* 2 EXISTS");
    assert!(platform.mailbox(ASK).unwrap().remove("INBOX", 1));
    assert_eq!(client.line().await, "* 1 EXPUNGE");
    client.ask("DONE\r\n", "b OK").await;
}

#[tokio::test]
async fn idle_wakes_a_real_client() {
    let (platform, _) = platform().await;
    let mut session = imap(&platform).await;
    session.select("INBOX").await.unwrap();
    let mut idle = session.idle();
    idle.init().await.unwrap();
    {
        let (news, _interrupt) = idle.wait();
        platform.deliver(ASK, mail("one")).unwrap();
        let news = soon(news).await.unwrap();
        assert!(matches!(news, async_imap::extensions::idle::IdleResponse::NewData(_)), "{news:?}");
    }
    let mut session = idle.done().await.unwrap();
    assert_eq!(fetched(&mut session, "1:*", "(UID)").await.len(), 1);
}

#[tokio::test]
async fn numbers_do_not_change_under_a_client_that_was_not_told() {
    let (platform, _) = platform().await;
    for name in ["one", "two", "three"] {
        platform.deliver(ASK, mail(name)).unwrap();
    }
    let mut client = Bare::imap(&platform).await;
    client.ask("a SELECT INBOX\r\n", "a OK").await;
    assert!(platform.mailbox(ASK).unwrap().remove("INBOX", 2));
    platform.deliver(ASK, mail("four")).unwrap();

    let answer = client.ask("b FETCH 2:3 (UID)\r\n", "b ").await;
    assert_eq!(answer, ["* 3 FETCH (UID 3)", "b NO [EXPUNGEISSUED] Some of these messages no longer exist"]);
    let answer = client.ask("c NOOP\r\n", "c ").await;
    assert_eq!(answer[..2], ["* 2 EXPUNGE", "* 3 EXISTS"]);
    let answer = client.ask("d FETCH 2:3 (UID)\r\n", "d ").await;
    assert_eq!(answer[..2], ["* 2 FETCH (UID 3)", "* 3 FETCH (UID 4)"]);
    client.ask("e FETCH 4 (UID)\r\n", "e BAD").await;
}

#[tokio::test]
async fn a_large_mailbox_is_read_from_its_end() {
    let (platform, _) = platform().await;
    let count = 20_000;
    platform.mailbox(ASK).unwrap().fill(count, |number| mail(&format!("n{number}")).into());
    let mut session = imap(&platform).await;
    assert_eq!(session.select("INBOX").await.unwrap().exists as usize, count);
    let status = session.status("INBOX", "(UIDNEXT UNSEEN)").await.unwrap();
    assert_eq!((status.uid_next, status.unseen), (Some(20_001), Some(20_000)));
    assert_eq!(fetched(&mut session, "19999:*", "(UID)").await.len(), 2);
    let found = session.uid_search("HEADER Message-ID <n12345@patron.example>").await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [12_346]);
    assert_eq!(platform.ledger().arrived(ASK).len(), count);
}
