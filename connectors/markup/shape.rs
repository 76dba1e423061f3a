//! Whether markup is shaped so that a tree of it can be built in reasonable time and memory.
//!
//! The algorithm of the HTML standard is quadratic in places: it walks the open elements for many tags, and opens again
//! every unclosed formatting element in every new paragraph. Real mail stays far below these limits.

use std::collections::HashMap;

use super::scan::{Token, tokens};

/// Elements open inside each other.
const DEPTH: usize = 500;
/// Start tags.
const TAGS: usize = 60_000;
/// Open elements summed over all start tags: steps of walking the stack.
const STEPS: usize = 4_000_000;
/// Open formatting elements summed over all start tags: elements opened again.
const REOPENED: usize = 200_000;

/// A tree of this markup is safe to build.
pub fn is_reasonable(html: &str) -> bool {
    let mut open: HashMap<String, usize> = HashMap::new();
    let (mut depth, mut formatting, mut tags, mut steps, mut reopened) = (0, 0, 0, 0, 0);
    // In SVG and MathML the rules for comments and raw text differ; an end tag seen there may be none.
    let mut foreign = false;
    for token in tokens(html) {
        match token {
            Token::Open(name, _) => {
                let name = name.to_ascii_lowercase();
                tags += 1;
                steps += depth;
                reopened += formatting;
                if tags > TAGS || depth > DEPTH || steps > STEPS || reopened > REOPENED {
                    return false;
                }
                foreign |= matches!(name.as_str(), "svg" | "math");
                if closes_itself(&name) {
                    continue;
                }
                depth += 1;
                formatting += usize::from(is_formatting(&name));
                *open.entry(name).or_default() += 1;
            }
            Token::Close(name) if !foreign => {
                let name = name.to_ascii_lowercase();
                if let Some(count) = open.get_mut(&name).filter(|count| **count > 0) {
                    *count -= 1;
                    depth -= 1;
                    formatting -= usize::from(is_formatting(&name));
                }
            }
            _ => {}
        }
    }
    depth <= DEPTH
}

/// Void elements, and those whose end tag is left out so often that counting them would say nothing. Their nesting is
/// bounded by the elements around them.
fn closes_itself(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr"
            | "img"
            | "meta"
            | "link"
            | "input"
            | "area"
            | "base"
            | "col"
            | "embed"
            | "source"
            | "track"
            | "wbr"
            | "param"
            | "p"
            | "li"
            | "dt"
            | "dd"
            | "option"
            | "tr"
            | "td"
            | "th"
            | "tbody"
            | "thead"
            | "tfoot"
            | "html"
            | "head"
            | "body"
    )
}

fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
    )
}
