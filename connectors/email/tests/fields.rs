//! Header fields: subjects, addresses, dates and ids as they are really written.

use super::support::mail;
use crate::email::mime::{addresses, date, ids, params, words};
use crate::email::names;

#[test]
fn encoded_words_become_text() {
    for (raw, wanted) in [
        ("=?utf-8?Q?Ausleihe_verl=C3=A4ngern?=", "Ausleihe verlängern"),
        ("=?UTF-8?B?w6k=?= =?utf-8?b?dMOp?=", "été"),
        // One character cut in two by the sender.
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"),
        ("=?utf-8?B?4oI=?=\r\n =?utf-8?B?rA==?=", "€"),
        ("Re: =?iso-8859-1?Q?Gr=FC=DFe?= aus Ulm", "Re: Grüße aus Ulm"),
        ("=?gb2312?B?zbzK6bnd?=", "图书馆"),
        ("=?ISO-2022-JP?B?GyRCP14bKEI=?=\r\n\t=?ISO-2022-JP?B?GyRCPXEbKEI=?=", "図書"),
        ("=?utf-8*en?Q?hello?=", "hello"),
        ("=?utf-8?Q?spaces are forbidden here?=", "spaces are forbidden here"),
        ("=?nonsense", "=?nonsense"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("a =? b ?= c", "a =? b ?= c"),
        ("=?x-unknown?Q?caf=E9?=", "café"),
    ] {
        assert_eq!(words::decode(raw.as_bytes(), None), wanted, "{raw}");
    }
}

#[test]
fn raw_eight_bit_headers_are_read_by_the_charset_of_the_body() {
    let head = b"Subject: \xd0\xc9\xd3\xd8\xcd\xcf\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n";
    let read = crate::email::read::read(head).expect("read");
    assert_eq!(read.subject, "письмо");
    let utf8 = mail("Subject: Büchertausch", "");
    assert_eq!(utf8.subject, "Büchertausch");
}

#[test]
fn a_word_cannot_smuggle_a_line_break_into_a_header() {
    let text = words::decode(b"=?utf-8?Q?Hello=0D=0ABcc:_x@example.org?=", None);
    assert!(!text.contains(['\r', '\n']), "{text:?}");
}

#[test]
fn address_lists_are_flattened() {
    let cases: [(&str, &[(&str, &str)]); 24] = [
        ("tamsin@example.org", &[("", "tamsin@example.org")]),
        ("Tamsin Osei <tamsin@example.org>", &[("Tamsin Osei", "tamsin@example.org")]),
        ("\"Osei, Tamsin\" <tamsin@example.org>", &[("Osei, Tamsin", "tamsin@example.org")]),
        ("Osei, Tamsin <tamsin@example.org>", &[("Osei, Tamsin", "tamsin@example.org")]),
        ("tamsin@example.org (Tamsin Osei)", &[("Tamsin Osei", "tamsin@example.org")]),
        (
            "a@example.org, b@example.org; c@example.org",
            &[("", "a@example.org"), ("", "b@example.org"), ("", "c@example.org")],
        ),
        (
            "Desk: a@example.org, B <b@example.org>;, c@example.org",
            &[("", "a@example.org"), ("B", "b@example.org"), ("", "c@example.org")],
        ),
        ("undisclosed-recipients:;", &[]),
        ("=?utf-8?Q?M=C3=BCller=2C_Jo?= <jo@example.org>", &[("Müller, Jo", "jo@example.org")]),
        ("=?utf-8?Q?M=C3=BCller,_Jo?= <jo@example.org>", &[("Müller, Jo", "jo@example.org")]),
        ("\"=?utf-8?Q?J=C3=B6?=\" <jo@example.org>", &[("Jö", "jo@example.org")]),
        ("<jo@example.org>", &[("", "jo@example.org")]),
        ("<<jo@example.org>>", &[("", "jo@example.org")]),
        ("Jo <mailto:jo@example.org>", &[("Jo", "jo@example.org")]),
        ("Jo <jo@example.org", &[("Jo", "jo@example.org")]),
        ("\"Jo <jo@example.org>", &[("Jo", "jo@example.org")]),
        ("<@relay.example,@other.example:jo@example.org>", &[("", "jo@example.org")]),
        ("\"jo@example.org\" <jo@example.org>", &[("", "jo@example.org")]),
        ("Jo (the tall (very) one) <jo(home)@example.org>", &[("Jo", "jo@example.org")]),
        ("\"very odd\"@example.org", &[("", "\"very odd\"@example.org")]),
        ("\"boss@example.org x\"@evil.example", &[("", "\"boss@example.org x\"@evil.example")]),
        ("Ana <\"ana b\"@example.org>", &[("Ana", "\"ana b\"@example.org")]),
        ("Mail Delivery System", &[("Mail Delivery System", "")]),
        (", ,;", &[]),
    ];
    for (raw, wanted) in cases {
        let found = addresses::parse(raw.as_bytes(), None);
        let found: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.address.as_str())).collect();
        assert_eq!(found, wanted, "{raw}");
    }
}

#[test]
fn names_cannot_hide_or_turn_what_stands_beside_them() {
    for (name, wanted) in [
        ("Ana\u{202e}gro.elpmaxe@", "Anagro.elpmaxe@"),
        ("Li\u{200b}brary", "Library"),
        ("a\r\nBcc: b", "a Bcc: b"),
        ("  too   much\tspace ", "too much space"),
        ("\u{feff}Ana\0", "Ana"),
        // Persian and emoji need their joiners.
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("👩\u{200d}💻", "👩\u{200d}💻"),
    ] {
        assert_eq!(names::harmless(name), wanted);
    }
    assert!(names::harmless(&"x".repeat(10_000)).chars().count() <= 251);
}

#[test]
fn dates_of_every_make_are_understood() {
    for (raw, wanted) in [
        ("Sun, 03 May 2026 14:00:05 +0200", Some("2026-05-03T14:00:05+02:00")),
        ("3 May 2026 14:00 +0200", Some("2026-05-03T14:00:00+02:00")),
        ("Sun, 3 May 26 14:00:05 GMT", Some("2026-05-03T14:00:05Z")),
        ("Sun, 03 May 2026 14:00:05 -0500 (CDT)", Some("2026-05-03T14:00:05-05:00")),
        ("Sun, 03 May 2026 14:00:05 EST", Some("2026-05-03T14:00:05-05:00")),
        ("Sun May  3 14:00:05 2026", Some("2026-05-03T14:00:05Z")),
        ("Sunday, 03-May-98 14:00:05 PDT", Some("1998-05-03T14:00:05-07:00")),
        ("2026-05-03T14:00:05.123Z", Some("2026-05-03T14:00:05Z")),
        ("2026-05-03 14:00:05 +05:30", Some("2026-05-03T14:00:05+05:30")),
        ("Sun, 03 May 2026 2:00:05 PM +0000", Some("2026-05-03T14:00:05Z")),
        ("Sun, 03 May 2026 14:00:05 GMT+0200 (CEST)", Some("2026-05-03T14:00:05+02:00")),
        ("Sun, 03 May 2026 14:00:60 +0000", Some("2026-05-03T14:00:59Z")),
        ("03 (third) May 2026 (spring) 14:00:05 Z", Some("2026-05-03T14:00:05Z")),
        ("Sun, 31 Feb 2026 14:00:05 +0000", None),
        ("03 May 2026 25:00:05 +0000", None),
        ("yesterday", None),
        ("", None),
    ] {
        assert_eq!(date::parse(raw).map(|found| found.rfc3339()).as_deref(), wanted, "{raw}");
    }
}

#[test]
fn ids_survive_folds_commas_and_missing_brackets() {
    let list = |text: &str| ids::list(text).join(" ");
    assert_eq!(list("<a@x> <b@y>"), "a@x b@y");
    assert_eq!(list("<a@x>,<b@y>"), "a@x b@y");
    assert_eq!(list("<a@x><b@y>"), "a@x b@y");
    assert_eq!(list("<a@ x> b@y <c@z"), "a@x b@y c@z");
    assert_eq!(list("  "), "");
    assert_eq!(ids::in_reply_to("Your message of Monday <a@x>"), ["a@x"]);
    assert_eq!(ids::in_reply_to("plain-id"), ["plain-id"]);
    assert_eq!(ids::single(" <a@x> (added by relay)").as_deref(), Some("a@x"));
    assert_eq!(ids::single("<>"), None);
    let many: String = (0..2000).map(|n| format!("<{n}@x> ")).collect();
    let kept = ids::list(&many);
    assert_eq!((kept.len(), kept[0].as_str(), kept[499].as_str()), (500, "0@x", "1999@x"));
}

#[test]
fn file_names_come_out_of_every_encoding() {
    for (raw, wanted) in [
        ("attachment; filename=plain.pdf", "plain.pdf"),
        ("attachment; filename=\"with ; semicolon.pdf\"", "with ; semicolon.pdf"),
        ("attachment; filename*=utf-8''M%C3%A4rz.pdf", "März.pdf"),
        ("attachment; filename*=iso-8859-1'de'M%E4rz.pdf; filename=Marz.pdf", "März.pdf"),
        ("attachment; filename*0*=utf-8''M%C3; filename*1*=%A4rz; filename*2=\".pdf\"", "März.pdf"),
        ("attachment; filename*1=\"b.pdf\"; filename*0=\"a\"", "ab.pdf"),
        ("attachment; filename=\"=?utf-8?Q?M=C3=A4rz=2Epdf?=\"", "März.pdf"),
        ("attachment; filename=\"unclosed.pdf", "unclosed.pdf"),
        ("attachment; filename=\"C:\\papers\\list.pdf\"", "C:\\papers\\list.pdf"),
        ("attachment ; FileName = spaced.pdf ", "spaced.pdf"),
    ] {
        assert_eq!(params::parse(raw.as_bytes(), None).param("filename"), Some(wanted), "{raw}");
    }
    let twice = params::parse(b"text/plain (comment); charset=utf-8 (yes)", None);
    assert_eq!((twice.value.as_str(), twice.param("charset")), ("text/plain", Some("utf-8")));
}

#[test]
fn odd_header_blocks_are_read() {
    let read = mail(
        "From someone Sun May  3 14:00:05 2026\nno field at all\nSubject : spaced\nX-Long: a\n b\n\tc\nTo: a@example.org\nTO: b@example.org",
        "text",
    );
    assert_eq!(read.subject, "spaced");
    assert_eq!(
        read.to.iter().map(|one| one.address.as_str()).collect::<Vec<_>>(),
        ["a@example.org", "b@example.org"]
    );
    assert_eq!(read.text, "text");
    for bytes in [&b"\n\nSubject: late\n\nbody"[..], b"\xef\xbb\xbfSubject: late\n\nbody"] {
        let read = crate::email::read::read(bytes).expect("read");
        assert_eq!((read.subject.as_str(), read.text.as_str()), ("late", "body"));
    }
}
