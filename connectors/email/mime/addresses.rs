//! Address lists as people and programs really write them: groups flattened, comments taken off, names decoded.

use super::{super::mail::Mailbox, super::names, words};

/// More than this many entries of one field are not read.
const MOST: usize = 1000;

/// Mailboxes of a raw `From`, `To`, … field. An entry with a name and no address keeps an empty address.
pub fn parse(raw: &[u8], hint: Option<&str>) -> Vec<Mailbox> {
    let text = words::unfold(raw, hint);
    let mut list = Vec::new();
    let mut entry = Entry::default();
    let mut rest = text.as_str();
    // Once a closing sign is missing it is missing for the rest of the text: never look again, or it gets quadratic.
    let (mut quotes, mut comments, mut angles) = (true, true, true);
    let mut failed_words = 0;
    while let Some(c) = rest.chars().next() {
        if list.len() >= MOST {
            break;
        }
        let tail = &rest[c.len_utf8()..];
        rest = match c {
            '"' if quotes => match quoted(tail) {
                Some((inner, after)) => {
                    entry.push(inner, true);
                    after
                }
                None => {
                    quotes = false;
                    tail
                }
            },
            '(' if comments => match comment(tail) {
                Some((inner, after)) => {
                    entry.comments.push(inner);
                    entry.glued = false;
                    after
                }
                None => {
                    comments = false;
                    entry.push_char(c);
                    tail
                }
            },
            '<' => match tail.find('>').filter(|_| angles) {
                Some(end) => {
                    entry.angle(&tail[..end]);
                    tail[end..].trim_start_matches('>')
                }
                None => {
                    angles = false;
                    let end = tail.find([',', ';', ' ']).unwrap_or(tail.len());
                    entry.angle(&tail[..end]);
                    &tail[end..]
                }
            },
            // `Jane [mailto:j@x.org]`, as Outlook quotes people.
            '[' if !entry.glued && bracketed(tail).is_some() => {
                let inner = bracketed(tail).unwrap_or_default();
                entry.angle(inner);
                &tail[inner.len() + 1..]
            }
            ',' | ';' => {
                entry.finish(&mut list);
                tail
            }
            ':' if entry.ends_with_scheme() => {
                entry.atoms.pop();
                entry.glued = false;
                tail
            }
            ':' if entry.names_a_group() => {
                entry = Entry::default();
                tail
            }
            '=' if failed_words < 100 => match words::skip_word(rest) {
                // A comma inside an encoded word separates nothing.
                Some(after) => {
                    entry.push(rest[..rest.len() - after.len()].to_owned(), false);
                    after
                }
                None => {
                    failed_words += usize::from(tail.starts_with('?'));
                    entry.push_char(c);
                    tail
                }
            },
            c if c.is_whitespace() => {
                entry.glued = false;
                tail
            }
            c => {
                entry.push_char(c);
                tail
            }
        };
    }
    entry.finish(&mut list);
    list
}

impl Atom {
    /// The piece as an address; what was quoted in front of the @ stays quoted where it must.
    fn address(&self) -> String {
        match self.text.rsplit_once('@').filter(|_| self.was_quoted) {
            Some((local, domain))
                if local.contains(|c: char| c.is_whitespace() || "@,;:<>()[]\\".contains(c)) =>
            {
                format!("\"{local}\"@{}", bare(domain))
            }
            _ => bare(&self.text),
        }
    }
}

#[derive(Default)]
struct Entry {
    atoms: Vec<Atom>,
    comments: Vec<String>,
    address: Option<String>,
    /// The next piece belongs to the last atom, with no white space between.
    glued: bool,
}

struct Atom {
    text: String,
    /// An `@` stands in it outside quotes.
    has_at: bool,
    /// It began as a quoted string.
    was_quoted: bool,
}

impl Entry {
    fn push(&mut self, text: String, is_quoted: bool) {
        match self.atoms.last_mut() {
            Some(atom) if self.glued => atom.text.push_str(&text),
            _ => self.atoms.push(Atom { text, has_at: false, was_quoted: is_quoted }),
        }
        // Encoded words stand apart; a quoted local part goes on with its @.
        self.glued = is_quoted;
    }

    fn push_char(&mut self, c: char) {
        match self.atoms.last_mut() {
            Some(atom) if self.glued => {
                atom.text.push(c);
                atom.has_at |= c == '@';
            }
            _ => self.atoms.push(Atom { text: c.to_string(), has_at: c == '@', was_quoted: false }),
        }
        self.glued = true;
    }

    fn angle(&mut self, inner: &str) {
        let inner = inner.rsplit('<').next().unwrap_or(inner);
        let address = bare(inner);
        if self.address.is_none() || !address.is_empty() {
            self.address = Some(address);
        }
        self.glued = false;
    }

    fn ends_with_scheme(&self) -> bool {
        self.glued && self.atoms.last().is_some_and(|atom| atom.text.eq_ignore_ascii_case("mailto"))
    }

    /// Pieces around a lone `@` or dot put together (RFC 5322 section 4.4 allows white space there), where an address comes
    /// of it.
    fn close_ranks(&mut self) {
        let Some(at) = self.atoms.iter().position(|atom| atom.has_at) else { return };
        let text = |index: usize| self.atoms[index].text.as_str();
        // Where the address is whole, a full stop beside it is that of an initial.
        if !text(at).starts_with('@') && !text(at).ends_with('@') {
            return;
        }
        let joins = |left: usize| {
            text(left).ends_with('@')
                || text(left + 1).starts_with('@')
                || text(left) == "."
                || text(left + 1) == "."
        };
        let (mut first, mut last) = (at, at);
        while first > 0 && joins(first - 1) {
            first -= 1;
        }
        while last + 1 < self.atoms.len() && joins(last) {
            last += 1;
        }
        let whole: String = (first..=last).map(text).collect();
        let has_domain = whole.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.'));
        if first < last && looks_like_address(&whole) && has_domain {
            let was_quoted = self.atoms[first].was_quoted;
            self.atoms.splice(first..=last, [Atom { text: whole, has_at: true, was_quoted }]);
        }
    }

    fn names_a_group(&self) -> bool {
        self.address.is_none() && !self.atoms.iter().any(|atom| atom.has_at)
    }

    fn finish(&mut self, list: &mut Vec<Mailbox>) {
        let mut entry = std::mem::take(self);
        if entry.address.is_none() {
            entry.close_ranks();
        }
        let mut lone = None;
        let address = entry.address.take().unwrap_or_else(|| {
            // No angle brackets: the first piece with an @ is the address, the rest is the name.
            match entry.atoms.iter().position(|atom| atom.has_at) {
                Some(at) => entry.atoms.remove(at).address(),
                None => String::new(),
            }
        });
        // Nothing before or behind the @: it leads to nobody, and stays readable as a name.
        let address = match address.rsplit_once('@') {
            Some((local, domain)) if local.is_empty() || domain.is_empty() => {
                lone = Some(address);
                String::new()
            }
            _ => address,
        };
        let join = |parts: &mut dyn Iterator<Item = &str>| parts.collect::<Vec<_>>().join(" ");
        let mut name = join(&mut entry.atoms.iter().map(|atom| atom.text.as_str()));
        if name.trim().is_empty() {
            name = join(&mut entry.comments.iter().map(String::as_str));
        }
        if name.trim().is_empty() {
            name = lone.unwrap_or_default();
        }
        let name = names::harmless(&words::decode_words(&name));
        let (name, address) = match address.is_empty() && looks_like_address(&name) {
            true => (String::new(), name),
            // A name that only repeats the address says nothing.
            false if name.eq_ignore_ascii_case(&address) => (String::new(), address),
            false => (name, address),
        };
        if name.is_empty() && address.is_empty() {
            return;
        }
        // `Doe, John <j@x>` without quotes: the half before the comma has no address of its own.
        if let Some(last) = list.last_mut()
            && last.address.is_empty()
            && !address.is_empty()
            && !name.is_empty()
        {
            last.name = format!("{}, {name}", last.name);
            last.address = address;
            return;
        }
        list.push(Mailbox { name, address });
    }
}

/// The address alone: comments, white space, `mailto:` and an obsolete source route taken off.
fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut depth, mut quoted) = (0u32, false);
    for c in text.chars() {
        match c {
            '"' if depth == 0 => {
                quoted = !quoted;
                out.push(c);
            }
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            c if names::is_hidden(c) || c.is_control() => {}
            c if depth == 0 && (quoted || !c.is_whitespace()) => out.push(c),
            _ => {}
        }
    }
    if out.starts_with('@')
        && let Some((_, address)) = out.split_once(':')
    {
        out = address.to_owned();
    }
    if out.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:")) {
        out.drain(..7);
    }
    if out.contains("=?") {
        out = words::decode_words(&out).split_whitespace().collect();
    }
    // A dot in front is part of the name that some providers let people choose; behind the domain it is a full stop.
    let out = out.trim_start_matches(['\'', '<']).trim_end_matches(['\'', '.', '<', '>']);
    // Quotes belong to an odd local part; around the whole they are somebody's mistake.
    match out.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) => inner.to_owned(),
        None if out.matches('"').count() == 1 => out.replace('"', ""),
        None => out.to_owned(),
    }
}

/// What stands before the next `]`, if that is near and it holds an address.
fn bracketed(text: &str) -> Option<&str> {
    let inner = &text[..text[..text.floor_char_boundary(320)].find(']')?];
    inner.contains('@').then_some(inner)
}

fn looks_like_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !text.contains(char::is_whitespace)
    })
}

/// Inside of a quoted string whose opening quote is gone, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, &text[at + 1..])),
            '\\' => out.extend(chars.next().map(|(_, c)| c)),
            c => out.push(c),
        }
    }
    None
}

/// Inside of a comment, nested ones included.
fn comment(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut depth = 1u32;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                out.extend(chars.next().map(|(_, c)| c));
                continue;
            }
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some((out, &text[at + 1..]));
                }
            }
            _ => {}
        }
        out.push(c);
    }
    None
}
