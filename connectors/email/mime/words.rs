//! Header text: folds undone and encoded words (RFC 2047) decoded.

use std::borrow::Cow;

use super::{charset, transfer};

/// Decoded text of a raw field value. `hint` is the charset of the body, tried for raw 8-bit headers.
pub fn decode(raw: &[u8], hint: Option<&str>) -> String {
    let text = unfold(raw, hint);
    decode_words(&text)
}

/// The value on one line, as text, encoded words still encoded.
pub fn unfold(raw: &[u8], hint: Option<&str>) -> String {
    let text: Cow<'_, str> = match std::str::from_utf8(raw) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => charset::decode(raw, hint),
    };
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\r' | '\n' => {}
            '\0' => out.push('\u{fffd}'),
            '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
}

impl Word<'_> {
    fn append(&mut self, more: &[u8]) {
        // ISO-2022-JP returns to ASCII at the end of each word and must not leave it again with nothing in between.
        if self.bytes.ends_with(b"\x1b(B") && more.starts_with(b"\x1b$") {
            self.bytes.truncate(self.bytes.len() - 3);
            let same = self.bytes.windows(3).rev().find(|w| w[0] == 0x1b) == more.get(..3);
            self.bytes.extend_from_slice(if same { &more[3..] } else { more });
        } else {
            self.bytes.extend_from_slice(more);
        }
    }
}

/// Decodes the encoded words in a line of text and leaves the rest alone.
///
/// Neighbouring words of one charset are joined before they are decoded, because many senders cut a multi-byte
/// character in two. Words inside quotes and words holding spaces are accepted.
pub fn decode_words(text: &str) -> String {
    if !text.contains("=?") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut pending: Option<Word<'_>> = None;
    let mut rest = text;
    // What looks like a word and is none costs a look ahead: a field full of that is left as it is.
    let mut failures = 0;
    while let Some(start) = rest.find("=?") {
        let (plain, from) = rest.split_at(start);
        let Some((word, after)) = word(from) else {
            settle(&mut out, &mut pending);
            failures += 1;
            if failures > 100 {
                break;
            }
            out.push_str(&rest[..start + 2]);
            rest = &rest[start + 2..];
            continue;
        };
        let between = pending.is_some() && plain.chars().all(char::is_whitespace);
        match &mut pending {
            Some(open) if between && open.charset.eq_ignore_ascii_case(word.charset) => {
                open.append(&word.bytes);
            }
            _ => {
                settle(&mut out, &mut pending);
                if !between {
                    out.push_str(plain);
                }
                pending = Some(word);
            }
        }
        rest = after;
    }
    settle(&mut out, &mut pending);
    out.push_str(rest);
    out
}

fn settle(out: &mut String, pending: &mut Option<Word<'_>>) {
    if let Some(word) = pending.take() {
        let text = charset::decode(&word.bytes, Some(word.charset));
        // A line break hidden in an encoded word would otherwise become one in a header we write.
        out.extend(text.chars().filter(|c| !matches!(c, '\r' | '\n')));
    }
}

/// The encoded word at the start of `text` (which starts with `=?`) and what follows it.
fn word(text: &str) -> Option<(Word<'_>, &str)> {
    let inner = &text[2..];
    let (charset, inner) = inner.split_once('?')?;
    if charset.is_empty() || charset.len() > 60 || charset.contains(char::is_whitespace) {
        return None;
    }
    let (encoding, inner) = inner.split_once('?')?;
    // RFC 2047 allows 75 characters; looking on without end would make a hostile header quadratic.
    let end = inner[..inner.floor_char_boundary(2000)].find("?=")?;
    let (data, after) = (&inner[..end], &inner[end + 2..]);
    let bytes = match encoding {
        "b" | "B" => transfer::base64(data.as_bytes()),
        "q" | "Q" => q_word(data.as_bytes()),
        _ => return None,
    };
    Some((Word { charset, bytes }, after))
}

/// What follows the encoded word at the very start of `text`, if there is one.
pub fn skip_word(text: &str) -> Option<&str> {
    text.starts_with("=?").then(|| word(text)).flatten().map(|(_, after)| after)
}

fn q_word(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut at = 0;
    while at < data.len() {
        let (byte, used) = match data[at] {
            b'_' => (b' ', 1),
            b'=' => match (transfer::hex(data.get(at + 1)), transfer::hex(data.get(at + 2))) {
                (Some(high), Some(low)) => (high << 4 | low, 3),
                _ => (b'=', 1),
            },
            byte => (byte, 1),
        };
        out.push(byte);
        at += used;
    }
    out
}
