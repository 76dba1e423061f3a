//! Mail made to hurt: nothing panics, nothing overflows, nothing takes for ever.

use proptest::prelude::*;

use super::support::{bytes, fixtures};
use crate::email::mail::Notice;
use crate::email::{inspect, read};

/// Reads in a thread with a small stack, as a worker might have: recursion on the sender's nesting would overflow it.
fn read_on_a_small_stack(bytes: Vec<u8>) -> crate::email::mail::Mail {
    std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(move || read::read(&bytes).expect("read"))
        .expect("a thread")
        .join()
        .expect("no panic")
}

#[test]
fn ten_thousand_parts() {
    let read = read_on_a_small_stack(bytes(
        "Content-Type: multipart/mixed; boundary=b",
        &"--b\nContent-Type: image/png\n\nx\n".repeat(10_000),
    ));
    assert_eq!(read.attachments.len(), 999);
    assert_eq!(read.notices, [Notice::PartsCut]);
}

#[test]
fn two_hundred_multiparts_in_each_other() {
    let body: String =
        (0..200).map(|n| format!("--b{n}\nContent-Type: multipart/mixed; boundary=b{}\n\n", n + 1)).collect();
    let read = read_on_a_small_stack(bytes("Content-Type: multipart/mixed; boundary=b0", &body));
    assert!(read.notices.contains(&Notice::DepthCut));
}

#[test]
fn five_thousand_mails_in_each_other() {
    let read = read_on_a_small_stack(
        bytes("Subject: outer", "")
            .into_iter()
            .chain("Content-Type: message/rfc822\r\n\r\n".repeat(5000).into_bytes())
            .collect(),
    );
    assert_eq!(read.subject, "outer");
    let read = read_on_a_small_stack("Content-Type: message/rfc822\r\n\r\n".repeat(5000).into_bytes());
    assert!(read.notices.contains(&Notice::DepthCut));
}

#[test]
fn a_megabyte_of_header() {
    let fold = " and so on\n".repeat(100_000);
    for head in [
        format!("Subject: a\n{fold}"),
        format!("To: {}", "a@example.org, ".repeat(70_000)),
        format!("To: {}", "(".repeat(1 << 20)),
        format!("To: {}", "\"".repeat(1 << 20)),
        format!("To: {}", "<".repeat(1 << 20)),
        format!("Subject: {}", "=?a?b?x ".repeat(130_000)),
        format!("To: {}", "=?a?b?x ".repeat(130_000)),
        format!("References: {}", "<a@b> ".repeat(170_000)),
        format!("Date: {}", "(".repeat(1 << 20)),
        format!("Content-Type: text/plain; {}", "a*0=x; ".repeat(140_000)),
        format!("Content-Type: multipart/mixed; boundary={}", "b".repeat(1 << 20)),
        "X: y\n".repeat(200_000),
    ] {
        let read = read_on_a_small_stack(bytes(&format!("{head}\nX-Last: 1"), "body"));
        assert!(read.to.len() <= 1000 && read.subject.chars().count() <= 2000);
    }
}

#[test]
fn forty_megabytes_of_attachment() {
    let line = format!("{}\n", "QUJD".repeat(19));
    let body = format!(
        "--b\n\nsee the scan\n--b\nContent-Type: image/tiff; name=scan.tif\nContent-Transfer-Encoding: base64\n\n{}--b--",
        line.repeat((40 << 20) / 57)
    );
    let read = read_on_a_small_stack(bytes("Content-Type: multipart/mixed; boundary=b", &body));
    assert_eq!(read.text, "see the scan");
    assert!(read.attachments[0].bytes.len() > 39 << 20);
}

#[test]
fn nothing_but_nul_or_nothing_at_all() {
    for bytes in [
        &[][..],
        &[0; 1000],
        b"\r\n",
        b"\n",
        b":",
        b": x",
        b"--",
        b"Content-Type:",
        b"Content-Type: multipart/mixed; boundary=\"",
        b"\xff\xfe",
    ] {
        let _ = read::read(bytes).expect("read");
    }
    let read = read::read(b"Subject: a\0b\r\n\r\nc\0d").expect("read");
    assert!(!read.subject.contains('\0') && !read.text.contains('\0'));
}

#[test]
fn every_truncation_and_many_mutations_of_the_fixtures_are_read() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 16).unwrap_or(0)
    };
    for (name, bytes) in fixtures() {
        let cuts: Vec<usize> = (0..bytes.len()).step_by(bytes.len().div_ceil(700).max(1)).collect();
        for cut in cuts {
            assert!(inspect::inspect(&bytes[..cut]).is_ok(), "{name} cut at {cut}");
        }
        for round in 0..200 {
            let mut changed = bytes.clone();
            for _ in 0..=random() % 8 {
                let at = random() % changed.len();
                match random() % 4 {
                    0 => changed[at] = (random() % 256) as u8,
                    1 => drop(changed.remove(at)),
                    2 => changed.insert(at, b"\"<>()=?;:\r\n-\0\xff"[random() % 14]),
                    _ => {
                        let end = (at + random() % 60).min(changed.len());
                        let piece = changed[at..end].to_vec();
                        let to = random() % changed.len();
                        changed.splice(to..to, piece);
                    }
                }
            }
            assert!(inspect::inspect(&changed).is_ok(), "{name} round {round}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(read::read(&bytes).is_ok());
    }

    #[test]
    fn arbitrary_pieces_of_mail_are_read(pieces in proptest::collection::vec(prop::sample::select(vec![
        "Content-Type: multipart/mixed; boundary=b\r\n", "Content-Type: text/html; charset=", "utf-16", "--b\r\n", "--b--\r\n", "\r\n", "\n",
        "Content-Transfer-Encoding: base64\r\n", "QUI=", "=?utf-8?Q?", "?=", "Subject: ", "To: ", "\"", "<", ">", "(", ")", ",", ";", "=", "\\",
        "<p>", "</div>", "<table><td>", "message/rfc822", "Date: ", "Mon, 3 May", "é", "\0", " ", "\t", "> ", "On Monday Ana wrote:\n", "-- \n",
    ]), 0..120)) {
        let text: String = pieces.concat();
        prop_assert!(inspect::inspect(text.as_bytes()).is_ok());
    }
}
