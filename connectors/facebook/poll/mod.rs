//! Reading what is new, by asking: two streams, one private and one public.
//!
//! Both work alike. Facebook lists the newest first and pages by nothing that we could keep, so each poll walks from the
//! newest back to the cursor's mark, puts what it found into the order of time and gives as much as the budget allows. What
//! is left over waits in memory for the next poll from exactly there; if nobody comes for it, it is walked to again.

mod conversations;
mod cursor;
mod feed;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::channel::PageChannel;
use super::settings::Import;
use super::usage::Lane;
use crate::contract::{self, Batch, BoxFuture, Budget, Cost, Envelope, Failure, Poll, Stream, StreamId};
use cursor::Cursor;

/// The private stream.
pub const MESSAGES: &str = "messages";
/// The public stream.
pub const COMMENTS: &str = "comments";
const DAY_MS: i64 = 86_400_000;

/// What a walk found, in the order of time.
#[derive(Default)]
pub(super) struct Walk {
    found: Vec<Envelope>,
    requests: u32,
}

/// What was found and not yet given, by stream, with the place from which it goes on.
#[derive(Default)]
pub(super) struct Leftovers(Mutex<HashMap<String, (contract::Cursor, Vec<Envelope>)>>);

impl Leftovers {
    fn take(&self, stream: &str, at: &contract::Cursor) -> Option<Vec<Envelope>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (from, rest) = kept.remove(stream)?;
        (from == *at).then_some(rest)
    }

    fn leave(&self, stream: &str, at: &contract::Cursor, rest: Vec<Envelope>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rest.is_empty() {
            kept.remove(stream);
        } else {
            kept.insert(stream.to_owned(), (at.clone(), rest));
        }
    }
}

impl Poll for PageChannel {
    fn streams(&self) -> BoxFuture<'_, Result<Vec<Stream>, Failure>> {
        let named = |id: &str, name: &str| Stream {
            id: StreamId(id.to_owned()),
            name: name.to_owned(),
            echoes: false,
        };
        let messages = self.config.messages.then(|| named(MESSAGES, "Messenger (private)"));
        let comments = self.config.comments.then(|| named(COMMENTS, "Comments (public)"));
        let streams = messages.into_iter().chain(comments).collect();
        Box::pin(async move { Ok(streams) })
    }

    fn poll<'a>(
        &'a self,
        stream: &'a StreamId,
        cursor: Option<&'a contract::Cursor>,
        budget: Budget,
    ) -> BoxFuture<'a, Result<Batch, Failure>> {
        Box::pin(async move {
            let lane = match stream.0.as_str() {
                MESSAGES => Lane::Messenger,
                COMMENTS => Lane::Page,
                other => {
                    let why = format!("\"{other}\" is no stream of a Page.");
                    return Err(Failure::AccountBlocked { until: None, why });
                }
            };
            let Some(kept) = cursor else { return self.begin(stream, lane).await };
            let place = Cursor::read(kept).ok_or_else(|| Failure::CursorInvalid {
                reset: None,
                why: format!("The place where reading {stream} was to go on cannot be read."),
            })?;
            let walk = match self.leftovers.take(&stream.0, kept) {
                Some(found) => Walk { found, requests: 0 },
                None => self.walk(stream, &place).await?,
            };
            Ok(self.give(stream, lane, place, walk, budget))
        })
    }
}

impl PageChannel {
    async fn walk(&self, stream: &StreamId, place: &Cursor) -> Result<Walk, Failure> {
        let mut walk = match stream.0.as_str() {
            MESSAGES => conversations::walk(self, place.since()).await?,
            _ => feed::walk(self, place.since()).await?,
        };
        for timeless in walk.found.iter_mut().filter(|envelope| envelope.at == 0) {
            timeless.at = place.since();
        }
        walk.found.retain(|envelope| !place.has(envelope.at, &envelope.external_id));
        walk.found.sort_by(|a, b| (a.at, &a.external_id).cmp(&(b.at, &b.external_id)));
        walk.found.dedup_by(|a, b| a.external_id == b.external_id);
        Ok(walk)
    }

    /// The first poll decides what becomes of what is there already.
    async fn begin(&self, stream: &StreamId, lane: Lane) -> Result<Batch, Failure> {
        if let Import::Days(days) = self.config.import {
            let place = Cursor::from(self.graph.now() - i64::from(days) * DAY_MS);
            return Ok(Batch { more: true, ..batch(Vec::new(), place, self.graph.ease(lane), 0) });
        }
        // By Facebook's own times: a clock of ours that runs ahead must not pass over anything.
        let (newest, asked) = match lane {
            Lane::Messenger => conversations::newest(self).await?,
            _ => feed::newest(self).await?,
        };
        let mut place = Cursor::from(newest.unwrap_or(0));
        let walk = match newest {
            Some(_) => self.walk(stream, &place).await?,
            None => Walk::default(),
        };
        for there in &walk.found {
            place.give(there.at, &there.external_id);
        }
        Ok(batch(Vec::new(), place, self.graph.ease(lane), asked + walk.requests))
    }

    fn give(&self, stream: &StreamId, lane: Lane, mut place: Cursor, walk: Walk, budget: Budget) -> Batch {
        let Walk { mut found, requests } = walk;
        let mut bytes = 0;
        let fits = |envelope: &&Envelope| {
            bytes += envelope.raw.len();
            bytes <= budget.max_bytes
        };
        let fitting = found.iter().take(budget.max_items).take_while(fits).count();
        // One thing larger than the budget would otherwise stop everything behind it.
        let rest = found.split_off(fitting.max(1).min(found.len()));
        for given in &found {
            place.give(given.at, &given.external_id);
        }
        let backlog = rest.len();
        let batch = Batch {
            more: backlog > 0,
            backlog: Some(backlog as u64),
            ..batch(found, place, self.graph.ease(lane), requests)
        };
        self.leftovers.leave(&stream.0, &batch.next, rest);
        batch
    }
}

fn batch(envelopes: Vec<Envelope>, place: Cursor, not_before: Option<i64>, requests: u32) -> Batch {
    Batch {
        envelopes,
        next: place.write(),
        more: false,
        not_before,
        backlog: Some(0),
        note: None,
        cost: Cost { requests, micros: 0 },
    }
}
