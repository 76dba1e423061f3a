//! The connector against the simulated mail platform, over real sockets.

mod deliver;
mod exam;
mod poll;
mod scripted;
mod signin;
mod watch;

use crate::contract::{Batch, Budget, Channel, Cursor, Envelope, Event, Failure, Poll, StreamId};

pub const AMPLE: Budget = Budget { max_items: 500, max_bytes: 64 << 20 };

pub fn inbox() -> StreamId {
    StreamId("folder:INBOX".to_owned())
}

pub fn poller(channel: &dyn Channel) -> &dyn Poll {
    channel.poll().unwrap()
}

pub async fn once(channel: &dyn Channel, cursor: Option<&Cursor>) -> Result<Batch, Failure> {
    poller(channel).poll(&inbox(), cursor, AMPLE).await
}

/// Polls until there is no more; returns everything and the last cursor.
pub async fn drain(
    channel: &dyn Channel,
    stream: &StreamId,
    mut cursor: Option<Cursor>,
    budget: Budget,
) -> (Vec<Envelope>, Cursor) {
    let mut all = Vec::new();
    loop {
        let batch = poller(channel).poll(stream, cursor.as_ref(), budget).await.unwrap();
        all.extend(batch.envelopes);
        cursor = Some(batch.next);
        if !batch.more {
            return (all, cursor.unwrap());
        }
    }
}

pub fn ids(envelopes: &[Envelope]) -> Vec<&str> {
    envelopes.iter().map(|envelope| envelope.external_id.as_str()).collect()
}

pub fn subjects(envelopes: &[Envelope]) -> Vec<&str> {
    envelopes
        .iter()
        .map(|envelope| match &envelope.event {
            Event::Message(message) | Event::Echo(message) => message.subject.as_deref().unwrap_or_default(),
            Event::Held(held) => held.reason.as_str(),
            _ => "",
        })
        .collect()
}
