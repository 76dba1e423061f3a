//! What is copied: every table, those that others refer to first, with the columns it really has.

use sqlx::{AssertSqlSafe, FromRow};

use super::rows::Value;
use crate::store::{Conn, Error, on};

/// Every table but the search index, each after those it refers to.
pub const TABLES: &[&str] = &[
    "libraries",
    "branches",
    "desks",
    "cascades",
    "hours",
    "closures",
    "away_texts",
    "staff",
    "desk_members",
    "channels",
    "intake",
    "streams",
    "rates",
    "spendings",
    "opt_outs",
    "subscriptions",
    "patrons",
    "addresses",
    "patron_notes",
    "unions",
    "union_parts",
    "conversations",
    "conversation_addresses",
    "conversation_links",
    "blocks",
    "saved_searches",
    "rules",
    "tags",
    "conversation_tags",
    "handoffs",
    "watches",
    "viewers",
    "drafts",
    "messages",
    "away_answers",
    "attachments",
    "uploads",
    "draft_files",
    "reviews",
    "review_files",
    "envelopes",
    "blocked",
    "events",
    "moves",
    "merges",
    "splits",
    "split_messages",
    "waits",
    "deliveries",
    "sessions",
    "access_tokens",
    "signin_links",
    "signins",
    "refreshes",
    "sequences",
    "stacks",
    "tallies",
    "webhooks",
    "webhook_attempts",
    "settings",
];

const COLUMNS_SQLITE: &str =
    "SELECT name, lower(type) AS kind, pk AS key_place FROM pragma_table_info($1) ORDER BY cid";
const COLUMNS_POSTGRES: &str = "SELECT CAST(c.column_name AS text) AS name, CAST(c.data_type AS text) AS kind, \
     CAST(COALESCE((SELECT k.ordinal_position FROM information_schema.table_constraints t \
     JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name) \
     WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_schema = c.table_schema AND t.table_name = c.table_name \
     AND k.column_name = c.column_name), 0) AS bigint) AS key_place FROM information_schema.columns c \
     WHERE c.table_schema = current_schema() AND c.table_name = $1 ORDER BY c.ordinal_position";

pub(in crate::store) const ONLY_SQLITE: &[&str] = &[COLUMNS_SQLITE];
pub(in crate::store) const ONLY_POSTGRES: &[&str] = &[COLUMNS_POSTGRES];

/// A table as its store describes it.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub name: &'static str,
    pub columns: Vec<Column>,
    /// Places of the primary key's columns, in the key's order.
    pub key: Vec<usize>,
}

/// A column.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Column {
    pub name: String,
    /// `uuid`, `text`, `bigint`, `boolean` or `bytea`.
    pub kind: String,
    /// Its place in the primary key, from 1; 0 if it is not part of it.
    pub key_place: i64,
}

impl Table {
    pub fn keyed_by_text(&self) -> bool {
        self.key.iter().any(|place| self.columns[*place].kind == "text")
    }

    pub fn key_of(&self, row: &[Value]) -> Vec<Value> {
        self.key.iter().map(|place| row[*place].clone()).collect()
    }

    pub fn place_of(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|own| own.name == column)
    }
}

pub(super) async fn table(conn: &mut Conn, name: &'static str) -> Result<Table, Error> {
    let columns: Vec<Column> = match conn {
        Conn::Sqlite(file) => file.add(COLUMNS_SQLITE).with(name).ask().await?.read()?,
        Conn::Postgres(conn) => sqlx::query_as(COLUMNS_POSTGRES).bind(name).fetch_all(&mut **conn).await?,
    };
    let mut key: Vec<usize> = (0..columns.len()).filter(|place| columns[*place].key_place > 0).collect();
    key.sort_by_key(|place| columns[*place].key_place);
    if key.is_empty() {
        return Err(Error::Unreadable(format!("the table {name} is missing or has no key")));
    }
    Ok(Table { name, columns, key })
}

/// How many rows a table has. Its name is one of [`TABLES`].
pub(in crate::store) async fn count(conn: &mut Conn, table: &'static str) -> Result<i64, Error> {
    let text = format!("SELECT COUNT(*) FROM {table}");
    let counted = on!(conn, c => sqlx::query_as::<_, (i64,)>(AssertSqlSafe(text)).fetch_one(c).await)?;
    Ok(counted.0)
}
