//! A desk's hours change: what its patrons were promised is reckoned anew, in the same transaction.

use futures::FutureExt;
use jiff::Timestamp;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::calendar::{self, Bad, Days, Plan, Reading};
use crate::model::conversation::Conversation;
use crate::model::event::{Event, Kind};
use crate::model::hours::written::Week;
use crate::model::hours::{Hours, due};
use crate::store::events::{self, Appending};
use crate::store::hours::{self, Closure};
use crate::store::{Conn, Tx, conversations, people};

/// What a day is called on which a desk stays closed unplanned.
pub const TODAY: &str = "Closed today";

/// What changes.
#[derive(Clone, Debug)]
pub enum Change {
    /// The hours of the week; none: day and night.
    Week(Option<Week>),
    /// Days that differ; the same days of the same name are replaced.
    Add(Vec<Days>),
    /// These days of any name are as in every week.
    Remove(Days),
}

/// Changes a desk's hours; gives how many patrons are to have their answer at another moment now.
///
/// # Errors
/// [`Error::Missing`] when there is no such desk, or no such days.
pub async fn change(app: &App, desk: Uuid, change: Change) -> Result<usize> {
    let owned = app.clone();
    let write = app.db.write(move |tx| async move { change_in(&owned, desk, change, tx).await }.boxed());
    let (moved, committed) = write.await?;
    app.calendars.forget();
    app.bus.publish(committed);
    Ok(moved)
}

async fn change_in(app: &App, desk: Uuid, change: Change, tx: &mut Tx) -> Result<usize> {
    people::desk(tx, desk).await?.ok_or(Error::Missing("desk"))?;
    let before = hours::of_desk(tx, desk).await?;
    match change {
        Change::Week(week) => hours::set_week(tx, desk, week.as_ref()).await?,
        Change::Add(days) => {
            for one in days {
                hours::add_closure(tx, &closure(app.clock.id(), desk, one)).await?;
            }
        }
        Change::Remove(days) => {
            let (first, last) = (days.first.to_string(), days.last.to_string());
            let named = |one: &Closure| days.name.is_empty() || one.name == days.name;
            let kept = hours::closures(tx, desk).await?;
            let found =
                kept.iter().filter(|one| one.first_day == first && one.last_day == last && named(one));
            let mut removed = false;
            for one in found {
                removed |= hours::remove_closure(tx, one.id).await?;
            }
            if !removed {
                return Err(Error::Missing("day on which this desk differs from its week"));
            }
        }
    }
    let after = hours::of_desk(tx, desk).await?;
    move_promises(app, desk, before.as_ref(), after.as_ref(), tx).await
}

/// A moment that somebody chose for another reason stays: only what followed from the hours follows them.
async fn move_promises(
    app: &App,
    desk: Uuid,
    before: Option<&Hours>,
    after: Option<&Hours>,
    tx: &mut Tx,
) -> Result<usize> {
    let promise_ms = conversations::promise_of_desk(tx, desk).await?;
    let mut moved = Vec::new();
    for (id, since, due_at) in conversations::promised(tx, desk).await? {
        let follows = due(before, since, promise_ms) == due_at;
        if !follows || due(after, since, promise_ms) == due_at {
            continue;
        }
        let row = conversations::lock(tx, id).await?;
        moved.extend(row.filter(|row| (row.waiting_since, row.due_at) == (Some(since), due_at)));
    }
    for row in &moved {
        let line = Appending {
            at: app.clock.now(),
            kind: Kind::Due,
            conversation_id: row.id,
            message_id: None,
            staff_id: None,
            actor_name: Event::NOBODY.to_owned(),
            detail: None,
        };
        let seq = events::append(tx, line).await?;
        let due_at = due(after, row.waiting_since.unwrap_or(row.due_at), promise_ms);
        conversations::update(tx, row, &Conversation { due_at, seq, ..row.clone() }).await?;
    }
    Ok(moved.len())
}

fn closure(id: Uuid, desk_id: Uuid, days: Days) -> Closure {
    Closure {
        id,
        desk_id,
        first_day: days.first.to_string(),
        last_day: days.last.to_string(),
        name: days.name,
        intervals: days.intervals,
    }
}

/// The day that it is at the library.
///
/// # Errors
/// [`Error::Missing`] when there is no library yet.
pub async fn today(app: &App, conn: &mut Conn) -> Result<jiff::civil::Date> {
    Ok(shown(app.clock.now(), &zone(conn).await?))
}

fn shown(at: Millis, zone: &jiff::tz::TimeZone) -> jiff::civil::Date {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone()).date()
}

async fn zone(conn: &mut Conn) -> Result<jiff::tz::TimeZone> {
    let library = people::library(conn).await?.ok_or(Error::Missing("library"))?;
    Ok(jiff::tz::TimeZone::get(&library.zone).unwrap_or(jiff::tz::TimeZone::UTC))
}

/// Keeps a desk closed today, or opens it again; gives how many promises moved.
///
/// # Errors
/// As [`change`].
pub async fn close_today(app: &App, desk: Uuid, closed: bool) -> Result<usize> {
    let day = today(app, &mut app.db.read().await?).await?;
    let days = Days { first: day, last: day, name: TODAY.to_owned(), intervals: String::new() };
    match change(app, desk, if closed { Change::Add(vec![days]) } else { Change::Remove(days) }).await {
        // Open is open.
        Err(Error::Missing(what)) if !closed && what != "desk" => Ok(0),
        other => other,
    }
}

/// What a file would change at a desk. Nothing is kept.
///
/// # Errors
/// [`Error::Missing`] when there is no such desk, [`Error::Invalid`] names every line that is not understood.
pub async fn look(app: &App, desk: Uuid, text: &str, place: Option<&str>) -> Result<Plan> {
    let mut conn = app.db.read().await?;
    people::desk(&mut conn, desk).await?.ok_or(Error::Missing("desk"))?;
    let (zone, week) = (zone(&mut conn).await?, hours::week_of(&mut conn, desk).await?);
    let today = shown(app.clock.now(), &zone);
    let reading = Reading { zone: &zone, week: week.as_ref(), today, place };
    let wanted = calendar::read(text, &reading).map_err(|bad| Error::Invalid(in_words(&bad)))?;
    let kept: Vec<Days> = hours::closures(&mut conn, desk).await?.iter().filter_map(Closure::days).collect();
    Ok(calendar::plan(&kept, wanted))
}

/// Takes a file in, all of it or nothing; gives what changed, and how many promises moved.
///
/// # Errors
/// As [`look`].
pub async fn take_in(app: &App, desk: Uuid, text: &str, place: Option<&str>) -> Result<(Plan, usize)> {
    let plan = look(app, desk, text, place).await?;
    let new: Vec<Days> = plan.add.iter().chain(&plan.change).cloned().collect();
    let moved = if new.is_empty() { 0 } else { change(app, desk, Change::Add(new)).await? };
    Ok((plan, moved))
}

/// The most lines that are named.
const NAMED: usize = 20;

fn in_words(bad: &[Bad]) -> String {
    let mut lines: Vec<String> =
        bad.iter().take(NAMED).map(|bad| format!("Line {}: {}", bad.line, bad.why)).collect();
    if bad.len() > NAMED {
        lines.push(format!("And {} more.", bad.len() - NAMED));
    }
    lines.push("Nothing was changed.".to_owned());
    lines.join(" ")
}
