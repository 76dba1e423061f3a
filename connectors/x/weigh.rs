//! How long a text is for X: characters of most alphabets count one, all others two, an emoji two however it is put
//! together, a link 23 (docs.x.com, "Counting characters"; configuration 3 of twitter-text).

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use super::links;

/// What a link counts.
const LINK: u32 = 23;
/// Ranges of characters that count one.
const LIGHT: &[(u32, u32)] = &[(0, 4351), (8192, 8205), (8208, 8223), (8242, 8247)];

/// An emoji as people see it: a flag, a keycap, or pictures joined and coloured. Single pictures count two anyway, but for
/// the few signs (©) that only a selector makes pictures.
static EMOJI: LazyLock<Regex> = LazyLock::new(|| {
    let picture = r"(?:[©®™♟]\x{FE0F}|[\p{Extended_Pictographic}--[©®™♟]])\x{FE0F}?\p{Emoji_Modifier}?";
    let tagged = r"\x{1F3F4}[\x{E0020}-\x{E007E}]+\x{E007F}";
    let sign = r"\x{FE0F}?";
    let pattern = format!(
        r"[#*0-9]\x{{FE0F}}?\x{{20E3}}|\p{{Regional_Indicator}}{{2}}|{tagged}|{picture}(?:\x{{200D}}(?:{picture}|[♀♂⚕]{sign}))*"
    );
    Regex::new(&pattern).expect("the pattern is written out above")
});

/// The weight of a text.
pub fn weigh(text: &str) -> u32 {
    let text: String = text.nfc().collect();
    let mut weight = 0;
    let mut at = 0;
    for link in links::find(&text) {
        weight += weigh_plain(&text[at..link.at.start]);
        let itself = if link.is_sure { LINK } else { LINK.max(weigh_plain(&text[link.at.clone()])) };
        weight += itself;
        at = link.at.end;
    }
    weight + weigh_plain(&text[at..])
}

/// Without links.
fn weigh_plain(text: &str) -> u32 {
    let mut weight = 0;
    let mut at = 0;
    for emoji in EMOJI.find_iter(text) {
        weight += text[at..emoji.start()].chars().map(weight_of).sum::<u32>() + 2;
        at = emoji.end();
    }
    weight + text[at..].chars().map(weight_of).sum::<u32>()
}

fn weight_of(c: char) -> u32 {
    let code = u32::from(c);
    if LIGHT.iter().any(|(first, last)| (*first..=*last).contains(&code)) { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_weigh_what_x_says() {
        let cases = [
            ("", 0),
            ("When do you open?", 17),
            ("Zażółć", 6),
            ("図書館", 6),
            ("Open 9–17 “daily”", 17),
            ("🦉", 2),
            ("👩🏽‍🏫", 2),
            ("🇵🇱", 2),
            ("🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}", 2),
            ("3️⃣", 2),
            ("©", 1),
            ("©️", 2),
            ("1️⃣ 2", 4),
            ("https://library.example.org/a/very/long/path/to/the/opening/hours?today=yes", 23),
            ("library.org is open", 31),
            ("e\u{301}", 1),
        ];
        for (text, weight) in cases {
            assert_eq!(weigh(text), weight, "{text:?}");
        }
    }

    #[test]
    fn a_link_of_an_unknown_kind_never_counts_less_than_its_letters() {
        assert_eq!(weigh("http://a.printer"), 23);
        assert_eq!(weigh("http://a-long-name-of-a-machine.printer"), 39);
    }
}
