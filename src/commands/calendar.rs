//! `hours import`: days that differ, taken from what other programs write.

use std::io::Read;

use anyhow::Context;

use super::hours::{named, tell};
use super::{Outcome, out};
use crate::app::App;
use crate::config::Flags;
use crate::conversation::hours;
use crate::model::calendar::{Days, Plan};
use crate::model::people::Desk;
use crate::store::people;

/// Take closed days and other hours in
#[derive(clap::Subcommand)]
pub enum Hours {
    /// Take closed days from a file, all of it or nothing; again changes nothing
    #[command(after_help = EXAMPLES)]
    Import(Import),
}

const EXAMPLES: &str = "A file is iCal (each event is a time in which the desk is closed), JSON of published hours (`locations` with `weeks`), or \
a table:
  date,until,from,to,name
  2026-12-24,2026-12-26,,,Christmas
  2026-12-31,,9:00,12:00,New Year's Eve

With `from` and `to` the desk is open then and at no other time of that day. What is no longer in a file stays;
`desk closed --remove` takes it away.

Examples:
  deskbell hours import closures.ics --branch Central --dry-run
  deskbell hours import closures.csv --desk Reference";

/// A file, and for whom.
#[derive(clap::Args)]
pub struct Import {
    /// `-` reads it from standard input
    file: String,
    /// For this desk
    #[arg(long, required_unless_present = "branch", conflicts_with = "branch")]
    desk: Option<String>,
    /// For every desk of this branch
    #[arg(long)]
    branch: Option<String>,
    /// Whose hours are meant, by name or number, where several places publish theirs together
    #[arg(long)]
    place: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Hours {
    pub async fn run(self, flags: Flags) -> Outcome {
        let Self::Import(import) = self;
        let app = super::open(&flags).await?;
        let outcome = import.carry_out(&app).await;
        app.close().await;
        outcome
    }
}

impl Import {
    async fn carry_out(self, app: &App) -> Outcome {
        let mut text = String::new();
        if self.file == "-" {
            std::io::stdin().read_to_string(&mut text).context("Standard input could not be read")?;
        } else {
            text = std::fs::read_to_string(&self.file)
                .with_context(|| format!("{} could not be read. Nothing was changed", self.file))?;
        }
        let (desks, place) = (self.desks(app).await?, self.place.as_deref());
        // What one desk cannot take no desk takes.
        let mut plans = Vec::new();
        for desk in &desks {
            plans.push(hours::look(app, desk.id, &text, place).await?);
        }
        for (desk, plan) in desks.iter().zip(plans) {
            show(&desk.name, &plan);
            if !self.dry_run {
                tell(hours::take_in(app, desk.id, &text, place).await?.1);
            }
        }
        if self.dry_run {
            out::note("Nothing was changed.");
        }
        Ok(())
    }

    async fn desks(&self, app: &App) -> anyhow::Result<Vec<Desk>> {
        if let Some(name) = &self.desk {
            return Ok(vec![named(app, name).await?]);
        }
        let branch = self.branch.as_deref().unwrap_or_default();
        let mut desks = people::desks(&mut app.db.read().await?).await?;
        desks.retain(|desk| desk.branch_name.eq_ignore_ascii_case(branch.trim()));
        anyhow::ensure!(
            !desks.is_empty(),
            "There is no branch called {branch} with a desk. Nothing was changed."
        );
        Ok(desks)
    }
}

fn show(desk: &str, plan: &Plan) {
    let line = |mark: char, days: &Days| {
        let open = if days.intervals.is_empty() { "closed" } else { &days.intervals };
        let until = if days.first == days.last { String::new() } else { format!(" to {}", days.last) };
        out::line(format_args!("{mark} {desk}: {}{until} {open} ({})", days.first, days.name));
    };
    plan.add.iter().for_each(|days| line('+', days));
    plan.change.iter().for_each(|days| line('~', days));
    let (new, changed) = (plan.add.len(), plan.change.len());
    out::line(format_args!("{desk}: {new} new, {changed} changed, {} as before", plan.same));
}
