//! When desks are open: hours of the week, and days that differ.

use jiff::civil::Date;
use uuid::Uuid;

use super::{Conn, Error, Tx, execute, people, rows};
use crate::model::calendar::Days;
use crate::model::hours::written::{self, Week};
use crate::model::hours::{Exception, Hours, Interval};

/// Days that differ from the week.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Closure {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub desk_id: Uuid,
    /// `2026-12-24`.
    pub first_day: String,
    /// The last of them.
    pub last_day: String,
    /// "Christmas".
    pub name: String,
    /// As people write them; empty where the desk is closed.
    pub intervals: String,
}

impl Closure {
    /// As they are compared with a calendar's. None where the days are none: the verbs that write them let no such in.
    pub fn days(&self) -> Option<Days> {
        let day = |text: &str| text.parse::<Date>().ok();
        let (first, last) = (day(&self.first_day)?, day(&self.last_day)?);
        Some(Days { first, last, name: self.name.clone(), intervals: self.intervals.clone() })
    }

    /// None where the days are none.
    fn exception(&self) -> Option<Exception> {
        let Days { first, last, .. } = self.days()?;
        let intervals = written::intervals(&self.intervals).ok()?;
        Some(Exception { from: first, to: last, intervals })
    }
}

const OF_DESK: &str = "SELECT weekday, opens, closes FROM hours WHERE desk_id = $1 ORDER BY weekday, opens";
const CLEAR: &str = "DELETE FROM hours WHERE desk_id = $1";
const INSERT: &str = "INSERT INTO hours (desk_id, weekday, opens, closes) VALUES ($1, $2, $3, $4)";
const CLOSURES: &str = "SELECT id, desk_id, first_day, last_day, name, intervals FROM closures WHERE desk_id = $1 \
     ORDER BY first_day, last_day, name";
const INSERT_CLOSURE: &str = "INSERT INTO closures (id, desk_id, first_day, last_day, name, intervals) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (desk_id, first_day, last_day, name) \
     DO UPDATE SET intervals = excluded.intervals";
const REMOVE_CLOSURE: &str = "DELETE FROM closures WHERE id = $1";

pub(super) const ALL: &[&str] = &[OF_DESK, CLEAR, INSERT, CLOSURES, INSERT_CLOSURE, REMOVE_CLOSURE];

/// The hours of the week of a desk; none where it is open day and night.
pub async fn week_of(conn: &mut Conn, desk: Uuid) -> Result<Option<Week>, Error> {
    let kept = rows!(conn, (i64, i64, i64), OF_DESK, desk)?;
    if kept.is_empty() {
        return Ok(None);
    }
    let mut week = Week::default();
    for (weekday, opens, closes) in kept {
        let day = usize::try_from(weekday).ok().and_then(|day| week.get_mut(day));
        let interval = u16::try_from(opens).ok().zip(u16::try_from(closes).ok());
        // The table's own checks keep everything else out.
        if let (Some(day), Some(Ok(interval))) =
            (day, interval.map(|(opens, closes)| Interval::new(opens, closes)))
        {
            day.push(interval);
        }
    }
    Ok(Some(week))
}

/// When a desk is open, in the library's time zone; none where that is day and night.
pub async fn of_desk(conn: &mut Conn, desk: Uuid) -> Result<Option<Hours>, Error> {
    let (week, closures) = (week_of(conn, desk).await?, closures(conn, desk).await?);
    if week.is_none() && closures.is_empty() {
        return Ok(None);
    }
    let zone = people::library(conn).await?.map_or_else(|| "UTC".to_owned(), |library| library.zone);
    let hours = week.map_or_else(|| Hours::always(&zone), |week| Hours::weekly(&zone, week));
    Ok(Some(hours.except(closures.iter().filter_map(Closure::exception).collect())))
}

/// Sets the hours of the week of a desk, in place of those it had; none for day and night.
pub async fn set_week(tx: &mut Tx, desk: Uuid, week: Option<&Week>) -> Result<(), Error> {
    execute!(&mut **tx, CLEAR, desk)?;
    for (day, intervals) in (0_i64..).zip(week.into_iter().flatten()) {
        for interval in intervals {
            execute!(
                &mut **tx,
                INSERT,
                desk,
                day,
                i64::from(interval.opens()),
                i64::from(interval.closes())
            )?;
        }
    }
    Ok(())
}

/// The days on which a desk differs from its week.
pub async fn closures(conn: &mut Conn, desk: Uuid) -> Result<Vec<Closure>, Error> {
    Ok(rows!(conn, Closure, CLOSURES, desk)?)
}

/// Adds days that differ; the same days of the same name are replaced.
pub async fn add_closure(tx: &mut Tx, new: &Closure) -> Result<(), Error> {
    let Closure { id, desk_id, first_day, last_day, name, intervals } = new;
    execute!(&mut **tx, INSERT_CLOSURE, id, desk_id, first_day, last_day, name, intervals)?;
    Ok(())
}

/// Takes one away; whether there was one.
pub async fn remove_closure(tx: &mut Tx, id: Uuid) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, REMOVE_CLOSURE, id)? > 0)
}
