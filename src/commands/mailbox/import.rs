//! `mail import`: old mail comes in by the same door as new mail. A mail is named after its place and its bytes, so that
//! doing it again finds everything known.

use std::path::PathBuf;

use anyhow::{Context, bail};
use bytes::Bytes;
use connectors::contract::{Envelope, Event};
use connectors::email::inbound::{self as reading, Own};
use sha2::{Digest, Sha256};

use super::super::{Outcome, out, progress, stop};
use super::source::{Old, Source};
use crate::app::App;
use crate::channel::roster::Open;
use crate::config::Flags;
use crate::inbound;
use crate::model::channel::Intake;
use crate::store::channels;

/// The connector whose mails these are.
const KIND: &str = "email";
/// How many share a commit with `--bulk`.
const BULK: usize = 100;
/// Larger ones are kept, but not read.
const LARGEST_BYTES: usize = 64 << 20;

/// Old mail to be taken in.
#[derive(clap::Args)]
pub struct Import {
    /// A folder of .eml files, a Maildir, or an mbox file
    source: PathBuf,
    /// The channel they came by
    #[arg(long, value_name = "NAME")]
    channel: String,
    /// Keep a hundred at a time: faster, for a store that nobody waits for
    #[arg(long)]
    bulk: bool,
    /// These were sent by the library
    #[arg(long)]
    sent: bool,
}

impl Import {
    pub async fn run(self, flags: Flags) -> Outcome {
        let mut source = Source::open(&self.source)?;
        let app = super::super::open(&flags).await?;
        let open = self.channel(&app).await?;
        let stop = stop::on_signal();
        let own = Own {
            ours: open.row.ours.split(' ').map(str::to_owned).collect(),
            proof_key: app.vault.proof_key(open.row.id),
            domain: open.row.address.rsplit_once('@').map_or(String::new(), |(_, domain)| domain.to_owned()),
            max_bytes: LARGEST_BYTES,
        };
        let bar =
            progress::bar(source.total(), if matches!(source, Source::Mbox(_)) { "bytes" } else { "mails" });
        let mut sum = Intake::default();
        let outcome = loop {
            let (batch, reached) = self.batch(&app, &mut source, &own)?;
            if batch.is_empty() {
                break Ok(());
            }
            let counts = inbound::accept(&app, &open.row, batch, None).await?;
            sum.received += counts.received;
            sum.messages += counts.messages;
            sum.held += counts.held;
            sum.duplicates += counts.duplicates;
            bar.set_position(reached);
            if stop.is_cancelled() {
                break Err(anyhow::anyhow!("Stopped on the way. The same command goes on from here."));
            }
        };
        bar.finish_and_clear();
        app.close().await;
        let Intake { received, messages, held, duplicates } = sum;
        out::line(format_args!(
            "{received} mails: {messages} messages, {held} held, {duplicates} known already."
        ));
        outcome
    }

    async fn channel(&self, app: &App) -> anyhow::Result<std::sync::Arc<Open>> {
        let row = channels::by_name(&mut app.db.read().await?, &self.channel).await?;
        let row = row.with_context(|| {
            format!(
                "There is no channel called {}. `deskbell channel list` shows those there are.",
                self.channel
            )
        })?;
        if row.kind != KIND {
            bail!("{} takes no mail; choose a mail channel.", row.name);
        }
        app.roster.get(row.id).context("This channel could not be opened; `deskbell doctor` says why")
    }

    fn batch(&self, app: &App, source: &mut Source, own: &Own) -> anyhow::Result<(Vec<Envelope>, u64)> {
        let size = if self.bulk { BULK } else { 1 };
        let (mut batch, mut reached) = (Vec::with_capacity(size), 0);
        while batch.len() < size {
            let Some(old) = source.next()? else { break };
            reached = old.progress;
            batch.push(envelope(old, own, self.sent, app.clock.now()));
        }
        Ok((batch, reached))
    }
}

fn envelope(old: Old, own: &Own, sent: bool, now: i64) -> Envelope {
    let event = reading::event(&old.raw, own, sent);
    let written_at = match &event {
        Event::Message(message) | Event::Echo(message) => message.written_at,
        _ => None,
    };
    let hash = Sha256::digest(&old.raw);
    let hash: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    Envelope {
        external_id: format!("import/{}/{hash}", old.name),
        fingerprint: None,
        renumbered: false,
        content_type: "message/rfc822",
        // Nothing came in the future, whatever it says of itself.
        at: old.came_at.or(written_at).unwrap_or(now).min(now),
        event,
        raw: Bytes::from(old.raw),
    }
}
