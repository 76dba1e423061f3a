//! Brings the tables up to date: the shared migrations and the engine's own, in one order.

use std::borrow::Cow;

use sqlx::migrate::{Migration, Migrator};
use sqlx::{PgPool, SqlitePool};

use super::Error;

static SHARED: Migrator = sqlx::migrate!("./migrations");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

pub(super) async fn sqlite(pool: &SqlitePool) -> Result<(), Error> {
    together(&SQLITE).run(pool).await?;
    // The pages that were made would be kept for as long as the connection is.
    sqlx::query("PRAGMA shrink_memory").execute(pool).await?;
    Ok(())
}

pub(super) async fn postgres(pool: &PgPool) -> Result<(), Error> {
    Ok(together(&POSTGRES).run(pool).await?)
}

fn together(own: &Migrator) -> Migrator {
    let mut all: Vec<Migration> = SHARED.iter().chain(own.iter()).cloned().collect();
    all.sort_by_key(|migration| migration.version);
    Migrator { migrations: Cow::Owned(all), ..Migrator::DEFAULT }
}
