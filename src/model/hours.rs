//! When a desk is open: intervals of the week, days that differ, and a zone whose clock jumps twice a year.

pub mod written;

use jiff::civil::{Date, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::Millis;

pub(super) const DAY_MIN: u16 = 24 * 60;
/// A desk that does not open within so many days is taken to be closed for good.
const LOOKED_AHEAD_DAYS: u32 = 800;
/// Days joined to one span at most: one that is open day and night but for its holidays is not read to the next of them.
const MOST_JOINED: u32 = 62;

/// Part of a day in which the desk is open, in minutes of the wall clock after midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    opens: u16,
    closes: u16,
}

impl Interval {
    /// From `opens` (before 24:00) until `closes`; one that ends beyond 24:00 runs into the next day and still belongs
    /// to the day on which it began.
    ///
    /// # Errors
    /// A sentence, where that is no interval of a day.
    pub fn new(opens: u16, closes: u16) -> Result<Self, String> {
        if opens >= DAY_MIN || closes <= opens || closes - opens > DAY_MIN {
            return Err(format!(
                "{} to {} is no part of a day: it must begin before 24:00, end after it began and last at most a day.",
                clock_face(opens),
                clock_face(closes)
            ));
        }
        Ok(Self { opens, closes })
    }

    /// Minutes after midnight.
    pub fn opens(self) -> u16 {
        self.opens
    }

    /// Minutes after midnight of the day on which it began.
    pub fn closes(self) -> u16 {
        self.closes
    }
}

fn clock_face(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Days that differ from the week: closed, or open at other times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// When it is open on each of them; empty where it is closed.
    pub intervals: Vec<Interval>,
}

/// The hours of a desk.
#[derive(Clone, Debug)]
pub struct Hours {
    zone: TimeZone,
    /// Monday first. None: always open.
    week: Option<[Vec<Interval>; 7]>,
    exceptions: Vec<Exception>,
}

/// When a patron who has been waiting since `since` is to have an answer: the promise in open hours. By the clock on the wall where
/// the desk is always open (`None`), or does not open for so long any more.
pub fn due(hours: Option<&Hours>, since: Millis, promise_ms: i64) -> Millis {
    let in_hours = hours.and_then(|hours| hours.after_open(since, promise_ms));
    in_hours.unwrap_or_else(|| since.saturating_add(promise_ms))
}

/// From when until when, the end not included.
pub type Span = (Millis, Millis);

impl Hours {
    /// Open day and night, but for the exceptions.
    pub fn always(zone: &str) -> Self {
        Self { zone: zone_named(zone), week: None, exceptions: Vec::new() }
    }

    /// Open at these intervals of the week, Monday first.
    pub fn weekly(zone: &str, week: [Vec<Interval>; 7]) -> Self {
        Self { zone: zone_named(zone), week: Some(week), exceptions: Vec::new() }
    }

    /// With days that differ. Where several speak of one day the last one holds.
    #[must_use]
    pub fn except(mut self, exceptions: Vec<Exception>) -> Self {
        self.exceptions = exceptions;
        self
    }

    /// By whose clock.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Whether the desk is open.
    pub fn is_open(&self, at: Millis) -> bool {
        self.spans(at).next().is_some_and(|(opens, _)| opens <= at)
    }

    /// When it opens next: now, where it is open. None where it is closed for good.
    pub fn next_open(&self, at: Millis) -> Option<Millis> {
        self.spans(at).next().map(|(opens, _)| opens.max(at))
    }

    /// When it closes next after it is open, or two months on where it does not close before. None where it never opens,
    /// or never closes.
    pub fn next_close(&self, at: Millis) -> Option<Millis> {
        let (_, closes) = self.spans(at).next()?;
        (closes < Millis::MAX).then_some(closes)
    }

    /// Milliseconds in which it was open between the two.
    pub fn open_ms(&self, from: Millis, to: Millis) -> i64 {
        self.spans(from)
            .take_while(|(opens, _)| *opens < to)
            .map(|(opens, closes)| closes.min(to) - opens.max(from))
            .sum()
    }

    /// When `open_ms` of open time have gone by since `from`: a promise given in open hours. None where the desk does
    /// not open that long any more.
    pub fn after_open(&self, from: Millis, open_ms: i64) -> Option<Millis> {
        let mut left = open_ms.max(0);
        for (opens, closes) in self.spans(from) {
            let opens = opens.max(from);
            if closes - opens >= left {
                return Some(opens + left);
            }
            left -= closes - opens;
        }
        None
    }

    /// When the desk will have been open for one whole day of its own since `from`: as long as on the day that is under way
    /// there, or on the next on which it opens. None where it is closed for good.
    pub fn after_one_day(&self, from: Millis) -> Option<Millis> {
        let yesterday = self.date(from).and_then(|date| date.yesterday().ok());
        let mut days = Days { hours: self, date: yesterday, idle: 0 };
        let day = days.find(|day| day.iter().any(|(_, closes)| *closes > from))?;
        let (opens, closes) = (day.iter().map(|one| one.0).min()?, day.iter().map(|one| one.1).max()?);
        self.after_open(from, self.open_ms(opens, closes))
    }

    /// Every span that ends after `at`, in order; those that touch or overlap are one, up to two months of them.
    pub fn spans(&self, at: Millis) -> impl Iterator<Item = Span> + '_ {
        let always =
            (self.week.is_none() && self.exceptions.is_empty()).then_some((Millis::MIN / 2, Millis::MAX));
        let days = Days { hours: self, date: self.date(at).and_then(|date| date.yesterday().ok()), idle: 0 };
        let days =
            if always.is_some() { None } else { Some(Merged { days, of_day: Vec::new(), held: None }) };
        always.into_iter().chain(days.into_iter().flatten()).filter(move |(_, closes)| *closes > at)
    }

    /// The open time up to any moment between the two, laid out once: for measuring many lengths.
    pub fn ruler(&self, from: Millis, to: Millis) -> Ruler {
        let spans: Vec<Span> = self
            .spans(from)
            .take_while(|(opens, _)| *opens < to)
            .map(|(opens, closes)| (opens.max(from), closes.min(to)))
            .collect();
        let before =
            spans.iter().scan(0, |sum, (opens, closes)| Some(std::mem::replace(sum, *sum + closes - opens)));
        Ruler { before: before.collect(), spans }
    }

    fn date(&self, at: Millis) -> Option<Date> {
        Timestamp::from_millisecond(at).ok().map(|at| at.to_zoned(self.zone.clone()).date())
    }

    fn of_day(&self, date: Date) -> Vec<Span> {
        const WHOLE: &[Interval] = &[Interval { opens: 0, closes: DAY_MIN }];
        let different = self.exceptions.iter().rev().find(|one| one.from <= date && date <= one.to);
        let intervals = match (different, &self.week) {
            (Some(exception), _) => exception.intervals.as_slice(),
            (None, Some(week)) => &week[weekday(date)],
            (None, None) => WHOLE,
        };
        let mut spans: Vec<Span> = intervals
            .iter()
            .filter_map(|one| Some((self.instant(date, one.opens)?, self.instant(date, one.closes)?)))
            .filter(|(opens, closes)| opens < closes)
            .collect();
        spans.sort_unstable();
        spans
    }

    /// The moment at which the wall clock first shows this, or first shows something later: a time that is skipped in
    /// spring is the moment of the jump, one that comes twice in autumn is the first of the two.
    fn instant(&self, date: Date, minutes: u16) -> Option<Millis> {
        let shown =
            date.to_datetime(jiff::civil::Time::midnight()).checked_add(i64::from(minutes).minutes()).ok()?;
        let ambiguous = self.zone.to_ambiguous_timestamp(shown);
        let at = match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => {
                // At the very start of what is skipped, `later` is the jump itself, which must not be passed over.
                let beyond = ambiguous.later().ok()?.checked_add(1.nanosecond()).ok()?;
                self.zone.preceding(beyond).next()?.timestamp()
            }
            _ => ambiguous.earlier().ok()?,
        };
        Some(at.as_millisecond())
    }
}

/// Open time, laid out between two moments.
#[derive(Clone, Debug)]
pub struct Ruler {
    spans: Vec<Span>,
    /// The open time before each span.
    before: Vec<i64>,
}

impl Ruler {
    /// Milliseconds in which the desk was open between the two; what lies beyond the ruler's ends does not count.
    pub fn open_ms(&self, from: Millis, to: Millis) -> i64 {
        (self.until(to) - self.until(from)).max(0)
    }

    fn until(&self, at: Millis) -> i64 {
        let Some(last) = self.spans.partition_point(|(opens, _)| *opens < at).checked_sub(1) else {
            return 0;
        };
        let (opens, closes) = self.spans[last];
        self.before[last] + at.min(closes) - opens
    }
}

/// Monday is 0.
pub(super) fn weekday(date: Date) -> usize {
    match date.weekday() {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    }
}

fn zone_named(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

struct Days<'h> {
    hours: &'h Hours,
    date: Option<Date>,
    idle: u32,
}

impl Iterator for Days<'_> {
    type Item = Vec<Span>;

    fn next(&mut self) -> Option<Vec<Span>> {
        let date = self.date?;
        self.date = date.tomorrow().ok();
        let spans = self.hours.of_day(date);
        self.idle = if spans.is_empty() { self.idle + 1 } else { 0 };
        (self.idle <= LOOKED_AHEAD_DAYS).then_some(spans)
    }
}

struct Merged<'h> {
    days: Days<'h>,
    /// What is left of the day, the latest first.
    of_day: Vec<Span>,
    held: Option<Span>,
}

impl Iterator for Merged<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let mut joined = 0;
        loop {
            let Some((opens, closes)) = self.of_day.pop() else {
                let Some(mut day) = self.days.next() else { return self.held.take() };
                day.reverse();
                self.of_day = day;
                continue;
            };
            match &mut self.held {
                Some(held) if opens <= held.1 && joined < MOST_JOINED => {
                    held.1 = held.1.max(closes);
                    joined += 1;
                }
                held => {
                    if let Some(whole) = held.replace((opens, closes)) {
                        return Some(whole);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
