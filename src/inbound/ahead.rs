//! Takes much in by one channel, as an import does: what comes next is made ready while the last is being kept.

use std::sync::Arc;

use connectors::contract::Envelope;
use futures::{Stream, StreamExt};

use super::{keep_or_part, prepare};
use crate::app::App;
use crate::error::Result;
use crate::model::channel::{Channel, Intake};
use crate::store;

/// How many portions are made ready before their turn.
const AHEAD: usize = 2;

/// Keeps portion after portion in their order, `a_commit` envelopes to a commit, and tells after each portion what became
/// of it. An error is the last that is told.
pub fn accept_in_turn<'a>(
    app: &'a App,
    channel: &'a Channel,
    portions: impl Stream<Item = Vec<Envelope>> + 'a,
    a_commit: usize,
) -> impl Stream<Item = Result<Intake>> + 'a {
    let ready = portions.map(move |portion| {
        let (app, channel) = (app.clone(), channel.clone());
        // A task of its own goes on while nobody asks for it.
        tokio::spawn(async move { prepare(&app, &channel, portion).await })
    });
    ready.buffered(AHEAD).then(move |prepared| async move {
        let mut prepared = prepared.map_err(|_| store::Error::Closed)??;
        prepared.iter_mut().for_each(|ready| ready.quiet = true);
        let mut sum = Intake::default();
        let mut left = prepared.into_iter();
        loop {
            let some: Vec<_> = left.by_ref().take(a_commit).collect();
            if some.is_empty() {
                return Ok(sum);
            }
            sum = sum + keep_or_part(app, channel, Arc::new(some), None).await?;
        }
    })
}
