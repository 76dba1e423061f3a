//! What we write, our own reader reads back the same.

use bytes::Bytes;
use proptest::prelude::*;

use crate::conformance::described;
use crate::email::classify::Nature;
use crate::email::outbound::{Letter, Named};
use crate::email::{read, token, write};

fn named(name: &str, address: &str) -> Named {
    Named { name: name.to_owned(), address: address.to_owned() }
}

fn letter(text: &str) -> Letter {
    Letter {
        v: 1,
        from_name: "Bryan Ortiz".to_owned(),
        to: vec![named("Amara Osei", "amara@patron.example")],
        cc: Vec::new(),
        subject: "Re: Your reservation".to_owned(),
        text: text.to_owned(),
        in_reply_to: None,
        references: Vec::new(),
        written_at: 1_777_816_805_000,
        automatic: false,
        files: Vec::new(),
    }
}

fn written(letter: &Letter) -> Vec<u8> {
    written_with(letter, &[])
}

fn written_with(letter: &Letter, files: &[Bytes]) -> Vec<u8> {
    let id = token::mint(b"key", uuid::Uuid::from_u128(7), "library.example");
    let mark = token::loop_mark(b"key", uuid::Uuid::from_u128(8));
    write::mail(letter, files, "ask@library.example", &id, &mark).expect("written")
}

#[test]
fn both_halves_say_what_was_written() {
    let bytes =
        written(&letter("Hello **Amara**,\n\n- one\n- two\n\nSee https://library.example/\n\n-- \nBryan"));
    let mail = read::read(&bytes).expect("read");
    assert!(mail.plain.starts_with("Hello **Amara**,\n\n- one"), "{}", mail.plain);
    let html = mail.html.expect("the other half");
    assert!(html.contains("<strong>Amara</strong>") && html.contains("<li>two</li>"), "{html}");
    assert!(html.contains("<a href=\"https://library.example/\">"), "{html}");
    assert_eq!(mail.nature, Nature::Personal);
    assert!(token::verify(b"key", &mail.message_id.expect("an id")).is_some());
    assert!(token::is_loop_mark(b"key", &mail.loop_mark.expect("a mark")));
    assert!(bytes.is_ascii());
}

#[test]
fn only_automatic_mail_says_that_it_is() {
    let text = |letter: &Letter| String::from_utf8(written(letter)).expect("ASCII");
    let said = ["Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All"];
    let automatic = Letter { automatic: true, ..letter("We are closed.") };
    assert!(said.iter().all(|header| text(&automatic).contains(header)));
    assert!(said.iter().all(|header| !text(&letter("We are open.")).contains(header)));
    assert_eq!(read::read(&written(&automatic)).expect("read").nature, Nature::AutoReply);
}

/// Names and subjects as people have them, and as attackers would like them.
fn words() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "Ana",
        "Jürgen",
        "O'Brien",
        "\"quoted\"",
        "(note)",
        "a,b",
        "<x@y>",
        "図書館",
        "👩‍💻",
        "=?utf-8?Q?x?=",
        "\r\nBcc: all@example.org",
        "\n",
        "a:b",
        ";",
        "@",
        "\\",
    ]);
    proptest::collection::vec(pieces, 0..5).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_we_write_reads_back_the_same(
        subject in "[a-zA-Zäß图 ]{0,80}",
        text in "([a-zA-Zé.,=> -]{0,90}\n){0,8}",
        references in proptest::collection::vec("<[a-z0-9]{1,30}@[a-z]{1,20}\\.example>", 0..25),
        name in "[A-Za-zéñ]{1,12} [A-Za-z',.]{1,12}",
        file in proptest::collection::vec(any::<u8>(), 0..300),
        filename in "[a-zäöи図🦉\"' ]{1,30}\\.pdf",
        kind in prop_oneof![Just("application/pdf"), Just("text/plain"), Just("message/rfc822")],
    ) {
        let original = Letter {
            from_name: name.trim().to_owned(),
            subject: subject.trim().to_owned(),
            text: text.clone(),
            in_reply_to: references.last().cloned(),
            references: references.clone(),
            cc: vec![named("", "cc@patron.example")],
            files: vec![described(filename.trim(), kind, file.len() as u64)],
            ..letter("")
        };
        let mail = read::read(&written_with(&original, &[Bytes::from(file.clone())])).expect("read");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(words(&mail.subject), words(&original.subject));
        prop_assert_eq!(&mail.from[0].name, &original.from_name);
        prop_assert_eq!(&mail.from[0].address, "ask@library.example");
        prop_assert_eq!(&mail.to[0].name, "Amara Osei");
        prop_assert_eq!(&mail.cc[0].address, "cc@patron.example");
        prop_assert_eq!(mail.plain.trim_end(), text.trim_end());
        let bare: Vec<String> = references.iter().map(|id| id.trim_matches(['<', '>']).to_owned()).collect();
        prop_assert_eq!(&mail.references, &bare);
        prop_assert_eq!(mail.in_reply_to.first(), bare.last());
        prop_assert_eq!(mail.date.map(|date| date.at_ms), Some(original.written_at));
        prop_assert_eq!(&mail.attachments[0].bytes, &file);
        prop_assert_eq!(mail.attachments[0].filename.as_deref().map(words), Some(words(&filename)));
        prop_assert_eq!(mail.attachments.len(), 1);
    }

    #[test]
    fn no_name_or_subject_adds_a_recipient_or_a_header(name in words(), to in words(), subject in words()) {
        let hostile = Letter { from_name: name, to: vec![named(&to, "amara@patron.example")], subject, ..letter("x") };
        let id = token::mint(b"key", uuid::Uuid::from_u128(7), "library.example");
        let Ok(bytes) = write::mail(&hostile, &[], "ask@library.example", &id, "mark") else { return Ok(()) };
        let text = String::from_utf8_lossy(&bytes);
        let head = text.split("\r\n\r\n").next().unwrap_or_default();
        let begins_bcc = head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc"));
        prop_assert!(!begins_bcc, "{}", head);
        let mail = read::read(&bytes).expect("read");
        prop_assert_eq!(mail.from.len(), 1);
        prop_assert_eq!(&mail.from[0].address, "ask@library.example");
        prop_assert_eq!(mail.to.len(), 1);
        prop_assert_eq!(&mail.to[0].address, "amara@patron.example");
        prop_assert!(mail.cc.is_empty());
    }
}
