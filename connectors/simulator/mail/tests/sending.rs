//! Handing messages to the submission server.

use lettre::transport::smtp::client::AsyncSmtpConnection;

use super::*;

const DOTS: &str =
    "From: ask@library.example\r\nMessage-ID: <dots@library.example>\r\n\r\n.\r\n..\r\n.x\r\nend\r\n";

async fn command(connection: &mut AsyncSmtpConnection, line: &str) -> Result<String, String> {
    match connection.command(format!("{line}\r\n")).await {
        Ok(response) => Ok(response.code().to_string()),
        Err(error) => Err(error.status().map_or("none".to_owned(), |code| code.to_string())),
    }
}

/// What lettre makes of a message: it ends each with one more line end.
fn from_lettre(raw: &str) -> String {
    format!("{raw}\r\n")
}

#[tokio::test]
async fn a_message_is_taken_byte_for_byte() {
    let (platform, _) = platform().await;
    send(&platform, &["a@far.example", "b@far.example"], DOTS).await.unwrap();
    let accepted = platform.ledger().accepted();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0].raw, from_lettre(DOTS));
    assert_eq!(accepted[0].message_id.as_deref(), Some("<dots@library.example>"));
    assert_eq!((accepted[0].from.as_str(), accepted[0].account.as_deref()), (ASK, Some(ASK)));
    let to: Vec<_> = accepted[0].to.iter().map(|to| to.address.as_str()).collect();
    assert_eq!(to, ["a@far.example", "b@far.example"]);
    assert_eq!(platform.ledger().accepted_times("<dots@library.example>"), 1);
    assert_eq!(platform.ledger().accepted_times("<other@library.example>"), 0);
}

#[tokio::test]
async fn what_is_asked_for_a_message_is_kept() {
    let (platform, _) = platform().await;
    let mut connection = smtp(&platform).await;
    let mail = format!("MAIL FROM:<{ASK}> BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=out+2B7");
    command(&mut connection, &mail).await.unwrap();
    let to = "RCPT TO:<jörg@far.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;j+2Bx@far.example";
    command(&mut connection, to).await.unwrap();
    command(&mut connection, "DATA").await.unwrap();
    connection.message("Subject: \u{e4}\r\n\r\n".as_bytes()).await.unwrap();
    let accepted = &platform.ledger().accepted()[0];
    assert_eq!(accepted.envelope_id.as_deref(), Some("out+7"));
    assert_eq!(accepted.ret.as_deref(), Some("HDRS"));
    assert!(accepted.eight_bit && accepted.utf8);
    assert_eq!(accepted.to[0].address, "jörg@far.example");
    assert_eq!(accepted.to[0].notify.as_deref(), Some("FAILURE,DELAY"));
    assert_eq!(accepted.to[0].original.as_deref(), Some("rfc822;j+x@far.example"));
    assert_eq!(accepted.message_id, None);
}

#[tokio::test]
async fn mail_goes_to_mailboxes_with_a_trace_and_a_copy_to_sent() {
    let (platform, _) = platform_with(|options| {
        options.mailboxes[0].files_sent = Some("Sent".to_owned());
        options.mailboxes.push(MailboxOptions::new("branch@library.example", "other"));
    })
    .await;
    send(&platform, &["Branch+q7@library.example", ASK], DOTS).await.unwrap();
    let inbox_of = |address| platform.mailbox(address).unwrap().mails("INBOX");
    for address in [ASK, "branch@library.example"] {
        let inbox = inbox_of(address);
        let raw = String::from_utf8_lossy(&inbox[0].raw).into_owned();
        assert_eq!(inbox.len(), 1, "{address}");
        assert!(raw.starts_with("Return-Path: <ask@library.example>\r\nReceived: from "), "{raw}");
        assert!(raw.ends_with(&from_lettre(DOTS)), "{raw}");
    }
    let sent = platform.mailbox(ASK).unwrap().mails("Sent");
    assert_eq!((sent.len(), &sent[0].raw), (1, &from_lettre(DOTS).into()));
    assert_eq!(sent[0].flags, ["\\Seen"]);
}

#[tokio::test]
async fn recipients_are_refused_one_by_one() {
    let (platform, _) = platform().await;
    let refuse = |whom, code, text: &str| {
        platform.set_fate(whom, Fate::Refused { code, text: text.to_owned() });
    };
    refuse("@closed.example", 550, "5.1.2 Nobody\r\nhere");
    refuse("later@", 451, "4.7.1 Come back in five minutes");
    refuse("odd@far.example", 250, "5.0.0 No");
    let mut connection = smtp(&platform).await;
    command(&mut connection, &format!("MAIL FROM:<{ASK}>")).await.unwrap();
    for (to, code) in [
        ("x@closed.example", Err("550")),
        ("later@far.example", Err("451")),
        ("odd@far.example", Err("550")),
        ("good@far.example", Ok("250")),
    ] {
        let answer = command(&mut connection, &format!("RCPT TO:<{to}>")).await;
        assert_eq!(answer.as_deref().map_err(String::as_str), code, "{to}");
    }
    command(&mut connection, "DATA").await.unwrap();
    connection.message(b"Subject: x\r\n\r\n").await.unwrap();
    let to: Vec<_> = platform.ledger().accepted()[0].to.clone();
    assert_eq!(to.len(), 1);
    assert_eq!(to[0].address, "good@far.example");
    platform.clear_fate("later@");
    send(&platform, &["later@far.example"], DOTS).await.unwrap();
}

#[tokio::test]
async fn commands_out_of_order_are_told_so() {
    let (platform, _) = platform_with(|options| options.max_mail_bytes = 100).await;
    let mut client = Bare::connect(platform.smtp_addr()).await;
    client.ask("MAIL FROM:<a@b.example>\r\n", "503 ").await;
    client.ask("EHLO\r\n", "501 ").await;
    let offered = client.ask("EHLO client.example\r\n", "250 ").await;
    for extension in ["250-PIPELINING", "250-SIZE 100", "250-8BITMIME", "250-SMTPUTF8", "250-DSN"] {
        assert!(offered.iter().any(|line| line == extension), "{extension} in {offered:?}");
    }
    client.ask("MAIL FROM:<a@b.example>\r\n", "530 ").await;
    client.ask("AUTH CRAM-MD5\r\n", "504 ").await;
    client.ask("AUTH PLAIN ???\r\n", "501 ").await;
    client.ask("AUTH PLAIN *\r\n", "501 ").await;
    client.ask("AUTH PLAIN AGFza0BsaWJyYXJ5LmV4YW1wbGUAbm8=\r\n", "535 ").await;
    client.ask("AUTH LOGIN YXNrQGxpYnJhcnkuZXhhbXBsZQ==\r\n", "334 UGFzc3dvcmQ6").await;
    client.ask("czNjcmV0\r\n", "235 ").await;
    client.ask("DATA\r\n", "503 ").await;
    client.ask("RCPT TO:<a@b.example>\r\n", "503 ").await;
    client.ask("MAIL FROM:<a@b.example> SIZE=101\r\n", "552 ").await;
    client.ask("WHAT\r\n", "500 ").await;
    client.ask("MAIL FROM:<a@b.example>\r\n", "250 ").await;
    client.ask("DATA\r\n", "503 ").await;
    client.ask("MAIL FROM:<a@b.example>\r\n", "503 ").await;
    client.ask("RSET\r\nNOOP\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n", "354 ").await;
    client.ask(&format!("{}\r\n.\r\n", "x".repeat(101)), "552 ").await;
    client.ask("QUIT\r\n", "221 ").await;
    assert!(platform.ledger().accepted().is_empty());
}

#[tokio::test]
async fn nothing_but_a_whole_line_with_a_dot_ends_a_message() {
    let (platform, _) = platform().await;
    let mut client = Bare::smtp(&platform).await;
    client.ask("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n", "354 ").await;
    let tricks = "x\n.\nMAIL FROM:<evil@b.example>\r\n.\ny\n.\r\nz\r.\r\n";
    client.ask(&format!("{tricks}\r\n.\r\n"), "250 ").await;
    let accepted = platform.ledger().accepted();
    assert_eq!(accepted.len(), 1);
    // A dot at the start of a line was doubled by the sender, or should have been.
    assert_eq!(accepted[0].raw, format!("{}\r\n", tricks.replace("\r\n.\n", "\r\n\n")).as_bytes());
}

#[tokio::test]
async fn lines_longer_than_any_buffer_arrive_whole() {
    let (platform, _) = platform().await;
    let raw = format!("Subject: long\r\n\r\n{}\r\n", "0123456789".repeat(20_000));
    send(&platform, &["a@far.example"], &raw).await.unwrap();
    // Not `assert_eq`, which would print it all.
    assert!(platform.ledger().accepted()[0].raw == from_lettre(&raw));
}
