//! What machines send back: a bounce reopens the question, an automatic answer does nothing, and nobody gets mail for it.

use super::desk::{Desk, header};
use crate::support::dovecot::PASSWORD;
use crate::support::eventually;
use crate::support::imap::Mailbox;

#[test]
fn a_bounce_brings_the_question_back_with_its_reason_and_triggers_nothing() {
    let Some(desk) = Desk::open() else { return };
    desk.write(
        "550-moved@far.test",
        "From: Bo Lind <550-moved@far.test>\nTo: ask@example.test\nSubject: Renewal\nMessage-ID: <r1@far.test>\n\n\
         Please renew my card.\n",
    );
    let row = desk.conversation("Renewal");
    let answer = desk.answer(&row, "Done, until next October.");
    let whole = eventually("the bounce is matched to the answer", || {
        let whole = desk.read(&row);
        let said = whole["messages"].as_array()?.iter().find(|said| said["id"] == answer["id"])?;
        (said["delivery"]["state"] == "failed").then(|| whole.clone())
    });
    let trouble = whole["trouble"].as_str().expect("the row says that there is no answer");
    assert!(trouble.starts_with("Not delivered: "), "{trouble}");
    assert_eq!(trouble.matches("delivered").count(), 1, "{trouble}");
    assert!(trouble.contains("nobody of that name lives here") || trouble.contains("5.1.1"), "{trouble}");
    assert_eq!(whole["state"], "open", "it is in the queue again");
    assert!(!whole["waiting_since"].is_null(), "the patron waits on");
    assert_eq!(whole["messages"].as_array().expect("a list").len(), 2, "the bounce is nothing that was said");

    let held = eventually("the bounce is held", || desk.api.all("/held").pop());
    assert_eq!(held["reason"], "bounce", "{held}");
    assert_eq!(desk.conversations().len(), 1, "no conversation with a mail server");
    assert!(desk.office.sink.taken().is_empty(), "{:?}", desk.office.sink.taken());
    let mut inbox = Mailbox::open(desk.office.dovecot.imap, "ask", PASSWORD, "INBOX");
    assert_eq!(inbox.count(), 2, "the question and one bounce, or an answer to the bounce has bounced too");
    let mut sent = Mailbox::open(desk.office.dovecot.imap, "ask", PASSWORD, "Sent");
    assert_eq!(sent.count(), 1);
}

#[test]
fn two_machines_that_answer_everything_stop_after_one_answer() {
    let Some(desk) = Desk::open() else { return };
    let away = |number: usize, answers: &str| {
        format!(
            "From: Efua Sarpong <efua@far.test>\nTo: ask@example.test\nSubject: Automatic reply: {number}\n\
             Message-ID: <away-{number}@far.test>\nIn-Reply-To: {answers}\nReferences: {answers}\n\
             Auto-Submitted: auto-replied\n\nI am away until Monday.\n"
        )
    };
    desk.write(
        "efua@far.test",
        "From: Efua Sarpong <efua@far.test>\nTo: ask@example.test\nSubject: Story time\nMessage-ID: <s1@far.test>\n\n\
         When is story time?\n",
    );
    let row = desk.conversation("Story time");
    desk.answer(&row, "Saturdays at ten.");
    let ours = header(&desk.arrived().raw, "Message-ID").expect("every mail of ours has one");
    let answered = eventually("the answer is settled", || {
        let whole = desk.read(&row);
        (whole["messages"][1]["delivery"]["state"] == "sent").then_some(whole)
    });

    // The far side answers each mail it gets, also a second time; were one of ours an answer to that, it would go on for ever.
    for number in 1..=2 {
        desk.write("", &away(number, &ours));
    }
    let held = eventually("both are held", || {
        let held = desk.api.all("/held");
        (held.len() == 2).then_some(held)
    });
    assert!(held.iter().all(|one| one["reason"] == "automatic"), "{held:?}");
    let whole = desk.read(&row);
    let same = |name: &str| assert_eq!(whole[name], answered[name], "{name}");
    ["state", "waiting_since", "owner_id", "seq", "messages"].into_iter().for_each(same);
    assert_eq!(desk.conversations().len(), 1);
    assert_eq!(desk.office.sink.taken().len(), 1, "one answer by a person, none by a machine");
    let mut sent = Mailbox::open(desk.office.dovecot.imap, "ask", PASSWORD, "Sent");
    assert_eq!(sent.count(), 1);
}
