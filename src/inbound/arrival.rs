//! A message at the door: what it says of itself, and what it becomes once its place is known.

use connectors::contract::{Address as Writer, Event, Message as Given, Visibility as Seen};
use uuid::Uuid;

use super::ready::Ready;
use crate::model::block;
use crate::model::channel::Channel;
use crate::model::conversation::Visibility;
use crate::model::message::{Direction, Kind, Message};
use crate::model::people::Address;
use crate::model::rule::Sender;
use crate::model::threading;
use crate::store::arrivals::Claims;

/// A message at the door.
pub(super) struct Arrival<'a> {
    pub(super) ready: &'a Ready,
    pub(super) given: &'a Given,
    /// The nearest ones, as they are looked up.
    pub(super) references: Vec<String>,
    pub(super) own_id: Option<String>,
    /// Those under which its writer could be blocked.
    pub(super) keys: Vec<String>,
}

/// Who wrote, as far as we know them.
pub(super) struct Author {
    pub(super) patron: Uuid,
    pub(super) name: String,
    pub(super) address: Option<Address>,
    /// Whether they never wrote before.
    pub(super) is_new: bool,
}

impl<'a> Arrival<'a> {
    pub(super) fn of(channel: &Channel, ready: &'a Ready) -> Option<Self> {
        let Event::Message(given) = &ready.event else { return None };
        let references = threading::references(&given.thread.references);
        let own_id = given.id.as_deref().map(threading::reference);
        let sender = given.author.as_ref().map(|writer| Sender { id: &writer.id, shown: &writer.shown });
        let keys = sender.map_or_else(Vec::new, |sender| block::keys(&channel.kind, sender));
        Some(Self { ready, given, references, own_id, keys })
    }

    /// Its writer, where the platform itself says who that is and in which conversation they wrote. Where a writer says it
    /// themselves (a mail's `From`) they may say anything.
    pub(super) fn vouched(&self) -> Option<&'a Writer> {
        self.given.author.as_ref().filter(|_| self.given.thread.conversation.is_some())
    }

    /// Without its conversation.
    pub(super) fn message(&self, channel: &Channel, author: &Author, seq: i64) -> Message {
        let Self { ready, given, own_id, .. } = self;
        let said = &given.said;
        Message {
            id: ready.message_id,
            seq,
            conversation_id: Uuid::nil(),
            channel_id: Some(channel.id),
            direction: Direction::In,
            kind: Kind::Message,
            visibility: visibility(given.visibility),
            staff_id: None,
            address_id: author.address.as_ref().map(|address| address.id),
            author_name: author.name.clone(),
            external_id: own_id.clone(),
            refs: given.thread.references.iter().rev().cloned().collect::<Vec<_>>().join(" "),
            at: ready.envelope.at,
            subject: given.subject.clone(),
            text: said.text.clone(),
            reply_text: (said.reply_text != said.text).then(|| said.reply_text.clone()),
            html: ready.html.clone(),
            envelope_id: Some(ready.envelope.id),
            automatic: given.automatic,
            unverified: false,
            link: given.link.clone(),
            home_id: None,
        }
    }
}

/// Everything that is to be looked up for them.
pub(super) fn claims<'a>(arrivals: &'a [Arrival<'_>]) -> Claims<'a> {
    let mut claims = Claims::default();
    for Arrival { ready, given, references, own_id, keys } in arrivals {
        claims.external_ids.insert(&ready.envelope.external_id);
        if ready.renumbered {
            claims.contents.extend(ready.envelope.fingerprint.as_deref());
        }
        claims.writers.extend(given.author.as_ref().map(|writer| writer.id.as_str()));
        claims.keys.extend(keys.iter().map(String::as_str));
        claims.ids.extend(own_id.as_deref());
        claims.references.extend(references.iter().map(String::as_str));
        claims.threads.extend(given.thread.conversation.as_deref());
    }
    claims
}

pub(super) fn visibility(seen: Seen) -> Visibility {
    match seen {
        Seen::Private => Visibility::Private,
        Seen::Public => Visibility::Public,
    }
}
