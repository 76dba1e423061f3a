//! `desk hours` and `desk closed`: when a desk is open, which is what its promise is counted in.

use anyhow::Context;
use jiff::civil::Date;

use super::{Outcome, out};
use crate::app::App;
use crate::error::Error;
use crate::model::hours::written;
use crate::model::people::Desk;
use crate::store::hours::{self, Closure};
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
    after_help = "Examples:\n  deskbell desk closed Reference 2026-12-24 2026-12-26 --name Christmas\n  deskbell desk closed Reference 2026-12-31 --open 9:00-12:00 --name \"New Year's Eve\"\n  deskbell desk closed Reference"
)]
pub struct Closed {
    /// The desk's name
    desk: String,
    /// The first day; every one is shown where nothing is said
    first: Option<Date>,
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
            let write = app.db.write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(hours::set_week(tx, desk.id, week.as_ref()).await?) })
            });
            write.await?;
            app.calendars.forget();
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
        let Some(first) = self.first else { return list(app, &desk).await };
        let last = self.last.unwrap_or(first);
        anyhow::ensure!(first <= last, "The last day, {last}, comes before the first, {first}.");
        if self.remove {
            return self.take_away(app, &desk, first, last).await;
        }
        let intervals =
            written::intervals(self.open.as_deref().unwrap_or_default()).map_err(anyhow::Error::msg)?;
        let closure = Closure {
            id: app.clock.id(),
            desk_id: desk.id,
            first_day: first.to_string(),
            last_day: last.to_string(),
            name: self.name,
            intervals: written::write_intervals(&intervals),
        };
        let write = app.db.write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(hours::add_closure(tx, &closure).await?) })
        });
        write.await?;
        app.calendars.forget();
        list(app, &desk).await
    }

    async fn take_away(&self, app: &App, desk: &Desk, first: Date, last: Date) -> Outcome {
        let days = (first.to_string(), last.to_string());
        let kept = hours::closures(&mut app.db.read().await?, desk.id).await?;
        let found: Vec<_> =
            kept.into_iter().filter(|one| one.first_day == days.0 && one.last_day == days.1).collect();
        anyhow::ensure!(!found.is_empty(), "{} has no such days. Nothing was changed.", desk.name);
        let write = app.db.write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                for one in found {
                    hours::remove_closure(tx, one.id).await?;
                }
                Ok(())
            })
        });
        write.await?;
        app.calendars.forget();
        list(app, desk).await
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
