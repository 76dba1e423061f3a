//! `desk hours` and `desk closed`: when a desk is open, which is what its promise is counted in.

use anyhow::Context;
use jiff::civil::Date;

use super::{Outcome, out};
use crate::app::App;
use crate::conversation::hours::{self as verb, Change};
use crate::model::calendar::Days;
use crate::model::hours::written;
use crate::model::people::Desk;
use crate::store::hours;
use crate::store::people;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  deskbell desk hours Reference \"Mon-Fri 9:00-17:00; Sat 10:00-14:00\"\n  deskbell desk hours Reference always\n  deskbell desk hours Reference"
)]
pub struct Hours {
    /// The desk's name
    desk: String,
    /// The week as people write it, or `always`; shown where nothing is said
    week: Option<String>,
}

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  deskbell desk closed Reference 2026-12-24 2026-12-26 --name Christmas\n  deskbell desk closed Reference 2026-12-31 --open 9:00-12:00 --name \"New Year's Eve\"\n  deskbell desk closed Reference today\n  deskbell desk closed Reference"
)]
pub struct Closed {
    /// The desk's name
    desk: String,
    /// The first day, or `today`; every one is shown where nothing is said
    first: Option<String>,
    /// The last day [default: the first]
    last: Option<Date>,
    /// What the days are called
    #[arg(long, default_value = "Closed")]
    name: String,
    /// Open at these times after all
    #[arg(long)]
    open: Option<String>,
    /// Take these days away again
    #[arg(long, conflicts_with = "open")]
    remove: bool,
}

impl Hours {
    pub async fn run(self, app: &App) -> Outcome {
        let desk = named(app, &self.desk).await?;
        if let Some(text) = &self.week {
            let week = match text.trim() {
                "always" => None,
                text => Some(written::week(text).map_err(anyhow::Error::msg)?),
            };
            tell(verb::change(app, desk.id, Change::Week(week)).await?);
        }
        let week = hours::week_of(&mut app.db.read().await?, desk.id).await?;
        let shown = week.map_or_else(|| "always".to_owned(), |week| written::write_week(&week));
        out::line(format_args!("{}: {shown}", desk.name));
        Ok(())
    }
}

impl Closed {
    pub async fn run(self, app: &App) -> Outcome {
        let desk = named(app, &self.desk).await?;
        let Some(first) = &self.first else { return list(app, &desk).await };
        let first = match first.as_str() {
            "today" => verb::today(app, &mut app.db.read().await?).await?,
            day => day
                .parse()
                .with_context(|| format!("“{day}” is no day. Write it like 2026-12-24, or `today`."))?,
        };
        let last = self.last.unwrap_or(first);
        anyhow::ensure!(first <= last, "The last day, {last}, comes before the first, {first}.");
        let intervals =
            written::intervals(self.open.as_deref().unwrap_or_default()).map_err(anyhow::Error::msg)?;
        let name = if self.remove { String::new() } else { self.name };
        let days = Days { first, last, name, intervals: written::write_intervals(&intervals) };
        let moved = if self.remove {
            let moved = verb::change(app, desk.id, Change::Remove(days)).await;
            moved.map_err(|_| anyhow::anyhow!("{} has no such days. Nothing was changed.", desk.name))?
        } else {
            verb::change(app, desk.id, Change::Add(vec![days])).await?
        };
        tell(moved);
        list(app, &desk).await
    }
}

/// How many patrons are to have their answer at another moment.
pub(super) fn tell(moved: usize) {
    match moved {
        0 => {}
        1 => out::note("The answer to one waiting patron is due at another time now."),
        many => out::note(format_args!("The answers to {many} waiting patrons are due at other times now.")),
    }
}

async fn list(app: &App, desk: &Desk) -> Outcome {
    let closures = hours::closures(&mut app.db.read().await?, desk.id).await?;
    if closures.is_empty() {
        out::line(format_args!("{}: no days that differ from the week", desk.name));
    }
    for one in closures {
        let days = if one.first_day == one.last_day {
            one.first_day
        } else {
            format!("{} to {}", one.first_day, one.last_day)
        };
        let open = if one.intervals.is_empty() { "closed" } else { &one.intervals };
        out::line(format_args!("{}: {days} {open} ({})", desk.name, one.name));
    }
    Ok(())
}

/// The desk of this name.
///
/// # Errors
/// A sentence that names those there are.
pub(super) async fn named(app: &App, name: &str) -> anyhow::Result<Desk> {
    let desks = people::desks(&mut app.db.read().await?).await?;
    let names = desks.iter().map(|desk| desk.name.as_str()).collect::<Vec<_>>().join(", ");
    let found = desks.into_iter().find(|desk| desk.name.eq_ignore_ascii_case(name.trim()));
    found.with_context(|| format!("There is no desk called {name}. There are: {names}."))
}
