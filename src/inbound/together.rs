//! Calls that come while others of their channel are being kept are kept together when these are done: a burst costs a few
//! transactions instead of one for each call, and none is answered before it is kept.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use connectors::contract::Envelope;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::ready::Ready;
use super::{keep_or_part, prepare};
use crate::app::App;
use crate::error::Result;
use crate::model::channel::Channel;
use crate::store;

/// So many envelopes are kept together; who comes after them waits for the next turn.
const MOST_TOGETHER: usize = 128;

/// Where callers wait for their turn, one line for each channel. Clones share the lines.
#[derive(Clone, Default)]
pub struct Together(Arc<Mutex<HashMap<Uuid, Arc<Line>>>>);

#[derive(Default)]
struct Line {
    waiting: Mutex<VecDeque<Waiting>>,
    turn: tokio::sync::Mutex<()>,
}

/// What one call brought.
struct Waiting {
    ready: Vec<Ready>,
    kept: oneshot::Sender<Result<()>>,
}

impl Together {
    /// Keeps everything in `envelopes`, or nothing, as [`super::accept`] does, whatever becomes of those that are kept
    /// with them.
    ///
    /// # Errors
    /// When they were not kept; whoever called is to call again.
    pub async fn accept(&self, app: &App, channel: &Channel, envelopes: Vec<Envelope>) -> Result<()> {
        let ready = prepare(app, channel, envelopes).await?;
        let line = lock(&self.0).entry(channel.id).or_default().clone();
        let (kept, answer) = oneshot::channel();
        lock(&line.waiting).push_back(Waiting { ready, kept });
        // One task for each caller, so that nobody is left waiting; and none is the caller's own, since who hangs up must
        // not take the others along.
        tokio::spawn(take_turn(app.clone(), channel.clone(), line));
        answer.await.map_err(|_| store::Error::Closed)?
    }
}

/// Keeps what waits, if nobody else has: usually the first of many does it for all.
async fn take_turn(app: App, channel: Channel, line: Arc<Line>) {
    let _turn = line.turn.lock().await;
    let callers = next(&mut lock(&line.waiting));
    if callers.is_empty() {
        return;
    }
    let (mut all, mut answers) = (Vec::new(), Vec::with_capacity(callers.len()));
    for Waiting { ready, kept } in callers {
        answers.push((all.len()..all.len() + ready.len(), kept));
        all.extend(ready);
    }
    let all = Arc::new(all);
    match keep_or_part(&app, &channel, all.clone(), None).await {
        Ok(_) => answers.into_iter().for_each(|(_, kept)| tell(kept, Ok(()))),
        Err(_) if answers.len() > 1 => {
            // One of them may be why. It is not to fail the others, now and each time they come again together.
            for (own, kept) in answers {
                let alone = keep_or_part(&app, &channel, Arc::new(all[own].to_vec()), None).await;
                tell(kept, alone.map(|_| ()));
            }
        }
        Err(error) => {
            if let Some((_, kept)) = answers.pop() {
                tell(kept, Err(error));
            }
        }
    }
}

/// Who has hung up is told nothing.
fn tell(kept: oneshot::Sender<Result<()>>, what: Result<()>) {
    let _ = kept.send(what);
}

/// Those whose turn it is: the first, and as many as fit with them.
fn next(waiting: &mut VecDeque<Waiting>) -> Vec<Waiting> {
    let mut together = 0;
    let fits = |caller: &&Waiting| {
        together += caller.ready.len();
        together <= MOST_TOGETHER
    };
    let fitting = waiting.iter().take_while(fits).count();
    waiting.drain(..fitting.max(1).min(waiting.len())).collect()
}

/// Nothing panics while it holds one of these.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
