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
    #[command(subcommand)]
    Staff(staff::Staff),
    #[command(subcommand)]
    Desk(desk::Desk),
    #[command(subcommand)]
    Hours(calendar::Hours),
    #[command(subcommand)]
    Block(block::Block),
    #[command(subcommand)]
    Channel(channel::Channel),
    #[command(subcommand)]
    Mail(mailbox::Mail),
    #[command(subcommand)]
    Report(report::Report),
    #[command(subcommand)]
    Rules(rules::Rules),
    #[command(subcommand)]
    Store(store::Store),
    #[command(subcommand)]
    Waits(waits::Waits),
    #[command(subcommand)]
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
    out::error(&format!("{error:#}"));
    ExitCode::FAILURE
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
