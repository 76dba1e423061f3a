//! The moment a mail says it was written, from any form seen in `Date` fields.

use jiff::{civil, tz};

/// A moment with the offset it was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Epoch milliseconds UTC.
    pub at_ms: i64,
    /// Seconds east of Greenwich.
    pub offset_s: i32,
}

impl Written {
    /// `2026-05-03T14:00:00+02:00`.
    pub fn rfc3339(&self) -> String {
        let offset = tz::Offset::from_seconds(self.offset_s).unwrap_or(tz::Offset::UTC);
        match jiff::Timestamp::from_millisecond(self.at_ms) {
            Ok(at) if self.offset_s == 0 => at.to_string(),
            Ok(at) => at.display_with_offset(offset).to_string(),
            Err(_) => String::new(),
        }
    }
}

#[derive(Default)]
struct Found {
    year: Option<i32>,
    month: Option<i32>,
    day: Option<i32>,
    time: Option<(i32, i32, i32)>,
    offset_s: Option<i32>,
    afternoon: Option<bool>,
}

/// Reads RFC 5322 dates, their obsolete and asctime forms, `21-Nov-97`, ISO 8601 and common broken ones.
/// `None` where no day, month, year and time can be made out. A missing zone counts as UTC.
pub fn parse(text: &str) -> Option<Written> {
    let mut found = Found::default();
    for token in without_comments(text).split([' ', ',', '\t']).filter(|token| !token.is_empty()).take(40) {
        take(token, &mut found);
    }
    let (mut hour, minute, second) = found.time?;
    match found.afternoon {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    let small = |value: i32| i8::try_from(value).ok();
    // A leap second is the second before it.
    let second = second.min(59);
    let day =
        civil::Date::new(i16::try_from(found.year?).ok()?, small(found.month?)?, small(found.day?)?).ok()?;
    let time = civil::Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?;
    let offset_s = found.offset_s.unwrap_or(0);
    let at = tz::Offset::from_seconds(offset_s).ok()?.to_timestamp(day.to_datetime(time)).ok()?;
    Some(Written { at_ms: at.as_millisecond(), offset_s })
}

fn take(token: &str, found: &mut Found) {
    if let Some((day, time)) = token.split_once(['T', 't'])
        && day.len() >= 8
        && day.starts_with(|c: char| c.is_ascii_digit())
        && time.starts_with(|c: char| c.is_ascii_digit())
    {
        take(day, found);
        take(time, found);
        return;
    }
    let first = token.chars().next().unwrap_or(' ');
    if first.is_ascii_digit() && token.contains([':', '.']) && found.time.is_none() && time(token, found) {
        return;
    }
    if matches!(first, '+' | '-') {
        if found.time.is_some() && found.offset_s.is_none() {
            found.offset_s = offset(token);
        }
    } else if first.is_ascii_digit() {
        match token.split(['-', '/', '.']).collect::<Vec<_>>().as_slice() {
            [a, b, c] => three(a, b, c, found),
            _ => number(token.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.'), found),
        }
    } else if first.is_ascii_alphabetic() {
        word(token, found);
    }
}

/// `21-Nov-97`, `2026-05-03`, `10/26/2004`, `26.10.2004`.
fn three(a: &str, b: &str, c: &str, found: &mut Found) {
    let number = |text: &str| text.parse::<i32>().ok();
    match (number(a), month(b).or_else(|| number(b)), number(c)) {
        (Some(y), Some(m), Some(d)) if a.len() == 4 => {
            (found.year, found.month, found.day) = (Some(y), Some(m), Some(d))
        }
        (Some(d), Some(m), Some(y)) if month(b).is_some() || d > 12 => {
            (found.day, found.month, found.year) = (Some(d), Some(m), Some(full_year(y, c.len())));
        }
        (Some(m), Some(d), Some(y)) => {
            (found.month, found.day, found.year) = (Some(m), Some(d), Some(full_year(y, c.len())));
        }
        _ => {}
    }
}

fn number(token: &str, found: &mut Found) {
    let Ok(value) = token.parse::<i32>() else {
        return;
    };
    if found.day.is_none() && token.len() <= 2 && (1..=31).contains(&value) {
        found.day = Some(value);
    } else if found.year.is_none() && (2..=4).contains(&token.len()) {
        found.year = Some(full_year(value, token.len()));
    }
}

/// RFC 5322 section 4.3: two digits below 50 are this century, other short years count from 1900.
fn full_year(value: i32, digits: usize) -> i32 {
    match (digits, value) {
        (..=2, 0..50) => value + 2000,
        (..=3, _) => value + 1900,
        _ => value,
    }
}

fn time(token: &str, found: &mut Found) -> bool {
    let end = token.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(token.len());
    let (clock, zone) = token.split_at(end);
    if clock.ends_with(':') {
        return false;
    }
    let separator = if clock.contains(':') { ':' } else { '.' };
    let parts: Vec<i32> = clock
        .split(separator)
        .map_while(|part| part.split('.').next().unwrap_or_default().parse().ok())
        .collect();
    let (hour, minute, second) = match *parts.as_slice() {
        [hour, minute] if separator == ':' => (hour, minute, 0),
        [hour, minute, second] if clock.split(separator).next().is_some_and(|hour| hour.len() <= 2) => {
            (hour, minute, second)
        }
        _ => return false,
    };
    if hour > 23 || minute > 59 || second > 60 {
        return false;
    }
    found.time = Some((hour, minute, second));
    match zone.chars().next() {
        Some('+' | '-') => found.offset_s = offset(zone),
        Some(_) => word(zone, found),
        None => {}
    }
    true
}

fn word(token: &str, found: &mut Found) {
    let upper = token.to_ascii_uppercase();
    match upper.trim_end_matches('.') {
        "AM" => found.afternoon = Some(false),
        "PM" => found.afternoon = Some(true),
        name => {
            if found.month.is_none()
                && let Some(month) = month(name)
            {
                found.month = Some(month);
            } else if let Some(at) = name.find(['+', '-']).filter(|at| *at > 0) {
                // `GMT+0200`; the sign is the one people read, not the POSIX one.
                found.offset_s = offset(&name[at..]).or(found.offset_s);
            } else if found.time.is_some() && found.offset_s.is_none() {
                found.offset_s = zone(name);
            }
        }
    }
}

fn month(name: &str) -> Option<i32> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let head = name.get(..3)?.to_ascii_lowercase();
    let index = NAMES.iter().position(|month| *month == head)?;
    i32::try_from(index + 1).ok()
}

/// `+0100`, `-05:30`, `+1`. Nonsense counts as UTC rather than losing the date.
fn offset(token: &str) -> Option<i32> {
    let sign = if token.starts_with('-') { -1 } else { 1 };
    let digits: String = token.chars().filter(char::is_ascii_digit).take(4).collect();
    let value: i32 = digits.parse().ok()?;
    let (hours, minutes) = if digits.len() <= 2 { (value, 0) } else { (value / 100, value % 100) };
    Some(if hours > 24 || minutes > 59 { 0 } else { sign * (hours * 3600 + minutes * 60) })
}

fn zone(name: &str) -> Option<i32> {
    let quarters = match name {
        "UT" | "GMT" | "UTC" | "Z" | "WET" => 0,
        "BST" | "CET" | "MET" | "WEST" => 4,
        "CEST" | "MEST" | "MESZ" | "EET" | "SAST" => 8,
        "EEST" | "MSK" => 12,
        "IST" => 22,
        "HKT" | "SGT" | "AWST" => 32,
        "JST" | "KST" => 36,
        "AEST" => 40,
        "AEDT" => 44,
        "NZST" => 48,
        "NZDT" => 52,
        "EST" | "CDT" => -20,
        "EDT" => -16,
        "CST" | "MDT" => -24,
        "MST" | "PDT" => -28,
        "PST" | "AKDT" => -32,
        "AKST" => -36,
        "HST" => -40,
        _ => return None,
    };
    Some(quarters * 900)
}

fn without_comments(text: &str) -> String {
    let mut depth = 0u32;
    text.chars()
        .take(500)
        .map(|c| {
            match c {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return ' ';
                }
                _ => {}
            }
            if depth > 0 { ' ' } else { c }
        })
        .collect()
}
