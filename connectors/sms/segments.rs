//! How many segments a text takes on the air, and which characters make it dear.

use super::gsm::septets;

/// How the letters travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// GSM 03.38: 160 in a single message, 153 in each of several.
    Gsm7,
    /// UTF-16: 70 and 67.
    Ucs2,
}

impl Coding {
    const fn alone(self) -> u32 {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    const fn joined(self) -> u32 {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// Septets or 16-bit units.
    fn width(self, c: char) -> u32 {
        match self {
            Self::Gsm7 => septets(c).unwrap_or(1),
            Self::Ucs2 => c.len_utf16() as u32,
        }
    }

    /// A character is never cut in two, so a segment may end with a unit unused.
    fn segments(self, text: &str) -> u32 {
        let units: u32 = text.chars().map(|c| self.width(c)).sum();
        if units <= self.alone() {
            return u32::from(units > 0);
        }
        let (mut segments, mut used) = (1, 0);
        for width in text.chars().map(|c| self.width(c)) {
            if used + width > self.joined() {
                segments += 1;
                used = 0;
            }
            used += width;
        }
        segments
    }
}

/// What was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// How the text travels.
    pub coding: Coding,
    /// How many segments: what is paid for.
    pub segments: u32,
    /// How many it would be if the dear characters were plain ones.
    pub plain_segments: u32,
    /// Which characters force the dearer coding, each once, in order of appearance.
    pub dear: Vec<char>,
}

/// Counts a text.
pub fn count(text: &str) -> Count {
    let mut dear = Vec::new();
    for c in text.chars().filter(|c| septets(*c).is_none()) {
        if !dear.contains(&c) {
            dear.push(c);
        }
    }
    let coding = if dear.is_empty() { Coding::Gsm7 } else { Coding::Ucs2 };
    Count { coding, segments: coding.segments(text), plain_segments: Coding::Gsm7.segments(text), dear }
}

/// How many segments, without asking why.
pub fn segments(text: &str) -> u32 {
    let gsm = text.chars().all(|c| septets(c).is_some());
    if gsm { Coding::Gsm7.segments(text) } else { Coding::Ucs2.segments(text) }
}

impl Count {
    /// The characters that cost, named for the person who wrote them; none when there are none or they cost nothing.
    pub fn words(&self) -> Option<String> {
        if self.dear.is_empty() || self.segments <= self.plain_segments {
            return None;
        }
        let named: Vec<String> = self.dear.iter().take(3).map(|c| named(*c)).collect();
        let others = match self.dear.len() {
            0..=3 => String::new(),
            more => format!(" and {} more", more - 3),
        };
        let make = if self.dear.len() == 1 { "makes" } else { "make" };
        Some(format!(
            "{}{others} {make} this {} segments; with plain letters it would be {}.",
            named.join(", "),
            self.segments,
            self.plain_segments
        ))
    }
}

fn named(c: char) -> String {
    if c.is_control() || c.is_whitespace() || ('\u{200b}'..='\u{200f}').contains(&c) {
        format!("U+{:04X}", u32::from(c))
    } else {
        format!("“{c}”")
    }
}
