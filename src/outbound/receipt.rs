//! Receipts and echoes come back and settle the same row that sending left behind. They only move it forward.

use connectors::contract::{Receipt, ReceiptState};
use uuid::Uuid;

use super::apply;
use crate::app::App;
use crate::error::Result;
use crate::model::delivery::{Delivery, State};
use crate::model::threading;
use crate::store::deliveries::Fate;
use crate::store::{Tx, deliveries};

/// What the platform says of a part of ours. One that is not ours, or not known, changes nothing.
pub(crate) async fn receive(app: &App, channel: Uuid, receipt: &Receipt, tx: &mut Tx) -> Result<()> {
    let mut found = None;
    if let Some(key) = receipt.key {
        found = deliveries::by_id(tx, key.0).await?.filter(|delivery| delivery.channel_id == channel);
    }
    if let (None, Some(id)) = (&found, &receipt.id) {
        found = deliveries::by_external(tx, channel, &threading::reference(id)).await?;
    }
    let Some(delivery) = found else { return Ok(()) };
    let state = match receipt.state {
        // It is still on its way: only the words beside it change, and whoever is sending it goes on.
        ReceiptState::Delayed => {
            let why = receipt.why.as_deref().unwrap_or_default();
            return Ok(deliveries::say(tx, delivery.id, why).await?);
        }
        ReceiptState::Relayed => State::Sent,
        ReceiptState::Delivered => State::Delivered,
        ReceiptState::Read => State::Read,
        ReceiptState::Failed => State::Failed,
    };
    forward(app, delivery, state, receipt.why.clone(), None, tx).await
}

/// Our own part was seen on the platform: it arrived there, whatever the send itself has answered. `external_id` is what the
/// platform calls it, where that was not known.
pub(crate) async fn echoed(
    app: &App,
    delivery: Delivery,
    external_id: Option<String>,
    tx: &mut Tx,
) -> Result<()> {
    forward(app, delivery, State::Sent, None, external_id, tx).await
}

async fn forward(
    app: &App,
    delivery: Delivery,
    state: State,
    why: Option<String>,
    external_id: Option<String>,
    tx: &mut Tx,
) -> Result<()> {
    // Nobody settles it in between, and nothing that was settled meanwhile is settled twice.
    let Some(delivery) = deliveries::lock(tx, delivery.id).await? else { return Ok(()) };
    if state.step() < delivery.state.step() || (state == delivery.state && why.is_none()) {
        return Ok(());
    }
    let now = app.clock.now();
    let settled_at = if state == delivery.state { delivery.settled_at } else { Some(now) };
    let fate = Fate { state, due_at: delivery.due_at, external_id, reason: None, why, settled_at };
    apply(app, &delivery, fate, tx).await
}
