//! `mail`: what an administrator types to look into one mail, or to take old ones in. The one room of `src` that may name
//! mail: everything else draws what it needs from what the connectors declare.

mod import;
mod source;

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use connectors::email::{inspect, read, trim};
use connectors::markup;

use super::{Outcome, out};
use crate::config::Flags;

/// Look into a mail, or take old mail in
#[derive(clap::Subcommand)]
pub enum Mail {
    /// Show what is read out of one mail
    #[command(after_help = "Example:\n  deskbell mail inspect question.eml --json")]
    Inspect {
        /// The mail; - is standard input
        file: PathBuf,
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Show what of a mail is new, and what only repeats the mail it answers
    #[command(after_help = "Example:\n  deskbell mail reply --input eml answer.eml --json")]
    Reply {
        /// What the file holds: text, html or eml
        #[arg(long, value_enum, default_value = "eml")]
        input: Input,
        /// The file; - is standard input
        file: PathBuf,
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Print a mail's words as the page shows them, made safe
    #[command(after_help = "Example:\n  deskbell mail html newsletter.eml > safe.html")]
    Html {
        /// The mail; - is standard input
        file: PathBuf,
    },
    /// Take old mail into a channel: a folder of .eml files, a Maildir or an mbox file
    #[command(
        after_help = "Example:\n  deskbell mail import ~/old-mail.mbox --channel \"Ask us\" --bulk\n\nWhat was interrupted goes on when the same command is run again: mail that is there already is known."
    )]
    Import(import::Import),
}

/// What a file holds.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Input {
    /// Plain text
    Text,
    /// HTML
    Html,
    /// A whole mail
    Eml,
}

impl Mail {
    pub async fn run(self, flags: Flags) -> Outcome {
        match self {
            Self::Inspect { file, json } => show(&bytes(&file)?, json),
            Self::Reply { input, file, json } => reply(input, &bytes(&file)?, json),
            Self::Html { file } => {
                let mail = read::read(&bytes(&file)?).map_err(|held| anyhow::anyhow!("{held}"))?;
                let source = mail.html.unwrap_or_else(|| markup::from_text(&mail.text));
                out::line(markup::frame_document(&markup::sanitise(&source, &|_| None)));
                Ok(())
            }
            Self::Import(import) => import.run(flags).await,
        }
    }
}

fn show(bytes: &[u8], json: bool) -> Outcome {
    let mail = inspect::inspect(bytes).map_err(|held| anyhow::anyhow!("{held}"))?;
    if json {
        return out::json(&mail);
    }
    let people = |boxes: &[connectors::email::mail::Mailbox]| {
        let all: Vec<String> = boxes.iter().map(|one| format!("{} <{}>", one.name, one.address)).collect();
        all.join(", ")
    };
    out::line(format_args!("Subject: {}", mail.subject));
    out::line(format_args!("From: {}", people(&mail.from)));
    out::line(format_args!("To: {}", people(&mail.to)));
    out::line(format_args!("Date: {}", mail.date.as_deref().unwrap_or("none")));
    for file in &mail.attachments {
        let name = file.filename.as_deref().unwrap_or("(no name)");
        out::line(format_args!("File: {name}, {}, {} bytes", file.content_type, file.size));
    }
    if mail.automatic {
        out::line("Written by a program.");
    }
    if mail.bounce {
        out::line("A delivery report.");
    }
    out::line(format_args!("\n{}", mail.text));
    Ok(())
}

fn reply(input: Input, bytes: &[u8], json: bool) -> Outcome {
    let text = String::from_utf8_lossy(bytes);
    let trimmed = match input {
        Input::Text => trim::reply(&text),
        Input::Html => trim::reply_html(&text),
        Input::Eml => trim::of_mail(&read::read(bytes).map_err(|held| anyhow::anyhow!("{held}"))?),
    };
    if json {
        return out::json(&trimmed);
    }
    out::line(trimmed.reply);
    Ok(())
}

fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("Standard input cannot be read")?;
        return Ok(bytes);
    }
    if path.is_dir() {
        bail!(
            "{} is a folder; this command takes one mail. `deskbell mail import` takes folders.",
            path.display()
        );
    }
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}
