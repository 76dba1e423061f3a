//! Keeps the words of messages.

use sqlx::FromRow;

use crate::model::message::Direction;
use crate::model::search::words::Source;
use crate::store::several::tell_all;
use crate::store::{Conn, Error, Tx, rows};

/// Whom an answer went to is who is behind its own thread, wherever that is shown.
macro_rules! sources {
    () => {
        "SELECT m.seq, m.at, m.kind, m.conversation_id, COALESCE(m.subject, '') AS subject, m.text AS body, \
         m.author_name AS author, COALESCE(a.shown, '') AS address, m.direction, c.patron_name AS patron \
         FROM messages m JOIN conversations c ON c.id = COALESCE(m.home_id, m.conversation_id) LEFT JOIN addresses a ON a.id = m.address_id "
    };
}
pub(super) use sources;

const SOURCES: &str = concat!(sources!(), "WHERE m.seq BETWEEN $1 AND $2 ORDER BY m.seq");
const KEEP_SQLITE: &str = "INSERT INTO said (rowid, words) VALUES ($1, $2)";
const KEEP_POSTGRES: &str = "INSERT INTO said (seq, words) VALUES ($1, \
     array_to_tsvector(array_remove(string_to_array(CAST($2 AS text), ' '), ''))) \
     ON CONFLICT (seq) DO UPDATE SET words = excluded.words";
const REMOVE_SQLITE: &str = "DELETE FROM said WHERE rowid = $1";
const REMOVE_POSTGRES: &str = "DELETE FROM said WHERE seq = $1";
const KEPT_SQLITE: &str = "SELECT rowid AS seq, words FROM said WHERE rowid BETWEEN $1 AND $2 ORDER BY rowid";
const KEPT_POSTGRES: &str = "SELECT seq, array_to_string(tsvector_to_array(words), ' ') AS words FROM said \
     WHERE seq BETWEEN $1 AND $2 ORDER BY seq";

pub(super) const ALL: &[&str] = &[SOURCES];
pub(super) const ONLY_SQLITE: &[&str] = &[KEEP_SQLITE, REMOVE_SQLITE, KEPT_SQLITE];
pub(super) const ONLY_POSTGRES: &[&str] = &[KEEP_POSTGRES, REMOVE_POSTGRES, KEPT_POSTGRES];

/// A message as its words are read from it.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Read {
    pub seq: i64,
    pub at: i64,
    pub kind: String,
    pub conversation_id: uuid::Uuid,
    pub subject: String,
    pub body: String,
    pub author: String,
    pub address: String,
    pub direction: String,
    pub patron: String,
}

impl Read {
    pub fn source(&self) -> Source<'_> {
        let goes_out = self.direction == Direction::Out.as_str();
        Source {
            subject: &self.subject,
            body: &self.body,
            author: &self.author,
            address: &self.address,
            recipient: goes_out.then_some(self.patron.as_str()),
        }
    }
}

/// Lets a message be found. Its row, and the address it is from or to, must be kept already.
///
/// # Errors
/// When the store cannot be written.
pub async fn index(tx: &mut Tx, seq: i64) -> Result<(), Error> {
    let read = rows!(&mut **tx, Read, SOURCES, seq, seq)?;
    let words: Vec<_> = read.iter().map(|one| (one.seq, one.source().kept())).collect();
    keep(tx, &words).await
}

/// The same of messages whose words, as [`Source::kept`] gives them, are known. Of many, they are best the last that is
/// written: a file takes new words to its pages whenever a statement of several rows begins after them.
///
/// # Errors
/// When the store cannot be written.
pub async fn keep(tx: &mut Tx, words: &[(i64, String)]) -> Result<(), Error> {
    match &mut **tx {
        Conn::Sqlite(_) => tell_all!(&mut **tx, KEEP_SQLITE, words, (seq, words) => *seq, words)?,
        Conn::Postgres(_) => tell_all!(&mut **tx, KEEP_POSTGRES, words, (seq, words) => *seq, words)?,
    }
    Ok(())
}

/// Takes a message's words out of the index, to the last byte.
///
/// # Errors
/// When the store cannot be written.
pub async fn remove(tx: &mut Tx, seq: i64) -> Result<(), Error> {
    match &mut **tx {
        Conn::Sqlite(file) => file.add(REMOVE_SQLITE).with(seq).tell().await,
        Conn::Postgres(conn) => sqlx::query(REMOVE_POSTGRES).bind(seq).execute(&mut **conn).await.map(|_| ()),
    }?;
    Ok(())
}

/// Numbers of messages, from this one to that, whose words are not kept as they are read.
pub(in crate::store) async fn differing(conn: &mut Conn, first: i64, last: i64) -> Result<Vec<i64>, Error> {
    let kept: Vec<(i64, String)> = match conn {
        Conn::Sqlite(file) => file.add(KEPT_SQLITE).with(first).with(last).ask().await?.read()?,
        Conn::Postgres(conn) => {
            sqlx::query_as(KEPT_POSTGRES).bind(first).bind(last).fetch_all(&mut **conn).await?
        }
    };
    let mut kept: std::collections::HashMap<i64, String> = kept.into_iter().collect();
    let sorted = |words: &str| {
        let mut words: Vec<_> = words.split_ascii_whitespace().map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    let mut differing = Vec::new();
    for one in rows!(conn, Read, SOURCES, first, last)? {
        let own = kept.remove(&one.seq).unwrap_or_default();
        if sorted(&own) != sorted(&one.source().kept()) {
            differing.push(one.seq);
        }
    }
    // Words of what is no message any more.
    differing.extend(kept.into_keys());
    Ok(differing)
}
