//! Days, months and years as they are typed, and the moments they begin and end.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::Millis;

/// A stretch of whole days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    /// Its first moment.
    pub begins: Millis,
    /// The first moment after it.
    pub ends: Millis,
    /// As people say it: "1 Oct 2026", "Oct 2026", "2026".
    pub named: String,
}

/// Reads `2026-10-01`, `2026-10`, `2026`, `today` or `yesterday`, by the clock on the library's wall.
pub fn days(typed: &str, now: Millis, zone: &TimeZone) -> Option<Days> {
    let today = jiff::Timestamp::from_millisecond(now).ok()?.to_zoned(zone.clone()).date();
    let (first, after, format) = match typed.to_ascii_lowercase().as_str() {
        "today" => (today, today.tomorrow().ok()?, DAY),
        "yesterday" => (today.yesterday().ok()?, today, DAY),
        other => written(other)?,
    };
    let begin = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond());
    Some(Days { begins: begin(first)?, ends: begin(after)?, named: first.strftime(format).to_string() })
}

const DAY: &str = "%-d %b %Y";

fn written(typed: &str) -> Option<(Date, Date, &'static str)> {
    let mut pieces = Vec::new();
    for piece in typed.split(['-', '/']) {
        let digits = piece.bytes().all(|byte| byte.is_ascii_digit());
        pieces.push((digits && (1..=4).contains(&piece.len())).then(|| piece.parse::<i16>().ok())??);
    }
    if typed.split(['-', '/']).next()?.len() != 4 {
        return None;
    }
    let small = |number: i16| i8::try_from(number).ok();
    match pieces[..] {
        [year] => {
            let first = Date::new(year, 1, 1).ok()?;
            Some((first, first.checked_add(1.year()).ok()?, "%Y"))
        }
        [year, month] => {
            let first = Date::new(year, small(month)?, 1).ok()?;
            Some((first, first.checked_add(1.month()).ok()?, "%b %Y"))
        }
        [year, month, day] => {
            let first = Date::new(year, small(month)?, small(day)?).ok()?;
            Some((first, first.tomorrow().ok()?, DAY))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_as_long_as_the_clock_on_the_wall_says() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        // Noon of 1 October 2026, UTC.
        let now = 1_790_856_000_000;
        let hours = |typed: &str| days(typed, now, &zone).map(|days| (days.ends - days.begins) / 3_600_000);
        assert_eq!(hours("2026-10-01"), Some(24));
        assert_eq!(hours("2026/10/25"), Some(25), "the clock goes back");
        assert_eq!(hours("2026-02"), Some(28 * 24));
        assert_eq!(hours("2024"), Some(366 * 24));
        let today = days("Today", now, &zone).expect("a day");
        assert_eq!((today.named.as_str(), today.begins), ("1 Oct 2026", now - 14 * 3_600_000));
        assert_eq!(days("yesterday", now, &zone).expect("a day").ends, today.begins);
        for wrong in
            ["", "soon", "2026-13", "2026-02-30", "26-10-01", "2026-1-1-1", "99999", "-2026", "2026-"]
        {
            assert_eq!(days(wrong, now, &zone), None, "{wrong}");
        }
    }
}
