//! FETCH items (RFC 9051 section 6.4.5): reading what is asked for, and writing it for one mail.

use std::fmt::Write;
use std::ops::Range;

use super::parse::{Bad, Parsed, Tokens};
use crate::simulator::mail::folder::Mail;
use crate::simulator::mail::{date, text};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Uid,
    Flags,
    InternalDate,
    Size,
    Body(Body),
    /// ENVELOPE, BODYSTRUCTURE and single MIME parts, which this server does not take apart.
    Beyond,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Body {
    section: Section,
    /// First byte and how many.
    partial: Option<(u32, u32)>,
    /// Does not make the mail seen.
    peek: bool,
    /// What the answer calls it.
    label: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Section {
    Whole,
    Header,
    /// Only those, or only the others.
    Fields {
        names: Vec<String>,
        others: bool,
    },
    Text,
}

impl Item {
    /// One item, a list of them, or a macro.
    pub fn parse_all(tokens: &mut Tokens<'_>) -> Parsed<Vec<Self>> {
        if tokens.peek() == Some(b'(') {
            return tokens.list(Self::parse);
        }
        for (name, beyond) in [("FAST", false), ("ALL", true), ("FULL", true)] {
            if tokens.eat(name) {
                let mut items = vec![Self::Flags, Self::InternalDate, Self::Size];
                items.extend(beyond.then_some(Self::Beyond));
                return Ok(items);
            }
        }
        Ok(vec![Self::parse(tokens)?])
    }

    /// Whether fetching it makes the mail seen.
    pub fn sets_seen(&self) -> bool {
        matches!(self, Self::Body(body) if !body.peek)
    }

    /// Whether it holds more of a mail than its header.
    pub fn gives_body(&self) -> bool {
        matches!(self, Self::Body(body) if matches!(body.section, Section::Whole | Section::Text))
    }

    fn parse(tokens: &mut Tokens<'_>) -> Parsed<Self> {
        let body = |section, peek, label: &str| {
            Self::Body(Body { section, partial: None, peek, label: label.to_owned() })
        };
        if tokens.eat("BODY.PEEK[") {
            return Self::section(tokens, true);
        }
        if tokens.eat("BODY[") {
            return Self::section(tokens, false);
        }
        let name = tokens.atom()?.to_ascii_uppercase();
        Ok(match name.as_str() {
            "UID" => Self::Uid,
            "FLAGS" => Self::Flags,
            "INTERNALDATE" => Self::InternalDate,
            "RFC822.SIZE" => Self::Size,
            "RFC822" => body(Section::Whole, false, &name),
            "RFC822.HEADER" => body(Section::Header, true, &name),
            "RFC822.TEXT" => body(Section::Text, false, &name),
            "ENVELOPE" | "BODYSTRUCTURE" | "BODY" => Self::Beyond,
            _ => return Err(Bad("this FETCH item is not known here")),
        })
    }

    /// What stands in the brackets, up to and with a partial's `<0.5>`.
    fn section(tokens: &mut Tokens<'_>, peek: bool) -> Parsed<Self> {
        let mut beyond = false;
        let mut name = String::new();
        let mut section = Section::Whole;
        if tokens.peek() != Some(b']') {
            name = tokens.atom()?.to_ascii_uppercase();
            section = match name.as_str() {
                "HEADER" => Section::Header,
                "TEXT" => Section::Text,
                "HEADER.FIELDS" | "HEADER.FIELDS.NOT" => {
                    let others = name.ends_with("NOT");
                    tokens.space()?;
                    let names = tokens.list(Tokens::astring)?;
                    if names.iter().any(|name| !is_field_name(name)) {
                        return Err(Bad("this is no header field"));
                    }
                    name = format!("{name} ({})", names.join(" "));
                    Section::Fields { names, others }
                }
                part if part.starts_with(|first: char| first.is_ascii_digit()) => {
                    beyond = true;
                    Section::Whole
                }
                _ => return Err(Bad("this section is not known here")),
            };
        }
        tokens.need("]", "a ] is missing")?;
        let mut label = format!("BODY[{name}]");
        let mut partial = None;
        if tokens.eat("<") {
            let first = tokens.number()?;
            tokens.need(".", "a partial has no length")?;
            let count = tokens.number()?;
            tokens.need(">", "a > is missing")?;
            // The answer does not repeat the length.
            let _ = write!(label, "<{first}>");
            partial = Some((first, count));
        }
        Ok(if beyond { Self::Beyond } else { Self::Body(Body { section, partial, peek, label }) })
    }
}

/// What was written for one mail.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Where the mail's body lies in what was written.
    pub body: Option<Range<usize>>,
    /// Which bytes of the whole mail that is: the first, and how many.
    pub given: Option<(usize, usize)>,
}

/// Writes `* 4 FETCH (…)` for a mail. `truncated`: gives half of the mail as if it were all.
pub(super) fn write(out: &mut Vec<u8>, seq: u32, mail: &Mail, items: &[Item], truncated: bool) -> Written {
    let mut written = Written::default();
    out.extend_from_slice(format!("* {seq} FETCH (").as_bytes());
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        let short = match item {
            Item::Uid => format!("UID {}", mail.uid),
            Item::Flags => format!("FLAGS ({})", mail.flags),
            Item::InternalDate => format!("INTERNALDATE \"{}\"", date::internal(mail.at_ms)),
            Item::Size => format!("RFC822.SIZE {}", mail.raw.len()),
            Item::Beyond => String::new(),
            Item::Body(body) => {
                let raw = match truncated {
                    true => &mail.raw[..mail.raw.len() / 2],
                    false => &mail.raw[..],
                };
                let (offset, bytes) = body.cut(raw);
                out.extend_from_slice(format!("{} {{{}}}\r\n", body.label, bytes.len()).as_bytes());
                let start = out.len();
                out.extend_from_slice(&bytes);
                if item.gives_body() {
                    written.body = Some(start..out.len());
                    written.given = Some((offset, bytes.len()));
                }
                continue;
            }
        };
        out.extend_from_slice(short.as_bytes());
    }
    out.extend_from_slice(b")\r\n");
    written
}

impl Body {
    /// The bytes asked for, and where in the mail they begin.
    fn cut<'a>(&self, raw: &'a [u8]) -> (usize, std::borrow::Cow<'a, [u8]>) {
        let (header, rest) = text::split(raw);
        let (offset, bytes) = match &self.section {
            Section::Whole => (0, raw.into()),
            Section::Header => (0, header.into()),
            Section::Text => (header.len(), rest.into()),
            Section::Fields { names, others } => (0, chosen_fields(raw, names, *others).into()),
        };
        let Some((first, count)) = self.partial else {
            return (offset, bytes);
        };
        let first = (first as usize).min(bytes.len());
        let last = first.saturating_add(count as usize).min(bytes.len());
        let cut = match bytes {
            std::borrow::Cow::Borrowed(bytes) => bytes[first..last].into(),
            std::borrow::Cow::Owned(bytes) => bytes[first..last].to_vec().into(),
        };
        (offset + first, cut)
    }
}

fn chosen_fields(raw: &[u8], names: &[String], others: bool) -> Vec<u8> {
    let mut chosen = Vec::new();
    for field in text::fields(raw) {
        if names.iter().any(|name| field.is(name)) != others {
            chosen.extend_from_slice(field.whole);
        }
    }
    chosen.extend_from_slice(b"\r\n");
    chosen
}

/// Only such names can stand in the answer's label as they are.
fn is_field_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_graphic() && !b"()[]{}<>\"\\:%*".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::mail::folder::Flags;

    fn fetched(items: &str) -> String {
        let mut tokens = Tokens::new(items.as_bytes());
        let items = Item::parse_all(&mut tokens).unwrap();
        tokens.end().unwrap();
        let mail = Mail {
            uid: 7,
            flags: Flags::seen(),
            at_ms: 1_791_277_331_000,
            raw: b"Subject: S\r\nTo: T\r\n two\r\nSubject: again\r\n\r\nBody\r\n".as_slice().into(),
        };
        let mut out = Vec::new();
        write(&mut out, 3, &mail, &items, false);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn gives_what_is_asked_for() {
        assert_eq!(
            fetched("(UID FLAGS INTERNALDATE RFC822.SIZE)"),
            "* 3 FETCH (UID 7 FLAGS (\\Seen) INTERNALDATE \"06-Oct-2026 09:02:11 +0000\" RFC822.SIZE 49)\r\n"
        );
        assert_eq!(fetched("BODY[TEXT]"), "* 3 FETCH (BODY[TEXT] {6}\r\nBody\r\n)\r\n");
        assert_eq!(
            fetched("body.peek[header.fields (\"to\" x-none)]"),
            "* 3 FETCH (BODY[HEADER.FIELDS (to x-none)] {15}\r\nTo: T\r\n two\r\n\r\n)\r\n"
        );
        assert_eq!(
            fetched("BODY[HEADER.FIELDS.NOT (Subject)]<1.2>"),
            "* 3 FETCH (BODY[HEADER.FIELDS.NOT (Subject)]<1> {2}\r\no:)\r\n"
        );
        assert_eq!(fetched("BODY.PEEK[]<99.5>"), "* 3 FETCH (BODY[]<99> {0}\r\n)\r\n");
        assert_eq!(fetched("RFC822.HEADER").len(), "* 3 FETCH (RFC822.HEADER {43}\r\n)\r\n".len() + 43);
    }

    #[test]
    fn knows_what_it_cannot_do_from_what_is_wrong() {
        for item in ["ENVELOPE", "BODYSTRUCTURE", "BODY", "BODY[1.MIME]", "BODY.PEEK[2]<0.5>"] {
            let items = Item::parse_all(&mut Tokens::new(item.as_bytes()));
            assert_eq!(items, Ok(vec![Item::Beyond]), "{item}");
        }
        for item in ["", "SUBJECT", "BODY[", "BODY[HEADER.FIELDS]", "BODY[]<1>", "BODY[HEADER.FIELDS (a\rb)]"]
        {
            assert!(Item::parse_all(&mut Tokens::new(item.as_bytes())).is_err(), "{item}");
        }
    }
}
