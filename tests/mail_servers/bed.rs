//! The test servers themselves: mail goes in at one end and comes out at the other.

use crate::support::dovecot::{Dovecot, PASSWORD, Wanted};
use crate::support::imap::Mailbox;
use crate::support::postfix::PostOffice;
use crate::support::smtp::Conversation;
use crate::support::{PATIENCE, eventually};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const QUESTION: &[u8] = b"From: Ada <ada@far.test>\nTo: ask@example.test\nSubject: large print\n\
    Message-ID: <q1@far.test>\n\nDo you have it in large print?\n.\n..and two dots\n";

#[test]
fn mail_delivered_by_lmtp_is_read_back_by_imap_as_it_came() {
    let Some(dovecot) = Dovecot::start(&Wanted::default()) else {
        return;
    };
    dovecot.deliver_lmtp("ask@example.test", QUESTION);
    let mut mailbox = Mailbox::open(dovecot.imap, "ask", PASSWORD, "INBOX");
    let [message] = &mailbox.messages()[..] else {
        panic!("one mail went in:\n{}", dovecot.log());
    };
    assert!(message.contains("large print?\r\n.\r\n..and two dots\r\n"), "{message}");
    assert!(message.contains("Message-ID: <q1@far.test>"), "{message}");
}

#[test]
fn a_token_signs_in_until_it_is_revoked() {
    let Some(dovecot) = Dovecot::start(&Wanted::default()) else {
        return;
    };
    let sign_in = |token: &str| {
        let answer = STANDARD.encode(format!("user=ask\x01auth=Bearer {token}\x01\x01"));
        Mailbox::connect(dovecot.imap).command(&format!("AUTHENTICATE XOAUTH2 {answer}")).1
    };
    assert!(sign_in("never-granted").starts_with("NO"));
    dovecot.grant("fresh", "ask");
    assert!(sign_in("fresh").starts_with("OK"), "{}", dovecot.log());
    dovecot.revoke("fresh");
    assert!(sign_in("fresh").starts_with("NO"));
}

#[test]
fn a_renumbered_mailbox_has_another_uidvalidity_and_the_same_mail() {
    let Some(dovecot) = Dovecot::start(&Wanted::default()) else {
        return;
    };
    dovecot.deliver_lmtp("ask", QUESTION);
    dovecot.renumber("ask", 4711);
    let mut mailbox = Mailbox::connect(dovecot.imap);
    mailbox.done(&format!("LOGIN ask {PASSWORD}"));
    let said = mailbox.done("SELECT INBOX");
    assert!(
        String::from_utf8_lossy(&said).contains("UIDVALIDITY 4711"),
        "{}",
        String::from_utf8_lossy(&said)
    );
    assert_eq!(mailbox.count(), 1);
}

#[test]
fn imap_over_tls_is_trusted_through_its_own_authority_only() {
    let Some(dovecot) = Dovecot::start(&Wanted { tls: true, ..Wanted::default() }) else {
        return;
    };
    let greeting = |authority: &str| tls_greeting(dovecot.imaps, authority);
    let greeted = greeting(&dovecot.authority_pem).expect("the authority vouches for localhost");
    assert!(greeted.starts_with("* OK"), "{greeted}");
    let other = Dovecot::start(&Wanted { tls: true, ..Wanted::default() }).expect("one has started already");
    assert!(greeting(&other.authority_pem).is_err(), "another authority vouched for it");
}

/// The first line that a server says over TLS as `localhost`.
fn tls_greeting(port: u16, authority_pem: &str) -> std::io::Result<String> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    use std::io::{BufRead, BufReader};
    let mut roots = rustls::RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(authority_pem.as_bytes()).expect("PEM");
    roots.add(authority).expect("an authority");
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().expect("a name");
    let session = rustls::ClientConnection::new(std::sync::Arc::new(config), name).expect("a plain client");
    let socket = std::net::TcpStream::connect(("127.0.0.1", port))?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let mut line = String::new();
    BufReader::new(rustls::StreamOwned::new(session, socket)).read_line(&mut line)?;
    Ok(line)
}

#[test]
fn submission_asks_for_a_password_and_hands_on() {
    let Some(office) = PostOffice::start() else {
        return;
    };
    let mut conversation = Conversation::open(office.dovecot.submission, "EHLO");
    let refused = conversation.say("MAIL FROM:<ask@example.test>");
    assert_eq!(refused.code, 530, "without a password: {refused:?}");
    let wrong = STANDARD.encode("\0ask\0wrong");
    assert_eq!(conversation.say(&format!("AUTH PLAIN {wrong}")).code, 535);
    let right = STANDARD.encode(format!("\0ask\0{PASSWORD}"));
    conversation.agreed(&format!("AUTH PLAIN {right}"));
    let answer = conversation.mail("ask@example.test", &["ada@far.test"], b"Subject: yes\n\nWe do.\n");
    assert_eq!(answer.code, 250, "{answer:?}\n{}", office.log());
    let taken = eventually("the mail arrives at the far side", || office.sink.taken().pop());
    assert_eq!((taken.from.as_str(), &taken.to[..]), ("ask@example.test", &["ada@far.test".to_owned()][..]));
    assert!(taken.raw.ends_with("\n\nWe do.\n"), "{}", taken.raw);
}

#[test]
fn a_refused_recipient_comes_back_as_a_bounce_and_so_does_one_put_off_too_long() {
    let Some(office) = PostOffice::start() else {
        return;
    };
    let mut conversation = Conversation::open(office.smtp, "EHLO");
    for recipient in ["550-moved@far.test", "451-full@far.test"] {
        let mail = format!("Message-ID: <to-{recipient}>\nSubject: yes\n\nWe do.\n");
        let answer = conversation.mail("ask@example.test", &[recipient], mail.as_bytes());
        assert_eq!(answer.code, 250, "{answer:?}");
    }
    let bounces = eventually("both bounces come back", || {
        let messages = Mailbox::open(office.dovecot.imap, "ask", PASSWORD, "INBOX").messages();
        (messages.len() == 2).then_some(messages)
    });
    for (recipient, status) in [("550-moved@far.test", "5.1.1"), ("451-full@far.test", "4.3.0")] {
        let about = format!("Final-Recipient: rfc822; {recipient}\r\n");
        let bounce = bounces.iter().find(|bounce| bounce.contains(&about));
        let bounce = bounce.unwrap_or_else(|| panic!("none about {recipient}: {bounces:#?}"));
        assert!(bounce.contains("Content-Type: multipart/report; report-type=delivery-status"), "{bounce}");
        assert!(bounce.contains("Action: failed\r\n"), "{bounce}");
        assert!(bounce.contains(&format!("Status: {status}\r\n")), "{bounce}");
        assert!(bounce.contains(&format!("Message-ID: <to-{recipient}>\r\n")), "{bounce}");
    }
    assert!(office.sink.taken().is_empty(), "nobody was at home");
}

#[test]
fn mail_to_anywhere_else_stays_here() {
    let Some(office) = PostOffice::start() else {
        return;
    };
    let mut conversation = Conversation::open(office.smtp, "EHLO");
    conversation.agreed("MAIL FROM:<ask@example.test>");
    let answer = conversation.say("RCPT TO:<anybody@elsewhere.test>");
    assert_eq!(answer.code, 550, "{answer:?}");
}
