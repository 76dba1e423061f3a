//! The rows that a run of messages makes, written table by table when all of it is filed: rows of one table travel
//! together, a conversation that several messages changed is written once, and words are indexed last, all in one go.

use uuid::Uuid;

use super::known::Known;
use super::ready::Ready;
use super::words::Words;
use crate::error::{Error, Result};
use crate::failpoint::{self, At};
use crate::model::Millis;
use crate::model::conversation::Conversation;
use crate::model::event::Event;
use crate::model::message::Message;
use crate::model::people::{Address, Patron};
use crate::model::wait::{Outcome, Wait};
use crate::outbound::away::Away;
use crate::store::conversations::Link;
use crate::store::{
    Tx, away, conversations, deliveries, envelopes, events, messages, patrons, search, tags, waits,
};

/// In the order in which they came about.
#[derive(Default)]
pub(super) struct Rows<'a> {
    pub(super) patrons: Vec<Patron>,
    pub(super) addresses: Vec<Address>,
    /// The envelopes and files of these.
    pub(super) arrived: Vec<&'a Ready>,
    pub(super) messages: Vec<Message>,
    /// Of each, its number and the words by which it is found.
    words: Vec<(i64, String)>,
    pub(super) lines: Vec<Event>,
    /// Conversation and address.
    pub(super) writers: Vec<(Uuid, Uuid)>,
    pub(super) waits: Vec<Wait>,
    /// Conversations whose open wait began at an earlier moment than was known.
    pub(super) earlier: Vec<(Uuid, Millis)>,
    pub(super) links: Vec<Link>,
    /// Tag and conversation.
    pub(super) tagged: Vec<(Uuid, Uuid)>,
    /// Conversations whose wait ends as it began: a rule takes them for spam.
    pub(super) needless: Vec<Uuid>,
    /// What desks that are closed say by themselves.
    pub(super) said: Vec<Away>,
    /// Addresses that have proven themselves.
    pub(super) verified: Vec<Uuid>,
    opened: Vec<Uuid>,
    /// As the store has them.
    joined: Vec<Conversation>,
}

impl Rows<'_> {
    /// A patron's message.
    pub(super) fn add(&mut self, message: Message, address: Option<&Address>, ready: &Ready) {
        self.words.push((message.seq, Words::of(&message, address, ready.words.as_ref())));
        self.messages.push(message);
    }

    /// This conversation is new; how it stands in the end is [`Known`].
    pub(super) fn open(&mut self, conversation: Uuid) {
        self.opened.push(conversation);
    }

    /// This conversation is about to change.
    pub(super) fn join(&mut self, before: &Conversation) {
        let noted = self.opened.contains(&before.id) || self.joined.iter().any(|one| one.id == before.id);
        if !noted {
            self.joined.push(before.clone());
        }
    }

    /// This is said, under this number.
    pub(super) fn say(&mut self, mut said: Away, seq: i64) {
        said.message.seq = seq;
        self.messages.push(said.message.clone());
        self.lines.push(said.line.clone().numbered(seq));
        self.said.push(said);
    }

    /// Writes all of it. A row comes after those that it refers to.
    pub(super) async fn write(self, known: &Known, now: Millis, tx: &mut Tx) -> Result<()> {
        patrons::insert_all(tx, &self.patrons).await?;
        patrons::insert_addresses(tx, &self.addresses, now).await?;
        for address in self.verified {
            patrons::verify(tx, address, now).await?;
        }
        if !self.opened.is_empty() {
            let first = conversations::next_numbers(tx, self.opened.len()).await?;
            let numbered =
                |(id, number)| known.conversation(id).map(|one| Conversation { number, ..one.clone() });
            let opened: Option<Vec<_>> = self.opened.into_iter().zip(first..).map(numbered).collect();
            conversations::insert_all(tx, &opened.ok_or(Error::Missing("conversation"))?).await?;
        }
        failpoint::pass(At::RunHalfWritten);
        let new = self.arrived.iter().filter(|ready| !ready.let_in);
        let envelopes: Vec<_> = new.map(|ready| &ready.envelope).collect();
        envelopes::insert_new(tx, &envelopes).await?;
        messages::insert_all(tx, &self.messages).await?;
        let files = self.arrived.iter().flat_map(|ready| &ready.attachments);
        let files: Vec<_> = files.map(|(file, bytes)| (file, bytes.as_deref())).collect();
        messages::insert_attachments(tx, &files).await?;
        events::append_numbered(tx, self.lines).await?;
        for Away { delivery, told, .. } in &self.said {
            deliveries::insert(tx, delivery).await?;
            away::keep(tx, told).await?;
        }
        conversations::add_addresses(tx, &self.writers).await?;
        waits::open_all(tx, &self.waits).await?;
        for (conversation, at) in self.earlier {
            waits::begin_earlier(tx, conversation, at).await?;
        }
        for conversation in self.needless {
            waits::close(tx, conversation, now, Outcome::NoAnswerNeeded, None, None).await?;
        }
        for (tag, conversation) in self.tagged {
            tags::mark(tx, tag, conversation, true).await?;
        }
        conversations::link_all(tx, &self.links).await?;
        let joined = self.joined.iter();
        let joined: Vec<_> =
            joined.filter_map(|before| Some((before, known.conversation(before.id)?))).collect();
        conversations::update_all(tx, &joined).await?;
        search::keep(tx, &self.words).await?;
        for Away { message, .. } in &self.said {
            search::index(tx, message.seq).await?;
        }
        Ok(())
    }
}
