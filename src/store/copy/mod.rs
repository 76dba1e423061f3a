//! Moves a library from one store to another: from the file it began with to a server it has grown into.
//!
//! Whatever stops it, it goes on where it was when it is run again; what is there already is never written twice. The
//! words are indexed anew by the store that they arrive in.

mod rows;
mod tables;

use futures::FutureExt;

use super::{Conn, Db, Error, Tx, row, search, settings};
use rows::Value;
use tables::Table;

pub use tables::TABLES;
pub(super) use tables::{ONLY_POSTGRES, ONLY_SQLITE, count};

/// How many rows share a transaction: enough to make commits cheap, few enough to be a small loss.
const BATCH: i64 = 500;
/// The setting of a store that is being filled, and of one that was. Not copied.
const MARK: &str = "store_copy";

const IDENTITY: &str =
    "SELECT id, (SELECT value FROM sequences WHERE name = 'event') FROM libraries ORDER BY id LIMIT 1";

pub(super) const ALL: &[&str] = &[IDENTITY];

/// One table, and how many rows each side has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Its name.
    pub table: &'static str,
    /// In the store that is read.
    pub from: i64,
    /// In the store that is filled.
    pub to: i64,
}

/// Copies everything. `progress` is told the table, how many of its rows are there and how many there will be.
///
/// # Errors
/// A sentence: the target holds something else, or the source went on since a copy was interrupted; nothing is written
/// then. Any other error leaves a part that the next run completes.
pub async fn copy(
    from: &Db,
    to: &Db,
    progress: &mut (dyn FnMut(&str, i64, i64) + Send),
) -> Result<Vec<Copied>, Error> {
    let mut source = snapshot(from).await?;
    let Some((library, newest)) = row!(&mut source, (uuid::Uuid, i64), IDENTITY)? else {
        return Err(Error::Address(
            "There is no library in the store to copy from. Nothing was copied.".to_owned(),
        ));
    };
    let (copying, copied) = (format!("copying {library} {newest}"), format!("copied {library} {newest}"));
    let mark = settings::get(&mut to.read().await?, MARK).await?;
    match mark {
        Some(mark) if mark == copied => return counts(&mut source, to).await,
        Some(mark) if mark == copying => {}
        Some(_) => {
            return Err(Error::Address(
                "The store to copy to holds a copy of another library, or of this one at another time. Nothing was \
                 copied; empty it and start again."
                    .to_owned(),
            ));
        }
        None => {
            if let Some(table) = occupied(to).await? {
                return Err(Error::Address(format!(
                    "The store to copy to is not empty: there is something in {table}. Nothing was copied; name an \
                     empty one."
                )));
            }
            to.write(move |tx| async move { settings::set(tx, MARK, &copying).await }.boxed()).await?;
        }
    }
    for name in TABLES {
        let table = tables::table(&mut source, name).await?;
        copy_table(&mut source, to, &table, progress).await?;
    }
    let counts = counts(&mut source, to).await?;
    if let Some(short) = counts.iter().find(|counts| counts.from != counts.to) {
        let Copied { table, from, to } = short;
        return Err(Error::Unreadable(format!("{to} of {from} rows of {table} arrived; run the copy again")));
    }
    to.write(move |tx| async move { settings::set(tx, MARK, &copied).await }.boxed()).await?;
    Ok(counts)
}

/// A connection that goes on seeing the source as it is now.
async fn snapshot(from: &Db) -> Result<Conn, Error> {
    let mut conn = from.read().await?;
    if from.engine.in_memory() {
        return Ok(conn);
    }
    // Never given back: whoever is interrupted leaves it in the middle of its transaction.
    match &mut conn {
        Conn::Sqlite(file) => {
            file.close_on_drop();
            sqlx::query("BEGIN").execute(file.ready().await?).await?;
        }
        Conn::Postgres(conn) => {
            conn.close_on_drop();
            sqlx::query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(&mut **conn).await?;
        }
    }
    Ok(conn)
}

async fn copy_table(
    source: &mut Conn,
    to: &Db,
    table: &Table,
    progress: &mut (dyn FnMut(&str, i64, i64) + Send),
) -> Result<(), Error> {
    let of = count(source, table.name).await?;
    let mut target = to.read().await?;
    let mut done = count(&mut target, table.name).await?;
    // Texts sort differently on some servers, so only other keys tell how far an interrupted copy got. Tables keyed by
    // text are small: they are written over.
    let mut after = if table.keyed_by_text() { None } else { rows::last_key(&mut target, table).await? };
    drop(target);
    if after.is_none() {
        done = 0;
    }
    loop {
        progress(table.name, done, of);
        let batch = rows::read(source, table, after.as_deref(), BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(table.key_of(last));
        done += i64::try_from(batch.len()).unwrap_or(0);
        let table = table.clone();
        to.write(move |tx| async move { keep(tx, &table, batch).await }.boxed()).await?;
    }
}

async fn keep(tx: &mut Tx, table: &Table, mut batch: Vec<Vec<Value>>) -> Result<(), Error> {
    if table.name == "settings" {
        // A store that was itself filled by a copy has a mark of its own.
        let mark = Value::Text(Some(MARK.to_owned()));
        batch.retain(|row| !row.contains(&mark));
    }
    rows::write(tx, table, &batch).await?;
    if table.name == "messages" {
        let seq = table.place_of("seq");
        for row in &batch {
            if let Some(Value::Number(Some(seq))) = seq.and_then(|seq| row.get(seq)) {
                search::index(tx, *seq).await?;
            }
        }
    }
    Ok(())
}

/// A table of the target that is not as a fresh store has it.
async fn occupied(to: &Db) -> Result<Option<&'static str>, Error> {
    let mut conn = to.read().await?;
    for table in TABLES {
        if *table != "sequences" && count(&mut conn, table).await? > 0 {
            return Ok(Some(table));
        }
    }
    Ok(None)
}

async fn counts(source: &mut Conn, to: &Db) -> Result<Vec<Copied>, Error> {
    let mut target = to.read().await?;
    let mut counts = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        let (mut here, mut there) = (count(source, table).await?, count(&mut target, table).await?);
        if *table == "settings" {
            here -= i64::from(settings::get(source, MARK).await?.is_some());
            there -= i64::from(settings::get(&mut target, MARK).await?.is_some());
        }
        counts.push(Copied { table, from: here, to: there });
    }
    Ok(counts)
}
