//! Sets of message numbers: `1:4,7,9:*` (RFC 9051 section 9, `sequence-set`).

use super::parse::{Bad, Parsed, Tokens};

/// One end of a range; `None` is `*`, the last one there is.
type End = Option<u32>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set(Vec<(End, End)>);

impl Set {
    pub fn parse(tokens: &mut Tokens<'_>) -> Parsed<Self> {
        let mut ranges = Vec::new();
        loop {
            let from = end(tokens)?;
            let to = if tokens.eat(":") { end(tokens)? } else { from };
            ranges.push((from, to));
            if !tokens.eat(",") {
                return Ok(Self(ranges));
            }
        }
    }

    /// The ranges where `last` is the highest number there is, ends in order.
    ///
    /// `n:*` always holds the last one, even where `n` is higher: the ends of a range may stand in either order.
    pub fn ranges(&self, last: u32) -> Vec<(u32, u32)> {
        let number = |end: End| end.unwrap_or(last);
        let ranges = self.0.iter().map(|(from, to)| (number(*from), number(*to)));
        let mut ranges: Vec<_> = ranges.map(|(a, b)| (a.min(b), a.max(b))).collect();
        ranges.sort_unstable();
        // Each message once, however often it is named.
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (from, to) in ranges {
            match merged.last_mut() {
                Some((_, end)) if from <= end.saturating_add(1) => *end = (*end).max(to),
                _ => merged.push((from, to)),
            }
        }
        merged
    }
}

/// Writes numbers in order as a set, runs joined.
pub(super) fn written(numbers: &[u32]) -> String {
    let mut out = String::new();
    for run in numbers.chunk_by(|a, b| a.checked_add(1) == Some(*b)) {
        let separator = if out.is_empty() { "" } else { "," };
        out.push_str(&match run {
            [one] => format!("{separator}{one}"),
            [first, .., last] => format!("{separator}{first}:{last}"),
            [] => String::new(),
        });
    }
    out
}

fn end(tokens: &mut Tokens<'_>) -> Parsed<End> {
    if tokens.eat("*") {
        return Ok(None);
    }
    match tokens.number()? {
        0 => Err(Bad("message numbers begin with 1")),
        number => Ok(Some(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(text: &str, last: u32) -> Vec<(u32, u32)> {
        let mut tokens = Tokens::new(text.as_bytes());
        Set::parse(&mut tokens).unwrap().ranges(last)
    }

    #[test]
    fn a_range_to_the_last_one_always_holds_it() {
        assert_eq!(ranges("3:*", 2), [(2, 3)]);
        assert_eq!(ranges("*", 9), [(9, 9)]);
        assert_eq!(ranges("*:4", 9), [(4, 9)]);
    }

    #[test]
    fn ranges_are_in_order_and_name_each_message_once() {
        assert_eq!(ranges("9,1:3,2:4,5,4294967295", 9), [(1, 5), (9, 9), (u32::MAX, u32::MAX)]);
        assert_eq!(written(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(written(&[]), "");
    }

    #[test]
    fn what_is_no_set_is_refused() {
        for text in ["", "0", "1:", "a", "1,", "4294967296", ":3"] {
            assert!(Set::parse(&mut Tokens::new(text.as_bytes())).is_err(), "{text}");
        }
    }
}
