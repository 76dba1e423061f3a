//! What staff answer goes out: a reply becomes a message with its deliveries, an outcome settles a delivery.
//!
//! Nothing is sent here. [`send`] writes the reply and its parts down in one transaction; the sender takes them when
//! their undo hold is over; [`settle`] decides with ONE `match` what each outcome leads to.

pub mod away;
mod fate;
mod gate;
mod late;
mod newer;
mod preview;
mod receipt;
mod reply;
pub mod review;
pub mod upload;
mod withdrawal;

use connectors::contract::Reason;
use futures::FutureExt;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::failpoint::{self, At};
use crate::model::Millis;
use crate::model::conversation::{Conversation, State as Standing};
use crate::model::delivery::{Delivery, State};
use crate::model::event::{self, Kind as Happened};
use crate::model::wait::Wait;
use crate::store::deliveries::Fate;
use crate::store::events::{self, Appending};
use crate::store::{Tx, conversations, deliveries, histories, messages, splits, waits};

pub use fate::{LOOKED_FOR_AFTER_MS, Outcome};
pub use gate::{Gate, gate, park};
pub use preview::{Preview, preview};
pub(crate) use receipt::{echoed, receive};
pub use reply::{Reply, send};
pub use withdrawal::{Withdrawn, withdraw};

/// Writes down what became of a delivery, with everything that follows from it for the conversation. `token` is the hold
/// under which it was asked: if that was lost meanwhile, whoever has the delivery now decides, and of this outcome counts
/// only what is a fact.
pub async fn settle(app: &App, delivery: Delivery, token: Uuid, outcome: Outcome) -> Result<()> {
    let owned = app.clone();
    let ((), committed) = app
        .db
        .write(move |tx| async move { settle_in(&owned, &delivery, token, outcome, tx).await }.boxed())
        .await?;
    failpoint::pass(At::FateKept);
    app.bus.publish(committed);
    Ok(())
}

async fn settle_in(app: &App, delivery: &Delivery, token: Uuid, outcome: Outcome, tx: &mut Tx) -> Result<()> {
    let fact = late::fact(&outcome);
    let fate = fate::decide(delivery, outcome, app.clock.now(), fate::jitter());
    match deliveries::settle_held(tx, delivery.id, token, delivery.tries, &fate).await? {
        // Its conversation may have become part of another one while it was on its way, or have come back.
        Some(conversation_id) => {
            failpoint::pass(At::FateHalfWritten);
            follow(app, &Delivery { conversation_id, ..delivery.clone() }, fate, tx).await
        }
        None => late::judge(app, delivery.id, fact, tx).await,
    }
}

/// One delivery's new fate and its consequences, within the caller's transaction.
async fn apply(app: &App, delivery: &Delivery, fate: Fate, tx: &mut Tx) -> Result<()> {
    deliveries::settle(tx, delivery.id, &fate).await?;
    follow(app, delivery, fate, tx).await
}

async fn follow(app: &App, delivery: &Delivery, fate: Fate, tx: &mut Tx) -> Result<()> {
    // Looked for in vain once more: worth a word only when there is something new to say.
    if fate.state == delivery.state && (fate.state != State::Unknown || fate.why == delivery.why) {
        return Ok(());
    }
    match fate.state {
        State::Sent if delivery.state.step() < State::Sent.step() => {
            answered(app, delivery, fate.why, tx).await
        }
        State::Delivered | State::Read => {
            // A receipt may be faster than the platform's answer: what arrived has left.
            if delivery.state.step() < State::Sent.step() {
                answered(app, delivery, None, tx).await?;
            }
            told(app, delivery, Happened::Delivered, Some(fate.state.word()), tx).await
        }
        State::Failed => {
            if fate.reason.as_deref() == Some(Reason::OptedOut.as_str()) {
                gate::remember_stop(delivery, app.clock.now(), tx).await?;
            }
            unanswered(app, delivery, Happened::Failed, why(&fate), tx).await
        }
        State::Unknown => unanswered(app, delivery, Happened::Unknown, why(&fate), tx).await,
        _ => Ok(()),
    }
}

fn why(fate: &Fate) -> &str {
    fate.why.as_deref().unwrap_or("the platform gave no reason")
}

/// The answer has left: the wait ends, and one begins anew if the patron has spoken since it was written.
async fn answered(app: &App, delivery: &Delivery, refused: Option<String>, tx: &mut Tx) -> Result<()> {
    let now = app.clock.now();
    let reply = messages::by_id(tx, delivery.message_id).await?.ok_or(Error::Missing("message"))?;
    if reply.automatic {
        // Nobody has answered: the patron waits as before.
        return told(app, delivery, Happened::Sent, refused.as_deref(), tx).await;
    }
    let before = locked(delivery, tx).await?;
    let together = before.state == Standing::Spam || histories::told_together(tx, before.id).await?;
    if !together
        && waits::answer(tx, before.id, now, (reply.id, reply.seq), reply.staff_id).await?
        && let Some(later) = messages::unanswered(tx, before.id, reply.seq, Millis::MIN).await?
    {
        let wait = Wait::opened(app.clock.id(), &before, later, false);
        waits::open(tx, &wait).await?;
    }
    let seq = append(now, delivery, Happened::Sent, None, tx).await?;
    if together {
        // It answers what was in the conversation in which it was written, and in spam nobody waits: the history knows.
        let waits = histories::family(tx, before.id).await?.remove(&before.id).unwrap_or_default();
        histories::keep(tx, before.id, waits, || app.clock.id()).await?;
    }
    let waits = waits::open_of(tx, before.id).await?;
    let mut after = before.clone();
    after.trouble = match refused {
        None if others_in_trouble(delivery, tx).await? => before.trouble.clone(),
        refused => refused,
    };
    after.waiting_since = waits.map(|wait| wait.opened_at);
    after.seq = seq;
    Ok(conversations::update(tx, &before, &after).await?)
}

/// Whether something else of the conversation came to no good end that whoever wrote this could not know of: their answer's
/// leaving says nothing about it.
async fn others_in_trouble(delivery: &Delivery, tx: &mut Tx) -> Result<bool> {
    let parts = deliveries::of_conversation(tx, delivery.conversation_id).await?;
    Ok(parts.iter().any(|other| {
        other.id != delivery.id
            && matches!(other.state, State::Failed | State::Unknown)
            && other.settled_at.is_none_or(|known_at| known_at > delivery.created_at)
    }))
}

/// The patron has no answer after all: the conversation comes back to the queue and says why.
async fn unanswered(app: &App, delivery: &Delivery, kind: Happened, why: &str, tx: &mut Tx) -> Result<()> {
    if messages::by_id(tx, delivery.message_id).await?.is_some_and(|said| said.automatic) {
        // It was no answer, so its patron misses none.
        return told(app, delivery, kind, Some(why), tx).await;
    }
    let before = locked(delivery, tx).await?;
    let seq = append(app.clock.now(), delivery, kind, Some(why), tx).await?;
    if before.state == Standing::Spam || splits::any(tx, before.id).await? {
        let open = histories::keep_all(tx, before.id, || app.clock.id()).await?;
        for (other, since) in open.into_iter().filter(|(id, _)| *id != before.id) {
            if let Some(since) = since {
                waits_elsewhere(app, delivery, other, since, why, tx).await?;
            }
        }
    } else if kind == Happened::Failed {
        waits::reopen(tx, delivery.message_id).await?;
    }
    waits_again(app, Conversation { seq, ..before.clone() }, &before, event::trouble(kind, why), tx).await
}

/// It comes back to the queue with what went wrong, and with its wait where one is open. In spam nobody waits.
async fn waits_again(
    app: &App,
    mut after: Conversation,
    before: &Conversation,
    trouble: String,
    tx: &mut Tx,
) -> Result<()> {
    let wait = waits::open_of(tx, before.id).await?;
    after.trouble = Some(trouble);
    match wait.map(|wait| wait.opened_at) {
        _ if before.state == Standing::Spam => after.waits_no_more(),
        Some(since) => {
            after.open();
            after.waits(since, app.calendars.due(tx, before.desk_id, since, app.clock.now()).await?);
        }
        None => {
            after.open();
            after.waiting_since = None;
        }
    }
    Ok(conversations::update(tx, before, &after).await?)
}

/// Part of what it answered may be another conversation's by now: whoever waits there again is shown there too.
async fn waits_elsewhere(
    app: &App,
    delivery: &Delivery,
    other: Uuid,
    since: Millis,
    why: &str,
    tx: &mut Tx,
) -> Result<()> {
    let Some(before) = conversations::lock(tx, other).await? else { return Ok(()) };
    let known = before.waiting_since == Some(since)
        || before.waiting_since.is_none() && histories::answer_on_its_way(tx, other).await?;
    if known || before.merged_into.is_some() {
        return Ok(());
    }
    let there = Delivery { conversation_id: other, ..delivery.clone() };
    let seq = append(app.clock.now(), &there, Happened::Failed, Some(why), tx).await?;
    let trouble = event::trouble(Happened::Failed, why);
    waits_again(app, Conversation { seq, ..before.clone() }, &before, trouble, tx).await
}

async fn told(
    app: &App,
    delivery: &Delivery,
    kind: Happened,
    words: Option<&str>,
    tx: &mut Tx,
) -> Result<()> {
    let before = locked(delivery, tx).await?;
    let seq = append(app.clock.now(), delivery, kind, words, tx).await?;
    Ok(conversations::update(tx, &before, &Conversation { seq, ..before.clone() }).await?)
}

async fn locked(delivery: &Delivery, tx: &mut Tx) -> Result<Conversation> {
    conversations::lock(tx, delivery.conversation_id).await?.ok_or(Error::Missing("conversation"))
}

async fn append(
    at: Millis,
    delivery: &Delivery,
    kind: Happened,
    detail: Option<&str>,
    tx: &mut Tx,
) -> Result<i64> {
    let line = Appending {
        at,
        kind,
        conversation_id: delivery.conversation_id,
        message_id: Some(delivery.message_id),
        staff_id: None,
        actor_name: String::new(),
        detail: detail.map(str::to_owned),
    };
    Ok(events::append(tx, line).await?)
}
