//! Hours as a calendar of rooms and hours publishes them, day by day, as JSON: `locations`, each with `weeks` of days that have a
//! `date` and `times`.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::{Bad, Days, Reading};
use crate::model::hours::written::write_intervals;
use crate::model::hours::{DAY_MIN, Interval};

/// What such days are called.
const NAME: &str = "Published hours";

#[derive(Deserialize)]
struct Place {
    #[serde(default)]
    lid: Value,
    #[serde(default)]
    name: String,
    #[serde(default)]
    weeks: Vec<std::collections::BTreeMap<String, Day>>,
}

#[derive(Deserialize)]
struct Day {
    date: String,
    times: Times,
}

#[derive(Deserialize)]
struct Times {
    status: String,
    #[serde(default)]
    hours: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    from: String,
    to: String,
}

pub(super) fn read(text: &str, of: &Reading<'_>) -> Result<Vec<Days>, Bad> {
    let unread = |error: serde_json::Error| {
        Bad::at(error.line().max(1), format!("This is not how hours are published: {error}."))
    };
    let whole: Value = serde_json::from_str(text).map_err(unread)?;
    let places = match whole.get("locations").unwrap_or(&whole) {
        Value::Array(places) => places.clone(),
        Value::Object(places) => {
            places.values().filter(|place| place.get("weeks").is_some()).cloned().collect()
        }
        _ => Vec::new(),
    };
    let places: Vec<Place> =
        places.into_iter().map(serde_json::from_value).collect::<Result<_, _>>().map_err(unread)?;
    let place = chosen(&places, of.place).map_err(|why| Bad::at(1, why))?;
    let mut days = Vec::new();
    for day in place.weeks.iter().flat_map(|week| week.values()) {
        let bad = |why: String| Bad::at(line_of(text, &day.date), format!("{}: {why}", day.date));
        let date: Date = day.date.parse().map_err(|_| bad("that is no day.".to_owned()))?;
        let intervals = match day.times.status.to_ascii_lowercase().as_str() {
            "open" => {
                let mut open =
                    day.times.hours.iter().map(span).collect::<Result<Vec<_>, _>>().map_err(bad)?;
                open.sort_unstable();
                open
            }
            "24hours" => vec![Interval::new(0, DAY_MIN).map_err(bad)?],
            "closed" => Vec::new(),
            "not-set" => continue,
            other => return Err(bad(format!("“{other}” says neither open nor closed. Say so in a table."))),
        };
        if intervals != of.usual(date) {
            days.push(Days {
                first: date,
                last: date,
                name: NAME.to_owned(),
                intervals: write_intervals(&intervals),
            });
        }
    }
    Ok(days)
}

fn chosen<'p>(places: &'p [Place], wanted: Option<&str>) -> Result<&'p Place, String> {
    let number = |place: &Place| match &place.lid {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let named = |place: &&Place| {
        wanted.is_some_and(|wanted| number(place) == wanted || place.name.eq_ignore_ascii_case(wanted))
    };
    match (places, wanted) {
        ([], _) => Err("There are no hours of any place in it.".to_owned()),
        ([only], None) => Ok(only),
        _ => places.iter().find(named).ok_or_else(|| {
            let all: Vec<_> =
                places.iter().map(|place| format!("{} ({})", place.name, number(place))).collect();
            format!("Say which place is meant. There are: {}.", all.join(", "))
        }),
    }
}

fn span(span: &Span) -> Result<Interval, String> {
    let ends = minutes(&span.from).zip(minutes(&span.to));
    let (opens, closes) = ends.ok_or_else(|| format!("“{} to {}” are no times.", span.from, span.to))?;
    Interval::new(opens, if closes <= opens { closes + DAY_MIN } else { closes })
}

/// "9am", "9:30 pm", "17:00".
fn minutes(text: &str) -> Option<u16> {
    let text = text.trim().to_ascii_lowercase().replace('.', "");
    let (clock, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (text.as_str(), None),
    };
    let (hours, minutes) = clock.trim().split_once(':').unwrap_or((clock.trim(), "0"));
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let hours = match half {
        Some(half) if (1..=12).contains(&hours) => hours % 12 + half,
        None if hours < 24 => hours,
        _ => return None,
    };
    (minutes < 60).then_some(hours * 60 + minutes)
}

fn line_of(text: &str, what: &str) -> usize {
    text.find(what).map_or(1, |at| text[..at].matches('\n').count() + 1)
}
