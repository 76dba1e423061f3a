//! The header block: where it ends, and its fields in the order they came.

use std::borrow::Cow;

/// One header field as it stands in the mail, still folded and undecoded.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// Name as written, without the colon; compare without case.
    pub name: &'a str,
    /// Everything after the colon, folds and line ends included.
    pub value: &'a [u8],
}

/// The fields of one header block.
#[derive(Debug, Clone, Default)]
pub struct Headers<'a> {
    fields: Vec<Field<'a>>,
    /// The block was longer than allowed; what lies behind the limit was not read.
    pub cut: bool,
    /// The body begins without a blank line, with lines that other readers pass over as broken fields.
    pub runs_into_body: bool,
}

impl<'a> Headers<'a> {
    /// Of what begins with its body at once.
    pub fn none_before_body() -> Self {
        Headers { runs_into_body: true, ..Headers::default() }
    }

    /// First field of that name.
    pub fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// Every field of that name, in order.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a [u8]> + 's {
        self.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
    }

    /// Every field, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter()
    }

    /// No field at all was found.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// What stands where a part's header should is not one: nobody knows a name in it, and what it says would be lost.
    ///
    /// Of the fields of a part only those of `Content-` mean anything (RFC 2046 section 5.1); the others are here because
    /// careless programs repeat them.
    pub fn is_prose(&self) -> bool {
        const KNOWN: [&str; 12] = [
            "from",
            "to",
            "cc",
            "subject",
            "date",
            "message-id",
            "received",
            "return-path",
            "references",
            "in-reply-to",
            "reply-to",
            "mime-version",
        ];
        let is_known = |name: &str| {
            let name = name.trim().to_ascii_lowercase();
            ["content-", "x-", "list-"].iter().any(|start| name.starts_with(start))
                || KNOWN.contains(&name.as_str())
        };
        !self.cut && !self.fields.iter().any(|field| is_known(field.name))
    }

    /// Text of the first field of that name: unfolded, encoded words decoded.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|raw| super::words::decode(raw, None))
    }
}

/// Splits the block at the start of a mail into fields and says where the body starts.
///
/// Tolerated, because real mail has it: an mbox `From ` line, blank lines before the first field, bare LF line ends, lines
/// that are no field (passed over), a missing blank line before a MIME delimiter, and a body that begins without one.
/// At most `limit` bytes are looked at; the search for the blank line goes on behind it so that the body is found.
pub fn split(bytes: &[u8], limit: usize) -> (Headers<'_>, usize) {
    let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let skipped = if blank > 0 && field_at(&bytes[blank..]) { blank } else { 0 };
    let (headers, used) = split_part(&bytes[skipped..], limit);
    (headers, skipped + used)
}

/// The same for a part, whose block may be empty: then the blank line comes first.
pub fn split_part(bytes: &[u8], limit: usize) -> (Headers<'_>, usize) {
    let mut headers = Headers::default();
    let mut at = 0;
    // Name of the field being collected and offset of its value.
    let mut open: Option<(&str, usize)> = None;
    // Lines that are no field, with no field behind them so far.
    let mut stray: Option<usize> = None;
    let mut body = bytes.len();
    while at < bytes.len() {
        let (end, next) = line_end(bytes, at);
        let line = &bytes[at..end];
        if line.is_empty() || (open.is_none() && line.iter().all(u8::is_ascii_whitespace)) {
            body = next;
            break;
        }
        if line[0] == b' ' || line[0] == b'\t' {
            // A continuation, or an indented first field.
            if open.is_none()
                && let Some((name, colon)) = name_of(line)
            {
                open = Some((name, at + colon + 1));
            }
        } else {
            close(&mut headers, &mut open, bytes, at);
            if at > limit {
                headers.cut = true;
            } else if let Some((name, colon)) = name_of(line) {
                open = Some((name, at + colon + 1));
                stray = None;
            } else if line.starts_with(b"--") {
                body = at;
                break;
            } else {
                stray.get_or_insert(at);
            }
        }
        at = next;
    }
    close(&mut headers, &mut open, bytes, at.min(bytes.len()));
    let rest = bytes[body..].trim_ascii_start();
    // Without them there would be no body at all: they are the body, and the blank line is missing.
    let is_empty = rest.is_empty() || rest.starts_with(b"--");
    let stray = stray.filter(|_| is_empty);
    headers.runs_into_body = stray.is_some();
    (headers, stray.unwrap_or(body))
}

/// The mail with line feeds, where its header is written with bare carriage returns: old Macs, and scripts.
pub fn with_line_feeds(bytes: &[u8]) -> Cow<'_, [u8]> {
    let line_feed = bytes.iter().position(|byte| *byte == b'\n');
    let head = &bytes[..line_feed.unwrap_or(bytes.len())];
    // `\r\r\n` is one line end, of a relay that has seen to line ends twice.
    let is_bare = match line_feed {
        None => head.contains(&b'\r'),
        Some(_) => head.trim_ascii_end().windows(2).any(|pair| pair == b"\r\r"),
    };
    if !is_bare {
        return Cow::Borrowed(bytes);
    }
    let mut whole = Vec::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => {}
            b'\r' => whole.push(b'\n'),
            byte => whole.push(*byte),
        }
    }
    Cow::Owned(whole)
}

fn close<'a>(headers: &mut Headers<'a>, open: &mut Option<(&'a str, usize)>, bytes: &'a [u8], end: usize) {
    if let Some((name, start)) = open.take() {
        headers.fields.push(Field { name, value: &bytes[start..end] });
    }
}

/// Where the line at `at` ends, without its line end, and where the next one starts.
pub fn line_end(bytes: &[u8], at: usize) -> (usize, usize) {
    for (offset, byte) in bytes[at..].iter().enumerate() {
        if *byte == b'\n' {
            let end = at + offset;
            let text_end = if end > at && bytes[end - 1] == b'\r' { end - 1 } else { end };
            return (text_end, end + 1);
        }
    }
    (bytes.len(), bytes.len())
}

/// Name and place of the colon, if the line can be a field. A space before the colon is old but allowed.
fn name_of(line: &[u8]) -> Option<(&str, usize)> {
    if line.starts_with(b"--") {
        return None;
    }
    let colon = line.iter().take(200).position(|byte| *byte == b':')?;
    let name = std::str::from_utf8(&line[..colon]).ok()?.trim();
    let plain = |byte: u8| byte.is_ascii_graphic();
    (!name.is_empty() && name.bytes().all(plain)).then_some((name, colon))
}

/// The text begins with a field.
fn field_at(rest: &[u8]) -> bool {
    let (end, _) = line_end(rest, 0);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    name_of(&rest[..end]).is_some_and(|(name, _)| name.bytes().all(plain))
}
