//! HTML cut into tags and text in one pass, without building a tree.
//!
//! Follows the tokenizer of the HTML standard where a difference would let hidden text or tags through: quoted attribute
//! values, comments, and elements whose content is no markup.

/// A piece of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text with its entities as written.
    Text(&'a str),
    /// A start tag: its name as written, and its attributes.
    Open(&'a str, Attributes<'a>),
    /// An end tag: its name as written.
    Close(&'a str),
}

/// The attributes of a tag, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attributes<'a>(&'a str);

impl<'a> Attributes<'a> {
    /// Value of an attribute, entities as written. `name` in lower case.
    pub fn get(self, name: &str) -> Option<&'a str> {
        self.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The names of all attributes, as written.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        self.iter().map(|(name, _)| name)
    }

    fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            // The standard lets a name start with `=`.
            let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/');
            let end = rest.char_indices().skip(1).find(|(_, c)| ends(*c)).map_or(rest.len(), |(at, _)| at);
            let (name, after) = rest.split_at(end);
            let (value, next) = match after.trim_start().strip_prefix('=') {
                Some(value) => value_of(value.trim_start()),
                None => ("", after),
            };
            rest = next;
            (!name.is_empty()).then_some((name, value))
        })
    }
}

fn value_of(text: &str) -> (&str, &str) {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => {
            let inner = &text[1..];
            let end = inner.find(quote).unwrap_or(inner.len());
            (&inner[..end], inner.get(end + 1..).unwrap_or_default())
        }
        None => text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len())),
    }
}

/// Iterates over the tokens of the HTML.
pub fn tokens(html: &str) -> Tokens<'_> {
    Tokens { html, at: 0, raw: None }
}

/// See [`tokens`].
#[derive(Debug)]
pub struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// Inside an element whose content is text up to its end tag.
    raw: Option<&'a str>,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.raw.take() {
            let end = end_of_raw(&self.html[self.at..], name);
            let text = &self.html[self.at..self.at + end];
            self.at += end;
            if !text.is_empty() {
                return Some(Token::Text(text));
            }
        }
        loop {
            let rest = &self.html[self.at..];
            if rest.is_empty() {
                return None;
            }
            let Some(tail) = rest.strip_prefix('<') else {
                let end = rest.find('<').unwrap_or(rest.len());
                self.at += end;
                return Some(Token::Text(&rest[..end]));
            };
            let next = tail.as_bytes().first().copied().unwrap_or(0);
            if next.is_ascii_alphabetic() {
                return Some(self.open(tail));
            }
            if next == b'/' && tail.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) {
                let name = name_of(&tail[1..]);
                self.at += 2 + name.len() + end_of_tag(&tail[1 + name.len()..]);
                return Some(Token::Close(name));
            }
            if matches!(next, b'!' | b'?' | b'/') {
                self.at += 1 + end_of_comment(tail);
                continue;
            }
            // A lone `<` is text.
            let end = tail.find('<').map_or(rest.len(), |at| at + 1);
            self.at += end;
            return Some(Token::Text(&rest[..end]));
        }
    }
}

impl<'a> Tokens<'a> {
    fn open(&mut self, tail: &'a str) -> Token<'a> {
        let name = name_of(tail);
        let length = end_of_tag(&tail[name.len()..]);
        let attributes = tail[name.len()..name.len() + length].trim_end_matches('>');
        self.at += 1 + name.len() + length;
        const RAW: [&str; 9] =
            ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"];
        if RAW.iter().any(|raw| name.eq_ignore_ascii_case(raw)) {
            self.raw = Some(name);
        }
        Token::Open(name, Attributes(attributes))
    }
}

fn name_of(text: &str) -> &str {
    &text[..text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(text.len())]
}

/// Length up to and with the `>` that ends the tag, quoted values passed over.
fn end_of_tag(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut after_equals = false;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return at + 1,
            quote @ (b'"' | b'\'') if after_equals => {
                at += 1 + bytes[at + 1..].iter().position(|byte| *byte == quote).unwrap_or(bytes.len());
                after_equals = false;
            }
            b'=' => after_equals = true,
            byte if byte.is_ascii_whitespace() => {}
            _ => after_equals = false,
        }
        at += 1;
    }
    bytes.len()
}

/// Length of a comment, declaration or bogus comment whose `<` is gone.
fn end_of_comment(text: &str) -> usize {
    let Some(inner) = text.strip_prefix("!--") else {
        return text.find('>').map_or(text.len(), |at| at + 1);
    };
    if inner.starts_with('>') {
        return 4;
    }
    if inner.starts_with("->") {
        return 5;
    }
    let by_dashes = inner.find("-->").map(|at| at + 6);
    let by_bang = inner[..by_dashes.map_or(inner.len(), |end| end - 6)].find("--!>").map(|at| at + 7);
    by_bang.or(by_dashes).unwrap_or(text.len())
}

/// Where the end tag of a raw element begins.
fn end_of_raw(text: &str, name: &str) -> usize {
    if name.eq_ignore_ascii_case("plaintext") {
        return text.len();
    }
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let start = from + at;
        let after = &text[start + 2..];
        let is_name = after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        if is_name
            && after[name.len()..].starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
        {
            return start;
        }
        from = start + 2;
    }
    text.len()
}
