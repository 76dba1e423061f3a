//! What a channel may use up in a day, what it has used up, and what happens when it is spent: it pauses, loudly, until
//! the next day or until somebody raises the budget.

use connectors::contract::{Capabilities, Cost, Failure, Part, Scope};
use uuid::Uuid;

use super::health;
use super::roster::{Open, Roster};
use crate::error::{Error, Result};
use crate::model::Millis;
use crate::model::budget::{DAY_MS, Reading, Standing, day_of, in_words, left_micros};
use crate::model::channel::Channel;
use crate::store::spendings::{self, Spending};
use crate::store::{Conn, channels, deliveries, streams};

/// How a channel stands with its money today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// What its platform charges in, ISO 4217.
    pub currency: String,
    /// The most for a day, in millionths; none: no limit.
    pub budget_micros: Option<i64>,
    /// Used up today.
    pub spent_micros: i64,
    /// Left today; none: no limit.
    pub left_micros: Option<i64>,
    /// When the next day begins.
    pub renewed_at: Millis,
    read_micros: i64,
    reads: i64,
}

impl Balance {
    fn standing(&self) -> Option<Standing> {
        let budget_micros = self.budget_micros?;
        let &Self { spent_micros, read_micros, reads, .. } = self;
        Some(Standing { budget_micros, spent_micros, read_micros, reads })
    }
}

/// How a channel stands; none: its platform charges nothing.
///
/// # Errors
/// When the store cannot be read.
pub async fn balance(
    conn: &mut Conn,
    channel: &Channel,
    can: &Capabilities,
    now: Millis,
) -> Result<Option<Balance>> {
    let Some(table) = &can.cost else { return Ok(None) };
    let day = day_of(now);
    let today = spendings::on(conn, channel.id, day).await?.unwrap_or_default();
    Ok(Some(Balance {
        currency: table.currency.clone(),
        budget_micros: channel.budget_micros,
        spent_micros: today.micros(),
        left_micros: channel.budget_micros.map(|budget| left_micros(budget, today.micros())),
        renewed_at: day + DAY_MS,
        read_micros: today.read_micros,
        reads: today.reads,
    }))
}

/// When a channel that was just read may be read again, as far as its money goes; none: its schedule decides.
///
/// # Errors
/// When the store cannot be read.
pub async fn next_read(roster: &Roster, open: &Open) -> Result<Option<Millis>> {
    let Some(balance) = limited(roster, open).await? else { return Ok(None) };
    Ok(balance.standing().and_then(|standing| match standing.reading(roster.parts().clock.now()) {
        Reading::Free => None,
        Reading::NotBefore(at) => Some(at),
        Reading::Spent => Some(balance.renewed_at),
    }))
}

/// Why a channel may not be read today, if it may not.
///
/// # Errors
/// When the store cannot be read.
pub async fn refuses_reading(roster: &Roster, open: &Open) -> Result<Option<Failure>> {
    let Some(balance) = limited(roster, open).await? else { return Ok(None) };
    let Some(standing) = balance.standing() else { return Ok(None) };
    if standing.reading(roster.parts().clock.now()) != Reading::Spent {
        return Ok(None);
    }
    let what = if standing.may_send() {
        "all but what is kept back for answers. Messages wait on the platform; answers still leave"
    } else {
        "all of it. Messages wait on the platform and answers wait here"
    };
    Ok(Some(spent(roster, &balance, what).await?))
}

/// Why nothing may be sent by a channel today, if nothing may.
///
/// # Errors
/// When the store cannot be read.
pub async fn refuses_sending(roster: &Roster, open: &Open) -> Result<Option<Failure>> {
    let Some(balance) = limited(roster, open).await? else { return Ok(None) };
    match balance.standing() {
        Some(standing) if !standing.may_send() => {
            Ok(Some(spent(roster, &balance, "all of it. This answer waits here").await?))
        }
        _ => Ok(None),
    }
}

/// Notes what a read has cost.
///
/// # Errors
/// When the store cannot be written.
pub async fn spend_reading(roster: &Roster, open: &Open, cost: Cost) -> Result<()> {
    if cost.micros <= 0 {
        return Ok(());
    }
    spend(roster, open, |spending| {
        spending.read_micros = cost.micros;
        spending.reads = 1;
    })
    .await
}

/// Notes what sending a part has cost.
///
/// # Errors
/// When the store cannot be written.
pub async fn spend_sending(roster: &Roster, open: &Open, part: &Part) -> Result<()> {
    let Some(table) = open.channel.capabilities().cost else { return Ok(()) };
    let own = open.channel.deliver().and_then(|deliver| deliver.cost_micros(part));
    let micros = own.unwrap_or(table.sent_micros);
    if micros <= 0 {
        return Ok(());
    }
    spend(roster, open, |spending| {
        spending.sent_micros = micros;
        spending.sends = 1;
    })
    .await
}

/// Sets the most that a channel may use up in a day; what waited for money is looked at again at once.
///
/// # Errors
/// A sentence, when there is no such channel or the amount makes no sense.
pub async fn set(roster: &Roster, channel: Uuid, micros: Option<i64>) -> Result<()> {
    if micros.is_some_and(|micros| micros <= 0) {
        return Err(Error::Invalid(
            "A budget must be more than nothing. Leave it out to spend without a limit.".to_owned(),
        ));
    }
    let parts = roster.parts();
    let now = parts.clock.now();
    let (known, committed) = parts
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                streams::wake_channel(tx, channel).await?;
                deliveries::wake_channel(tx, channel, now).await?;
                Ok(channels::set_budget(tx, channel, micros).await?)
            })
        })
        .await?;
    parts.bus.publish(committed);
    if !known {
        return Err(Error::Missing("channel"));
    }
    roster.reload(channel).await?;
    parts.bus.wake_poller();
    parts.bus.wake_sender();
    Ok(())
}

async fn limited(roster: &Roster, open: &Open) -> Result<Option<Balance>> {
    if open.row.budget_micros.is_none() {
        return Ok(None);
    }
    let parts = roster.parts();
    let can = open.channel.capabilities();
    balance(&mut parts.db.read().await?, &open.row, &can, parts.clock.now()).await
}

/// As a limit that we set ourselves: it parks what it covers, and the card says why.
async fn spent(roster: &Roster, balance: &Balance, what: &str) -> Result<Failure> {
    let zone = health::zone(&mut roster.parts().db.read().await?).await?;
    let at = health::clock_words(balance.renewed_at, balance.renewed_at, &zone);
    let budget = in_words(balance.budget_micros.unwrap_or_default(), &balance.currency);
    let used = in_words(balance.spent_micros, &balance.currency);
    Ok(Failure::RateLimited {
        until: Some(balance.renewed_at),
        scope: Scope::Account,
        why: format!(
            "Paused: {used} of today's budget of {budget} is used up, {what}. It goes on at {at}; raise the budget to go \
             on now."
        ),
    })
}

async fn spend(roster: &Roster, open: &Open, fill: impl FnOnce(&mut Spending)) -> Result<()> {
    let parts = roster.parts();
    let currency = open.channel.capabilities().cost.map(|table| table.currency).unwrap_or_default();
    let mut spending =
        Spending { channel_id: open.row.id, day: day_of(parts.clock.now()), currency, ..Spending::default() };
    fill(&mut spending);
    let ((), committed) = parts
        .db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(spendings::add(tx, &spending).await?) }))
        .await?;
    parts.bus.publish(committed);
    Ok(())
}
