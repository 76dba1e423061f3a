//! The connector against published data, and against the simulated platform over real sockets.

mod corpora;
mod deliver;
mod exam;
mod opened;
mod poll;
mod read;
mod specs;
mod ways;
mod webhook;

use std::path::PathBuf;
use std::sync::Arc;

use super::inbound::{Names, Own};
use crate::contract::{Batch, Budget, Channel, Cursor, Envelope, Event, Failure, StreamId};

pub const AMPLE: Budget = Budget { max_items: 500, max_bytes: 64 << 20 };

/// The Page of the fixtures.
pub fn own() -> Own {
    Own { page_id: "1220011".to_owned(), proof_key: Arc::from([7; 32]), names: Names::default() }
}

/// A folder of published test data, if `DESKBELL_REFERENCE` says where it is.
pub fn reference(folder: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("DESKBELL_REFERENCE") else {
        eprintln!("skipped: DESKBELL_REFERENCE is not set");
        return None;
    };
    Some(PathBuf::from(root).join(folder))
}

pub fn stream(name: &str) -> StreamId {
    StreamId(name.to_owned())
}

pub async fn once(channel: &dyn Channel, name: &str, cursor: Option<&Cursor>) -> Result<Batch, Failure> {
    channel.poll().unwrap().poll(&stream(name), cursor, AMPLE).await
}

/// Polls until there is no more; returns everything and the last cursor.
pub async fn drain(
    channel: &dyn Channel,
    name: &str,
    mut cursor: Option<Cursor>,
    budget: Budget,
) -> (Vec<Envelope>, Cursor) {
    let mut all = Vec::new();
    loop {
        let batch = channel.poll().unwrap().poll(&stream(name), cursor.as_ref(), budget).await.unwrap();
        all.extend(batch.envelopes);
        cursor = Some(batch.next);
        if !batch.more {
            return (all, cursor.unwrap());
        }
    }
}

/// What was said, by whom: `message: ...` or `echo: ...`.
pub fn texts(envelopes: &[Envelope]) -> Vec<String> {
    let text = |envelope: &Envelope| match &envelope.event {
        Event::Message(message) => format!("message: {}", message.said.text),
        Event::Echo(message) => format!("echo: {}", message.said.text),
        other => format!("{other:?}"),
    };
    envelopes.iter().map(text).collect()
}
