//! `waits`: whether the numbers of waits are those that the history gives.

use anyhow::bail;
use indicatif::ProgressBar;

use super::{Outcome, out, progress};
use crate::app::App;
use crate::config::Flags;
use crate::error::Result;
use crate::report::rebuild::{self, News, Read};

/// How long patrons waited, reckoned once more
#[derive(clap::Subcommand)]
pub enum Waits {
    /// Reckon every wait from the history, and keep what comes of it where something else was kept
    #[command(
        after_help = "Example:\n  deskbell waits rebuild --check\n\nWaits are kept as messages come and answers leave. This reckons them from the history alone: \
                      a difference is a fault, ends the command with 1, and is worth telling us. The server may go on running."
    )]
    Rebuild {
        /// Only compare; change nothing
        #[arg(long)]
        check: bool,
    },
}

impl Waits {
    pub async fn run(self, flags: Flags) -> Outcome {
        let Self::Rebuild { check } = self;
        let app = super::open(&flags).await?;
        let line = progress::line();
        let said = compare(&app, !check, &line, &mut |differs| {
            line.suspend(|| out::line(format_args!("✗ {differs}")));
        })
        .await;
        line.finish_and_clear();
        app.close().await;
        let Read { conversations, lines, waits, differences } = said?;
        out::line(format_args!("conversations: {conversations}\nlines of history: {lines}\nwaits: {waits}"));
        match (differences, check) {
            (0, _) => {
                out::line("✓ Every wait is what the history says.");
                Ok(())
            }
            (1, true) => bail!("One difference. Nothing was changed; without --check the history is taken."),
            (n, true) => bail!("{n} differences. Nothing was changed; without --check the history is taken."),
            (1, false) => bail!("One difference; what the history says is kept now."),
            (n, false) => bail!("{n} differences; what the history says is kept now."),
        }
    }
}

/// Compares, and mends where that is asked, saying on the line how far it is.
pub async fn compare(
    app: &App,
    mend: bool,
    line: &ProgressBar,
    differs: &mut (dyn FnMut(&str) + Send),
) -> Result<Read> {
    rebuild::rebuild(app, mend, &mut |news| match news {
        News::Differs(said) => differs(said),
        News::Read(read) => {
            line.set_message(format!(
                "looking at waits: {} of {} conversations",
                read.waits, read.conversations
            ));
            line.tick();
        }
    })
    .await
}
