use uuid::Uuid;

use super::{AMPLE, drain};
use crate::conformance::{Shut, described, enclose};
use crate::contract::{
    Address, Answered, Channel, Deliver, Draft, Event, Failure, HeldReason, Key, Part, Reason, ReceiptState,
    Recipient, StreamId, Unfenced, Visibility,
};
use crate::email::fake::{ADDRESS, Fake};
use crate::simulator::Plan;
use crate::simulator::mail::{Fate, MailFault};

pub fn draft(text: &str) -> Draft {
    Draft {
        text: text.to_owned(),
        subject: None,
        to: Recipient { address: address("A.Osei@example.org", "Abena Osei"), copies: Vec::new() },
        from_name: "Bryan Ortiz".to_owned(),
        signature: Some("Fernhill Library".to_owned()),
        answers: Some(Answered {
            id: Some("<2@example.org>".to_owned()),
            references: vec!["<1@example.org>".to_owned()],
            subject: Some("Opening hours".to_owned()),
            text: Some("When do you open?".to_owned()),
            author: Some("Abena Osei".to_owned()),
            at: Some(1_791_277_000_000),
            conversation: None,
        }),
        patron_wrote_at: None,
        visibility: Visibility::Private,
        enclosures: Vec::new(),
        automatic: false,
    }
}

fn address(shown: &str, name: &str) -> Address {
    Address { id: shown.to_lowercase(), shown: shown.to_owned(), name: Some(name.to_owned()) }
}

fn key(n: u128) -> Key {
    Key(Uuid::from_u128(n))
}

fn deliverer(channel: &dyn Channel) -> &dyn Deliver {
    channel.deliver().unwrap()
}

fn part(channel: &dyn Channel, draft: &Draft) -> Part {
    let parts = deliverer(channel).compose(draft, 1_791_277_331_000).unwrap();
    assert_eq!(parts, deliverer(channel).compose(draft, 1_791_277_331_000).unwrap());
    parts.into_iter().next().unwrap()
}

#[tokio::test]
async fn an_answer_leaves_as_a_mail_in_its_thread_and_is_filed_once() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let mut draft = draft("We open at nine.\n.\nSee you – Bryan");
    draft.to.copies.push(address("friend@example.org", ""));
    draft.enclosures.push(enclose("Öffnungszeiten.pdf", "application/pdf", vec![0, 1, 2, 255]));
    let part = part(&*channel, &draft);
    let sent = deliverer(&*channel).deliver(&part, &key(1), &Unfenced).await.unwrap();
    assert_eq!(sent.id, deliverer(&*channel).expected_id(&key(1)));
    assert_eq!(sent.refused, []);

    let accepted = fake.platform.ledger().accepted().remove(0);
    assert_eq!(accepted.from, ADDRESS);
    let to: Vec<&str> = accepted.to.iter().map(|to| to.address.as_str()).collect();
    assert_eq!(to, ["A.Osei@example.org", "friend@example.org"]);
    assert_eq!(accepted.to[0].notify.as_deref(), Some("FAILURE,DELAY"));
    assert_eq!(accepted.ret.as_deref(), Some("HDRS"));
    assert_eq!(accepted.message_id, sent.id);
    assert!(accepted.raw.is_ascii());
    let mail = crate::email::read::read(&accepted.raw).unwrap();
    assert_eq!(mail.subject, "Re: Opening hours");
    assert_eq!(mail.from[0].name, "Bryan Ortiz");
    assert_eq!(mail.in_reply_to, ["2@example.org"]);
    assert_eq!(mail.references, ["1@example.org", "2@example.org"]);
    assert!(mail.plain.replace("\r\n", "\n").starts_with("We open at nine.\n.\nSee you – Bryan\n\n-- \nFernhill Library\n\nOn 6 October 2026, Abena Osei wrote:\n> When do you open?"), "{}", mail.plain);
    assert_eq!(mail.attachments[0].filename.as_deref(), Some("Öffnungszeiten.pdf"));
    assert_eq!(mail.attachments[0].bytes, [0, 1, 2, 255]);

    let filed = fake.mailbox.mails("Sent");
    assert_eq!(filed.len(), 1);
    assert_eq!(filed[0].flags, ["\\Seen"]);
    let found = deliverer(&*channel).find(&part, &key(1)).await.unwrap();
    assert_eq!(found.unwrap().id, sent.id);
}

#[tokio::test]
async fn a_mail_that_another_process_has_taken_over_ends_before_its_dot() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let part = part(&*channel, &draft("At nine."));
    let refused = deliverer(&*channel).deliver(&part, &key(1), &Shut).await;
    assert!(matches!(refused, Err(Failure::Transient { .. })), "{refused:?}");
    assert!(fake.platform.ledger().accepted().is_empty());
    deliverer(&*channel).deliver(&part, &key(1), &Unfenced).await.unwrap();
    assert_eq!(fake.platform.ledger().accepted().len(), 1, "and whoever has it sends it");
}

#[tokio::test]
async fn our_own_answer_comes_back_as_an_echo_that_names_its_delivery() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let stream = StreamId("sent:Sent".to_owned());
    let first = super::poller(&*channel).poll(&stream, None, AMPLE).await.unwrap();
    let part = part(&*channel, &draft("At nine."));
    deliverer(&*channel).deliver(&part, &key(7), &Unfenced).await.unwrap();
    let (all, _) = drain(&*channel, &stream, Some(first.next), AMPLE).await;
    let Event::Echo(echo) = &all[0].event else { panic!("{:?}", all[0].event) };
    assert_eq!(echo.id, deliverer(&*channel).expected_id(&key(7)));
    assert_eq!(echo.thread.proven.first(), Some(&key(7)));
}

#[tokio::test]
async fn a_patrons_answer_proves_its_thread_and_a_strangers_claim_does_not() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let first = super::once(&*channel, None).await.unwrap();
    let ours = deliverer(&*channel).expected_id(&key(3)).unwrap();
    let forged = ours.replace('.', ".0");
    for id in [&ours, &forged] {
        fake.mailbox
            .deliver(format!("From: a@b.example\r\nSubject: s\r\nIn-Reply-To: {id}\r\n\r\nThanks\r\n"));
    }
    let batch = super::once(&*channel, Some(&first.next)).await.unwrap();
    let proven: Vec<Vec<Key>> = batch
        .envelopes
        .iter()
        .map(|envelope| match &envelope.event {
            Event::Message(message) => message.thread.proven.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(proven, [vec![key(3)], vec![]]);
}

#[tokio::test]
async fn our_own_mail_in_the_inbox_is_held_as_a_loop() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let first = super::once(&*channel, None).await.unwrap();
    let part = part(&*channel, &draft("At nine."));
    deliverer(&*channel).deliver(&part, &key(4), &Unfenced).await.unwrap();
    fake.mailbox.deliver(fake.platform.ledger().accepted().remove(0).raw);
    let batch = super::once(&*channel, Some(&first.next)).await.unwrap();
    let Event::Held(held) = &batch.envelopes[0].event else { panic!("{:?}", batch.envelopes[0].event) };
    assert_eq!(held.reason, HeldReason::Loop);
}

#[tokio::test]
async fn two_programs_that_answer_each_other_stop_at_once() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let first = super::once(&*channel, None).await.unwrap();
    let mut automatic = draft("We have your question.");
    automatic.automatic = true;
    let part = part(&*channel, &automatic);
    deliverer(&*channel).deliver(&part, &key(5), &Unfenced).await.unwrap();
    let ours = crate::email::read::read(&fake.platform.ledger().accepted()[0].raw).unwrap();
    assert!(ours.nature.is_automatic(), "ours says so, which ends it at theirs");
    fake.mailbox.deliver(
        "From: a@b.example\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nAway\r\n",
    );
    let batch = super::once(&*channel, Some(&first.next)).await.unwrap();
    let Event::Held(held) = &batch.envelopes[0].event else { panic!("{:?}", batch.envelopes[0].event) };
    assert_eq!(held.reason, HeldReason::Automatic, "theirs says so, which ends it at ours");
}

#[tokio::test]
async fn a_bounce_settles_the_answer_that_bounced() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let first = super::once(&*channel, None).await.unwrap();
    let diagnostic = "550 5.1.1 No such person here".to_owned();
    fake.platform
        .set_fate("a.osei@example.org", Fate::Bounced { after_ms: 1000, status: "5.1.1".into(), diagnostic });
    let part = part(&*channel, &draft("At nine."));
    deliverer(&*channel).deliver(&part, &key(6), &Unfenced).await.unwrap();
    fake.clock.advance(2000);
    fake.platform.run_due();
    let batch = super::once(&*channel, Some(&first.next)).await.unwrap();
    let Event::Held(held) = &batch.envelopes[0].event else { panic!("{:?}", batch.envelopes[0].event) };
    let receipt = held.receipt.as_ref().unwrap();
    assert_eq!((receipt.key, receipt.state), (Some(key(6)), ReceiptState::Failed));
    assert!(receipt.why.as_ref().unwrap().contains("This address does not exist"), "{:?}", receipt.why);
}

async fn failure_of(fake: &Fake, n: u128) -> Failure {
    let channel = fake.channel();
    let part = part(&*channel, &draft("At nine."));
    deliverer(&*channel).deliver(&part, &key(n), &Unfenced).await.unwrap_err()
}

#[tokio::test]
async fn refusals_say_what_happens_next() {
    let fake = Fake::start().await;
    let refused = |code, text: &str| Fate::Refused { code, text: text.to_owned() };
    fake.platform
        .set_fate("a.osei@example.org", refused(550, "5.0.0 <a.osei@example.org> 5.1.1 User unknown"));
    let failure = failure_of(&fake, 1).await;
    assert!(
        matches!(failure, Failure::Permanent { reason: Reason::RecipientUnavailable, .. }),
        "{failure:?}"
    );
    assert!(
        failure.to_string().starts_with("This address does not exist (A.Osei@example.org). It said: "),
        "{failure}"
    );
    fake.platform.clear_fate("a.osei@example.org");

    fake.platform.set_fate("a.osei@example.org", refused(451, "4.7.1 Greylisted, try again later"));
    let failure = failure_of(&fake, 2).await;
    assert!(matches!(failure, Failure::Transient { after_ms: Some(300_000..), .. }), "{failure:?}");
    fake.platform.clear_fate("a.osei@example.org");

    for (fault, expected) in [
        (MailFault::Smtp4xx, "transient"),
        (MailFault::Smtp5xx, "permanent"),
        (MailFault::SmtpDropInData, "ambiguous"),
        (MailFault::SmtpLostAnswer, "ambiguous"),
        (MailFault::WrongPassword, "signin"),
        (MailFault::ServerBusy, "transient"),
        (MailFault::Hang, "transient"),
    ] {
        fake.platform.faults().switch_on(Plan::new(fault).place("smtp"));
        let failure = failure_of(&fake, 3).await;
        fake.platform.faults().clear();
        let kind = match failure {
            Failure::Transient { .. } => "transient",
            Failure::Permanent { .. } => "permanent",
            Failure::Ambiguous { .. } => "ambiguous",
            Failure::NeedsSignin { .. } => "signin",
            _ => "other",
        };
        assert_eq!(kind, expected, "{fault:?}: {failure:?}");
    }
}

#[tokio::test]
async fn a_recipient_refused_beside_others_is_named() {
    let fake = Fake::start().await;
    let text = "5.1.1 No such person here".to_owned();
    fake.platform.set_fate("gone@example.org", Fate::Refused { code: 550, text });
    let channel = fake.channel();
    let mut draft = draft("At nine.");
    draft.to.copies.push(address("gone@example.org", ""));
    let part = part(&*channel, &draft);
    let sent = deliverer(&*channel).deliver(&part, &key(1), &Unfenced).await.unwrap();
    assert_eq!(sent.refused.len(), 1);
    assert_eq!(sent.refused[0].0, "gone@example.org");
    assert!(sent.refused[0].1.contains("this address does not exist"), "{}", sent.refused[0].1);
}

/// What a crash between the server's yes and our copy must not lead to: "not there", and so a second mail.
#[tokio::test]
async fn a_missing_copy_is_proof_only_where_the_server_files_by_itself() {
    let fake = Fake::start().await;
    fake.platform.faults().switch_on(Plan::new(MailFault::SmtpLostAnswer).times(1));
    assert!(matches!(failure_of(&fake, 1).await, Failure::Ambiguous { .. }));
    assert_eq!(fake.platform.ledger().accepted().len(), 1, "it did leave");
    let channel = fake.channel();
    let part = part(&*channel, &draft("At nine."));
    let found = deliverer(&*channel).find(&part, &key(1)).await;
    assert!(matches!(found, Err(Failure::Ambiguous { .. })), "{found:?}");

    let fake = Fake::with(|options| options.mailboxes[0].files_sent = Some("Sent".to_owned())).await;
    let channel = fake.open(fake.settings().with("save_sent", "server"));
    assert_eq!(deliverer(&*channel).find(&part, &key(1)).await.unwrap(), None);
    fake.platform.faults().switch_on(Plan::new(MailFault::SmtpLostAnswer).times(1));
    let failure = deliverer(&*channel).deliver(&part, &key(1), &Unfenced).await.unwrap_err();
    assert!(matches!(failure, Failure::Ambiguous { .. }), "{failure:?}");
    let found = deliverer(&*channel).find(&part, &key(1)).await.unwrap();
    assert_eq!(found.unwrap().id, deliverer(&*channel).expected_id(&key(1)));
}

#[tokio::test]
async fn a_server_that_files_unasked_gets_no_second_copy() {
    let fake = Fake::with(|options| options.mailboxes[0].files_sent = Some("Sent".to_owned())).await;
    let channel = fake.channel();
    let part = part(&*channel, &draft("At nine."));
    deliverer(&*channel).deliver(&part, &key(1), &Unfenced).await.unwrap();
    assert_eq!(fake.mailbox.mails("Sent").len(), 1);
}

#[tokio::test]
async fn a_copy_that_cannot_be_filed_does_not_undo_the_sending() {
    let fake = Fake::start().await;
    fake.platform.faults().switch_on(Plan::new(MailFault::ServerBusy).place("imap"));
    let channel = fake.channel();
    let part = part(&*channel, &draft("At nine."));
    deliverer(&*channel).deliver(&part, &key(1), &Unfenced).await.unwrap();
    assert_eq!(fake.platform.ledger().accepted().len(), 1);
}

#[tokio::test]
async fn a_mail_larger_than_the_server_takes_is_not_begun() {
    let fake = Fake::with(|options| options.max_mail_bytes = 1 << 20).await;
    let channel = fake.channel();
    let mut draft = draft("Here.");
    draft.enclosures.push(enclose("a", "x/y", vec![0; 2 << 20]));
    let part = part(&*channel, &draft);
    let failure = deliverer(&*channel).deliver(&part, &key(1), &Unfenced).await.unwrap_err();
    assert!(matches!(failure, Failure::Permanent { reason: Reason::TooLong, .. }), "{failure:?}");
    assert_eq!(fake.platform.ledger().count("smtp DATA"), 0);

    // Once the server has been asked, it is said beside the composer, and by every process from the start.
    channel.probe().await.unwrap();
    let kept = channel.learnt();
    assert_eq!(kept.get("largest_sent"), Some("1048576"));
    let knowing = fake.open(fake.settings().with("largest_sent", "1048576"));
    for channel in [&channel, &knowing] {
        let refusal = deliverer(&**channel).compose(&draft, 0).unwrap_err();
        assert_eq!(
            refusal.why,
            "The files have 2 MB together; this mail server takes 0.6 MB. Leave one out, or send a link to it."
        );
        let most = channel.capabilities().attachments.max_total_bytes;
        let mut fits = draft.clone();
        fits.enclosures = vec![enclose("a", "x/y", vec![255; usize::try_from(most).unwrap()])];
        let fitting = deliverer(&**channel).compose(&fits, 0).unwrap().remove(0);
        deliverer(&**channel).deliver(&fitting, &key(most.into()), &Unfenced).await.unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_a_mail_is_refused_beside_the_composer() {
    let fake = Fake::start().await;
    let channel = fake.channel();
    let refused = |change: &dyn Fn(&mut Draft)| {
        let mut draft = draft("text");
        change(&mut draft);
        deliverer(&*channel).compose(&draft, 0).unwrap_err().to_string()
    };
    for (change, why) in [
        (
            &(|draft: &mut Draft| draft.subject = Some("a\r\nBcc: x@y.example".into()))
                as &dyn Fn(&mut Draft),
            "line break",
        ),
        (&|draft| draft.from_name = "a\nb".into(), "line break"),
        (&|draft| draft.to.address = address("a@b\r\nRCPT TO:<x@y.example>", ""), "no mail address"),
        (&|draft| draft.to.copies.push(address("nobody", "")), "no mail address"),
        (&|draft| draft.text = " \n".into(), "nothing in this answer"),
        (
            &|draft| draft.enclosures.push(described("a", "x/y", 19 << 20)),
            "The files have 19 MB together; this mail server takes 18 MB.",
        ),
        (&|draft| draft.enclosures.push(described("a\r\nb", "x/y", 1)), "Rename it"),
    ] {
        let refusal = refused(change);
        assert!(refusal.contains(why), "{refusal}");
    }
}
