//! The alphabet that a text message is cheap in: GSM 03.38, seven bits a character.

/// The basic table, in its order; the place of the escape is left out.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
                     ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Behind the escape: two septets each.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// How many septets a character takes; none: it is not in the alphabet.
pub fn septets(c: char) -> Option<u32> {
    if c.is_ascii_alphanumeric() || c == ' ' || BASIC.contains(c) {
        Some(1)
    } else if EXTENDED.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// What a writing program makes of plain keys, and the plain key: nobody misses the difference on a telephone, and it
/// doubles the price.
const PLAIN: &[(char, &str)] = &[
    ('\u{2018}', "'"),
    ('\u{2019}', "'"),
    ('\u{201a}', "'"),
    ('\u{201b}', "'"),
    ('\u{2032}', "'"),
    ('\u{201c}', "\""),
    ('\u{201d}', "\""),
    ('\u{201e}', "\""),
    ('\u{201f}', "\""),
    ('\u{2033}', "\""),
    ('\u{ab}', "\""),
    ('\u{bb}', "\""),
    ('\u{2010}', "-"),
    ('\u{2011}', "-"),
    ('\u{2012}', "-"),
    ('\u{2013}', "-"),
    ('\u{2014}', "-"),
    ('\u{2015}', "-"),
    ('\u{2212}', "-"),
    ('\u{2026}', "..."),
    ('\u{2022}', "*"),
    ('\u{a0}', " "),
    ('\u{2002}', " "),
    ('\u{2003}', " "),
    ('\u{2009}', " "),
    ('\u{202f}', " "),
    ('\t', " "),
    ('\u{200b}', ""),
    ('\u{feff}', ""),
];

/// The text with plain punctuation, if that brings the whole of it into the alphabet; else as it is.
pub fn plain(text: &str) -> String {
    if text.chars().all(|c| septets(c).is_some()) {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match PLAIN.iter().find(|(fancy, _)| *fancy == c) {
            Some((_, key)) => plain.push_str(key),
            None if septets(c).is_some() => plain.push(c),
            None => return text.to_owned(),
        }
    }
    plain
}
