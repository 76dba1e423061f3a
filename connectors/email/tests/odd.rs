//! Mail that says something in a way nobody should: what was written is read all the same.

use super::support::{bytes, mail};
use crate::contract::{Event, HeldReason};
use crate::email::inbound::{Own, event};
use crate::email::mime::{addresses, charset};
use crate::email::{enriched, read, rtf};

fn own() -> Own {
    Own {
        ours: vec!["ask@lib.example".to_owned()],
        proof_key: b"key".to_vec().into(),
        domain: "lib.example".to_owned(),
        max_bytes: 1 << 20,
    }
}

#[test]
fn a_multipart_inside_whose_boundary_never_comes_is_words() {
    let read = mail(
        "Content-Type: multipart/mixed; boundary=a",
        "--a\nContent-Type: multipart/alternative; boundary=never\n\n--other\n\nWhere is my hold?\n--other--\n--a\nContent-Type: image/png; name=a.png\n\nx\n--a--",
    );
    assert!(read.text.contains("Where is my hold?"), "{}", read.text);
    assert_eq!(read.attachments.len(), 1);
}

#[test]
fn a_multipart_marked_as_a_file_is_one() {
    let read = mail(
        "Content-Type: multipart/mixed; boundary=a",
        "--a\n\nsee the file\n--a\nContent-Type: multipart/mixed; boundary=never\nContent-Disposition: attachment; filename=old.mbox\n\nkept\n--a--",
    );
    assert_eq!(read.text, "see the file");
    assert_eq!(read.attachments[0].bytes, b"kept");
}

#[test]
fn a_part_that_begins_with_its_words_keeps_all_of_them() {
    for words in [
        "Dear library,\n\nmay I renew?",
        "Question: may I renew?",
        "Question: may I renew?\nThanks: in advance",
        "Please note: I moved.\n\nNew address: below.",
    ] {
        let read = mail("Content-Type: multipart/mixed; boundary=b", &format!("--b\n{words}\n--b--"));
        assert_eq!(read.text, words);
    }
    let read = mail(
        "Content-Type: multipart/mixed; boundary=b",
        "--b\nX-Note: of a program\n\nwords\n--b\nContent-Type: text/csv\n\n1,2\n--b--",
    );
    assert_eq!((read.text.as_str(), read.attachments.len()), ("words", 1));
}

#[test]
fn a_mail_of_words_alone_keeps_all_of_them() {
    let read = read::read(b"Dear library,\r\n\r\nmay I renew?\r\n").expect("read");
    assert_eq!(read.text, "Dear library,\n\nmay I renew?");
}

#[test]
fn bare_carriage_returns_end_lines() {
    let text = "From: Ana <ana@example.org>\rSubject: old Mac\r\rone\rtwo";
    for end in ["", "\r\n"] {
        let read = read::read(format!("{text}{end}").as_bytes()).expect("read");
        assert_eq!((read.subject.as_str(), read.text.as_str()), ("old Mac", "one\ntwo"));
        assert_eq!(read.from[0].address, "ana@example.org");
    }
    let read = read::read(b"Subject: twice\r\r\nTo: a@example.org\r\r\n\r\r\nbody\r\r\n").expect("read");
    assert_eq!((read.subject.trim(), read.to.len()), ("twice", 1));
}

#[test]
fn an_encoding_is_known_by_its_name_and_by_what_it_is() {
    let under = |encoding: &str, body: &str| {
        mail(&format!("Content-Transfer-Encoding: {encoding}"), body).text.trim().to_owned()
    };
    assert_eq!(under("base64 (so they say)", "SGVsbG8="), "Hello");
    assert_eq!(under("quoted-printable;", "caf=C3=A9"), "café");
    let words = "Hello, may I renew \"Emma\"? Thanks, Ana.";
    assert_eq!(under("base64", words), words);
    assert_eq!(under("base64", "Hello\n\nMay I renew?"), "Hello\n\nMay I renew?");
    assert_eq!(under("quoted-printable", "(caf=E9, th=E9)"), "(café, thé)");
    // Broken, joined and footed base64 is base64.
    assert_eq!(under("base64", "SGVs*bG8g\nd29ybGQ="), "Hello world");
    assert!(under("base64", "SGVsbG8gd29ybGQhISE=\n-- \nlist footer").starts_with("Hello world!!!"));
}

#[test]
fn a_document_may_name_its_charset_itself() {
    let html = |head: &str, tag: &str| {
        let mut raw = bytes(head, tag);
        raw.extend(b"<p>\xf0\xd2\xc9\xd7\xc5\xd4</p>");
        read::read(&raw).expect("read").text
    };
    for tag in [
        "<meta charset=koi8-r>",
        "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=KOI8-R'>",
        "<meta name=author><meta charset = \"koi8-r\">",
    ] {
        assert_eq!(html("Content-Type: text/html", tag).trim(), "Привет", "{tag}");
    }
    // What the header says comes first.
    assert_eq!(html("Content-Type: text/html; charset=koi8-r", "<meta charset=utf-8>").trim(), "Привет");
}

#[test]
fn charsets_the_web_has_given_up_are_read() {
    for (sent, declared, wanted) in [
        (&b"\x1b$)C\x0e>H3g\x0f ok"[..], "iso-2022-kr", "안녕 ok"),
        (b"a ~{Dc:C~} b ~~", "hz-gb-2312", "a 你好 b ~"),
        (b"\x1b$)A\x0eDc:C\x0f.", "iso-2022-cn", "你好."),
        (b"K\x84se", "cp437", "Käse"),
        (b"K\x84se", "cp-850", "Käse"),
        (b"\x9d\xa2d\xab", "IBM852", "Łódź"),
        (b"\xa9", "cp775", "®"),
        (b"\x98\x9f", "cp857", "İş"),
        (b"\x99\x8c\x85\x8d", "cp862", "שלום"),
        (b"K\xc3\xa4se", "cp437", "Käse"),
        (b"\xff\xfe\0\0H\0\0\0\xe9\0\0\0", "utf-32", "Hé"),
        (b"\0\0\0H\0\0\0\xe9", "utf-32", "Hé"),
        (b"\0H\0\xe9", "ucs-2", "Hé"),
        (b"H\0\xe9\0", "utf-16", "Hé"),
        (b"plain", "utf-16", "plain"),
    ] {
        assert_eq!(charset::decode(sent, Some(declared)), wanted, "{declared}");
    }
    assert_eq!(charset::of_codepage(28605), "iso-8859-15");
}

#[test]
fn enriched_text_is_read_without_its_marks() {
    let read = mail("Content-Type: text/enriched", "<bold>May</bold> I\nrenew <<Emma>?\n\nThanks");
    assert_eq!(read.text, "May I renew <Emma>?\nThanks");
    assert!(read.attachments.is_empty());
    assert_eq!(
        enriched::to_text("<color><param>red</param>a</color>\n\n\n<nofill>b\nc</nofill>"),
        "a\n\nb\nc"
    );
    assert_eq!(enriched::to_text("1 < 2 <unfinished"), "1 < 2 <unfinished");
    let read = mail(
        "Content-Type: multipart/alternative; boundary=b",
        "--b\n\nplain\n--b\nContent-Type: text/enriched\n\n<bold>plain</bold>\n--b--",
    );
    assert_eq!(read.text, "plain");
}

#[test]
fn rich_text_is_read_and_stays_a_file() {
    let source = r"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}{\*\generator X;}\f0 \'cf\'f0\'e8\'e2\'e5\'f2, \u8364?5\par next {\b bold}\line \{x\}}";
    let read = mail("Content-Type: text/rtf", source);
    assert_eq!(read.text, "Привет, €5\nnext bold\n{x}");
    assert_eq!(read.attachments.len(), 1);
    let wrapped = r"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 Hello {\*\htmltag84 <b>}all{\*\htmltag92 </b>}{\*\htmltag72 </p>}\htmlrtf{\htmlrtf0 {\*\htmltag64 <p>}again{\*\htmltag72 </p>}}";
    assert_eq!(rtf::to_text(wrapped.as_bytes()), "Hello all\n\nagain");
    assert_eq!(rtf::to_text("{".repeat(100_000).as_bytes()), "");
    assert_eq!(rtf::to_text(br"\u-10179?\u-8704?"), "😀");
}

#[test]
fn an_empty_mail_is_held_and_a_subject_is_a_message() {
    let held = |raw: &[u8]| match event(raw, &own(), false) {
        Event::Held(held) => Some(held.reason),
        _ => None,
    };
    assert_eq!(held(b""), Some(HeldReason::Unreadable));
    assert_eq!(held(b"From: ana@example.org\r\n\r\n"), Some(HeldReason::Unreadable));
    assert_eq!(held(b"From: ana@example.org\r\nSubject: \r\n\r\n \r\n"), Some(HeldReason::Unreadable));
    assert_eq!(held(b"From: ana@example.org\r\nSubject: please call me\r\n\r\n"), None);
    assert_eq!(held(b"From: ana@example.org\r\n\r\nhello"), None);
    assert_eq!(held(b"From: ana@example.org\r\nContent-Type: image/png\r\n\r\nx"), None);
}

#[test]
fn nobody_is_written_to_under_half_an_address() {
    for (raw, wanted) in [
        (".ana11@example.org", &[("", ".ana11@example.org")][..]),
        ("Ana <.ana11@example.org>", &[("Ana", ".ana11@example.org")]),
        ("ana@example.org.", &[("", "ana@example.org")]),
        ("Ana ana12 @ example.org", &[("Ana", "ana12@example.org")]),
        ("ana . b @ example . org, c @example.org", &[("", "ana.b@example.org"), ("", "c@example.org")]),
        ("Osei J. tam@example.org", &[("Osei J.", "tam@example.org")]),
        ("Ana @ Home <ana@example.org>", &[("Ana @ Home", "ana@example.org")]),
        ("Ana [mailto:j@example.org]", &[("Ana", "j@example.org")]),
        ("Ana mailto:j@example.org", &[("Ana", "j@example.org")]),
        ("j@[127.0.0.1]", &[("", "j@[127.0.0.1]")]),
        ("@", &[("@", "")]),
        ("Ana <ana@>, b@example.org", &[("Ana", ""), ("", "b@example.org")]),
        ("@library", &[("@library", "")]),
    ] {
        let found = addresses::parse(raw.as_bytes(), None);
        let found: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.address.as_str())).collect();
        assert_eq!(found, wanted, "{raw}");
    }
}
