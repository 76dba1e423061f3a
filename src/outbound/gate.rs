//! Whether a part may leave now: not to a patron who said stop, not while the platform wants to be left alone, not when
//! the day's money is spent.

use connectors::contract::{Failure, Part, Reason};
use futures::FutureExt;
use uuid::Uuid;

use crate::app::App;
use crate::channel::roster::Open;
use crate::channel::{budget, health, rate};
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::delivery::{Delivery, State};
use crate::model::people::Address;
use crate::store::{Conn, Tx, away, deliveries, messages, opt_outs, patrons};

/// What stands in a part's way.
#[derive(Debug)]
pub enum Gate {
    /// Nothing.
    Open,
    /// It waits until then; no try is made.
    Later {
        /// Epoch milliseconds.
        until: Millis,
        /// In words, beside the answer.
        why: String,
    },
    /// It never leaves.
    Never(Failure),
}

/// Looks at everything that may stand in the way. Of a part that may have left already only the platform's wish counts:
/// looking for it costs the patron nothing.
///
/// # Errors
/// When the store cannot be read.
pub async fn gate(app: &App, open: &Open, delivery: &Delivery, part: &Part) -> Result<Gate> {
    let endpoint = open.channel.deliver().and_then(|deliver| deliver.endpoint(part));
    if let Some(rate) = rate::in_force(&app.roster, &open.row, endpoint.as_deref()).await? {
        return Ok(Gate::Later { until: rate.until, why: rate.why });
    }
    if matches!(delivery.state, State::Sending | State::Unknown) {
        return Ok(Gate::Open);
    }
    if let Some(spent) = budget::refuses_sending(&app.roster, open).await? {
        health::record(&app.roster, open.row.id, &spent).await?;
        if let Failure::RateLimited { until: Some(until), why, .. } = spent {
            return Ok(Gate::Later { until, why });
        }
    }
    let mut conn = app.db.read().await?;
    if away::opens_at(&mut conn, delivery.message_id).await?.is_some_and(|at| at <= app.clock.now()) {
        let why = "The desk had opened again before this could leave.".to_owned();
        return Ok(Gate::Never(Failure::Permanent { reason: Reason::WindowClosed, why }));
    }
    if let Some(address) = recipient(&mut conn, delivery).await?
        && opt_outs::since(&mut conn, delivery.channel_id, &address.address).await?.is_some()
    {
        let why = stopped_words(&address);
        return Ok(Gate::Never(Failure::Permanent { reason: Reason::OptedOut, why }));
    }
    Ok(Gate::Open)
}

/// Leaves a part as it is until then: no try was made, so none is counted. `token` is the hold under which it was taken.
///
/// # Errors
/// When the store cannot be written.
pub async fn park(app: &App, delivery: Uuid, token: Uuid, until: Millis, why: String) -> Result<()> {
    let (_, committed) = app
        .db
        .write(move |tx| {
            async move { Ok::<_, Error>(deliveries::park(tx, delivery, token, until, &why).await?) }.boxed()
        })
        .await?;
    app.bus.publish(committed);
    Ok(())
}

/// Says so before anything is kept, while another way can still be chosen.
pub(super) async fn refuse_if_stopped(conn: &mut Conn, channel: Uuid, address: &Address) -> Result<()> {
    match opt_outs::since(conn, channel, &address.address).await? {
        Some(_) => Err(Error::CannotSend(stopped_words(address))),
        None => Ok(()),
    }
}

/// The platform knows of a stop that never reached us: it counts for the next answer too.
pub(super) async fn remember_stop(delivery: &Delivery, at: Millis, tx: &mut Tx) -> Result<()> {
    if let Some(address) = recipient(tx, delivery).await? {
        opt_outs::put(tx, delivery.channel_id, &address.address, true, at).await?;
    }
    Ok(())
}

async fn recipient(conn: &mut Conn, delivery: &Delivery) -> Result<Option<Address>> {
    let message = messages::by_id(conn, delivery.message_id).await?;
    match message.and_then(|message| message.address_id) {
        Some(id) => Ok(patrons::address_by_id(conn, id).await?),
        None => Ok(None),
    }
}

fn stopped_words(address: &Address) -> String {
    format!(
        "{} asked us to stop writing here, so nothing may be sent to it. Your text is kept; answer another way, or wait \
         until the patron allows it again.",
        address.shown
    )
}
