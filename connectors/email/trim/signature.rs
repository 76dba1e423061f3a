//! Signatures: behind `-- `, of a mailing list, of an app.

use super::Line;
use super::apps::{APPS, DISCLAIMERS, EXCUSES, GERMAN_SENT, PAST, PROGRAM_WORDS, PROGRAMS, WHOLE_APPS};
use super::block::is_rule;

/// More lines than this behind a delimiter are no signature.
const LONGEST: usize = 20;

/// Start of the signature that ends these lines.
pub fn trailing(lines: &[Line<'_>]) -> Option<usize> {
    let mut found = None;
    let mut said = 0;
    for (index, line) in lines.iter().enumerate().rev() {
        if line.quoted || said > LONGEST {
            break;
        }
        let text = line.text;
        // RFC 3676 section 4.3 wants `-- `; the space is often lost on the way.
        let is_delimiter = matches!(text.trim_end(), "--" | "- --") && text.len() <= 5;
        if (is_delimiter && is_signature(lines, index)) || is_list_footer(lines, index) {
            found = Some(index);
        }
        said += usize::from(line.is_said());
    }
    found
}

/// What stands below this delimiter is about the writer, and not a list or an afterthought that the two dashes only set off.
fn is_signature(lines: &[Line<'_>], delimiter: usize) -> bool {
    let announced = lines[..delimiter]
        .iter()
        .rfind(|line| !line.is_blank())
        .is_some_and(|line| line.text.trim_end().ends_with([':', '：']));
    let below = &lines[delimiter + 1..];
    let first_paragraph =
        below.iter().skip_while(|line| line.is_blank()).take_while(|line| !line.is_blank()).count();
    let first_paragraph = first_paragraph + below.iter().take_while(|line| line.is_blank()).count();
    let says = |(index, line): (usize, &Line<'_>)| {
        let text = line.text.trim();
        let lower = text.to_lowercase();
        let ends = text.trim_end_matches(['"', ')', '”', '»']);
        let postscript =
            ["ps:", "p.s", "ps ", "pps", "nb:", "n.b."].iter().any(|words| lower.starts_with(words));
        let sentence = index >= first_paragraph
            && ends.ends_with(['.', '!'])
            && text.split_whitespace().count() >= 4
            && !text.contains('@');
        let asks = ends.ends_with(['?', '？', '؟']);
        line.is_said() && (postscript || asks || (sentence && !is_disclaimer(&lower)))
    };
    !announced && !below.iter().enumerate().any(says)
}

/// What lawyers and programs put below a signature.
fn is_disclaimer(lower: &str) -> bool {
    DISCLAIMERS.iter().any(|words| lower.contains(words))
}

/// Start of "Sent from my phone", where that is the last that is said: a line, or a paragraph of its own.
///
/// The quote below it has been taken off. What stands behind a footer was written by somebody, and then all of it stays.
pub fn app(lines: &[Line<'_>], end: usize) -> Option<usize> {
    let last = end.checked_sub(1)?;
    let paragraph = lines[..end].iter().rposition(|line| !line.is_said()).map_or(0, |index| index + 1);
    let joined = || lines[paragraph..end].iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ");
    if end.saturating_sub(paragraph) <= 3 && paragraph < end && is_app(&joined()) {
        return Some(paragraph);
    }
    // A small letter goes on with the sentence above.
    let text = lines[last].text;
    let is_last = lines[last].is_said() && !text.trim_start().starts_with(char::is_lowercase) && is_app(text);
    if is_last { Some(last) } else { advertisement(lines, end) }
}

/// A footer with the link of its shop, which only programs write: they put it above the mail being answered. Where
/// something below it asks, that may be the patron all the same.
fn advertisement(lines: &[Line<'_>], end: usize) -> Option<usize> {
    let index =
        lines[..end].iter().position(|line| line.is_said() && has_shop(line.text) && is_app(line.text))?;
    let below = &lines[index + 1..end];
    (!below.iter().any(|line| line.quoted || line.text.contains(['?', '？', '؟']))).then_some(index)
}

fn has_shop(line: &str) -> bool {
    line.contains("//aka.ms/") && line.to_lowercase().contains("outlook")
}

/// One short statement, of the present, that names a device or a program.
fn is_app(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['*', '_', '[', '(', '-', '—', ' ']);
    if line.len() > 300 {
        return false;
    }
    // Links after the name of the app do not count as words.
    let shown = line.split(['<', '[', '(']).next().unwrap_or_default();
    let lower = shown.to_lowercase();
    let word = |list: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|word| list.contains(&word));
    let clauses = lower.trim_end().trim_end_matches(['.', '*', '_']);
    let goes_on = clauses.contains(['?', '!', ';', ':']) || clauses.contains(". ") || clauses.contains(", ");
    let excuses = EXCUSES.iter().any(|words| lower.contains(words));
    let words = shown.split_whitespace().count();
    if words > 14 || (goes_on && !excuses) || word(&PAST) {
        return false;
    }
    let names_program = PROGRAMS.iter().any(|name| lower.contains(name)) || word(&PROGRAM_WORDS);
    let by_opening = || {
        APPS.iter().any(|app| begins(&lower, app))
            // "Von meinem iPhone aus kann ich nicht …" says something; "… gesendet" does not.
            && (!lower.starts_with("von ") || GERMAN_SENT.iter().any(|sent| clauses.ends_with(sent)))
    };
    let by_end = || {
        ["から送信", "에서 보냄", "gönderildi", "herunterladen", "を入手", "다운로드"]
            .iter()
            .any(|end| clauses.ends_with(end))
    };
    (words <= 6 && has_shop(line))
        || (names_program && (by_opening() || by_end()))
        || WHOLE_APPS.contains(&clauses)
}

/// The text begins with these words, and not with longer ones.
fn begins(text: &str, words: &str) -> bool {
    let attaches = !words.ends_with(|c: char| c.is_alphabetic() && c < '\u{2e80}');
    text.strip_prefix(words).is_some_and(|rest| attaches || !rest.starts_with(char::is_alphanumeric))
}

/// A rule of underscores with the words of a mailing list below it.
fn is_list_footer(lines: &[Line<'_>], index: usize) -> bool {
    let text = lines[index].text.trim();
    let rule = text == "__" || (is_rule(text) && text.starts_with('_'));
    rule && lines[index + 1..].iter().take(4).any(|line| {
        let lower = line.text.to_lowercase();
        ["mailing list", "listinfo", "unsubscribe", "mailman", "mailingliste"]
            .iter()
            .any(|word| lower.contains(word))
    })
}
