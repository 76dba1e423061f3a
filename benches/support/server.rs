//! Libraries on a PostgreSQL server: copied from those in files, and kept for the next run.

use std::path::Path;
use std::process::Command;

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// A server where databases may be made, without a database's name; none: nothing is measured there.
pub fn address() -> Option<String> {
    std::env::var("DESKBELL_BENCH_POSTGRES").ok().filter(|address| !address.is_empty())
}

/// The address of a copy to write to; one of an earlier run goes away.
pub async fn copy_of(server: &str, name: &str) -> String {
    let mut conn = PgConnection::connect(&at(server, "postgres")).await.unwrap();
    let copy = format!("{name}_used");
    for text in [format!("DROP DATABASE IF EXISTS {copy}"), format!("CREATE DATABASE {copy} TEMPLATE {name}")]
    {
        sqlx::query(AssertSqlSafe(text)).execute(&mut conn).await.unwrap();
    }
    at(server, &copy)
}

/// The name of a library like the one in this folder.
pub async fn library(server: &str, folder: &Path) -> String {
    let name = format!("bench_{}", folder.file_name().unwrap().to_str().unwrap().replace('-', "_"));
    let mut conn = PgConnection::connect(&at(server, "postgres")).await.unwrap();
    let known: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut conn)
        .await
        .unwrap();
    if known.is_none() {
        eprintln!("copying {} to {server} …", folder.display());
        let part = format!("{name}_part");
        for text in [format!("DROP DATABASE IF EXISTS {part}"), format!("CREATE DATABASE {part}")] {
            sqlx::query(AssertSqlSafe(text)).execute(&mut conn).await.unwrap();
        }
        let mut copy = Command::new(env!("CARGO_BIN_EXE_deskbell"));
        copy.args(["store", "copy", "--log", "error", "--to", &at(server, &part), "--data"]).arg(folder);
        assert!(copy.status().unwrap().success());
        let mut filled = PgConnection::connect(&at(server, &part)).await.unwrap();
        sqlx::query("VACUUM ANALYZE").execute(&mut filled).await.unwrap();
        filled.close().await.unwrap();
        let text = format!("ALTER DATABASE {part} RENAME TO {name}");
        sqlx::query(AssertSqlSafe(text)).execute(&mut conn).await.unwrap();
    }
    name
}

fn at(server: &str, database: &str) -> String {
    format!("{}/{database}", server.trim_end_matches('/'))
}
