//! `store`: move a library to another store, and look whether one is whole.

use anyhow::bail;

use super::{Outcome, log, out, progress, waits};
use crate::app;
use crate::config::{Config, Flags};
use crate::store::{Db, check, copy};

/// Copy a library to another store, or look one through
#[derive(clap::Subcommand)]
pub enum Store {
    /// Copy everything to an empty store; stop the server first
    #[command(
        after_help = "Example:\n  deskbell store copy --to postgres://deskbell@db.example/deskbell\n\nAn interrupted copy goes on where it stopped. Files and the key stay where they are. A server's password comes from \
                      PGPASSWORD or ~/.pgpass, not from the address."
    )]
    Copy {
        /// Where to: sqlite:PATH or postgres://USER@HOST/NAME
        #[arg(long, value_name = "STORE")]
        to: String,
    },
    /// Count everything and look for what is missing; changes nothing
    #[command(after_help = "Example:\n  deskbell store check")]
    Check {},
}

impl Store {
    pub async fn run(self, flags: Flags) -> Outcome {
        match self {
            Self::Copy { to } => copy_to(&flags, &to).await,
            Self::Check {} => look_through(&flags).await,
        }
    }
}

async fn copy_to(flags: &Flags, to: &str) -> Outcome {
    let config = Config::load(flags)?;
    log::start(&config.log, "warn")?;
    if config.store == to {
        bail!("This is the store to copy from. Name another with --to.");
    }
    let options = app::store_options(&config);
    let from = Db::open(&config.store, options).await?;
    let target = Db::open(to, options).await?;
    let line = progress::line();
    let copied = copy::copy(&from, &target, &mut |table, there, all| {
        line.set_message(format!("{table}: {there} of {all}"));
        line.tick();
    })
    .await;
    line.finish_and_clear();
    target.close().await;
    from.close().await;
    for one in copied? {
        out::line(format_args!("{}: {} of {}", one.table, one.to, one.from));
    }
    out::note(
        "Everything is there. Set store to the new address, start the server, and keep the old store until you are sure.",
    );
    Ok(())
}

async fn look_through(flags: &Flags) -> Outcome {
    let app = super::open(flags).await?;
    let line = progress::line();
    let found = check::check(&app.db, &app.blobs, &mut |what| {
        line.set_message(format!("looking at {what}"));
        line.tick();
    })
    .await;
    let mut wrong = Vec::new();
    let compared = waits::compare(&app, false, &line, &mut |differs| wrong.push(differs.to_owned())).await;
    line.finish_and_clear();
    app.close().await;
    let mut found = found?;
    compared?;
    found.wrong.extend(wrong);
    for (table, count) in &found.counts {
        out::line(format_args!("{table}: {count}"));
    }
    for wrong in &found.wrong {
        out::line(format_args!("✗ {wrong}"));
    }
    match found.wrong.len() {
        0 => {
            out::line("✓ The store is whole.");
            Ok(())
        }
        1 => bail!("One thing is not as it should be."),
        n => bail!("{n} things are not as they should be."),
    }
}
