//! Which patrons are one person, and what moves with that.

use uuid::Uuid;

use super::{Conn, Error, Tx, row, rows, tell};
use crate::model::Millis;
use crate::model::union::Union;

macro_rules! columns {
    () => {
        "id, from_id, into_id, at, staff_id, same_address, checked, took_goes_by, took_pronouns, took_answer_by, undone_at \
         FROM unions"
    };
}

const INSERT: &str = "INSERT INTO unions (id, from_id, into_id, at, staff_id, same_address, checked, took_goes_by, \
     took_pronouns, took_answer_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const STANDING: &str = concat!("SELECT ", columns!(), " WHERE from_id = $1 AND undone_at IS NULL");
const INTO: &str =
    concat!("SELECT ", columns!(), " WHERE into_id = $1 AND undone_at IS NULL ORDER BY at, id");
const UNDO: &str = "UPDATE unions SET undone_at = $2 WHERE id = $1";
const CONVERSATIONS_OF: &str = "SELECT id FROM conversations WHERE patron_id = $1 ORDER BY id";
const STANDING_OF: &str = "SELECT id FROM conversations WHERE patron_id = $1 AND merged_into IS NULL \
     AND state IN ('open', 'waiting', 'snoozed') ORDER BY id";

/// Whose each was is written down before it goes.
const KEEP: [&str; 3] = [
    "INSERT INTO union_parts (union_id, part_id, part) SELECT $1, id, 'address' FROM addresses WHERE patron_id = $2",
    "INSERT INTO union_parts (union_id, part_id, part) SELECT $1, id, 'note' FROM patron_notes WHERE patron_id = $2",
    "INSERT INTO union_parts (union_id, part_id, part, name) \
     SELECT $1, id, 'conversation', patron_name FROM conversations WHERE patron_id = $2",
];
const GO: [&str; 4] = [
    "UPDATE addresses SET patron_id = $2 WHERE patron_id = $1",
    "UPDATE patron_notes SET patron_id = $2 WHERE patron_id = $1",
    "UPDATE conversations SET patron_id = $2 WHERE patron_id = $1",
    "UPDATE away_answers SET patron_id = $2 WHERE patron_id = $1",
];
const PARTS_BACK: [&str; 3] = [
    "UPDATE addresses SET patron_id = $2 WHERE patron_id = $3 \
     AND id IN (SELECT p.part_id FROM union_parts p WHERE p.union_id = $1 AND p.part = 'address')",
    "UPDATE patron_notes SET patron_id = $2 WHERE patron_id = $3 \
     AND id IN (SELECT p.part_id FROM union_parts p WHERE p.union_id = $1 AND p.part = 'note')",
    "UPDATE conversations SET patron_id = $2, \
     patron_name = (SELECT p.name FROM union_parts p WHERE p.union_id = $1 AND p.part_id = conversations.id) \
     WHERE patron_id = $3 \
     AND id IN (SELECT p.part_id FROM union_parts p WHERE p.union_id = $1 AND p.part = 'conversation')",
];
/// What began since belongs to whoever wrote first in it. Addresses are back by then.
const SINCE_BACK: &str = "UPDATE conversations SET patron_id = $1 WHERE patron_id = $2 AND created_at >= $3 \
     AND (SELECT m.address_id FROM messages m WHERE (m.home_id = conversations.id \
     OR m.conversation_id = conversations.id AND m.home_id IS NULL) AND m.direction = 'in' AND m.address_id IS NOT NULL ORDER BY m.seq LIMIT 1) \
     IN (SELECT a.id FROM addresses a WHERE a.patron_id = $1)";
/// Who was told that a desk is closed is whoever has the address to which that went.
const AWAY_BACK: &str = "UPDATE away_answers SET patron_id = $1 WHERE patron_id = $2 AND message_id IN \
     (SELECT m.id FROM messages m JOIN addresses a ON a.id = m.address_id WHERE m.id = away_answers.message_id \
     AND a.patron_id = $1)";

pub(super) const ALL: &[&str] = &[
    INSERT,
    STANDING,
    INTO,
    UNDO,
    CONVERSATIONS_OF,
    STANDING_OF,
    KEEP[0],
    KEEP[1],
    KEEP[2],
    GO[0],
    GO[1],
    GO[2],
    GO[3],
    PARTS_BACK[0],
    PARTS_BACK[1],
    PARTS_BACK[2],
    SINCE_BACK,
    AWAY_BACK,
];

/// The union by which a patron is another one.
pub async fn standing(conn: &mut Conn, from: Uuid) -> Result<Option<Union>, Error> {
    Ok(row!(conn, Union, STANDING, from)?)
}

/// Those by which others are this patron, in their order.
pub async fn into(conn: &mut Conn, into: Uuid) -> Result<Vec<Union>, Error> {
    Ok(rows!(conn, Union, INTO, into)?)
}

/// Every conversation of a patron, oldest first, shells among them.
pub async fn conversations_of(conn: &mut Conn, patron: Uuid) -> Result<Vec<Uuid>, Error> {
    Ok(rows!(conn, (Uuid,), CONVERSATIONS_OF, patron)?.into_iter().map(|(id,)| id).collect())
}

/// Those that are neither done nor spam nor part of another one.
pub async fn standing_of(conn: &mut Conn, patron: Uuid) -> Result<Vec<Uuid>, Error> {
    Ok(rows!(conn, (Uuid,), STANDING_OF, patron)?.into_iter().map(|(id,)| id).collect())
}

/// Everything of the one who goes is the other's from now on. What the patrons' own rows say is the caller's.
pub async fn go(tx: &mut Tx, new: &Union) -> Result<(), Error> {
    let Union { id, from_id, into_id, at, staff_id, same_address, checked, .. } = new;
    let (goes_by, pronouns, answer_by) = (new.took_goes_by, new.took_pronouns, new.took_answer_by);
    tell!(
        &mut tx.conn,
        INSERT,
        *id,
        *from_id,
        *into_id,
        *at,
        *staff_id,
        *same_address,
        checked,
        goes_by,
        pronouns,
        answer_by
    )?;
    for text in KEEP {
        tell!(&mut tx.conn, text, *id, *from_id)?;
    }
    for text in GO {
        tell!(&mut tx.conn, text, *from_id, *into_id)?;
    }
    Ok(())
}

/// Everything is whose it was, and what came since is whose address it came from.
pub async fn go_back(tx: &mut Tx, union: &Union, now: Millis) -> Result<(), Error> {
    for text in PARTS_BACK {
        tell!(&mut tx.conn, text, union.id, union.from_id, union.into_id)?;
    }
    tell!(&mut tx.conn, SINCE_BACK, union.from_id, union.into_id, union.at)?;
    tell!(&mut tx.conn, AWAY_BACK, union.from_id, union.into_id)?;
    Ok(tell!(&mut tx.conn, UNDO, union.id, now)?)
}
