//! Outcomes that come after another worker took the delivery over: a process was stopped, or its store was out of reach,
//! for longer than its lease. What happens next is the other's to decide; what happened is a fact all the same.

use uuid::Uuid;

use super::fate::{LOOKED_FOR_AFTER_MS, Outcome, refused_words};
use super::{apply, locked};
use crate::app::App;
use crate::error::Result;
use crate::model::conversation::Conversation;
use crate::model::delivery::{Delivery, State};
use crate::store::deliveries::Fate;
use crate::store::{Tx, conversations, deliveries};
use connectors::contract::Failure;

/// What of an outcome stays true whoever has the delivery now.
pub(super) enum Fact {
    /// The platform has it.
    Left {
        id: Option<String>,
        /// For whom it was refused although others got it.
        refused: Option<String>,
    },
    /// It may have it.
    MayHaveLeft(String),
    /// It did not leave this time, which says nothing about another's try.
    Nothing,
}

pub(super) fn fact(outcome: &Outcome) -> Fact {
    match outcome {
        Outcome::Sent(sent) | Outcome::Found(sent) => {
            Fact::Left { id: sent.id.clone(), refused: refused_words(&sent.refused) }
        }
        Outcome::Failed(Failure::Ambiguous { why } | Failure::Malformed { why, .. }) => {
            Fact::MayHaveLeft(why.clone())
        }
        Outcome::Failed(_) | Outcome::CannotTell(_) | Outcome::NotFound => Fact::Nothing,
    }
}

/// Brings the row in line with the fact. It only ever keeps a part from being sent once more.
pub(super) async fn judge(app: &App, id: Uuid, fact: Fact, tx: &mut Tx) -> Result<()> {
    let Some(now) = deliveries::lock(tx, id).await? else { return Ok(()) };
    match (fact, now.state) {
        (Fact::Left { refused: Some(why), .. }, State::Sent | State::Delivered | State::Read)
            if now.why.is_none() =>
        {
            also_refused(&now, why, tx).await
        }
        (Fact::Left { id, refused }, State::Held | State::Queued | State::Sending | State::Unknown) => {
            sent(app, &now, id, refused, tx).await
        }
        // A try that failed has a reason of its own; what came back after it had arrived has none.
        (Fact::Left { id, refused }, State::Failed) if now.reason.is_some() => {
            sent(app, &now, id, refused, tx).await
        }
        // Looked for by the other before this try had ended, and not found: it must not go again on that word.
        (Fact::MayHaveLeft(why), State::Queued) => {
            let due_at = app.clock.now() + LOOKED_FOR_AFTER_MS;
            let fate = Fate {
                state: State::Unknown,
                due_at,
                external_id: None,
                reason: None,
                why: Some(why),
                settled_at: None,
            };
            apply(app, &now, fate, tx).await
        }
        _ => Ok(()),
    }
}

async fn sent(
    app: &App,
    now: &Delivery,
    external_id: Option<String>,
    why: Option<String>,
    tx: &mut Tx,
) -> Result<()> {
    let at = app.clock.now();
    let fate =
        Fate { state: State::Sent, due_at: now.due_at, external_id, reason: None, why, settled_at: Some(at) };
    apply(app, &Delivery { state: State::Sending, ..now.clone() }, fate, tx).await
}

/// Its echo was faster than the platform's answer, which knows more.
async fn also_refused(now: &Delivery, why: String, tx: &mut Tx) -> Result<()> {
    deliveries::say(tx, now.id, &why).await?;
    let before = locked(now, tx).await?;
    let after = Conversation { trouble: Some(why), ..before.clone() };
    Ok(conversations::update(tx, &before, &after).await?)
}
