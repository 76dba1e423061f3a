//! Messages whose words are still to be read: those of the time before words were made as they are now.

use crate::model::Millis;
use crate::store::{Conn, Db, Error, execute, row, rows};

use super::index::index;

const NEWEST: &str = "SELECT seq FROM message_words ORDER BY seq DESC LIMIT $1";
const DONE: &str = "DELETE FROM message_words WHERE seq = $1";
const SINCE: &str = "SELECT at FROM messages WHERE seq = (SELECT MAX(seq) FROM message_words)";

pub(super) const ALL: &[&str] = &[NEWEST, DONE, SINCE];

/// Reads the words of the newest so many that are left, in one transaction; gives how many they were. Whatever stops it, what
/// was read stays read.
///
/// # Errors
/// When the store cannot be written.
pub async fn read_some(db: &Db, most: i64) -> Result<usize, Error> {
    if rows!(&mut db.read().await?, (i64,), NEWEST, 1)?.is_empty() {
        return Ok(0);
    }
    let (read, _) = db
        .write(move |tx| {
            Box::pin(async move {
                let left = rows!(&mut **tx, (i64,), NEWEST, most)?;
                for (seq,) in &left {
                    super::remove(tx, *seq).await?;
                    index(tx, *seq).await?;
                    execute!(&mut **tx, DONE, *seq)?;
                }
                Ok::<_, Error>(left.len())
            })
        })
        .await?;
    Ok(read)
}

/// Since when everything that was said is found; none: all of it is.
///
/// # Errors
/// When the store cannot be read.
pub async fn complete_since(conn: &mut Conn) -> Result<Option<Millis>, Error> {
    Ok(row!(conn, (Millis,), SINCE)?.map(|(at,)| at))
}
