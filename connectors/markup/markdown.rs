//! The light Markdown that staff may write, as HTML where a platform takes that.
//!
//! Paragraphs, line breaks, lists, `**bold**`, `*emphasis*`, `[links](https://…)` and bare addresses of the web. Everything
//! else is text and escaped; there is no way to write markup through it. The text itself is readable as it is, so that the
//! plain half of the mail is the text as written.

use super::escape;

/// HTML of the text. Only `p`, `br`, `ul`, `ol`, `li`, `strong`, `em`, `blockquote` and `a` with an http, https or mailto
/// target occur in it.
pub fn from_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 5 / 4 + 64);
    let normal = text.replace("\r\n", "\n");
    for block in
        normal.split("\n\n").map(|block| block.trim_matches('\n')).filter(|block| !block.trim().is_empty())
    {
        self::block(block, &mut out);
    }
    out
}

fn block(block: &str, out: &mut String) {
    let mut open: Option<Kind> = None;
    for line in block.lines() {
        let (kind, content) = kind_of(line);
        if open == Some(kind) && matches!(kind, Kind::Text | Kind::Quote) {
            out.push_str("<br>");
        } else if open != Some(kind) {
            if let Some(open) = open {
                out.push_str(open.end());
            }
            out.push_str(kind.start());
            open = Some(kind);
        }
        if kind.is_list() {
            out.push_str("<li>");
        }
        inline(content, out);
        if kind.is_list() {
            out.push_str("</li>");
        }
    }
    if let Some(open) = open {
        out.push_str(open.end());
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Quote,
    Bullets,
    Numbers,
}

impl Kind {
    fn start(self) -> &'static str {
        match self {
            Kind::Text => "<p>",
            Kind::Quote => "<blockquote>",
            Kind::Bullets => "<ul>",
            Kind::Numbers => "<ol>",
        }
    }

    fn end(self) -> &'static str {
        match self {
            Kind::Text => "</p>",
            Kind::Quote => "</blockquote>",
            Kind::Bullets => "</ul>",
            Kind::Numbers => "</ol>",
        }
    }

    fn is_list(self) -> bool {
        matches!(self, Kind::Bullets | Kind::Numbers)
    }
}

fn kind_of(line: &str) -> (Kind, &str) {
    let text = line.trim_start();
    for bullet in ["- ", "* ", "• "] {
        if let Some(item) = text.strip_prefix(bullet) {
            return (Kind::Bullets, item);
        }
    }
    if let Some(quoted) = text.strip_prefix('>') {
        return (Kind::Quote, quoted.strip_prefix(' ').unwrap_or(quoted));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits)
        && let Some(item) = text[digits..].strip_prefix(". ")
    {
        return (Kind::Numbers, item);
    }
    (Kind::Text, line)
}

fn inline(text: &str, out: &mut String) {
    let mut rest = text;
    // Once a closing sign is missing it is missing for the rest of the line.
    let (mut bold, mut emphasis) = (true, true);
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if let Some((shown, href, next)) = link(rest, before) {
            out.push_str("<a href=\"");
            escape(href, out);
            out.push_str("\">");
            escape(shown, out);
            out.push_str("</a>");
            before = ')';
            rest = next;
            continue;
        }
        if c == '*' {
            let double = after.starts_with('*');
            let (sign, tag, may) =
                if double { ("**", "strong", &mut bold) } else { ("*", "em", &mut emphasis) };
            if *may && !before.is_alphanumeric() {
                match between(&rest[sign.len()..], sign) {
                    Some((inner, next)) => {
                        out.push_str(&format!("<{tag}>"));
                        escape(inner, out);
                        out.push_str(&format!("</{tag}>"));
                        before = '*';
                        rest = next;
                        continue;
                    }
                    None => *may = false,
                }
            }
            if double {
                out.push_str("**");
                before = '*';
                rest = &rest[2..];
                continue;
            }
        }
        escape(&rest[..c.len_utf8()], out);
        before = c;
        rest = after;
    }
}

/// Text up to the closing sign, which must touch a word on its inner side.
fn between<'a>(text: &'a str, sign: &str) -> Option<(&'a str, &'a str)> {
    let end = text.find(sign)?;
    let inner = &text[..end];
    let touches =
        !inner.is_empty() && !inner.starts_with(char::is_whitespace) && !inner.ends_with(char::is_whitespace);
    touches.then(|| (inner, &text[end + sign.len()..]))
}

/// `[shown](target)` or a bare address of the web at the start of the text: what is shown, the target, what follows.
fn link(text: &str, before: char) -> Option<(&str, &str, &str)> {
    if let Some(inner) = text.strip_prefix('[') {
        let window = &inner[..inner.floor_char_boundary(2000)];
        let (shown, rest) = window.split_once("](")?;
        let (target, _) = rest.split_once(')')?;
        let next = &inner[shown.len() + 2 + target.len() + 1..];
        return (!shown.trim().is_empty() && !shown.contains('[') && is_target(target))
            .then_some((shown, target, next));
    }
    if before.is_alphanumeric() || !(text.starts_with("https://") || text.starts_with("http://")) {
        return None;
    }
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(text.len());
    // The stop that ends the sentence is not part of the address.
    let address = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
    is_target(address).then(|| (address, address, &text[address.len()..]))
}

/// Only the web and mail, and nothing a browser would read otherwise than we do.
fn is_target(target: &str) -> bool {
    let clean = !target
        .contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\'));
    clean && url::Url::parse(target).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto"))
}
