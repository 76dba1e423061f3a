//! The connector against the simulated instance, over real sockets.

mod deliver;
mod exam;
mod find;
mod poll;
pub mod published;
mod signin;

use crate::contract::{
    Address, Answered, Batch, Budget, Channel, Cursor, Draft, Envelope, Event, Failure, Recipient, StreamId,
    Visibility,
};

use super::fake::PATRON;

pub const AMPLE: Budget = Budget { max_items: 500, max_bytes: 64 << 20 };

pub fn mentions() -> StreamId {
    StreamId("mentions".to_owned())
}

pub fn own() -> StreamId {
    StreamId("own".to_owned())
}

pub async fn once(
    channel: &dyn Channel,
    stream: &StreamId,
    cursor: Option<&Cursor>,
) -> Result<Batch, Failure> {
    channel.poll().unwrap().poll(stream, cursor, AMPLE).await
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
        let batch = channel.poll().unwrap().poll(stream, cursor.as_ref(), budget).await.unwrap();
        all.extend(batch.envelopes);
        cursor = Some(batch.next);
        if !batch.more {
            return (all, cursor.unwrap());
        }
    }
}

pub fn texts(envelopes: &[Envelope]) -> Vec<&str> {
    envelopes
        .iter()
        .map(|envelope| match &envelope.event {
            Event::Message(message) | Event::Echo(message) => message.said.reply_text.as_str(),
            Event::Held(held) => held.reason.as_str(),
            _ => "",
        })
        .collect()
}

/// An answer to the patron: as public as the post it answers, or for them alone.
pub fn answer(text: &str, post: Option<&str>, visibility: Visibility) -> Draft {
    Draft {
        text: text.to_owned(),
        subject: None,
        to: Recipient {
            address: Address {
                id: PATRON.to_lowercase(),
                shown: format!("@{PATRON}"),
                name: Some("Ottoline Reed".to_owned()),
            },
            copies: Vec::new(),
        },
        from_name: "Bryan Ortiz".to_owned(),
        signature: None,
        answers: post.map(|id| Answered { id: Some(id.to_owned()), ..Answered::default() }),
        patron_wrote_at: None,
        visibility,
        enclosures: Vec::new(),
        automatic: false,
    }
}
