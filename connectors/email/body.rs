//! Which parts of a mail are its text.

use super::mail::Limits;
use super::mime::{Part, Tree};
use super::{calendar, enriched, flowed, rtf};
use crate::markup;

/// The text of a mail in its three forms.
#[derive(Debug, Default)]
pub struct Body {
    /// Plain parts, joined.
    pub plain: String,
    /// HTML parts, joined, with plain parts that stand between them.
    pub html: Option<String>,
    /// Best readable text.
    pub text: String,
    /// Something was longer than allowed.
    pub cut: bool,
    /// For each part of the tree: it is text and so no attachment.
    pub used: Vec<bool>,
}

/// Picks and decodes the text parts.
///
/// Text is every `text/plain` and `text/html` part not marked as an attachment, and a multipart that never started.
/// Within a `multipart/alternative` the plain part is read and the HTML shown; an empty plain part counts as none.
/// Enriched and rich text are read where they do not repeat one of these; rich text stays a file too.
pub fn choose(tree: &Tree<'_>, limits: &Limits) -> Body {
    let mut body = Body { used: vec![false; tree.parts.len()], ..Body::default() };
    let mut pieces: Vec<Piece> = Vec::new();
    for (index, part) in tree.parts.iter().enumerate() {
        let group = alternative_of(tree, index);
        let Some(form) = form_of(part) else {
            continue;
        };
        if matches!(form, Form::Enriched | Form::Rich) && has_better(tree, index, group) {
            continue;
        }
        body.used[index] = form != Form::Rich;
        if part.is_enclosed {
            continue;
        }
        let is_html = form == Form::Html;
        let mut text = match form {
            Form::Plain | Form::Html => lines(part.text()),
            Form::Enriched => enriched::to_text(&lines(part.text())),
            Form::Rich => rtf::to_text(&part.decoded()),
        };
        if !is_html && part.content_type.param("format").is_some_and(|f| f.eq_ignore_ascii_case("flowed")) {
            let delsp = part.content_type.param("delsp").is_some_and(|d| d.eq_ignore_ascii_case("yes"));
            text = flowed::unflow(&text, delsp);
        }
        body.cut |= cut(&mut text, limits.text_bytes);
        let is_preamble = part.content_type.main() == "multipart" || part.headers.runs_into_body;
        if !text.trim().is_empty() {
            pieces.push(Piece { is_html, is_preamble, group, text });
        }
    }
    for piece in &pieces {
        let among = |is_html| {
            piece.group.is_some()
                && pieces.iter().any(|other| other.group == piece.group && other.is_html == is_html)
        };
        match piece.is_html {
            false => {
                if !piece.is_preamble {
                    join(&mut body.plain, &piece.text);
                }
                join(&mut body.text, &piece.text);
                if !among(true) && pieces.iter().any(|other| other.is_html) {
                    join(body.html.get_or_insert_default(), &markup::from_text(&piece.text));
                }
            }
            true => {
                join(body.html.get_or_insert_default(), &piece.text);
                if !among(false) {
                    let text = markup::to_text(&piece.text);
                    // Sloppy programs send both forms without calling them alternatives.
                    if !says_the_same(&body.text, &text) {
                        join(&mut body.text, &text);
                    }
                }
            }
        }
        if body.text.len() > limits.text_bytes || body.plain.len() > limits.text_bytes {
            body.cut |= cut(&mut body.text, limits.text_bytes) | cut(&mut body.plain, limits.text_bytes);
            break;
        }
    }
    for part in tree.parts.iter().filter(|part| calendar::is_calendar(part)).take(3) {
        if let Some(line) = calendar::summary(&part.text()) {
            join(&mut body.text, &line);
        }
    }
    body
}

struct Piece {
    is_html: bool,
    /// Text that is read by courtesy only: of a multipart that never started, or run into by the header.
    is_preamble: bool,
    /// Outermost multipart/alternative it stands in.
    group: Option<usize>,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Html,
    Enriched,
    Rich,
}

/// How the part's text is written, if it is text.
fn form_of(part: &Part<'_>) -> Option<Form> {
    if part.is_container || part.is_closed || part.disposition.value == "attachment" {
        return None;
    }
    match part.content_type.value.as_str() {
        "text/plain" => Some(Form::Plain),
        "text/html" => Some(Form::Html),
        "text/enriched" | "text/richtext" => Some(Form::Enriched),
        "text/rtf" | "application/rtf" if part.filename().is_none() => Some(Form::Rich),
        // Announced as a multipart, but no part ever came: what stands there is text.
        kind if kind.starts_with("multipart/") => Some(Form::Plain),
        _ => None,
    }
}

/// The alternative has a plain or HTML part beside this one.
fn has_better(tree: &Tree<'_>, index: usize, group: Option<usize>) -> bool {
    group.is_some()
        && tree.parts.iter().enumerate().any(|(other, part)| {
            other != index
                && matches!(form_of(part), Some(Form::Plain | Form::Html))
                && alternative_of(tree, other) == group
        })
}

fn alternative_of(tree: &Tree<'_>, mut index: usize) -> Option<usize> {
    let mut group = None;
    while let Some(parent) = tree.parts[index].parent {
        if tree.parts[parent].content_type.value == "multipart/alternative" {
            group = Some(parent);
        }
        index = parent;
    }
    group
}

fn join(into: &mut String, text: &str) {
    let text = text.trim_end();
    if into.is_empty() {
        into.push_str(text);
    } else if !text.trim().is_empty() {
        into.truncate(into.trim_end().len());
        into.push_str("\n\n");
        into.push_str(text);
    }
}

/// Line ends as `\n`.
fn lines(text: String) -> String {
    match text.contains('\r') {
        true => text.replace("\r\n", "\n").replace('\r', "\n"),
        false => text,
    }
}

fn cut(text: &mut String, limit: usize) -> bool {
    let too_long = text.len() > limit;
    if too_long {
        text.truncate(text.floor_char_boundary(limit));
    }
    too_long
}

fn says_the_same(known: &str, text: &str) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<String>();
    known.len() < 100_000 && !known.is_empty() && words(known) == words(text)
}
