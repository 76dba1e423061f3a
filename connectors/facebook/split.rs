//! A text in pieces that fit: broken between paragraphs, else sentences, else words, and inside one only where nothing
//! else is left. Nothing of it is lost but the white space at the breaks.

/// Pieces of at most `most` characters each; none for a text of nothing but white space.
pub fn pieces(text: &str, most: usize) -> Vec<String> {
    let mut rest = text.trim();
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let end = rest.char_indices().nth(most).map_or(rest.len(), |(at, _)| at);
        let at = if end == rest.len() { end } else { break_in(rest, end) };
        let (piece, after) = rest.split_at(at);
        pieces.push(piece.trim_end().to_owned());
        rest = after.trim_start();
    }
    pieces
}

/// Where best to break within the first `end` bytes.
fn break_in(text: &str, end: usize) -> usize {
    let head = &text[..end];
    // A piece of less than half is worse than a less beautiful break.
    let far = |at: &usize| *at > end / 2;
    let after = |mark: &str| head.rfind(mark).map(|at| at + mark.len()).filter(far);
    let sentence = || [". ", "? ", "! ", "。", "？", "！"].iter().filter_map(|mark| after(mark)).max();
    let space = || head.rfind(char::is_whitespace).filter(far);
    // What comes right after may be the space itself.
    let at_space = text[end..].starts_with(char::is_whitespace).then_some(end);
    after("\n\n").or_else(|| after("\n")).or_else(sentence).or(at_space).or_else(space).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn breaks_are_where_a_reader_would_make_them() {
        assert_eq!(pieces("We open at nine. Bring your card.", 20), ["We open at nine.", "Bring your card."]);
        assert_eq!(pieces("First line\nsecond line here", 15), ["First line", "second line", "here"]);
        assert_eq!(pieces("one two three", 7), ["one two", "three"]);
        assert_eq!(pieces("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(pieces(" \n ", 3), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_everything_fits(text in "[ a-c\\n.é漢🦉]{0,200}", most in 1_usize..40) {
            let pieces = pieces(&text, most);
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&pieces.concat()), bare(&text));
            for piece in &pieces {
                prop_assert!((1..=most).contains(&piece.chars().count()), "{:?}", piece);
            }
        }
    }
}
