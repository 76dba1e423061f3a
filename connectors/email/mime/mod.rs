//! MIME: bytes into a flat list of parts, each pointing into the bytes.
//!
//! The walk is one pass over the lines with a short stack of open boundaries: linear in the size of the mail, no
//! recursion, limits by construction. A crate's parser (mail-parser 0.11) was measured first; it matches boundaries in
//! the middle of lines, searches the whole rest for each boundary that never comes, and drops nested messages
//! recursively, so it is used here for old charsets only.

pub mod addresses;
pub mod charset;
pub mod date;
pub mod headers;
pub mod ids;
pub mod params;
pub mod rare;
pub mod transfer;
pub mod words;

use std::borrow::Cow;

use headers::Headers;
use params::Valued;

use super::mail::Limits;

/// One MIME part.
#[derive(Debug)]
pub struct Part<'a> {
    /// Index of the multipart it stands in; `None` for the mail itself.
    pub parent: Option<usize>,
    /// Its header block; that of part 0 is the mail's.
    pub headers: Headers<'a>,
    /// Type with parameters; never empty.
    pub content_type: Valued,
    /// `attachment`, `inline` or empty, with parameters.
    pub disposition: Valued,
    /// The body as sent, still encoded.
    pub body: &'a [u8],
    /// A multipart whose parts follow in the list.
    pub is_container: bool,
    /// It stands inside a mail that this mail carries.
    pub is_enclosed: bool,
    /// It stands too deep to be opened.
    pub is_closed: bool,
}

impl<'a> Part<'a> {
    fn new(parent: Option<usize>, headers: Headers<'a>, in_digest: bool) -> Self {
        let valued = |name| headers.get(name).map(|raw| params::parse(raw, None)).unwrap_or_default();
        let mut content_type: Valued = valued("content-type");
        if !content_type.value.contains('/') {
            content_type.value = if in_digest { "message/rfc822" } else { "text/plain" }.to_owned();
        }
        let disposition = valued("content-disposition");
        Part {
            parent,
            headers,
            content_type,
            disposition,
            body: &[],
            is_container: false,
            is_enclosed: false,
            is_closed: false,
        }
    }

    /// Body with its transfer encoding undone.
    pub fn decoded(&self) -> Cow<'a, [u8]> {
        match self.headers.get("content-transfer-encoding") {
            Some(encoding) => transfer::decode(&words::unfold(encoding, None), self.body),
            None => Cow::Borrowed(self.body),
        }
    }

    /// Body as text under its declared charset or a better guess.
    pub fn text(&self) -> String {
        let encoding = self.headers.get("content-transfer-encoding").map(|raw| words::unfold(raw, None));
        let bytes = &*transfer::decode_text(encoding.as_deref().unwrap_or_default(), self.body);
        let declared = self.content_type.param("charset").map(Cow::Borrowed);
        let declared = declared.or_else(|| {
            (self.content_type.value == "text/html")
                .then(|| charset::in_html(bytes))
                .flatten()
                .map(Cow::Owned)
        });
        charset::decode(bytes, declared.as_deref()).into_owned()
    }

    /// File name as sent, from the disposition or else the type.
    pub fn filename(&self) -> Option<&str> {
        self.disposition
            .param("filename")
            .or_else(|| self.content_type.param("name"))
            .filter(|name| !name.trim().is_empty())
    }

    /// A whole mail forwarded as a part of this one.
    pub fn is_mail(&self) -> bool {
        matches!(self.content_type.value.as_str(), "message/rfc822" | "message/global")
    }

    /// The mail in it is opened: it is not a mere file, and its bytes stand there as they are (RFC 2046 section 5.2.1).
    fn opens(&self) -> bool {
        let encoded = self.headers.text("content-transfer-encoding").is_some_and(|encoding| {
            ["base64", "quoted-printable"].iter().any(|name| encoding.trim().eq_ignore_ascii_case(name))
        });
        self.is_mail() && self.disposition.value != "attachment" && self.filename().is_none() && !encoded
    }

    fn boundary(&self) -> Option<&[u8]> {
        let boundary = self.content_type.param("boundary")?.trim_end();
        (self.content_type.main() == "multipart" && !boundary.is_empty()).then_some(boundary.as_bytes())
    }
}

/// All parts of a mail in the order they stand there, and what was left unread.
#[derive(Debug)]
pub struct Tree<'a> {
    /// Part 0 is the mail itself.
    pub parts: Vec<Part<'a>>,
    /// There were more parts than allowed.
    pub parts_cut: bool,
    /// Multiparts below the allowed depth were kept closed.
    pub depth_cut: bool,
}

struct Open {
    /// Empty for a mail carried inside, which ends where the multipart around it says.
    boundary: Vec<u8>,
    part: usize,
    body_at: usize,
}

enum Delimiter {
    Next(usize),
    Last(usize),
}

/// Walks the mail. Never fails: a mail that is not MIME is one text part.
///
/// Mails carried inside are walked too, their parts marked [`Part::is_enclosed`], unless they are sent as files.
pub fn walk<'a>(bytes: &'a [u8], limits: &Limits) -> Tree<'a> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let tree = Tree { parts: Vec::new(), parts_cut: false, depth_cut: false };
    let mut walk = Walk { bytes, limits, tree, stack: Vec::new(), leaf: None };
    let mut at = walk.part(None, 0);
    while at < bytes.len() && !walk.stack.is_empty() {
        let (end, next) = headers::line_end(bytes, at);
        let Some(delimiter) = delimiter(&bytes[at..end], &walk.stack) else {
            at = next;
            continue;
        };
        let keep = match delimiter {
            Delimiter::Next(level) => level + 1,
            Delimiter::Last(level) => level,
        };
        walk.close(keep, before_line_end(bytes, at));
        at = next;
        if matches!(delimiter, Delimiter::Next(_)) {
            if walk.tree.parts.len() >= limits.parts {
                walk.tree.parts_cut = true;
                break;
            }
            let parent = walk.stack.last().map(|open| open.part);
            at = walk.part(parent, next);
        }
    }
    walk.close(0, bytes.len());
    walk.tree
}

struct Walk<'a, 'l> {
    bytes: &'a [u8],
    limits: &'l Limits,
    tree: Tree<'a>,
    stack: Vec<Open>,
    /// The part being read line by line and where its body starts.
    leaf: Option<(usize, usize)>,
}

impl Walk<'_, '_> {
    /// Reads the header of the part at `at` and starts its body. Where it carries a mail, goes on to that one's header.
    fn part(&mut self, mut parent: Option<usize>, mut at: usize) -> usize {
        loop {
            let split = if parent.is_none() { headers::split } else { headers::split_part };
            let (mut headers, mut used) = split(&self.bytes[at..], self.limits.header_bytes);
            let above = parent.map(|parent| &mut self.tree.parts[parent]);
            let is_block = !self.bytes[at..at + used].trim_ascii().is_empty();
            let is_plain_part = above.as_ref().is_some_and(|part| part.content_type.main() == "multipart");
            if is_block && headers.is_prose() && (is_plain_part || headers.is_empty()) {
                (headers, used) = (Headers::none_before_body(), 0);
            }
            at += used;
            let in_digest = above.as_ref().is_some_and(|part| part.content_type.value == "multipart/digest");
            let is_enclosed = above.as_ref().is_some_and(|part| part.is_mail() || part.is_enclosed);
            if let Some(above) = above {
                above.is_container = !above.is_mail();
            }
            let mut part = Part::new(parent, headers, in_digest);
            part.is_enclosed = is_enclosed;
            let index = self.tree.parts.len();
            let boundary = part.boundary().map(<[u8]>::to_vec);
            let opens = part.opens();
            self.tree.parts.push(part);
            if boundary.is_none() && !opens {
                self.leaf = Some((index, at));
                return at;
            }
            if self.stack.len() >= self.limits.depth {
                self.tree.depth_cut = true;
                self.tree.parts[index].is_closed = true;
                self.leaf = Some((index, at));
                return at;
            }
            self.stack.push(Open { boundary: boundary.unwrap_or_default(), part: index, body_at: at });
            if !opens {
                return at;
            }
            parent = Some(index);
        }
    }

    /// Ends the part being read and every open one above `keep` at `end`.
    fn close(&mut self, keep: usize, end: usize) {
        let leaf = self.leaf.take();
        let open = self.stack.drain(keep..).map(|open| (open.part, open.body_at));
        for (part, start) in leaf.into_iter().chain(open) {
            self.tree.parts[part].body = self.bytes.get(start..end).unwrap_or_default();
        }
    }
}

/// Which open boundary the line belongs to, innermost first.
fn delimiter(line: &[u8], stack: &[Open]) -> Option<Delimiter> {
    let line = line.strip_prefix(b"--")?.trim_ascii_end();
    stack.iter().enumerate().rev().find_map(|(level, open)| {
        if open.boundary.is_empty() {
            return None;
        }
        match line.strip_prefix(open.boundary.as_slice())? {
            b"" => Some(Delimiter::Next(level)),
            b"--" => Some(Delimiter::Last(level)),
            _ => None,
        }
    })
}

/// The line end before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1).
fn before_line_end(bytes: &[u8], at: usize) -> usize {
    let at = if at > 0 && bytes[at - 1] == b'\n' { at - 1 } else { at };
    if at > 0 && bytes[at - 1] == b'\r' { at - 1 } else { at }
}
