//! `setup`: the library's name, zone, first branch and desks.

use anyhow::{Context, bail};
use uuid::Uuid;

use super::{Outcome, out};
use crate::app::App;
use crate::config::Flags;
use crate::error::Error;
use crate::model::people::{Branch, Desk, Library};
use crate::store::people;

/// How long a desk may take to answer unless it says otherwise: a day.
pub const PROMISE_MS: i64 = 24 * 3_600_000;

/// Name the library, its time zone and its first desks
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  deskbell setup \"Fernhill Libraries\" --zone Europe/London --branch Central --desk Reference --desk Lending"
)]
pub struct Setup {
    /// The library's name, as patrons see it
    name: String,
    /// Time zone of its clocks, such as Europe/London [default: this machine's]
    #[arg(long)]
    zone: Option<String>,
    /// Its first branch
    #[arg(long, default_value = "Main library")]
    branch: String,
    /// A desk, people who answer together; may be repeated
    #[arg(long = "desk", value_name = "NAME", default_value = "Front desk")]
    desks: Vec<String>,
}

impl Setup {
    pub async fn run(self, flags: Flags) -> Outcome {
        let zone = match self.zone {
            Some(zone) => checked_zone(&zone)?,
            None => own_zone(),
        };
        let app = super::open(&flags).await?;
        if let Some(library) = people::library(&mut app.db.read().await?).await? {
            bail!(
                "This store belongs to {} already. Add desks to it with `deskbell desk add`.",
                library.name
            );
        }
        let said = format!("{}, {zone}: {} with {}.", self.name, self.branch, self.desks.join(", "));
        found(&app, self.name, zone, self.branch, self.desks).await?;
        app.close().await;
        out::note(said);
        Ok(())
    }
}

/// The library's first desk, made with the library if there is none yet: whoever tries the program out need not begin
/// with forms.
pub async fn first_desk(app: &App, wanted: Option<&str>) -> anyhow::Result<Uuid> {
    let desks = people::desks(&mut app.db.read().await?).await?;
    if desks.is_empty() {
        let desk = wanted.unwrap_or("Front desk").to_owned();
        out::note(format_args!("The store was empty: it now has a library with the desk {desk}."));
        found(app, "Our library".to_owned(), own_zone(), "Main library".to_owned(), vec![desk]).await?;
        let desks = people::desks(&mut app.db.read().await?).await?;
        return Ok(desks.first().context("The desk that was just made is not there")?.id);
    }
    let Some(wanted) = wanted else { return Ok(desks[0].id) };
    match desks.iter().find(|desk| desk.name.eq_ignore_ascii_case(wanted)) {
        Some(desk) => Ok(desk.id),
        None => {
            let known: Vec<&str> = desks.iter().map(|desk| desk.name.as_str()).collect();
            bail!("There is no desk called {wanted}. There are: {}.", known.join(", "))
        }
    }
}

async fn found(
    app: &App,
    name: String,
    zone: String,
    branch: String,
    desks: Vec<String>,
) -> anyhow::Result<()> {
    let clock = app.clock.clone();
    let library = Library { id: clock.id(), name, zone, created_at: clock.now() };
    let branch = Branch { id: clock.id(), name: branch };
    let write = app.db.write::<_, Error, _>(move |tx| {
        Box::pin(async move {
            people::insert_library(tx, &library).await?;
            people::insert_branch(tx, library.id, &branch).await?;
            for name in desks {
                let (id, branch_id, branch_name) = (clock.id(), branch.id, branch.name.clone());
                let desk = Desk { id, name, branch_id, branch_name, promise_ms: PROMISE_MS, library: None };
                people::insert_desk(tx, &desk).await?;
            }
            Ok(())
        })
    });
    write.await?;
    Ok(())
}

/// Checks a zone's name against the time zone database.
pub fn checked_zone(zone: &str) -> anyhow::Result<String> {
    jiff::tz::TimeZone::get(zone).map_err(|_| {
        anyhow::anyhow!("{zone} is no time zone. Write it as Europe/London or America/Chicago.")
    })?;
    Ok(zone.to_owned())
}

fn own_zone() -> String {
    jiff::tz::TimeZone::system().iana_name().unwrap_or("UTC").to_owned()
}
