//! Answers that wait to be looked through, with their files, and whose are.

use std::collections::HashMap;

use uuid::Uuid;

use super::uploads::Upload;
use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::Millis;
use crate::model::review::{Review, State};

macro_rules! review {
    ($from:literal) => {
        concat!(
            "SELECT r.id, r.conversation_id, r.author_id, r.author_name, r.reviewer_id, r.text, r.subject, r.way, r.done, \
             r.seen, r.asked_at, r.state, r.settled_at, r.settled_by, r.settled_name, r.changed, r.word, r.message_id FROM ",
            $from
        )
    };
}

const INSERT: &str = "INSERT INTO reviews (id, conversation_id, author_id, author_name, reviewer_id, text, subject, way, \
     done, seen, asked_at, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open')";
const BY_ID: &str = review!("reviews r WHERE r.id = $1");
const OPEN: &str = review!("reviews r WHERE r.state = 'open' ORDER BY r.asked_at, r.id LIMIT $1");
const OPEN_IN: &str =
    review!("reviews r WHERE r.conversation_id = $1 AND r.state = 'open' ORDER BY r.asked_at, r.id");
const OPEN_OF: &str =
    review!("reviews r WHERE r.conversation_id = $1 AND r.author_id = $2 AND r.state = 'open'");
const BECAME: &str = review!(
    "messages m CROSS JOIN reviews r WHERE m.conversation_id = $1 AND m.kind = 'reply' AND r.message_id = m.id"
);
const SETTLE: &str = "UPDATE reviews SET state = $2, settled_at = $3, settled_by = $4, settled_name = $5, changed = $6, \
     word = $7, message_id = $8 WHERE id = $1 AND state = 'open'";
const GO: &str = "UPDATE reviews SET conversation_id = $2 WHERE conversation_id = $1 AND state = 'open' AND NOT EXISTS \
     (SELECT 1 FROM reviews o WHERE o.conversation_id = $2 AND o.author_id = reviews.author_id AND o.state = 'open')";
const HOLD: &str = "INSERT INTO review_files (upload_id, review_id, position) VALUES ($1, $2, $3)";
const LET_GO: &str = "DELETE FROM review_files WHERE review_id = $1";
const FILES: &str = "SELECT u.id, u.staff_id, u.filename, u.content_type, u.size, u.blob, u.created_at \
     FROM review_files f JOIN uploads u ON u.id = f.upload_id WHERE f.review_id = $1 AND u.size > 0 \
     AND NOT u.thrown_away ORDER BY f.position";
const IS_REVIEWED: &str = "SELECT reviewed FROM staff WHERE id = $1";
const REVIEWED: &str = "SELECT id FROM staff WHERE reviewed";
const MARK: &str = "UPDATE staff SET reviewed = $2 WHERE id = $1";

pub(super) const ALL: &[&str] = &[
    INSERT,
    BY_ID,
    OPEN,
    OPEN_IN,
    OPEN_OF,
    BECAME,
    SETTLE,
    GO,
    HOLD,
    LET_GO,
    FILES,
    IS_REVIEWED,
    REVIEWED,
    MARK,
];

/// Keeps a new one with its files, in their order. Its author must have no other that waits there.
pub async fn insert(tx: &mut Tx, new: &Review, files: &[Uuid]) -> Result<(), Error> {
    execute!(
        &mut **tx,
        INSERT,
        new.id,
        new.conversation_id,
        new.author_id,
        &new.author_name,
        new.reviewer_id,
        &new.text,
        &new.subject,
        new.way,
        new.done,
        new.seen,
        new.asked_at
    )?;
    for (position, file) in (0_i64..).zip(files) {
        execute!(&mut **tx, HOLD, file, new.id, position)?;
    }
    Ok(())
}

/// The one of this id.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Review>, Error> {
    Ok(row!(conn, Review, BY_ID, id)?)
}

/// Those that wait anywhere, the oldest first.
pub async fn open(conn: &mut Conn, most: i64) -> Result<Vec<Review>, Error> {
    Ok(rows!(conn, Review, OPEN, most)?)
}

/// Those that wait in a conversation, the oldest first.
pub async fn open_in(conn: &mut Conn, conversation: Uuid) -> Result<Vec<Review>, Error> {
    Ok(rows!(conn, Review, OPEN_IN, conversation)?)
}

/// The one of this author that waits there.
pub async fn open_of(conn: &mut Conn, conversation: Uuid, author: Uuid) -> Result<Option<Review>, Error> {
    Ok(row!(conn, Review, OPEN_OF, conversation, author)?)
}

/// What was looked through of a conversation's answers, by message.
pub async fn became(conn: &mut Conn, conversation: Uuid) -> Result<HashMap<Uuid, Review>, Error> {
    let all = rows!(conn, Review, BECAME, conversation)?;
    Ok(all.into_iter().filter_map(|review| Some((review.message_id?, review))).collect())
}

/// How one ends.
#[derive(Clone, Debug)]
pub struct Settled {
    /// What became of it.
    pub state: State,
    /// When.
    pub at: Millis,
    /// By whom.
    pub by: Uuid,
    /// The same, as shown.
    pub name: String,
    /// Other words left than its author's.
    pub changed: bool,
    /// With which word.
    pub word: Option<String>,
    /// The message that it became.
    pub message_id: Option<Uuid>,
}

/// It waits no more, and its files neither. False: somebody was faster.
pub async fn settle(tx: &mut Tx, id: Uuid, end: &Settled) -> Result<bool, Error> {
    let Settled { state, at, by, name, changed, word, message_id } = end;
    let done = execute!(&mut **tx, SETTLE, id, state.as_str(), at, by, name, *changed, word, *message_id)?;
    if done == 1 {
        execute!(&mut **tx, LET_GO, id)?;
    }
    Ok(done == 1)
}

/// What waits in a conversation goes along into another one, but for whoever has something waiting there already.
pub async fn go(tx: &mut Tx, from: Uuid, into: Uuid) -> Result<(), Error> {
    execute!(&mut **tx, GO, from, into)?;
    Ok(())
}

/// The files that wait with it, in their order.
pub async fn files(conn: &mut Conn, id: Uuid) -> Result<Vec<Upload>, Error> {
    Ok(rows!(conn, Upload, FILES, id)?)
}

/// Whether this person's answers are looked through.
pub async fn is_reviewed(conn: &mut Conn, staff: Uuid) -> Result<bool, Error> {
    Ok(row!(conn, (bool,), IS_REVIEWED, staff)?.is_some_and(|(reviewed,)| reviewed))
}

/// Everybody whose answers are looked through.
pub async fn reviewed(conn: &mut Conn) -> Result<Vec<Uuid>, Error> {
    Ok(rows!(conn, (Uuid,), REVIEWED)?.into_iter().map(|(id,)| id).collect())
}

/// From now on this person's answers are looked through, or not. False: there is no such person.
pub async fn mark(tx: &mut Tx, staff: Uuid, reviewed: bool) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, MARK, staff, reviewed)? == 1)
}
