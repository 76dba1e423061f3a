//! The one writer: callers queue, and those who queue together share one commit.
//!
//! A disk answers a commit in 1 to 10 ms however much is in it. While one group is being pressed to disk the next one
//! gathers, so a slow disk costs waiting, not throughput. Each job keeps its own fate by a savepoint.
//!
//! A file has one writer by nature. On a server the writers of all processes take turns by a lock that ends with the
//! transaction: what is read in a job cannot change before its commit, so both engines run every job alike, and no two
//! transactions can wait for each other.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::{AssertSqlSafe, PgPool, Row, SqlitePool};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::file::{File, Mark};
use super::trouble::Trouble;
use super::{Committed, Conn, Error, Tx, wake};
use crate::failpoint::{self, At};
use crate::model::event::Event;

const MOST_IN_A_GROUP: usize = 128;
const QUEUE: usize = 1024;
/// How often a server that went away during a commit is asked what became of it, a second apart.
const QUESTIONS: u32 = 30;

// One round trip: the turn, and the number by which the server can be asked for the transaction's fate.
/// A server may be told to show each transaction the past, as it was when it began to wait for its turn (`REPEATABLE READ` as
/// the default): then two would hand out the same numbers.
const BEGIN_POSTGRES: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(4919131752989213764); \
     SELECT CAST(pg_current_xact_id() AS text)";
const FATE: &str = "SELECT pg_xact_status(CAST(CAST($1 AS text) AS xid8))";

pub(super) const ONLY_POSTGRES: &[&str] = &[FATE];

type Work = Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, bool> + Send>;
type Verdict = Result<Vec<Event>, Error>;

struct Job {
    work: Work,
    verdict: oneshot::Sender<Verdict>,
}

/// Where the writer has its connection.
#[derive(Clone)]
pub(super) enum Source {
    /// A pool of exactly one connection, which the writer has to itself unless others must read by it.
    File(SqlitePool, bool),
    /// A pool for writing, and another to ask in when a commit's fate is unknown.
    Server(PgPool, PgPool),
}

/// A handle to the writer.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Job>,
    closing: CancellationToken,
    done: CancellationToken,
    trouble: Trouble,
}

impl Writer {
    /// Starts the writer.
    pub(super) fn start(source: Source) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (closing, done) = (CancellationToken::new(), CancellationToken::new());
        let ends = done.clone().drop_guard();
        let closes = closing.clone();
        let trouble = Trouble::default();
        let told = trouble.clone();
        tokio::spawn(async move {
            write_groups(&source, jobs, &closes, &told).await;
            match source {
                Source::File(pool, _) => pool.close().await,
                Source::Server(pool, _) => pool.close().await,
            }
            drop(ends);
        });
        Self { queue, closing, done, trouble }
    }

    pub(super) async fn run<T, E, F>(&self, job: F) -> Result<(T, Committed), E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let result = Arc::new(Mutex::new(None));
        let slot = result.clone();
        let work: Work = Box::new(move |tx| {
            Box::pin(async move {
                let outcome = job(tx).await;
                let kept = outcome.is_ok();
                if let Ok(mut slot) = slot.lock() {
                    *slot = Some(outcome);
                }
                kept
            })
        });
        let (verdict, answer) = oneshot::channel();
        self.queue.send(Job { work, verdict }).await.map_err(|_| Error::Closed)?;
        let verdict = answer.await.map_err(|_| Error::Closed)?;
        let outcome = result.lock().ok().and_then(|mut slot| slot.take());
        match (verdict?, outcome) {
            (events, Some(Ok(value))) => Ok((value, Committed { events })),
            (_, Some(Err(error))) => Err(error),
            (_, None) => Err(Error::Closed.into()),
        }
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble.now()
    }

    /// Takes no more jobs, lets the queue run dry and closes the connection.
    pub(super) async fn close(&self) {
        self.closing.cancel();
        self.done.cancelled().await;
    }
}

async fn write_groups(
    source: &Source,
    mut jobs: mpsc::Receiver<Job>,
    closing: &CancellationToken,
    trouble: &Trouble,
) {
    let mut group = Vec::with_capacity(MOST_IN_A_GROUP);
    let mut held = None;
    loop {
        tokio::select! {
            taken = jobs.recv_many(&mut group, MOST_IN_A_GROUP) => {
                if taken == 0 {
                    return;
                }
                held = write_group(source, held, &mut group, trouble).await;
            }
            () = closing.cancelled(), if !jobs.is_closed() => jobs.close(),
        }
    }
}

/// What became of one job before the commit.
enum Done {
    Kept,
    /// By its own error, which its caller has.
    Refused,
    /// By no error of its own.
    Failed(String),
}

/// Gives the connection back if the next group may use it at once.
async fn write_group(
    source: &Source,
    held: Option<Conn>,
    group: &mut Vec<Job>,
    trouble: &Trouble,
) -> Option<Conn> {
    let (mut tx, transaction) = match begin(source, held).await {
        Ok(begun) => begun,
        Err(error) => {
            let why = error.to_string();
            trouble.begins(why.clone());
            for job in group.drain(..) {
                let _ = job.verdict.send(Err(Error::Group(why.clone())));
            }
            return None;
        }
    };
    failpoint::pass(At::TransactionBegun);
    let alone = group.len() == 1;
    let mut answers = Vec::with_capacity(group.len());
    let (mut broken, mut keep, mut newest) = (None, false, None);
    for job in group.drain(..) {
        let answer = if broken.is_some() {
            Ok(Vec::new())
        } else {
            match run_job(&mut tx, job.work, alone).await {
                Ok(Done::Kept) => {
                    keep = true;
                    let events = std::mem::take(&mut tx.appended);
                    newest = events.last().map(|event| event.seq).or(newest);
                    Ok(events)
                }
                Ok(Done::Refused) => Ok(Vec::new()),
                Ok(Done::Failed(why)) => Err(Error::Group(why)),
                Err(error) => {
                    broken = Some(Broken::Undone(error.to_string()));
                    Ok(Vec::new())
                }
            }
        };
        answers.push((job.verdict, answer));
    }
    if broken.is_none() && keep {
        failpoint::pass(At::GroupDone);
        broken = commit(&mut tx, source, &transaction, newest).await.err();
        failpoint::pass(At::GroupCommitted);
    } else {
        roll_back(&mut tx).await;
    }
    if broken.is_some() {
        roll_back(&mut tx).await;
        if let Conn::Postgres(conn) = &mut tx.conn {
            // Its state is unknown: it is not used again.
            conn.close_on_drop();
        }
    }
    let unwritable = match &mut tx.conn {
        Conn::Sqlite(file) => file.unwritable(),
        Conn::Postgres(_) => None,
    };
    match (unwritable, &broken) {
        (Some(why), _) => trouble.begins(why),
        (None, Some(broken)) => trouble.begins(broken.error().to_string()),
        (None, None) if keep => trouble.is_over(),
        (None, None) => {}
    }
    for (verdict, answer) in answers {
        let _ = verdict.send(match &broken {
            Some(broken) => Err(broken.error()),
            None => answer,
        });
    }
    matches!(source, Source::File(_, true)).then_some(tx.conn)
}

/// Runs one job so that only its own changes go if it is refused. Alone it has the transaction to itself.
async fn run_job(tx: &mut Tx, work: Work, alone: bool) -> Result<Done, sqlx::Error> {
    let mark = if alone { None } else { Some(mark(tx).await?) };
    let mut done = match AssertUnwindSafe(work(tx)).catch_unwind().await {
        Ok(true) => Done::Kept,
        Ok(false) => Done::Refused,
        Err(panic) => {
            let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
            Done::Failed(format!("a fault in the program, {}", said.unwrap_or_default()))
        }
    };
    if mark.is_some()
        && matches!(done, Done::Kept)
        && let Err(error) = release(tx).await
    {
        done = Done::Failed(error.to_string());
    }
    if !matches!(done, Done::Kept) {
        tx.appended.clear();
        if let Some(mark) = mark {
            return_to(tx, mark).await?;
        }
    }
    Ok(done)
}

/// Marks where a job begins, so that it can be undone alone.
async fn mark(tx: &mut Tx) -> Result<Mark, sqlx::Error> {
    match &mut tx.conn {
        Conn::Sqlite(file) => file.mark().await,
        Conn::Postgres(conn) => {
            sqlx::raw_sql("SAVEPOINT job").execute(&mut **conn).await.map(|_| Mark::default())
        }
    }
}

/// The job since the mark stays. An error: it could not, and is still to be undone.
async fn release(tx: &mut Tx) -> Result<(), sqlx::Error> {
    match &mut tx.conn {
        Conn::Sqlite(file) => file.release().await,
        Conn::Postgres(conn) => sqlx::raw_sql("RELEASE job").execute(&mut **conn).await.map(|_| ()),
    }
}

/// The job since the mark never was.
async fn return_to(tx: &mut Tx, mark: Mark) -> Result<(), sqlx::Error> {
    match &mut tx.conn {
        Conn::Sqlite(file) => file.return_to(mark).await,
        Conn::Postgres(conn) => {
            sqlx::raw_sql("ROLLBACK TO job; RELEASE job").execute(&mut **conn).await.map(|_| ())
        }
    }
}

/// Why a whole group was not kept.
enum Broken {
    Undone(String),
    /// The server went away during the commit and did not come back to say.
    Unknown(String),
}

impl Broken {
    fn error(&self) -> Error {
        match self {
            Self::Undone(why) => Error::Group(why.clone()),
            Self::Unknown(why) => Error::Uncertain(why.clone()),
        }
    }
}

/// Begins a transaction and takes the turn; on a server with the name it is known by there.
async fn begin(source: &Source, held: Option<Conn>) -> Result<(Tx, String), sqlx::Error> {
    match source {
        Source::File(pool, _) => {
            let mut file = match held {
                Some(Conn::Sqlite(file)) => file,
                _ => File::new(pool.acquire().await?),
            };
            file.begin();
            Ok((Tx::new(Conn::Sqlite(file)), String::new()))
        }
        Source::Server(pool, _) => {
            let mut conn = pool.acquire().await?;
            let begun = sqlx::raw_sql(BEGIN_POSTGRES).fetch_all(&mut *conn).await;
            let rows = begun.inspect_err(|_| conn.close_on_drop())?;
            let name = rows.last().ok_or(sqlx::Error::RowNotFound)?.try_get(0)?;
            Ok((Tx::new(Conn::Postgres(conn)), name))
        }
    }
}

/// Commits, and on a server announces the newest number to the other processes in the same moment.
async fn commit(tx: &mut Tx, source: &Source, transaction: &str, newest: Option<i64>) -> Result<(), Broken> {
    let error = match &mut tx.conn {
        Conn::Sqlite(file) => file.commit().await,
        Conn::Postgres(conn) => {
            let text =
                newest.map_or_else(|| "COMMIT".to_owned(), |seq| format!("{}; COMMIT", wake::announce(seq)));
            sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **conn).await.map(|_| ())
        }
    };
    match (error, source) {
        (Ok(()), _) => Ok(()),
        (Err(error), Source::Server(_, asking)) if error.as_database_error().is_none() => {
            fate(asking, transaction, &error.to_string()).await
        }
        (Err(error), _) => Err(Broken::Undone(error.to_string())),
    }
}

/// Asks the server what became of a transaction whose commit it did not answer.
async fn fate(asking: &PgPool, transaction: &str, why: &str) -> Result<(), Broken> {
    for _ in 0..QUESTIONS {
        let answer: Result<Option<String>, _> =
            sqlx::query_scalar(FATE).bind(transaction).fetch_one(asking).await;
        match answer.as_ref().map(Option::as_deref) {
            Ok(Some("committed")) => return Ok(()),
            Ok(Some("aborted")) => return Err(Broken::Undone(why.to_owned())),
            Ok(None) => break,
            // Still under way there, or out of reach.
            Ok(Some(_)) | Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
        }
    }
    Err(Broken::Unknown(why.to_owned()))
}

/// Fails only where there is nothing to undo or nobody to undo it.
async fn roll_back(tx: &mut Tx) {
    let _ = match &mut tx.conn {
        Conn::Sqlite(file) => file.roll_back().await,
        Conn::Postgres(conn) => sqlx::raw_sql("ROLLBACK").execute(&mut **conn).await.map(|_| ()),
    };
}
