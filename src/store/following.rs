//! Where a line of the history belongs.

use uuid::Uuid;

use super::{Conn, Error, row};
use crate::model::event::Event;
use crate::model::following::Place;

/// Each line that takes a conversation to another desk is kept with both, so where it was at any line is known for good.
const PLACE: &str = "SELECT COALESCE(\
     (SELECT m.to_desk_id FROM moves m WHERE m.conversation_id = $1 AND m.seq <= $2 ORDER BY m.seq DESC LIMIT 1), \
     (SELECT m.from_desk_id FROM moves m WHERE m.conversation_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT 1), \
     c.desk_id) AS desk_id, \
     (SELECT m.from_desk_id FROM moves m WHERE m.conversation_id = $1 AND m.seq = $2) AS left_id, \
     EXISTS (SELECT 1 FROM handoffs h WHERE h.conversation_id = $1 AND h.to_staff_id = $3 AND h.at <= $4 \
     AND (h.settled_at IS NULL OR h.settled_at >= $4)) AS addressed \
     FROM conversations c WHERE c.id = $1";

pub(super) const ALL: &[&str] = &[PLACE];

/// Where a line belongs, to whoever follows.
pub async fn place(conn: &mut Conn, line: &Event, staff: Uuid) -> Result<Option<Place>, Error> {
    Ok(row!(conn, Place, PLACE, line.conversation_id, line.seq, staff, line.at)?)
}
