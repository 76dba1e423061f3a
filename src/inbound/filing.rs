//! Files a patron's message: into the conversation it belongs to, or into one of its own.

use connectors::contract::{Address as Writer, Message as Given, Visibility as Seen};
use uuid::Uuid;

use super::Filed;
use super::ready::Ready;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::channel::Channel;
use crate::model::conversation::{Conversation, State, Visibility, preview};
use crate::model::event::Kind as Happened;
use crate::model::message::{Direction, Kind, Message};
use crate::model::people::{Address, Patron};
use crate::model::threading::{self, Candidate, Filing};
use crate::model::wait::Wait;
use crate::store::arrivals::{self, Claims, Known};
use crate::store::events::{self, Appending};
use crate::store::{Tx, conversations, deliveries, messages, patrons, search, waits};

/// A message at the door, with all that is known of it.
struct Arrival<'a> {
    app: &'a App,
    channel: &'a Channel,
    given: &'a Given,
    author: Author,
    known: Known,
    has_attachments: bool,
}

/// Who wrote, as far as we know them.
struct Author {
    patron: Uuid,
    name: String,
    address: Option<Address>,
}

pub(super) async fn file(
    app: &App,
    channel: &Channel,
    ready: &Ready,
    given: &Given,
    tx: &mut Tx,
) -> Result<Filed> {
    let references: Vec<String> = given.thread.references.iter().map(|id| threading::reference(id)).collect();
    let writer = given.author.as_ref().map(|writer| (channel.kind.as_str(), writer.id.as_str()));
    let claims = Claims { writer, references: &references };
    let Some(known) = arrivals::keep(tx, &ready.envelope, claims).await? else {
        return Ok(Filed::Duplicate);
    };
    let author = author(app, channel, given.author.as_ref(), known.address.clone(), tx).await?;
    let own_id = given.id.as_deref().map(threading::reference);
    let place = find(channel, given, &known, &references, tx).await?;
    let message = message(ready, given, channel, &author, own_id.clone());
    let arrival =
        Arrival { app, channel, given, author, known, has_attachments: !ready.attachments.is_empty() };
    let conversation = match place {
        Filing::Join { conversation, unverified } => {
            let message = Message { unverified, ..message };
            join(&arrival, conversation, message, tx).await?
        }
        Filing::Open { claimed } => {
            let opened = open(&arrival, message, tx).await?;
            if let Some(claimed) = claimed {
                conversations::link(tx, opened, claimed, "unproven_reference").await?;
            }
            opened
        }
    };
    for (attachment, bytes) in &ready.attachments {
        messages::insert_attachment(tx, attachment, bytes.as_deref()).await?;
    }
    if let Some(id) = own_id {
        messages::link_same_elsewhere(tx, conversation, &id, channel.id).await?;
    }
    Ok(Filed::Message)
}

async fn author(
    app: &App,
    channel: &Channel,
    writer: Option<&Writer>,
    known: Option<Address>,
    tx: &mut Tx,
) -> Result<Author> {
    let name = writer
        .map_or_else(|| "Unknown sender".to_owned(), |w| w.name.clone().unwrap_or_else(|| w.shown.clone()));
    if let Some(address) = known {
        return Ok(Author { patron: address.patron_id, name, address: Some(address) });
    }
    let now = app.clock.now();
    let patron = Patron { id: app.clock.id(), name: name.clone(), created_at: now };
    patrons::insert(tx, &patron).await?;
    let Some(writer) = writer else { return Ok(Author { patron: patron.id, name, address: None }) };
    let address = Address {
        id: app.clock.id(),
        patron_id: patron.id,
        kind: channel.kind.clone(),
        address: writer.id.clone(),
        shown: writer.shown.clone(),
    };
    patrons::insert_address(tx, &address, now).await?;
    Ok(Author { patron: patron.id, name, address: Some(address) })
}

async fn find(
    channel: &Channel,
    given: &Given,
    known: &Known,
    references: &[String],
    tx: &mut Tx,
) -> Result<Filing> {
    if let Some(thread) = &given.thread.conversation
        && let Some(conversation) = conversations::by_thread(tx, channel.id, thread).await?
    {
        return Ok(Filing::Join { conversation, unverified: false });
    }
    if references.is_empty() && given.thread.proven.is_empty() {
        return Ok(Filing::Open { claimed: None });
    }
    let mut proven = Vec::new();
    for key in &given.thread.proven {
        if let Some(delivery) = deliveries::by_id(tx, key.0).await? {
            proven.push((delivery.conversation_id, delivery.channel_id));
        }
    }
    let mut candidates: Vec<Candidate> = references
        .iter()
        .flat_map(|reference| known.referred.iter().filter(move |found| found.external_id == *reference))
        .map(|found| Candidate {
            conversation: found.conversation_id,
            same_channel: found.channel_id == channel.id,
            proven: proven.iter().any(|(conversation, _)| *conversation == found.conversation_id),
            knows_writer: found.knows_writer,
        })
        .collect();
    // A relay may have given our answer another id; the proof still names the delivery.
    for (conversation, at) in proven {
        if !candidates.iter().any(|candidate| candidate.conversation == conversation) {
            let same_channel = at == channel.id;
            candidates.push(Candidate { conversation, same_channel, proven: true, knows_writer: false });
        }
    }
    Ok(threading::file(&candidates))
}

fn message(
    ready: &Ready,
    given: &Given,
    channel: &Channel,
    author: &Author,
    own_id: Option<String>,
) -> Message {
    let said = &given.said;
    Message {
        id: ready.message_id,
        seq: 0,
        conversation_id: Uuid::nil(),
        channel_id: Some(channel.id),
        direction: Direction::In,
        kind: Kind::Message,
        visibility: visibility(given.visibility),
        staff_id: None,
        address_id: author.address.as_ref().map(|address| address.id),
        author_name: author.name.clone(),
        external_id: own_id,
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
    }
}

async fn open(arrival: &Arrival<'_>, mut message: Message, tx: &mut Tx) -> Result<Uuid> {
    let Arrival { app, channel, given, author, has_attachments, .. } = arrival;
    let id = app.clock.id();
    let preview = preview(&given.said.reply_text);
    let subject = message.subject.as_deref().map(str::trim).filter(|subject| !subject.is_empty());
    let conversation = Conversation {
        id,
        number: conversations::next_number(tx).await?,
        channel_id: channel.id,
        desk_id: channel.desk_id,
        patron_id: author.patron,
        patron_name: author.name.clone(),
        thread: given.thread.conversation.clone(),
        subject: subject.map_or_else(|| first_line(&preview), str::to_owned),
        preview,
        visibility: message.visibility,
        state: State::Open,
        owner_id: None,
        owner_since: None,
        waiting_since: (!message.automatic).then_some(message.at),
        due_at: app.calendars.due(tx, channel.desk_id, message.at, app.clock.now()).await?,
        snoozed_until: None,
        last_patron_at: message.at,
        last_at: message.at,
        seq: events::number(tx).await?,
        trouble: None,
        has_attachments: *has_attachments,
        created_at: app.clock.now(),
    };
    message.conversation_id = id;
    message.seq = conversation.seq;
    // The row first: the history and the message refer to it.
    conversations::insert(tx, &conversation).await?;
    events::append_numbered(tx, message.seq, line(app, Happened::Opened, &message)).await?;
    keep(&message, author, false, tx).await?;
    if !message.automatic {
        waits::open(tx, &wait(app, &conversation, &message, true)).await?;
    }
    Ok(id)
}

async fn join(arrival: &Arrival<'_>, conversation: Uuid, mut message: Message, tx: &mut Tx) -> Result<Uuid> {
    let Arrival { app, given, author, known, has_attachments, .. } = arrival;
    let before = match known.conversations.iter().find(|known| known.id == conversation) {
        Some(known) => known.clone(),
        None => conversations::lock(tx, conversation).await?.ok_or(Error::Missing("conversation"))?,
    };
    message.conversation_id = conversation;
    message.seq = events::append(tx, line(app, Happened::Message, &message)).await?;
    let met = known.referred.iter().any(|one| one.conversation_id == conversation && one.knows_writer);
    keep(&message, author, met, tx).await?;
    let mut after = before.clone();
    after.seq = message.seq;
    after.preview = preview(&given.said.reply_text);
    after.last_at = before.last_at.max(message.at);
    after.last_patron_at = before.last_patron_at.max(message.at);
    after.has_attachments |= *has_attachments;
    if before.state != State::Spam && !message.automatic {
        after.state = State::Open;
        after.snoozed_until = None;
        if before.waiting_since.is_none() {
            let since = open_wait(app, &before, &message, tx).await?;
            after.waiting_since = Some(since);
            after.due_at = app.calendars.due(tx, before.desk_id, since, app.clock.now()).await?;
        }
    }
    conversations::update(tx, &before, &after).await?;
    Ok(conversation)
}

/// Opens a wait unless one is open (an answer may still be in its undo hold); gives since when the patron waits.
async fn open_wait(app: &App, conversation: &Conversation, message: &Message, tx: &mut Tx) -> Result<i64> {
    if let Some(wait) = waits::open_of(tx, conversation.id).await? {
        return Ok(wait.opened_at);
    }
    let is_first = !waits::any(tx, conversation.id).await?;
    waits::open(tx, &wait(app, conversation, message, is_first)).await?;
    Ok(message.at)
}

pub(super) fn wait(app: &App, conversation: &Conversation, message: &Message, is_first: bool) -> Wait {
    Wait {
        id: app.clock.id(),
        conversation_id: conversation.id,
        channel_id: conversation.channel_id,
        desk_id: conversation.desk_id,
        is_first,
        opened_at: message.at,
        opened_by: message.id,
        closed_at: None,
        closed_by: None,
        staff_id: None,
    }
}

fn line(app: &App, kind: Happened, message: &Message) -> Appending {
    Appending {
        at: app.clock.now(),
        kind,
        conversation_id: message.conversation_id,
        message_id: Some(message.id),
        staff_id: None,
        actor_name: message.author_name.clone(),
        detail: None,
    }
}

/// `met`: the writer is known to have written there.
async fn keep(message: &Message, author: &Author, met: bool, tx: &mut Tx) -> Result<()> {
    messages::insert(tx, message).await?;
    if let Some(address) = &author.address {
        // A claimed place must not make the claimant known there: only what joined in its own right does.
        if !message.unverified && !met {
            conversations::add_address(tx, message.conversation_id, address.id).await?;
        }
    }
    search::index(tx, message.seq).await?;
    Ok(())
}

fn first_line(preview: &str) -> String {
    if preview.is_empty() { "(no text)".to_owned() } else { preview.chars().take(80).collect() }
}

pub(super) fn visibility(seen: Seen) -> Visibility {
    match seen {
        Seen::Private => Visibility::Private,
        Seen::Public => Visibility::Public,
    }
}
