//! Where X will see a link in a text, by the published rules of its own counter (twitter-text 3): each link is shortened,
//! and counts the same however long it is.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::tlds;

/// A link that X will make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the text.
    pub at: Range<usize>,
    /// The end of its name is one that we know; X knows more of them.
    pub is_sure: bool,
}

/// A DNS label has no more than this (RFC 1035), as X's counter also holds.
const LONGEST_LABEL: usize = 63;
/// No short link of X's own is longer.
const LONGEST_SLUG: usize = 40;
/// Longer is no link for X's counter.
const LONGEST: usize = 4096;

const DIRECTIONAL: &str = r"\x{202A}-\x{202E}\x{061C}\x{200E}\x{200F}\x{2066}-\x{2069}";
const INVALID: &str = r"\x{FFFE}\x{FEFF}\x{FFFF}";

/// Something like `https://name.name/path?query`; what it says of names is finer than any pattern, and done by hand.
static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    let letter = format!(r"[^!'#%&()*+,\\\-./:;<=>?@\[\]^_{{|}}~$\s{DIRECTIONAL}{INVALID}]");
    let label = format!(r"{letter}(?:[_\-]*{letter})*");
    let path = r"a-z0-9\p{Latin}\p{Cyrillic}";
    let general = format!(r"[{path}!*';:=+,.$/%#\[\]\-\x{{2013}}_~@|&]");
    let ending = format!(r"[{path}+\-=_#/]");
    let balanced = format!(r"\((?:{general}|\({general}+\))+\)");
    let whole_path = format!(r"/(?:(?:{general}|{balanced})*(?:{ending}|{balanced}))?");
    let query = r"\?(?:[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9_&=#/\-])";
    let pattern = format!(
        r"(?i)(?P<protocol>https?://)?(?P<domain>{label}(?:\.{label})+)(?P<port>:[0-9]+)?(?P<path>{whole_path})?(?P<query>{query})?"
    );
    Regex::new(&pattern).expect("the pattern is written out above")
});

static SHORTENED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^https?://t\.co/([a-z0-9]+)").expect("the pattern is written out above")
});

/// All links, in order.
pub fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(captures) = CANDIDATE.captures_at(text, from) {
        let (Some(whole), Some(domain)) = (captures.get(0), captures.name("domain")) else { break };
        let candidate = Candidate {
            text,
            whole: whole.range(),
            domain: domain.range(),
            protocol: captures.name("protocol").is_some(),
        };
        // Something that is no link may hold one: a name in the midst of letters that are no part of it.
        let link = candidate.link().or_else(|| candidate.inner());
        let next = link.as_ref().map_or(domain.end(), |link| link.at.end);
        found.extend(link);
        from = next.max(whole.start() + text[whole.start()..].chars().next().map_or(1, char::len_utf8));
    }
    found
}

struct Candidate<'a> {
    text: &'a str,
    whole: Range<usize>,
    domain: Range<usize>,
    protocol: bool,
}

impl Candidate<'_> {
    fn link(&self) -> Option<Found> {
        let before = self.text[..self.whole.start].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphanumeric() || "@＠$#＃\u{fffe}\u{feff}\u{ffff}".contains(c))
        {
            return None;
        }
        if !self.protocol {
            // Without a protocol only names in Latin letters count, and not behind these.
            let is_plain = self.text[self.domain.clone()].chars().all(is_latin);
            return (is_plain && before.is_none_or(|c| !"-_./".contains(c)))
                .then(|| self.plain(self.domain.clone()))
                .flatten();
        }
        let (end, is_sure) = self.name_end(self.domain.clone())?;
        let at = self.whole.start..if end == self.domain.end { self.whole.end } else { end };
        if !names_fit(&self.text[self.domain.start..end]) || at.len() > LONGEST {
            return None;
        }
        // X's own short links end where its names end.
        let Some(short) = SHORTENED.captures(&self.text[at.clone()]) else {
            return Some(Found { at, is_sure });
        };
        let (whole, slug) = (short.get(0)?, short.get(1)?);
        (slug.len() <= LONGEST_SLUG).then(|| Found { at: at.start..at.start + whole.end(), is_sure })
    }

    /// A name without a protocol, alone or with a path behind it.
    fn plain(&self, domain: Range<usize>) -> Option<Found> {
        let (end, _) = self.name_end(domain.clone())?;
        let name = &self.text[domain.start..end];
        if !names_fit(name) || name.contains('_') {
            return None;
        }
        let end = if end == self.domain.end { self.whole.end } else { end };
        Some(Found { at: domain.start..end, is_sure: true })
    }

    /// The name in Latin letters within one that is not.
    fn inner(&self) -> Option<Found> {
        if self.protocol {
            return None;
        }
        let mut at = self.domain.start;
        for run in self.text[self.domain.clone()].split_inclusive(|c: char| !is_latin(c)) {
            let latin = run.trim_end_matches(|c: char| !is_latin(c));
            let range = at..at + latin.len();
            at += run.len();
            if latin.contains('.')
                && !latin.starts_with(['.', '-', '_'])
                && range != self.domain
                && let Some(found) = self.plain(range)
            {
                return Some(found);
            }
        }
        None
    }

    /// Where the name ends that ends in a known end, and whether it surely does. With a protocol an unknown end will do.
    fn name_end(&self, domain: Range<usize>) -> Option<(usize, bool)> {
        let name = &self.text[domain.clone()];
        // From the last label to the second.
        let mut labels: Vec<(usize, usize)> = Vec::new();
        let mut end = domain.end;
        for (dot, _) in name.rmatch_indices('.') {
            labels.push((domain.start + dot + 1, end));
            end = domain.start + dot;
        }
        for (start, end) in labels.iter().copied() {
            let label = &self.text[start..end];
            let letters = label.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(label.len());
            if letters >= 2 && self.stops(start + letters) && tlds::is_known(&label[..letters]) {
                return Some((start + letters, true));
            }
            let foreign = !label.is_ascii() && label.chars().all(|c| c.is_alphabetic() && !c.is_ascii());
            if self.protocol && (foreign || label.to_ascii_lowercase().starts_with("xn--")) && self.stops(end)
            {
                return Some((end, true));
            }
        }
        labels.iter().copied().find_map(|(start, end)| {
            let label = &self.text[start..end];
            let is_word = label.len() >= 2 && label.bytes().all(|byte| byte.is_ascii_alphabetic());
            (self.protocol && is_word && self.stops(end)).then_some((end, false))
        })
    }

    /// The end of a name may stand in the midst of a word of another script, and not before these.
    fn stops(&self, end: usize) -> bool {
        let behind = self.text[end..].chars().next();
        behind.is_none_or(|c| !c.is_ascii_alphanumeric() && !"@+-".contains(c))
    }
}

/// ASCII, and Latin letters with their marks.
fn is_latin(c: char) -> bool {
    c.is_ascii() || matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ')
}

/// Whether every label is short enough, and the one before the end has no underscore.
fn names_fit(name: &str) -> bool {
    let before_end = name.rsplit('.').nth(1).unwrap_or_default();
    !before_end.contains('_') && labels_fit(name)
}

/// Whether every label is short enough as it goes into the DNS.
fn labels_fit(name: &str) -> bool {
    if name.is_ascii() {
        return name.split('.').all(|label| label.len() <= LONGEST_LABEL);
    }
    url::Url::parse(&format!("http://{name}/")).is_ok_and(|url| {
        url.host_str().is_some_and(|host| host.split('.').all(|label| label.len() <= LONGEST_LABEL))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|found| &text[found.at]).collect()
    }

    #[test]
    fn links_are_seen_where_x_sees_them() {
        let cases: &[(&str, &[&str])] = &[
            ("Hours: https://library.example.org/hours.", &["https://library.example.org/hours"]),
            ("(see www.library.org/a_(b)) now", &["www.library.org/a_(b)"]),
            (
                "library.org and library.de and www.library.de",
                &["library.org", "library.de", "www.library.de"],
            ),
            ("library.de/hours", &["library.de/hours"]),
            ("ask@library.org #library.org $library.org", &[]),
            ("e.g. what.ever and 10.30", &[]),
            ("john.doe.org@library.org", &[]),
            ("Bücherei.de", &["Bücherei.de"]),
            ("図書館はlibrary.orgです", &["library.org"]),
            ("http://図書館.jp/本", &["http://図書館.jp/"]),
            ("https://t.co/abc123-more", &["https://t.co/abc123"]),
            ("HTTP://LIBRARY.ORG?q=1", &["HTTP://LIBRARY.ORG?q=1"]),
            ("http://library.org:8080/x, then", &["http://library.org:8080/x"]),
        ];
        for (text, expected) in cases {
            assert_eq!(links(text), *expected, "{text}");
        }
    }
}
