//! What must not stand where everybody reads it: numbers of cards, telephone numbers, mail addresses. A slip in a public
//! answer cannot be taken back, so what looks like one is refused, and the library's own are named in the settings.

use std::sync::LazyLock;

use regex::Regex;

use super::links;

/// `name@place.end`, in any script.
static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\p{L}\p{N}._%+\-]+\s?[@＠]\s?[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+")
        .expect("written out above")
});

/// Digits with what people put between them.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[+(]*[0-9](?:[ .\-/()\u{A0}\u{2007}\u{2009}\u{202F}‐‑‒–]{0,2}[0-9Xx])*")
        .expect("written out above")
});

/// Dates and times, which are numbers too.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|(?:1[5-9]|20)\d\d ?[-–‒/] ?(?:1[5-9]|20)?\d\d)$").expect("written out above")
});

/// Why a text must not be public, as a sentence; none: it may.
pub fn objection(text: &str, allowed: &[String]) -> Option<String> {
    let folded: String = text.chars().map(western_digit).collect();
    for mail in MAIL.find_iter(&folded) {
        let plain: String = mail.as_str().chars().filter(|c| !c.is_whitespace()).collect();
        if !allowed.iter().any(|own| own.eq_ignore_ascii_case(&plain)) {
            return Some(sentence(mail.as_str(), "an e-mail address"));
        }
    }
    let own_digits: Vec<String> =
        allowed.iter().map(|own| digits(own)).filter(|own| own.len() >= 5).collect();
    let links = links::find(&folded);
    for number in NUMBER.find_iter(&folded) {
        if links.iter().any(|link| link.at.contains(&number.start())) {
            continue;
        }
        let written = number.as_str().trim_end_matches(['x', 'X']);
        let all = digits(written);
        if own_digits.iter().any(|own| is_same_number(own, &all)) {
            continue;
        }
        if let Some(what) = looks_like(number.as_str(), written, &all) {
            return Some(sentence(written, what));
        }
    }
    None
}

/// With or without the country's number.
fn is_same_number(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    one == other || (one.len().min(other.len()) >= 7 && (one.ends_with(other) || other.ends_with(one)))
}

fn sentence(found: &str, what: &str) -> String {
    format!(
        "“{found}” looks like {what}, and everybody can read this answer. Take it out, or answer privately. The library's own can be allowed in the channel's settings."
    )
}

fn looks_like(whole: &str, written: &str, digits: &str) -> Option<&'static str> {
    if is_isbn(whole) || is_issn(written) || DATE.is_match(written) {
        return None;
    }
    let is_phone_written = written.starts_with(['+', '(']) || written.starts_with("00");
    match digits.len() {
        13..=19 => Some("the number of a card"),
        // Library cards have so many, and so have telephone numbers with their country.
        10..=12 if is_one_run(written) && !is_phone_written && !written.starts_with('0') => {
            Some("the number of a card")
        }
        9..=12 => Some("a telephone number"),
        7 | 8 if is_phone_written => Some("a telephone number"),
        7 if is_local(written) => Some("a telephone number"),
        20.. => Some("the number of a card or an account"),
        _ => None,
    }
}

/// `555-0100`, as numbers are written within one American town.
fn is_local(written: &str) -> bool {
    let mut groups = written.split(['-', '.', '‐', '‑', ' ']);
    let lengths = (groups.next().map(str::len), groups.next().map(str::len), groups.next());
    lengths == (Some(3), Some(4), None)
}

fn is_one_run(written: &str) -> bool {
    written.bytes().all(|byte| byte.is_ascii_digit())
}

/// A book's number, by its check digit.
fn is_isbn(written: &str) -> bool {
    let signs: Vec<u32> = written
        .chars()
        .filter_map(|c| match c {
            'x' | 'X' => Some(10),
            _ => c.to_digit(10),
        })
        .collect();
    match signs.as_slice() {
        all @ [9, 7, 8 | 9, ..] if all.len() == 13 => {
            let sum: u32 = all.iter().zip([1, 3].iter().cycle()).map(|(digit, weight)| digit * weight).sum();
            !all.contains(&10) && sum.is_multiple_of(10)
        }
        all if all.len() == 10 => {
            let sum: u32 = all.iter().zip((1..=10).rev()).map(|(digit, weight)| digit * weight).sum();
            !all[..9].contains(&10) && sum.is_multiple_of(11)
        }
        _ => false,
    }
}

/// A journal's number: two fours with a hyphen, the last a check digit.
fn is_issn(written: &str) -> bool {
    let Some((left, right)) = written.split_once('-') else { return false };
    let all: Vec<u32> = left.chars().chain(right.chars()).filter_map(|c| c.to_digit(10)).collect();
    left.len() == 4
        && right.len() == 4
        && all.len() == 8
        && all.iter().zip((1..=8).rev()).map(|(digit, weight)| digit * weight).sum::<u32>().is_multiple_of(11)
}

fn digits(text: &str) -> String {
    text.chars().map(western_digit).filter(char::is_ascii_digit).collect()
}

/// Digits of other scripts hide a number from a pattern, not from a reader.
fn western_digit(c: char) -> char {
    let zero = match u32::from(c) {
        0x0660..=0x0669 => 0x0660,
        0x06F0..=0x06F9 => 0x06F0,
        0x0966..=0x096F => 0x0966,
        0x09E6..=0x09EF => 0x09E6,
        0xFF10..=0xFF19 => 0xFF10,
        _ => return c,
    };
    char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(text: &str) -> Option<&'static str> {
        let said = objection(text, &["ask@fernhill.example".into(), "+44 1632 960100".into()])?;
        let kinds = ["an e-mail address", "the number of a card", "a telephone number"];
        kinds.into_iter().find(|kind| said.contains(kind))
    }

    #[test]
    fn what_belongs_to_a_person_is_seen() {
        for text in [
            "Your card 2123 4567 8901 23 is ready",
            "Card 21234567890123.",
            "It is 4000-0012-3456-7899, right?",
            "card ４０００００１２３４５６７８９９",
            "number 2004512345",
        ] {
            assert_eq!(what(text), Some("the number of a card"), "{text}");
        }
        for text in [
            "Ring 020 7946 0958",
            "Call (406) 555-0100",
            "Call 406-555-0100 or come by",
            "+48 22 555 01 00",
            "Ring 555-0100",
            "٠٢٠ ٧٩٤٦ ٠٩٥٨",
            "+44 1632 960999",
        ] {
            assert_eq!(what(text), Some("a telephone number"), "{text}");
        }
        for text in ["write to tamsin@patron.example", "tamsin @ patron.example", "żółw@książka.example"]
        {
            assert_eq!(what(text), Some("an e-mail address"), "{text}");
        }
    }

    #[test]
    fn what_libraries_say_every_day_is_not() {
        for text in [
            "We open at 9:00 and close at 17:30.",
            "On 2026-11-22, 22.11.2026 and 11/22/2026",
            "Open 1 May 2026 – 30 June 2027",
            "The years 1914-1918 and 2026–2027",
            "ISBN 978-0-306-40615-7 is on the shelf 823.914",
            "ISBN 0-306-40615-2, or 080442957X",
            "ISSN 0317-8471",
            "It costs £3.60; 12,000 books; 50% off",
            "https://library.example.org/record/1234567890123 has it",
            "Write to ask@fernhill.example or ring 01632 960100",
            "ring +44 1632 960100",
            "Room 101, shelf 42, page 1234",
            "@FernhillLib thank you",
        ] {
            assert_eq!(
                objection(text, &["ask@fernhill.example".into(), "+44 1632 960100".into()]),
                None,
                "{text}"
            );
        }
    }
}
