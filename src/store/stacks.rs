//! How many unclaimed conversations are alike in all but when they are due: kept with every change, never counted.

use sqlx::FromRow;
use uuid::Uuid;

use super::moves::summed;
use super::{Conn, Error, Tx, rows, tell};
use crate::model::conversation::{Conversation, State};
use crate::model::next::Rung;

const ADD: &str = "INSERT INTO stacks (desk_id, channel_id, rung, skill, language, offered, conversations) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (desk_id, channel_id, rung, skill, language, offered) \
     DO UPDATE SET conversations = stacks.conversations + excluded.conversations";
const WRONG: &str = "SELECT desk_id, channel_id, rung, skill, language, offered, \
     CAST(SUM(kept) AS BIGINT) AS kept, CAST(SUM(counted) AS BIGINT) AS counted FROM \
     (SELECT desk_id, channel_id, rung, skill, language, offered, conversations AS kept, 0 AS counted FROM stacks \
     UNION ALL SELECT desk_id, channel_id, rung, skill, language, offered, 0 AS kept, 1 AS counted FROM conversations \
     WHERE state = 'open' AND owner_id IS NULL AND merged_into IS NULL) both_ways \
     GROUP BY desk_id, channel_id, rung, skill, language, offered HAVING SUM(kept) <> SUM(counted)";

pub(super) const ALL: &[&str] = &[ADD, WRONG];

/// In which stack a conversation lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    desk_id: Uuid,
    channel_id: Uuid,
    rung: i64,
    skill: String,
    language: String,
    offered: String,
}

/// The stack of a conversation; none: it is not to be taken.
pub(super) fn place(of: &Conversation) -> Option<Place> {
    let unclaimed = of.state == State::Open && of.owner_id.is_none() && of.merged_into.is_none();
    unclaimed.then(|| Place {
        desk_id: of.desk_id,
        channel_id: of.channel_id,
        rung: Rung::of(of) as i64,
        skill: of.skill.clone(),
        language: of.language.clone(),
        offered: of.offered.clone(),
    })
}

/// Conversations came, went or moved: of each, where it was and where it is. Moves that cancel out are not written.
pub(super) async fn moved(
    tx: &mut Tx,
    moves: impl Iterator<Item = (Option<Place>, Option<Place>)>,
) -> Result<(), Error> {
    for (place, by) in summed(moves) {
        let Place { desk_id, channel_id, rung, skill, language, offered } = &place;
        tell!(&mut tx.conn, ADD, *desk_id, *channel_id, *rung, skill, language, offered, by)?;
    }
    Ok(())
}

/// A stack of another height than a count of the conversations gives.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Wrong {
    /// At this desk.
    pub desk_id: Uuid,
    /// By this channel.
    pub channel_id: Uuid,
    /// Where they stand.
    pub rung: i64,
    /// The skill that they need.
    pub skill: String,
    /// The language that they need.
    pub language: String,
    /// Where else they are offered.
    pub offered: String,
    /// What is kept.
    pub kept: i64,
    /// What there are.
    pub counted: i64,
}

/// Counts every unclaimed conversation and gives the stacks that are wrong. For a check, never for a page.
pub async fn wrong(conn: &mut Conn) -> Result<Vec<Wrong>, Error> {
    Ok(rows!(conn, Wrong, WRONG)?)
}
