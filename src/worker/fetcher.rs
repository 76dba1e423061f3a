//! Fetches files that a platform keeps elsewhere, after their message is kept: with patience, and no larger than we take.

use connectors::contract::{self, Failure};
use futures::FutureExt;
use uuid::Uuid;

use super::work::Work;
use crate::app::App;
use crate::channel::roster::Open;
use crate::channel::{health, rate};
use crate::error::{Error, Result};
use crate::inbound::files;
use crate::model::delivery::backoff_ms;
use crate::store::media::{self, Absent};

/// Longer than any fetch: the door out gives up on a request after a minute. Whoever fetches a file twice changes nothing.
const LEASE_MS: i64 = 5 * 60_000;
/// No platform takes larger ones, and a page must be able to show them.
const LARGEST_BYTES: u64 = 64 * 1024 * 1024;
/// By then some days have gone by.
const MOST_TRIES: i64 = 60;
/// What is about the account is asked again so much later: the channel's card says what to do meanwhile.
const ACCOUNT_MS: i64 = 5 * 60_000;

/// Files that are still to come.
#[derive(Clone)]
pub(super) struct Files(pub(super) App);

/// A file, and the hold on it.
pub(super) struct Taken {
    file: Absent,
    token: Uuid,
}

/// What comes of asking for a file.
enum Outcome {
    Come(contract::File),
    Never(String),
    Later { at: i64, why: String, tries: i64 },
}

impl Work for Files {
    type Piece = Taken;
    const NAME: &'static str = "The fetcher";
    const AT_ONCE: usize = 4;

    fn app(&self) -> &App {
        &self.0
    }

    async fn take(&self, most: usize) -> Result<Vec<Taken>> {
        let app = &self.0;
        let now = app.clock.now();
        if self.next_due().await.is_none_or(|at| at > now) {
            return Ok(Vec::new());
        }
        let (token, most) = (app.clock.id(), i64::try_from(most).unwrap_or(i64::MAX));
        let (due, _) = app
            .db
            .write(move |tx| {
                async move { Ok::<_, Error>(media::lease(tx, token, now, now + LEASE_MS, most).await?) }
                    .boxed()
            })
            .await?;
        Ok(due.into_iter().map(|file| Taken { file, token }).collect())
    }

    async fn carry_out(&self, taken: Taken) {
        let id = taken.file.id;
        if let Err(error) = fetch(&self.0, taken).await {
            tracing::warn!(file = %id, %error, "a file could not be kept; its lease runs out and it is fetched again");
        }
    }

    async fn next_due(&self) -> Option<i64> {
        media::next_due(&mut self.0.db.read().await.ok()?).await.ok().flatten()
    }

    async fn woken(&self) {
        self.0.bus.fetcher_woken().await;
    }
}

async fn fetch(app: &App, taken: Taken) -> Result<()> {
    let Taken { file, token } = taken;
    match ask(app, &file).await? {
        Outcome::Come(come) => files::arrived(app, file, token, come).await,
        Outcome::Never(why) => files::lost(app, file, token, why).await,
        Outcome::Later { at, why, tries } => {
            let write = app.db.write(move |tx| {
                async move { Ok::<_, Error>(media::again(tx, file.id, token, &why, at, tries).await?) }
                    .boxed()
            });
            write.await?;
            Ok(())
        }
    }
}

async fn ask(app: &App, file: &Absent) -> Result<Outcome> {
    let now = app.clock.now();
    let tries = file.fetch_tries + 1;
    let Some(open) = app.roster.get(file.channel_id) else {
        let why = "The channel is not open in this process.".to_owned();
        return Ok(Outcome::Later { at: now + ACCOUNT_MS, why, tries: file.fetch_tries });
    };
    let Some(media) = open.channel.media() else {
        return Ok(Outcome::Never("This channel can no longer fetch files.".to_owned()));
    };
    if let Some(rate) = rate::in_force(&app.roster, &open.row, None).await? {
        return Ok(Outcome::Later { at: rate.until, why: rate.why, tries: file.fetch_tries });
    }
    match media.fetch(&file.reference, LARGEST_BYTES).await {
        Ok(come) => Ok(Outcome::Come(come)),
        Err(Failure::Permanent { why, .. }) => Ok(Outcome::Never(why)),
        Err(failure) => later(app, &open, failure, tries).await,
    }
}

async fn later(app: &App, open: &Open, failure: Failure, tries: i64) -> Result<Outcome> {
    let now = app.clock.now();
    let why = failure.to_string();
    if let Some(until) = rate::note(&app.roster, &open.row, &failure).await? {
        return Ok(Outcome::Later { at: until, why, tries: tries - 1 });
    }
    let at_least = match &failure {
        Failure::NeedsSignin { .. } | Failure::AccountBlocked { .. } => {
            health::record(&app.roster, open.row.id, &failure).await?;
            return Ok(Outcome::Later { at: now + ACCOUNT_MS, why, tries: tries - 1 });
        }
        Failure::Transient { after_ms, .. } => i64::try_from(after_ms.unwrap_or(0)).unwrap_or(i64::MAX),
        _ => 0,
    };
    if tries >= MOST_TRIES {
        return Ok(Outcome::Never(format!("It was asked for {tries} times. The last reason: {why}")));
    }
    Ok(Outcome::Later { at: now.saturating_add(backoff_ms(tries, 0).max(at_least)), why, tries })
}
