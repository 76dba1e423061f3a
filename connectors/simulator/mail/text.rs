//! Just enough of RFC 5322 to find a mail's header fields: bytes in, slices out, nothing decoded.

/// One header field with its folded lines, line ends included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    /// Name and value as they stand, with the last line end.
    pub whole: &'a [u8],
    /// Without the colon; empty for a line that is no field.
    pub name: &'a [u8],
    /// What follows the colon.
    pub value: &'a [u8],
}

impl Field<'_> {
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// The value unfolded and trimmed, with what is not UTF-8 replaced.
    pub fn text(&self) -> String {
        let unfolded: Vec<u8> =
            self.value.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
        String::from_utf8_lossy(&unfolded).trim().to_owned()
    }
}

/// The header with its empty line, and the body. A mail without an empty line is all header.
pub(super) fn split(raw: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while let Some(length) = line_length(&raw[at..]) {
        let line = &raw[at..at + length];
        at += length;
        if line == b"\r\n" || line == b"\n" {
            break;
        }
    }
    raw.split_at(at)
}

/// The header fields of a mail in order.
pub(super) fn fields(raw: &[u8]) -> impl Iterator<Item = Field<'_>> {
    let mut rest = split(raw).0;
    std::iter::from_fn(move || {
        let mut length = line_length(rest)?;
        if matches!(rest, [b'\n', ..] | [b'\r', b'\n', ..]) {
            return None;
        }
        while let [b' ' | b'\t', ..] = rest[length..] {
            length += line_length(&rest[length..]).unwrap_or(0);
        }
        let (whole, after) = rest.split_at(length);
        rest = after;
        Some(match whole.iter().position(|byte| *byte == b':') {
            Some(colon) => Field { whole, name: whole[..colon].trim_ascii_end(), value: &whole[colon + 1..] },
            None => Field { whole, name: b"", value: whole },
        })
    })
}

/// The first field of that name, unfolded.
pub(super) fn field(raw: &[u8], name: &str) -> Option<String> {
    fields(raw).find(|field| field.is(name)).map(|field| field.text())
}

/// The Message-ID with its angle brackets, as its sender wrote it.
pub(super) fn message_id(raw: &[u8]) -> Option<String> {
    field(raw, "Message-ID").filter(|id| !id.is_empty())
}

/// The length of the first line with its end; `None` where nothing is left.
fn line_length(bytes: &[u8]) -> Option<usize> {
    if bytes.is_empty() {
        return None;
    }
    let end = bytes.iter().position(|byte| *byte == b'\n');
    Some(end.map_or(bytes.len(), |end| end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_folded_fields_and_stops_at_the_empty_line() {
        let raw = b"Subject: One\r\n  long line\r\nMessage-id : <a@b>\r\n\r\nX-Not: a field\r\n".as_slice();
        assert_eq!(field(raw, "subject").as_deref(), Some("One  long line"));
        assert_eq!(message_id(raw).as_deref(), Some("<a@b>"));
        assert_eq!(field(raw, "x-not"), None);
        assert_eq!(split(raw).1, b"X-Not: a field\r\n");
    }

    #[test]
    fn bears_mails_that_are_none() {
        for raw in [b"".as_slice(), b"\n", b"\r\n", b" folded first\r\n", b"no colon", b"A:\n b", b"\n\n"] {
            let (header, body) = split(raw);
            assert_eq!([header, body].concat(), raw);
            let _ = fields(raw).count();
        }
        assert_eq!(field(b"A:\n b", "a").as_deref(), Some("b"));
        assert_eq!(message_id(b"Message-ID: \r\n\r\n"), None);
    }
}
