//! The line that introduces a quote: "On Monday, Ana wrote:" in the languages patrons write.

use super::Line;
use super::block::has_time;
use super::vocabulary::{BETWEEN_PEOPLE, MIDDLE_VERBS, STARTERS, VERBS};
use crate::email::names::is_hidden;

/// Longest attribution, in bytes, and the most lines one is broken over.
const LONGEST: usize = 500;
const MOST_LINES: usize = 6;

/// The line may be the last of an attribution. Cheap, so that only few lines are looked at closely.
pub fn ends_one(line: &str) -> bool {
    is_firm(line) || (closes(bare(line)) && line.contains('@'))
}

/// It ends with a colon or a verb, so that what follows is the quote even without quote signs.
pub fn is_firm(line: &str) -> bool {
    let line = bare(line);
    line.ends_with([':', '：']) || final_verb(&tail(line).to_lowercase()).is_some() || zoho(line)
}

/// A program wrote these lines, not a patron who tells what somebody wrote ("On 3 May at 10:00, your colleague said:").
///
/// Where no quote signs follow, only this tells the mail being answered from the rest of a question: an address, or the
/// time of day and no word that people use of each other.
pub fn is_by_program(lines: &[Line<'_>]) -> bool {
    let joined = lines.iter().map(|line| bare(line.text)).collect::<Vec<_>>().join(" ");
    let said = matches!(final_verb(joined.trim_end_matches([':', '：', ' '])), Some("said" | "says"));
    joined.contains('@')
        || zoho(&joined)
        || (has_time(&joined) && !said && !BETWEEN_PEOPLE.iter().any(|word| has_word(&joined, word)))
}

/// `> wrote:` or `>:`, the end of an address that was broken in front of its bracket, and not a quote.
pub fn is_loose_end(line: &str) -> bool {
    let Some(rest) = line.trim().strip_prefix('>') else {
        return false;
    };
    let rest = rest.trim().to_lowercase();
    let verb = rest.trim_end_matches([':', '：', ' ']);
    rest.ends_with([':', '：']) && (verb.is_empty() || VERBS.contains(&verb))
}

/// First line of the attribution that ends with this line.
pub fn ending_at(lines: &[Line<'_>], index: usize) -> Option<usize> {
    let last = lines[index].text;
    if lines[index].quoted || last.len() > LONGEST || !ends_one(last) {
        return None;
    }
    let goes_on = continues(last);
    let mut joined = String::new();
    let mut weak = None;
    let mut blanks = 0;
    for back in 0..MOST_LINES {
        let start = index.checked_sub(back)?;
        let line = &lines[start];
        if line.quoted {
            break;
        }
        if line.is_blank() {
            blanks += 1;
            if blanks > 1 || !goes_on {
                break;
            }
            continue;
        }
        joined = if joined.is_empty() {
            bare(line.text).to_owned()
        } else {
            format!("{} {joined}", bare(line.text))
        };
        if joined.len() > LONGEST {
            break;
        }
        let seen: String = joined.chars().filter(|c| !is_hidden(*c)).collect();
        match strength(&seen.to_lowercase()) {
            Strength::Whole => return Some(start),
            Strength::Loose if back == 0 || goes_on => return Some(start),
            Strength::Nameless if weak.is_none() => weak = Some(start),
            _ => {}
        }
    }
    weak
}

enum Strength {
    /// Begins as attributions begin, with a date, and ends as they end.
    Whole,
    /// Has a date and an end, but an unknown beginning.
    Loose,
    /// `Ana <ana@example.org> wrote:` without a date.
    Nameless,
    No,
}

fn strength(text: &str) -> Strength {
    if zoho(text) {
        return Strength::Whole;
    }
    let colon = text.ends_with([':', '：']);
    let body = text.trim_end_matches([':', '：', ' ']);
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    let begins = begins(text);
    let address = body.contains('@');
    let closes = closes(body);
    if let Some(verb) = final_verb(body) {
        let before = body[..body.len() - verb.len()].trim_end();
        let english = matches!(verb, "wrote" | "writes" | "said" | "says");
        return match () {
            () if !colon && (!address || digits < 5) => Strength::No,
            () if begins && digits >= 3 => Strength::Whole,
            () if !english && digits >= 5 => Strength::Loose,
            () if address && self::closes(before) => Strength::Nameless,
            () => Strength::No,
        };
    }
    if !colon {
        // `2026-05-03 14:00 GMT+02:00 Ana <ana@example.org>`
        let dated = digits >= 8 && text.starts_with(|c: char| c.is_numeric());
        return if closes && address && dated { Strength::Whole } else { Strength::No };
    }
    let middle = MIDDLE_VERBS.iter().any(|verb| has_word(text, verb));
    match () {
        () if middle && begins && digits >= 5 => Strength::Whole,
        () if digits >= 8 && text.contains(" wrote on ") => Strength::Whole,
        () if middle && begins && digits >= 3 && closes && address => Strength::Whole,
        () if middle && digits >= 5 && address => Strength::Loose,
        () if begins && digits >= 6 && closes && address => Strength::Whole,
        () => Strength::No,
    }
}

/// The words stand in the text with nothing attached.
fn has_word(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        [before, after].into_iter().flatten().all(|c| !c.is_alphanumeric())
    })
}

/// Ends like an address in brackets.
fn closes(text: &str) -> bool {
    text.ends_with(['>', ')', ']']) || text.ends_with("&gt;")
}

/// Begins with a date, a weekday or a word such as "On".
fn begins(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let starts_with_word = |starter: &&str| {
        text.strip_prefix(*starter).is_some_and(|rest| rest.starts_with([' ', '\u{a0}', ',']))
    };
    // `Wednesday, 17 November`, `ср, 30 апр.`, `tir. 18. apr.`
    let is_weekday = first.ends_with([',', '.'])
        && first.chars().count() <= 14
        && text[first.len()..].trim_start().starts_with(|c: char| c.is_numeric());
    first.starts_with(|c: char| c.is_numeric())
        || first.starts_with(['在', '於', '于'])
        || is_weekday
        || STARTERS.iter().any(starts_with_word)
}

/// `---- On Wed, 24 Feb 2021 14:02:50 +0530 ana@example.org wrote ----`
fn zoho(text: &str) -> bool {
    let inner = text.trim_start_matches('-').trim_end_matches('-');
    text.starts_with("---")
        && text.ends_with("---")
        && inner.bytes().any(|b| b.is_ascii_digit())
        && final_verb(&inner.trim().to_lowercase()).is_some()
}

/// The verb that ends the text, in lower case, standing as a word of its own or, in some scripts, attached.
fn final_verb(text: &str) -> Option<&'static str> {
    let text = text.trim_end();
    // Every line is asked, and few end as one of these: their last bytes say so in no time.
    let ends_alike = |verb: &&str| verb.bytes().next_back() == text.bytes().next_back();
    VERBS.iter().copied().filter(ends_alike).find(|verb| {
        text.strip_suffix(verb).is_some_and(|before| {
            let attached = !verb.is_ascii() && verb.chars().next().is_some_and(|c| u32::from(c) > 0x2e00);
            before.is_empty()
                || attached
                || before.ends_with(|c: char| {
                    c.is_whitespace()
                        || matches!(c, '>' | ',' | '"' | ')' | '*' | ';')
                        || c.is_alphanumeric() && before.ends_with(".com")
                })
        })
    })
}

/// The line begins in the middle of an address or is a verb alone: the attribution began further up.
fn continues(line: &str) -> bool {
    let line = bare(line);
    let close = line.find('>');
    line.starts_with('<')
        || close.is_some_and(|close| line.find('<').is_none_or(|open| open > close))
        || line.split_whitespace().count() <= 3
}

/// Without white space, quote signs and emphasis around it.
fn bare(line: &str) -> &str {
    let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_') || is_hidden(c));
    // `--- On Mon, 3/5/26, Ana wrote:`
    line.strip_prefix("--- ").unwrap_or(line)
}

/// The last bytes of a line, enough for a verb.
fn tail(line: &str) -> &str {
    &line[line.floor_char_boundary(line.len().saturating_sub(60))..]
}
