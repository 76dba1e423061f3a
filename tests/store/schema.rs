//! One schema and one text for both engines.

use std::collections::BTreeSet;

use super::bed::Bed;
use deskbell::store::texts;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqlSafeStr, SqliteConnection};

/// A raw connection to each engine's migrated schema.
async fn both() -> Option<(Bed, SqliteConnection, Bed, PgConnection)> {
    let (file, server) = (Bed::sqlite().await?, Bed::postgres().await?);
    let sqlite = SqliteConnection::connect(&file.address).await.unwrap();
    let postgres = PgConnection::connect(&server.address).await.unwrap();
    Some((file, sqlite, server, postgres))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_is_understood_by_both_engines() {
    let Some((_file, mut sqlite, _server, mut postgres)) = both().await else { return };
    let mut wrong = Vec::new();
    for (file, texts) in texts::SHARED.iter().chain(texts::ONLY_SQLITE) {
        for text in *texts {
            if let Err(error) = (&mut sqlite).prepare(text.into_sql_str()).await {
                wrong.push(format!("SQLite, {file}: {text}: {error}"));
            }
        }
    }
    for (file, texts) in texts::SHARED.iter().chain(texts::ONLY_POSTGRES) {
        for text in *texts {
            if let Err(error) = (&mut postgres).prepare(text.into_sql_str()).await {
                wrong.push(format!("PostgreSQL, {file}: {text}: {error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let misspelt = "SELECT naem FROM staff WHERE id = $1";
    assert!((&mut sqlite).prepare(misspelt.into_sql_str()).await.is_err(), "the check itself");
    assert!((&mut postgres).prepare(misspelt.into_sql_str()).await.is_err(), "the check itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_tables_columns_and_migrations() {
    let Some((_file, mut sqlite, _server, mut postgres)) = both().await else { return };
    let columns_of_sqlite: Vec<(String, String, bool)> = sqlx::query_as(
        r#"SELECT t.name, c.name, t.type = 'table' AND (c."notnull" <> 0 OR c.pk > 0) FROM pragma_table_list t JOIN pragma_table_info(t.name) c
            WHERE t.schema = 'main' AND t.type IN ('table', 'view') AND t.name NOT LIKE 'sqlite_%'"#,
    )
    .fetch_all(&mut sqlite)
    .await
    .unwrap();
    let columns_of_postgres: Vec<(String, String, bool)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text, is_nullable = 'NO' FROM information_schema.columns
            WHERE table_schema = 'public'",
    )
    .fetch_all(&mut postgres)
    .await
    .unwrap();
    let ours = |columns: Vec<(String, String, bool)>| -> BTreeSet<(String, String, bool)> {
        columns
            .into_iter()
            .filter(|(table, ..)| !["message_words", "said", "_sqlx_migrations"].contains(&table.as_str()))
            .collect()
    };
    let (in_sqlite, in_postgres) = (ours(columns_of_sqlite), ours(columns_of_postgres));
    let apart: Vec<_> = in_sqlite.symmetric_difference(&in_postgres).collect();
    assert!(apart.is_empty(), "only one engine has these (table, column, never null): {apart:?}");
    assert!(in_sqlite.len() > 100, "the comparison itself: {}", in_sqlite.len());

    const NUMBERS: &str = "SELECT version FROM _sqlx_migrations ORDER BY version";
    let of_sqlite: Vec<(i64,)> = sqlx::query_as(NUMBERS).fetch_all(&mut sqlite).await.unwrap();
    let of_postgres: Vec<(i64,)> = sqlx::query_as(NUMBERS).fetch_all(&mut postgres).await.unwrap();
    assert_eq!(of_sqlite, of_postgres);
}

/// What SQLite would otherwise take without a word: text in a number's column.
#[tokio::test]
async fn a_store_opened_twice_has_nothing_left_to_bring_up_to_date() {
    for bed in [Bed::sqlite().await, Bed::postgres().await].into_iter().flatten() {
        let again = deskbell::store::Db::open(&bed.address, deskbell::store::Options::default()).await;
        again.expect("the second opening finds its tables").close().await;
    }
}

#[tokio::test]
async fn the_file_erases_what_is_deleted() {
    let bed = Bed::sqlite().await.unwrap();
    let mut raw = SqliteConnection::connect(&bed.address).await.unwrap();
    let option: (String,) = sqlx::query_as(AssertSqlSafe(
        "SELECT CAST(v AS TEXT) FROM said_config WHERE k = 'secure-delete'".to_owned(),
    ))
    .fetch_one(&mut raw)
    .await
    .unwrap();
    assert_eq!(option.0, "1", "the words of an erased message would stay readable in the index");
}
