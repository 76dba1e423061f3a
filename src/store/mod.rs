//! All SQL, and the only place that knows which engine runs it.
//!
//! One text serves both: `$1` is bound by number on either, and [`on!`] expands one expression once per engine. Reading
//! functions take a [`Conn`], writing ones a [`Tx`]; only [`Db::write`] makes a `Tx`, and only its commit gives the
//! [`Committed`] that the bus accepts, so that nobody can be told of what was not kept.

pub mod abilities;
pub mod arrivals;
pub mod away;
pub mod blobs;
pub mod blocks;
pub mod calendars;
pub mod cascades;
pub mod channels;
pub mod check;
pub mod conversations;
pub mod copy;
mod decoded;
pub mod deliveries;
pub mod drafts;
mod engine;
pub mod envelopes;
pub mod events;
pub mod file;
pub(crate) mod fit;
pub mod following;
mod group;
pub mod handoffs;
pub mod helpers;
pub mod histories;
pub mod hours;
pub mod intake;
pub mod lists;
pub mod media;
pub mod merges;
pub mod messages;
mod migrate;
mod moves;
pub mod next;
pub mod opt_outs;
pub mod patron_notes;
pub mod patrons;
pub mod people;
pub mod presence;
mod questions;
pub mod rates;
pub mod refreshes;
pub mod reviews;
pub mod rules;
pub mod saved;
pub mod search;
mod sequences;
pub mod sessions;
pub mod settings;
mod several;
pub mod signins;
mod snapshot;
pub mod spendings;
pub mod splits;
pub mod stacks;
pub mod standings;
pub mod streams;
pub mod subscriptions;
pub mod tags;
pub mod tallies;
pub mod texts;
mod trouble;
pub mod unions;
pub mod uploads;
pub mod viewers;
pub mod waits;
pub mod wake;
pub mod watches;
pub mod webhooks;

use std::ops::{Deref, DerefMut};

use futures::future::BoxFuture;
use sqlx::Postgres;
use sqlx::pool::PoolConnection;

pub use engine::{Options, Synchronous};
pub use snapshot::Snapshot;

use crate::model::event::Event;

/// A library's store: cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: engine::Engine,
}

/// A connection to read from.
pub enum Conn {
    /// A file on this machine.
    Sqlite(file::File),
    /// A server.
    Postgres(PoolConnection<Postgres>),
}

/// An open transaction: reads as a [`Conn`] and may write. Events appended in it are told to everybody after commit.
pub struct Tx {
    conn: Conn,
    appended: Vec<Event>,
}

/// Proof that a transaction is kept, with what it appended to the history.
#[derive(Debug, Default)]
pub struct Committed {
    events: Vec<Event>,
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine refused or went away.
    #[error("The store could not be used: {0}.")]
    Engine(#[from] sqlx::Error),
    /// A file could not be kept or found.
    #[error("{0}")]
    Blob(String),
    /// The tables could not be brought up to date.
    #[error("The store's tables could not be brought up to date: {0}.")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The address of the store makes no sense.
    #[error("{0}")]
    Address(String),
    /// A row holds what this version cannot read.
    #[error("The store holds something this version cannot read: {0}.")]
    Unreadable(String),
    /// The transaction ran with others and theirs took it down; nothing of it is kept.
    #[error("The store could not keep a group of changes: {0}. Nothing of them was kept; try again.")]
    Group(String),
    /// The server went away while it kept a group of changes, and could not be asked what became of them.
    #[error(
        "The store went away while it kept a change: {0}. It may or may not be kept: look before trying again."
    )]
    Uncertain(String),
    /// The program is stopping.
    #[error(
        "The store is closed because the program is stopping. Nothing was changed; try again when it runs."
    )]
    Closed,
}

impl Error {
    /// Whether what was to be kept is itself the trouble: the same would be refused again, everything else would not.
    /// Classes 22, 23 and 54 of the server's error codes; a file takes any data that fits its columns.
    pub fn is_about_the_data(&self) -> bool {
        let Self::Engine(sqlx::Error::Database(refusal)) = self else { return false };
        refusal.code().is_some_and(|code| {
            code.len() == 5 && ["22", "23", "54"].iter().any(|class| code.starts_with(class))
        })
    }
}

/// Runs one expression on whichever engine the connection belongs to; inside, the name is a plain connection.
///
/// ```ignore
/// on!(conn, c => sqlx::query(INSERT).bind(id).execute(c).await)?;
/// ```
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite(file) => match file.ready().await {
                Ok($c) => $body,
                Err(error) => Err(error.into()),
            },
            $crate::store::Conn::Postgres(pooled) => {
                let $c = &mut **pooled;
                $body
            }
        }
    };
}
pub(crate) use on;

/// Runs a text that gives no rows; gives the number of rows it touched.
macro_rules! execute {
    ($conn:expr, $text:expr $(, $bind:expr)* $(,)?) => {
        match $conn {
            $crate::store::Conn::Sqlite(file) => {
                file.add($text)$(.with($bind))*.ask().await.map(|answer| answer.touched())
            }
            $crate::store::Conn::Postgres(pooled) => {
                sqlx::query($text)$(.bind($crate::store::fit::Fit::fit($bind)))*.execute(&mut **pooled).await.map(|done| done.rows_affected())
            }
        }
    };
}
pub(crate) use execute;

/// Runs a text of a transaction that gives no rows, where nobody needs to know how many it touched: it may travel with
/// the next one. That it failed may be told by that one, or by the commit; the transaction is lost then in any case.
macro_rules! tell {
    ($conn:expr, $text:expr $(, $bind:expr)* $(,)?) => {
        match $conn {
            $crate::store::Conn::Sqlite(file) => file.add($text)$(.with($bind))*.tell().await,
            $crate::store::Conn::Postgres(pooled) => {
                sqlx::query($text)$(.bind($crate::store::fit::Fit::fit($bind)))*.execute(&mut **pooled).await.map(|_| ())
            }
        }
    };
}
pub(crate) use tell;

/// Every row of a text, as a `Vec` of the type given.
macro_rules! rows {
    ($conn:expr, $row:ty, $text:expr $(, $bind:expr)* $(,)?) => {
        match $conn {
            $crate::store::Conn::Sqlite(file) => {
                file.add($text)$(.with($bind))*.ask().await.and_then(|answer| answer.read::<$row>())
            }
            $crate::store::Conn::Postgres(pooled) => {
                sqlx::query_as::<_, $row>($text)$(.bind($crate::store::fit::Fit::fit($bind)))*.fetch_all(&mut **pooled).await
            }
        }
    };
}
pub(crate) use rows;

/// The first row of a text, if there is one.
macro_rules! row {
    ($conn:expr, $row:ty, $text:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::rows!($conn, $row, $text $(, $bind)*).map(|rows| rows.into_iter().next())
    };
}
pub(crate) use row;

impl Error {
    /// Whether the row was refused because its name or key is taken already.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Engine(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

impl Db {
    /// Opens the store at an address (`sqlite:PATH`, `sqlite::memory:` or `postgres://…`) and brings its tables up to
    /// date.
    pub async fn open(address: &str, options: Options) -> Result<Self, Error> {
        let engine = engine::Engine::open(address, options).await?;
        Ok(Self { engine })
    }

    /// A connection to read from. Give it back (drop it) before anything slow.
    pub async fn read(&self) -> Result<Conn, Error> {
        self.engine.reader().await
    }

    /// Runs `job` in one transaction. It runs to its end even if the caller goes away; an `Err` undoes all of it.
    /// Several jobs of different callers may share one commit, each with its own fate.
    pub async fn write<T, E, F>(&self, job: F) -> Result<(T, Committed), E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        self.engine.write(job).await
    }

    /// Why nothing can be kept just now, in words; none: the last that was to be kept was.
    pub fn trouble(&self) -> Option<String> {
        self.engine.trouble()
    }

    /// Writes what is in the log into the store's file and closes every connection.
    pub async fn close(&self) {
        self.engine.close().await;
    }

    fn server(&self) -> Option<&sqlx::PgPool> {
        self.engine.server()
    }

    /// Whether several processes may share this store.
    pub fn is_shared(&self) -> bool {
        self.engine.server().is_some()
    }
}

impl Tx {
    fn new(conn: Conn) -> Self {
        Self { conn, appended: Vec::new() }
    }

    /// Called by the history when it appends.
    pub(in crate::store) fn appended(&mut self, event: Event) {
        self.appended.push(event);
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Committed {
    /// What was appended to the history, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Takes the events out, for whoever tells the others.
    pub fn into_events(self) -> Vec<Event> {
        self.events
    }
}
