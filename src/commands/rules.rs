//! `rules`: what the house wants done with what arrives.

use std::io::Read;

use anyhow::Context;
use serde_json::json;
use uuid::Uuid;

use super::{Outcome, out, progress};
use crate::app::App;
use crate::config::Flags;
use crate::conversation::rules;
use crate::model::conversation::number_in_words;
use crate::model::rule::{Rule, Written, in_words};
use crate::report::trial::{self, Trial};

/// What is done with what arrives: rules that are asked about each message that begins a conversation
#[derive(clap::Subcommand)]
pub enum Rules {
    /// List the rules in the order in which they are asked
    #[command(after_help = "Example:\n  deskbell rules list --json")]
    List {
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Make a rule, asked after all others
    #[command(after_help = EXAMPLE)]
    Add {
        /// JSON; `-` reads it from standard input
        file: String,
    },
    /// Make another of a rule
    #[command(
        after_help = "Example:\n  deskbell rules change 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a genealogy.json"
    )]
    Change {
        /// Its id
        id: Uuid,
        /// JSON; `-` reads it from standard input
        file: String,
    },
    /// Say in which order they are asked: every rule's id
    #[command(
        after_help = "Example:\n  deskbell rules order 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a 0199a2c5-0000-7000-8000-000000000001"
    )]
    Order {
        /// The first to be asked first
        #[arg(required = true)]
        ids: Vec<Uuid>,
    },
    /// Ask a rule no more
    #[command(after_help = "Example:\n  deskbell rules off 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a")]
    Off {
        /// Its id
        id: Uuid,
    },
    /// Ask it again
    #[command(after_help = "Example:\n  deskbell rules on 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a")]
    On {
        /// Its id
        id: Uuid,
    },
    /// Take a rule away; what it did stays
    #[command(after_help = "Example:\n  deskbell rules remove 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a")]
    Remove {
        /// Its id
        id: Uuid,
    },
    /// Say what rules would have done with past conversations; nothing is changed
    #[command(
        after_help = "Examples:\n  deskbell rules try genealogy.json --days 90\n  deskbell rules try --rule 0199a2c4-7d10-7e0a-9b1c-2f6d5e4c3b2a\n  deskbell rules try"
    )]
    Try(Try),
}

const EXAMPLE: &str = r#"A rule looks at "channel", "desk", "from", "to", "subject", "text", "file", "new_patron", "open" or "closed" and does "desk",
"tag", "need" (a skill), "speak" (a language), "urgent", "spam" or "stop":
  {
    "name": "Genealogy",
    "match": "any",
    "conditions": [{"about": "text", "says": "genealog*"}, {"about": "from", "is": "@ancestors.example"}],
    "acts": [{"act": "desk", "to": "Local history"}, {"act": "tag", "with": "Genealogy"}]
  }

Example:
  deskbell rules add genealogy.json"#;

/// What is tried.
#[derive(clap::Args)]
pub struct Try {
    /// JSON of one rule; `-` reads it from standard input [default: all rules as they are asked]
    #[arg(conflicts_with = "rule")]
    file: Option<String>,
    /// One that is there, alone
    #[arg(long, value_name = "ID")]
    rule: Option<Uuid>,
    /// How far back
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
    /// For programs
    #[arg(long)]
    json: bool,
}

impl Rules {
    pub async fn run(self, flags: Flags) -> Outcome {
        let app = super::open(&flags).await?;
        let outcome = self.carry_out(&app).await;
        app.close().await;
        outcome
    }

    async fn carry_out(self, app: &App) -> Outcome {
        match self {
            Self::List { json } => return list(app, json).await,
            Self::Add { file } => {
                let rule = rules::add(app, written(&file)?).await?;
                out::note(format_args!("The rule {} is asked after all others. Its id is:", rule.name));
                out::line(rule.id);
            }
            Self::Change { id, file } => {
                let before = rules::one(&mut app.db.read().await?, id).await?;
                let rule = rules::change(app, id, before.version, written(&file)?).await?;
                out::note(format_args!("The rule {} is changed.", rule.name));
            }
            Self::Order { ids } => {
                rules::order(app, ids).await?;
                return list(app, false).await;
            }
            Self::Off { id } => {
                let rule = rules::switch(app, id, false).await?;
                out::note(format_args!("The rule {} is asked no more.", rule.name));
            }
            Self::On { id } => {
                let rule = rules::switch(app, id, true).await?;
                out::note(format_args!("The rule {} is asked.", rule.name));
            }
            Self::Remove { id } => {
                let rule = rules::one(&mut app.db.read().await?, id).await?;
                rules::remove(app, id, rule.version).await?;
                out::note(format_args!("The rule {} is gone. What it did stays.", rule.name));
            }
            Self::Try(asked) => return asked.carry_out(app).await,
        }
        Ok(())
    }
}

impl Try {
    async fn carry_out(self, app: &App) -> Outcome {
        let rules = match (self.rule, &self.file) {
            (Some(id), _) => {
                vec![Rule { active: true, ..rules::one(&mut app.db.read().await?, id).await? }]
            }
            (None, Some(file)) => vec![Rule { active: true, ..rules::draft(app, written(file)?).await? }],
            (None, None) => rules::list(app).await?.0,
        };
        let bar = progress::line();
        let trial = trial::run(app, &rules, self.days, &mut |so_far: &Trial| {
            bar.set_message(format!("{} looked at, {} would fit", so_far.looked_at, so_far.fitting));
        })
        .await;
        bar.finish_and_clear();
        show(&trial?, self.json)
    }
}

fn show(trial: &Trial, as_json: bool) -> Outcome {
    let Trial { looked_at, fitting, latest, recipients_unknown } = trial;
    if as_json {
        let latest = latest.iter().map(|hit| {
            json!({
                "id": hit.conversation,
                "number": number_in_words(hit.number),
                "patron": hit.patron,
                "subject": hit.subject,
                "at": hit.at,
                "rules": hit.rules,
                "acts": hit.acts,
            })
        });
        return out::json(&json!({
            "looked_at": looked_at,
            "fitting": fitting,
            "latest": latest.collect::<Vec<_>>(),
            "recipients_unknown": recipients_unknown,
        }));
    }
    out::line(format_args!("{fitting} of {looked_at} conversations would fit. Nothing was changed."));
    if *recipients_unknown {
        out::note("To whom past messages were sent is not kept: conditions on that fit none of these.");
    }
    for hit in latest {
        out::line(format_args!(
            "{}  {}  {}",
            number_in_words(hit.number),
            harmless(&hit.patron),
            harmless(&hit.subject)
        ));
        for act in &hit.acts {
            out::line(format_args!("    {act}"));
        }
    }
    Ok(())
}

/// A stranger's words must not drive the terminal.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

async fn list(app: &App, as_json: bool) -> Outcome {
    let (rules, names) = rules::list(app).await?;
    if as_json {
        let shown = rules.iter().map(|rule| {
            json!({
                "id": rule.id,
                "name": rule.name,
                "active": rule.active,
                "match": rule.body.fit,
                "conditions": rule.body.conditions,
                "acts": rule.body.acts,
                "words": in_words(&rule.body, &names),
                "version": rule.version,
            })
        });
        return out::json(&shown.collect::<Vec<_>>());
    }
    if rules.is_empty() {
        out::note("There are no rules yet: `deskbell rules add` makes the first.");
    }
    for rule in rules {
        let off = if rule.active { "" } else { " (off)" };
        out::line(format_args!("{}  {}{off}", rule.id, rule.name));
        out::line(format_args!("    {}", in_words(&rule.body, &names)));
    }
    Ok(())
}

fn written(file: &str) -> anyhow::Result<Written> {
    let mut text = String::new();
    if file == "-" {
        std::io::stdin().read_to_string(&mut text).context("Standard input could not be read")?;
    } else {
        text = std::fs::read_to_string(file).with_context(|| format!("{file} could not be read"))?;
    }
    serde_json::from_str(&text)
        .with_context(|| format!("{file} is no rule as `deskbell rules add --help` shows one"))
}
