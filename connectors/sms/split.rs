//! Cuts a long answer into messages that the platform takes, each numbered so that a patron can put them in order.

use super::segments::segments;

/// The most that one message may be: ten segments, and never more than the platform's 1,600 characters.
pub const MOST_SEGMENTS: u32 = 10;
const MOST_UNITS: usize = 1600;

/// The messages of a text, in order; one without a number where one is enough.
pub fn split(text: &str) -> Vec<String> {
    if fits(text) {
        return vec![text.to_owned()];
    }
    // How wide the numbers are depends on how many messages there are, which depends on how wide the numbers are.
    let mut expected = 2;
    loop {
        let parts = split_into(text, expected);
        if parts.len() <= expected {
            return parts
                .iter()
                .enumerate()
                .map(|(at, part)| format!("{}{part}", number(at + 1, parts.len())))
                .collect();
        }
        expected = parts.len();
    }
}

fn number(part: usize, of: usize) -> String {
    format!("({part}/{of}) ")
}

fn fits(text: &str) -> bool {
    text.encode_utf16().count() <= MOST_UNITS && segments(text) <= MOST_SEGMENTS
}

fn split_into(text: &str, of: usize) -> Vec<String> {
    // As wide as any: "(10/12) ".
    let widest = number(of, of);
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(cut(rest, &widest));
        parts.push(part.trim_end().to_owned());
        rest = after.trim_start();
    }
    parts
}

/// Where the first message ends: after the last sentence, line or word that fits, if that leaves it at least half full.
fn cut(text: &str, number: &str) -> usize {
    let ends: Vec<usize> = text.char_indices().skip(1).map(|(at, _)| at).chain([text.len()]).collect();
    // More text never takes fewer segments. At least one character goes, or nothing ever would.
    let fitting = ends.partition_point(|end| fits(&format!("{number}{}", &text[..*end]))).max(1);
    let end = ends[fitting - 1];
    if end == text.len() {
        return end;
    }
    let whole = &text[..end];
    let after = |pattern: &str| whole.rfind(pattern).map(|at| at + pattern.len()).filter(|at| *at > end / 2);
    after("\n\n")
        .or_else(|| after("\n"))
        .or_else(|| [". ", "? ", "! "].into_iter().filter_map(after).max())
        .or_else(|| after(" "))
        .unwrap_or_else(|| before_a_mark(text, end))
}

/// An accent or a joined picture must not lose what it stands on.
fn before_a_mark(text: &str, end: usize) -> usize {
    let mark = |c: char| matches!(u32::from(c), 0x300..=0x36f | 0x1ab0..=0x1aff | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0x200d | 0x1f3fb..=0x1f3ff);
    let mut at = end;
    // Longer heaps of marks are somebody's joke.
    for _ in 0..20 {
        let Some(last) = text[..at].chars().next_back() else { break };
        if last != '\u{200d}' && !text[at..].chars().next().is_some_and(mark) {
            return at;
        }
        at -= last.len_utf8();
    }
    end
}
