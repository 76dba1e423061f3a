//! What somebody's next question is chosen from: the top of each stack, one seek on `conversations_stack` for each, however
//! many lie below. What is looked past is what is kept for somebody just now, never what is claimed or done.

use uuid::Uuid;

use super::{Conn, Error, row, rows};
use crate::model::Millis;
use crate::model::ability::Abilities;
use crate::model::next::{Stack, Taker};

use super::abilities;

const STACKS: &str = "SELECT s.desk_id, s.channel_id, s.rung, s.skill, s.language, s.offered, s.conversations, \
     t.id AS top, t.due_at FROM stacks s LEFT JOIN conversations t ON t.id = \
     (SELECT c.id FROM conversations c WHERE c.state = 'open' AND c.owner_id IS NULL AND c.desk_id = s.desk_id \
     AND c.channel_id = s.channel_id AND c.rung = s.rung AND c.skill = s.skill AND c.language = s.language \
     AND c.offered = s.offered AND c.kept_until <= $1 ORDER BY c.due_at, c.id LIMIT 1) \
     WHERE s.conversations > 0";
/// Nobody knows more patrons than that who write within a few minutes.
const KEPT: &str = "SELECT desk_id, channel_id, rung, skill, language, offered, CAST(1 AS BIGINT) AS conversations, \
     id AS top, due_at FROM conversations WHERE kept_for = $1 AND kept_until > $2 AND kept_for IS NOT NULL \
     AND state = 'open' AND owner_id IS NULL LIMIT 50";
/// What one person has at once is little, and no more of it is looked at than they may have.
const LIVE: &str = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM conversations WHERE owner_id = $1 AND live \
     AND owner_id IS NOT NULL AND state IN ('open', 'waiting') LIMIT $2) held";

pub(super) const ALL: &[&str] = &[STACKS, KEPT, LIVE];

/// Every stack of unclaimed questions with what is on top.
pub async fn stacks(conn: &mut Conn, now: Millis) -> Result<Vec<Stack>, Error> {
    Ok(rows!(conn, Stack, STACKS, now)?)
}

/// What is kept for this person just now, each a stack of one.
pub async fn kept(conn: &mut Conn, staff: Uuid, now: Millis) -> Result<Vec<Stack>, Error> {
    Ok(rows!(conn, Stack, KEPT, staff, now)?)
}

/// What this person can be given.
pub async fn taker(conn: &mut Conn, staff: Uuid) -> Result<Taker, Error> {
    let able: Abilities = abilities::of(conn, staff).await?.unwrap_or_default();
    let live = row!(conn, (i64,), LIVE, staff, able.live_at_once)?.map_or(0, |(live,)| live);
    Ok(Taker { desks: abilities::desks(conn, staff).await?, able, live })
}
