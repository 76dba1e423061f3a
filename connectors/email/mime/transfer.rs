//! Content-Transfer-Encoding undone. Bad input is read as far as it makes sense; nothing here refuses.

use std::borrow::Cow;

/// The bytes behind a `Content-Transfer-Encoding` (RFC 2045 section 6); anything unknown is passed on as it is.
pub fn decode<'a>(encoding: &str, body: &'a [u8]) -> Cow<'a, [u8]> {
    let encoding = name(encoding);
    if encoding.eq_ignore_ascii_case("base64") {
        Cow::Owned(base64(body))
    } else if encoding.eq_ignore_ascii_case("quoted-printable") {
        Cow::Owned(quoted_printable(body))
    } else if ["x-uuencode", "uuencode", "x-uue", "uue"]
        .iter()
        .any(|name| encoding.eq_ignore_ascii_case(name))
    {
        uuencoded(body).map_or(Cow::Borrowed(body), Cow::Owned)
    } else {
        Cow::Borrowed(body)
    }
}

/// Without comments (RFC 2045 section 6.1) and what careless programs write behind the name.
fn name(encoding: &str) -> &str {
    let name = encoding.split(['(', ';', ' ', '\t']).find(|piece| !piece.is_empty()).unwrap_or_default();
    name.trim_matches('"')
}

/// The same for text: words under the label of base64 are words, and reading them as anything else makes a noise.
pub fn decode_text<'a>(encoding: &str, body: &'a [u8]) -> Cow<'a, [u8]> {
    let decoded = decode(encoding, body);
    let is_false = name(encoding).eq_ignore_ascii_case("base64") && is_words(body) && !is_clean(&decoded);
    if is_false { Cow::Borrowed(body) } else { decoded }
}

/// Not base64, as far as its beginning tells: a list's footer may stand behind what is.
fn is_words(body: &[u8]) -> bool {
    let head = body.trim_ascii_start();
    let head = &head[..head.len().min(4096)];
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let foreign = |bytes: &[u8]| {
        let is_foreign =
            |byte: &&u8| ALPHABET[**byte as usize] == NONE && !matches!(byte, b'=' | b'\r' | b'\n');
        bytes.iter().filter(is_foreign).count() * 20 > bytes.len()
    };
    let is_odd = line.len() % 4 != 0 && !line.ends_with(b"=") && foreign(head);
    (foreign(line) || is_odd) && is_clean(head)
}

/// Text in UTF-8, without signs that no text has.
fn is_clean(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let is_control = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | b'\n' | 0x1b);
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        // Cut inside a character.
        Err(error) => error.valid_up_to() + 4 > head.len() && error.valid_up_to() > 4000,
    };
    !head.is_empty() && is_utf8 && !head.iter().any(is_control)
}

const NONE: u8 = 0xff;

const ALPHABET: [u8; 256] = {
    let mut table = [NONE; 256];
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut index = 0;
    while index < 64 {
        table[letters[index] as usize] = index as u8;
        index += 1;
    }
    // The URL alphabet occurs in mail from careless senders and collides with nothing.
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table
};

/// Base64 as found in mail: foreign characters are skipped, padding in the middle starts a new run (joined pieces).
pub fn base64(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let mut group = 0u32;
    let mut held = 0u8;
    let mut rest = body;
    loop {
        // Whole groups of four first: most of a mail is nothing else.
        while held == 0
            && let [a, b, c, d, tail @ ..] = rest
        {
            let (a, b, c, d) =
                (ALPHABET[*a as usize], ALPHABET[*b as usize], ALPHABET[*c as usize], ALPHABET[*d as usize]);
            if (a | b | c | d) & 0x80 != 0 {
                break;
            }
            let value = u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d);
            out.extend_from_slice(&value.to_be_bytes()[1..]);
            rest = tail;
        }
        let Some((byte, tail)) = rest.split_first() else {
            break;
        };
        rest = tail;
        let value = ALPHABET[*byte as usize];
        if *byte == b'=' {
            flush(&mut out, &mut group, &mut held);
        } else if value != NONE {
            group = group << 6 | u32::from(value);
            held += 1;
            if held == 4 {
                out.extend_from_slice(&group.to_be_bytes()[1..]);
                (group, held) = (0, 0);
            }
        }
    }
    flush(&mut out, &mut group, &mut held);
    out
}

fn flush(out: &mut Vec<u8>, group: &mut u32, held: &mut u8) {
    match held {
        2 => out.push((*group >> 4) as u8),
        3 => out.extend_from_slice(&[(*group >> 10) as u8, (*group >> 2) as u8]),
        _ => {}
    }
    (*group, *held) = (0, 0);
}

/// Quoted-printable; an `=` that introduces nothing stays an `=`.
pub fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        match body[at] {
            b'=' => {
                if let (Some(high), Some(low)) = (hex(body.get(at + 1)), hex(body.get(at + 2))) {
                    out.push(high << 4 | low);
                    at += 3;
                    continue;
                }
                // A soft line break may carry white space that a relay added before the line end.
                let blank = body[at + 1..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
                match body.get(at + 1 + blank) {
                    Some(b'\n') => at += blank + 2,
                    None => at = body.len(),
                    Some(_) => {
                        out.push(b'=');
                        at += 1;
                    }
                }
            }
            b' ' | b'\t' => {
                let blank = body[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                let end = at + blank;
                // White space at the end of a line is transport padding (RFC 2045 section 6.7 rule 3).
                if !matches!(body.get(end), None | Some(b'\n' | b'\r')) {
                    out.extend_from_slice(&body[at..end]);
                }
                at = end;
            }
            byte => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// Value of one hexadecimal digit.
pub fn hex(byte: Option<&u8>) -> Option<u8> {
    match byte? {
        byte @ b'0'..=b'9' => Some(byte - b'0'),
        byte @ b'A'..=b'F' => Some(byte - b'A' + 10),
        byte @ b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

/// The first `begin … end` block, or nothing if there is none.
fn uuencoded(body: &[u8]) -> Option<Vec<u8>> {
    let mut lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    lines.by_ref().find(|line| line.starts_with(b"begin "))?;
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    for line in lines {
        if line == b"end" || line.is_empty() {
            break;
        }
        let sixbit = |byte: u8| u32::from(byte.wrapping_sub(b' ') & 63);
        let wanted = out.len() + sixbit(line[0]) as usize;
        for group in line[1..].chunks(4) {
            let value = (0..4).fold(0, |value, i| value << 6 | group.get(i).map_or(0, |byte| sixbit(*byte)));
            out.extend_from_slice(&value.to_be_bytes()[1..]);
        }
        out.resize(wanted.min(out.len()).max(wanted.min(out.len() + 3)), 0);
    }
    Some(out)
}
