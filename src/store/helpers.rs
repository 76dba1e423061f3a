//! Who of us knows a patron, read from the latest of their conversations.

use uuid::Uuid;

use super::{Conn, Error, Tx, row, rows, settings};
use crate::model::Millis;
use crate::model::helper::{Answer, COUNTED_MS, HEAD_START_MS, LOOKED_AT};

const HEAD_START: &str = "head_start_ms";

macro_rules! latest {
    ($what:literal) => {
        concat!(
            "(SELECT id, ",
            $what,
            " FROM conversations WHERE patron_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3) c"
        )
    };
}

const ANSWERS: &str = concat!(
    "SELECT w.staff_id, w.closed_at AS at FROM ",
    latest!("patron_id"),
    " CROSS JOIN waits w WHERE w.conversation_id = c.id AND w.outcome = 'answered' AND w.staff_id IS NOT NULL \
     AND w.closed_at >= $4"
);
const LAST_OWNER: &str = concat!(
    "SELECT c.owner_id FROM ",
    latest!("owner_id"),
    " WHERE c.owner_id IS NOT NULL ORDER BY c.id DESC LIMIT 1"
);

pub(super) const ALL: &[&str] = &[ANSWERS, LAST_OWNER];

/// The answers of the last year that ended waits of a patron, in the conversations that began before this one.
pub async fn answers(conn: &mut Conn, patron: Uuid, before: Uuid, now: Millis) -> Result<Vec<Answer>, Error> {
    Ok(rows!(conn, Answer, ANSWERS, patron, before, LOOKED_AT, now - COUNTED_MS)?)
}

/// Whoever had the patron's last question, of those before this one.
pub async fn last_owner(conn: &mut Conn, patron: Uuid, before: Uuid) -> Result<Option<Uuid>, Error> {
    Ok(row!(conn, (Uuid,), LAST_OWNER, patron, before, LOOKED_AT)?.map(|(owner,)| owner))
}

/// How long a question is kept for who knows its patron, milliseconds of open time.
pub async fn head_start(conn: &mut Conn) -> Result<i64, Error> {
    let kept = settings::get(conn, HEAD_START).await?;
    Ok(kept.and_then(|ms| ms.parse().ok()).unwrap_or(HEAD_START_MS))
}

/// Decides that.
pub async fn set_head_start(tx: &mut Tx, ms: i64) -> Result<(), Error> {
    settings::set(tx, HEAD_START, &ms.to_string()).await
}
