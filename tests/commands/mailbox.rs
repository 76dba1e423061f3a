//! Looking into a mail, and taking old mail in: through the front door, once, whatever happens on the way.

use connectors::simulator::mail::{MailOptions, MailPlatform, MailboxOptions};

use super::bed::{House, mail};
use crate::support::eventually;

const MAIL: &str = "From: Zo\u{eb} <zoe@patron.example>\r\nTo: ask@fernhill.example\r\nSubject: Hours\r\n\
    Message-ID: <1@patron.example>\r\nDate: Tue, 06 Oct 2026 09:02:11 +0000\r\n\r\nThank you!\r\n\r\n\
    On Tue, Oct 6, 2026 at 8:00 AM Ask Fernhill <ask@fernhill.example> wrote:\r\n> We open at 9.\r\n";

#[test]
fn a_mail_is_read_from_a_file_or_standard_input() {
    let house = House::new();
    let file = house.file("m.eml", MAIL);
    let file = file.to_str().unwrap();
    let seen = house.run(&["mail", "inspect", file, "--json"]).well().json();
    assert_eq!((&seen["subject"], &seen["html_present"]), (&"Hours".into(), &false.into()));
    assert_eq!(house.run_with(&["mail", "inspect", "-", "--json"], MAIL).well().json(), seen);
    let cut = house.run(&["mail", "reply", "--input", "eml", file, "--json"]).well().json();
    assert_eq!(cut["reply"], "Thank you!");
    assert!(cut["elided"].as_str().unwrap().contains("We open at 9."));
    let html = house
        .run_with(&["mail", "html", "-"], "Content-Type: text/html\r\n\r\n<b>x</b><script>1</script>")
        .well();
    assert!(html.out.contains("<b>x</b>") && !html.out.contains("<script>1"), "{html:?}");
    house.run(&["mail", "inspect", "/nowhere.eml"]).with_a_sentence("cannot be read");
    assert!(!house.data().exists(), "looking needs no library");
}

/// A house with a mail channel whose platform has gone away again: an import needs none.
fn connected() -> House {
    let house = House::new();
    house.run(&["setup", "Fernhill"]).well();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut options = MailOptions::new(connectors::simulator::FrozenClock::at(1_791_277_331_000));
    options.mailboxes.push(MailboxOptions::new("ask@fernhill.example", "p"));
    let platform = runtime.block_on(MailPlatform::start(options)).unwrap();
    let (imap, smtp) = (platform.imap_addr().port(), platform.smtp_addr().port());
    let mut args = vec!["channel".to_owned(), "add".into(), "email".into(), "--name".into(), "Ask".into()];
    for pair in [
        "address=ask@fernhill.example",
        "imap_host=127.0.0.1",
        "smtp_host=127.0.0.1",
        "imap_tls=none",
        "smtp_tls=none",
    ] {
        args.extend(["--set".to_owned(), pair.to_owned()]);
    }
    args.extend(["--set".into(), format!("imap_port={imap}"), "--set".into(), format!("smtp_port={smtp}")]);
    args.extend(["--secret".into(), "password=@-".into()]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    house.run_with(&args, "p").well();
    runtime.block_on(platform.stop());
    house
}

fn counts(house: &House) -> (i64, i64, i64) {
    let listed = house.run(&["channel", "list", "--json"]).well().json();
    let count = |name: &str| listed[0][name].as_i64().unwrap();
    assert_eq!(count("received"), count("messages") + count("held") + count("duplicates"));
    (count("messages"), count("held"), count("duplicates"))
}

#[test]
fn an_import_that_was_killed_goes_on_and_nothing_is_lost_or_doubled() {
    let house = connected();
    for number in 0..400 {
        house
            .file(&format!("old/{number:03}.eml"), &mail(&format!("p{}@patron.example", number % 7), number));
    }
    let import = ["mail", "import", "old", "--channel", "Ask"];
    let mut child = house.command(&import).spawn().unwrap();
    eventually("some of it is in", || (counts(&house).0 >= 5).then_some(()));
    child.kill().unwrap();
    child.wait().unwrap();
    let (before, _, _) = counts(&house);
    let rest = house.run(&[&import[..], &["--bulk"]].concat()).well();
    assert_eq!(
        rest.out.trim(),
        format!("400 mails: {} messages, 0 held, {before} known already.", 400 - before)
    );
    let again = house.run(&import).well();
    assert_eq!(again.out.trim(), "400 mails: 0 messages, 0 held, 400 known already.");
    assert_eq!(counts(&house), (400, 0, 400 + before));
}

#[test]
fn an_import_that_is_asked_to_stop_says_how_to_go_on() {
    let house = connected();
    for number in 0..2000 {
        house.file(&format!("old/{number:04}.eml"), &mail("p@patron.example", number));
    }
    let child = house.command(&["mail", "import", "old", "--channel", "Ask"]).spawn().unwrap();
    eventually("some of it is in", || (counts(&house).0 >= 1).then_some(()));
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("The same command goes on from here."));
    assert!(counts(&house).0 < 2000);
}

#[test]
fn an_mbox_file_comes_in_with_its_auto_replies_held() {
    let house = connected();
    let away = mail("away@patron.example", 2).replacen("From:", "Auto-Submitted: auto-replied\r\nFrom:", 1);
    let mbox = format!(
        "From a@patron.example Tue Oct  6 09:02:11 2026\n{}\nFrom away@patron.example Tue Oct  6 09:03:11 2026\n{away}\n",
        mail("a@patron.example", 1)
    );
    house.file("old.mbox", &mbox);
    let import = ["mail", "import", "old.mbox", "--channel", "Ask"];
    assert_eq!(house.run(&import).well().out.trim(), "2 mails: 1 messages, 1 held, 0 known already.");
    assert_eq!(house.run(&import).well().out.trim(), "2 mails: 0 messages, 0 held, 2 known already.");
    house
        .run(&["mail", "import", "old.mbox", "--channel", "Nope"])
        .with_a_sentence("There is no channel called Nope");
    house.file("not.mbox", "Subject: x\n");
    house.run(&["mail", "import", "not.mbox", "--channel", "Ask"]).with_a_sentence("is no mbox file");
}
