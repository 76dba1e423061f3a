//! Folder names on the wire: modified UTF-7 (RFC 3501 section 5.1.3).

use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A name as people write it, for the wire.
pub fn encode(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut foreign = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut foreign, &mut out);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            foreign.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut foreign, &mut out);
    out
}

fn flush(foreign: &mut Vec<u8>, out: &mut String) {
    if !foreign.is_empty() {
        out.push('&');
        ENGINE.encode_string(&foreign, out);
        out.push('-');
        foreign.clear();
    }
}

/// A name from the wire, as people write it; one that breaks the rules stays as it came.
pub fn decode(wire: &str) -> String {
    strictly(wire).unwrap_or_else(|| wire.to_owned())
}

fn strictly(wire: &str) -> Option<String> {
    let mut out = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some((plain, after)) = rest.split_once('&') {
        out.push_str(plain);
        let (coded, after) = after.split_once('-')?;
        if coded.is_empty() {
            out.push('&');
        } else {
            let bytes = ENGINE.decode(coded).ok()?;
            let units = bytes.chunks(2).map(|pair| pair.try_into().ok().map(u16::from_be_bytes));
            out.push_str(&String::from_utf16(&units.collect::<Option<Vec<u16>>>()?).ok()?);
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_to_the_wire_and_come_back() {
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("Büro & Co", "B&APw-ro &- Co"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("台北", "&U,BTFw-"),
            ("😀", "&2D3eAA-"),
        ] {
            assert_eq!(encode(name), wire);
            assert_eq!(decode(wire), name);
        }
        for broken in ["a&b", "&!!-", "&2D0-", "&AA-"] {
            assert_eq!(decode(broken), broken);
        }
    }
}
