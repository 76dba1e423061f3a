//! Nonsense from clients, stopping, and the ledger's file.

use proptest::prelude::*;

use super::*;
use crate::simulator::Line;

#[tokio::test]
async fn nonsense_is_answered_and_the_session_goes_on() {
    let (platform, _) = platform().await;
    platform.deliver(ASK, mail("one")).unwrap();
    let mut client = Bare::connect(platform.imap_addr()).await;
    client.ask("a SELECT INBOX\r\n", "a BAD").await;
    client.ask("a LOGIN x\r\n", "a BAD").await;
    client.ask("a AUTHENTICATE CRAM-MD5\r\n", "a NO").await;
    client.ask("a AUTHENTICATE PLAIN\r\n", "+").await;
    client.ask("*\r\n", "a BAD").await;
    client.ask("a AUTHENTICATE PLAIN =\r\n", "a BAD").await;
    client.ask(&format!("a LOGIN {ASK} {PASSWORD}\r\n"), "a OK").await;
    for (command, answer) in [
        ("\r\n", "* BAD"),
        ("+ NOOP\r\n", "* BAD"),
        ("a\r\n", "a BAD"),
        ("a NOOP NOOP\r\n", "a BAD"),
        ("a DANCE\r\n", "a BAD"),
        ("a LOGIN a b\r\n", "a BAD"),
        ("a STARTTLS\r\n", "a BAD"),
        ("a FETCH 1 FLAGS\r\n", "a BAD"),
        ("a SELECT Nowhere\r\n", "a NO"),
        ("a STATUS INBOX (WEATHER)\r\n", "a BAD"),
        ("a STATUS Nowhere (UIDNEXT)\r\n", "a NO"),
        ("a APPEND Sent \"never\" {1+}\r\nx\r\n", "a BAD"),
        ("a APPEND Sent {0+}\r\n\r\n", "a NO"),
        ("a APPEND Sent {99999999999}\r\n", "a NO [TOOBIG]"),
        ("a LIST \"\" \"\"\r\n", "a OK"),
        ("a SELECT INBOX\r\n", "a OK"),
        ("a FETCH 0 FLAGS\r\n", "a BAD"),
        ("a FETCH 2 FLAGS\r\n", "a BAD"),
        ("a FETCH 1 (FLAGS\r\n", "a BAD"),
        ("a FETCH 1 (FLAGS WEATHER)\r\n", "a BAD"),
        ("a FETCH 1 BODY[1.MIME]\r\n", "a NO [CANNOT]"),
        ("a UID FETCH 4294967295 FLAGS\r\n", "a OK"),
        ("a UID FETCH 4294967296 FLAGS\r\n", "a BAD"),
        ("a STORE 1 FLAGS (\\Wrong\\Wrong)\r\n", "a BAD"),
        ("a UID COPY 1 Nowhere\r\n", "a NO [TRYCREATE]"),
        ("a UID COPY 9 Sent\r\n", "a OK"),
        ("a IDLE\r\nNOOP\r\n", "a BAD"),
        ("a CHECK\r\n", "a OK"),
    ] {
        client.ask(command, answer).await;
    }
    client.ask("z LOGOUT\r\n", "z OK").await;
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn too_much_at_once_ends_only_the_one_who_sent_it() {
    let (platform, _) = platform_with(|options| options.max_mail_bytes = 1000).await;
    let mut client = Bare::imap(&platform).await;
    client.say("a APPEND INBOX {999999999+}\r\n").await;
    assert!(client.rest().await.starts_with("* BYE [TOOBIG]"));
    let mut client = Bare::imap(&platform).await;
    // The server may hang up before all of it is written.
    let _ = client.stream.write_all(&vec![b'x'; 300_000]).await;
    client.rest().await;
    let mut deep = String::from("a SEARCH ");
    deep.push_str(&"NOT ".repeat(5000));
    let mut client = Bare::imap(&platform).await;
    client.ask("a SELECT INBOX\r\n", "a OK").await;
    client.ask(&format!("{deep}ALL\r\n"), "a BAD").await;
    imap(&platform).await;
}

#[tokio::test]
async fn stopping_says_goodbye_and_leaves_nothing() {
    let (platform, _) = platform().await;
    let mut idle = Bare::imap(&platform).await;
    idle.ask("a SELECT INBOX\r\n", "a OK").await;
    idle.ask("b IDLE\r\n", "+ ").await;
    let mut quiet = Bare::smtp(&platform).await;
    platform.faults().switch_on(MailFault::Hang);
    let mut hanging = TcpStream::connect(platform.imap_addr()).await.unwrap();
    hanging.write_all(b"a NOOP\r\n").await.unwrap();
    platform.patron(PatronOptions::new("P", "p@patron.example").answers(Answer::after(1000, "x"))).unwrap();

    soon(platform.stop()).await;
    assert!(idle.rest().await.starts_with("* BYE "));
    assert!(quiet.rest().await.starts_with("421 "));
    assert!(TcpStream::connect(platform.imap_addr()).await.is_err());
    assert!(TcpStream::connect(platform.smtp_addr()).await.is_err());
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let (first, clock) = platform().await;
    let mut options = MailOptions::new(clock);
    options.smtp_port = first.smtp_addr().port();
    assert!(MailPlatform::start(options).await.is_err());
}

#[tokio::test]
async fn the_ledger_can_be_read_by_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mail.jsonl");
    let (platform, clock) = platform_with(|options| options.ledger_file = Some(file.clone())).await;
    platform.deliver(ASK, mail("one")).unwrap();
    clock.advance(5);
    send(&platform, &["a@far.example"], &mail("two")).await.unwrap();
    let mut session = imap(&platform).await;
    session.select("INBOX").await.unwrap();
    session.run_command_and_check_ok("UID FETCH 1 BODY[]").await.unwrap();
    let lines = platform.ledger().lines();
    assert_eq!(
        lines.iter().map(|line| (line.seq, line.at_ms - NOW_MS)).collect::<Vec<_>>(),
        [(1, 0), (2, 5), (3, 5)]
    );
    assert_eq!(Ledger::<Entry>::read(&file).unwrap(), lines);
    assert_eq!(platform.ledger().count("imap UID FETCH"), 1);

    // A kill in the middle of a line.
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 9]).unwrap();
    let read: Vec<Line<Entry>> = Ledger::read(&file).unwrap();
    assert_eq!(read, lines[..2]);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_mails() {
    let mails = async |seed| {
        let (platform, _) = platform_with(|options| options.seed = seed).await;
        let patron = platform.patron(PatronOptions::new("P", "p@patron.example")).unwrap();
        patron.ask(ASK, "s", "t").unwrap();
        platform.mailbox(ASK).unwrap().mails("INBOX")
    };
    assert_eq!(mails(7).await, mails(7).await);
    assert_ne!(mails(7).await, mails(8).await);
}

proptest! {
    #[test]
    fn no_command_line_makes_the_parsers_stumble(
        verb in "(FETCH|UID FETCH|STORE|SEARCH|UID SEARCH|APPEND|LIST|STATUS|LOGIN|COPY|[A-Z]{1,8})",
        rest in proptest::collection::vec(
            prop_oneof![
                Just(b" ".to_vec()), Just(b"(".to_vec()), Just(b")".to_vec()), Just(b"\"".to_vec()),
                Just(b"{3}\r\nabc".to_vec()), Just(b"{9+}\r\n".to_vec()), Just(b"1:*".to_vec()),
                Just(b"BODY[".to_vec()), Just(b"]<0.5>".to_vec()), Just(b"NOT ".to_vec()),
                Just(b"FLAGS".to_vec()), Just(b"HEADER".to_vec()), Just(b"\\Seen".to_vec()),
                proptest::collection::vec(any::<u8>(), 0..6),
            ],
            0..12,
        ),
    ) {
        let line = [format!("a {verb} ").into_bytes(), rest.concat()].concat();
        imap::try_line(&line);
    }

    #[test]
    fn every_header_is_found_whole(raw in proptest::collection::vec(
        prop_oneof![
            Just(b"\r\n".to_vec()), Just(b"\n".to_vec()), Just(b"A: b".to_vec()), Just(b" ".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..6),
        ],
        0..12,
    )) {
        let raw = raw.concat();
        let (header, body) = text::split(&raw);
        prop_assert_eq!([header, body].concat(), raw.clone());
        let fields: Vec<u8> = text::fields(&raw).flat_map(|field| field.whole.to_vec()).collect();
        let ending = header.len() - fields.len();
        prop_assert!(header.starts_with(&fields) && ending <= 2);
    }
}
