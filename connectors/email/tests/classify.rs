//! Who or what wrote a mail.

use super::support::{bytes, fixtures, mail, reference};
use crate::email::classify::{Action, Nature, Why};
use crate::email::{read, token};

fn nature(head: &str) -> Nature {
    mail(&format!("From: Ana <ana@example.org>\n{head}"), "Hello").nature
}

#[test]
fn people_lists_and_answering_programs_are_told_apart() {
    for (head, wanted) in [
        ("Subject: Renewal", Nature::Personal),
        ("Auto-Submitted: no", Nature::Personal),
        ("X-Auto-Response-Suppress: None", Nature::Personal),
        ("Subject: Out of office?", Nature::Personal),
        ("Auto-Submitted: auto-replied (vacation)", Nature::AutoReply),
        ("Auto-Submitted: auto-generated\nSubject: Automatische Antwort: Frist", Nature::AutoReply),
        ("Auto-Submitted: auto-generated\nIn-Reply-To: <a@x>", Nature::AutoReply),
        ("X-Autoreply: yes", Nature::AutoReply),
        ("Precedence: auto_reply", Nature::AutoReply),
        ("X-Auto-Response-Suppress: All\nSubject: Automatic reply: hours", Nature::AutoReply),
        ("Return-Path: <>\nSubject: Réponse automatique", Nature::AutoReply),
        ("Auto-Submitted: auto-generated", Nature::Bulk),
        ("Precedence: list\nList-Id: <a.example.org>", Nature::Bulk),
        ("Precedence: bulk\nIn-Reply-To: <a@x>", Nature::Bulk),
        ("List-Unsubscribe: <https://example.org/u>", Nature::Bulk),
        ("X-Auto-Response-Suppress: OOF", Nature::Bulk),
    ] {
        assert_eq!(nature(head), wanted, "{head}");
    }
    assert_eq!(mail("From: no-reply@example.org", "Your book is ready").nature, Nature::Bulk);
}

#[test]
fn the_action_decides_and_not_subject_or_status() {
    for (action, status, failed, wanted) in [
        ("failed", "5.1.1", true, Action::Failed),
        ("failed", "4.4.1", true, Action::Failed),
        ("delayed", "4.4.1", true, Action::Delayed),
        ("relayed", "2.0.0", false, Action::Relayed),
        ("delivered", "2.1.5", false, Action::Delivered),
        ("expanded", "2.0.0", false, Action::Expanded),
        ("", "5.0.0", true, Action::Failed),
    ] {
        let action = if action.is_empty() { String::new() } else { format!("Action: {action}\n") };
        let read = mail(
            "From: MAILER-DAEMON@mx.example.net\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=b",
            &format!(
                "--b\n\nThe mail system\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\nOriginal-Envelope-Id: key+2B77\n\nFinal-Recipient: rfc822; jo@example.org\n{action}Status: {status}\nDiagnostic-Code: smtp; 550 5.1.1 <jo@example.org>\n User unknown\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <sent-1@example.org>\n--b--"
            ),
        );
        let Nature::Delivery(report) = &read.nature else { panic!("{:?}", read.nature) };
        assert_eq!(report.envelope_id.as_deref(), Some("key+77"));
        assert_eq!(report.original_message_id.as_deref(), Some("sent-1@example.org"));
        let one = &report.recipients[0];
        assert_eq!((one.address.as_str(), one.action), ("jo@example.org", wanted));
        assert_eq!(read.nature.is_bounce(), failed, "{status}");
        assert!(!read.nature.is_for_people());
    }
}

#[test]
fn reasons_are_said_in_words() {
    for (status, said, why) in [
        ("5.1.1", "", Why::NoSuchAddress),
        ("5.2.2", "", Why::MailboxFull),
        ("4.2.2", "", Why::MailboxFull),
        ("5.7.26", "", Why::NotAuthentic),
        ("5.7.1", "", Why::Refused),
        ("4.7.1", "greylisted", Why::Busy),
        ("4.4.1", "", Why::Unreachable),
        // A proxy made the code general; the text still has it.
        ("5.0.0", "550 5.0.0 <jo@example.org> 5.1.1 User unknown", Why::NoSuchAddress),
        ("5.0.0", "550 mailbox is full", Why::MailboxFull),
        ("5.0.0", "it went wrong", Why::Unknown),
    ] {
        let read = mail(
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            &format!(
                "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; jo@example.org\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp; {said}\n--b--"
            ),
        );
        let Nature::Delivery(report) = read.nature else { panic!("a report") };
        assert_eq!(report.recipients[0].why, why, "{status} {said}");
        let sentence = report.recipients[0].sentence();
        assert!(
            sentence.starts_with("Not delivered to jo@example.org: ") && sentence.contains(why.clause()),
            "{sentence}"
        );
        let reason = report.recipients[0].reason();
        assert!(reason.contains("(jo@example.org)") && !reason.contains("elivered"), "{reason}");
    }
}

#[test]
fn receipts_and_complaints_are_no_bounces() {
    let opened = mail(
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
        "--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\nOriginal-Message-ID: <sent-1@x>\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--",
    );
    assert_eq!(opened.nature, Nature::Opened { original_message_id: Some("sent-1@x".to_owned()) });
    let complaint = mail(
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b",
        "--b\n\nspam\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <sent-2@x>\n\nbody\n--b--",
    );
    assert_eq!(complaint.nature, Nature::Complaint { original_message_id: Some("sent-2@x".to_owned()) });
}

#[test]
fn old_mail_systems_are_understood_by_their_wording() {
    let read = mail(
        "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example.net\nSubject: failure notice",
        "Hi. This is the qmail-send program.\n\n<jo@example.org>:\n192.0.2.7 said: 550 5.1.1 no such user\n\n--- Below this line is a copy of the message.\n\nReceived: from us\nMessage-ID: <sent-3@x>\n\nDear Jo, other@example.org",
    );
    let Nature::Delivery(report) = read.nature else { panic!("a bounce") };
    assert_eq!(report.original_message_id.as_deref(), Some("sent-3@x"));
    assert_eq!(report.recipients.len(), 1);
    assert_eq!(
        (report.recipients[0].address.as_str(), report.recipients[0].why),
        ("jo@example.org", Why::NoSuchAddress)
    );
    let exim = mail(
        "From: Mail System <root@mx.example.net>\nX-Failed-Recipients: jo@example.org\nSubject: Mail failure",
        "A message that you sent",
    );
    assert!(exim.nature.is_bounce());
}

#[test]
fn a_patron_who_writes_about_a_bounce_is_no_bounce() {
    for (subject, text) in [
        ("Undeliverable mail", "My mail to you could not be delivered, what is wrong? user unknown it said."),
        ("Delivery failure", "The interlibrary loan was not delivered to my branch."),
        ("Fwd: failure notice", "Please look at this. Thanks"),
    ] {
        let read = mail(&format!("From: Jo <jo@example.org>\nSubject: {subject}"), text);
        assert_eq!(read.nature, Nature::Personal, "{subject}");
    }
    let answer = mail(
        "From: Postmaster <postmaster@school.example>\nIn-Reply-To: <a@x>\nSubject: Re: Our books",
        "The address does not exist any more, please write to me. Postmaster",
    );
    assert!(
        answer.nature.is_for_people() || matches!(answer.nature, Nature::AutoReply),
        "{:?}",
        answer.nature
    );
    assert!(!answer.nature.is_bounce());
}

#[test]
fn wording_alone_makes_no_bounce_of_a_question() {
    let pasted = "Hello, my mail to you came back, see below. May I renew?\n\nYour message could not be delivered to: ask@library.example\n550 5.2.2 mailbox full";
    for (head, text) in [
        ("From: Jo <jo@example.org>\nSubject: FW: Undeliverable: Renewal", pasted),
        ("From: Jo <jo@example.org>\nSubject: Undeliverable: Renewal", pasted),
        (
            "From: Jo <jo@example.org>\nSubject: Delivery problem with my hold",
            "It said mailbox full. Error 550?",
        ),
        (
            "From: Jo <jo@example.org>\nSubject: Undeliverable mail?",
            "I read: 550 user unknown. Can you help?",
        ),
        (
            "From: Jo <jo@example.org>\nSubject: Re: Undeliverable mail\nIn-Reply-To: <a@x>",
            "My mail was not delivered. The server said: 550 blocked.",
        ),
        (
            "From: Jo <jo@example.org>\nSubject: Returned mail",
            "I got this:\n550 5.1.1 user unknown, could not be delivered\nReceived: from x\nMessage-ID: <z@w>",
        ),
        (
            "From: postmaster@school.example\nSubject: Class visit",
            "Can our class visit? The form on your page does not exist any more.",
        ),
        (
            "From: postmaster@school.example\nSubject: Undeliverable: our letter",
            "Our letter to ask@library.example could not be delivered, 550. What shall we do?",
        ),
        (
            "From: Bo <systemadministrator@firm.example>\nSubject: Room",
            "Your page says user unknown when I sign in.",
        ),
        (
            "From: Friends of the postmaster <notpostmaster@firm.example>\nSubject: Undeliverable",
            "The parcel could not be delivered to jo@example.org, 550.",
        ),
        ("To: ask@library.example\nSubject: Question", "My hold does not exist any more."),
        ("From:\nTo: ask@library.example\nSubject: Question", "Can you help? It says user unknown"),
    ] {
        assert_eq!(mail(head, text).nature, Nature::Personal, "{head}");
    }
    // Nothing goes back to the null path, yet what came by it is shown.
    let forwarded =
        mail("Return-Path: <>\nFrom: Jo <jo@example.org>\nSubject: Access", "May we have access?");
    assert_eq!(forwarded.nature, Nature::Bulk);
}

#[test]
fn a_machine_and_its_wording_make_a_bounce() {
    let text = "Your message could not be delivered to jo@example.org.\nno such user";
    for head in [
        "Return-Path: <>\nFrom: Mail <mx@relay.example>\nSubject: DELIVERY FAILURE: User jo not listed",
        "Return-Path: <MAILER-DAEMON@relay.example>\nFrom: postmaster@relay.example\nSubject: Undeliverable Mail",
        "From: Mail Router <>\nSubject: Mail Error",
        "From: postmaster@relay.example\nSubject: Undeliverable: Your book",
        "From: Mail Delivery System <root@relay.example>\nSubject: Returned mail",
        "From: MAILER-DAEMON@relay.example\nSubject: Hm",
        "X-Failed-Recipients: jo@example.org\nFrom: root@relay.example\nSubject: Hm",
    ] {
        assert!(mail(head, text).nature.is_bounce(), "{head}");
    }
}

#[test]
fn real_bounces_of_many_makes_are_recognised() {
    let Some(folder) = reference("specs/email/bounces") else {
        return;
    };
    let (mut seen, mut all) = (0, 0);
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("readable").path();
        all += 1;
        match read::read(&std::fs::read(&path).expect("readable")).expect("read").nature.is_bounce() {
            true => seen += 1,
            false => eprintln!("not seen: {}", path.display()),
        }
    }
    assert!(all >= 50 && seen * 100 >= all * 94, "{seen} of {all}");
}

#[test]
fn own_tokens_verify_and_nothing_else_does() {
    let delivery = uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
    let id = token::mint(b"key", delivery, "library.example");
    assert!(
        id.starts_with("<01900000000070008000000000000001.") && id.ends_with("@library.example>"),
        "{id}"
    );
    assert_eq!(token::verify(b"key", &id), Some(delivery));
    assert_eq!(token::verify(b"key", id.trim_matches(['<', '>'])), Some(delivery));
    assert_eq!(token::verify(b"other", &id), None);
    assert_eq!(token::verify(b"key", &id.replace("library", "attacker")), None);
    let next = uuid::Uuid::from_u128(delivery.as_u128() + 1);
    assert_eq!(
        token::verify(b"key", &id.replace(&delivery.simple().to_string(), &next.simple().to_string())),
        None
    );
    for cut in 1..id.len() {
        assert_eq!(token::verify(b"key", &id[..cut]).filter(|_| cut < id.len() - 20), None);
    }
    for garbage in ["", "<>", "a.b@c", "<01900000000070008000000000000001.@library.example>", "<.@>", "é.é@é"]
    {
        assert_eq!(token::verify(b"key", garbage), None);
    }
    let mark = token::loop_mark(b"key", delivery);
    assert!(
        token::is_loop_mark(b"key", &mark)
            && !token::is_loop_mark(b"other", &mark)
            && !token::is_loop_mark(b"key", &id)
    );
    let came_back =
        read::read(&bytes(&format!("From: us@library.example\n{}: {mark}", token::LOOP_HEADER), "x"))
            .expect("read");
    assert!(came_back.loop_mark.is_some_and(|mark| token::is_loop_mark(b"key", &mark)));
}

#[test]
fn fixtures_are_what_their_names_say() {
    for (name, bytes) in fixtures() {
        let nature = read::read(&bytes).expect("read").nature;
        let kind = name.split('-').next().unwrap_or_default();
        let right = match kind {
            "bounce" => nature.is_bounce(),
            "delivered" => matches!(nature, Nature::Delivery(_)) && !nature.is_bounce(),
            "away" => nature == Nature::AutoReply,
            "list" => nature == Nature::Bulk,
            "patron" => nature == Nature::Personal,
            other => panic!("a fixture is called {other}"),
        };
        assert!(right, "{name}: {nature:?}");
    }
}
