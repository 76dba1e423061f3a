//! The words by which a patron's message is found. They are made before the transaction, which would keep others waiting, from
//! what its writer calls themselves; who turns out to be called otherwise has them made again.

use connectors::contract;

use crate::model::message::Message;
use crate::model::people::Address;
use crate::model::search::words::Source;

/// Words made ahead, and for whom.
#[derive(Clone, Debug)]
pub(super) struct Words {
    author: String,
    address: String,
    kept: String,
}

impl Words {
    /// As they are if the writer has this name and this address.
    pub(super) fn ahead(given: &contract::Message) -> Option<Self> {
        let writer = given.author.as_ref()?;
        let (author, address) =
            (writer.name.clone().unwrap_or_else(|| writer.shown.clone()), writer.shown.clone());
        let (subject, body) = (given.subject.as_deref().unwrap_or_default(), &given.said.text);
        let source = Source { subject, body, author: &author, address: &address, recipient: None };
        let kept = source.kept();
        Some(Self { author, address, kept })
    }

    /// As they would be read from the message's row.
    pub(super) fn of(message: &Message, address: Option<&Address>, ahead: Option<&Self>) -> String {
        let source = Source {
            subject: message.subject.as_deref().unwrap_or_default(),
            body: &message.text,
            author: &message.author_name,
            address: address.map_or("", |address| &address.shown),
            recipient: None,
        };
        let as_foreseen = |ahead: &&Self| ahead.author == source.author && ahead.address == source.address;
        ahead.filter(as_foreseen).map_or_else(|| source.kept(), |ahead| ahead.kept.clone())
    }
}
