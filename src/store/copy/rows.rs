//! Rows of any table, read from one store and written to another.

use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::tables::Table;
use crate::store::fit::Fit;
use crate::store::{Conn, Error, Tx, on};

/// A value of one of the five types that both engines have.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Id(Option<Uuid>),
    Text(Option<String>),
    Number(Option<i64>),
    Truth(Option<bool>),
    Bytes(Option<Vec<u8>>),
}

/// Both engines take far more; so many values of one statement are cheap to plan.
const MOST_VALUES: usize = 8_000;

macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Id(value) => query.bind(value),
                Value::Text(value) => query.bind(Fit::fit(value)),
                Value::Number(value) => query.bind(value),
                Value::Truth(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}
macro_rules! decoded {
    ($table:expr, $rows:expr) => {
        $rows
            .iter()
            .map(|row| {
                let columns = $table.columns.iter().enumerate();
                columns
                    .map(|(place, column)| {
                        Ok(match column.kind.as_str() {
                            "uuid" => Value::Id(row.try_get(place)?),
                            "text" => Value::Text(row.try_get(place)?),
                            "bigint" => Value::Number(row.try_get(place)?),
                            "boolean" => Value::Truth(row.try_get(place)?),
                            "bytea" => Value::Bytes(row.try_get(place)?),
                            other => {
                                let (table, column) = ($table.name, &column.name);
                                let what = format!("{table}.{column} is of the unknown type {other}");
                                return Err(Error::Unreadable(what));
                            }
                        })
                    })
                    .collect()
            })
            .collect()
    };
}

/// The next rows after a key, in the key's order.
pub(super) async fn read(
    conn: &mut Conn,
    table: &Table,
    after: Option<&[Value]>,
    limit: i64,
) -> Result<Vec<Vec<Value>>, Error> {
    let keys = keys(table);
    let beyond =
        after.map_or_else(String::new, |after| format!("WHERE ({keys}) > ({})", slots(0, after.len())));
    let text =
        format!("SELECT {} FROM {} {beyond} ORDER BY {keys} LIMIT {limit}", columns(table), table.name);
    on!(conn, c => {
        let rows = bound!(sqlx::query(AssertSqlSafe(text)), after.unwrap_or_default()).fetch_all(c).await?;
        decoded!(table, rows)
    })
}

/// The key of the last row there is.
pub(super) async fn last_key(conn: &mut Conn, table: &Table) -> Result<Option<Vec<Value>>, Error> {
    let order: Vec<String> = names(table, &table.key).iter().map(|name| format!("{name} DESC")).collect();
    let text = format!("SELECT {} FROM {} ORDER BY {} LIMIT 1", columns(table), table.name, order.join(", "));
    let rows: Result<Vec<Vec<Value>>, Error> = on!(conn, c => {
        let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(c).await?;
        decoded!(table, rows)
    });
    Ok(rows?.first().map(|row| table.key_of(row)))
}

/// Writes rows; where the key is there already, over what it has.
pub(super) async fn write(tx: &mut Tx, table: &Table, rows: &[Vec<Value>]) -> Result<(), Error> {
    let width = table.columns.len();
    let own: Vec<String> = (0..width)
        .filter(|place| !table.key.contains(place))
        .map(|place| &table.columns[place].name)
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    let over = if own.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", own.join(", ")) };
    for rows in rows.chunks((MOST_VALUES / width).max(1)) {
        let values: Vec<String> =
            (0..rows.len()).map(|row| format!("({})", slots(row * width, width))).collect();
        let text = format!(
            "INSERT INTO {} ({}) VALUES {} ON CONFLICT ({}) DO {over}",
            table.name,
            columns(table),
            values.join(", "),
            keys(table)
        );
        let values = rows.iter().flatten();
        on!(&mut **tx, c => bound!(sqlx::query(AssertSqlSafe(text)), values).persistent(false).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

fn columns(table: &Table) -> String {
    let every: Vec<usize> = (0..table.columns.len()).collect();
    names(table, &every).join(", ")
}

fn keys(table: &Table) -> String {
    names(table, &table.key).join(", ")
}

fn names<'t>(table: &'t Table, places: &[usize]) -> Vec<&'t str> {
    places.iter().map(|place| table.columns[*place].name.as_str()).collect()
}

/// `$5, $6, $7` for three after four.
fn slots(before: usize, count: usize) -> String {
    let slots: Vec<String> = (before + 1..=before + count).map(|slot| format!("${slot}")).collect();
    slots.join(", ")
}
