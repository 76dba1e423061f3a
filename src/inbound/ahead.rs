//! Takes much in by one channel, as an import does: what comes next is read and made ready while the last is being kept.

use std::sync::Arc;

use connectors::contract::Envelope;
use futures::{Stream, StreamExt};

use super::ready::Ready;
use super::{keep_or_part, prepare};
use crate::app::App;
use crate::error::Result;
use crate::model::channel::{Channel, Intake};
use crate::store;

/// How many envelopes are best handed over at once: so few that the first commit waits for little, so many that they are
/// worth a journey.
pub const PORTION: usize = 20;
/// How many portions are made ready before their turn.
const AHEAD: usize = 6;

/// Keeps portion after portion in their order, `a_commit` envelopes to a commit, and tells after each commit, or each
/// portion where that has several, what became of it and how far the source was read. An error is the last that is told.
pub fn accept_in_turn<'a, P: Send + 'static>(
    app: &'a App,
    channel: &'a Channel,
    portions: impl Stream<Item = (Vec<Envelope>, P)> + 'a,
    a_commit: usize,
) -> impl Stream<Item = Result<(Intake, P)>> + 'a {
    let ready = portions.map(move |(portion, place)| {
        let (app, channel) = (app.clone(), channel.clone());
        // A task of its own goes on while nobody asks for it.
        tokio::spawn(async move { (prepare(&app, &channel, portion).await, place) })
    });
    ready.buffered(AHEAD).chunks(a_commit.div_ceil(PORTION)).then(move |portions| async move {
        let (mut prepared, mut reached) = (Vec::new(), None);
        for portion in portions {
            let (portion, place) = portion.map_err(|_| store::Error::Closed)?;
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
