//! How an event repeats (RFC 5545, 3.3.10), as far as libraries' closures do: each so many days, weeks, months or years; on days
//! of the week; on the fourth Thursday of November.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// No rule is followed further than so many steps.
const MOST_STEPS: i64 = 20_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Day,
    Week,
    Month,
    Year,
}

#[derive(Debug)]
pub(super) struct Rule {
    step: Step,
    interval: i64,
    count: Option<usize>,
    until: Option<Date>,
    /// Of a week.
    days: Vec<Weekday>,
    /// The so-manieth of this weekday, from the end where it is below 0.
    nth: Option<(i8, Weekday)>,
}

impl Rule {
    /// Of an event that begins on `first`.
    pub(super) fn read(text: &str, first: Date, zone: &TimeZone) -> Result<Self, String> {
        let mut rule =
            Self { step: Step::Day, interval: 1, count: None, until: None, days: Vec::new(), nth: None };
        let mut known = false;
        let unknown = |what: &str| {
            format!("“{what}” in a repetition is not understood. Write the days it means one by one.")
        };
        let mut by_day = None;
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| unknown(part))?;
            let is_own = |own: i8| value.parse() == Ok(own);
            match name.to_ascii_uppercase().as_str() {
                "FREQ" => {
                    known = true;
                    rule.step = match value.to_ascii_uppercase().as_str() {
                        "DAILY" => Step::Day,
                        "WEEKLY" => Step::Week,
                        "MONTHLY" => Step::Month,
                        "YEARLY" => Step::Year,
                        _ => return Err(unknown(part)),
                    };
                }
                "INTERVAL" => {
                    rule.interval =
                        value.parse().ok().filter(|n| (1..1_000).contains(n)).ok_or_else(|| unknown(part))?;
                }
                "COUNT" => rule.count = Some(value.parse().map_err(|_| unknown(part))?),
                "UNTIL" => rule.until = Some(until(value, zone).ok_or_else(|| unknown(part))?),
                "WKST" => {}
                "BYDAY" => by_day = Some((part, value)),
                // Often said although the first day says it already.
                "BYMONTH" if is_own(first.month()) => {}
                "BYMONTHDAY" if is_own(first.day()) => {}
                _ => return Err(unknown(part)),
            }
        }
        if !known {
            return Err(unknown(text));
        }
        if let Some((part, value)) = by_day {
            match rule.step {
                Step::Week => {
                    let days: Option<Vec<_>> = value.split(',').map(weekday).collect();
                    rule.days = days.ok_or_else(|| unknown(part))?;
                    if rule.interval > 1 && rule.days.len() > 1 {
                        return Err(unknown(text));
                    }
                }
                Step::Month | Step::Year => {
                    let own = first.weekday();
                    let nth = nth(value).filter(|(_, day)| *day == own).ok_or_else(|| unknown(part))?;
                    if first.nth_weekday_of_month(nth.0, nth.1).ok() != Some(first) {
                        return Err(unknown(part));
                    }
                    rule.nth = Some(nth);
                }
                Step::Day => return Err(unknown(part)),
            }
        }
        Ok(rule)
    }

    /// The days on which it begins between these, both included.
    pub(super) fn dates(&self, first: Date, from: Date, to: Date) -> Vec<Date> {
        let last = self.until.map_or(to, |until| until.min(to));
        let mut found = Vec::new();
        let mut met = 0;
        for step in 0..MOST_STEPS {
            let Some(of_step) = self.of_step(first, step) else { continue };
            if of_step.iter().all(|date| *date > last) && !of_step.is_empty() {
                break;
            }
            for date in of_step.into_iter().filter(|date| *date >= first && *date <= last) {
                if self.count.is_some_and(|count| met >= count) {
                    return found;
                }
                met += 1;
                if date >= from {
                    found.push(date);
                }
            }
        }
        found
    }

    /// The days of one step, in order. None: it has none, as the 29th of February in most years.
    fn of_step(&self, first: Date, step: i64) -> Option<Vec<Date>> {
        let so_many = step * self.interval;
        let date = match self.step {
            Step::Day => first.checked_add(Span::new().days(so_many)).ok()?,
            Step::Week if !self.days.is_empty() => {
                let monday =
                    first.checked_sub(Span::new().days(first.weekday().to_monday_zero_offset())).ok()?;
                let monday = monday.checked_add(Span::new().weeks(so_many)).ok()?;
                let mut days: Vec<Date> = self
                    .days
                    .iter()
                    .filter_map(|day| monday.checked_add(Span::new().days(day.to_monday_zero_offset())).ok())
                    .collect();
                days.sort_unstable();
                return Some(days);
            }
            Step::Week => first.checked_add(Span::new().weeks(so_many)).ok()?,
            Step::Month | Step::Year => {
                let months = if self.step == Step::Month { so_many } else { so_many * 12 };
                let month = first.first_of_month().checked_add(Span::new().months(months)).ok()?;
                match self.nth {
                    Some((nth, day)) => month.nth_weekday_of_month(nth, day).ok()?,
                    None => Date::new(month.year(), month.month(), first.day()).ok()?,
                }
            }
        };
        Some(vec![date])
    }
}

fn until(value: &str, zone: &TimeZone) -> Option<Date> {
    if value.len() == 8 {
        return Date::strptime("%Y%m%d", value).ok();
    }
    let shown = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S", value.trim_end_matches('Z')).ok()?;
    if !value.ends_with('Z') {
        return Some(shown.date());
    }
    let at: Timestamp = shown.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(at.to_zoned(zone.clone()).date())
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text.trim().to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}

fn nth(text: &str) -> Option<(i8, Weekday)> {
    let (number, day) = text.trim().split_at_checked(text.trim().len().checked_sub(2)?)?;
    let number: i8 = number.trim_start_matches('+').parse().ok()?;
    (number != 0 && (-5..=5).contains(&number)).then_some((number, weekday(day)?))
}
