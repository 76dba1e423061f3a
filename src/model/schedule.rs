//! How often a stream is read: an interval or a cron expression, with jitter, slower while nothing comes.

use std::str::FromStr;

use chrono::TimeZone;

use super::Millis;

const SLOWEST_QUIET_MS: i64 = 5 * 60_000;
const QUIET_POLLS_BEFORE_SLOWING: i64 = 5;
const SLOWEST_FAILING_MS: i64 = 10 * 60_000;

/// When a stream is read.
#[derive(Clone, Debug)]
pub enum Schedule {
    /// Each so many milliseconds.
    Every(i64),
    /// At the moments of a cron expression, in the library's time zone.
    At(Box<cron::Schedule>),
}

/// How the latest reads went.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mood {
    /// How many in a row found nothing.
    pub quiet: i64,
    /// How many in a row failed.
    pub failures: i64,
}

impl FromStr for Schedule {
    type Err = String;

    /// `30s`, `5m`, `2h`, or five cron fields as every crontab has them (`*/10 8-18 * * 1-5`).
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(interval) = interval(text) {
            return if (1_000..=86_400_000).contains(&interval) {
                Ok(Self::Every(interval))
            } else {
                Err(format!("{text} is not between 1s and 24h."))
            };
        }
        let quartz = quartz(text)?;
        let schedule = cron::Schedule::from_str(&quartz).map_err(|_| {
            format!("{text} is neither an interval (30s, 5m, 2h) nor five cron fields (*/10 8-18 * * 1-5).")
        })?;
        Ok(Self::At(Box::new(schedule)))
    }
}

impl Schedule {
    /// The next read after `now`. `zone` is the library's (IANA name; UTC when unknown), `jitter` in 0..=255 spreads reads
    /// by up to a tenth of the interval.
    pub fn next(&self, now: Millis, zone: &str, mood: Mood, jitter: u8) -> Millis {
        let regular = match self {
            Self::Every(interval) => now.saturating_add(slowed(*interval, mood.quiet)),
            Self::At(schedule) => {
                after(schedule, now, zone).unwrap_or_else(|| now.saturating_add(SLOWEST_QUIET_MS))
            }
        };
        let failing = match mood.failures {
            0 => now,
            n => now.saturating_add(5_000_i64.saturating_mul(1 << n.clamp(0, 12)).min(SLOWEST_FAILING_MS)),
        };
        let next = regular.max(failing);
        let spread = (next - now) / 10;
        match self {
            Self::Every(_) => next + spread * i64::from(jitter) / 255,
            Self::At(_) => next,
        }
    }
}

fn slowed(interval: i64, quiet: i64) -> i64 {
    let doublings = ((quiet - QUIET_POLLS_BEFORE_SLOWING) / QUIET_POLLS_BEFORE_SLOWING).clamp(0, 4);
    interval.saturating_mul(1 << doublings).min(interval.max(SLOWEST_QUIET_MS))
}

fn interval(text: &str) -> Option<i64> {
    let unit = match text.chars().last()? {
        's' => 1_000,
        'm' => 60_000,
        'h' => 3_600_000,
        _ => return None,
    };
    text[..text.len() - 1].trim().parse::<i64>().ok()?.checked_mul(unit)
}

/// The `cron` crate speaks Quartz: a field for seconds first, and Sunday is 1. Weekdays are handed on by name.
fn quartz(text: &str) -> Result<String, String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields[..] else {
        return Err(format!(
            "{text} has {} fields; a cron expression has five: minute hour day month weekday.",
            fields.len()
        ));
    };
    Ok(format!("0 {minute} {hour} {day} {month} {}", weekdays(weekday)))
}

fn weekdays(field: &str) -> String {
    const NAMES: [&str; 8] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
    let named = |number: &str| {
        number
            .parse::<usize>()
            .ok()
            .and_then(|n| NAMES.get(n))
            .map_or_else(|| number.to_owned(), |name| (*name).to_owned())
    };
    let each = field.split(',').map(|item| {
        let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
        let range = range.split('-').map(named).collect::<Vec<_>>().join("-");
        step.map_or(range.clone(), |step| format!("{range}/{step}"))
    });
    each.collect::<Vec<_>>().join(",")
}

/// The first moment after `now` at which the clocks of `zone` show what the expression names. Between two changes of its
/// clocks a zone is a fixed distance from UTC, so each stretch is asked in turn: an hour that comes twice is read twice,
/// one that is left out is not read.
fn after(schedule: &cron::Schedule, now: Millis, zone: &str) -> Option<Millis> {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let now = jiff::Timestamp::from_millisecond(now).ok()?;
    let mut offset = zone.to_offset(now);
    let mut from = now.as_second();
    for change in zone.following(now) {
        let changes = change.timestamp().as_second();
        if let Some(at) = in_offset(schedule, from, offset).filter(|at| *at < changes) {
            return Some(at * 1_000);
        }
        // What is asked for is what comes after: the moment of the change itself is the first with the new distance.
        (from, offset) = (changes - 1, change.offset());
    }
    in_offset(schedule, from, offset).map(|at| at * 1_000)
}

/// The next named second after `from` (seconds since 1970) where the clocks stand `offset` from UTC.
fn in_offset(schedule: &cron::Schedule, from: i64, offset: jiff::tz::Offset) -> Option<i64> {
    let offset = chrono::FixedOffset::east_opt(offset.seconds())?;
    let from = offset.timestamp_opt(from, 0).single()?;
    schedule.after(&from).next().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2026-11-22 10:00 UTC, a Sunday.
    const SUNDAY: Millis = 1_795_341_600_000;

    #[test]
    fn monday_is_one_as_in_every_crontab() {
        let schedule: Schedule = "0 9 * * 1".parse().expect("a crontab line");
        // Monday 2026-11-23 09:00 in Berlin is 08:00 UTC.
        assert_eq!(schedule.next(SUNDAY, "Europe/Berlin", Mood::default(), 255), SUNDAY + 22 * 3_600_000);
    }

    #[test]
    fn seven_and_zero_are_sunday() {
        for line in ["0 9 * * 0", "0 9 * * 7"] {
            let schedule: Schedule = line.parse().expect("a crontab line");
            assert_eq!(schedule.next(SUNDAY, "UTC", Mood::default(), 0), SUNDAY + (7 * 24 - 1) * 3_600_000);
        }
    }

    #[test]
    fn a_wrong_expression_is_refused_in_words() {
        for line in ["", "soon", "0s", "* * *", "61 * * * *", "99h"] {
            let refusal = line.parse::<Schedule>().expect_err(line);
            assert!(refusal.ends_with('.'), "{refusal}");
        }
    }

    #[test]
    fn an_hour_that_comes_twice_is_read_twice() {
        let schedule: Schedule = "*/20 * * * *".parse().expect("a crontab line");
        // In Berlin the clocks went back from 03:00 to 02:00 at 01:00 UTC on 2026-10-25.
        const CHANGE: Millis = 1_792_890_000_000;
        let mut at = CHANGE - 3_600_000;
        for _ in 0..6 {
            let next = schedule.next(at, "Europe/Berlin", Mood::default(), 0);
            assert_eq!(next, at + 20 * 60_000);
            at = next;
        }
    }

    proptest! {
        /// Around the nights of Berlin, of Lord Howe (half an hour) and of Santiago (at midnight).
        #[test]
        fn the_first_minute_whose_clock_fits_is_the_next(
            zone in prop::sample::select(vec!["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "UTC"]),
            night in 0i64..800, minute in 0i64..1_440,
        ) {
            let now = SUNDAY + night * 86_400_000 + minute * 60_000;
            let next = "*/20 0-3 * * *".parse::<Schedule>().expect("a crontab line").next(now, zone, Mood::default(), 0);
            let clocks = jiff::tz::TimeZone::get(zone).expect("a zone");
            let fits = |at: &Millis| {
                let clock = clocks.to_datetime(jiff::Timestamp::from_millisecond(*at).expect("a moment"));
                clock.hour() <= 3 && clock.minute() % 20 == 0
            };
            let first = (1..2 * 1_440).map(|minutes| now + minutes * 60_000).find(fits);
            prop_assert_eq!(Some(next), first);
        }

        #[test]
        fn the_next_read_is_never_in_the_past_nor_far_off(quiet in 0i64..100_000, failures in 0i64..100_000, jitter: u8, interval in 1_000i64..3_600_000) {
            let next = Schedule::Every(interval).next(SUNDAY, "UTC", Mood { quiet, failures }, jitter);
            let slowest = interval.max(SLOWEST_FAILING_MS);
            prop_assert!(next >= SUNDAY + interval.min(SLOWEST_QUIET_MS));
            prop_assert!(next <= SUNDAY + slowest + slowest / 10);
        }
    }
}
