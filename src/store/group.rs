//! The one writer of a file store: callers queue, and those who queue together share one commit.
//!
//! A disk answers a commit in 1 to 10 ms however much is in it. While one group is being pressed to disk the next one
//! gathers, so a slow disk costs waiting, not throughput. Each job keeps its own fate by a savepoint.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use sqlx::SqlitePool;
use sqlx::pool::PoolConnection;
use tokio::sync::{mpsc, oneshot};

use super::{Committed, Conn, Error, Tx};
use crate::model::event::Event;

const MOST_IN_A_GROUP: usize = 128;
const QUEUE: usize = 1024;

type Work = Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, bool> + Send>;
type Verdict = Result<Vec<Event>, String>;

struct Job {
    work: Work,
    verdict: oneshot::Sender<Verdict>,
}

/// A handle to the writer.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Job>,
    pool: SqlitePool,
}

impl Writer {
    /// Starts the writer on a pool of exactly one connection.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        tokio::spawn(write_groups(pool.clone(), jobs));
        Self { queue, pool }
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
        let stopped = || Error::Group("the store is closed".to_owned());
        self.queue.send(Job { work, verdict }).await.map_err(|_| stopped())?;
        let verdict = answer.await.map_err(|_| stopped())?;
        let outcome = result.lock().ok().and_then(|mut slot| slot.take());
        match (verdict, outcome) {
            (Ok(events), Some(Ok(value))) => Ok((value, Committed { events })),
            (Ok(_), Some(Err(error))) => Err(error),
            (Err(why), _) => Err(Error::Group(why).into()),
            (Ok(_), None) => Err(stopped().into()),
        }
    }

    /// Lets the queue run dry and closes the connection.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

async fn write_groups(pool: SqlitePool, mut jobs: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(MOST_IN_A_GROUP);
    while jobs.recv_many(&mut group, MOST_IN_A_GROUP).await > 0 {
        match pool.acquire().await {
            Ok(conn) => write_group(conn, &mut group).await,
            Err(error) => {
                for job in group.drain(..) {
                    let _ = job.verdict.send(Err(error.to_string()));
                }
            }
        }
    }
}

async fn write_group(conn: PoolConnection<sqlx::Sqlite>, group: &mut Vec<Job>) {
    let alone = group.len() == 1;
    let mut tx = Tx::new(Conn::Sqlite(conn));
    let mut waiting = Vec::with_capacity(group.len());
    if let Err(error) = run(&mut tx, "BEGIN IMMEDIATE").await {
        for job in group.drain(..) {
            let _ = job.verdict.send(Err(error.to_string()));
        }
        return;
    }
    let mut broken = None;
    for job in group.drain(..) {
        if broken.is_some() {
            waiting.push((job.verdict, Vec::new()));
            continue;
        }
        let step = if alone {
            run_alone(&mut tx, job.work).await
        } else {
            run_among_others(&mut tx, job.work).await
        };
        if let Err(error) = step {
            broken = Some(error.to_string());
        }
        waiting.push((job.verdict, std::mem::take(&mut tx.appended)));
    }
    if broken.is_none() {
        broken = run(&mut tx, "COMMIT").await.err().map(|error| error.to_string());
    }
    if broken.is_some() {
        let _ = run(&mut tx, "ROLLBACK").await;
    }
    drop(tx);
    for (verdict, events) in waiting {
        let _ = verdict.send(match &broken {
            None => Ok(events),
            Some(why) => Err(why.clone()),
        });
    }
}

/// With nobody to disturb, a refused job undoes the whole transaction; the commit that follows keeps nothing.
async fn run_alone(tx: &mut Tx, work: Work) -> Result<(), sqlx::Error> {
    if !work(tx).await {
        tx.appended.clear();
        run(tx, "ROLLBACK").await?;
        run(tx, "BEGIN").await?;
    }
    Ok(())
}

async fn run_among_others(tx: &mut Tx, work: Work) -> Result<(), sqlx::Error> {
    run(tx, "SAVEPOINT job").await?;
    if work(tx).await {
        run(tx, "RELEASE job").await
    } else {
        tx.appended.clear();
        run(tx, "ROLLBACK TO job").await?;
        run(tx, "RELEASE job").await
    }
}

async fn run(tx: &mut Tx, statement: &'static str) -> Result<(), sqlx::Error> {
    let Conn::Sqlite(conn) = &mut tx.conn else { return Ok(()) };
    sqlx::query(statement).execute(&mut **conn).await.map(|_| ())
}
