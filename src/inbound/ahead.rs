//! Takes much in by one channel, as an import does: what comes next is read and made ready while the last is being kept.

use std::pin::pin;
use std::sync::Arc;

use connectors::contract::Envelope;
use futures::{Stream, StreamExt, stream};
use tokio::sync::mpsc;

use super::ready::Ready;
use super::{keep_or_part, prepare};
use crate::app::App;
use crate::error::Result;
use crate::model::channel::{Channel, Intake};
use crate::store;

/// How many envelopes are best handed over at once: so few that the first commit waits for little, so many that they are
/// worth a journey.
pub const PORTION: usize = 20;
/// How many portions are made ready before their turn: more than a commit takes.
const AHEAD: usize = 8;

/// Keeps portion after portion in their order, `a_commit` envelopes to a commit, and tells after each commit, or each
/// portion where that has several, what became of it and how far the source was read. An error is the last that is told.
pub fn accept_in_turn<'a, P: Send + 'static>(
    app: &'a App,
    channel: &'a Channel,
    portions: impl Stream<Item = (Vec<Envelope>, P)> + Send + 'static,
    a_commit: usize,
) -> impl Stream<Item = Result<(Intake, P)>> + 'a {
    let mut ready = in_order(app, channel, portions);
    let ready = stream::poll_fn(move |context| ready.poll_recv(context));
    ready.chunks(a_commit.div_ceil(PORTION)).then(move |portions| async move {
        let (mut prepared, mut reached) = (Vec::new(), None);
        for (portion, place) in portions {
            prepared.extend(portion?.into_iter().map(|ready| Ready { quiet: true, ..ready }));
            reached = Some(place);
        }
        let (mut sum, mut left) = (Intake::default(), prepared.into_iter());
        loop {
            let some: Vec<_> = left.by_ref().take(a_commit).collect();
            if some.is_empty() {
                return Ok((sum, reached.expect("a chunk holds at least one portion")));
            }
            sum = sum + keep_or_part(app, channel, Arc::new(some), None).await?;
        }
    })
}

/// Makes portions ready by tasks of their own, which go on while nobody asks, and gives them in their order. It ends when
/// nobody takes any more.
fn in_order<P: Send + 'static>(
    app: &App,
    channel: &Channel,
    portions: impl Stream<Item = (Vec<Envelope>, P)> + Send + 'static,
) -> mpsc::Receiver<(Result<Vec<Ready>>, P)> {
    let (given, taken) = mpsc::channel(AHEAD);
    let (app, channel) = (app.clone(), channel.clone());
    tokio::spawn(async move {
        let each = portions.map(|(portion, place)| {
            let (app, channel) = (app.clone(), channel.clone());
            let task = tokio::spawn(async move { prepare(&app, &channel, portion).await });
            async move { (task.await.unwrap_or(Err(store::Error::Closed.into())), place) }
        });
        let mut each = pin!(each.buffered(2));
        while let Some(portion) = each.next().await {
            if given.send(portion).await.is_err() {
                return;
            }
        }
    });
    taken
}
