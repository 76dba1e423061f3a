//! What staff write becomes HTML, and nothing more than they may write.

use proptest::prelude::*;

use crate::markup::{self, from_markdown};

#[test]
fn light_markdown_becomes_html() {
    for (text, wanted) in [
        ("One\ntwo\n\nThree", "<p>One<br>two</p><p>Three</p>"),
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>"),
        ("- a\n- b\n\n1. c\n2. d", "<ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol>"),
        ("Take:\n- a\nor b", "<p>Take:</p><ul><li>a</li></ul><p>or b</p>"),
        ("> yours\n\nmine", "<blockquote>yours</blockquote><p>mine</p>"),
        (
            "See [our hours](https://library.example/hours?a=1&b=2).",
            "<p>See <a href=\"https://library.example/hours?a=1&amp;b=2\">our hours</a>.</p>",
        ),
        (
            "Go to https://library.example/a.",
            "<p>Go to <a href=\"https://library.example/a\">https://library.example/a</a>.</p>",
        ),
        ("[mail](mailto:ask@library.example)", "<p><a href=\"mailto:ask@library.example\">mail</a></p>"),
        ("2 * 3 * 4 and a*b*c and ** and *", "<p>2 * 3 * 4 and a*b*c and ** and *</p>"),
        ("", ""),
    ] {
        assert_eq!(from_markdown(text), wanted, "{text}");
    }
}

#[test]
fn markup_and_dangerous_links_stay_text() {
    for text in [
        "<b>x</b>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,1)",
        "[x](https://e.example/\" onclick=\"y)",
        "**<img src=x>**",
        "[<b>](https://e.example/)",
        "[x](//e.example)",
    ] {
        let html = from_markdown(text);
        assert!(
            !html.contains("<b>")
                && !html.contains("<img")
                && !html.contains("javascript:alert(1)\"")
                && !html.contains("href=\"data"),
            "{html}"
        );
        assert!(!html.contains("onclick=\"y"), "{html}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_safe_and_says_the_same(pieces in proptest::collection::vec(prop::sample::select(vec![
        "word", " ", "\n", "\n\n", "*", "**", "- ", "1. ", "> ", "[", "](", ")", "https://e.example/", "<p>", "&amp;", "\"", "é", "javascript:",
    ]), 0..40)) {
        let html = from_markdown(&pieces.concat());
        // The first wall finds nothing to take away but the marks it adds to links itself.
        let safe = markup::sanitise(&html, &|_| None);
        let words = |html: &str| markup::to_text(html).split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(words(safe.as_str()), words(&html));
        prop_assert!(!html.contains("href=\"javascript"));
    }
}
