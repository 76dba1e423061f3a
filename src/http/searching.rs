//! What somebody looks for: read among the names that the house has, and told back in words.

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::Result;
use super::time::Time;
use crate::model::Millis;
use crate::model::search::{Names, Query, Surroundings, parse};
use crate::store::{Conn, channels, people, tags};

/// How a text was understood.
#[derive(Serialize, ToSchema)]
pub(super) struct Search {
    /// In words: "from amara, late, not “hold”".
    read: String,
    /// Each condition; all of them hold for what was found.
    conditions: Vec<Condition>,
    /// What may have been meant in another way, a sentence each.
    hints: Vec<String>,
    /// Words of what was said before are still being read, and are not found yet; null: everything is found.
    complete_since: Option<Time>,
}

/// One condition.
#[derive(Serialize, ToSchema)]
pub(super) struct Condition {
    /// In words: "late".
    words: String,
    /// The text with every other condition but this one.
    without: String,
}

impl Search {
    pub(super) fn of(query: &Query, complete_since: Option<Millis>) -> Self {
        let conditions = query.clauses.iter();
        Self {
            read: query.in_words(),
            conditions: conditions
                .map(|clause| Condition { words: clause.in_words(), without: query.without(clause) })
                .collect(),
            hints: query.hints.clone(),
            complete_since: complete_since.map(Time),
        }
    }
}

/// Reads what was typed. Names are looked up only where an operator may ask for one.
pub(super) async fn look_for(conn: &mut Conn, text: &str, me: Uuid, now: Millis) -> Result<Query> {
    let mut around = Surroundings::nameless(me, now);
    if text.contains(':') {
        let library = people::library(conn).await?;
        around.zone = library.and_then(|library| TimeZone::get(&library.zone).ok()).unwrap_or(TimeZone::UTC);
        let staff = people::all_staff(conn).await?;
        around.staff = Names(staff.into_iter().map(|one| (one.name, one.id)).collect());
        let desks = people::desks(conn).await?;
        around.branches = Names(desks.iter().map(|one| (one.branch_name.clone(), one.id)).collect());
        around.desks = Names(desks.into_iter().map(|one| (one.name, one.id)).collect());
        around.channels =
            Names(channels::all(conn).await?.into_iter().map(|one| (one.name, one.id)).collect());
        around.tags = Names(tags::all(conn).await?.into_iter().map(|one| (one.name, one.id)).collect());
    }
    Ok(parse(text, &around))
}
