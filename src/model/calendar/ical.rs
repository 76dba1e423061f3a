//! iCal (RFC 5545): each event is a time in which the desk is closed. All-day events are whole days; others take their part of a
//! day's hours away. What this does not know it does not guess.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::recurrence::Rule;
use super::{Bad, Days, Gap, Reading, day_before, named, without};

/// An event as its lines say it: name with parameters, value, and where.
#[derive(Default)]
struct Event {
    line: usize,
    lines: Vec<(String, String, usize)>,
}

impl Event {
    fn one(&self, name: &str) -> Option<(&str, &str, usize)> {
        let is = |(key, ..): &&(String, String, usize)| {
            key.split(';').next().is_some_and(|key| key.eq_ignore_ascii_case(name))
        };
        self.lines.iter().find(is).map(|(key, value, line)| (key.as_str(), value.as_str(), *line))
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str, usize)> {
        let is = move |(key, ..): &&(String, String, usize)| {
            key.split(';').next().is_some_and(|key| key.eq_ignore_ascii_case(name))
        };
        self.lines.iter().filter(is).map(|(key, value, line)| (key.as_str(), value.as_str(), *line))
    }
}

/// When, as it is written.
#[derive(Clone, Copy)]
enum Moment {
    Day(Date),
    Time(DateTime),
}

pub(super) fn read(text: &str, of: &Reading<'_>) -> Result<Vec<Days>, Vec<Bad>> {
    let (mut closed, mut gaps, mut bad) = (Vec::new(), Vec::new(), Vec::new());
    for event in events(text)? {
        match occurrences(&event, of) {
            Ok(found) => found.into_iter().for_each(|one| match one {
                Occurrence::Days(days) => closed.push(days),
                Occurrence::Gap(gap) => gaps.push(gap),
            }),
            Err(why) => bad.push(why),
        }
    }
    if !bad.is_empty() {
        return Err(bad);
    }
    let parts = without(&gaps, &closed, of)?;
    closed.extend(parts);
    Ok(closed)
}

enum Occurrence {
    Days(Days),
    Gap(Gap),
}

fn occurrences(event: &Event, of: &Reading<'_>) -> Result<Vec<Occurrence>, Bad> {
    if event.one("STATUS").is_some_and(|(_, status, _)| status.eq_ignore_ascii_case("CANCELLED")) {
        return Ok(Vec::new());
    }
    for unknown in ["RDATE", "EXRULE", "RECURRENCE-ID"] {
        if let Some((_, _, line)) = event.one(unknown) {
            return Err(Bad::at(
                line,
                format!("{unknown} is not understood. Write the days it means one by one."),
            ));
        }
    }
    let Some((key, value, line)) = event.one("DTSTART") else {
        return Err(Bad::at(event.line, "An event does not say when it begins (DTSTART)."));
    };
    let begins = moment(key, value, line, of)?;
    let ends = end(event, begins, of)?;
    let name = event.one("SUMMARY").map_or_else(|| named(""), |(_, text, _)| named(&unescaped(text)));
    let first = match begins {
        Moment::Day(day) => day,
        Moment::Time(at) => at.date(),
    };
    let (from, to) = of.window();
    let mut dates = match event.one("RRULE") {
        Some((_, rule, line)) => {
            let rule = Rule::read(rule, first, of.zone).map_err(|why| Bad::at(line, why))?;
            rule.dates(first, from, to)
        }
        None => vec![first],
    };
    for (key, values, line) in event.all("EXDATE") {
        for value in values.split(',') {
            let left_out = match moment(key, value, line, of)? {
                Moment::Day(day) => day,
                Moment::Time(at) => at.date(),
            };
            dates.retain(|date| *date != left_out);
        }
    }
    let found = dates.into_iter().map(|date| {
        // Each lasts as long, and begins at the same time of the wall clock.
        let shift = |at: DateTime| at.checked_add(first.until(date).unwrap_or_default()).unwrap_or(at);
        let name = name.clone();
        match (begins, ends) {
            (Moment::Time(begins), Moment::Time(ends)) => {
                Occurrence::Gap(Gap { line: event.line, from: shift(begins), to: shift(ends), name })
            }
            (_, Moment::Day(ends)) | (Moment::Day(ends), _) => {
                let last = shift(day_before(ends).to_datetime(jiff::civil::Time::midnight())).date();
                Occurrence::Days(Days { first: date, last: last.max(date), name, intervals: String::new() })
            }
        }
    });
    Ok(found.collect())
}

/// The first moment after it: of days the day after the last.
fn end(event: &Event, begins: Moment, of: &Reading<'_>) -> Result<Moment, Bad> {
    let ends = match (event.one("DTEND"), event.one("DURATION")) {
        (Some((key, value, line)), _) => (moment(key, value, line, of)?, line),
        (None, Some((_, value, line))) => {
            let lasts: Span =
                value.parse().map_err(|_| Bad::at(line, format!("“{value}” is no length of time.")))?;
            let too_long = |_| Bad::at(line, "This lasts too long.");
            let ends = match begins {
                Moment::Day(day) => Moment::Day(day.checked_add(lasts).map_err(too_long)?),
                Moment::Time(at) => Moment::Time(at.checked_add(lasts).map_err(too_long)?),
            };
            (ends, line)
        }
        (None, None) => match begins {
            Moment::Day(day) => (Moment::Day(day.tomorrow().unwrap_or(day)), event.line),
            Moment::Time(_) => {
                return Err(Bad::at(event.line, "An event does not say when it ends (DTEND)."));
            }
        },
    };
    match (begins, ends) {
        (Moment::Day(from), (Moment::Day(to), _)) if to >= from => Ok(ends.0),
        (Moment::Time(from), (Moment::Time(to), _)) if to > from => Ok(ends.0),
        (_, (_, line)) => {
            Err(Bad::at(line, "It ends before it begins, or only one end of it is a whole day."))
        }
    }
}

fn moment(key: &str, value: &str, line: usize, of: &Reading<'_>) -> Result<Moment, Bad> {
    let wrong = || Bad::at(line, format!("“{value}” is no day and no time."));
    let value = value.trim();
    if value.len() == 8 {
        return Date::strptime("%Y%m%d", value).map(Moment::Day).map_err(|_| wrong());
    }
    let (value, in_utc) = value.strip_suffix(['Z', 'z']).map_or((value, false), |value| (value, true));
    let shown = DateTime::strptime("%Y%m%dT%H%M%S", value).map_err(|_| wrong())?;
    let zone = key.split(';').find_map(|parameter| parameter.strip_prefix("TZID="));
    let zone = match (in_utc, zone) {
        (true, _) => TimeZone::UTC,
        (false, None) => return Ok(Moment::Time(shown)),
        (false, Some(name)) => TimeZone::get(name.trim_matches('"')).map_err(|_| {
            Bad::at(line, format!("The zone “{name}” is not known. Write it as in “Europe/Berlin”."))
        })?,
    };
    let at: Timestamp = shown.to_zoned(zone).map_err(|_| wrong())?.timestamp();
    Ok(Moment::Time(at.to_zoned(of.zone.clone()).datetime()))
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, true) => match letters.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            (letter, false) => plain.push(letter),
        }
    }
    plain
}

/// Every event with its own lines, folded ones put together.
fn events(text: &str) -> Result<Vec<Event>, Vec<Bad>> {
    let mut lines: Vec<(String, usize)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_end_matches('\r');
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((before, _))) => before.push_str(rest),
            _ => lines.push((line.to_owned(), number)),
        }
    }
    let (mut events, mut inside): (Vec<Event>, Vec<String>) = (Vec::new(), Vec::new());
    for (line, number) in lines {
        let Some((key, value)) = parted(&line) else {
            if line.trim().is_empty() {
                continue;
            }
            return Err(vec![Bad::at(number, "This is no line of a calendar.")]);
        };
        let component = value.trim().to_ascii_uppercase();
        if key.eq_ignore_ascii_case("BEGIN") {
            if component == "VEVENT" {
                events.push(Event { line: number, lines: Vec::new() });
            }
            inside.push(component);
        } else if key.eq_ignore_ascii_case("END") {
            if inside.pop().as_ref() != Some(&component) {
                return Err(vec![Bad::at(number, format!("{component} ends here and did not begin."))]);
            }
        } else if inside.last().is_some_and(|inner| inner == "VEVENT")
            && let Some(event) = events.last_mut()
        {
            event.lines.push((key.to_owned(), value.to_owned(), number));
        }
    }
    match inside.last() {
        Some(open) => {
            Err(vec![Bad::at(text.lines().count(), format!("The file ends within {open}: is it whole?"))])
        }
        None => Ok(events),
    }
}

/// Name with parameters, and value: the first colon that is not within quotation marks parts them.
fn parted(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let colon = line.char_indices().find(|(_, letter)| {
        quoted ^= *letter == '"';
        *letter == ':' && !quoted
    })?;
    Some((&line[..colon.0], &line[colon.0 + 1..]))
}
