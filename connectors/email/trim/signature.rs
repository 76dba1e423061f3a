//! Signatures: behind `-- `, of a mailing list, of an app.

use super::Line;
use super::block::is_rule;
use super::vocabulary::APPS;

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
        if is_delimiter || is_list_footer(lines, index) {
            found = Some(index);
        }
        said += usize::from(line.is_said());
    }
    found
}

/// Start of "Sent from my phone", with whatever follows: the app puts it between the reply and the mail it answers.
///
/// Not where people wrote on between quoted lines further down.
pub fn app(lines: &[Line<'_>], end: usize) -> Option<usize> {
    let index = lines[..end].iter().position(|line| line.is_said() && is_app(line.text))?;
    let mut quoted = false;
    for line in &lines[index..end] {
        if quoted && line.is_said() {
            return None;
        }
        quoted |= line.quoted;
    }
    Some(index)
}

fn is_app(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['*', '_', '[', '(', '-', '—', ' ']);
    if line.len() > 200 || line.ends_with('?') {
        return false;
    }
    // Links after the name of the app do not count as words.
    let shown = line.split(['<', '[', '(']).next().unwrap_or_default();
    let lower = shown.to_lowercase();
    let words = shown.split_whitespace().count();
    let store = lower.contains("outlook") && line.contains("//aka.ms/");
    words <= 12 && (store || APPS.iter().any(|app| begins(&lower, app)))
        || lower.ends_with("から送信")
        || lower.ends_with("에서 보냄")
        || lower.ends_with("gönderildi") && lower.contains("iph")
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
