//! Looks a store through: whether what is kept twice agrees, and whether nothing is missing.

use std::fmt::Display;

use futures::FutureExt;
use sqlx::FromRow;
use uuid::Uuid;

use super::blobs::Blobs;
use super::copy::{TABLES, count};
use super::{Conn, Db, Error, row, rows, search, stacks, tallies};

const HISTORY: &str = "SELECT COUNT(*), COALESCE(MAX(seq), 0), COALESCE(MIN(seq), 1), \
     (SELECT value FROM sequences WHERE name = 'event') FROM events";
const NUMBERS: &str = "SELECT COUNT(*) FROM conversations \
     WHERE number > (SELECT value FROM sequences WHERE name = 'conversation')";
const UNEVEN_INTAKE: &str = "SELECT c.name, i.received, i.messages, i.held, i.duplicates FROM intake i \
     JOIN channels c ON c.id = i.channel_id WHERE i.received <> i.messages + i.held + i.duplicates ORDER BY c.name";
const BLOBS: &str = "SELECT id, name, size FROM \
     (SELECT id, blob AS name, size FROM envelopes WHERE blob IS NOT NULL \
     UNION ALL SELECT id, sha256 AS name, size FROM attachments WHERE sha256 IS NOT NULL AND state = 'kept' \
     UNION ALL SELECT id, blob AS name, size FROM uploads WHERE blob IS NOT NULL AND size > 0 AND NOT thrown_away) files \
     WHERE id > $1 ORDER BY id LIMIT 500";
const NUMBERED: &str = "SELECT COALESCE(MIN(seq), 0), COALESCE(MAX(seq), -1) FROM messages";
const STILL_LEFT: &str = "SELECT seq FROM message_words WHERE seq BETWEEN $1 AND $2";
const DAMAGE: &str =
    "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok' LIMIT 20";
const DANGLING: &str = "SELECT \"table\", \"parent\", COUNT(*) FROM pragma_foreign_key_check GROUP BY 1, 2";
/// Compares the index with the words it was made of.
const WORDS: &str = "INSERT INTO said (said, rank) VALUES ('integrity-check', 0)";
/// So many numbers are looked at together.
const AT_ONCE: i64 = 1_000;

const NOT_IN_ROW: &str = "SELECT count(*) FROM (SELECT size, bytes FROM attachments WHERE state = 'kept' \
     AND sha256 IS NULL UNION ALL SELECT size, bytes FROM uploads WHERE blob IS NULL) files \
     WHERE bytes IS NULL OR length(bytes) <> size";

pub(super) const ALL: &[&str] = &[HISTORY, NUMBERS, UNEVEN_INTAKE, BLOBS, NOT_IN_ROW, NUMBERED, STILL_LEFT];
pub(super) const ONLY_SQLITE: &[&str] = &[DAMAGE, DANGLING, WORDS];

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Each table and how many rows it has.
    pub counts: Vec<(&'static str, i64)>,
    /// What is wrong, a sentence each; empty when all is well.
    pub wrong: Vec<String>,
}

/// Looks everything through; changes nothing. `progress` is told what is looked at. Takes time on a large store.
pub async fn check(
    db: &Db,
    blobs: &Blobs,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Result<Findings, Error> {
    let mut found = Findings::default();
    let mut conn = db.read().await?;
    progress("tables");
    for table in TABLES {
        found.counts.push((table, count(&mut conn, table).await?));
    }
    engine(&mut conn, &mut found.wrong).await?;
    progress("history");
    history(&mut conn, &mut found.wrong).await?;
    progress("tallies");
    for tallies::Wrong { desk, owner, state, kept, counted } in tallies::wrong(&mut conn).await? {
        found.wrong.push(format!(
            "The tally of desk {desk}, owner {owner}, state {state} says {kept}, but there are {counted}."
        ));
    }
    for stacks::Wrong { desk_id, rung, skill, kept, counted, .. } in stacks::wrong(&mut conn).await? {
        found.wrong.push(format!(
            "The stack of unclaimed questions of desk {desk_id}, rung {rung}, skill “{skill}” says {kept}, but there are {counted}."
        ));
    }
    progress("intake");
    for (name, received, messages, held, duplicates) in
        rows!(&mut conn, (String, i64, i64, i64, i64), UNEVEN_INTAKE)?
    {
        found.wrong.push(format!(
            "{name} received {received}, but {messages} messages, {held} held and {duplicates} duplicates are accounted for."
        ));
    }
    progress("search");
    let lost = differing(&mut conn).await?;
    complain(&mut found.wrong, lost, "messages cannot be found by the words they hold");
    drop(conn);
    words(db, &mut found.wrong).await?;
    progress("files");
    files(db, blobs, &mut found.wrong).await?;
    Ok(found)
}

/// What the engine itself can tell. A server checks its references with every change.
async fn engine(conn: &mut Conn, wrong: &mut Vec<String>) -> Result<(), Error> {
    let Conn::Sqlite(file) = conn else { return Ok(()) };
    let conn = file.ready().await?;
    let damage: Vec<(String,)> = sqlx::query_as(DAMAGE).fetch_all(&mut *conn).await?;
    wrong.extend(damage.into_iter().map(|(what,)| format!("The file is damaged: {what}.")));
    let dangling: Vec<(String, String, i64)> = sqlx::query_as(DANGLING).fetch_all(&mut *conn).await?;
    let said = dangling.into_iter().map(|(table, parent, count)| {
        format!("{count} rows of {table} refer to something in {parent} that is not there.")
    });
    wrong.extend(said);
    Ok(())
}

async fn history(conn: &mut Conn, wrong: &mut Vec<String>) -> Result<(), Error> {
    if let Some((lines, newest, oldest, given)) = row!(conn, (i64, i64, i64, i64), HISTORY)?
        && (lines != newest || oldest != 1 || given != newest)
    {
        wrong.push(format!(
            "The history has {lines} lines from {oldest} to {newest} and {given} numbers were given: some are missing."
        ));
    }
    let beyond = row!(conn, (i64,), NUMBERS)?.map_or(0, |(count,)| count);
    complain(wrong, beyond, "conversations have numbers that are still to be given");
    Ok(())
}

/// How many messages are kept with other words than they hold. Those whose words are still to be read are well as they are.
async fn differing(conn: &mut Conn) -> Result<i64, Error> {
    let Some((first, last)) = row!(conn, (i64, i64), NUMBERED)? else { return Ok(0) };
    let (mut count, mut from) = (0, first);
    while from <= last {
        let to = from.saturating_add(AT_ONCE - 1);
        let left = rows!(conn, (i64,), STILL_LEFT, from, to)?;
        for seq in search::differing(conn, from, to).await? {
            count += i64::from(!left.contains(&(seq,)));
        }
        from = to.saturating_add(1);
    }
    Ok(count)
}

/// A file's index against the words it was made of.
async fn words(db: &Db, wrong: &mut Vec<String>) -> Result<(), Error> {
    if db.is_shared() {
        return Ok(());
    }
    let compared = db.write(|tx| {
        async move {
            let Conn::Sqlite(file) = &mut **tx else { return Ok(()) };
            sqlx::query(WORDS).execute(file.ready().await?).await?;
            Ok::<_, Error>(())
        }
        .boxed()
    });
    match compared.await {
        Ok(_) => Ok(()),
        Err(Error::Engine(sqlx::Error::Database(error))) => {
            wrong.push(format!("The index of words does not agree with the words: {error}."));
            Ok(())
        }
        Err(error) => Err(error),
    }
}

async fn files(db: &Db, blobs: &Blobs, wrong: &mut Vec<String>) -> Result<(), Error> {
    let lost = row!(&mut db.read().await?, (i64,), NOT_IN_ROW)?.map_or(0, |(count,)| count);
    complain(wrong, lost, "small files are missing or cut short");
    #[derive(FromRow)]
    struct File {
        id: Uuid,
        name: String,
        size: i64,
    }
    let mut after = Uuid::nil();
    loop {
        // The connection is given back before the files are asked for: they may be far away.
        let batch = rows!(&mut db.read().await?, File, BLOBS, after)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.id;
        for File { id, name, size } in batch {
            if !blobs.has(&name, size.unsigned_abs()).await? {
                wrong
                    .push(format!("The file {name} ({size} bytes) that {id} needs is missing or cut short."));
            }
        }
    }
}

fn complain(wrong: &mut Vec<String>, count: i64, what: impl Display) {
    if count > 0 {
        wrong.push(format!("{count} {what}."));
    }
}
