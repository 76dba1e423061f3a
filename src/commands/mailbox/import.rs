//! `mail import`: old mail comes in by the same door as new mail. A mail is named after its place and its bytes, so that
//! doing it again finds everything known.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use bytes::Bytes;
use connectors::contract::{Envelope, Event};
use connectors::email::inbound::{self as reading, Own};
use futures::{StreamExt, stream};
use indicatif::ProgressBar;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

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
        let source = Source::open(&self.source)?;
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
        // A task goes on where its last answer came; what the command itself waits in is a thread apart.
        let task =
            tokio::spawn(take_in(app.clone(), open, source, own, self.sent, self.bulk, bar.clone(), stop));
        let (sum, outcome) = task.await.context("The import ended early")?;
        bar.finish_and_clear();
        app.close().await;
        let Intake { received, messages, held, duplicates } = sum;
        out::line(format_args!(
            "{received} mails: {messages} messages, {held} held, {duplicates} known already."
        ));
        outcome
    }

    async fn channel(&self, app: &App) -> anyhow::Result<Arc<Open>> {
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
}

/// Takes in whatever the source gives, and says what became of it even when not all of it could be read.
#[expect(clippy::too_many_arguments, reason = "what the command has found out, moved into a task")]
async fn take_in(
    app: App,
    open: Arc<Open>,
    source: Source,
    own: Own,
    sent: bool,
    bulk: bool,
    bar: ProgressBar,
    stop: CancellationToken,
) -> (Intake, Outcome) {
    let (portions, mut read) = mpsc::channel(1);
    let now = app.clock.now();
    let reader = tokio::task::spawn_blocking(move || read_all(source, &own, sent, now, &portions));
    let portions = stream::poll_fn(move |context| read.poll_recv(context));
    let mut sum = Intake::default();
    let mut kept = pin!(inbound::accept_in_turn(&app, &open.row, portions, if bulk { BULK } else { 1 }));
    while let Some(kept) = kept.next().await {
        match kept {
            Ok((counts, place)) => {
                sum = sum + counts;
                bar.set_position(place);
            }
            Err(error) => return (sum, Err(error.into())),
        }
        if stop.is_cancelled() {
            return (sum, Err(anyhow!("Stopped on the way. The same command goes on from here.")));
        }
    }
    let outcome = reader.await.context("The source could not be read").flatten();
    (sum, outcome)
}

/// Reads the source to its end, or until nobody takes more.
fn read_all(
    mut source: Source,
    own: &Own,
    sent: bool,
    now: i64,
    portions: &mpsc::Sender<(Vec<Envelope>, u64)>,
) -> Outcome {
    loop {
        let (mut portion, mut place) = (Vec::with_capacity(inbound::PORTION), 0);
        let mut outcome = Ok(());
        while portion.len() < inbound::PORTION {
            match source.next() {
                Ok(Some(old)) => {
                    place = old.progress;
                    portion.push(envelope(old, own, sent, now));
                }
                Ok(None) => break,
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        let last = portion.len() < inbound::PORTION;
        if !portion.is_empty() && portions.blocking_send((portion, place)).is_err() {
            return Ok(());
        }
        if last {
            return outcome;
        }
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
