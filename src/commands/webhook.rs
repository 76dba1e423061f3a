//! `webhook`: look into what a platform called us with.

use std::io::Read;

use anyhow::Context;
use connectors::contract::Inspected;

use super::{Outcome, out};
use crate::channel::connect;
use crate::config::Flags;

/// Look into what platforms call us with
#[derive(clap::Subcommand)]
pub enum Webhook {
    /// Show what a raw body becomes, as the connector decodes it; nothing is kept
    #[command(after_help = "Example:\n  deskbell webhook inspect --connector KIND body.json --json")]
    Inspect(Inspect),
}

/// A raw body.
#[derive(clap::Args)]
pub struct Inspect {
    /// Which platform called; `deskbell channel kinds` lists them
    #[arg(long, value_name = "KIND")]
    connector: String,
    /// The body as it came; `-` reads it from standard input
    file: String,
    /// The Content-Type that the call carried [default: as the platform's own calls have it]
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// For programs
    #[arg(long)]
    json: bool,
}

impl Webhook {
    pub async fn run(self, _flags: Flags) -> Outcome {
        let Self::Inspect(Inspect { connector, file, content_type, json }) = self;
        let mut body = Vec::new();
        if file == "-" {
            std::io::stdin().read_to_end(&mut body).context("Standard input could not be read")?;
        } else {
            body = std::fs::read(&file).with_context(|| format!("{file} could not be read"))?;
        }
        let events = connect::inspect(&connector, &body, content_type.as_deref())?;
        if json {
            return out::json(&serde_json::json!({ "events": events }));
        }
        if events.is_empty() {
            out::note("Nothing in this body means anything to the connector.");
        }
        events.iter().for_each(show);
        Ok(())
    }
}

fn show(event: &Inspected) {
    let unsaid = "-".to_owned();
    out::line(format_args!(
        "{}  from {}  to {}  id {}",
        event.kind,
        event.author.as_ref().unwrap_or(&unsaid),
        event.account.as_ref().unwrap_or(&unsaid),
        event.external_id.as_ref().unwrap_or(&unsaid)
    ));
    if let Some(text) = &event.text {
        // A stranger's words must not drive the terminal.
        let harmless: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        out::line(format_args!("    {harmless}"));
    }
    if event.attachments > 0 {
        out::line(format_args!("    {} files: {}", event.attachments, event.attachment_types.join(", ")));
    }
}
