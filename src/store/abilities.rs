//! What people can, and at which desks they answer.

use std::collections::{BTreeSet, HashMap};

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, Tx, execute, row, rows};
use crate::model::ability::Abilities;

const OF: &str = "SELECT id, skills, languages, live_at_once FROM staff WHERE id = $1";
const EVERYBODY: &str =
    "SELECT id, skills, languages, live_at_once FROM staff WHERE disabled_at IS NULL ORDER BY id";
const SET: &str = "UPDATE staff SET skills = $2, languages = $3, live_at_once = $4 WHERE id = $1";
/// A desk at which nobody answers by name is everybody's, and who answers at none by name answers at all.
const DESKS: &str = "SELECT d.id FROM desks d WHERE EXISTS \
     (SELECT 1 FROM desk_members m WHERE m.desk_id = d.id AND m.staff_id = $1) OR NOT EXISTS \
     (SELECT 1 FROM desk_members m JOIN staff s ON s.id = m.staff_id WHERE m.desk_id = d.id AND s.disabled_at IS NULL) \
     OR NOT EXISTS (SELECT 1 FROM desk_members m WHERE m.staff_id = $1)";

pub(super) const ALL: &[&str] = &[OF, EVERYBODY, SET, DESKS];

#[derive(FromRow)]
struct Row {
    id: Uuid,
    skills: String,
    languages: String,
    live_at_once: i64,
}

impl Row {
    fn read(self) -> (Uuid, Abilities) {
        let words = |text: &str, between| {
            text.split(between).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let (skills, languages) = (words(&self.skills, ", "), words(&self.languages, " "));
        (self.id, Abilities { skills, languages, live_at_once: self.live_at_once })
    }
}

/// What this person can; none: there is no such person.
pub async fn of(conn: &mut Conn, staff: Uuid) -> Result<Option<Abilities>, Error> {
    Ok(row!(conn, Row, OF, staff)?.map(|row| row.read().1))
}

/// What everybody can who may sign in.
pub async fn everybody(conn: &mut Conn) -> Result<HashMap<Uuid, Abilities>, Error> {
    Ok(rows!(conn, Row, EVERYBODY)?.into_iter().map(Row::read).collect())
}

/// Every skill and every language that somebody has who may sign in.
pub async fn known(conn: &mut Conn) -> Result<(BTreeSet<String>, BTreeSet<String>), Error> {
    let (mut skills, mut languages) = (BTreeSet::new(), BTreeSet::new());
    for able in everybody(conn).await?.into_values() {
        skills.extend(able.skills);
        languages.extend(able.languages);
    }
    Ok((skills, languages))
}

/// Keeps what this person can. `false`: there is no such person.
pub async fn set(tx: &mut Tx, staff: Uuid, able: &Abilities) -> Result<bool, Error> {
    let Abilities { skills, languages, live_at_once } = able;
    Ok(execute!(&mut **tx, SET, staff, skills.join(", "), languages.join(" "), live_at_once)? == 1)
}

/// The desks at which this person answers.
pub async fn desks(conn: &mut Conn, staff: Uuid) -> Result<Vec<Uuid>, Error> {
    Ok(rows!(conn, (Uuid,), DESKS, staff)?.into_iter().map(|(desk,)| desk).collect())
}
