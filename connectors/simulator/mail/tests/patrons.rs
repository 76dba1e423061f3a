//! Patrons who ask and answer, and reports about mail that did not arrive.

use mail_parser::{Message, MessageParser, MimeHeaders};

use super::*;

const ABENA: &str = "abena@patron.example";

fn parsed(kept: &Kept) -> Message<'_> {
    MessageParser::default().parse(&kept.raw[..]).unwrap()
}

fn reply(id: &str, parent: &str) -> String {
    format!(
        "From: Reference desk <{ASK}>\r\nTo: {ABENA}\r\nSubject: Re: Sundays\r\nMessage-ID: <{id}>\r\n\
         In-Reply-To: {parent}\r\nReferences: {parent}\r\n\r\nWe open at nine.\r\n"
    )
}

#[tokio::test]
async fn a_patron_asks_is_answered_and_answers() {
    let (platform, clock) = platform().await;
    let options = PatronOptions::new("Abena Osei", ABENA).program(Program::Thunderbird);
    let abena = platform.patron(options.answers(Answer::after(60_000, "Thank you,\nAbena"))).unwrap();
    let asked = abena.ask(ASK, "Sundays", "When do you open?").unwrap();
    let parent = asked.message_id.unwrap();
    send(&platform, &[ABENA], &reply("ours-1@library.example", &parent)).await.unwrap();

    let heard = abena.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!((heard[0].from_name.as_str(), heard[0].reply_to.as_str()), ("Reference desk", ASK));
    assert_eq!(heard[0].text.trim_end(), "We open at nine.");
    assert!(heard[0].raw.starts_with(b"Return-Path: <ask@library.example>\r\n"));

    platform.run_due();
    let inbox = || platform.mailbox(ASK).unwrap().mails("INBOX");
    assert_eq!(inbox().len(), 1, "she takes a minute");
    assert_eq!(platform.next_due_ms(), Some(NOW_MS + 60_000));
    clock.advance(60_000);
    platform.run_due();
    let inbox = inbox();
    let answer = parsed(&inbox[1]);
    assert_eq!(answer.subject(), Some("Re: Sundays"));
    assert_eq!(answer.in_reply_to().as_text(), Some("ours-1@library.example"));
    let references = [parent.trim_matches(['<', '>']), "ours-1@library.example"];
    assert_eq!(answer.references().as_text_list().unwrap(), references);
    assert_eq!(
        answer.body_text(0).unwrap(),
        "Thank you,\r\nAbena\r\n\r\nOn 06/10/2026 09:02, Reference desk wrote:\r\n> We open at nine.\r\n"
    );
    assert_eq!(answer.date().unwrap().to_timestamp() * 1000, NOW_MS + 60_000);
    assert_eq!(platform.next_due_ms(), None);
}

#[tokio::test]
async fn mail_from_patrons_has_proper_line_ends() {
    let (platform, clock) = platform().await;
    for (at, program) in
        [Program::Gmail, Program::Outlook, Program::AppleMail, Program::Thunderbird].into_iter().enumerate()
    {
        let options = PatronOptions::new("Zoë \"Z\" Müller", &format!("z{at}@patron.example"));
        let options = options.program(program).answers(Answer::after(0, "Grüße\nZ"));
        let patron = platform.patron(options).unwrap();
        patron.ask(ASK, "Öffnungszeiten und noch viel mehr, was man so wissen will", "One\nTwo\r\n").unwrap();
        send(&platform, &[patron.address()], &reply("ours-1@library.example", "<p@x>")).await.unwrap();
    }
    clock.advance(1);
    platform.run_due();
    let inbox = platform.mailbox(ASK).unwrap().mails("INBOX");
    assert_eq!(inbox.len(), 8);
    for kept in &inbox {
        let text = String::from_utf8_lossy(&kept.raw);
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
        let mail = parsed(kept);
        let from = mail.from().unwrap().first().unwrap();
        assert_eq!(from.name(), Some("Zoë \"Z\" Müller"));
    }
    let html = inbox.iter().filter(|kept| parsed(kept).html_body_count() > 0);
    assert!(html.count() >= 2);
}

#[tokio::test]
async fn patrons_answer_people_and_not_machines() {
    let (platform, _) = platform().await;
    let mut times = 0;
    let options = PatronOptions::new("Abena", ABENA).answers_with(move |heard| {
        times += 1;
        (times == 1)
            .then(|| Answer { automatic: true, ..Answer::after(0, &format!("Away. {}", heard.subject)) })
    });
    let abena = platform.patron(options).unwrap();
    let automatic = format!("Auto-Submitted: auto-generated\r\n{}", reply("auto@library.example", "<x@y>"));
    send(&platform, &[ABENA], &automatic).await.unwrap();
    platform.run_due();
    assert!(platform.ledger().arrived(ASK).is_empty());
    for id in ["one@library.example", "two@library.example"] {
        send(&platform, &[ABENA], &reply(id, "<x@y>")).await.unwrap();
    }
    platform.run_due();
    let inbox = platform.mailbox(ASK).unwrap().mails("INBOX");
    assert_eq!(inbox.len(), 1);
    let answer = parsed(&inbox[0]);
    assert_eq!(answer.header("Auto-Submitted").and_then(|value| value.as_text()), Some("auto-replied"));
    assert_eq!(abena.heard().len(), 3);
    let heard = platform.ledger().pick(|line| matches!(line.what, Entry::Heard { .. }).then_some(()));
    assert_eq!(heard.len(), 3);
}

#[tokio::test]
async fn what_cannot_be_is_said() {
    let (platform, _) = platform().await;
    let no_address = platform.patron(PatronOptions::new("Nobody", "nowhere"));
    assert!(no_address.unwrap_err().to_string().contains("\"nowhere\""));
    let abena = platform.patron(PatronOptions::new("Abena", ABENA)).unwrap();
    assert!(abena.ask("other@library.example", "s", "t").is_err());
    assert!(platform.deliver("other@library.example", mail("one")).is_err());
    assert!(platform.mailbox("ASK@Library.example").is_some());
}

async fn reports(platform: &MailPlatform, mail: &str, rcpt: &str) -> Vec<Kept> {
    let mut client = Bare::smtp(platform).await;
    client.ask(&format!("MAIL FROM:{mail}\r\nRCPT TO:{rcpt}\r\nDATA\r\n"), "354 ").await;
    client.ask(&format!("{}.\r\n", reply("ours-1@library.example", "<x@y>")), "250 ").await;
    platform.run_due();
    let mailbox = platform.mailbox(ASK).unwrap();
    let reports = mailbox.mails("INBOX");
    reports.iter().for_each(|kept| assert!(mailbox.remove("INBOX", kept.uid)));
    reports
}

#[tokio::test]
async fn bounces_name_the_message_they_are_about() {
    let (platform, clock) = platform().await;
    platform.set_fate(
        "@gone.example",
        Fate::Bounced {
            after_ms: 5_000,
            status: "5.1.1".to_owned(),
            diagnostic: "550 5.1.1 No such person".to_owned(),
        },
    );
    let early = reports(&platform, "<ask@library.example> ENVID=out-7", "<x@gone.example>").await;
    assert!(early.is_empty());
    clock.advance(5_000);
    platform.run_due();
    let bounces = platform.mailbox(ASK).unwrap().mails("INBOX");
    let bounce = parsed(&bounces[0]);
    let kind = bounce.content_type().unwrap();
    assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("report")));
    assert_eq!(kind.attribute("report-type"), Some("delivery-status"));
    assert_eq!(bounce.header_raw("Return-Path").map(str::trim), Some("<>"));
    let status = String::from_utf8_lossy(bounce.attachment(0).unwrap().contents()).into_owned();
    for line in [
        "Reporting-MTA: dns; mail.library.example",
        "Original-Envelope-Id: out-7",
        "Arrival-Date: Tue, 06 Oct 2026 09:02:11 +0000",
        "Final-Recipient: rfc822; x@gone.example",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 No such person",
    ] {
        assert!(status.lines().any(|found| found == line), "{line} in {status}");
    }
    let returned = bounce.attachment(1).unwrap().message().expect("the whole message comes back");
    assert_eq!(returned.message_id(), Some("ours-1@library.example"));
    assert_eq!(platform.ledger().arrived(ASK).len(), 1);
}

#[tokio::test]
async fn reports_come_only_to_those_who_want_them() {
    let (platform, _) = platform().await;
    let text = |kept: &Kept| String::from_utf8_lossy(&kept.raw).into_owned();
    let bounced = Fate::Bounced { after_ms: 0, status: "4.4.1".into(), diagnostic: "timed out".into() };
    let delayed = Fate::Delayed { after_ms: 0, status: "4.4.1".into(), diagnostic: "timed out".into() };
    platform.set_fate("@slow.example", delayed);
    platform.set_fate("@slow.example", bounced);
    let ask = "<ask@library.example>";

    let both = reports(&platform, ask, "<x@slow.example>").await;
    assert_eq!(both.len(), 2);
    assert!(text(&both[0]).contains("\r\nAction: delayed\r\n"));
    assert!(!text(&both[0]).contains("We open at nine"), "a delay brings the header only");
    assert!(text(&both[1]).contains("\r\nAction: failed\r\n"));
    assert!(text(&both[1]).contains("We open at nine"));

    let headers = reports(&platform, &format!("{ask} RET=HDRS"), "<x@slow.example> NOTIFY=FAILURE").await;
    assert_eq!(headers.len(), 1);
    assert!(text(&headers[0]).contains("Message-ID: <ours-1@library.example>"));
    assert!(!text(&headers[0]).contains("We open at nine"));

    assert!(reports(&platform, ask, "<x@slow.example> NOTIFY=NEVER").await.is_empty());
    assert!(reports(&platform, "<>", "<x@slow.example>").await.is_empty());
    assert!(reports(&platform, ask, "<x@far.example>").await.is_empty());
    let good = reports(&platform, ask, "<x@far.example> NOTIFY=SUCCESS ORCPT=rfc822;y@far.example").await;
    assert!(text(&good[0]).contains("\r\nAction: delivered\r\n"));
    assert!(text(&good[0]).contains("\r\nOriginal-Recipient: rfc822;y@far.example\r\n"));
}
