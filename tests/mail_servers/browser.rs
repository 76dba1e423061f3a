//! An answer written in a real browser arrives in the patron's mailbox: the whole way, with nothing simulated on it.

use std::path::Path;
use std::process::Command;

use super::desk::{Desk, header};
use super::files::enclosed;
use crate::support::http::exchange;
use crate::support::{eventually, skipped};

const QUESTION: &str = "From: Ada Osei <ada@far.test>\nTo: ask@example.test\nSubject: Large print\n\
    Message-ID: <first@far.test>\nReferences: <before@far.test>\n\nDo you have it in large print?\n";
const ANSWER: &str = "We have two copies, and naïve readers love both.";

#[test]
fn an_answer_written_in_the_browser_arrives_threaded_in_the_patrons_mailbox() {
    let Some(desk) = Desk::open() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e");
    if !folder.join("node_modules").exists() || !Path::new("/usr/bin/chromium").exists() {
        return skipped("Chromium or the browser driver");
    }
    if !has_page(&desk) {
        return skipped("the staff's page (this program was built without it)");
    }
    desk.write("ada@far.test", QUESTION);
    let row = desk.conversation("Large print");

    let plan = [b"\x89PNG\r\n\x1a\n".as_slice(), &(0..=255).collect::<Vec<u8>>().repeat(800)].concat();
    let folder_of_file = tempfile::tempdir().expect("a folder");
    let chosen = folder_of_file.path().join("Übersicht.png");
    std::fs::write(&chosen, &plan).expect("it is kept");

    let browser = Command::new("node")
        .arg("answer.mjs")
        .current_dir(folder)
        .env("SIGN_IN", desk.invite())
        .env("CONVERSATION", row["id"].as_str().expect("an id"))
        .env("ANSWER", ANSWER)
        .env("FILE", &chosen)
        .output()
        .expect("node starts");
    assert!(browser.status.success(), "{}", String::from_utf8_lossy(&browser.stderr));

    let arrived = desk.arrived();
    assert_eq!(arrived.to, ["ada@far.test"]);
    assert_eq!(header(&arrived.raw, "In-Reply-To").as_deref(), Some("<first@far.test>"));
    assert_eq!(header(&arrived.raw, "References").as_deref(), Some("<before@far.test> <first@far.test>"));
    assert!(arrived.raw.contains("We have two copies, and na"), "{}", arrived.raw);
    assert!(enclosed(&arrived.raw) == [plan], "{}", arrived.raw);
    eventually("the page's answer is settled", || {
        let whole = desk.read(&row);
        let said = whole["messages"].as_array()?.last()?;
        assert_eq!(said["text"], ANSWER, "as it was typed");
        (said["delivery"]["state"] == "sent").then_some(())
    });
    assert_eq!(desk.read(&row)["owner_id"], desk.me(), "claimed by key in the browser");
}

/// Whether the program serves the page or says why it has none.
fn has_page(desk: &Desk) -> bool {
    let page = exchange(desk.api.port, "GET", "/sign-in", &[], &[]).expect("it answers");
    String::from_utf8_lossy(&page.body).contains("<script")
}
