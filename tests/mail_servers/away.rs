//! A closed desk and real mail servers: a patron is told once, and nothing is told to machines.

use super::desk::{Desk, header};
use crate::support::eventually;
use serde_json::Value;

const TEXT: &str = "We are closed now and open again {opening}.";

fn automatic(whole: &Value) -> Vec<&Value> {
    let messages = whole["messages"].as_array().expect("a list");
    messages.iter().filter(|said| said["kind"] == "reply" && said["automatic"] == true).collect()
}

#[test]
fn a_closed_desk_tells_each_patron_once_and_two_machines_that_answer_everything_stop() {
    let Some(desk) = Desk::open() else { return };
    desk.close(TEXT);
    desk.write(
        "efua@far.test",
        "From: Efua Sarpong <efua@far.test>\nTo: ask@example.test\nSubject: Story time\nMessage-ID: <s1@far.test>\n\n\
         When is story time?\n",
    );
    let row = desk.conversation("Story time");
    let told = desk.arrived();
    assert_eq!(told.to, ["efua@far.test"]);
    let has = |name: &str| header(&told.raw, name);
    assert_eq!(has("Auto-Submitted").as_deref(), Some("auto-replied"), "{}", told.raw);
    assert_eq!(has("In-Reply-To").as_deref(), Some("<s1@far.test>"));
    assert_eq!(has("Subject").as_deref(), Some("Re: Story time"));
    assert!(told.raw.contains("We are closed now and open again"), "{}", told.raw);
    assert!(!told.raw.contains("When is story time"), "nobody has proven who wrote that: {}", told.raw);
    let ours = has("Message-ID").expect("every mail of ours has one");

    // A machine that says what it is, and one that does not and so looks like a person: both answer each mail they get.
    let answer = |number: usize, mark: &str| {
        format!(
            "From: Efua Sarpong <efua@far.test>\nTo: ask@example.test\nSubject: Re: Re: Story time\n\
             Message-ID: <away-{number}@far.test>\nIn-Reply-To: {ours}\nReferences: {ours}\n{mark}\nI am away.\n"
        )
    };
    desk.write("", &answer(1, "Auto-Submitted: auto-replied\n"));
    desk.write("efua@far.test", &answer(2, ""));
    desk.write("efua@far.test", &answer(3, ""));
    let held = eventually("the one that says so is held", || desk.api.all("/held").pop());
    assert_eq!(held["reason"], "automatic", "{held}");
    let whole = eventually("the other two are in the conversation", || {
        let whole = desk.read(&row);
        (whole["messages"].as_array()?.len() == 4).then_some(whole)
    });
    assert_eq!(automatic(&whole).len(), 1, "{whole:#}");
    assert_eq!(whole["state"], "open");
    assert_eq!(whole["waiting_since"], row["waiting_since"], "the patron waits as before");

    // A list, and somebody who cannot be reached.
    desk.write(
        "list@far.test",
        "From: News <list@far.test>\nTo: ask@example.test\nSubject: New in May\nMessage-ID: <l1@far.test>\n\
         List-Id: <news.far.test>\nPrecedence: bulk\n\nTen new novels.\n",
    );
    desk.write(
        "550-moved@far.test",
        "From: Bo Lind <550-moved@far.test>\nTo: ask@example.test\nSubject: Renewal\nMessage-ID: <r1@far.test>\n\n\
         Please renew my card.\n",
    );
    let list = desk.conversation("New in May");
    assert_eq!(automatic(&desk.read(&list)).len(), 0);
    let lost = desk.conversation("Renewal");
    let lost = eventually("the bounce is matched", || {
        let whole = desk.read(&lost);
        (automatic(&whole).first()?["delivery"]["state"] == "failed").then_some(whole)
    });
    assert_eq!(
        (&lost["trouble"], &lost["state"]),
        (&Value::Null, &Value::from("open")),
        "no person's answer is missing"
    );

    // What a person writes ends the wait, and is the second mail that anybody has from us.
    desk.answer(&desk.read(&row), "Saturdays at ten.");
    let taken = eventually("the answer arrives", || {
        let taken = desk.office.sink.taken();
        (taken.len() > 1).then_some(taken)
    });
    assert_eq!(taken.len(), 2, "{taken:#?}");
    assert_eq!(header(&taken[1].raw, "Auto-Submitted"), None);
}
