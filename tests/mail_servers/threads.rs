//! Question, answer, and the answer to that: one conversation here, one thread in the patron's mail program.

use super::desk::{Desk, header};
use crate::support::eventually;

const QUESTION: &str = "From: Ada Osei <ada@far.test>\nTo: ask@example.test\nSubject: Large print\n\
    Message-ID: <MixedCase.Q1=2+3@Far.test>\nReferences: <Before.All@far.test>\n\nDo you have it in large print?\n";

#[test]
fn an_answer_joins_the_patrons_thread_and_what_they_write_back_joins_ours() {
    let Some(desk) = Desk::open() else { return };
    desk.write("ada@far.test", QUESTION);
    let row = desk.conversation("Large print");
    desk.answer(&row, "We have two copies.");
    let answer = desk.arrived();
    assert_eq!(
        (answer.from.as_str(), &answer.to[..]),
        ("ask@example.test", &["ada@far.test".to_owned()][..])
    );
    assert_eq!(header(&answer.raw, "Subject").as_deref(), Some("Re: Large print"));
    // As the patron's program wrote it: to many programs an id with other capitals is another id.
    assert_eq!(header(&answer.raw, "In-Reply-To").as_deref(), Some("<MixedCase.Q1=2+3@Far.test>"));
    assert_eq!(
        header(&answer.raw, "References").as_deref(),
        Some("<Before.All@far.test> <MixedCase.Q1=2+3@Far.test>")
    );

    let ours = header(&answer.raw, "Message-ID").expect("every mail of ours has one");
    // From another address: what proves that this belongs here is our id alone.
    desk.write(
        "a.osei@far.test",
        &format!(
            "From: Ada <a.osei@far.test>\nTo: ask@example.test\nSubject: AW: Large print\n\
             Message-ID: <q2@far.test>\nIn-Reply-To: {ours}\nReferences: {ours}\n\nBoth, please.\n"
        ),
    );
    let whole = eventually("what she writes back is here", || {
        let whole = desk.read(&row);
        (whole["messages"].as_array()?.len() == 3).then_some(whole)
    });
    assert_eq!(whole["messages"][2]["reply_text"], "Both, please.");
    assert_eq!(whole["messages"][1]["delivery"]["state"], "sent");
    assert_eq!(whole["state"], "open", "she waits again");
    assert_eq!(desk.conversations().len(), 1, "one thread, one conversation");
}
