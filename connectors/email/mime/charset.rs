//! Bytes to text, for senders who declare one charset and use another.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

use super::rare;

/// Text of `bytes` under the declared charset, or under a better guess where the declaration cannot be true.
///
/// Guesses, in order: valid UTF-8 with at least one multi-byte character beats any single-byte charset and beats
/// silence; UTF-8 that is broken throughout is windows-1252; a multi-byte charset is left only when it fails and UTF-8
/// does not. `iso-8859-1` and `us-ascii` mean windows-1252 and `gb2312` means gb18030, as everywhere on the web.
/// NUL becomes U+FFFD: no database or page downstream agrees on what it is.
pub fn decode<'a>(bytes: &'a [u8], declared: Option<&str>) -> Cow<'a, str> {
    let text = decode_any(bytes, declared);
    if text.contains('\0') {
        return Cow::Owned(text.replace('\0', "\u{fffd}"));
    }
    text
}

fn decode_any<'a>(bytes: &'a [u8], declared: Option<&str>) -> Cow<'a, str> {
    let label = declared.map(clean).unwrap_or_default();
    // The mark of UTF-32 begins with that of UTF-16.
    if let Some((encoding, skip)) = Encoding::for_bom(bytes)
        && !label.starts_with("utf-32")
    {
        return encoding.decode_without_bom_handling(&bytes[skip..]).0;
    }
    if let Some(text) = rare::decode(&label, bytes) {
        return Cow::Owned(text);
    }
    let known = encoding_for(&label);
    let shifted = shifts(bytes);
    let plain =
        known.is_none_or(|encoding| encoding.is_ascii_compatible() && encoding.name() != "ISO-2022-JP");
    if bytes.is_ascii() && plain && !shifted && !label.contains("utf-7") {
        return String::from_utf8_lossy(bytes);
    }
    match known {
        Some(encoding) if encoding == UTF_8 => utf8(bytes),
        Some(encoding) if encoding.is_single_byte() => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => encoding.decode_without_bom_handling(bytes).0,
        },
        Some(encoding) => {
            let (text, failed) = encoding.decode_without_bom_handling(bytes);
            match std::str::from_utf8(bytes) {
                Ok(plain) if failed && !bytes.is_ascii() => Cow::Borrowed(plain),
                _ => text,
            }
        }
        None => {
            // Old code pages and UTF-7, which the web has no name for.
            if !label.is_empty()
                && let Some(decoder) = charset_decoder(label.as_bytes())
                && Encoding::for_label(label.as_bytes()).is_none()
            {
                return Cow::Owned(decoder(bytes));
            }
            if shifted {
                return encoding_rs::ISO_2022_JP.decode_without_bom_handling(bytes).0;
            }
            utf8(bytes)
        }
    }
}

/// UTF-8, unless no multi-byte character in it is whole: then windows-1252 was meant.
fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let text = String::from_utf8_lossy(bytes);
            let (whole, broken) = text.chars().fold((0usize, 0usize), |(whole, broken), c| match c {
                '\u{fffd}' => (whole, broken + 1),
                c if !c.is_ascii() => (whole + 1, broken),
                _ => (whole, broken),
            });
            if whole < broken { WINDOWS_1252.decode_without_bom_handling(bytes).0 } else { text }
        }
    }
}

/// ISO-2022-JP escape sequences are present, which mean nothing in any other charset.
fn shifts(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|w| w[0] == 0x1b && w[1] == b'$' && matches!(w[2], b'B' | b'@'))
}

/// The charset that an HTML document names in its first kilobyte, if any. It cannot be one in which nobody could have read
/// that far.
pub fn in_html(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let mut rest = head.as_str();
    while let Some(at) = rest.find("<meta") {
        let tag = &rest[at..];
        let (tag, tail) = tag.split_at(tag.find('>').unwrap_or(tag.len()));
        if let Some((_, value)) = tag.split_once("charset") {
            let value = value.trim_start().strip_prefix('=')?.trim_start_matches(['"', '\'', ' ']);
            let label: String =
                value.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c)).collect();
            return Some(label).filter(|label| !label.starts_with("utf-16") && !label.starts_with("utf-32"));
        }
        rest = tail;
    }
    None
}

/// The label of a Windows code page number, as Outlook writes them.
pub fn of_codepage(number: u32) -> String {
    match number {
        932 => "shift_jis".to_owned(),
        936 | 54936 => "gb18030".to_owned(),
        949 | 51949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        1200 => "utf-16le".to_owned(),
        10000 => "macintosh".to_owned(),
        20127 => "us-ascii".to_owned(),
        20866 => "koi8-r".to_owned(),
        21866 => "koi8-u".to_owned(),
        // Latin 1 to 10.
        28591..=28606 => format!("iso-8859-{}", number - 28590),
        38598 => "iso-8859-8".to_owned(),
        50220..=50222 => "iso-2022-jp".to_owned(),
        50225 => "iso-2022-kr".to_owned(),
        51932 => "euc-jp".to_owned(),
        52936 => "hz-gb-2312".to_owned(),
        65000 => "utf-7".to_owned(),
        65001 => "utf-8".to_owned(),
        874 | 1250..=1258 => format!("windows-{number}"),
        other => format!("cp{other}"),
    }
}

fn encoding_for(label: &str) -> Option<&'static Encoding> {
    let label = match label {
        "" | "us-ascii" | "ascii" | "ansi_x3.4-1968" | "unknown" | "unknown-8bit" | "x-unknown"
        | "default" | "none" | "8bit" | "7bit" | "binary" => return None,
        "gb2312" | "gb_2312" | "gb_2312-80" | "gbk" | "cp936" | "x-gbk" => "gb18030",
        "cp932" | "ms932" | "windows-932" => "shift_jis",
        "cp949" | "ms949" | "uhc" | "ks_c_5601" => "euc-kr",
        "cp950" | "ms950" => "big5",
        "utf-8mb4" | "utf8mb4" | "utf_8" | "cp65001" => "utf-8",
        "latin-1" | "iso8859" | "iso-8859" | "iso-latin-1" => "iso-8859-1",
        "cp-1252" | "win-1252" | "windows1252" | "ansi" => "windows-1252",
        "cp-1251" | "win-1251" | "win1251" | "windows1251" => "windows-1251",
        "win-1250" | "windows1250" => "windows-1250",
        "ks_c_5601-1987" => "euc-kr",
        other => other,
    };
    let encoding = Encoding::for_label(label.as_bytes())?;
    (encoding != encoding_rs::REPLACEMENT).then_some(encoding)
}

fn clean(label: &str) -> String {
    let label = label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | ','));
    let label = label.strip_prefix("charset=").unwrap_or(label);
    // RFC 2231 allows a language behind the charset of an encoded word.
    label.split(['*', ' ']).next().unwrap_or_default().to_ascii_lowercase()
}
