//! Opening hours as people write them: `Mon-Fri 9:00-12:00 13:00-17:00; Sat 10:00-14:00`.

use super::Interval;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The intervals of each day, Monday first.
pub type Week = [Vec<Interval>; 7];

/// Reads a week. Parts are set apart by `;`, each names days (`Mon`, `Mon-Fri`, `Sat,Sun`, `daily`) and then intervals; a
/// day that is not named is closed. An end before the beginning is on the next day (`20:00-2:00`).
///
/// # Errors
/// A sentence that names the part which was not understood.
pub fn week(text: &str) -> Result<Week, String> {
    let mut week = Week::default();
    for part in text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let (days, times) = part.split_once(char::is_whitespace).ok_or_else(|| not_understood(part))?;
        let intervals = intervals(times)?;
        for day in days_named(days).ok_or_else(|| not_understood(part))? {
            week[day].extend(&intervals);
        }
    }
    for day in &mut week {
        day.sort_unstable();
        if day.windows(2).any(|two| two[1].opens < two[0].closes) {
            return Err(format!("{text}: two intervals of one day overlap."));
        }
    }
    Ok(week)
}

/// Reads the intervals of a day, set apart by blanks or commas; none where it says `closed`.
///
/// # Errors
/// A sentence that names what was not understood.
pub fn intervals(text: &str) -> Result<Vec<Interval>, String> {
    if text.trim().is_empty() || text.trim().eq_ignore_ascii_case("closed") {
        return Ok(Vec::new());
    }
    text.split([' ', ',']).filter(|one| !one.is_empty()).map(interval).collect()
}

/// Writes them as [`week`] reads them, days with the same hours together.
pub fn write_week(week: &Week) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut day = 0;
    while day < 7 {
        let same = (day..7).take_while(|other| week[*other] == week[day]).count();
        if !week[day].is_empty() {
            let last = day + same - 1;
            let days = if same == 1 { DAYS[day].to_owned() } else { format!("{}-{}", DAYS[day], DAYS[last]) };
            parts.push(format!("{days} {}", write_intervals(&week[day])));
        }
        day += same;
    }
    if parts.is_empty() { "closed".to_owned() } else { parts.join("; ") }
}

/// Writes them as [`intervals`] reads them.
pub fn write_intervals(intervals: &[Interval]) -> String {
    let face = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let each = intervals.iter().map(|one| {
        let closes = if one.closes > super::DAY_MIN { one.closes - super::DAY_MIN } else { one.closes };
        format!("{}-{}", face(one.opens), face(closes))
    });
    each.collect::<Vec<_>>().join(" ")
}

fn interval(text: &str) -> Result<Interval, String> {
    let ends = text.split_once(['-', '–']).and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
    let (opens, closes) = ends.ok_or_else(|| not_understood(text))?;
    Interval::new(opens, if closes <= opens { closes + super::DAY_MIN } else { closes })
}

fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once([':', '.']).unwrap_or((text, "0"));
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 24 && minutes < 60 && hours * 60 + minutes <= super::DAY_MIN).then_some(hours * 60 + minutes)
}

fn days_named(text: &str) -> Option<Vec<usize>> {
    if text.eq_ignore_ascii_case("daily") {
        return Some((0..7).collect());
    }
    let mut days = Vec::new();
    for range in text.split(',') {
        let (first, last) = range.split_once(['-', '–']).unwrap_or((range, range));
        let (first, last) = (day(first)?, day(last)?);
        days.extend((0..7).map(|step| (first + step) % 7).take((last + 7 - first) % 7 + 1));
    }
    Some(days)
}

fn day(text: &str) -> Option<usize> {
    let text = text.trim().to_lowercase();
    let full = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    (text.len() >= 2).then(|| full.iter().position(|name| name.starts_with(&text)))?
}

fn not_understood(part: &str) -> String {
    format!("“{part}” was not understood. Write it like: Mon-Fri 9:00-12:00 13:00-17:00; Sat 10:00-14:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_read_and_written_as_people_do() {
        let cases = [
            ("Mon-Fri 9:00-17:00; Sat 10:00-14:00", "Mon-Fri 09:00-17:00; Sat 10:00-14:00"),
            ("mon-thu 9-12 13-20; friday 9-12", "Mon-Thu 09:00-12:00 13:00-20:00; Fri 09:00-12:00"),
            ("Fri-Mon 10:00-11:30", "Mon 10:00-11:30; Fri-Sun 10:00-11:30"),
            ("daily 20:00-02:00", "Mon-Sun 20:00-02:00"),
            ("Sat,Sun 12.30–18.00", "Sat-Sun 12:30-18:00"),
            ("daily 0-24", "Mon-Sun 00:00-24:00"),
            ("Mon 9-17; Tue closed", "Mon 09:00-17:00"),
            ("", "closed"),
        ];
        for (text, written) in cases {
            let read = week(text).unwrap();
            assert_eq!(write_week(&read), written, "{text}");
            if written != "closed" {
                assert_eq!(week(written).unwrap(), read, "read again: {written}");
            }
        }
    }

    #[test]
    fn what_is_no_week_is_said_in_a_sentence() {
        for text in [
            "Mon",
            "Mon 9:00",
            "Xyz 9-17",
            "Mon 25-26",
            "Mon 9:75-10",
            "Mon 9-12 11-13",
            "M 9-10",
            "Mon 9-9:00-10",
        ] {
            let why = week(text).unwrap_err();
            assert!(why.contains("not understood") || why.contains("overlap"), "{text}: {why}");
        }
    }
}
