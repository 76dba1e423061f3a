//! How many conversations are in each state at each desk for each owner: kept with every change, never counted.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::moves::summed;
use super::{Conn, Error, Tx, rows, tell};
use crate::model::conversation::State;

const NOBODY: &str = "-";
const ADD: &str = "INSERT INTO tallies (desk_id, owner, state, conversations) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (desk_id, owner, state) DO UPDATE SET conversations = tallies.conversations + excluded.conversations";

const KEPT: &str = "SELECT desk_id, owner, state, conversations FROM tallies WHERE conversations <> 0";
const COUNTED: &str = "SELECT desk_id, owner_id, state, COUNT(*) FROM conversations WHERE merged_into IS NULL \
     GROUP BY desk_id, owner_id, state";

pub(super) const ALL: &[&str] = &[ADD, KEPT, COUNTED];

/// Where a conversation is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// At this desk.
    pub desk: Uuid,
    /// For this owner.
    pub owner: Option<Uuid>,
    /// In this state.
    pub state: State,
}

/// Conversations came, went or moved: of each, where it was and where it is. Moves that cancel out are not written.
pub(super) async fn moved(
    tx: &mut Tx,
    moves: impl Iterator<Item = (Option<Place>, Option<Place>)>,
) -> Result<(), Error> {
    for (place, by) in summed(moves) {
        let owner = place.owner.map_or_else(|| NOBODY.to_owned(), |id| id.to_string());
        tell!(&mut tx.conn, ADD, place.desk, &owner, place.state.as_str(), by)?;
    }
    Ok(())
}

/// A tally that is not what a count of the conversations gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Of this desk.
    pub desk: Uuid,
    /// Of this owner; `-` for none.
    pub owner: String,
    /// Of this state.
    pub state: String,
    /// What the tally says.
    pub kept: i64,
    /// What there are.
    pub counted: i64,
}

/// Counts every conversation and gives the tallies that are wrong. Reads the whole table: for a check, never for a page.
pub async fn wrong(conn: &mut Conn) -> Result<Vec<Wrong>, Error> {
    let mut tallies: BTreeMap<(Uuid, String, String), (i64, i64)> = BTreeMap::new();
    for (desk, owner, state, kept) in rows!(conn, (Uuid, String, String, i64), KEPT)? {
        tallies.entry((desk, owner, state)).or_default().0 = kept;
    }
    for (desk, owner, state, counted) in rows!(conn, (Uuid, Option<Uuid>, String, i64), COUNTED)? {
        let owner = owner.map_or_else(|| NOBODY.to_owned(), |id| id.to_string());
        tallies.entry((desk, owner, state)).or_default().1 = counted;
    }
    let wrong = tallies.into_iter().filter(|(_, (kept, counted))| kept != counted);
    Ok(wrong
        .map(|((desk, owner, state), (kept, counted))| Wrong { desk, owner, state, kept, counted })
        .collect())
}
