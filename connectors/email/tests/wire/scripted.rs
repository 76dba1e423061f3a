//! Servers that say things no simulator says: refusals with codes, old servers, nonsense.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::once;
use crate::contract::{
    Account, Channel, ChannelId, Connector, Event, Failure, NoTokens, Outside, Reason, Unfenced,
};
use crate::email::Email;
use crate::email::fake::{ADDRESS, NOW, PASSWORD};
use crate::simulator::{Clock, FrozenClock};

/// Says `greeting`, then for each line the first answer whose word stands in it, with the command's tag for `TAG`. Lines of a
/// mail are not answered; its final dot is the word `DOT`. An answer of `!` hangs up.
async fn server(greeting: &'static str, answers: &'static [(&'static str, &'static str)]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let _ = stream.get_mut().write_all(format!("{greeting}\r\n").as_bytes()).await;
                let mut line = String::new();
                let mut in_mail = false;
                while stream.read_line(&mut line).await.is_ok_and(|count| count > 0) {
                    if in_mail && line != ".\r\n" {
                        line.clear();
                        continue;
                    }
                    in_mail = line == "DATA\r\n";
                    if line == ".\r\n" {
                        line = "DOT".to_owned();
                    }
                    let tag = line.split(' ').next().unwrap_or_default().trim();
                    let answer = answers
                        .iter()
                        .find(|(word, _)| line.contains(word))
                        .map_or("TAG BAD what", |(_, a)| *a);
                    if answer == "!" {
                        return;
                    }
                    let _ = stream
                        .get_mut()
                        .write_all(format!("{}\r\n", answer.replace("TAG", tag)).as_bytes())
                        .await;
                    line.clear();
                }
            });
        }
    });
    port
}

fn channel(imap: u16, smtp: u16) -> Arc<dyn Channel> {
    let settings = crate::contract::Settings::new()
        .with("address", ADDRESS)
        .with("imap_host", format!("127.0.0.1:{imap}"))
        .with("imap_tls", "none")
        .with("smtp_host", format!("127.0.0.1:{smtp}"))
        .with("smtp_tls", "none")
        .with("sent_folder", "Sent")
        .with("import", "everything")
        .with("timeout_s", "1")
        .with_secret("password", PASSWORD);
    let clock = FrozenClock::at(NOW);
    let outside = Outside::new(Arc::new(move || clock.now_ms()), None).unwrap();
    Email
        .open(Account {
            channel: ChannelId(uuid::Uuid::from_u128(1)),
            proof_key: Arc::from([7; 32]),
            outside: outside.narrowed(Email.hosts(&settings), &settings),
            settings,
            tokens: Arc::new(NoTokens),
            files: Arc::new(crate::conformance::Shelf),
            webhook_url: None,
        })
        .unwrap()
}

const OK: &str = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready";

async fn reading(greeting: &'static str, answers: &'static [(&'static str, &'static str)]) -> Failure {
    once(&*channel(server(greeting, answers).await, 1), None).await.unwrap_err()
}

#[tokio::test]
async fn refused_sign_ins_say_what_to_do() {
    let failure = reading(OK, &[("AUTHENTICATE", "TAG NO [LIMIT] Too many logins")]).await;
    assert!(matches!(failure, Failure::RateLimited { .. }), "{failure:?}");
    let failure = reading(OK, &[("AUTHENTICATE", "TAG NO [UNAVAILABLE] Backend is down")]).await;
    assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
    let failure = reading(OK, &[("AUTHENTICATE", "TAG NO [INUSE] locked")]).await;
    assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
    let failure = reading(OK, &[("AUTHENTICATE", "TAG NO [EXPIRED] old")]).await;
    assert!(failure.to_string().contains("has expired"), "{failure}");
    let failure = reading(OK, &[("AUTHENTICATE", "TAG NO [CONTACTADMIN] suspended")]).await;
    assert!(matches!(failure, Failure::AccountBlocked { .. }), "{failure:?}");
    let failure = reading("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi", &[]).await;
    assert!(matches!(failure, Failure::AccountBlocked { .. }), "{failure:?}");
}

/// Some servers quote in their refusal what they were given.
#[tokio::test]
async fn a_server_that_repeats_the_password_is_not_repeated() {
    // NUL, the address, NUL, the password, in base64: what PLAIN sends.
    let failure = reading(
        OK,
        &[("AUTHENTICATE", "TAG NO bad AGFza0BsaWJyYXJ5LmV4YW1wbGUAY29ycmVjdC1ob3JzZS1iYXR0ZXJ5")],
    )
    .await;
    assert!(!failure.to_string().contains("AGFza0"), "{failure}");
    let failure =
        reading("* OK [CAPABILITY IMAP4rev1] old", &[("LOGIN", "TAG NO not correct-horse-battery")]).await;
    assert!(!failure.to_string().contains(PASSWORD), "{failure}");
    assert!(matches!(failure, Failure::NeedsSignin { .. }), "{failure:?}");
}

#[tokio::test]
async fn a_farewell_at_the_door_says_why() {
    let failure = reading("* BYE [ALERT] Too many simultaneous connections", &[]).await;
    assert!(matches!(failure, Failure::RateLimited { .. }), "{failure:?}");
    let failure = reading("* BYE going down", &[]).await;
    assert!(
        matches!(failure, Failure::Transient { .. }) && failure.to_string().contains("going down"),
        "{failure:?}"
    );
}

#[tokio::test]
async fn what_is_no_mail_server_is_said_to_be_none() {
    for greeting in
        ["HTTP/1.1 400 Bad Request", "SSH-2.0-OpenSSH_9.2", "220 mail.example ESMTP", "\0\x01\x02"]
    {
        let failure = reading(greeting, &[]).await;
        assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
        assert!(failure.to_string().contains("127.0.0.1"), "{failure}");
    }
}

/// No SASL-IR, no UIDNEXT, one mail gone while it is read, one that the server will not give.
#[tokio::test]
async fn an_old_server_with_a_damaged_mail_is_read_to_the_end() {
    const ANSWERS: &[(&str, &str)] = &[
        ("LOGIN", "TAG OK in"),
        ("CAPABILITY", "* CAPABILITY IMAP4rev1\r\nTAG OK"),
        ("STATUS", "* STATUS INBOX (UIDVALIDITY 5)\r\nTAG OK"),
        ("EXAMINE", "* 4 EXISTS\r\n* OK [UIDVALIDITY 5] era\r\nTAG OK [READ-ONLY] open"),
        ("CLOSE", "TAG OK"),
        (
            " FETCH 4:*",
            "* 4 FETCH (UID 9 INTERNALDATE \" 7-Feb-2026 21:52:25 +0000\" RFC822.SIZE 15)\r\nTAG OK",
        ),
        (
            "UID FETCH 1:9 ",
            "* 1 FETCH (UID 2 INTERNALDATE \" 7-Feb-2026 21:52:25 +0000\" RFC822.SIZE 15)\r\n* 2 FETCH (FLAGS (\\Seen) UID 5 RFC822.SIZE 15)\r\n* 3 FETCH (UID 7 RFC822.SIZE 15)\r\n* 4 FETCH (UID 9 RFC822.SIZE 15)\r\nTAG OK",
        ),
        ("UID FETCH 7:", "* 3 FETCH (UID 7 RFC822.SIZE 15)\r\n* 4 FETCH (UID 9 RFC822.SIZE 15)\r\nTAG OK"),
        ("(UID RFC822.SIZE)", "* 2 FETCH (UID 7 RFC822.SIZE 15)\r\nTAG OK"),
        (
            "BODY.PEEK[]",
            "* 1 FETCH (UID 2 BODY[] {15}\r\nSubject: a\r\n\r\nx)\r\n* 9 FETCH (FLAGS (\\Seen))\r\n* 4 FETCH (BODY[] {15}\r\nSubject: b\r\n\r\ny UID 9)\r\nTAG NO Some of the requested messages no longer exist",
        ),
    ];
    let channel = channel(server("* OK old server", ANSWERS).await, 1);
    let mut cursor = None;
    let mut all = Vec::new();
    for _ in 0..6 {
        if let Ok(batch) = once(&*channel, cursor.as_ref()).await {
            all.extend(batch.envelopes);
            cursor = Some(batch.next);
            if !batch.more {
                break;
            }
        }
    }
    let ids: Vec<&str> = all.iter().map(|envelope| envelope.external_id.as_str()).collect();
    assert_eq!(ids, ["INBOX/5/2", "INBOX/5/7", "INBOX/5/9"], "5 had vanished, 7 is held after three tries");
    let Event::Held(held) = &all[1].event else { panic!("{:?}", all[1].event) };
    assert!(held.why.contains("no longer exist"), "{}", held.why);
}

const EHLO: (&str, &str) =
    ("EHLO", "250-mail.example\r\n250-size 1000000\r\n250-Dsn\r\n250 auth plain login xoauth2");

async fn sending(greeting: &'static str, answers: &'static [(&'static str, &'static str)]) -> Failure {
    let channel = channel(1, server(greeting, answers).await);
    let deliver = channel.deliver().unwrap();
    let part = deliver.compose(&super::deliver::draft("At nine."), NOW).unwrap().remove(0);
    deliver.deliver(&part, &crate::contract::Key(uuid::Uuid::from_u128(3)), &Unfenced).await.unwrap_err()
}

#[tokio::test]
async fn words_of_submission_servers_become_ours() {
    let failure = sending("554 5.7.1 Your address is on a list", &[]).await;
    assert!(matches!(failure, Failure::AccountBlocked { .. }), "{failure:?}");
    let failure = sending("HTTP/1.1 400 Bad Request", &[]).await;
    assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
    let failure = sending("220 hi", &[EHLO, ("AUTH", "454 4.7.0 Temporary authentication failure")]).await;
    assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
    let failure =
        sending("220 hi", &[EHLO, ("AUTH", "550 5.7.30 Basic authentication is not supported")]).await;
    assert!(failure.to_string().contains("takes no passwords"), "{failure}");
    let failure = sending("220 hi", &[EHLO, ("AUTH", "235 in"), ("MAIL", "530 5.7.0 Sign in first")]).await;
    assert!(matches!(failure, Failure::NeedsSignin { .. }), "{failure:?}");
    let failure = sending(
        "220 hi",
        &[EHLO, ("AUTH", "235 in"), ("MAIL", "550 5.7.1 Not allowed to send as this address")],
    )
    .await;
    assert!(matches!(failure, Failure::Permanent { reason: Reason::NotAllowed, .. }), "{failure:?}");
    let failure =
        sending("220 hi", &[EHLO, ("AUTH", "235 in"), ("MAIL", "250 ok"), ("RCPT", "452 4.5.3 Too many")])
            .await;
    assert!(matches!(failure, Failure::RateLimited { .. }), "{failure:?}");
    let failure =
        sending("220 hi", &[EHLO, ("AUTH", "235 in"), ("MAIL", "250 ok"), ("RCPT", "421 4.3.2 bye")]).await;
    assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
}

/// After the final dot a clear no is a no, and silence or a broken line is not.
#[tokio::test]
async fn only_after_the_final_dot_is_anything_unclear() {
    const TO_DATA: [(&str, &str); 4] = [EHLO, ("AUTH", "235 in"), ("MAIL", "250 ok"), ("RCPT", "250 ok")];
    const HANGS_UP_AT_DATA: &[(&str, &str)] =
        &[TO_DATA[0], TO_DATA[1], TO_DATA[2], TO_DATA[3], ("DATA", "!")];
    let failure = sending("220 hi", HANGS_UP_AT_DATA).await;
    assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
    const SAYS_421: &[(&str, &str)] =
        &[TO_DATA[0], TO_DATA[1], TO_DATA[2], TO_DATA[3], ("DATA", "354 go"), ("DOT", "421 4.3.0 not now")];
    let failure = sending("220 hi", SAYS_421).await;
    assert!(matches!(failure, Failure::Transient { .. }), "{failure:?}");
    const HANGS_UP_AT_DOT: &[(&str, &str)] =
        &[TO_DATA[0], TO_DATA[1], TO_DATA[2], TO_DATA[3], ("DATA", "354 go"), ("DOT", "!")];
    let failure = sending("220 hi", HANGS_UP_AT_DOT).await;
    assert!(matches!(failure, Failure::Ambiguous { .. }), "{failure:?}");
}
