//! Bodies: which text is read, what is a file, which charset was meant.

use super::support::{bytes, mail};
use crate::email::mail::{Limits, Notice};
use crate::email::mime::charset;
use crate::email::{flowed, read};

#[test]
fn the_plain_part_is_read_and_the_html_part_shown() {
    let read = mail(
        "Content-Type: multipart/alternative; boundary=b",
        "--b\nContent-Type: text/plain\n\nplain words\n--b\nContent-Type: text/html\n\n<p>html <b>words</b></p>\n--b--\nepilogue",
    );
    assert_eq!((read.text.as_str(), read.plain.as_str()), ("plain words", "plain words"));
    assert_eq!(read.html.as_deref(), Some("<p>html <b>words</b></p>"));
    assert!(read.attachments.is_empty());
}

#[test]
fn an_empty_plain_part_does_not_hide_the_html() {
    let read = mail(
        "Content-Type: multipart/alternative; boundary=b",
        "--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>only here</p>\n--b--",
    );
    assert_eq!((read.text.trim(), read.plain.as_str()), ("only here", ""));
}

#[test]
fn text_around_a_picture_is_all_read() {
    let read = mail(
        "Content-Type: multipart/mixed; boundary=b",
        "--b\n\nbefore\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\naGk=\n--b\nContent-Type: text/html\n\n<p>after</p>\n--b--",
    );
    assert_eq!(read.text, "before\n\nafter");
    assert_eq!(read.attachments[0].bytes, b"hi");
    let html = read.html.expect("both forms are shown");
    assert!(html.contains("before") && html.contains("<p>after</p>"), "{html}");
}

#[test]
fn an_enclosed_mail_is_a_file_and_its_text_is_not_ours() {
    let read = mail(
        "Content-Type: multipart/mixed; boundary=b",
        "--b\n\nsee below\n--b\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\ninner words\n--c\nContent-Type: application/pdf; name=a.pdf\n\nPDF\n--c--\n--b--",
    );
    assert_eq!(read.text, "see below");
    let kinds: Vec<_> = read.attachments.iter().map(|file| file.content_type.as_str()).collect();
    assert_eq!(kinds, ["message/rfc822", "application/pdf"]);
    let inner = read::read(&read.attachments[0].bytes).expect("a whole mail");
    assert_eq!((inner.subject.as_str(), inner.text.as_str()), ("inner", "inner words"));
}

#[test]
fn boundaries_end_at_the_line_and_unclosed_ones_with_their_parent() {
    let read = mail(
        "Content-Type: multipart/mixed; boundary=b",
        "--b\n\nnot --b here\n--bb neither\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\ninner\n--b\nContent-Type: text/csv\n\n1,2\n--b--",
    );
    assert_eq!(read.text, "not --b here\n--bb neither\n\ninner");
    assert_eq!(read.attachments[0].bytes, b"1,2");
}

#[test]
fn a_multipart_that_never_starts_is_still_read_by_people() {
    let read = mail("Content-Type: multipart/mixed; boundary=nowhere", "I wrote this");
    assert_eq!((read.text.as_str(), read.plain.as_str()), ("I wrote this", ""));
}

#[test]
fn pictures_in_the_text_keep_their_id() {
    let read = mail(
        "Content-Type: multipart/related; boundary=b",
        "--b\nContent-Type: text/html\n\n<img src=cid:p1@x>\n--b\nContent-Type: image/png; name=p.png\nContent-ID: <p1@x>\nContent-Disposition: inline\n\nx\n--b--",
    );
    assert_eq!(read.attachments[0].content_id.as_deref(), Some("p1@x"));
    assert!(read.attachments[0].inline);
}

#[test]
fn charsets_that_lie_are_seen_through() {
    for (sent, declared, wanted) in [
        (&b"caf\xc3\xa9"[..], Some("utf-8"), "café"),
        (b"caf\xe9 \x96 th\xe9", Some("utf-8"), "café – thé"),
        (b"caf\xc3\xa9", Some("iso-8859-1"), "café"),
        (b"caf\xe9 \x80", Some("iso-8859-1"), "café €"),
        (b"caf\xc3\xa9", Some("us-ascii"), "café"),
        (b"caf\xe9", None, "café"),
        (b"caf\xe9", Some("x-user-defined-nonsense"), "café"),
        (b"\x9fh", Some("gb2312"), "焗"),
        (b"\x82\xb1", Some("shift_jis"), "こ"),
        (b"\xed\x95\x9c\xea\xb8\x80\xea", Some("euc-kr"), "한글"),
        (b"+AOk-", Some("utf-7"), "é"),
        (b"\x1b$B?^\x1b(B", None, "図"),
        (b"\xff\xfeh\0i\0", Some("utf-8"), "hi"),
        (b"a\0b", Some("us-ascii"), "a\u{fffd}b"),
        (b"\x82", Some("cp850"), "é"),
    ] {
        if declared == Some("euc-kr") || wanted == "焗" {
            // Truncated or rare: only that nothing breaks and nothing is lost silently.
            assert!(!charset::decode(sent, declared).is_empty());
            continue;
        }
        assert_eq!(charset::decode(sent, declared), wanted, "{sent:x?} as {declared:?}");
    }
}

#[test]
fn flowed_paragraphs_are_joined() {
    assert_eq!(flowed::unflow("one \ntwo\nthree\n", false), "one two\nthree\n");
    assert_eq!(flowed::unflow("Wort \nteil\n", true), "Wortteil\n");
    assert_eq!(flowed::unflow(" >not a quote\n From here\n", false), ">not a quote\nFrom here\n");
    assert_eq!(flowed::unflow("> quoted \n> on\nmine\n", false), "> quoted on\nmine\n");
    assert_eq!(flowed::unflow("hello \n-- \nAna\n", false), "hello \n-- \nAna\n");
}

#[test]
fn an_invitation_says_what_and_when() {
    let read = mail(
        "Content-Type: multipart/mixed; boundary=b",
        "--b\n\nPlease come\n--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nDTSTART:19700101T000000\nEND:VTIMEZONE\nBEGIN:VEVENT\nSUMMARY:Book club\\, May\nDTSTART;TZID=Europe/Berlin:20260503T140000\nLOCATION:Main\n  library\nEND:VEVENT\nEND:VCALENDAR\n--b--",
    );
    assert!(
        read.text.ends_with("Calendar: Book club, May, 2026-05-03 14:00 (Europe/Berlin), Main library"),
        "{}",
        read.text
    );
    assert_eq!(read.attachments.len(), 1);
}

#[test]
fn sealed_and_encrypted_mail_says_so() {
    let read = mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "x");
    assert_eq!((read.notices.as_slice(), read.attachments.len()), (&[Notice::Encrypted][..], 1));
    let read = mail("Content-Type: application/pkcs7-mime; smime-type=signed-data", "x");
    assert_eq!(read.notices, [Notice::Sealed]);
}

#[test]
fn limits_cut_and_say_so() {
    let limits = Limits { header_bytes: 100, parts: 3, depth: 1, text_bytes: 10, mail_bytes: 5000 };
    let within = |head: &str, body: &str| read::read_within(&bytes(head, body), &limits);
    let read = within(&format!("Subject: kept\nX-Long: {}\nTo: a@example.org", "x".repeat(200)), "body")
        .expect("read");
    assert_eq!((read.subject.as_str(), read.to.len(), read.text.as_str()), ("kept", 0, "body"));
    assert_eq!(read.notices, [Notice::HeadersCut]);
    let read = within("Content-Type: multipart/mixed; boundary=b", &"--b\n\nx\n".repeat(9)).expect("read");
    assert_eq!((read.text.as_str(), read.notices.as_slice()), ("x\n\nx", &[Notice::PartsCut][..]));
    let nested = "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n--c--\n--b--";
    let read = within("Content-Type: multipart/mixed; boundary=b", nested).expect("read");
    assert_eq!((read.notices.as_slice(), read.attachments.len()), (&[Notice::DepthCut][..], 1));
    let read = within("Subject: long", &"ä".repeat(100)).expect("read");
    assert_eq!((read.text.as_str(), read.notices.as_slice()), ("äääää", &[Notice::TextCut][..]));
    let held = within("Subject: big", &"x".repeat(5000)).expect_err("over the limit");
    assert!(held.to_string().contains("kept whole"), "{held}");
}

#[test]
fn a_body_without_its_blank_line_is_not_lost() {
    let read = mail("From: a@example.org\nSubject: hi\nI forgot the blank line", "");
    assert_eq!((read.subject.as_str(), read.text.trim()), ("hi", "I forgot the blank line"));
    let read = mail(
        "Content-Type: multipart/mixed; boundary=b",
        "--b\nContent-Type: text/plain\nno blank line\n--b\n\nNote: a part without any header\n--b--",
    );
    assert_eq!(read.text, "no blank line\n\nNote: a part without any header");
}
