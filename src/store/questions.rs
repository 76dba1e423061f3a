//! Several questions at once: a file answers all of them in one journey.

use std::array;
use std::collections::BTreeSet;

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, query};
use uuid::Uuid;

use super::file::Answer;
use super::{Conn, Error, fit};

/// What a question is told.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told<'a> {
    Id(Uuid),
    Text(&'a str),
    /// As a JSON array. A question about none of something is not asked.
    Each(&'a BTreeSet<&'a str>),
}

/// A text with its `$1`, `$2`…
pub(super) type Question<'a> = (&'static str, &'a [Told<'a>]);

/// The rows that one question gave.
#[derive(Default)]
pub(super) enum Rows {
    #[default]
    None,
    File(Answer),
    Server(Vec<PgRow>),
}

impl Rows {
    pub(super) fn read<R>(&self) -> Result<Vec<R>, sqlx::Error>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
    {
        match self {
            Self::None => Ok(Vec::new()),
            Self::File(answer) => answer.read(),
            Self::Server(rows) => rows.iter().map(R::from_row).collect(),
        }
    }
}

/// Asks and gives the answers in the same order.
pub(super) async fn ask<const N: usize>(
    conn: &mut Conn,
    questions: [Question<'_>; N],
) -> Result<[Rows; N], Error> {
    let asked = questions
        .map(|(_, told)| told.iter().all(|told| !matches!(told, Told::Each(keys) if keys.is_empty())));
    let mut answers = array::from_fn(|_| Rows::None);
    let waiting = answers.iter_mut().zip(questions).zip(asked).filter(|(_, asked)| *asked);
    match conn {
        Conn::Sqlite(file) => {
            let mut slots = Vec::with_capacity(N);
            for ((slot, (text, arguments)), _) in waiting {
                file.add(text);
                for told in arguments {
                    match told {
                        Told::Id(id) => file.with(id),
                        Told::Text(text) => file.with(*text),
                        Told::Each(keys) => file.with(json(keys)),
                    };
                }
                slots.push(slot);
            }
            let given = file.ask_for(slots.len()).await?;
            slots.into_iter().zip(given).for_each(|(slot, answer)| *slot = Rows::File(answer));
        }
        Conn::Postgres(conn) => {
            for ((slot, (text, arguments)), _) in waiting {
                let mut asking = query(text);
                for told in arguments {
                    asking = match told {
                        Told::Id(id) => asking.bind(id),
                        Told::Text(text) => asking.bind(fit::text(text)),
                        Told::Each(keys) => asking.bind(json(keys)),
                    };
                }
                *slot = Rows::Server(asking.fetch_all(&mut **conn).await?);
            }
        }
    }
    Ok(answers)
}

fn json(keys: &BTreeSet<&str>) -> String {
    let fitted: Vec<_> = keys.iter().map(|key| fit::text(key)).collect();
    serde_json::to_string(&fitted).expect("texts are always JSON")
}
