//! What is typed after `deskbell`. Each command ends with 0 when it did its work, 1 with a sentence when it did not, 2 when
//! it was not understood.

mod ability;
mod ask;
mod away;
mod block;
mod calendar;
mod cascade;
mod channel;
mod demo;
mod desk;
mod doctor;
mod hours;
mod log;
mod mailbox;
mod openapi;
mod out;
mod progress;
mod report;
mod rules;
mod serve;
mod setup;
mod staff;
mod stop;
mod store;
mod waits;
mod webhook;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::App;
use crate::config::{Config, Flags};
use crate::wrong;

/// What a command gives: nothing, or the sentence that it ends with.
type Outcome = anyhow::Result<()>;

/// One inbox for every way a library's patrons ask.
#[derive(Parser)]
#[command(name = "deskbell", version, propagate_version = true, after_help = EXAMPLE)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    flags: Flags,
}

const EXAMPLE: &str = "Example:\n  deskbell demo\n\nSettings come from flags, DESKBELL_… variables and deskbell.toml in the data \
folder, in this order.";

#[derive(Subcommand)]
enum Command {
    Serve(serve::Serve),
    Demo(demo::Demo),
    Setup(setup::Setup),
    #[command(subcommand, after_help = "Example:\n  deskbell staff list")]
    Staff(staff::Staff),
    #[command(subcommand, after_help = "Example:\n  deskbell desk list")]
    Desk(desk::Desk),
    #[command(
        subcommand,
        after_help = "Example:\n  deskbell hours import holidays.ics --desk Reference --dry-run"
    )]
    Hours(calendar::Hours),
    #[command(subcommand, after_help = "Example:\n  deskbell block list")]
    Block(block::Block),
    #[command(subcommand, after_help = "Example:\n  deskbell channel list")]
    Channel(channel::Channel),
    #[command(subcommand, after_help = "Example:\n  deskbell mail inspect question.eml")]
    Mail(mailbox::Mail),
    #[command(subcommand, after_help = "Example:\n  deskbell report waits --from 2026-10-01 --to 2026-10-31")]
    Report(report::Report),
    #[command(subcommand, after_help = "Example:\n  deskbell rules list")]
    Rules(rules::Rules),
    #[command(subcommand, after_help = "Example:\n  deskbell store check")]
    Store(store::Store),
    #[command(subcommand, after_help = "Example:\n  deskbell waits rebuild --check")]
    Waits(waits::Waits),
    #[command(subcommand, after_help = "Example:\n  deskbell webhook list")]
    Webhook(webhook::Webhook),
    Doctor(doctor::Doctor),
    Openapi(openapi::Openapi),
}

/// Reads the command line, does what it says, and gives the code to end with.
pub fn run() -> ExitCode {
    let Cli { command, flags } = Cli::parse();
    if let Err(why) = wrong::refuse_by_accident() {
        return fail(&anyhow::anyhow!(why));
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::anyhow!("The system gave no threads to work with: {error}.")),
    };
    let outcome = runtime.block_on(command.run(flags));
    // A blocking read from a terminal must not keep the process.
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    out::error(&told(error));
    ExitCode::FAILURE
}

/// What went wrong and what is behind it. Many of our own sentences quote their cause: nothing is said twice.
fn told(error: &anyhow::Error) -> String {
    error
        .chain()
        .map(ToString::to_string)
        .reduce(|said, why| if said.contains(&why) { said } else { format!("{said}: {why}") })
        .unwrap_or_default()
}

impl Command {
    async fn run(self, flags: Flags) -> Outcome {
        match self {
            Self::Serve(command) => command.run(flags).await,
            Self::Demo(command) => command.run(flags).await,
            Self::Setup(command) => command.run(flags).await,
            Self::Staff(command) => command.run(flags).await,
            Self::Desk(command) => command.run(flags).await,
            Self::Hours(command) => command.run(flags).await,
            Self::Block(command) => command.run(flags).await,
            Self::Channel(command) => command.run(flags).await,
            Self::Mail(command) => command.run(flags).await,
            Self::Report(command) => command.run(flags).await,
            Self::Rules(command) => command.run(flags).await,
            Self::Store(command) => command.run(flags).await,
            Self::Waits(command) => command.run(flags).await,
            Self::Webhook(command) => command.run(flags).await,
            Self::Doctor(command) => command.run(flags).await,
            Self::Openapi(command) => command.run(),
        }
    }
}

/// Opens a library's data for a command that ends by itself: quiet unless something is wrong.
async fn open(flags: &Flags) -> anyhow::Result<App> {
    let config = Config::load(flags)?;
    log::start(&config.log, "warn")?;
    Ok(App::open(config).await?)
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use connectors::contract::Failure;

    use super::told;
    use crate::error::Error;

    #[test]
    fn a_cause_is_told_once() {
        let why = "mail.example does not answer.";
        let quoted = Error::from(Failure::Transient { after_ms: None, why: why.to_owned() });
        assert_eq!(told(&quoted.into()), why);
        let behind =
            Err::<(), _>(anyhow::anyhow!("no such file")).context("holidays.ics cannot be read").unwrap_err();
        assert_eq!(told(&behind), "holidays.ics cannot be read: no such file");
    }
}
