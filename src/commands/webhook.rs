//! `webhook`: other programs that are told what happens here, and a look into what platforms call us with.

use std::io::Read;

use anyhow::Context;
use connectors::contract::Inspected;
use serde_json::json;
use uuid::Uuid;

use super::{Outcome, out};
use crate::app::App;
use crate::channel::connect;
use crate::config::Flags;
use crate::model::event::Kind;
use crate::model::webhook::Attempt;
use crate::store::webhooks;
use crate::webhook;

/// Tell other programs what happens here; look into what platforms call us with
#[derive(clap::Subcommand)]
pub enum Webhook {
    /// Register an address; prints the secret that its calls are signed with, this once
    #[command(
        after_help = "Example:\n  deskbell webhook add https://hooks.fernhill.example/desk --event message --event closed"
    )]
    Add(Add),
    /// List the addresses and how they fare
    #[command(after_help = "Example:\n  deskbell webhook list --json")]
    List {
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Call an address with what means nothing
    #[command(after_help = "Example:\n  deskbell webhook test 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a")]
    Test {
        /// Its id
        id: Uuid,
    },
    /// Show how the latest calls went
    #[command(after_help = "Example:\n  deskbell webhook log 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a --json")]
    Log {
        /// The address's id
        id: Uuid,
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Make one of those calls once more
    #[command(
        after_help = "Example:\n  deskbell webhook resend 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a 0199a2c5-0000-7000-8000-000000000001"
    )]
    Resend {
        /// The address's id
        id: Uuid,
        /// The call's id
        call: Uuid,
    },
    /// Call an address again that was switched off, from where it stopped
    #[command(after_help = "Example:\n  deskbell webhook resume 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a")]
    Resume {
        /// Its id
        id: Uuid,
    },
    /// Take an address away
    #[command(after_help = "Example:\n  deskbell webhook remove 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a")]
    Remove {
        /// Its id
        id: Uuid,
    },
    /// Show what a raw body becomes, as the connector decodes it; nothing is kept
    #[command(after_help = "Example:\n  deskbell webhook inspect --connector KIND body.json --json")]
    Inspect(Inspect),
}

/// An address to register.
#[derive(clap::Args)]
pub struct Add {
    /// Where to call
    url: String,
    /// A kind of event that is wanted; may be repeated [default: every kind]
    #[arg(long = "event", value_name = "KIND", value_parser = kind)]
    events: Vec<Kind>,
    /// Also tell what patrons and staff wrote to each other
    #[arg(long)]
    with_text: bool,
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
    pub async fn run(self, flags: Flags) -> Outcome {
        let command = match self {
            Self::Inspect(body) => return inspect(&body),
            other => other,
        };
        let app = super::open(&flags).await?;
        let outcome = command.carry_out(&app).await;
        app.close().await;
        outcome
    }

    async fn carry_out(self, app: &App) -> Outcome {
        match self {
            Self::Add(Add { url, events, with_text }) => {
                let wanted = webhook::Wanted { url, kinds: events, with_text };
                let (row, secret) = webhook::register(app, wanted).await?;
                out::note(format_args!(
                    "{} is told what happens from now on. Its id is {}. Its calls are signed with:",
                    row.url, row.id
                ));
                out::line(secret);
            }
            Self::List { json } => list(app, json).await?,
            Self::Test { id } => called(&webhook::test(app, id).await?)?,
            Self::Resend { id, call } => called(&webhook::resend(app, id, call).await?)?,
            Self::Log { id, json } => {
                let calls = webhooks::attempts(&mut app.db.read().await?, id).await?;
                if json {
                    return out::json(&calls.iter().map(call_as_json).collect::<Vec<_>>());
                }
                calls.iter().for_each(|call| out::line(line(call)));
            }
            Self::Resume { id } => {
                let row = webhook::resume(app, id).await?;
                out::note(format_args!("{} is called again, from where it stopped.", row.url));
            }
            Self::Remove { id } => {
                webhook::remove(app, id).await?;
                out::note("It is taken away and not called again.");
            }
            Self::Inspect(body) => inspect(&body)?,
        }
        Ok(())
    }
}

async fn list(app: &App, json: bool) -> Outcome {
    let rows = webhooks::all(&mut app.db.read().await?).await?;
    if json {
        let shown = rows.iter().map(|row| {
            json!({
                "id": row.id,
                "url": row.url,
                "events": row.kinds.split_whitespace().collect::<Vec<_>>(),
                "with_text": row.with_text,
                "failing": row.failing_since.is_some(),
                "off": row.off_why,
            })
        });
        return out::json(&shown.collect::<Vec<_>>());
    }
    if rows.is_empty() {
        out::note("No program is told anything yet: `deskbell webhook add` registers the first.");
    }
    for row in rows {
        let state = match (&row.off_why, row.failing_since) {
            (Some(why), _) => format!("off: {why}"),
            (None, Some(_)) => "its calls are not taken; they are repeated".to_owned(),
            (None, None) => "on".to_owned(),
        };
        out::line(format_args!("{}  {}  {state}", row.id, row.url));
    }
    Ok(())
}

fn called(call: &Attempt) -> Outcome {
    match &call.why {
        None => out::line(line(call)),
        Some(why) => anyhow::bail!("{why}"),
    }
    Ok(())
}

fn line(call: &Attempt) -> String {
    let at = jiff::Timestamp::from_millisecond(call.at).unwrap_or_default();
    let went = call.why.as_deref().unwrap_or("taken");
    format!("{}  {at:.0}  {}  {} ms  {went}", call.id, call.kind, call.took_ms)
}

fn call_as_json(call: &Attempt) -> serde_json::Value {
    let Attempt { id, seq, kind, at, took_ms, status, why, .. } = call;
    json!({ "id": id, "seq": seq, "kind": kind, "at": at, "took_ms": took_ms, "status": status, "why": why })
}

fn kind(word: &str) -> Result<Kind, String> {
    word.parse()
}

fn inspect(told: &Inspect) -> Outcome {
    let Inspect { connector, file, content_type, json } = told;
    let mut body = Vec::new();
    if file == "-" {
        std::io::stdin().read_to_end(&mut body).context("Standard input could not be read")?;
    } else {
        body = std::fs::read(file).with_context(|| format!("{file} could not be read"))?;
    }
    let events = connect::inspect(connector, &body, content_type.as_deref())?;
    if *json {
        return out::json(&serde_json::json!({ "events": events }));
    }
    if events.is_empty() {
        out::note("Nothing in this body means anything to the connector.");
    }
    events.iter().for_each(show);
    Ok(())
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
