//! The header block Outlook and others put above the mail being answered, and the lines that separate it.

use super::Line;
use super::vocabulary::{FORWARDED, LABELS, Label, ORIGINALS};

/// What separators are drawn with.
const DRAWN: [char; 7] = ['-', '_', '=', ' ', '—', '–', '#'];

/// Lines looked at from the first label on.
const SPAN: usize = 12;

/// A header block starts at this line: at least three kinds of label, a sender among them, and a subject or an address.
///
/// People copy records that look alike ("From: The Times"). What a program writes names an address, or has all four labels
/// and the time of day, or stands under a rule.
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
    let mut addressed = lines[index].text.contains('@');
    let mut timed = has_time(lines[index].text);
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
            addressed |= value.contains('@');
            timed |= has_time(value);
            address |= kind == Label::From && value.contains('@');
            kinds.push(kind);
            kinds.extend(labels_within(value));
        } else if blanks > 0 {
            break;
        } else {
            // A value may run over the line end.
            address |= kinds.len() == 1 && line.text.contains('@');
            addressed |= line.text.contains('@');
        }
    }
    let has = |wanted: Label| kinds.contains(&wanted);
    let distinct =
        [Label::From, Label::Date, Label::To, Label::Subject].into_iter().filter(|kind| has(*kind)).count();
    let by_program = addressed || (distinct == 4 && timed) || with_separator_above(lines, index) < index;
    has(Label::From) && distinct >= 3 && (has(Label::Subject) || address) && by_program
}

/// A time of day such as `14:05` or `14h05`.
pub fn has_time(text: &str) -> bool {
    text.as_bytes().windows(4).any(|four| {
        let [hour, colon, tens, ones] = four else { return false };
        matches!(colon, b':' | b'h') && [hour, tens, ones].iter().all(|byte| byte.is_ascii_digit())
    })
}

/// `-----Original Message-----` in any of the languages known, or "Please type your reply above this line".
pub fn is_separator(line: &str) -> bool {
    let line = line.trim().trim_matches('*').trim();
    if line.len() > 200 {
        return false;
    }
    let inner = line.trim_matches(DRAWN);
    let lower = inner.to_lowercase();
    if ["please type your reply above", "type your reply above", "reply above this line"]
        .iter()
        .any(|words| lower.starts_with(words))
    {
        return true;
    }
    if inner.len() + 4 > line.len() || !line.starts_with(DRAWN) {
        return false;
    }
    lower.contains("above this line")
        || lower.contains("oberhalb dieser zeile")
        || ORIGINALS.iter().any(|known| lower == *known)
}

/// "---------- Forwarded message ----------", "Begin forwarded message:": what follows is what the writer wants read.
pub fn is_forward(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ']).trim_matches('*');
    let ends = |c: char| DRAWN.contains(&c) || c.is_whitespace() || matches!(c, ':' | '：' | '*' | '<' | '>');
    let inner = line.trim_matches(ends);
    if inner.is_empty() || inner.len() > 120 {
        return false;
    }
    let lower = inner.to_lowercase();
    // `----- Forwarded by Ana Silva/Library on 03/05/2026 14:00 -----`
    FORWARDED.iter().any(|known| lower == *known)
        || line.starts_with("---") && lower.starts_with("forwarded by ")
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
