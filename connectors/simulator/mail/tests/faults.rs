//! Each fault does what its line in the help says, as often as asked, and to whom.

use futures::TryStreamExt;

use super::*;
use crate::simulator::{Fault, Plan};

const SENT: &str = "Message-ID: <sent@library.example>\r\nSubject: Re: x\r\n\r\nText\r\n";

fn plan(text: &str) -> Plan<MailFault> {
    text.parse().unwrap()
}

async fn fetch_one(session: &mut Imap) -> Result<Option<Vec<u8>>, async_imap::error::Error> {
    let mails: Vec<_> = session.uid_fetch("1", "(RFC822.SIZE BODY.PEEK[])").await?.try_collect().await?;
    Ok(mails.first().and_then(|mail| mail.body()).map(<[u8]>::to_vec))
}

#[test]
fn faults_are_named_in_one_way_only() {
    for fault in MailFault::ALL {
        assert_eq!(MailFault::named(fault.name()).unwrap(), *fault);
        assert!(!fault.effect().is_empty());
    }
    let mut names: Vec<_> = MailFault::ALL.iter().map(|fault| fault.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), MailFault::ALL.len());
    let unknown = "imap/storm:2".parse::<Plan<MailFault>>().unwrap_err().to_string();
    assert!(unknown.contains("\"storm\"") && unknown.contains("smtp-lost-answer"), "{unknown}");
}

#[test]
fn a_plan_can_be_written_in_one_word() {
    assert_eq!(plan("hang"), Plan::new(MailFault::Hang));
    assert_eq!(
        plan("imap/hang:3@Ask@library.example"),
        Plan::new(MailFault::Hang).place("imap").times(3).account(ASK)
    );
    assert!("hang:many".parse::<Plan<MailFault>>().is_err());
    assert!("".parse::<Plan<MailFault>>().is_err());
}

#[tokio::test]
async fn a_fault_strikes_as_often_as_asked_and_whom_it_should() {
    let (platform, _) = platform_with(|options| {
        options.mailboxes.push(MailboxOptions::new("branch@library.example", PASSWORD));
    })
    .await;
    platform.faults().switch_on(plan("imap/wrong-password:2@ask@library.example"));
    let sign_in =
        async |address: &str| imap_client(platform.imap_addr()).await.login(address, PASSWORD).await.is_ok();
    assert!(sign_in("branch@library.example").await);
    smtp(&platform).await;
    assert!(!sign_in(ASK).await);
    assert!(!sign_in(ASK).await);
    assert!(sign_in(ASK).await);
    assert!(platform.faults().plans().is_empty());

    platform.faults().switch_on(MailFault::Revoked);
    assert!(!sign_in("branch@library.example").await);
    platform.faults().switch_off(MailFault::Revoked);
    assert!(sign_in("branch@library.example").await);

    platform.faults().switch_on(Plan::new(MailFault::WrongPassword).per_mille(500));
    let mut let_in = 0;
    for _ in 0..40 {
        let_in += usize::from(sign_in(ASK).await);
    }
    assert!((5..35).contains(&let_in), "now and then means neither never nor always: {let_in} of 40");
    platform.faults().clear();
    assert!(sign_in(ASK).await);
}

#[tokio::test]
async fn revoked_refuses_tokens_too() {
    let (platform, _) = platform().await;
    platform.faults().switch_on(MailFault::Revoked);
    // user=ask@library.example, auth=Bearer token-1
    let auth = "dXNlcj1hc2tAbGlicmFyeS5leGFtcGxlAWF1dGg9QmVhcmVyIHRva2VuLTEBAQ==";
    let mut client = Bare::connect(platform.imap_addr()).await;
    client.ask(&format!("a AUTHENTICATE XOAUTH2 {auth}\r\n"), "+ ").await;
    client.ask("\r\n", "a NO [AUTHENTICATIONFAILED]").await;
    let mut client = Bare::connect(platform.smtp_addr()).await;
    client.ask("EHLO client.example\r\n", "250 ").await;
    client.ask(&format!("AUTH XOAUTH2 {auth}\r\n"), "334 ").await;
    client.ask("\r\n", "535 ").await;
    platform.faults().clear();
    client.ask(&format!("AUTH XOAUTH2 {auth}\r\n"), "235 ").await;
}

#[tokio::test]
async fn a_cut_or_shortened_mail_is_not_in_the_ledger_as_given() {
    let (platform, _) = platform().await;
    let raw = mail("one");
    platform.deliver(ASK, raw.clone()).unwrap();
    for seed in 0..20 {
        platform.faults().switch_on(plan("drop-mid-fetch:1"));
        let mut client = Bare::imap(&platform).await;
        client.ask("a SELECT INBOX\r\n", "a OK").await;
        client.say("b UID FETCH 1 BODY.PEEK[]\r\n").await;
        let got = client.rest().await;
        let (_, body) = got.split_once("}\r\n").expect("the literal was announced");
        assert!(raw.starts_with(body) && body.len() < raw.len(), "{seed}: {got}");
    }
    assert!(platform.ledger().given(ASK).is_empty());

    let mut session = imap(&platform).await;
    session.select("INBOX").await.unwrap();
    platform.faults().switch_on(plan("truncated-body:1"));
    let half = fetch_one(&mut session).await.unwrap().unwrap();
    assert_eq!(half, &raw.as_bytes()[..raw.len() / 2]);
    assert!(!platform.ledger().given(ASK)[0].to_the_end());
    assert_eq!(fetch_one(&mut session).await.unwrap().unwrap(), raw.as_bytes());
    assert!(platform.ledger().given(ASK)[1].to_the_end());
}

#[tokio::test]
async fn half_an_answer_keeps_the_line_open() {
    let (platform, _) = platform().await;
    platform.deliver(ASK, mail("one")).unwrap();
    platform.faults().switch_on(plan("imap/half-answer:1"));
    let mut client = Bare::imap(&platform).await;
    client.ask("a SELECT INBOX\r\n", "a OK").await;
    client.ask("b UID FETCH 1 BODY.PEEK[]\r\n", "* 1 FETCH").await;
    client.line().await;
    client.say("c NOOP\r\n").await;
    assert!(platform.ledger().given(ASK).is_empty());
    assert_eq!(platform.ledger().count("imap NOOP"), 0);

    platform.faults().switch_on(plan("smtp/half-answer:1"));
    let mut client = Bare::smtp(&platform).await;
    client.ask("MAIL FROM:<ask@library.example>\r\nRCPT TO:<a@far.example>\r\nDATA\r\n", "354 ").await;
    client.say(format!("{SENT}.\r\n")).await;
    soon(platform.ledger().until(|ledger| !ledger.accepted().is_empty())).await;
    assert!(platform.ledger().accepted()[0].answer_lost);
}

#[tokio::test]
async fn a_hanging_server_takes_the_connection_and_says_nothing() {
    let (platform, _) = platform().await;
    platform.faults().switch_on(plan("hang:2"));
    for address in [platform.imap_addr(), platform.smtp_addr()] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"a NOOP\r\n").await.unwrap();
        stream.shutdown().await.unwrap();
        let mut said = Vec::new();
        // It ends because the client gives up.
        soon(stream.read_to_end(&mut said)).await.unwrap();
        assert_eq!(said, b"");
    }
    platform.faults().switch_on(plan("imap/hang:1@ask@library.example"));
    let mut client = Bare::connect(platform.imap_addr()).await;
    client.ask("a CAPABILITY\r\n", "a OK").await;
    client.say(format!("b LOGIN {ASK} {PASSWORD}\r\n")).await;
    client.stream.get_mut().shutdown().await.unwrap();
    assert_eq!(client.rest().await, "");
    imap(&platform).await;
}

#[tokio::test]
async fn a_busy_server_says_so() {
    let (platform, _) = platform().await;
    platform.faults().switch_on(plan("server-busy:2"));
    let mut client = Bare { stream: BufReader::new(TcpStream::connect(platform.imap_addr()).await.unwrap()) };
    assert!(client.rest().await.starts_with("* BYE [UNAVAILABLE]"));
    let mut client = Bare { stream: BufReader::new(TcpStream::connect(platform.smtp_addr()).await.unwrap()) };
    assert!(client.rest().await.starts_with("421 "));
    platform.faults().switch_on(Plan::new(MailFault::ServerBusy).account(ASK));
    let mut client = Bare::connect(platform.imap_addr()).await;
    client.say(format!("b LOGIN {ASK} {PASSWORD}\r\n")).await;
    assert!(client.rest().await.starts_with("* BYE [UNAVAILABLE]"));
}

#[tokio::test]
async fn a_folder_is_renumbered_when_it_is_opened() {
    let (platform, _) = platform().await;
    platform.deliver(ASK, mail("one")).unwrap();
    platform.deliver(ASK, mail("two")).unwrap();
    platform.mailbox(ASK).unwrap().remove("INBOX", 1);
    let mut session = imap(&platform).await;
    let before = session.select("INBOX").await.unwrap().uid_validity;
    platform.faults().switch_on(plan("uidvalidity-change:1"));
    let after = session.select("INBOX").await.unwrap();
    assert_ne!(before, after.uid_validity);
    assert_eq!(after.uid_next, Some(2));
    assert_eq!(fetch_one(&mut session).await.unwrap().unwrap(), mail("two").as_bytes());
    assert_eq!(session.select("INBOX").await.unwrap().uid_validity, after.uid_validity);
}

#[tokio::test]
async fn idle_can_be_missing_or_deaf() {
    let (platform, _) = platform().await;
    platform.faults().switch_on(plan("no-idle:1"));
    let mut client = Bare::imap(&platform).await;
    let offered = client.ask("a CAPABILITY\r\n", "a OK").await;
    assert!(!offered[0].contains("IDLE"), "{offered:?}");
    client.ask("b IDLE\r\n", "b BAD").await;

    platform.faults().switch_on(plan("deaf-idle:1"));
    let mut client = Bare::imap(&platform).await;
    client.ask("a SELECT INBOX\r\n", "a OK").await;
    client.ask("b IDLE\r\n", "+ ").await;
    platform.deliver(ASK, mail("one")).unwrap();
    let told = client.ask("DONE\r\n", "b OK").await;
    assert_eq!(told.len(), 2, "only at the end: {told:?}");
}

#[tokio::test]
async fn a_slow_server_gives_all_the_same() {
    let (platform, _) = platform().await;
    let raw = format!("{}{}\r\n", mail("one"), "x".repeat(2000));
    platform.deliver(ASK, raw.clone()).unwrap();
    platform.faults().switch_on(plan("imap/slow:1"));
    let mut session = imap(&platform).await;
    session.select("INBOX").await.unwrap();
    assert_eq!(soon(fetch_one(&mut session)).await.unwrap().unwrap(), raw.as_bytes());
}

#[tokio::test]
async fn a_message_can_be_refused_lost_or_taken_without_a_word() {
    let (platform, _) = platform().await;
    let to = ["a@far.example"];
    let status = async |fault: &str| {
        platform.faults().switch_on(plan(fault));
        let refused = send(&platform, &to, SENT).await.unwrap_err();
        refused.status().map(|code| code.to_string())
    };
    assert_eq!(status("smtp-4xx:1").await.as_deref(), Some("451"));
    assert_eq!(status("smtp-5xx:1").await.as_deref(), Some("554"));
    assert_eq!(status("smtp-drop-in-data:1").await, None);
    assert!(platform.ledger().accepted().is_empty());

    assert_eq!(status("smtp-lost-answer:1").await, None);
    let accepted = platform.ledger().accepted();
    assert_eq!(accepted.len(), 1);
    assert!(accepted[0].answer_lost);
    send(&platform, &to, SENT).await.unwrap();
    assert_eq!(platform.ledger().accepted_times("<sent@library.example>"), 2);
}

#[tokio::test]
async fn a_mail_can_arrive_twice() {
    let (platform, _) = platform().await;
    platform.faults().switch_on(plan("duplicate-delivery:1"));
    platform.deliver(ASK, mail("one")).unwrap();
    platform.deliver(ASK, mail("two")).unwrap();
    let arrived = platform.ledger().arrived(ASK);
    let ids: Vec<_> = arrived.iter().map(|placed| (placed.uid, placed.message_id.as_deref())).collect();
    let (one, two) = (Some("<one@patron.example>"), Some("<two@patron.example>"));
    assert_eq!(ids, [(1, one), (2, one), (3, two)]);
}
