//! The two engines: how each is opened, read and written.

use std::str::FromStr;
use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use super::group::Writer;
use super::{Committed, Conn, Error, Tx, migrate};

const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
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
pub(super) enum Engine {
    Sqlite { readers: SqlitePool, writer: Writer },
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
        let single = || {
            SqlitePoolOptions::new()
                .max_connections(1)
                .min_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
        };
        let write_pool = single().connect_with(connect.clone().pragma("cache_size", "-16384")).await?;
        migrate::sqlite(&write_pool).await?;
        let readers = if memory {
            write_pool.clone()
        } else {
            SqlitePoolOptions::new()
                .max_connections(options.connections)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .connect_with(connect.read_only(true).create_if_missing(false).pragma("cache_size", "-2048"))
                .await?
        };
        Ok(Self::Sqlite { readers, writer: Writer::start(write_pool) })
    }

    async fn open_postgres(address: &str, options: Options) -> Result<Self, Error> {
        let connect = PgConnectOptions::from_str(address)?.application_name("deskbell");
        let pool = PgPoolOptions::new()
            .max_connections(options.connections.max(4))
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(connect)
            .await?;
        migrate::postgres(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    pub(super) async fn reader(&self) -> Result<Conn, Error> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Conn::Sqlite(readers.acquire().await?),
            Self::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        })
    }

    pub(super) async fn write<T, E, F>(&self, job: F) -> Result<(T, Committed), E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        match self {
            Self::Sqlite { writer, .. } => writer.run(job).await,
            Self::Postgres(pool) => {
                let pool = pool.clone();
                // A caller who goes away must not leave a half-done transaction in the pool.
                tokio::spawn(async move { write_postgres(pool, job).await })
                    .await
                    .unwrap_or_else(|panic| Err(Error::Group(panic.to_string()).into()))
            }
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

async fn write_postgres<T, E, F>(pool: PgPool, job: F) -> Result<(T, Committed), E>
where
    E: From<Error>,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>>,
{
    let mut conn = pool.acquire().await.map_err(Error::from)?;
    sqlx::query("BEGIN").execute(&mut *conn).await.map_err(Error::from)?;
    let mut tx = Tx::new(Conn::Postgres(conn));
    let outcome = job(&mut tx).await;
    let Tx { conn, appended } = tx;
    let Conn::Postgres(mut conn) = conn else { unreachable!("a transaction keeps its connection") };
    match outcome {
        Ok(value) => {
            sqlx::query("COMMIT").execute(&mut *conn).await.map_err(Error::from)?;
            Ok((value, Committed { events: appended }))
        }
        Err(error) => {
            if sqlx::query("ROLLBACK").execute(&mut *conn).await.is_err() {
                // Dropped, not given back: its state is unknown.
                drop(conn.detach());
            }
            Err(error)
        }
    }
}
