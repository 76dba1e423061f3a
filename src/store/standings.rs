//! Whether people are there, and what those hold who are not.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;
use crate::model::presence::{Presence, Signs, UNSEEN_MS};

macro_rules! signs {
    ($which:literal) => {
        concat!(
            "SELECT s.id AS staff_id, s.public_name, s.presence, s.presence_since, s.disabled_at, \
             (SELECT MAX(t.last_seen_at) FROM sessions t WHERE t.staff_id = s.id AND t.expires_at > $1) AS last_seen_at \
             FROM staff s WHERE ",
            $which
        )
    };
}

const SAY: &str = "UPDATE staff SET presence = $2, presence_since = $3 WHERE id = $1";
const ARRIVE: &str =
    "UPDATE staff SET presence = 'at_desk', presence_since = $2 WHERE id = $1 AND presence = 'away'";
const OF: &str = signs!("s.id = $2");
const EVERYBODY: &str = signs!("s.disabled_at IS NULL ORDER BY s.id");
// What waits for the patron has nobody waiting; the words are those of the index `conversations_mine`. A file's
// engine joins what is crossed in the order of the words: first those who are not there, of them what they have.
const HELD_BY_THE_GONE: &str = "SELECT c.id, c.desk_id, c.due_at FROM staff s CROSS JOIN conversations c \
     WHERE c.owner_id = s.id AND c.owner_id IS NOT NULL AND c.state IN ('open', 'waiting') \
     AND c.waiting_since IS NOT NULL AND (s.disabled_at IS NOT NULL OR s.presence = 'away' OR NOT EXISTS \
     (SELECT 1 FROM sessions t WHERE t.staff_id = s.id AND t.expires_at > $1 AND t.last_seen_at > $2)) \
     ORDER BY c.due_at, c.id LIMIT $3";

pub(super) const ALL: &[&str] = &[SAY, ARRIVE, OF, EVERYBODY, HELD_BY_THE_GONE];

/// A question whose owner seems not to be there.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Idle {
    /// Its id.
    pub id: Uuid,
    /// Its desk.
    pub desk_id: Uuid,
    /// When an answer is due.
    pub due_at: Millis,
}

/// Keeps what somebody says of themselves.
pub async fn say(tx: &mut Tx, staff: Uuid, presence: Presence, now: Millis) -> Result<(), Error> {
    execute!(&mut **tx, SAY, staff, presence.as_str(), now)?;
    Ok(())
}

/// Whoever signs in is no longer away.
pub async fn arrive(tx: &mut Tx, staff: Uuid, now: Millis) -> Result<(), Error> {
    execute!(&mut **tx, ARRIVE, staff, now)?;
    Ok(())
}

/// What is known of one person.
pub async fn of(conn: &mut Conn, staff: Uuid, now: Millis) -> Result<Option<Signs>, Error> {
    Ok(row!(conn, Signs, OF, now, staff)?)
}

/// What is known of everybody who may sign in.
pub async fn everybody(conn: &mut Conn, now: Millis) -> Result<Vec<Signs>, Error> {
    Ok(rows!(conn, Signs, EVERYBODY, now)?)
}

/// What patrons wait for and somebody has who seems not to be there, soonest due first.
pub async fn held_by_the_gone(conn: &mut Conn, now: Millis, most: i64) -> Result<Vec<Idle>, Error> {
    Ok(rows!(conn, Idle, HELD_BY_THE_GONE, now, now - UNSEEN_MS, most)?)
}
