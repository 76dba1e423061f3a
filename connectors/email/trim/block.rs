//! The header block Outlook and others put above the mail being answered, and the lines that separate it.

use super::Line;
use super::vocabulary::{LABELS, Label, ORIGINALS};

/// Lines looked at from the first label on.
const SPAN: usize = 12;

/// A header block starts at this line: at least three kinds of label, a sender among them, and a subject or an address.
pub fn starts_at(lines: &[Line<'_>], index: usize) -> bool {
    let Some((first, value)) = opening(&lines[index]) else {
        return false;
    };
    // A block that began a line further up has been looked at from there.
    if index > 0 && opening(&lines[index - 1]).is_some() {
        return false;
    }
    let mut kinds = vec![first];
    kinds.extend(labels_within(value));
    let mut address = first == Label::From && value.contains('@');
    let mut blanks = 0;
    for line in lines[index + 1..].iter().take(SPAN) {
        if line.quoted {
            break;
        }
        if line.is_blank() {
            blanks += 1;
            if blanks > 3 || kinds.len() >= 4 {
                break;
            }
            continue;
        }
        if let Some((kind, value)) = label(line.text) {
            blanks = 0;
            address |= kind == Label::From && value.contains('@');
            kinds.push(kind);
            kinds.extend(labels_within(value));
        } else if blanks > 0 {
            break;
        } else {
            // A value may run over the line end.
            address |= kinds.len() == 1 && line.text.contains('@');
        }
    }
    let has = |wanted: Label| kinds.contains(&wanted);
    let distinct =
        [Label::From, Label::Date, Label::To, Label::Subject].into_iter().filter(|kind| has(*kind)).count();
    has(Label::From) && distinct >= 3 && (has(Label::Subject) || address)
}

/// `-----Original Message-----` in any of the languages known.
pub fn is_separator(line: &str) -> bool {
    let line = line.trim().trim_matches('*').trim();
    let inner = line.trim_matches(['-', '_', '=', ' ', '—', '–']);
    if line.len() > 200 || inner.len() + 4 > line.len() || !line.starts_with(['-', '_', '=', '—']) {
        return false;
    }
    let inner = inner.to_lowercase();
    if inner.contains("above this line") || inner.contains("oberhalb dieser zeile") {
        return true;
    }
    ORIGINALS.iter().any(|known| inner == *known)
}

/// The start moved up over rules (`____`, `====`) that only separate.
pub fn with_separator_above(lines: &[Line<'_>], start: usize) -> usize {
    let mut at = start;
    for index in (start.saturating_sub(3)..start).rev() {
        let text = lines[index].text.trim();
        if is_rule(text) {
            at = index;
        } else if !text.is_empty() {
            break;
        }
    }
    at
}

/// Nothing but one drawing character, at least three times.
pub fn is_rule(text: &str) -> bool {
    let text = text.trim().trim_matches('*');
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|first| matches!(first, '-' | '_' | '=' | '—' | '–' | '─') && chars.all(|c| c == first))
        && text.chars().count() >= 3
}

/// The label and value of a line that can be the first of a block.
fn opening<'a>(line: &Line<'a>) -> Option<(Label, &'a str)> {
    let first = |kind: &Label| matches!(kind, Label::From | Label::Date | Label::Subject);
    label(line.text).filter(|(kind, _)| !line.quoted && first(kind))
}

/// Labels further on in a line: "À : ana@example.org Objet : question", and whole blocks run together.
fn labels_within(value: &str) -> Vec<Label> {
    let colons = value.match_indices([':', '：']).take(12);
    colons
        .filter_map(|(at, _)| {
            let words: Vec<&str> = value[..at].split_whitespace().rev().take(2).collect();
            let one = kind_of(words.first()?);
            let two = || kind_of(&format!("{} {}", words.get(1)?, words[0]));
            one.or_else(two)
        })
        .collect()
}

fn kind_of(name: &str) -> Option<Label> {
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '\u{a0}'));
    if name.is_empty() || name.len() > 40 {
        return None;
    }
    LABELS.get(name.to_lowercase().as_str()).copied()
}

/// Kind of label at the start of a line, and what follows the colon.
fn label(line: &str) -> Option<(Label, &str)> {
    let line = line
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '\u{200e}' | '\u{200f}'));
    let head = &line[..line.floor_char_boundary(60)];
    let colon = head.find([':', '：'])?;
    let kind = kind_of(&line[..colon])?;
    let value = line[colon..].trim_start_matches([':', '：', '*', ' ', '\u{a0}']);
    Some((kind, value))
}
