//! Files what our own account said: a reply of ours coming back settles its delivery; an answer that a colleague gave in
//! the platform's own app joins its conversation and ends the wait.

use connectors::contract::{Event, HeldReason, Message as Given, Part};
use uuid::Uuid;

use super::Filed;
use super::arrival::visibility;
use super::ready::Ready;
use crate::app::App;
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::channel::Channel;
use crate::model::conversation::{Conversation, State};
use crate::model::delivery::{Delivery, State as Leaving};
use crate::model::event::Kind as Happened;
use crate::model::message::{Direction, Kind, Message};
use crate::model::threading;
use crate::model::wait::{Outcome, Wait};
use crate::outbound;
use crate::store::events::{self, Appending};
use crate::store::{
    Tx, arrivals, conversations, deliveries, envelopes, histories, merges, messages, search, splits, waits,
};

const ANSWERS_NOTHING: &str =
    "Sent from this account outside Deskbell. It answers nothing in the queue, so it stays here.";

pub(super) async fn file(app: &App, channel: &Channel, ready: &Ready, tx: &mut Tx) -> Result<Filed> {
    let Event::Echo(given) = &ready.event else { return Ok(Filed::Held) };
    let own_id = given.id.as_deref().map(threading::reference);
    if let Some(delivery) = named(channel, given, tx).await? {
        outbound::echoed(app, delivery, own_id, tx).await?;
        return Ok(Filed::Duplicate);
    }
    if let Some(id) = &own_id
        && let Some(delivery) = deliveries::by_external(tx, channel.id, id).await?
    {
        outbound::echoed(app, delivery, None, tx).await?;
        return Ok(Filed::Duplicate);
    }
    let references = threading::references(&given.thread.references);
    // The platform vouches that this is ours, so a reference at this channel is proof enough.
    let known = arrivals::said(tx, &references).await?;
    let answers: Vec<Uuid> = references
        .iter()
        .flat_map(|reference| known.iter().filter(move |one| one.external_id == *reference))
        .filter(|one| one.channel_id == channel.id)
        .map(|one| one.conversation_id)
        .collect();
    let found = match &given.thread.conversation {
        Some(thread) => match conversations::by_thread(tx, channel.id, thread).await? {
            Some(whole) => {
                let parts = splits::and_split_off(tx, whole).await?;
                Some(answers.into_iter().find(|one| parts.contains(one)).unwrap_or(whole))
            }
            None => answers.first().copied(),
        },
        None => answers.first().copied(),
    };
    let Some(conversation) = found else {
        let to = given.recipients.first().map(|address| address.shown.clone());
        let (reason, subject) = (HeldReason::Ignored.as_str(), given.subject.as_deref());
        envelopes::hold(tx, ready.envelope.id, reason, ANSWERS_NOTHING, to.as_deref(), subject).await?;
        return Ok(Filed::Held);
    };
    let thread = conversation;
    let conversation = merges::root(tx, thread).await?;
    // The platform may have one conversation where several stand here.
    for part in splits::and_split_off(tx, thread).await? {
        let part = merges::root(tx, part).await?;
        if let Some(delivery) = on_its_way(channel, part, given, tx).await? {
            outbound::echoed(app, delivery, own_id, tx).await?;
            return Ok(Filed::Duplicate);
        }
    }
    let before = conversations::lock(tx, conversation).await?.ok_or(Error::Missing("conversation"))?;
    let author_name =
        given.author.as_ref().and_then(|author| author.name.clone()).unwrap_or_else(|| channel.name.clone());
    let line = Appending {
        at: app.clock.now(),
        kind: Happened::Echo,
        conversation_id: conversation,
        message_id: Some(ready.message_id),
        staff_id: None,
        actor_name: author_name.clone(),
        detail: None,
    };
    let seq = events::append(tx, line).await?;
    let message = Message {
        id: ready.message_id,
        seq,
        conversation_id: conversation,
        channel_id: Some(channel.id),
        direction: Direction::Out,
        kind: Kind::Message,
        visibility: visibility(given.visibility),
        staff_id: None,
        address_id: None,
        author_name,
        external_id: own_id,
        refs: given.thread.references.iter().rev().cloned().collect::<Vec<_>>().join(" "),
        at: ready.envelope.at,
        subject: given.subject.clone(),
        text: given.said.text.clone(),
        reply_text: (given.said.reply_text != given.said.text).then(|| given.said.reply_text.clone()),
        html: ready.html.clone(),
        envelope_id: Some(ready.envelope.id),
        automatic: given.automatic,
        unverified: false,
        link: given.link.clone(),
        home_id: (thread != conversation).then_some(thread),
    };
    messages::insert(tx, &message).await?;
    for (attachment, bytes) in &ready.attachments {
        messages::insert_attachment(tx, attachment, bytes.as_deref()).await?;
    }
    search::index(tx, seq).await?;
    let mut after = before.clone();
    after.seq = seq;
    after.last_at = before.last_at.max(message.at);
    if before.state == State::Spam || histories::told_together(tx, conversation).await? {
        ends_what_it_answers(app, &before, &mut after, &message, tx).await?;
        conversations::update(tx, &before, &after).await?;
        return Ok(Filed::Message);
    }
    // An old answer read late must not end a wait that began after it.
    let waiting = waits::open_of(tx, conversation).await?;
    if !message.automatic && waiting.as_ref().is_none_or(|wait| wait.opened_at <= message.at) {
        match later(&message, waiting, tx).await? {
            Some(later) => {
                let wait = Wait::opened(app.clock.id(), &before, later, false);
                waits::open(tx, &wait).await?;
                let due = app.calendars.due(tx, before.desk_id, wait.opened_at, app.clock.now()).await?;
                after.waits(wait.opened_at, due);
            }
            None => {
                after.waits_no_more();
                if before.state == State::Open {
                    after.state = State::Waiting;
                }
            }
        }
    }
    conversations::update(tx, &before, &after).await?;
    Ok(Filed::Message)
}

/// Where several conversations are one, or were, the history knows what an answer ends; and in spam nobody waits.
async fn ends_what_it_answers(
    app: &App,
    before: &Conversation,
    after: &mut Conversation,
    answer: &Message,
    tx: &mut Tx,
) -> Result<()> {
    let was = waits::open_of(tx, before.id).await?;
    let waits = histories::family(tx, before.id).await?.remove(&before.id).unwrap_or_default();
    let open = histories::keep(tx, before.id, waits, || app.clock.id()).await?;
    if answer.automatic || was.is_some_and(|was| Some(was.opened_at) == open) {
        return Ok(());
    }
    match open {
        Some(since) => {
            after.waits(since, app.calendars.due(tx, before.desk_id, since, app.clock.now()).await?)
        }
        None => {
            after.waits_no_more();
            if before.state == State::Open {
                after.state = State::Waiting;
            }
        }
    }
    Ok(())
}

/// The delivery that an echo names with our own proof.
async fn named(channel: &Channel, given: &Given, tx: &mut Tx) -> Result<Option<Delivery>> {
    for key in &given.thread.proven {
        let delivery = deliveries::by_id(tx, key.0).await?;
        if let Some(delivery) = delivery.filter(|delivery| delivery.channel_id == channel.id) {
            return Ok(Some(delivery));
        }
    }
    Ok(None)
}

/// A part of ours that came back before its send has answered: the platform's number for it is not known yet, so it is
/// known by its words.
async fn on_its_way(
    channel: &Channel,
    conversation: Uuid,
    given: &Given,
    tx: &mut Tx,
) -> Result<Option<Delivery>> {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (whole, reply) = (words(&given.said.text), words(&given.said.reply_text));
    let says_so = |delivery: &Delivery| {
        let part = serde_json::from_str::<Part>(&delivery.part).map(|part| words(&part.text));
        part.is_ok_and(|part| !part.is_empty() && (part == whole || part == reply))
    };
    let parts = deliveries::of_conversation(tx, conversation).await?;
    Ok(parts.into_iter().find(|delivery| {
        delivery.channel_id == channel.id
            && delivery.external_id.is_none()
            && matches!(delivery.state, Leaving::Sending | Leaving::Unknown)
            && says_so(delivery)
    }))
}

/// Ends the wait with this answer; gives what of it was said later and is still without one.
async fn later(answer: &Message, ended: Option<Wait>, tx: &mut Tx) -> Result<Option<(Uuid, Millis)>> {
    let Some(wait) = ended else { return Ok(None) };
    let opened_seq = messages::by_id(tx, wait.opened_by).await?.map_or(0, |message| message.seq);
    waits::close(tx, wait.conversation_id, answer.at, Outcome::Answered, Some(answer.id), None).await?;
    Ok(messages::unanswered(tx, wait.conversation_id, opened_seq - 1, answer.at).await?)
}
