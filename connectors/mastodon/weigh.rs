//! How long a text is for an instance (Mastodon's StatusLengthValidator): every link counts the same, a name counts without
//! its host, everything else by what a reader sees as one character.
//!
//! Where this cannot know what the instance will see (an emoji of several people, an ending that is no top-level domain), it
//! counts too much rather than too little.

use unicode_normalization::UnicodeNormalization;

/// The length of a text where every link counts `link`.
pub fn weigh(text: &str, link: u32) -> u32 {
    let mut used = 0_u32;
    let mut rest = text;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let alone = before.is_none_or(|before: char| !before.is_alphanumeric() && !"@#$/=_".contains(before));
        let (taken, weight) = match first {
            'h' | 'H' if alone => match url(rest) {
                0 => (first.len_utf8(), 1),
                length => (length, link),
            },
            '@' if alone => match name(rest) {
                Some((shown, hidden)) => (shown + hidden, plain(&rest[..shown])),
                None => (1, 1),
            },
            _ => {
                let end = rest.char_indices().skip(1).find(|(_, c)| matches!(c, 'h' | 'H' | '@'));
                let end = end.map_or(rest.len(), |(at, _)| at);
                (end, plain(&rest[..end]))
            }
        };
        used = used.saturating_add(weight);
        before = rest[..taken].chars().next_back();
        rest = &rest[taken..];
    }
    used
}

fn plain(text: &str) -> u32 {
    // These belong to the character before them.
    let joins = |c: &char| matches!(c, '\u{fe0f}' | '\u{200d}' | '\u{1f3fb}'..='\u{1f3ff}');
    u32::try_from(text.nfc().filter(|c| !joins(c)).count()).unwrap_or(u32::MAX)
}

/// How many bytes at the start are surely one link; 0: none.
fn url(text: &str) -> usize {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let Some(scheme) = scheme else { return 0 };
    let after = &text[scheme.len()..];
    let host = &after
        [..after.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.').unwrap_or(after.len())];
    let host = host.trim_end_matches(['.', '-']);
    let ending = host.rsplit_once('.').map_or("", |(_, ending)| ending);
    if ending.len() < 2 || !ending.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return 0;
    }
    let path = &after[host.len()..];
    if !path.starts_with(['/', '?', ':']) {
        return scheme.len() + host.len();
    }
    let is_of_path = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c);
    let path = &path[..path.find(|c| !is_of_path(c)).unwrap_or(path.len())];
    let ends = |c: char| !(c.is_ascii_alphanumeric() || "/=_#-".contains(c));
    scheme.len() + host.len() + path.trim_end_matches(ends).len()
}

/// `@name@host` at the start: how many bytes are counted, and how many are not.
fn name(text: &str) -> Option<(usize, usize)> {
    let after = text.strip_prefix('@')?;
    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '-'))?;
    let user = after[..end].trim_end_matches(['.', '-']);
    let host = after[user.len()..].strip_prefix('@').filter(|_| !user.is_empty())?;
    let end =
        host.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-')).unwrap_or(host.len());
    let host = host[..end].trim_end_matches(['.', '-']);
    (!host.is_empty()).then(|| (user.len() + 1, host.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_count_the_same_and_names_without_their_host() {
        for (text, weight) in [
            ("", 0),
            ("hello", 5),
            ("https://library.example/a/very/long/way/to/the/opening/hours?year=2026#june", 23),
            ("see http://a.example, then", 4 + 23 + 6),
            ("HTTPS://A.example/x.", 24),
            ("xhttps://a.example/x", 20),
            ("https://nowhere/that/is/not/on/the/web", 38),
            ("@ottoline@reading.example hello", 9 + 6),
            ("@ottoline hello", 15),
            ("me@ottoline.example", 19),
            ("e\u{301}t\u{e9}", 3),
            ("👍🏽 ❤️", 3),
            ("漢字", 2),
        ] {
            assert_eq!(weigh(text, 23), weight, "{text}");
        }
    }
}
