//! Reads what somebody typed. Nothing typed is refused: what is no operator is words.

use super::days::days;
use super::term::{Has, Is, Names, Surroundings, Term};
use super::words::words;
use super::{Clause, Item, LONGEST, MOST_TERMS, Query};
use crate::model::Millis;

/// How a text is understood.
pub fn parse(text: &str, around: &Surroundings) -> Query {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    let mut query = Query { text: text.to_owned(), ..Query::default() };
    let mut or = false;
    for piece in pieces(text) {
        if piece.is_or(text) {
            or = !query.clauses.is_empty();
            continue;
        }
        let Some(term) = read(&piece, around, &mut query.hints) else { continue };
        if query.clauses.iter().map(|clause| clause.items.len()).sum::<usize>() == MOST_TERMS {
            query.hints.push(format!("Only the first {MOST_TERMS} words were looked for."));
            break;
        }
        let item = Item { negated: piece.negated, term };
        let joined = if or { query.clauses.last_mut() } else { None };
        match joined {
            Some(clause) => {
                clause.items.push(item);
                clause.span.1 = piece.end;
            }
            None => query.clauses.push(Clause { items: vec![item], span: (piece.start, piece.end) }),
        }
        or = false;
    }
    query
}

/// What stands between two spaces, or between quotation marks.
struct Piece<'t> {
    start: usize,
    end: usize,
    negated: bool,
    operator: Option<&'t str>,
    value: &'t str,
    quoted: bool,
    /// The person may still be typing it.
    last: bool,
}

impl Piece<'_> {
    fn is_or(&self, text: &str) -> bool {
        &text[self.start..self.end] == "OR"
    }
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| !c.is_whitespace()).map(|skip| at + skip) {
        let negated = text[start..].starts_with('-')
            && text[start + 1..].chars().next().is_some_and(|c| !c.is_whitespace() && c != '-');
        let begins = start + usize::from(negated);
        let rest = &text[begins..];
        let name = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let is_operator = name > 0 && rest[name..].starts_with(':');
        let from = if is_operator { begins + name + 1 } else { begins };
        let quote = text[from..].chars().next().filter(|c| is_quote(*c));
        let (value, end) = match quote {
            Some(quote) => {
                let open = from + quote.len_utf8();
                match text[open..].char_indices().find(|(_, c)| is_quote(*c)) {
                    Some((length, c)) => (&text[open..open + length], open + length + c.len_utf8()),
                    None => (&text[open..], text.len()),
                }
            }
            None => {
                let length = text[from..].find(char::is_whitespace).unwrap_or(text.len() - from);
                // A quotation mark right after a word begins a phrase of its own.
                let length = text[from..from + length].find(is_quote).filter(|at| *at > 0).unwrap_or(length);
                (&text[from..from + length], from + length)
            }
        };
        found.push(Piece {
            start,
            end,
            negated,
            operator: is_operator.then(|| &rest[..name]),
            value,
            quoted: quote.is_some(),
            last: end == text.len(),
        });
        at = end;
    }
    found
}

fn read(piece: &Piece<'_>, around: &Surroundings, hints: &mut Vec<String>) -> Option<Term> {
    let Some(operator) = piece.operator else { return plain(piece, piece.value) };
    let value = piece.value;
    let name = operator.to_ascii_lowercase();
    if value.is_empty() && KNOWN.contains(&name.as_str()) {
        hints.push(format!("{name}: needs something after the colon. It was left out."));
        return None;
    }
    let called = |names: &Names| (value.to_owned(), names.called(value));
    let term = match name.as_str() {
        "from" => named(piece).map(|(words, open_ended)| Term::From { words, open_ended }),
        "to" => named(piece).map(|(words, open_ended)| Term::To { words, open_ended }),
        "is" => value.to_ascii_lowercase().parse::<Is>().ok().map(Term::Is),
        "has" => value.to_ascii_lowercase().parse::<Has>().ok().map(Term::Has),
        "owner" => {
            let ids = match value.to_ascii_lowercase().as_str() {
                "me" => Some(vec![around.me]),
                "none" => None,
                _ => Some(around.staff.called(value)),
            };
            Some(Term::Owner { name: value.to_owned(), ids })
        }
        "desk" => Some(called(&around.desks)).map(|(name, ids)| Term::Desk { name, ids }),
        "channel" => Some(called(&around.channels)).map(|(name, ids)| Term::Channel { name, ids }),
        "branch" => Some(called(&around.branches)).map(|(name, ids)| Term::Branch { name, ids }),
        "tag" => Some(called(&around.tags)).map(|(name, ids)| Term::Tag { name, ids }),
        "before" => days(value, around.now, &around.zone).map(|days| Term::Said {
            from: Millis::MIN,
            until: days.begins,
            named: format!("before {}", days.named),
        }),
        "after" => days(value, around.now, &around.zone).map(|days| Term::Said {
            from: days.ends,
            until: Millis::MAX,
            named: format!("after {}", days.named),
        }),
        "on" => days(value, around.now, &around.zone).map(|days| Term::Said {
            from: days.begins,
            until: days.ends,
            named: format!(
                "{} {}",
                if days.named.starts_with(|c: char| c.is_ascii_digit()) && days.named.contains(' ') {
                    "on"
                } else {
                    "in"
                },
                days.named
            ),
        }),
        _ => None,
    };
    match &term {
        Some(
            Term::Owner { name: called, ids: Some(ids) }
            | Term::Desk { name: called, ids }
            | Term::Channel { name: called, ids }
            | Term::Branch { name: called, ids }
            | Term::Tag { name: called, ids },
        ) if ids.is_empty() => {
            let what = if name == "owner" { "Nobody of us" } else { &format!("No {name}") };
            hints.push(format!("{what} is called “{called}”."));
        }
        None => hints.extend(not_understood(&name, value)),
        _ => {}
    }
    term.or_else(|| plain(piece, &format!("{operator}:{value}")))
}

const KNOWN: [&str; 12] =
    ["from", "to", "is", "has", "owner", "desk", "channel", "branch", "tag", "before", "after", "on"];

/// Why something with a colon was read as words. An address on the web is no misspelt operator.
fn not_understood(name: &str, value: &str) -> Option<String> {
    if value.is_empty() || value.starts_with('/') {
        return None;
    }
    Some(match name {
        "is" => format!(
            "is:{value} is unknown and was read as words. Known are open, unclaimed, mine, late, due, waiting, snoozed, \
             done, spam, urgent and public."
        ),
        "has" => {
            format!("has:{value} is unknown and was read as words. Known are file, note, draft and followup.")
        }
        "before" | "after" | "on" => format!(
            "“{value}” is no day and was read as words. Write {name}:2026-10-01, {name}:2026-10, {name}:2026, \
             {name}:today or {name}:yesterday."
        ),
        "from" | "to" => return None,
        "team" => format!("team: was read as a word. Write desk:{value} for what is at a desk."),
        _ => format!("{name}: is no operator and was read as a word. Known are {}.", known()),
    })
}

fn known() -> String {
    let (last, first) = KNOWN.split_last().expect("there are operators");
    let first: Vec<String> = first.iter().map(|name| format!("{name}:")).collect();
    format!("{} and {last}:", first.join(", "))
}

fn plain(piece: &Piece<'_>, text: &str) -> Option<Term> {
    let found = words(text);
    let open_ended = !piece.quoted && piece.last && !piece.negated && goes_on(text, &found);
    (!found.is_empty()).then_some(Term::Words { words: found, open_ended })
}

fn named(piece: &Piece<'_>) -> Option<(Vec<String>, bool)> {
    let found = words(piece.value);
    let open_ended = !piece.quoted && piece.last && !piece.negated && goes_on(piece.value, &found);
    (!found.is_empty()).then_some((found, open_ended))
}

/// Whether the last word may be the beginning of a longer one: half the library begins with an a.
fn goes_on(text: &str, found: &[String]) -> bool {
    let ends_in_a_word = text.chars().last().is_some_and(|c| !words(c.encode_utf8(&mut [0; 4])).is_empty());
    ends_in_a_word && found.last().is_some_and(|last| last.chars().count() > 2 || !last.is_ascii())
}

#[cfg(test)]
mod tests;
