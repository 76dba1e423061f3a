//! `desk away`: what a desk says by itself while it is closed.

use super::{Outcome, hours, out};
use crate::app::App;
use crate::outbound::away::{self, Setting};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  deskbell desk away Reference \"{library} is closed. We open again {opening} and will answer then.\"\n  deskbell desk away Reference --off\n  deskbell desk away Reference\n\nIt is said once in a conversation while the desk is closed, to nobody twice within twelve hours, never to lists or\nmachines, and never in public. {opening}, {desk} and {library} are filled in."
)]
pub struct Away {
    /// The desk's name
    desk: String,
    /// What it says; shown as each channel would send it where nothing is said
    text: Option<String>,
    /// The same for channels where the text is more than one message
    #[arg(long, requires = "text")]
    short: Option<String>,
    /// Say nothing
    #[arg(long, conflicts_with = "text")]
    off: bool,
    /// Show what would be said, and change nothing
    #[arg(long, requires = "text")]
    dry_run: bool,
}

impl Away {
    pub async fn run(self, app: &App) -> Outcome {
        let desk = hours::named(app, &self.desk).await?;
        let short = self.short.as_deref();
        let setting = match &self.text {
            Some(text) if self.dry_run => away::preview(app, desk.id, text, short).await?,
            Some(text) => away::put(app, desk.id, text, short).await?,
            None => {
                if self.off {
                    away::remove(app, desk.id).await?;
                }
                away::read(app, desk.id).await?
            }
        };
        show(&desk.name, &setting);
        Ok(())
    }
}

fn show(desk: &str, setting: &Setting) {
    match (&setting.text, &setting.opening) {
        (None, _) => out::line(format_args!("{desk}: says nothing while it is closed")),
        (Some(text), None) => {
            out::line(format_args!("{desk}: {}", text.text));
            out::note(
                "It is never closed, or closed for good, so nobody is told. `desk hours` says when it is open.",
            );
        }
        (Some(text), Some(opening)) => {
            out::line(format_args!("{desk}: {}", text.text));
            out::line(format_args!("It opens again {opening}."));
            for shown in &setting.shown {
                let (Ok(words) | Err(words)) = &shown.text;
                out::line(format_args!("{}: {words}", shown.channel));
            }
        }
    }
}
