//! `desk`: people who answer together and what waits for them.

use anyhow::Context;

use super::{Outcome, ability, away, cascade, hours, out, setup};
use crate::config::Flags;
use crate::error::Error;
use crate::model::people::{Branch, Desk as Row};
use crate::store::people;

/// Add and list desks: people who answer together
#[derive(clap::Subcommand)]
pub enum Desk {
    /// Add a desk
    #[command(after_help = "Example:\n  deskbell desk add E-books --branch Central --promise-hours 8")]
    Add {
        /// Its name
        name: String,
        /// The branch it is at; made if there is none of that name [default: the first]
        #[arg(long)]
        branch: Option<String>,
        /// Answer within so many hours
        #[arg(long, default_value_t = 24)]
        promise_hours: u16,
        /// The library whose it is, where several answer together [default: the house's own]
        #[arg(long)]
        library: Option<String>,
    },
    /// Say whose a desk is, where several libraries answer together
    #[command(after_help = "Example:\n  deskbell desk library Overnight \"Hilltop Libraries\"")]
    Library {
        /// The desk's name
        desk: String,
        /// The library's name [default: the house's own desk again]
        name: Option<String>,
    },
    /// Say when a desk is open, or show it
    Hours(hours::Hours),
    /// Say on which days a desk is closed or open at other times, or show them
    Closed(hours::Closed),
    /// Say what a desk tells those who write while it is closed, or show it
    Away(away::Away),
    /// Say how long a question is kept for who knows its patron, or show it
    #[command(after_help = "Example:\n  deskbell desk head-start 120")]
    HeadStart(ability::HeadStart),
    /// Say where a desk's questions are offered when nobody takes them, or show it
    #[command(
        after_help = "Example:\n  deskbell desk cascade Reference --step \"Shared desk:40:14400\" --step Overnight:60:28800 --away 120:28800"
    )]
    Cascade(cascade::Cascade),
    /// List the desks
    #[command(after_help = "Example:\n  deskbell desk list --json")]
    List {
        /// For programs
        #[arg(long)]
        json: bool,
    },
}

impl Desk {
    pub async fn run(self, flags: Flags) -> Outcome {
        let app = super::open(&flags).await?;
        match self {
            Self::Add { name, branch, promise_hours, library } => {
                setup::first_desk(&app, None).await?;
                let mut conn = app.db.read().await?;
                let house = people::library(&mut conn).await?.context("There is no library yet")?;
                let branches = people::branches(&mut conn).await?;
                drop(conn);
                let known = match &branch {
                    Some(name) => branches.iter().find(|known| known.name == *name),
                    None => branches.first(),
                };
                let new = known.is_none();
                let branch = known.cloned().unwrap_or_else(|| Branch {
                    id: app.clock.id(),
                    name: branch.unwrap_or_else(|| "Main library".to_owned()),
                });
                let desk = Row {
                    id: app.clock.id(),
                    name: name.clone(),
                    branch_id: branch.id,
                    branch_name: branch.name.clone(),
                    promise_ms: i64::from(promise_hours) * 3_600_000,
                    library: library.as_deref().and_then(named),
                };
                let write = app.db.write::<_, Error, _>(move |tx| {
                    Box::pin(async move {
                        if new {
                            people::insert_branch(tx, house.id, &branch).await?;
                        }
                        Ok(people::insert_desk(tx, &desk).await?)
                    })
                });
                write.await.map_err(|error| match &error {
                    Error::Store(store) if store.is_taken() => {
                        anyhow::anyhow!("There is a desk called {name} already.")
                    }
                    _ => error.into(),
                })?;
                out::note(format_args!("{name} is open."));
            }
            Self::Hours(command) => command.run(&app).await?,
            Self::Closed(command) => command.run(&app).await?,
            Self::Away(command) => command.run(&app).await?,
            Self::Cascade(command) => command.run(&app).await?,
            Self::HeadStart(command) => command.run(&app).await?,
            Self::Library { desk, name } => {
                let desks = people::desks(&mut app.db.read().await?).await?;
                let id = cascade::called(&desks, &desk)?.id;
                let library = name.as_deref().and_then(named);
                let kept = library.clone();
                let write = app.db.write::<_, Error, _>(move |tx| {
                    Box::pin(async move { Ok(people::set_library(tx, id, kept.as_deref()).await?) })
                });
                write.await?;
                match library {
                    Some(library) => out::note(format_args!("{desk} is a desk of {library}.")),
                    None => out::note(format_args!("{desk} is the house's own desk.")),
                }
            }
            Self::List { json } => {
                let desks = people::desks(&mut app.db.read().await?).await?;
                if json {
                    let rows: Vec<_> = desks.iter().map(row).collect();
                    out::json(&rows)?;
                } else {
                    for desk in desks {
                        let hours = desk.promise_ms / 3_600_000;
                        out::line(format_args!(
                            "{}, {}: answers within {hours} h",
                            desk.in_words(),
                            desk.branch_name
                        ));
                    }
                }
            }
        }
        app.close().await;
        Ok(())
    }
}

/// A library's name without what surrounds it; none: nothing is said.
fn named(library: &str) -> Option<String> {
    Some(library.trim().to_owned()).filter(|library| !library.is_empty())
}

fn row(desk: &Row) -> serde_json::Value {
    serde_json::json!({
        "id": desk.id, "name": desk.name, "branch_id": desk.branch_id,
        "branch_name": desk.branch_name, "promise_ms": desk.promise_ms, "library": desk.library,
    })
}
