//! `block`: who is kept out.

use serde_json::json;

use super::{Outcome, out};
use crate::app::App;
use crate::config::Flags;
use crate::conversation::block::{self, Wanted};
use crate::model;

/// So many are shown: the latest.
const SHOWN: i64 = 1_000;

/// Keep somebody out: what they write is held
#[derive(clap::Subcommand)]
pub enum Block {
    /// List who is kept out, and who was
    #[command(after_help = "Example:\n  deskbell block list --json")]
    List {
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Keep out an address, a number, or everybody at a domain and below; prints the block's id
    #[command(
        after_help = "Example:\n  deskbell block add prizes@lottery.example --days 90 --reason \"sends adverts\"\n  deskbell block add @lottery.example\n  deskbell block add +14065550193"
    )]
    Add {
        /// jo@example.org, @example.org, +14065550193; with --platform what somebody is called there
        address: String,
        #[command(flatten)]
        platform: Platform,
        /// It ends by itself after so many days [default: when somebody ends it]
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=3660))]
        days: Option<i64>,
        /// Why, for colleagues
        #[arg(long)]
        reason: Option<String>,
    },
    /// Keep them out no more; what was held stays held until somebody lets it in
    #[command(after_help = "Example:\n  deskbell block remove @lottery.example")]
    Remove {
        /// As it was written, or the block's id
        address: String,
        #[command(flatten)]
        platform: Platform,
    },
}

/// For names that only one platform knows.
#[derive(clap::Args)]
pub struct Platform {
    /// Whose name for somebody this is; `deskbell channel kinds` lists them
    #[arg(long = "platform", value_name = "KIND")]
    name: Option<String>,
}

impl Block {
    pub async fn run(self, flags: Flags) -> Outcome {
        let app = super::open(&flags).await?;
        let outcome = self.carry_out(&app).await;
        app.close().await;
        outcome
    }

    async fn carry_out(self, app: &App) -> Outcome {
        match self {
            Self::List { json } => list(app, json).await?,
            Self::Add { address, platform, days, reason } => {
                let until = days.map(|days| app.clock.now() + days * 86_400_000);
                let wanted = Wanted { until, reason };
                let row = block::by_command(app, &address, platform.name.as_deref(), wanted).await?;
                out::note(format_args!("What {} writes from now on is held.", row.whom()));
                out::line(row.id);
            }
            Self::Remove { address, platform } => {
                let row = block::lift_by_command(app, &address, platform.name.as_deref()).await?;
                let held = match row.held {
                    0 => "Nothing is held because of it.".to_owned(),
                    held => format!(
                        "{held} of their messages are held still: let them in on the page, under Blocked."
                    ),
                };
                out::note(format_args!("{} may write again. {held}", row.whom()));
            }
        }
        Ok(())
    }
}

async fn list(app: &App, as_json: bool) -> Outcome {
    let (rows, now) = (block::list(app, SHOWN, None).await?, app.clock.now());
    if as_json {
        let shown = rows.iter().map(|row| {
            json!({
                "id": row.id,
                "whom": row.whom(),
                "domain": row.is_domain(),
                "stands": row.stands(now),
                "reason": row.reason,
                "by": row.blocked_name,
                "at": row.blocked_at,
                "until": row.until,
                "lifted_at": row.lifted_at,
                "held": row.held,
            })
        });
        return out::json(&shown.collect::<Vec<_>>());
    }
    if rows.is_empty() {
        out::note("Nobody is kept out.");
    }
    rows.iter().for_each(|row| out::line(line(row, now)));
    Ok(())
}

fn line(row: &model::block::Block, now: i64) -> String {
    let state = match (row.stands(now), row.until) {
        (false, _) => "over".to_owned(),
        (true, None) => "until somebody ends it".to_owned(),
        (true, Some(until)) => {
            format!("until {:.0}", jiff::Timestamp::from_millisecond(until).unwrap_or_default())
        }
    };
    let why = row.reason.as_ref().map(|why| format!("  ({why})")).unwrap_or_default();
    format!("{}  {}  by {}, {state}, {} held{why}", row.id, row.whom(), row.blocked_name, row.held)
}
