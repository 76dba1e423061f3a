//! Files patrons' messages: each into the conversation it belongs to, or into one of its own.

use std::sync::Arc;

use connectors::contract::Event as Arrived;
use uuid::Uuid;

use super::acquaintance::Acquaintance;
use super::arrival::{Arrival, Author, claims};
use super::blocked;
use super::known::Known;
use super::names::{self, Lesson};
use super::ready::Ready;
use super::rows::Rows;
use super::ruling::Ruling;
use super::word::Aftermath;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::cascade::{self, Step};
use crate::model::channel::{Channel, Intake};
use crate::model::closure::mark_spam;
use crate::model::conversation::{Conversation, State, preview, subject};
use crate::model::event::{Event, Kind as Happened};
use crate::model::helper::FRESH_MS;
use crate::model::message::Message;
use crate::model::people::{Address, Patron};
use crate::model::rule::{Effect, Rule};
use crate::model::threading::{self, Candidate, Filing};
use crate::model::wait::{Outcome, Wait};
use crate::outbound::away::{self, Asked};
use crate::store::arrivals::{self, Said};
use crate::store::conversations::Link;
use crate::store::events::{self, Appending};
use crate::store::{Tx, cascades, conversations, deliveries, messages, waits};

/// Originals of so many bytes are filed together; what more there is comes after.
const MOST_TOGETHER: i64 = 4 << 20;
/// With so many conversations at other channels a conversation is linked for having the same message.
const SAME_LINKED: usize = 4;

/// How many of these, from the first on, are filed together.
pub(super) fn run(given: &[Ready]) -> usize {
    let mut bytes = 0;
    let together = given.iter().take_while(|ready| {
        let fits = bytes < MOST_TOGETHER;
        bytes += ready.envelope.size;
        fits && matches!(ready.event, Arrived::Message(_))
    });
    together.count()
}

/// Files messages that came one after the other. All that they name is looked up at once, then each is filed by what is
/// [`Known`], then all of it is written: the same rows as if each had been looked up and written before the next.
pub(super) async fn file(
    app: &App,
    channel: &Channel,
    run: &[Ready],
    aftermath: &mut Aftermath,
    tx: &mut Tx,
) -> Result<Intake> {
    let arrivals: Vec<Arrival<'_>> = run.iter().filter_map(|one| Arrival::of(channel, one)).collect();
    let mut met = arrivals::meet(tx, channel.id, &channel.kind, &claims(&arrivals)).await?;
    let (rules, steps) = (std::mem::take(&mut met.rules), std::mem::take(&mut met.steps));
    let (now, blocks) = (app.clock.now(), std::mem::take(&mut met.blocks));
    let mut known = Known::new(channel, met);
    let mut counts = Intake::default();
    let mut new = Vec::with_capacity(arrivals.len());
    let mut lessons = Vec::new();
    for arrival in &arrivals {
        counts.received += 1;
        if arrival.ready.let_in || known.is_news(arrival.ready) {
            if !arrival.ready.let_in
                && let Some(block) = blocked::by(&blocks, arrival, now)
            {
                counts.held += 1;
                blocked::hold(block, arrival, tx).await?;
                continue;
            }
            counts.messages += 1;
            new.push(arrival);
        } else {
            counts.duplicates += 1;
            // The first time it may have come without a name.
            lessons.extend(arrival.vouched().and_then(|writer| known.learn(writer)));
        }
    }
    if new.is_empty() {
        names::keep(app, &lessons, tx).await?;
        return Ok(counts);
    }
    let first = events::numbers(tx, new.len()).await?;
    let expected = i64::try_from(new.len()).unwrap_or(i64::MAX);
    let rows = Rows::default();
    let mut run = Run {
        app,
        channel,
        now,
        known,
        rows,
        lessons,
        next: first,
        ruling: Err(rules),
        steps,
        acquaintance: None,
    };
    for arrival in new {
        run.file(arrival, tx).await?;
    }
    // Whoever has taken numbers is handed those after them, and nobody else any until this is kept.
    if let Ok(more @ 1..) = usize::try_from(run.next - first - expected) {
        events::numbers(tx, more).await?;
    }
    aftermath.leaves |= !run.rows.said.is_empty();
    run.rows.write(&run.known, run.now, tx).await?;
    names::keep(app, &run.lessons, tx).await?;
    Ok(counts)
}

/// A run of messages on its way into the store.
struct Run<'a> {
    app: &'a App,
    channel: &'a Channel,
    now: Millis,
    known: Known,
    rows: Rows<'a>,
    lessons: Vec<Lesson>,
    /// The number of the next line.
    next: i64,
    /// The bare rules until the first conversation is opened.
    ruling: std::result::Result<Arc<Ruling>, Vec<Rule>>,
    /// The steps of every desk's cascade.
    steps: Vec<Step>,
    /// Who is there who may know patrons; none before it is asked.
    acquaintance: Option<Arc<Acquaintance>>,
}

impl<'a> Run<'a> {
    async fn file(&mut self, arrival: &Arrival<'a>, tx: &mut Tx) -> Result<()> {
        let author = self.author(arrival);
        let seq = self.number();
        let message = arrival.message(self.channel, &author, seq);
        self.rows.arrived.push(arrival.ready);
        let filing = self.find(arrival, &author, tx).await?;
        let joins = matches!(filing, Filing::Join { unverified: false, .. });
        let vouched = arrival.vouched().or(arrival.given.author.as_ref().filter(|_| joins));
        self.lessons.extend(vouched.and_then(|writer| self.known.learn(writer)));
        let conversation = match filing {
            Filing::Join { conversation, unverified } => {
                self.join(arrival, conversation, &author, Message { unverified, ..message }, tx).await?;
                conversation
            }
            Filing::Open { claimed } => {
                let opened = self.open(arrival, &author, message, tx).await?;
                if let Some(claimed) = claimed {
                    self.rows.links.extend(Link::both_ways(opened, claimed, "unproven_reference"));
                }
                opened
            }
        };
        if !arrival.ready.quiet {
            self.say_if_closed(arrival, &author, tx).await?;
        }
        if let Some(id) = &arrival.own_id {
            self.link_same_elsewhere(conversation, id);
            self.known.add_said(Said {
                external_id: id.clone(),
                conversation_id: conversation,
                channel_id: self.channel.id,
                came_by: Some(self.channel.id),
                from_outside: true,
            });
        }
        Ok(())
    }

    fn author(&mut self, arrival: &Arrival<'_>) -> Author {
        let writer = arrival.given.author.as_ref();
        let known = arrival.vouched().and_then(|writer| self.known.name_of(&writer.id));
        let name = writer
            .map_or("Unknown sender", |writer| writer.name.as_deref().or(known).unwrap_or(&writer.shown));
        let name = name.to_owned();
        if let Some(address) = writer.and_then(|writer| self.known.address(&writer.id)) {
            let (patron, address) = (address.patron_id, Some(address.clone()));
            return Author { patron, name, address, is_new: false };
        }
        let patron = Patron::met(self.app.clock.id(), name.clone(), self.now);
        let patron_id = patron.id;
        self.rows.patrons.push(patron);
        let address = writer.map(|writer| Address {
            id: self.app.clock.id(),
            patron_id,
            kind: self.channel.kind.clone(),
            address: writer.id.clone(),
            shown: writer.shown.clone(),
            verified_at: None,
        });
        if let Some(address) = &address {
            self.rows.addresses.push(address.clone());
            self.known.add_address(address.clone(), name.clone());
        }
        Author { patron: patron_id, name, address, is_new: true }
    }

    async fn find(&mut self, arrival: &Arrival<'_>, author: &Author, tx: &mut Tx) -> Result<Filing> {
        let thread = &arrival.given.thread;
        if let Some(conversation) = thread.conversation.as_ref().and_then(|thread| self.known.thread(thread))
        {
            let split_off = self.known.split_off(self.channel, &arrival.references);
            let conversation = split_off.unwrap_or(conversation);
            return Ok(Filing::Join { conversation, unverified: false });
        }
        let address = author.address.as_ref();
        let mut proven = Vec::new();
        for key in &thread.proven {
            if let Some(delivery) = deliveries::by_id(tx, key.0).await? {
                let said = messages::by_id(tx, delivery.message_id).await?;
                // What we sent there came back from there: whoever writes from it reads it.
                let sent_to = said.as_ref().and_then(|message| message.address_id);
                let verified = address.filter(|one| one.verified_at.is_none() && sent_to == Some(one.id));
                self.rows.verified.extend(verified.map(|address| address.id));
                let thread = said.map_or(delivery.conversation_id, |message| message.home());
                proven.push((thread, delivery.channel_id));
            }
        }
        let writer = address.map(|address| address.id);
        let named = arrival.references.iter().flat_map(|reference| self.known.said(reference));
        let mut candidates: Vec<Candidate> = named
            .map(|found| Candidate {
                conversation: found.conversation_id,
                same_channel: found.channel_id == self.channel.id,
                proven: proven.iter().any(|(conversation, _)| *conversation == found.conversation_id),
                knows_writer: writer
                    .is_some_and(|writer| self.known.has_written(found.conversation_id, writer)),
            })
            .collect();
        // A relay may have given our answer another id; the proof still names the delivery.
        for (conversation, at) in proven {
            if !candidates.iter().any(|candidate| candidate.conversation == conversation) {
                let same_channel = at == self.channel.id;
                candidates.push(Candidate { conversation, same_channel, proven: true, knows_writer: false });
            }
        }
        Ok(threading::file(&candidates))
    }

    async fn open(
        &mut self,
        arrival: &Arrival<'_>,
        author: &Author,
        mut message: Message,
        tx: &mut Tx,
    ) -> Result<Uuid> {
        let (app, channel, given) = (self.app, self.channel, arrival.given);
        let ruling = self.ruling(tx).await?;
        let verdict = ruling.judge(channel, arrival, author);
        let id = app.clock.id();
        let preview = preview(&given.said.reply_text);
        let mut conversation = Conversation {
            id,
            // It gets one when it is written.
            number: 0,
            channel_id: channel.id,
            desk_id: verdict.desk,
            patron_id: author.patron,
            patron_name: self.known.chosen_name(author.patron).unwrap_or(&author.name).to_owned(),
            thread: given.thread.conversation.clone(),
            subject: subject(message.subject.as_deref(), &preview),
            preview,
            visibility: message.visibility,
            state: State::Open,
            owner_id: None,
            owner_since: None,
            waiting_since: (!message.automatic).then_some(message.at),
            due_at: app.calendars.due(tx, verdict.desk, message.at, self.now).await?,
            snoozed_until: None,
            last_patron_at: message.at,
            last_at: message.at,
            seq: message.seq,
            trouble: None,
            has_attachments: !arrival.ready.attachments.is_empty(),
            created_at: self.now,
            outcome: None,
            follow_up_at: None,
            tags: verdict.tags.iter().map(Uuid::to_string).collect::<Vec<_>>().join(" "),
            urgent: verdict.urgent,
            merged_into: None,
            live: app.roster.manifest(&channel.kind).is_some_and(|manifest| manifest.live),
            skill: verdict.needs.skill.clone(),
            language: verdict.needs.language.clone(),
            offered: String::new(),
            kept_for: None,
            kept_until: 0,
            step: 0,
            hop_at: None,
        };
        message.conversation_id = id;
        if !message.automatic {
            self.rows.waits.push(Wait::opened(app.clock.id(), &conversation, (message.id, message.at), true));
        }
        if verdict.spam {
            conversation = mark_spam(&conversation, !message.automatic);
            self.rows.needless.extend((!message.automatic).then_some(id));
        }
        let waits = !message.automatic;
        self.keep(Happened::Opened, author, message, arrival.ready);
        for effect in &verdict.effects {
            conversation.seq = self.tell(id, effect, waits);
        }
        conversation.hop_at = self.first_hop(&conversation, tx).await?;
        let fresh = waits && !verdict.spam && self.now - arrival.ready.envelope.at < FRESH_MS;
        if fresh && !self.rows.patrons.iter().any(|new| new.id == author.patron) {
            self.keep_for_who_knows(&mut conversation, tx).await?;
        }
        self.rows.tagged.extend(verdict.tags.iter().map(|tag| (*tag, id)));
        self.rows.open(id);
        self.known.put_conversation(conversation);
        Ok(id)
    }

    /// When the first step of its desk's cascade comes.
    async fn first_hop(&self, row: &Conversation, tx: &mut Tx) -> Result<Option<Millis>> {
        let step = self.steps.iter().find(|step| step.desk_id == row.desk_id);
        let Some(step) = step.filter(|_| cascade::is_waiting(row)) else { return Ok(None) };
        let hours = self.app.calendars.hours(tx, row.desk_id, self.now).await?;
        Ok(cascade::due(step, row.live, hours.as_deref(), self.now))
    }

    /// Whoever knows the patron is given it first, if they are there.
    async fn keep_for_who_knows(&mut self, row: &mut Conversation, tx: &mut Tx) -> Result<()> {
        let known = match &self.acquaintance {
            Some(known) => known.clone(),
            None => Arc::new(Acquaintance::read(self.now, tx).await?),
        };
        self.acquaintance = Some(known.clone());
        let Some(kept) = known.keep(self.app, row, self.now, tx).await? else { return Ok(()) };
        (row.kept_for, row.kept_until) = (Some(kept.for_whom), kept.until);
        row.seq = self.number();
        let line = Appending {
            at: self.now,
            kind: Happened::KeptFor,
            conversation_id: row.id,
            message_id: None,
            staff_id: None,
            actor_name: Event::NOBODY.to_owned(),
            detail: Some(kept.why),
        };
        self.rows.lines.push(line.numbered(row.seq));
        Ok(())
    }

    async fn ruling(&mut self, tx: &mut Tx) -> Result<Arc<Ruling>> {
        let ruling = match &mut self.ruling {
            Ok(known) => known.clone(),
            Err(rules) => Arc::new(Ruling::read(self.app, std::mem::take(rules), self.now, tx).await?),
        };
        self.ruling = Ok(ruling.clone());
        Ok(ruling)
    }

    /// Appends what a rule did, and gives the line's number.
    fn tell(&mut self, conversation: Uuid, effect: &Effect<'_>, waits: bool) -> i64 {
        let needless = (effect.kind == Happened::Spam && waits).then(|| Outcome::NoAnswerNeeded.to_string());
        let seq = self.number();
        let line = Appending {
            at: self.now,
            kind: effect.kind,
            conversation_id: conversation,
            message_id: None,
            staff_id: None,
            actor_name: effect.actor(),
            detail: needless.or_else(|| effect.detail.clone()),
        };
        self.rows.lines.push(line.numbered(seq));
        seq
    }

    fn number(&mut self) -> i64 {
        let seq = self.next;
        self.next += 1;
        seq
    }

    async fn join(
        &mut self,
        arrival: &Arrival<'_>,
        thread: Uuid,
        author: &Author,
        mut message: Message,
        tx: &mut Tx,
    ) -> Result<()> {
        let mut before = self.known_or_kept(thread, tx).await?;
        // What it belongs to may be part of another one by now, and that of a third.
        while let Some(on) = before.merged_into {
            before = self.known_or_kept(on, tx).await?;
        }
        message.conversation_id = before.id;
        message.home_id = (before.id != thread).then_some(thread);
        let mut after = before.clone();
        after.seq = message.seq;
        after.preview = preview(&arrival.given.said.reply_text);
        after.last_at = before.last_at.max(message.at);
        after.last_patron_at = before.last_patron_at.max(message.at);
        after.has_attachments |= !arrival.ready.attachments.is_empty();
        if before.state != State::Spam && !message.automatic {
            after.open();
            let since = match before.waiting_since {
                None => self.open_wait(&before, &message, tx).await?,
                Some(since) => self.begun_by(&before, since, message.at),
            };
            if before.waiting_since != Some(since) {
                after.waits(since, self.app.calendars.due(tx, before.desk_id, since, self.now).await?);
            }
        }
        cascades::follow(tx, &before, &mut after, self.now).await?;
        self.rows.join(&before);
        self.known.put_conversation(after);
        self.keep(Happened::Message, author, message, arrival.ready);
        Ok(())
    }

    async fn known_or_kept(&self, id: Uuid, tx: &mut Tx) -> Result<Conversation> {
        match self.known.conversation(id) {
            Some(known) => Ok(known.clone()),
            None => conversations::lock(tx, id).await?.ok_or(Error::Missing("conversation")),
        }
    }

    /// Opens a wait unless one is open (an answer may still be in its undo hold); gives since when the patron waits. The
    /// store is asked: a conversation to which this run has given a wait is waiting and does not come here.
    async fn open_wait(&mut self, before: &Conversation, message: &Message, tx: &mut Tx) -> Result<Millis> {
        if let Some(wait) = waits::open_of(tx, before.id).await? {
            return Ok(self.begun_by(before, wait.opened_at, message.at));
        }
        let is_first = !waits::any(tx, before.id).await?;
        let wait = Wait::opened(self.app.clock.id(), before, (message.id, message.at), is_first);
        // It may have come by the channel of what became part of this one.
        let wait = Wait { channel_id: self.channel.id, ..wait };
        self.rows.waits.push(wait);
        Ok(message.at)
    }

    /// Since when a patron waits, with one more message: what was said earlier may come later.
    fn begun_by(&mut self, before: &Conversation, since: Millis, said_at: Millis) -> Millis {
        if said_at < since {
            match self.rows.waits.iter_mut().find(|wait| wait.conversation_id == before.id) {
                Some(new) => new.opened_at = said_at,
                None => self.rows.earlier.push((before.id, said_at)),
            }
        }
        since.min(said_at)
    }

    fn keep(&mut self, happened: Happened, author: &Author, message: Message, ready: &Ready) {
        let line = Appending {
            at: self.now,
            kind: happened,
            conversation_id: message.conversation_id,
            message_id: Some(message.id),
            staff_id: None,
            actor_name: message.author_name.clone(),
            detail: None,
        };
        self.rows.lines.push(line.numbered(message.seq));
        // A claimed place must not make the claimant known there: only what joined in its own right does.
        if let Some(address) = author.address.as_ref().filter(|_| !message.unverified)
            && self.known.add_writer(message.home(), address.id)
        {
            self.rows.writers.push((message.home(), address.id));
        }
        self.rows.add(message, author.address.as_ref(), ready);
    }

    /// The desk at which the message lies now is closed and says so, if it says anything.
    async fn say_if_closed(&mut self, arrival: &Arrival<'_>, author: &Author, tx: &mut Tx) -> Result<()> {
        let (Some(message), Some(address)) = (self.rows.messages.last(), &author.address) else {
            return Ok(());
        };
        let Some(conversation) = self.known.conversation(message.conversation_id) else { return Ok(()) };
        let thread = arrival.given.thread.conversation.as_deref();
        let asked = Asked { channel: self.channel, message, thread, conversation, address };
        let before = self.rows.said.iter().map(|one| &one.told);
        let Some(said) = away::answer(self.app, &asked, before, tx).await? else { return Ok(()) };
        let conversation = conversation.clone();
        let seq = self.number();
        self.known.put_conversation(Conversation { seq, ..conversation });
        self.rows.say(said, seq);
        Ok(())
    }

    /// The very same message may have gone to several of our channels: their conversations are linked.
    fn link_same_elsewhere(&mut self, conversation: Uuid, id: &str) {
        let same = self.known.said(id).iter().filter(|said| {
            said.from_outside
                && said.came_by.is_some_and(|channel| channel != self.channel.id)
                && said.conversation_id != conversation
        });
        for said in same.take(SAME_LINKED) {
            self.rows.links.extend(Link::both_ways(conversation, said.conversation_id, "same_message"));
        }
    }
}
