//! The append-only history. Numbers come from one row whose lock is held until commit, so they become visible in order:
//! a reader that has seen 8 has seen 7.

use sqlx::{query_as, query_scalar};
use uuid::Uuid;

use super::several::tell_all;
use super::{Conn, Error, Tx, on, row, sequences};
use crate::model::Millis;
use crate::model::event::{Event, Kind};

const INSERT: &str = "INSERT INTO events (seq, at, kind, conversation_id, message_id, staff_id, actor_name, detail) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const AFTER: &str = "SELECT seq, at, kind, conversation_id, message_id, staff_id, actor_name, detail \
     FROM events WHERE seq > $1 ORDER BY seq LIMIT $2";
const OF_CONVERSATION: &str = "SELECT seq, at, kind, conversation_id, message_id, staff_id, actor_name, detail \
     FROM events WHERE conversation_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
const LAST_OF_KIND: &str = "SELECT seq, at, kind, conversation_id, message_id, staff_id, actor_name, detail \
     FROM events WHERE conversation_id = $1 AND kind = $2 ORDER BY seq DESC LIMIT 1";
const NEWEST: &str = "SELECT value FROM sequences WHERE name = 'event'";

pub(super) const ALL: &[&str] = &[INSERT, AFTER, OF_CONVERSATION, NEWEST, LAST_OF_KIND];

/// What is to be appended.
#[derive(Clone, Debug)]
pub struct Appending {
    /// When it happened.
    pub at: Millis,
    /// What.
    pub kind: Kind,
    /// Where.
    pub conversation_id: Uuid,
    /// The message it speaks of.
    pub message_id: Option<Uuid>,
    /// Who of us did it.
    pub staff_id: Option<Uuid>,
    /// Who did it, as shown.
    pub actor_name: String,
    /// What else must be said.
    pub detail: Option<String>,
}

impl Appending {
    /// Under a number from [`numbers`].
    pub fn numbered(self, seq: i64) -> Event {
        Event {
            seq,
            at: self.at,
            kind: self.kind,
            conversation_id: self.conversation_id,
            message_id: self.message_id,
            staff_id: self.staff_id,
            actor_name: self.actor_name,
            detail: self.detail,
        }
    }
}

/// Appends one line and gives its number.
pub async fn append(tx: &mut Tx, line: Appending) -> Result<i64, Error> {
    let seq = numbers(tx, 1).await?;
    append_numbered(tx, vec![line.numbered(seq)]).await?;
    Ok(seq)
}

/// Takes so many numbers and gives the first, to be appended under in this same transaction, each of them.
pub async fn numbers(tx: &mut Tx, lines: usize) -> Result<i64, Error> {
    sequences::next_events(tx, lines).await
}

/// Appends lines under numbers from [`numbers`], in their order.
pub async fn append_numbered(tx: &mut Tx, lines: Vec<Event>) -> Result<(), Error> {
    tell_all!(
        &mut tx.conn,
        INSERT,
        &lines[..],
        line => line.seq,
        line.at,
        line.kind.as_str(),
        line.conversation_id,
        line.message_id,
        line.staff_id,
        &line.actor_name,
        &line.detail
    )?;
    lines.into_iter().for_each(|line| tx.appended(line));
    Ok(())
}

/// What came after a number, oldest first.
pub async fn after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<Event>, Error> {
    Ok(on!(conn, c => query_as(AFTER).bind(seq).bind(limit).fetch_all(c).await)?)
}

/// A conversation's lines before a number (none: the newest), oldest first.
pub async fn of_conversation(
    conn: &mut Conn,
    conversation: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Event>, Error> {
    let before = before.unwrap_or(i64::MAX);
    let mut lines: Vec<Event> = on!(conn, c => query_as(OF_CONVERSATION).bind(conversation).bind(before).bind(limit).fetch_all(c).await)?;
    lines.reverse();
    Ok(lines)
}

/// The last line of this kind in a conversation.
pub async fn last_of_kind(conn: &mut Conn, conversation: Uuid, kind: Kind) -> Result<Option<Event>, Error> {
    Ok(row!(conn, Event, LAST_OF_KIND, conversation, kind.as_str())?)
}

/// The newest number.
pub async fn newest(conn: &mut Conn) -> Result<i64, Error> {
    Ok(on!(conn, c => query_scalar(NEWEST).fetch_one(c).await)?)
}
