//! A post's markup as a person reads it, and the names before an answer.

use std::fmt::Write as _;

use crate::markup::{scan, to_text};

/// The text of a post. Names and hashtags are links in it, and are read as what is shown; other links keep their address.
pub fn readable(html: &str) -> String {
    // Instances show every space that was written.
    let mut plain = String::with_capacity(html.len() + 16);
    plain.push_str("<pre>");
    // For each open link whether it was left out.
    let mut links = Vec::new();
    for token in scan::tokens(html) {
        match token {
            scan::Token::Text(text) => plain.push_str(text),
            scan::Token::Open("a", attributes) => {
                let class = attributes.get("class").unwrap_or_default();
                let is_name = class.split_ascii_whitespace().any(|one| matches!(one, "mention" | "hashtag"));
                links.push(is_name);
                if !is_name {
                    plain.push_str("<a href=\"");
                    // The value as written has its entities already; only the quote could end it early.
                    plain.push_str(&attributes.get("href").unwrap_or_default().replace('"', "&quot;"));
                    plain.push_str("\">");
                }
            }
            scan::Token::Close("a") => {
                if links.pop() == Some(false) {
                    plain.push_str("</a>");
                }
            }
            // Parts of a link that are not shown belong to its address.
            scan::Token::Open("span", _) | scan::Token::Close("span") => {}
            scan::Token::Open(name, _) => {
                let _ = write!(plain, "<{name}>");
            }
            scan::Token::Close(name) => {
                let _ = write!(plain, "</{name}>");
            }
        }
    }
    to_text(&plain)
}

/// Without the names before an answer (`all`), or without our own before a question.
pub fn without_names<'a>(text: &'a str, ours: Option<&str>, all: bool) -> &'a str {
    let mut rest = text.trim_start();
    while let Some((name, behind)) = first_name(rest) {
        let is_ours = ours.is_some_and(|ours| is_called(name, ours));
        let trimmed = behind.trim_start_matches([',', ':']).trim_start();
        // A name alone is all there is to read.
        if !(is_ours || all) || trimmed.is_empty() {
            break;
        }
        rest = trimmed;
    }
    rest
}

/// Whether somebody is named in a text, by their whole name or by as much of it as is shown.
pub fn names(text: &str, acct: &str) -> bool {
    let starts = text.match_indices('@').map(|(at, _)| at).filter(|at| {
        !text[..*at]
            .ends_with(|before: char| before.is_alphanumeric() || matches!(before, '_' | '/' | '=' | '@'))
    });
    starts.filter_map(|at| first_name(&text[at..])).any(|(name, _)| name.eq_ignore_ascii_case(acct))
}

/// Two texts that a reader would take for the same. An instance shows names without their host.
pub fn is_same(one: &str, other: &str) -> bool {
    use unicode_normalization::UnicodeNormalization;
    let folded = |text: &str| -> Vec<String> {
        let short = |word: &str| match first_name(word) {
            Some((name, behind)) => format!("@{}{behind}", user(name)),
            None => word.to_owned(),
        };
        text.nfc().collect::<String>().split_whitespace().map(short).collect()
    };
    folded(one) == folded(other)
}

/// The name before the host.
pub fn user(acct: &str) -> &str {
    acct.split('@').next().unwrap_or(acct)
}

fn is_called(name: &str, acct: &str) -> bool {
    name.eq_ignore_ascii_case(acct) || name.eq_ignore_ascii_case(user(acct))
}

/// `@name` or `@name@host` at the start of a text: the name without its first @, and what follows.
fn first_name(text: &str) -> Option<(&str, &str)> {
    let after = text.strip_prefix('@')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
    let mut whole = after[..end].trim_end_matches(['.', '-']).len();
    if whole == 0 {
        return None;
    }
    if let Some(host) = after[whole..].strip_prefix('@') {
        let is_host = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
        let end = host.find(|c| !is_host(c)).unwrap_or(host.len());
        let length = host[..end].trim_end_matches(['.', '-']).len();
        whole += if length > 0 { length + 1 } else { 0 };
    }
    Some(after.split_at(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_read_as_it_is_shown_with_whole_links() {
        let html = concat!(
            r#"<p><span class="h-card" translate="no"><a href="https://library.social/@desk" class="u-url mention">@<span>desk</span></a></span> "#,
            r#"is <a href="https://library.example/opening-hours/2026" rel="nofollow"><span class="invisible">https://</span>"#,
            r#"<span class="ellipsis">library.example/opening-hours</span><span class="invisible">/2026</span></a> right?<br>"#,
            r#"I love <a href="https://library.social/tags/books" class="mention hashtag" rel="tag">#<span>books</span></a> &amp; <b>maps</b></p><p>Tam</p>"#,
        );
        assert_eq!(
            readable(html),
            "@desk is https://library.example/opening-hours/2026 right?\nI love #books & maps\n\nTam"
        );
        assert_eq!(
            readable(r#"<a href="https://other.example/x">here</a>"#),
            "here <https://other.example/x>"
        );
    }

    #[test]
    fn only_names_that_say_nothing_go() {
        let ours = Some("desk@library.social");
        assert_eq!(without_names("@Desk are you open?", ours, false), "are you open?");
        assert_eq!(without_names("@desk@library.social: are you open?", ours, false), "are you open?");
        assert_eq!(without_names("@ana@books.example @desk hm", ours, false), "@ana@books.example @desk hm");
        assert_eq!(without_names("@ana@books.example @desk hm", ours, true), "hm");
        assert_eq!(without_names("@desk", ours, true), "@desk");
        assert_eq!(without_names("@ what", ours, true), "@ what");
    }

    #[test]
    fn somebody_is_named_by_their_whole_name_only() {
        assert!(names("ask @Ana@books.example.", "ana@books.example"));
        assert!(!names("ask @ana", "ana@books.example"), "that is somebody of this instance");
        assert!(!names("mail me: x@ana@books.example", "ana@books.example"));
        assert!(is_same("@ana@books.example  See you", "@ana See\nyou"));
        assert!(!is_same("@ana See you", "@ana See them"));
    }
}
