//! From which day to which, in the library's own time zone.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::store::people;

const DAYS_BACK: i64 = 29;

/// Whole days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// When the first begins.
    pub from: Millis,
    /// When the last has ended.
    pub to: Millis,
}

/// The period from one day to another; the last is today and the first 29 days before it where they are not said.
///
/// # Errors
/// [`Error::Invalid`] where the last comes before the first; [`Error::Missing`] where no library was set up.
pub async fn between(app: &App, first: Option<Date>, last: Option<Date>) -> Result<Period> {
    let library = people::library(&mut app.db.read().await?).await?.ok_or(Error::Missing("library"))?;
    let zone = TimeZone::get(&library.zone).unwrap_or(TimeZone::UTC);
    let no_day = |_| Error::Invalid("There is no such day in the calendar.".to_owned());
    let last = match last {
        Some(last) => last,
        None => {
            let now = jiff::Timestamp::from_millisecond(app.clock.now()).map_err(no_day)?;
            now.to_zoned(zone.clone()).date()
        }
    };
    let first = match first {
        Some(first) => first,
        None => last.checked_sub(DAYS_BACK.days()).map_err(no_day)?,
    };
    if last < first {
        return Err(Error::Invalid(format!("The last day, {last}, comes before the first, {first}.")));
    }
    let begins = |day: Date| Ok::<_, jiff::Error>(day.to_zoned(zone.clone())?.timestamp().as_millisecond());
    let from = begins(first).map_err(no_day)?;
    let to = last.tomorrow().and_then(begins).map_err(no_day)?;
    Ok(Period { first, last, from, to })
}
