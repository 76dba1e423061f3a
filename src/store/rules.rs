//! The house's rules for what arrives, in the order in which they are asked, and what arrived before to try them on.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, Tx, abilities, channels, execute, people, row, rows, tags};
use crate::model::Millis;
use crate::model::rule::{Body, House, Names, Rule};

pub(super) const LIST: &str =
    "SELECT id, name, active, body, version, created_at, changed_at FROM rules ORDER BY position, id";
const BY_ID: &str = "SELECT id, name, active, body, version, created_at, changed_at FROM rules WHERE id = $1";
const INSERT: &str = "INSERT INTO rules (id, position, name, active, body, version, created_at, changed_at) \
     VALUES ($1, (SELECT COALESCE(MAX(position), 0) + 1 FROM rules), $2, $3, $4, $5, $6, $7)";
const CHANGE: &str = "UPDATE rules SET name = $3, active = $4, body = $5, version = version + 1, changed_at = $6 \
     WHERE id = $1 AND version = $2";
const PLACE: &str = "UPDATE rules SET position = $2 WHERE id = $1";
const REMOVE: &str = "DELETE FROM rules WHERE id = $1 AND version = $2";
/// A conversation that one of us began is no arrival.
const PAST: &str = "SELECT c.id, c.number, c.channel_id, h.desk_id, c.patron_name, c.subject AS called, \
     COALESCE(m.subject, '') AS subject, substr(m.text, 1, 100000) AS text, m.at, a.address, a.shown, \
     EXISTS (SELECT 1 FROM attachments f WHERE f.message_id = m.id) AS has_file, \
     NOT EXISTS (SELECT 1 FROM conversations o WHERE o.patron_id = c.patron_id AND o.id < c.id) AS new_patron \
     FROM conversations c JOIN channels h ON h.id = c.channel_id JOIN messages m ON m.conversation_id = c.id \
     AND m.seq = (SELECT MIN(f.seq) FROM messages f WHERE f.conversation_id = c.id) \
     LEFT JOIN addresses a ON a.id = m.address_id \
     WHERE c.id < $1 AND c.id >= $2 AND m.direction = 'in' ORDER BY c.id DESC LIMIT $3";

pub(super) const ALL: &[&str] = &[LIST, BY_ID, INSERT, CHANGE, PLACE, REMOVE, PAST];

/// As it lies there.
#[derive(FromRow)]
pub(super) struct Row {
    id: Uuid,
    name: String,
    active: bool,
    body: String,
    version: i64,
    created_at: Millis,
    changed_at: Millis,
}

impl From<Row> for Rule {
    /// What cannot be read (a later version wrote it) fits nothing: it must not stop what arrives.
    fn from(row: Row) -> Self {
        let body = serde_json::from_str(&row.body).unwrap_or_else(|error| {
            tracing::warn!(rule = %row.name, %error, "a rule cannot be read and is not asked");
            Body::default()
        });
        let Row { id, name, active, version, created_at, changed_at, .. } = row;
        Self { id, name, active, body, version, created_at, changed_at }
    }
}

/// What began a conversation.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Past {
    /// The conversation.
    pub id: Uuid,
    /// What people call it.
    pub number: i64,
    /// By which it came.
    pub channel_id: Uuid,
    /// That channel's desk.
    pub desk_id: Uuid,
    /// Who asked.
    pub patron_name: String,
    /// What the conversation is called.
    pub called: String,
    /// The message's own subject.
    pub subject: String,
    /// Its text, as much of it as rules read.
    pub text: String,
    /// When it was sent.
    pub at: Millis,
    /// From which address.
    pub address: Option<String>,
    /// The same as people write it.
    pub shown: Option<String>,
    /// Whether files came along.
    pub has_file: bool,
    /// Whether it was the patron's first.
    pub new_patron: bool,
}

/// Every rule, in the order in which they are asked.
pub async fn all(conn: &mut Conn) -> Result<Vec<Rule>, Error> {
    Ok(rows!(conn, Row, LIST)?.into_iter().map(Rule::from).collect())
}

/// One of them.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> Result<Option<Rule>, Error> {
    Ok(row!(conn, Row, BY_ID, id)?.map(Rule::from))
}

/// What rules know of the house.
pub async fn house(conn: &mut Conn) -> Result<House, Error> {
    let desks = people::desks(conn).await?;
    let (skills, languages) = abilities::known(conn).await?;
    Ok(House {
        desks: desks.into_iter().map(|desk| (desk.id, desk.name)).collect(),
        tags: tags::all(conn).await?,
        skills,
        languages,
    })
}

/// What rules may name.
pub async fn names(conn: &mut Conn) -> Result<Names, Error> {
    let House { desks, tags, skills, languages } = house(conn).await?;
    let channels = channels::all(conn).await?;
    Ok(Names {
        channels: channels.into_iter().map(|one| (one.id, one.name)).collect(),
        desks,
        tags,
        skills,
        languages,
    })
}

/// Keeps a new rule, asked after all others.
pub async fn insert(tx: &mut Tx, new: &Rule) -> Result<(), Error> {
    let Rule { id, name, active, body, version, created_at, changed_at } = new;
    execute!(&mut **tx, INSERT, id, name, *active, written(body), version, created_at, changed_at)?;
    Ok(())
}

/// Keeps what changed of a rule that still has this version, and gives it the next. `false`: it has another.
pub async fn change(tx: &mut Tx, rule: &Rule) -> Result<bool, Error> {
    let Rule { id, name, active, body, version, changed_at, .. } = rule;
    Ok(execute!(&mut **tx, CHANGE, id, version, name, *active, written(body), changed_at)? == 1)
}

/// Has the rules asked in this order.
pub async fn order(tx: &mut Tx, ids: &[Uuid]) -> Result<(), Error> {
    for (position, id) in (1_i64..).zip(ids) {
        execute!(&mut **tx, PLACE, id, position)?;
    }
    Ok(())
}

/// Takes a rule of this version away. `false`: it has another.
pub async fn remove(tx: &mut Tx, id: Uuid, version: i64) -> Result<bool, Error> {
    Ok(execute!(&mut **tx, REMOVE, id, version)? == 1)
}

/// What began conversations since a moment, the newest first, from before this conversation on.
pub async fn past(conn: &mut Conn, before: Uuid, since: Millis, most: i64) -> Result<Vec<Past>, Error> {
    // An id begins with its moment.
    let first = Uuid::from_u128(u128::try_from(since).unwrap_or(0) << 80);
    Ok(rows!(conn, Past, PAST, before, first, most)?)
}

fn written(body: &Body) -> String {
    serde_json::to_string(body).expect("words and ids become JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_fits_nothing() {
        for body in ["", "{}", r#"{"match":"all","conditions":[{"about":"moon"}],"acts":[{"act":"spam"}]}"#] {
            let row = Row {
                id: Uuid::nil(),
                name: "From tomorrow".to_owned(),
                active: true,
                body: body.to_owned(),
                version: 1,
                created_at: 0,
                changed_at: 0,
            };
            assert_eq!(Rule::from(row).body, Body::default());
        }
    }
}
