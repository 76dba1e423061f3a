//! The steps of each desk's cascade, and what is to take its next one.

use uuid::Uuid;

use super::{Conn, Error, Tx, execute, hours, row, rows};
use crate::model::Millis;
use crate::model::cascade::{self, Step};
use crate::model::conversation::Conversation;

pub(super) const LIST: &str =
    "SELECT desk_id, to_desk_id, live_ms, other_ms FROM cascades ORDER BY desk_id, position";
const OF: &str =
    "SELECT desk_id, to_desk_id, live_ms, other_ms FROM cascades WHERE desk_id = $1 ORDER BY position";
const CLEAR: &str = "DELETE FROM cascades WHERE desk_id = $1";
const ADD: &str =
    "INSERT INTO cascades (desk_id, position, to_desk_id, live_ms, other_ms) VALUES ($1, $2, $3, $4, $5)";
const DUE: &str = "SELECT id FROM conversations WHERE hop_at IS NOT NULL AND hop_at <= $1 AND state = 'open' \
     AND owner_id IS NULL ORDER BY hop_at, id LIMIT $2";
const NEXT_DUE: &str = "SELECT MIN(hop_at) FROM conversations WHERE hop_at IS NOT NULL AND state = 'open' \
     AND owner_id IS NULL";

pub(super) const ALL: &[&str] = &[LIST, OF, CLEAR, ADD, DUE, NEXT_DUE];

/// The steps of every desk, those of one desk in their order.
pub async fn all(conn: &mut Conn) -> Result<Vec<Step>, Error> {
    Ok(rows!(conn, Step, LIST)?)
}

/// The steps of a desk, in their order.
pub async fn of(conn: &mut Conn, desk: Uuid) -> Result<Vec<Step>, Error> {
    Ok(rows!(conn, Step, OF, desk)?)
}

/// Decides the steps of a desk.
pub async fn set(tx: &mut Tx, desk: Uuid, steps: &[Step]) -> Result<(), Error> {
    execute!(&mut **tx, CLEAR, desk)?;
    for (position, step) in (1_i64..).zip(steps) {
        execute!(&mut **tx, ADD, desk, position, step.to_desk_id, step.live_ms, step.other_ms)?;
    }
    Ok(())
}

/// What is to take its next step, longest due first.
pub async fn due(conn: &mut Conn, now: Millis, most: i64) -> Result<Vec<Uuid>, Error> {
    Ok(rows!(conn, (Uuid,), DUE, now, most)?.into_iter().map(|(id,)| id).collect())
}

/// When the next step of any is due.
pub async fn next_due(conn: &mut Conn) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, (Option<i64>,), NEXT_DUE)?.and_then(|(at,)| at))
}

/// When a question takes its next step that has been where it is since then; none: it has none, or nobody waits.
pub async fn next_hop(conn: &mut Conn, row: &Conversation, since: Millis) -> Result<Option<Millis>, Error> {
    if !cascade::is_waiting(row) {
        return Ok(None);
    }
    let steps = of(conn, row.desk_id).await?;
    let Some(step) = usize::try_from(row.step).ok().and_then(|taken| steps.get(taken)) else {
        return Ok(None);
    };
    let hours = hours::of_desk(conn, cascade::at_last(row)).await?;
    Ok(cascade::due(step, row.live, hours.as_ref(), since))
}

/// What a change means for the steps of a question: one that comes to another desk begins there, and one that begins to
/// wait for somebody does so from now on.
pub async fn follow(
    conn: &mut Conn,
    before: &Conversation,
    after: &mut Conversation,
    now: Millis,
) -> Result<(), Error> {
    if cascade::begins_anew(before, after) {
        (after.offered, after.step, after.hop_at) = (String::new(), 0, None);
    } else if cascade::is_waiting(before) || !cascade::is_waiting(after) {
        return Ok(());
    }
    after.hop_at = next_hop(conn, after, now).await?;
    Ok(())
}
