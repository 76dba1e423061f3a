//! Charsets that the web has given up and mail has not: code pages of DOS, UTF-32, and East Asian ones in seven bits.

use encoding_rs::{EUC_KR, GB18030, UTF_16BE, UTF_16LE};
use oem_cp::code_table::DECODING_TABLE_CP_MAP;

/// Text of `bytes`, if the (lower-case) label is one of these.
pub fn decode(label: &str, bytes: &[u8]) -> Option<String> {
    match label {
        "utf-16" | "ucs-2" | "ucs2" | "iso-10646-ucs-2" | "csunicode" | "unicode" => Some(utf16(bytes)),
        "utf-32" | "utf-32le" | "utf-32be" | "ucs-4" | "iso-10646-ucs-4" => Some(utf32(label, bytes)),
        "iso-2022-kr" | "csiso2022kr" => Some(shifted(bytes, true)),
        "iso-2022-cn" | "iso-2022-cn-ext" => Some(shifted(bytes, false)),
        "hz-gb-2312" | "hz" => Some(hz(bytes)),
        _ => code_page(label, bytes),
    }
}

/// `cp437`, `IBM852`, `cp-850`, `dos-862`, …
fn code_page(label: &str, bytes: &[u8]) -> Option<String> {
    let number = ["ibm", "cp", "x-cp", "dos", "oem", "x-ibm", "cspc8codepage", "cspcp", "windows", ""]
        .iter()
        .find_map(|name| label.strip_prefix(name)?.trim_start_matches(['-', '_']).parse::<u16>().ok())?;
    // Where the web has a name too, that one is meant.
    if matches!(number, 866 | 874) {
        return None;
    }
    let table = DECODING_TABLE_CP_MAP.get(&number)?;
    Some(std::str::from_utf8(bytes).map_or_else(|_| table.decode_string_lossy(bytes), str::to_owned))
}

/// Without a mark the greater half comes first (RFC 2781 section 4.3), unless the zeros tell otherwise.
fn utf16(bytes: &[u8]) -> String {
    if !bytes.contains(&0)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return text.to_owned();
    }
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (encoding, skip) = match bytes {
        [0xff, 0xfe, ..] => (UTF_16LE, 2),
        [0xfe, 0xff, ..] => (UTF_16BE, 2),
        _ if zeros(1) > zeros(0) => (UTF_16LE, 0),
        _ => (UTF_16BE, 0),
    };
    encoding.decode_without_bom_handling(&bytes[skip..]).0.into_owned()
}

fn utf32(label: &str, bytes: &[u8]) -> String {
    // No character is above 0x10ffff, so that the greatest byte is zero.
    let is_little = match bytes {
        [0xff, 0xfe, 0, 0, ..] => true,
        [0, 0, 0xfe, 0xff, ..] => false,
        _ => label.ends_with("le") || !label.ends_with("be") && bytes.first() != Some(&0),
    };
    let character = |four: &[u8]| {
        let four = [four[0], four[1], four[2], four[3]];
        let number = if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
        char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    bytes.chunks_exact(4).map(character).filter(|c| *c != '\u{feff}').collect()
}

/// Sets of two bytes, shifted in and out (RFC 1557, RFC 1922): the same characters as in their eight-bit kin.
fn shifted(bytes: &[u8], is_korean: bool) -> String {
    let mut out = String::new();
    let (mut is_shifted, mut is_known) = (false, true);
    let mut rest = bytes;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            0x0e => is_shifted = true,
            0x0f => is_shifted = false,
            // A designation: which set is shifted to. Of the Chinese ones only GB 2312 is in use.
            0x1b if tail.first() == Some(&b'$') => {
                let length = if matches!(tail.get(1), Some(b')' | b'*' | b'+')) { 3 } else { 2 };
                is_known = is_korean || tail.get(2) == Some(&b'A');
                rest = tail.get(length..).unwrap_or_default();
            }
            b'\r' | b'\n' => {
                is_shifted = false;
                out.push(char::from(*byte));
            }
            byte if is_shifted && byte.is_ascii_graphic() => {
                let Some((second, tail)) = tail.split_first() else { break };
                rest = tail;
                let pair = [byte | 0x80, second | 0x80];
                let encoding = if is_korean { EUC_KR } else { GB18030 };
                match is_known {
                    true => out.push_str(&encoding.decode_without_bom_handling(&pair).0),
                    false => out.push(char::REPLACEMENT_CHARACTER),
                }
            }
            byte if byte.is_ascii() => out.push(char::from(*byte)),
            _ => out.push(char::REPLACEMENT_CHARACTER),
        }
    }
    out
}

/// GB 2312 between `~{` and `~}` (RFC 1843).
fn hz(bytes: &[u8]) -> String {
    let mut eight: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut is_chinese = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 2;
        match (byte, bytes.get(at - 1)) {
            (b'~', Some(b'{')) => is_chinese = true,
            (b'~', Some(b'}')) => is_chinese = false,
            (b'~', Some(b'~')) if !is_chinese => eight.push(b'~'),
            (b'~', Some(b'\n')) => {}
            (b'\n', _) => {
                (is_chinese, at) = (false, at - 1);
                eight.push(b'\n');
            }
            (first, Some(second)) if is_chinese && first.is_ascii_graphic() => {
                eight.extend([first | 0x80, second | 0x80]);
            }
            (byte, _) => {
                at -= 1;
                eight.push(*byte);
            }
        }
    }
    GB18030.decode_without_bom_handling(&eight).0.into_owned()
}
