//! The PostgreSQL test server itself.

use crate::support::postgres::fresh_database;
use sqlx::{Connection, PgConnection};

#[tokio::test]
async fn each_test_has_a_database_of_its_own_that_sorts_by_code_point() {
    let (Some(one), Some(other)) = (fresh_database(), fresh_database()) else {
        return;
    };
    let mut in_one = PgConnection::connect(&one.url()).await.expect("it was created");
    sqlx::raw_sql("CREATE TABLE names (name text); INSERT INTO names VALUES ('b'), ('B'), ('é'), ('a')")
        .execute(&mut in_one)
        .await
        .expect("a plain table");
    let sorted: Vec<String> = sqlx::query_scalar("SELECT name FROM names ORDER BY name")
        .fetch_all(&mut in_one)
        .await
        .expect("it was created");
    assert_eq!(sorted, ["B", "a", "b", "é"], "as Rust and SQLite sort");
    let mut in_other = PgConnection::connect(&other.url()).await.expect("it was created");
    let missing = sqlx::query("SELECT * FROM names").fetch_all(&mut in_other).await;
    assert!(missing.is_err(), "the other database has the table too");
}

#[tokio::test]
async fn a_database_is_gone_with_its_value_even_while_somebody_is_connected() {
    let Some(database) = fresh_database() else {
        return;
    };
    let url = database.url();
    let _open = PgConnection::connect(&url).await.expect("it was created");
    drop(database);
    assert!(PgConnection::connect(&url).await.is_err());
}
