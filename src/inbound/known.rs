//! What a run of messages is filed by: what the store knew of them when the run began, and what the run itself has added
//! since, so that the next message finds what the last one brought before any of it is written.

use std::collections::{HashMap, HashSet};

use connectors::contract;
use uuid::Uuid;

use super::names::{self, Lesson};
use super::ready::Ready;
use crate::model::channel::Channel;
use crate::model::conversation::Conversation;
use crate::model::people::Address;
use crate::store::arrivals::{Met, Said, Writer};

pub(super) struct Known {
    external_ids: HashSet<String>,
    contents: HashSet<String>,
    addresses: HashMap<String, Address>,
    /// What patrons are called.
    names: HashMap<Uuid, String>,
    /// Whose name one of us chose.
    named: HashSet<Uuid>,
    said: HashMap<String, Vec<Said>>,
    conversations: HashMap<Uuid, Conversation>,
    threads: HashMap<String, Uuid>,
    /// Who has written where: conversation and address.
    writers: HashSet<(Uuid, Uuid)>,
}

impl Known {
    pub(super) fn new(channel: &Channel, met: Met) -> Self {
        let threads = met.conversations.iter().filter(|conversation| conversation.channel_id == channel.id);
        let threads =
            threads.filter_map(|conversation| Some((conversation.thread.clone()?, conversation.id)));
        let mut known = Self {
            threads: threads.collect(),
            external_ids: met.external_ids.into_iter().collect(),
            contents: met.contents.into_iter().collect(),
            addresses: HashMap::new(),
            names: HashMap::new(),
            named: HashSet::new(),
            said: HashMap::new(),
            conversations: met.conversations.into_iter().map(|one| (one.id, one)).collect(),
            writers: met.writers.into_iter().collect(),
        };
        for Writer { address, name, named } in met.writers_known {
            known.named.extend(named.then_some(address.patron_id));
            known.add_address(address, name);
        }
        met.said.into_iter().for_each(|one| known.add_said(one));
        known
    }

    /// Whether the channel has not had this envelope. From now on it has.
    pub(super) fn is_news(&mut self, ready: &Ready) -> bool {
        let content = ready.envelope.fingerprint.as_ref();
        if ready.renumbered && content.is_some_and(|content| self.contents.contains(content)) {
            return false;
        }
        let is_news = self.external_ids.insert(ready.envelope.external_id.clone());
        if is_news {
            self.contents.extend(content.cloned());
        }
        is_news
    }

    pub(super) fn address(&self, address: &str) -> Option<&Address> {
        self.addresses.get(address)
    }

    /// A patron's address, and what they are called.
    pub(super) fn add_address(&mut self, address: Address, name: String) {
        self.names.insert(address.patron_id, name);
        self.addresses.insert(address.address.clone(), address);
    }

    /// What one of us chose to call this patron.
    pub(super) fn chosen_name(&self, patron: Uuid) -> Option<&str> {
        self.named.get(&patron).and_then(|patron| self.names.get(patron)).map(String::as_str)
    }

    /// What the patron of this address is called, if that is more than the address.
    pub(super) fn name_of(&self, address: &str) -> Option<&str> {
        let address = self.addresses.get(address)?;
        self.names.get(&address.patron_id).map(String::as_str).filter(|name| !names::is_bare(name, address))
    }

    /// What this writer teaches us about somebody we know by number or handle only. From now on it is known.
    pub(super) fn learn(&mut self, writer: &contract::Address) -> Option<Lesson> {
        let address = self.addresses.get(&writer.id)?;
        let name = self.names.get_mut(&address.patron_id)?;
        let lesson = names::lesson(writer, address, name)?;
        name.clone_from(&lesson.after);
        Some(lesson)
    }

    /// The messages of this id, oldest first.
    pub(super) fn said(&self, id: &str) -> &[Said] {
        self.said.get(id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn add_said(&mut self, said: Said) {
        self.said.entry(said.external_id.clone()).or_default().push(said);
    }

    pub(super) fn has_written(&self, conversation: Uuid, address: Uuid) -> bool {
        self.writers.contains(&(conversation, address))
    }

    /// False: it was known.
    pub(super) fn add_writer(&mut self, conversation: Uuid, address: Uuid) -> bool {
        self.writers.insert((conversation, address))
    }

    /// The conversation that the platform itself calls so.
    pub(super) fn thread(&self, thread: &str) -> Option<Uuid> {
        self.threads.get(thread).copied()
    }

    /// What answers part of the platform's own conversation that stands by itself here belongs there.
    pub(super) fn split_off(&self, channel: &Channel, references: &[String]) -> Option<Uuid> {
        let named = references.iter().flat_map(|reference| self.said(reference));
        let split_off = |id: &Uuid| {
            let row = self.conversation(*id);
            row.is_some_and(|row| row.thread.is_none() && row.channel_id == channel.id)
        };
        named.map(|said| said.conversation_id).find(split_off)
    }

    pub(super) fn conversation(&self, id: Uuid) -> Option<&Conversation> {
        self.conversations.get(&id)
    }

    /// As it is from now on.
    pub(super) fn put_conversation(&mut self, conversation: Conversation) {
        if let Some(thread) = &conversation.thread {
            self.threads.insert(thread.clone(), conversation.id);
        }
        self.conversations.insert(conversation.id, conversation);
    }
}
