//! How long did patrons wait?

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::period::Period;
use super::quantile::{Estimate, Seen};
use crate::app::App;
use crate::error::Result;
use crate::model::Millis;
use crate::model::hours::Ruler;
pub use crate::model::wait::By;
use crate::model::wait::{Measured, Outcome};
use crate::store::{Conn, channels, hours, people, waits};

/// What each number means; stands beside them wherever they are shown.
pub const DEFINITION: &str = "A wait begins with the first message of a patron that nobody has answered, at the time the \
platform gives it, and ends when the first answer by a person leaves, here or elsewhere; reminders, handing off and closing do not \
begin it anew. Waits are counted in the period in which they began. The median is the time within which half of them were \
answered, the 90th percentile nine in ten; both are Kaplan-Meier estimates in which patrons who still wait count as \
waiting at least until now. Done without an answer is counted apart and never as fast. Open hours are those of the desk \
at which the wait began. Practice is not counted.";

const READ_AT_ONCE: i64 = 4_000;

/// The answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WaitsReport)]
pub struct Report {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What the numbers mean, in words.
    pub definition: &'static str,
    /// All waits of the period.
    pub all: Line,
    /// The same by channel, desk or person, in the order of their names.
    pub lines: Vec<Line>,
}

/// One row of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = WaitsLine)]
pub struct Line {
    /// Of the channel, desk or person.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// Waits that began and were or must be answered: `answered` + `waiting_now`.
    pub count: usize,
    /// Answered by a person.
    pub answered: usize,
    /// Not answered yet.
    pub waiting_now: usize,
    /// Done without an answer; not in `count`.
    pub no_answer_needed: usize,
    /// By the clock on the wall.
    pub wall: Lengths,
    /// In open hours of the desk.
    pub open_hours: Lengths,
}

/// Two numbers out of many; none where too many still wait to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WaitsLengths)]
pub struct Lengths {
    /// Half were answered within so many milliseconds.
    pub median_ms: Option<i64>,
    /// Nine in ten were.
    pub p90_ms: Option<i64>,
}

#[derive(Default)]
struct Group {
    wall: Vec<Seen>,
    open_hours: Vec<Seen>,
    no_answer_needed: usize,
}

impl Group {
    fn add(&mut self, wait: &Measured, ruler: Option<&Ruler>, now: Millis) {
        if wait.outcome.as_deref() == Some(Outcome::NoAnswerNeeded.as_str()) {
            self.no_answer_needed += 1;
            return;
        }
        let ended = wait.closed_at.is_some();
        let end = wait.closed_at.unwrap_or(now);
        // A platform's clock may be ahead of ours.
        let wall = (end - wait.opened_at).max(0);
        self.wall.push(Seen { length_ms: wall, ended });
        let open = ruler.map_or(wall, |ruler| ruler.open_ms(wait.opened_at, end));
        self.open_hours.push(Seen { length_ms: open, ended });
    }

    fn line(self, id: Option<Uuid>, name: String) -> Line {
        let count = self.wall.len();
        let answered = self.wall.iter().filter(|seen| seen.ended).count();
        Line {
            id,
            name,
            count,
            answered,
            waiting_now: count - answered,
            no_answer_needed: self.no_answer_needed,
            wall: lengths(self.wall),
            open_hours: lengths(self.open_hours),
        }
    }
}

fn lengths(seen: Vec<Seen>) -> Lengths {
    let estimate = Estimate::of(seen);
    Lengths { median_ms: estimate.within(0.5), p90_ms: estimate.within(0.9) }
}

/// Measures every wait that began in the period.
///
/// # Errors
/// When the store cannot be read.
pub async fn measure(app: &App, period: Period, by: Option<By>) -> Result<Report> {
    let (now, Period { from, to, .. }) = (app.clock.now(), period);
    let mut conn = app.db.snapshot().await?;
    let rulers = rulers(&mut conn, from, now).await?;
    let mut all = Group::default();
    let mut groups: HashMap<Option<Uuid>, Group> = HashMap::new();
    let mut after = (from, Uuid::nil());
    loop {
        let read = waits::opened_between(&mut conn, after, to, READ_AT_ONCE).await?;
        let Some(last) = read.last() else { break };
        after = (last.opened_at, last.id);
        for wait in &read {
            let ruler = rulers.get(&wait.desk_id);
            all.add(wait, ruler, now);
            if let Some(by) = by {
                groups.entry(key(by, wait)).or_default().add(wait, ruler, now);
            }
        }
    }
    let mut lines = Vec::with_capacity(groups.len());
    if let Some(by) = by {
        let names = names(&mut conn, by).await?;
        // Waits without a person are of two kinds: nobody has answered yet, or somebody did outside Deskbell.
        for (id, group) in groups {
            let name = match id {
                Some(id) => names.get(&id).cloned().unwrap_or_else(|| "Removed".to_owned()),
                None => "Nobody here".to_owned(),
            };
            lines.push(group.line(id, name));
        }
    }
    lines.sort_by(|a, b| (a.id.is_none(), &a.name, a.id).cmp(&(b.id.is_none(), &b.name, b.id)));
    Ok(Report {
        from: period.first.to_string(),
        to: period.last.to_string(),
        definition: DEFINITION,
        all: all.line(None, "All".to_owned()),
        lines,
    })
}

fn key(by: By, wait: &Measured) -> Option<Uuid> {
    match by {
        By::Channel => Some(wait.channel_id),
        By::Desk => Some(wait.desk_id),
        By::Person => wait.staff_id,
    }
}

async fn rulers(conn: &mut Conn, from: Millis, now: Millis) -> Result<HashMap<Uuid, Ruler>> {
    let mut rulers = HashMap::new();
    for desk in people::desks(conn).await? {
        if let Some(hours) = hours::of_desk(conn, desk.id).await? {
            rulers.insert(desk.id, hours.ruler(from, now));
        }
    }
    Ok(rulers)
}

async fn names(conn: &mut Conn, by: By) -> Result<HashMap<Uuid, String>> {
    Ok(match by {
        By::Channel => channels::all(conn).await?.into_iter().map(|row| (row.id, row.name)).collect(),
        By::Desk => people::desks(conn).await?.into_iter().map(|row| (row.id, row.name)).collect(),
        By::Person => people::all_staff(conn).await?.into_iter().map(|row| (row.id, row.name)).collect(),
    })
}
