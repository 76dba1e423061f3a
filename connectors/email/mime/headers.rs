//! The header block: where it ends, and its fields in the order they came.

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
}

impl<'a> Headers<'a> {
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

    /// Text of the first field of that name: unfolded, encoded words decoded.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|raw| super::words::decode(raw, None))
    }
}

/// Splits the block at the start of `bytes` into fields and says where the body starts.
///
/// Tolerated, because real mail has it: an mbox `From ` line, blank lines before the first field, bare LF and bare CR
/// line ends, lines that are no field (passed over), and a missing blank line before a MIME delimiter.
/// At most `limit` bytes are looked at; the search for the blank line goes on behind it so that the body is found.
pub fn split<'a>(bytes: &'a [u8], limit: usize) -> (Headers<'a>, usize) {
    let mut headers = Headers::default();
    let mut at = 0;
    // Offset of the value and name of the field being collected.
    let mut open: Option<(&'a str, usize)> = None;
    while at < bytes.len() {
        let (end, next) = line_end(bytes, at);
        let line = &bytes[at..end];
        if line.iter().all(|byte| byte.is_ascii_whitespace()) {
            // White space alone is a fold left over only if a field is open and the line is not empty.
            if line.is_empty() || open.is_none() {
                if headers.is_empty() && open.is_none() && field_follows(&bytes[next..]) {
                    at = next;
                    continue;
                }
                close(&mut headers, &mut open, bytes, at);
                return (headers, next);
            }
        } else if line[0] == b' ' || line[0] == b'\t' {
            // A continuation, or an indented first field.
            if open.is_none()
                && let Some((name, colon)) = name_of(line)
            {
                open = Some((name, at + colon + 1));
            }
        } else if at > limit {
            headers.cut = true;
            close(&mut headers, &mut open, bytes, at);
        } else if let Some((name, colon)) = name_of(line) {
            close(&mut headers, &mut open, bytes, at);
            open = Some((name, at + colon + 1));
        } else {
            close(&mut headers, &mut open, bytes, at);
            if line.starts_with(b"--") {
                return (headers, at);
            }
        }
        at = next;
    }
    close(&mut headers, &mut open, bytes, bytes.len());
    (headers, bytes.len())
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

/// A field stands behind nothing but a few blank lines.
fn field_follows(rest: &[u8]) -> bool {
    let blank = rest.iter().take(100).take_while(|byte| byte.is_ascii_whitespace()).count();
    let rest = &rest[blank..];
    let (end, _) = line_end(rest, 0);
    name_of(&rest[..end])
        .is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}
