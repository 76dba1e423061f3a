//! The two engines: how each is opened, read and written.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::Executor;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use super::file::File;
use super::group::{Source, Writer};
use super::{Committed, Conn, Error, Tx, migrate};

const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// So many texts the writer of a file keeps prepared: rows in portions of each size, for a dozen tables, are seventy.
const PREPARED: usize = 256;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// How the store is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Most connections that read at once (and, on a server, write).
    pub connections: u32,
    /// How hard a commit presses on the disk.
    pub synchronous: Synchronous,
}

/// What a commit survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// The machine losing its power.
    Full,
    /// The process dying; a power cut may take the last moments back, the place in each stream with them.
    Normal,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 8, synchronous: Synchronous::Full }
    }
}

#[derive(Clone)]
pub(super) struct Engine {
    readers: Readers,
    writer: Writer,
    /// Readers and writer share the one connection that there can be.
    in_memory: bool,
    /// Where the store is, when it is a file.
    file: Option<PathBuf>,
}

/// Connections that cannot write.
#[derive(Clone)]
enum Readers {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Engine {
    pub(super) async fn open(address: &str, options: Options) -> Result<Self, Error> {
        if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            return Self::open_postgres(address, options).await;
        }
        if address.starts_with("sqlite:") {
            return Self::open_sqlite(address, options).await;
        }
        Err(Error::Address(format!(
            "{address} is not a store. Write sqlite:PATH for a file or postgres://USER@HOST/NAME for a server."
        )))
    }

    async fn open_sqlite(address: &str, options: Options) -> Result<Self, Error> {
        let memory = address.contains(":memory:");
        let connect = SqliteConnectOptions::from_str(address)?
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(match options.synchronous {
                Synchronous::Full => SqliteSynchronous::Full,
                Synchronous::Normal => SqliteSynchronous::Normal,
            })
            .pragma("secure_delete", "on")
            .pragma("temp_store", "memory")
            .optimize_on_close(true, 400);
        let file = (!memory).then(|| connect.get_filename().to_owned());
        let single = || {
            SqlitePoolOptions::new()
                .max_connections(1)
                .min_connections(1)
                .test_before_acquire(false)
                .idle_timeout(None)
                .max_lifetime(None)
        };
        let writing = connect.clone().pragma("cache_size", "-16384").statement_cache_capacity(PREPARED);
        let write_pool = single().connect_with(writing).await?;
        migrate::sqlite(&write_pool).await?;
        let readers = if memory {
            write_pool.clone()
        } else {
            // Nothing to look after at its end: that would be refused it, and it would linger until after the writer has left.
            // The last to leave takes the log into the file, which a reader cannot: what was forgotten would still lie there.
            let reading = connect.read_only(true).create_if_missing(false).optimize_on_close(false, None);
            SqlitePoolOptions::new()
                .max_connections(options.connections.min(readers_of_a_file()))
                .acquire_timeout(ACQUIRE_TIMEOUT)
                // A file does not go away, and each test is a journey to the connection's thread.
                .test_before_acquire(false)
                .connect_with(reading.pragma("cache_size", "-2048"))
                .await?
        };
        Ok(Self {
            readers: Readers::Sqlite(readers),
            writer: Writer::start(Source::File(write_pool, !memory)),
            in_memory: memory,
            file,
        })
    }

    async fn open_postgres(address: &str, options: Options) -> Result<Self, Error> {
        let connect = PgConnectOptions::from_str(address)?.application_name("deskbell");
        let writers = postgres_pool(1, WRITING).connect_with(connect.clone()).await?;
        migrate::postgres(&writers).await?;
        let readers = postgres_pool(options.connections.max(4), READING).connect_with(connect).await?;
        let writer = Writer::start(Source::Server(writers, readers.clone()));
        Ok(Self { readers: Readers::Postgres(readers), writer, in_memory: false, file: None })
    }

    pub(super) async fn reader(&self) -> Result<Conn, Error> {
        Ok(match &self.readers {
            Readers::Sqlite(pool) => Conn::Sqlite(File::new(pool.acquire().await?)),
            Readers::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        })
    }

    pub(super) async fn write<T, E, F>(&self, job: F) -> Result<(T, Committed), E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        self.writer.run(job).await
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.writer.trouble()
    }

    /// The store's file, where it is one.
    pub(super) fn file(&self) -> Option<PathBuf> {
        self.file.clone()
    }

    /// The server, where there is one.
    pub(super) fn server(&self) -> Option<&PgPool> {
        match &self.readers {
            Readers::Postgres(pool) => Some(pool),
            Readers::Sqlite(_) => None,
        }
    }

    pub(super) fn in_memory(&self) -> bool {
        self.in_memory
    }

    pub(super) async fn close(&self) {
        // The writer of a file is the last to leave: it takes the log into the file.
        match &self.readers {
            Readers::Sqlite(pool) if !self.in_memory => pool.close().await,
            _ => {}
        }
        self.writer.close().await;
        match &self.readers {
            Readers::Sqlite(pool) => pool.close().await,
            Readers::Postgres(pool) => pool.close().await,
        }
    }
}

/// Each reader of a file is a thread with the whole schema in its memory, and reading is mostly arithmetic: more than two a
/// core hold memory and hasten nothing.
fn readers_of_a_file() -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    u32::try_from(cores * 2).unwrap_or(u32::MAX)
}

// A process that stands still in the middle of a transaction must not hold up all the others.
const WRITING: &str = "SET idle_in_transaction_session_timeout = '30s'";
// No question here is so long that it would be worth compiling, whatever the planner guesses.
const READING: &str = "SET default_transaction_read_only = on; SET jit = off";

fn postgres_pool(connections: u32, first: &'static str) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(move |conn, _| Box::pin(async move { conn.execute(first).await.map(|_| ()) }))
}
