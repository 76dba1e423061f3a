//! Text taken apart into the words that are kept and looked for: the same on every engine, because no engine does it.
//!
//! Case and accents are folded. Scripts that put no space between words give a word for each character, and so do
//! pictographs; whoever looks for several of them looks for them side by side.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words are cut, characters.
pub const LONGEST: usize = 60;
/// Of a message with more different words than this many bytes hold, the rest is not looked through.
const MOST_BYTES: usize = 64 * 1024;

/// The words of a text, in its order.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each(text, |word| words.push(word.to_owned()));
    words
}

/// Tells the words of a text one after the other. Normal forms never reach across a character that belongs to no word, so
/// what stands between two of the commonest such characters is read by itself, and most of it needs no tables.
fn each(text: &str, mut hear: impl FnMut(&str)) {
    let mut taken = Taking::default();
    for piece in text.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric()) {
        if piece.is_ascii() {
            taken.take_plain(piece, &mut hear);
            continue;
        }
        let apart = piece.nfkd().filter(|c| !falls_away(*c)).nfc();
        apart.flat_map(char::to_lowercase).for_each(|c| match spelt(c) {
            Some(letters) => letters.chars().for_each(|letter| taken.take(letter, &mut hear)),
            None => taken.take(c, &mut hear),
        });
        taken.end(&mut hear);
    }
}

/// What a message's words are, as far as they are looked through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// In their order; an empty one stands where one text ends and another begins.
    pub words: Vec<String>,
    /// Of whom it is from.
    pub from: Vec<String>,
    /// Of whom it is to.
    pub to: Vec<String>,
}

/// A message, as far as it is looked through.
#[derive(Clone, Copy, Debug)]
pub struct Source<'m> {
    /// Its subject.
    pub subject: &'m str,
    /// What it says.
    pub body: &'m str,
    /// Who wrote it.
    pub author: &'m str,
    /// The patron's address that wrote it or that it went to.
    pub address: &'m str,
    /// The patron's name where it went to them.
    pub recipient: Option<&'m str>,
}

impl Said {
    /// Reads a message.
    pub fn of(source: Source<'_>) -> Self {
        let mut all = Vec::new();
        source.each(|word, _| all.push(word.to_owned()));
        let (from, to) = source.names();
        Self { words: all, from: words(&from), to: words(&to) }
    }
}

impl Source<'_> {
    /// Every different word, with a space between, for an index: those of whom it is from and to once more with a mark
    /// before them, [`FROM`] or [`TO`].
    pub fn kept(self) -> String {
        let mut kept = String::with_capacity(self.body.len());
        self.each(|word, is_new| {
            if is_new {
                kept.push_str(word);
                kept.push(' ');
            }
        });
        let (from, to) = self.names();
        for (mark, names) in [(FROM, from), (TO, to)] {
            let mut names = words(&names);
            names.truncate(LONGEST);
            names.sort_unstable();
            names.dedup();
            for name in names {
                kept.extend([mark.encode_utf8(&mut [0; 4]), name.as_str(), " "]);
            }
        }
        kept.pop();
        kept
    }

    /// Tells each word that is looked through, and whether it was not said before; an empty one, which is never new, stands
    /// where one text ends.
    fn each(&self, mut hear: impl FnMut(&str, bool)) {
        let mut room = MOST_BYTES;
        let mut different = HashSet::with_capacity(self.body.len() / 10);
        for text in [self.subject, self.author, self.address, self.body] {
            let mut fits = true;
            each(text, |word| {
                let is_new = !different.contains(word);
                if is_new && fits {
                    match room.checked_sub(word.len()) {
                        Some(left) => {
                            room = left;
                            different.insert(word.to_owned());
                        }
                        None => fits = false,
                    }
                }
                if fits {
                    hear(word, is_new);
                }
            });
            hear("", false);
        }
    }

    /// Whom it is from and to.
    fn names(&self) -> (String, String) {
        match self.recipient {
            None => ([self.author, self.address].join(" "), String::new()),
            Some(name) => (self.author.to_owned(), [name, self.address].join(" ")),
        }
    }
}

/// Before each word of whom a message is from. No text holds it: it is no letter.
pub const FROM: char = '\u{e000}';
/// Before each word of whom a message is to.
pub const TO: char = '\u{e001}';

/// The word that is being read.
#[derive(Default)]
struct Taking {
    word: String,
    length: usize,
    alone: bool,
}

impl Taking {
    /// A word that stands between others and is written in plain letters and digits.
    fn take_plain(&mut self, word: &str, hear: &mut impl FnMut(&str)) {
        self.word.push_str(word.get(..LONGEST).unwrap_or(word));
        self.word.make_ascii_lowercase();
        self.end(hear);
    }

    fn take(&mut self, c: char, hear: &mut impl FnMut(&str)) {
        if stands_alone(c) {
            self.end(hear);
            self.push(c);
            self.alone = true;
        } else if c.is_alphanumeric() {
            if self.alone {
                self.end(hear);
            }
            self.push(c);
        } else if is_combining_mark(c) {
            if !self.word.is_empty() {
                self.push(c);
            }
        } else {
            self.end(hear);
        }
    }

    fn push(&mut self, c: char) {
        if self.length < LONGEST {
            self.word.push(c);
            self.length += 1;
        }
    }

    fn end(&mut self, hear: &mut impl FnMut(&str)) {
        if !self.word.is_empty() {
            hear(&self.word);
            self.word.clear();
        }
        self.length = 0;
        self.alone = false;
    }
}

/// Accents, vowel points and what nobody sees. The signs of scripts that write vowels with them stay.
fn falls_away(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'
        | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}'
        | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{200c}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}' | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Letters that are no other letter with an accent, and yet are looked for as one; digits of other scripts.
fn spelt(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ŋ' => "n",
        'ς' => "σ",
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        '\u{660}'..='\u{669}' => digit(u32::from(c) - 0x660)?,
        '\u{6f0}'..='\u{6f9}' => digit(u32::from(c) - 0x6f0)?,
        '\u{966}'..='\u{96f}' => digit(u32::from(c) - 0x966)?,
        _ => return None,
    })
}

fn digit(value: u32) -> Option<&'static str> {
    let at = usize::try_from(value).ok()?;
    "0123456789".get(at..=at)
}

fn stands_alone(c: char) -> bool {
    matches!(c,
        // Thai, Lao, Myanmar, Khmer
        '\u{e01}'..='\u{e30}' | '\u{e32}' | '\u{e33}' | '\u{e40}'..='\u{e46}' | '\u{e81}'..='\u{eb0}' | '\u{eb2}'
        | '\u{eb3}' | '\u{ebd}'..='\u{ec6}' | '\u{1000}'..='\u{102a}' | '\u{1780}'..='\u{17b3}'
        // Japanese and Chinese
        | '\u{3005}' | '\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}'
        // Pictographs
        | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}' | '\u{1f000}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_script_is_taken_apart_as_its_readers_look_for_it() {
        for (text, expected) in [
            ("Is the Reading-Room open?", "is the reading room open"),
            ("don't l'école O\u{2019}Brien", "don t l ecole o brien"),
            ("Größe Łódź Øre ÆTHER þing", "grosse lodz ore aether thing"),
            ("e\u{301}tude İstanbul ıssız", "etude istanbul issiz"),
            ("ΟΔΟΣ οδός Άνοιξη", "οδοσ οδοσ ανοιξη"),
            ("ёлка Елка", "елка елка"),
            ("كِتَابٌ أحمد إلى ٢٠٢٦", "كتاب احمد الي 2026"),
            ("図書館のカード", "図 書 館 の カ ー ド"),
            ("がく", "が く"),
            ("도서관", "도서관"),
            ("ﬁle Ｗｉｄｅ ①", "file wide 1"),
            ("party🎉👍🏽ok", "party 🎉 👍 ok"),
            ("हिन्दी", "हिन्दी"),
            ("co\u{ad}operate می\u{200c}خواهم", "cooperate ميخواهم"),
            ("ana.b@patrons.example +49 (30) 12-34", "ana b patrons example 49 30 12 34"),
            (" -- '\u{301}\u{0}", ""),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
        assert_eq!(words(&"ab".repeat(100)), ["ab".repeat(30)]);
    }

    /// Words are kept: were they read differently tomorrow, what was kept yesterday would not be found.
    #[test]
    fn every_character_is_read_as_it_was_when_words_were_first_kept() {
        // FNV-1a, of every character that Unicode had when this was written and will not change.
        let mut sum = 0xcbf2_9ce4_8422_2325_u64;
        for c in ('\0'..='\u{2fff}').chain('\u{3001}'..='\u{d7ff}').chain('\u{f900}'..='\u{fffd}') {
            for byte in words(&format!("a{c}b")).join(" ").bytes() {
                sum = (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
        assert_eq!(
            sum, 2_540_731_567_176_654_500,
            "words are read in another way now: add a migration that puts every message's number into `message_words`, \
             so that all are read again, and then change the number here"
        );
    }

    /// Read in one piece, as a normal form is defined.
    fn slowly(text: &str) -> Vec<String> {
        let apart: String =
            text.nfkd().filter(|c| !falls_away(*c)).nfc().flat_map(char::to_lowercase).collect();
        let spelt: String = apart.chars().map(|c| spelt(c).map_or(c.to_string(), str::to_owned)).collect();
        let mut words = Vec::new();
        let mut taken = Taking::default();
        let mut hear = |word: &str| words.push(word.to_owned());
        spelt.chars().for_each(|c| taken.take(c, &mut hear));
        taken.end(&mut hear);
        words
    }

    #[test]
    fn what_is_kept_is_every_word_once_and_names_once_more() {
        let source = Source {
            subject: "Room",
            body: "A room, a \u{e9}tude.",
            author: "Ana Ana",
            address: "x@y",
            recipient: None,
        };
        assert_eq!(source.kept(), "room ana x y a etude \u{e000}ana \u{e000}x \u{e000}y");
        let answered = Source { recipient: Some("Bo"), ..source };
        assert_eq!(answered.kept(), "room ana x y a etude \u{e000}ana \u{e001}bo \u{e001}x \u{e001}y");
        assert_eq!(Source { subject: "", body: " ", author: "", address: "", recipient: None }.kept(), "");
    }

    #[test]
    fn of_a_message_with_too_many_words_those_that_were_said_before_are_still_heard() {
        let many = (0..20_000).map(|n| format!("w{n:05}")).collect::<Vec<_>>().join(" ");
        let source =
            Source { subject: "first", body: &many, author: "Ana", address: "first", recipient: None };
        let said = Said::of(source);
        assert_eq!(said.words.iter().filter(|word| *word == "first").count(), 2);
        let kept = source.kept();
        assert!(kept.len() > MOST_BYTES / 2 && !kept.contains("w19999") && kept.contains("w00000"));
    }

    proptest! {
        #[test]
        fn pieces_are_read_as_the_whole_is(text in "[ -~]{0,8}(\\PC|[\u{300}-\u{36f}\u{600}-\u{6ff}\u{900}-\u{97f}\u{1100}-\u{11ff}]|[ =<>a'-]){0,40}") {
            prop_assert_eq!(words(&text), slowly(&text));
        }

        #[test]
        fn words_read_again_are_the_same_words(text in "\\PC{0,60}") {
            let once = words(&text);
            prop_assert_eq!(words(&once.join(" ")), once.clone());
            for word in once {
                prop_assert!(!word.is_empty() && word.chars().count() <= LONGEST);
                prop_assert!(word.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric()), "{}", word);
                prop_assert!(!word.contains([FROM, TO]));
            }
        }
    }
}
