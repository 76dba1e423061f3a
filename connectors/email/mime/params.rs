//! `type/subtype; name=value` fields: Content-Type and Content-Disposition with RFC 2231 parameters.

use super::{charset, transfer, words};

/// A value with parameters, all names in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Valued {
    /// `text/plain`, `attachment`, …, in lower case; empty if the field was unreadable.
    pub value: String,
    params: Vec<(String, String)>,
}

impl Valued {
    /// The parameter of that (lower-case) name, decoded.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The part before the slash.
    pub fn main(&self) -> &str {
        self.value.split('/').next().unwrap_or_default()
    }
}

/// Reads the raw field. At most 100 parameters and 100 sections of one parameter are looked at.
pub fn parse(raw: &[u8], hint: Option<&str>) -> Valued {
    let text = words::unfold(raw, hint);
    let mut pieces = pieces(&text).into_iter();
    let first = pieces.next().unwrap_or_default();
    let value = strip_comments(&first).split_whitespace().collect::<String>().to_ascii_lowercase();
    let mut plain: Vec<(String, String)> = Vec::new();
    // (name, section, percent-encoded, value)
    let mut sections: Vec<(String, u32, bool, String)> = Vec::new();
    for piece in pieces.take(100) {
        let Some((name, value)) = piece.split_once('=') else {
            continue;
        };
        let name = name.trim().to_ascii_lowercase();
        let value = unquote(value);
        match name.split_once('*') {
            None => plain.push((name, words::decode_words(&value))),
            Some((name, "")) => sections.push((name.to_owned(), 0, true, value)),
            Some((name, section)) => {
                let encoded = section.ends_with('*');
                if let Ok(number) = section.trim_end_matches('*').parse() {
                    sections.push((name.to_owned(), number, encoded, value));
                }
            }
        }
    }
    let mut params = joined(sections);
    params.extend(plain);
    Valued { value, params }
}

fn joined(mut sections: Vec<(String, u32, bool, String)>) -> Vec<(String, String)> {
    sections.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let mut params: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    while at < sections.len() {
        let name = sections[at].0.clone();
        let (mut bytes, mut declared) = (Vec::new(), None);
        while at < sections.len() && sections[at].0 == name {
            let (_, _, encoded, value) = &sections[at];
            if *encoded {
                let mut data = value.as_str();
                // charset'language'data stands in the first section only.
                if declared.is_none()
                    && let Some((label, rest)) = value.split_once('\'')
                    && let Some((_, rest)) = rest.split_once('\'')
                {
                    declared = Some(label.to_owned());
                    data = rest;
                }
                bytes.extend(percent(data.as_bytes()));
            } else {
                bytes.extend_from_slice(value.as_bytes());
            }
            at += 1;
        }
        let text = charset::decode(&bytes, declared.as_deref()).into_owned();
        // Some senders put encoded words into the sections of RFC 2231.
        params.push((name, if declared.is_none() { words::decode_words(&text) } else { text }));
    }
    params
}

fn percent(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut at = 0;
    while at < data.len() {
        match (data[at], transfer::hex(data.get(at + 1)), transfer::hex(data.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// Splits at semicolons outside quotes.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        if c == ';' && !quoted {
            pieces.push(String::new());
            escaped = false;
            continue;
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped;
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    // An unclosed quote swallowed the rest: read it again as if there were no quotes.
    if quoted && let Some(last) = pieces.pop() {
        pieces.extend(last.split(';').map(str::to_owned));
    }
    pieces
}

fn unquote(value: &str) -> String {
    let value = value.trim();
    let Some(inner) = value.strip_prefix('"') else {
        return strip_comments(value).trim().trim_end_matches('"').to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            // Windows paths are written unescaped; only quotes and backslashes are ever really escaped.
            '\\' if matches!(chars.peek(), Some('"' | '\\')) => out.extend(chars.next()),
            c => out.push(c),
        }
    }
    out
}

fn strip_comments(value: &str) -> String {
    if !value.contains(" (") && !value.starts_with('(') {
        return value.to_owned();
    }
    let mut depth = 0u32;
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}
