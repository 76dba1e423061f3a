//! How many conversations are in each state at each desk for each owner: kept with every change, never counted.

use sqlx::query;
use uuid::Uuid;

use super::{Error, Tx, on};
use crate::model::conversation::State;

const NOBODY: &str = "-";
const ADD: &str = "INSERT INTO tallies (desk_id, owner, state, conversations) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (desk_id, owner, state) DO UPDATE SET conversations = tallies.conversations + excluded.conversations";

pub(super) const ALL: &[&str] = &[ADD];

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

/// A conversation came, went or moved.
pub(super) async fn moved(tx: &mut Tx, before: Option<Place>, after: Option<Place>) -> Result<(), Error> {
    if before == after {
        return Ok(());
    }
    for (place, by) in [(before, -1_i64), (after, 1)] {
        if let Some(place) = place {
            let owner = place.owner.map_or_else(|| NOBODY.to_owned(), |id| id.to_string());
            on!(&mut tx.conn, c => query(ADD)
                .bind(place.desk).bind(&owner).bind(place.state.as_str()).bind(by)
                .execute(c).await.map(|_| ()))?;
        }
    }
    Ok(())
}
