//! The question that is next: the one the inbox's list of unclaimed ones would show first, patrons who wait before all
//! others.
//!
//! The order is that of `conversations_unclaimed` and its two brothers, so one row is read from one index; what is looked
//! past is what waits unclaimed for nobody, never what is done.

use uuid::Uuid;

use super::{Conn, Error, row};
use crate::model::Millis;

macro_rules! next {
    ($waiting:literal, $filter:literal) => {
        concat!(
            "SELECT id, due_at FROM conversations WHERE state = 'open' AND owner_id IS NULL",
            $waiting,
            $filter,
            " ORDER BY due_at, id LIMIT 1"
        )
    };
}
/// The four ways to filter, in the order in which [`first`] picks one.
macro_rules! each_filter {
    ($waiting:literal) => {
        &[
            next!($waiting, ""),
            next!($waiting, " AND desk_id = $1"),
            next!($waiting, " AND channel_id = $1"),
            next!($waiting, " AND channel_id = $1 AND desk_id = $2"),
        ]
    };
}

pub(super) const WAITING: &[&str] =
    each_filter!(" AND (waiting_since IS NOT NULL OR follow_up_at IS NOT NULL)");
pub(super) const URGENT: &[&str] = each_filter!(" AND urgent");
pub(super) const ANY: &[&str] = each_filter!("");

/// Where somebody looks for a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Where {
    /// Only at this desk.
    pub desk: Option<Uuid>,
    /// Only by this channel.
    pub channel: Option<Uuid>,
}

/// The next question: late ones, then urgent ones, then the one due soonest, of those the oldest. What nobody waits for and nobody promised
/// to see to (an automatic message, something opened again) comes when no patron waits.
pub async fn next(conn: &mut Conn, at: Where, now: Millis) -> Result<Option<Uuid>, Error> {
    let waiting = first(conn, WAITING, at).await?;
    if let Some((late, _)) = waiting.filter(|(_, due_at)| *due_at <= now) {
        return Ok(Some(late));
    }
    let found = match (first(conn, URGENT, at).await?, waiting) {
        (Some(urgent), _) => Some(urgent),
        (None, Some(waiting)) => Some(waiting),
        (None, None) => first(conn, ANY, at).await?,
    };
    Ok(found.map(|(id, _)| id))
}

async fn first(
    conn: &mut Conn,
    texts: &'static [&'static str],
    Where { desk, channel }: Where,
) -> Result<Option<(Uuid, Millis)>, Error> {
    let found = match (desk, channel) {
        (None, None) => row!(conn, (Uuid, Millis), texts[0]),
        (Some(desk), None) => row!(conn, (Uuid, Millis), texts[1], desk),
        (None, Some(channel)) => row!(conn, (Uuid, Millis), texts[2], channel),
        (Some(desk), Some(channel)) => row!(conn, (Uuid, Millis), texts[3], channel, desk),
    };
    Ok(found?)
}
