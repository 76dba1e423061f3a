//! Numbers that are handed out without a gap ever becoming visible: each is taken until its transaction ends.

use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, query_scalar};

use super::{Conn, Error, Tx};

const NEXT_EVENTS: &str = "UPDATE sequences SET value = value + $1 WHERE name = 'event' RETURNING value";
const NEXT_CONVERSATIONS: &str =
    "UPDATE sequences SET value = value + $1 WHERE name = 'conversation' RETURNING value";

/// Only a server runs them: see [`Numbers`].
pub(super) const ONLY_POSTGRES: &[&str] = &[NEXT_EVENTS, NEXT_CONVERSATIONS];
pub(super) const ONLY_SQLITE: &[&str] = &[Numbers::READ, Numbers::KEEP];

/// The numbers of a transaction on a file. It is the only writer, so it reads them once and keeps them once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    event: i64,
    conversation: i64,
    as_read: (i64, i64),
}

impl Numbers {
    pub(super) const READ: &str = "SELECT (SELECT value FROM sequences WHERE name = 'event'), \
         (SELECT value FROM sequences WHERE name = 'conversation')";
    pub(super) const KEEP: &str = "UPDATE sequences SET value = CASE name WHEN 'event' THEN $1 ELSE $2 END \
         WHERE name IN ('event', 'conversation')";

    pub(super) fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let (event, conversation) = <(i64, i64)>::from_row(row)?;
        Ok(Self { event, conversation, as_read: (event, conversation) })
    }

    /// What [`Self::KEEP`] is told, if any was handed out.
    pub(super) fn to_keep(self) -> Option<(i64, i64)> {
        let now = (self.event, self.conversation);
        (now != self.as_read).then_some(now)
    }
}

/// The first of so many for the next lines of the history.
pub(super) async fn next_events(tx: &mut Tx, lines: usize) -> Result<i64, Error> {
    let lines = i64::try_from(lines).unwrap_or(i64::MAX);
    let last = match &mut tx.conn {
        Conn::Sqlite(file) => {
            let numbers = file.numbers().await?;
            numbers.event += lines;
            numbers.event
        }
        Conn::Postgres(conn) => query_scalar(NEXT_EVENTS).bind(lines).fetch_one(&mut **conn).await?,
    };
    Ok(last - lines + 1)
}

/// The first of so many for the next conversations.
pub(super) async fn next_conversations(tx: &mut Tx, conversations: usize) -> Result<i64, Error> {
    let conversations = i64::try_from(conversations).unwrap_or(i64::MAX);
    let last = match &mut tx.conn {
        Conn::Sqlite(file) => {
            let numbers = file.numbers().await?;
            numbers.conversation += conversations;
            numbers.conversation
        }
        Conn::Postgres(conn) => {
            query_scalar(NEXT_CONVERSATIONS).bind(conversations).fetch_one(&mut **conn).await?
        }
    };
    Ok(last - conversations + 1)
}
