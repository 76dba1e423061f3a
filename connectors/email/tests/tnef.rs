//! winmail.dat, built here byte by byte.

use proptest::prelude::*;

use super::support::mail;
use crate::email::mail::Notice;
use crate::email::tnef::unpack;

fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let mut out = vec![level];
    out.extend(id.to_le_bytes());
    out.extend(u32::try_from(data.len()).expect("small").to_le_bytes());
    out.extend(data);
    out.extend([0, 0]);
    out
}

fn property(kind: u16, id: u16, value: &[u8]) -> Vec<u8> {
    let mut out = kind.to_le_bytes().to_vec();
    out.extend(id.to_le_bytes());
    out.extend(1u32.to_le_bytes());
    out.extend(u32::try_from(value.len()).expect("small").to_le_bytes());
    out.extend(value);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn packed() -> Vec<u8> {
    let mut out = 0x223e_9f78_u32.to_le_bytes().to_vec();
    out.extend([1, 0]);
    out.extend(attribute(1, 0x0006_9007, &1252u32.to_le_bytes()));
    out.extend(attribute(1, 0x0002_800c, b"caf\xe9\0"));
    let mut named = 0x0003u16.to_le_bytes().to_vec();
    named.extend(0x8001u16.to_le_bytes());
    named.extend([7; 16]);
    named.extend(0u32.to_le_bytes());
    named.extend([1, 0, 0, 0, 9, 9, 9, 9]);
    let mut props = 2u32.to_le_bytes().to_vec();
    props.extend(named);
    props.extend(property(0x0102, 0x1013, b"<p>caf\xc3\xa9</p>"));
    out.extend(attribute(1, 0x0006_9003, &props));
    out.extend(attribute(2, 0x0006_9002, &[0; 14]));
    out.extend(attribute(2, 0x0001_8010, b"LISTE~1.PDF\0"));
    out.extend(attribute(2, 0x0006_800f, b"%PDF-1.4"));
    let mut props = 2u32.to_le_bytes().to_vec();
    let name: Vec<u8> = "Liste März.pdf\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    props.extend(property(0x001f, 0x3707, &name));
    props.extend(property(0x001e, 0x370e, b"application/pdf\0"));
    out.extend(attribute(2, 0x0006_9005, &props));
    out
}

#[test]
fn files_and_text_come_out() {
    let unpacked = unpack(&packed());
    assert!(!unpacked.damaged);
    assert_eq!((unpacked.text.as_str(), unpacked.html.as_deref()), ("café", Some("<p>café</p>")));
    let file = &unpacked.attachments[0];
    assert_eq!(
        (file.filename.as_deref(), file.content_type.as_str(), file.bytes.as_slice()),
        (Some("Liste März.pdf"), "application/pdf", &b"%PDF-1.4"[..])
    );
}

#[test]
fn a_mail_with_one_shows_both_the_file_and_what_was_in_it() {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(packed());
    let read = mail(
        "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64",
        &encoded,
    );
    assert_eq!(read.text, "café");
    let files: Vec<_> = read
        .attachments
        .iter()
        .map(|file| (file.filename.as_deref().unwrap_or_default(), file.unpacked))
        .collect();
    assert_eq!(files, [("winmail.dat", false), ("Liste März.pdf", true)]);
}

#[test]
fn every_truncation_is_survived_and_told() {
    let whole = packed();
    for cut in 0..whole.len() {
        let _ = unpack(&whole[..cut]);
    }
    assert!(unpack(&whole[..whole.len() - 3]).damaged);
    // A length that claims four gigabytes.
    let mut lying = whole.clone();
    lying.truncate(6);
    lying.extend([1, 0x0c, 0x80, 2, 0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]);
    assert!(unpack(&lying).damaged);
}

/// A winmail.dat with these message properties and nothing else.
fn saying(codepage: u32, properties: &[Vec<u8>]) -> String {
    use base64::Engine;
    let mut out = 0x223e_9f78_u32.to_le_bytes().to_vec();
    out.extend([1, 0]);
    out.extend(attribute(1, 0x0006_9007, &codepage.to_le_bytes()));
    let mut props = u32::try_from(properties.len()).expect("few").to_le_bytes().to_vec();
    props.extend(properties.concat());
    out.extend(attribute(1, 0x0006_9003, &props));
    base64::engine::general_purpose::STANDARD.encode(out)
}

const HEAD: &str = "Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64";

#[test]
fn the_words_are_found_in_each_form_and_under_each_code_page() {
    let plain = saying(28592, &[property(0x001e, 0x1000, b"\xa3\xf3d\xbc\0")]);
    assert_eq!(mail(HEAD, &plain).text, "Łódź");
    let mut number = 0x0003u16.to_le_bytes().to_vec();
    number.extend(0x3fdeu16.to_le_bytes());
    number.extend(20866u32.to_le_bytes());
    let html = saying(1252, &[property(0x0102, 0x1013, b"<p>\xf0\xd2\xc9</p>"), number]);
    let read = mail(HEAD, &html);
    assert_eq!((read.text.as_str(), read.html.as_deref()), ("При", Some("<p>При</p>")));
}

#[test]
fn rich_text_is_unpacked_and_what_is_no_rich_text_is_told_of() {
    // Six letters of what every reader knows, seven as they are, and seven more.
    let mut data = vec![0b0000_0001u8, 0x00, 0x04];
    data.extend(b" hi hi ");
    data.extend([0b0000_0000]);
    data.extend(b"there!}");
    let rich = |kind: &[u8; 4], data: &[u8], raw: u32| {
        let mut value = u32::try_from(data.len() + 12).expect("small").to_le_bytes().to_vec();
        value.extend(raw.to_le_bytes());
        value.extend(kind);
        value.extend([0; 4]);
        value.extend(data);
        saying(1252, &[property(0x0102, 0x1009, &value)])
    };
    assert_eq!(mail(HEAD, &rich(b"LZFu", &data, 4000)).text, "hi hi there!");
    assert_eq!(mail(HEAD, &rich(b"MELA", b"{\\rtf1 as it is}", 16)).text, "as it is");
    // Claims four gigabytes, and gives out early.
    assert_eq!(mail(HEAD, &rich(b"LZFu", &data[..9], u32::MAX)).text, "hi hi");
    let read = mail(HEAD, &rich(b"NEW!", &data, 10));
    assert_eq!((read.text.as_str(), read.notices.as_slice()), ("", &[Notice::TnefUnread][..]));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_survived(at in 0usize..400, value in any::<u8>(), tail in proptest::collection::vec(any::<u8>(), 0..60)) {
        let mut bytes = packed();
        let at = at % bytes.len();
        bytes[at] = value;
        bytes.extend(tail);
        let size: usize = unpack(&bytes).attachments.iter().map(|file| file.bytes.len()).sum();
        prop_assert!(size <= bytes.len());
    }
}
