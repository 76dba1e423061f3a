//! `desk cascade`: where a desk's questions are offered when nobody takes them.

use anyhow::Context;
use uuid::Uuid;

use super::{Outcome, out};
use crate::app::App;
use crate::conversation::cascade;
use crate::model::cascade::Step;
use crate::model::event::length_in_words;
use crate::model::people::Desk;
use crate::store::people;

/// Where a desk's questions are offered when nobody takes them.
#[derive(clap::Args)]
pub struct Cascade {
    /// The desk
    desk: String,
    /// A further desk, and after how many seconds of open time: for who waits at their screen, and elsewhere. May be repeated,
    /// in the order in which they are asked
    #[arg(long = "step", value_name = "DESK:SECONDS:SECONDS")]
    steps: Vec<String>,
    /// After the last desk: when everybody is told that nobody took it
    #[arg(long, value_name = "SECONDS:SECONDS")]
    away: Option<String>,
    /// Offer them nowhere else
    #[arg(long, conflicts_with_all = ["steps", "away"])]
    none: bool,
}

impl Cascade {
    pub async fn run(self, app: &App) -> Outcome {
        let desks = people::desks(&mut app.db.read().await?).await?;
        let desk = called(&desks, &self.desk)?;
        if self.none || self.away.is_some() || !self.steps.is_empty() {
            let mut steps = Vec::new();
            for written in &self.steps {
                let (to, times) = written.split_once(':').with_context(|| wrong(written))?;
                steps.push(step(desk.id, Some(called(&desks, to)?.id), times)?);
            }
            if let Some(times) = &self.away {
                steps.push(step(desk.id, None, times)?);
            }
            cascade::keep_steps(app, desk.id, steps).await?;
        }
        let steps = cascade::steps(app, desk.id).await?;
        if steps.is_empty() {
            out::line(format_args!("{}: its questions are offered nowhere else.", desk.name));
        }
        for Step { to_desk_id, live_ms, other_ms, .. } in steps {
            let to = to_desk_id.and_then(|id| desks.iter().find(|desk| desk.id == id));
            let to = to.map_or("everybody, urgent", |desk| &desk.name);
            let (live, other) = (length_in_words(live_ms), length_in_words(other_ms));
            out::line(format_args!("{}: then {to}, after {live} live, {other} elsewhere", desk.name));
        }
        Ok(())
    }
}

pub(super) fn called<'d>(desks: &'d [Desk], name: &str) -> anyhow::Result<&'d Desk> {
    let found = desks.iter().find(|desk| desk.name == name.trim());
    found.with_context(|| {
        format!("There is no desk called {name}. `deskbell desk list` shows which there are.")
    })
}

fn step(desk_id: Uuid, to_desk_id: Option<Uuid>, times: &str) -> anyhow::Result<Step> {
    let (live, other) = times.split_once(':').with_context(|| wrong(times))?;
    let ms = |seconds: &str| -> anyhow::Result<i64> {
        let seconds: i64 = seconds.trim().parse().ok().with_context(|| wrong(times))?;
        Ok(seconds.saturating_mul(1_000))
    };
    Ok(Step { desk_id, to_desk_id, live_ms: ms(live)?, other_ms: ms(other)? })
}

fn wrong(written: &str) -> String {
    format!("{written} is no step. Write the desk and two numbers of seconds, as in \"Shared desk:40:3600\".")
}
