//! Whether a text says certain words: whole words in their order, whatever their case, accents and punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What is beyond so many characters of a text no rule reads.
const READ: usize = 100_000;

/// A text, folded so that words can be found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said(String);

impl Said {
    /// These texts, one after the other; no words are found across two of them.
    pub fn of(texts: &[&str]) -> Self {
        let mut said = String::from(" ");
        for text in texts {
            said.push_str(&folded(text));
            said.push_str(" \u{0} ");
        }
        Self(said)
    }

    /// Whether it says these words, one after the other. The last may be the beginning of a word, with `*` behind it. What
    /// is written without spaces between words is found anywhere.
    pub fn says(&self, words: &str) -> bool {
        let words = words.trim();
        let begins = words.ends_with('*');
        let words = folded(words);
        if words.is_empty() {
            return false;
        }
        if words.chars().any(runs_on) {
            return self.0.contains(&words);
        }
        self.0.contains(&if begins { format!(" {words}") } else { format!(" {words} ") })
    }
}

/// Words in lower case without accents, a space between.
fn folded(text: &str) -> String {
    let plain: String = text
        .chars()
        .take(READ)
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '\u{2019}'))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Scripts that put no spaces between words: Thai, Lao, Khmer, Burmese, Chinese and Japanese.
fn runs_on(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_whole_words_in_their_order() {
        let said = Said::of(&[
            "Baptism of 1871",
            "Do you have the Parish-Register of Saint-Étienne? It’s for my start.",
        ]);
        for words in [
            "parish register",
            "PARISH  REGISTER",
            "saint etienne",
            "Étienne",
            "its",
            "it's",
            "1871",
            "regist*",
            "parish reg*",
        ] {
            assert!(said.says(words), "{words}");
        }
        for words in ["art", "register parish", "regist", "1871 do", "", "*", "?", "parish s*", "etien ne"] {
            assert!(!said.says(words), "{words}");
        }
    }

    #[test]
    fn what_runs_on_is_found_anywhere() {
        let said = Said::of(&["図書館の開館時間を教えてください"]);
        assert!(said.says("開館時間") && !said.says("閉館"));
        assert!(Said::of(&["ห้องสมุดเปิดกี่โมง"]).says("เปิด"));
    }

    proptest! {
        #[test]
        fn what_is_said_is_found_wherever_it_stands(
            before in "[a-z ]{0,20}", words in "[a-zéüñ]{1,8}( [a-zéüñ]{1,8}){0,2}", after in "[a-z ]{0,20}",
        ) {
            let said = Said::of(&[&format!("{before}. {words}! {after}")]);
            prop_assert!(said.says(&words) && said.says(&words.to_uppercase()));
        }

        #[test]
        fn no_words_and_no_text_break_anything(text in ".{0,60}", words in ".{0,20}") {
            let _ = Said::of(&[&text]).says(&words);
            prop_assert!(!Said::of(&[&text]).says("zqxjzqxj"));
        }
    }
}
