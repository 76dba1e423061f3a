//! Counting and cutting, by tables and properties.

use proptest::prelude::*;

use crate::sms::gsm::{plain, septets};
use crate::sms::segments::{Coding, count, segments};
use crate::sms::split::{MOST_SEGMENTS, split};

#[test]
fn a_text_is_counted_as_it_travels() {
    let table: &[(&str, usize, u32)] = &[
        ("a", 1, 1),
        ("a", 160, 1),
        ("a", 161, 2),
        ("a", 306, 2),
        ("a", 307, 3),
        ("a", 459, 3),
        ("é", 160, 1),
        ("é", 161, 2),
        // Behind the escape: two each, and none is cut in two, so that 153 hold 76.
        ("€", 80, 1),
        ("€", 81, 2),
        ("€", 152, 2),
        ("€", 153, 3),
        ("ş", 70, 1),
        ("ş", 71, 2),
        ("ş", 134, 2),
        ("ş", 135, 3),
        ("漢", 70, 1),
        ("漢", 71, 2),
        // Two units each: 67 hold 33.
        ("🦉", 35, 1),
        ("🦉", 36, 2),
        ("🦉", 66, 2),
        ("🦉", 67, 3),
        ("a", 0, 0),
    ];
    for (character, times, expected) in table {
        assert_eq!(segments(&character.repeat(*times)), *expected, "{times} times {character}");
    }
    // One letter more moves the euro sign whole into the next segment.
    assert_eq!(segments(&format!("{}€{}", "a".repeat(152), "b".repeat(151))), 2);
    assert_eq!(segments(&format!("{}€{}", "a".repeat(152), "b".repeat(152))), 3);
}

#[test]
fn the_alphabet_has_its_137_characters() {
    let all = (0..=0x10_ffff_u32).filter_map(char::from_u32);
    let (mut one, mut two) = (0, 0);
    for c in all {
        match septets(c) {
            Some(1) => one += 1,
            Some(_) => two += 1,
            None => {}
        }
    }
    assert_eq!((one, two), (127, 10));
    for missing in ['ç', '`', '´', 'ê', 'ş', 'ł', '’', '\t', '\u{a0}'] {
        assert_eq!(septets(missing), None, "{missing}");
    }
}

#[test]
fn the_character_that_costs_is_named() {
    let dear = count(&format!("Książka: {}", "a".repeat(80)));
    assert_eq!((dear.coding, dear.segments, dear.plain_segments), (Coding::Ucs2, 2, 1));
    assert_eq!(
        dear.words().as_deref(),
        Some("“ą”, “ż” make this 2 segments; with plain letters it would be 1.")
    );
    let many = count(&format!("ąćęł{}", "a".repeat(80)));
    assert!(many.words().is_some_and(|words| words.starts_with("“ą”, “ć”, “ę” and 1 more make")), "{many:?}");
    let hidden = count(&format!("\u{200b}{}", "a".repeat(80)));
    assert!(hidden.words().is_some_and(|words| words.starts_with("U+200B makes")), "{hidden:?}");
    assert_eq!(count("żółw").words(), None, "it costs nothing more");
    assert_eq!(count(&"é".repeat(200)).words(), None, "it is in the alphabet");
}

#[test]
fn punctuation_is_made_plain_only_where_that_helps() {
    assert_eq!(plain("“We’re open” – till 8…"), "\"We're open\" - till 8...");
    // It is dear anyway: then it may as well be beautiful.
    assert_eq!(plain("“Książka” – tak"), "“Książka” – tak");
    assert_eq!(plain("naïve"), "naïve");
}

#[test]
fn a_long_answer_leaves_in_numbered_texts_cut_between_sentences() {
    let sentence = "The reading room on the second floor is open until eight in the evening. ";
    let parts = split(sentence.repeat(50).trim());
    assert_eq!(parts.len(), 3);
    assert!(parts[0].starts_with("(1/3) The reading"));
    assert!(parts.iter().all(|part| part.ends_with("evening.")), "{parts:?}");
    assert_eq!(split("Short."), ["Short."]);
}

#[test]
fn a_text_without_gaps_is_cut_all_the_same_and_marks_stay_on_their_letters() {
    let parts = split(&"e\u{301}".repeat(900));
    assert!(parts.len() > 1);
    assert!(parts.iter().all(|part| part.ends_with('\u{301}')), "{parts:?}");
    let family = "👩\u{200d}👧";
    let parts = split(&family.repeat(300));
    assert!(parts.iter().all(|part| !part.ends_with('\u{200d}') && part.ends_with('👧')), "{parts:?}");
}

proptest! {
    #[test]
    fn every_part_fits_and_no_word_is_lost(words in prop::collection::vec("[a-zA-Zé漢🦉€.]{1,12}", 1..600)) {
        let text = words.join(" ");
        let parts = split(&text);
        for part in &parts {
            prop_assert!(segments(part) <= MOST_SEGMENTS);
            prop_assert!(part.encode_utf16().count() <= 1600);
        }
        let bare: String = parts
            .iter()
            .map(|part| if parts.len() == 1 { part.as_str() } else { part.split_once(' ').expect("its number").1 })
            .collect();
        let without_gaps = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        prop_assert_eq!(without_gaps(&bare), without_gaps(&text));
    }

    #[test]
    fn counting_takes_any_text_and_more_text_never_takes_less(text in "\\PC{0,400}", more in "\\PC{0,40}") {
        prop_assert_eq!(count(&text).segments, segments(&text));
        prop_assert!(segments(&(text.clone() + &more)) >= segments(&text));
    }
}
