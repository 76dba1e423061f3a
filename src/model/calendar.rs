//! Days that differ, read from what other programs write: iCal (RFC 5545), a table (CSV), published hours (JSON). All of it or
//! nothing: what cannot be read is named with its line.

mod ical;
mod published;
mod recurrence;
mod table;

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

use super::hours::written::{Week, write_intervals};
use super::hours::{DAY_MIN, Interval, weekday};

/// Repetitions are followed so far back and ahead.
const BACK_DAYS: i64 = 400;
const AHEAD_DAYS: i64 = 800;
/// A file with more in it is no library's calendar.
const MOST: usize = 5_000;
/// Of a name.
const LONGEST_NAME: usize = 200;

/// Days that differ from the week, as they are kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days {
    /// The first of them.
    pub first: Date,
    /// The last.
    pub last: Date,
    /// "Christmas".
    pub name: String,
    /// As people write them; empty where the desk is closed.
    pub intervals: String,
}

/// What is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Where it stands, from 1.
    pub line: usize,
    /// Why, as a sentence.
    pub why: String,
}

impl Bad {
    fn at(line: usize, why: impl Into<String>) -> Self {
        Self { line, why: why.into() }
    }
}

/// What reading needs to know of the desk.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// By whose clock.
    pub zone: &'a TimeZone,
    /// When it is open as a rule; none: day and night.
    pub week: Option<&'a Week>,
    /// Today.
    pub today: Date,
    /// Whose hours are meant, where several places publish theirs together.
    pub place: Option<&'a str>,
}

impl Reading<'_> {
    fn window(&self) -> (Date, Date) {
        let shifted = |days: i64| self.today.checked_add(Span::new().days(days));
        (shifted(-BACK_DAYS).unwrap_or(Date::MIN), shifted(AHEAD_DAYS).unwrap_or(Date::MAX))
    }

    fn usual(&self, day: Date) -> Vec<Interval> {
        let whole = || Interval::new(0, DAY_MIN).into_iter().collect();
        self.week.map_or_else(whole, |week| week[weekday(day)].clone())
    }
}

/// Reads what differs, whatever it is written in. The same days are given once.
///
/// # Errors
/// Everything that is not understood, in order.
pub fn read(text: &str, of: &Reading<'_>) -> Result<Vec<Days>, Vec<Bad>> {
    let text = text.trim_start_matches('\u{feff}');
    let begin = text.trim_start();
    let mut days = if begin.get(..15).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        ical::read(text, of)?
    } else if begin.starts_with(['{', '[']) {
        published::read(text, of).map_err(|bad| vec![bad])?
    } else {
        table::read(text)?
    };
    days.sort();
    days.dedup();
    if days.len() > MOST {
        return Err(vec![Bad::at(
            1,
            format!("These are more than {MOST} days and no calendar of a library."),
        )]);
    }
    Ok(days)
}

/// What taking these days in would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Those that are new.
    pub add: Vec<Days>,
    /// Those that are kept already with other hours: what they become.
    pub change: Vec<Days>,
    /// How many are kept already as they are.
    pub same: usize,
}

impl Plan {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.change.is_empty()
    }
}

/// Compares with what is kept. Days are the same when they have the same beginning, end and name; nothing is taken away.
pub fn plan(kept: &[Days], wanted: Vec<Days>) -> Plan {
    let key = |days: &Days| (days.first, days.last, days.name.clone());
    let known: BTreeMap<_, &str> = kept.iter().map(|days| (key(days), days.intervals.as_str())).collect();
    let mut plan = Plan::default();
    for days in wanted {
        match known.get(&key(&days)) {
            Some(intervals) if *intervals == days.intervals => plan.same += 1,
            Some(_) => plan.change.push(days),
            None => plan.add.push(days),
        }
    }
    plan
}

/// A time in which the desk is closed, by its own clock.
#[derive(Clone, Debug)]
struct Gap {
    line: usize,
    from: DateTime,
    to: DateTime,
    name: String,
}

/// What is left of the days on which a desk is closed for a part of them.
fn without(gaps: &[Gap], closed: &[Days], of: &Reading<'_>) -> Result<Vec<Days>, Vec<Bad>> {
    let mut touched: BTreeMap<Date, (usize, String)> = BTreeMap::new();
    for gap in gaps {
        // What is open beyond midnight belongs to the day before.
        let mut day = gap.from.date().yesterday().unwrap_or(Date::MIN);
        while day <= gap.to.date() {
            touched.entry(day).or_insert_with(|| (gap.line, gap.name.clone()));
            day = day.tomorrow().unwrap_or(Date::MAX);
        }
    }
    touched.retain(|day, _| !closed.iter().any(|one| one.first <= *day && *day <= one.last));
    let (mut days, mut bad) = (Vec::new(), Vec::new());
    for (day, (line, name)) in touched {
        let usual = of.usual(day);
        let mut left: Vec<(i64, i64)> =
            usual.iter().map(|one| (i64::from(one.opens()), i64::from(one.closes()))).collect();
        for gap in gaps {
            let (from, to) = (minutes_into(day, gap.from), minutes_into(day, gap.to));
            left = left.into_iter().flat_map(|(a, b)| [(a, b.min(from)), (a.max(to), b)]).collect();
            left.retain(|(a, b)| a < b);
        }
        let narrow = |(a, b): &(i64, i64)| Some((u16::try_from(*a).ok()?, u16::try_from(*b).ok()?));
        let intervals: Option<Vec<Interval>> =
            left.iter().map(|one| narrow(one).and_then(|(a, b)| Interval::new(a, b).ok())).collect();
        match intervals {
            Some(intervals) if intervals == usual => {}
            Some(intervals) => {
                days.push(Days { first: day, last: day, name, intervals: write_intervals(&intervals) });
            }
            None => bad
                .push(Bad::at(line, format!("After this the desk would open on {day} only past midnight."))),
        }
    }
    if bad.is_empty() { Ok(days) } else { Err(bad) }
}

/// Minutes of the wall clock from a day's midnight.
fn minutes_into(day: Date, at: DateTime) -> i64 {
    let whole = day.until(at.date()).map_or(0, |span| i64::from(span.get_days()));
    whole * i64::from(DAY_MIN) + i64::from(at.hour()) * 60 + i64::from(at.minute())
}

/// A name as it is kept.
fn named(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() { "Closed".to_owned() } else { text.chars().take(LONGEST_NAME).collect() }
}

fn day_before(day: Date) -> Date {
    day.checked_sub(1.day()).unwrap_or(day)
}

#[cfg(test)]
mod tests;
