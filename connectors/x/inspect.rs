//! What a pushed body becomes, for people who look into one.

use super::inbound::Own;
use super::pushed::{self, Found};
use crate::contract::{Content, Event, HeldReason, Inspected, Message};

use super::media::Named;

/// Everything in the body, by the decoding that the webhook uses.
pub fn inspect(body: &[u8]) -> Vec<Inspected> {
    pushed::found(body, &Own::default(), 0).into_iter().map(one).collect()
}

fn one(found: Found) -> Inspected {
    let Found { account, what, envelope, .. } = found;
    let laid_out = Inspected::of(&envelope.event);
    let said = match &envelope.event {
        Event::Message(message) | Event::Echo(message) => Some(message),
        _ => None,
    };
    Inspected {
        kind: match &envelope.event {
            Event::Held(held) if held.reason == HeldReason::Ignored => format!("ignored:{what}"),
            _ => laid_out.kind.clone(),
        },
        account: account.or(laid_out.account.clone()),
        attachment_types: said.map_or_else(Vec::new, |message| kinds(message)),
        timestamp: (envelope.at != 0).then_some(envelope.at).into(),
        ..laid_out
    }
}

/// As X calls them.
fn kinds(message: &Message) -> Vec<String> {
    let kind = |reference: &str| serde_json::from_str::<Named>(reference).ok().map(|named| named.kind);
    message
        .attachments
        .iter()
        .map(|file| {
            match &file.content {
                Content::There { reference, .. } => kind(reference).filter(|kind| !kind.is_empty()),
                Content::Here(_) => None,
            }
            .unwrap_or_else(|| file.content_type.clone())
        })
        .collect()
}
