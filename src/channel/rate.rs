//! The platforms' wishes to be left alone, kept where every process sees them.

use connectors::contract::{Failure, Scope};

use super::roster::Roster;
use crate::error::{Error, Result};
use crate::failpoint::shortened;
use crate::model::Millis;
use crate::model::channel::Channel;
use crate::model::rate;
use crate::store::rates::{self, Rate};

/// How long nobody asks where the platform does not say.
const UNSAID_MS: i64 = shortened(60_000);
/// The shortest, so that a platform whose clock is behind ours is not asked without end.
const SHORTEST_MS: i64 = 1_000;
/// The longest that a platform is believed: no limit is longer than a day, a broken header may be.
const LONGEST_MS: i64 = 25 * 3_600_000;

/// The limit that covers a request of this channel to this endpoint now.
///
/// # Errors
/// When the store cannot be read.
pub async fn in_force(roster: &Roster, channel: &Channel, endpoint: Option<&str>) -> Result<Option<Rate>> {
    let parts = roster.parts();
    let covering = rate::covering(channel, endpoint);
    Ok(rates::in_force(&mut parts.db.read().await?, &covering, parts.clock.now()).await?)
}

/// Writes down the limit that a failure tells of; gives until when. Nothing for any other failure.
///
/// # Errors
/// When the store cannot be written.
pub async fn note(roster: &Roster, channel: &Channel, failure: &Failure) -> Result<Option<Millis>> {
    let Failure::RateLimited { until, scope, why } = failure else { return Ok(None) };
    let parts = roster.parts();
    let now = parts.clock.now();
    let until = until.unwrap_or(now + UNSAID_MS).clamp(now + SHORTEST_MS, now + LONGEST_MS);
    let scope = match scope {
        Scope::Account => rate::account(channel.id),
        Scope::App => rate::app(channel),
        Scope::Endpoint(name) => rate::endpoint(channel.id, name),
    };
    tracing::info!(channel = %channel.name, scope, until, "the platform wants to be left alone for a while");
    let rate = Rate { scope, until, why: why.clone(), noted_at: now };
    let ((), committed) = parts
        .db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(rates::note(tx, &rate).await?) }))
        .await?;
    parts.bus.publish(committed);
    Ok(Some(until))
}
