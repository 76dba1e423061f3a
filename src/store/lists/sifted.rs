//! All conversations that meet one condition, where they are few: from an index each.

use uuid::Uuid;

use super::{DONE, SPAM, WAITING, tagged};
use crate::model::conversation::{Conversation, State};
use crate::store::{Conn, Error, conversations, rows};

const OPEN: &str = newest!("", "open");
const SNOOZED: &str = newest!("", "snoozed");

pub(in crate::store) const SIFTED: &[&str] = &[OPEN, SNOOZED];

const fn text_of(state: State) -> &'static str {
    match state {
        State::Open => OPEN,
        State::Waiting => WAITING[0],
        State::Snoozed => SNOOZED,
        State::Done => DONE[0],
        State::Spam => SPAM[0],
    }
}

/// The condition.
pub(in crate::store) enum Sift<'q> {
    /// In one of these states.
    States(&'q [State]),
    /// With one of these tags.
    Tags(&'q [Uuid]),
    /// One of these.
    These(&'q [Uuid]),
}

/// Every one of them; none: they are more than `most`.
pub(in crate::store) async fn sifted(
    conn: &mut Conn,
    sift: &Sift<'_>,
    most: usize,
) -> Result<Option<Vec<Conversation>>, Error> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX - 1) + 1;
    let mut all: Vec<Conversation> = Vec::new();
    match sift {
        Sift::States(states) => {
            for state in *states {
                all.extend(rows!(conn, Conversation, text_of(*state), i64::MAX, Uuid::max(), limit)?);
            }
        }
        Sift::Tags(tags) => {
            let (desk, channel) = (None::<Uuid>, None::<Uuid>);
            for tag in *tags {
                all.extend(rows!(
                    conn,
                    Conversation,
                    tagged::EVERYTHING,
                    Uuid::max(),
                    tag,
                    limit,
                    desk,
                    channel
                )?);
            }
        }
        Sift::These(ids) if ids.len() > most => return Ok(None),
        Sift::These(ids) => {
            for id in *ids {
                all.extend(conversations::by_id(conn, *id).await?);
            }
        }
    }
    all.sort_by_key(|row| row.id);
    all.dedup_by_key(|row| row.id);
    Ok((all.len() <= most).then_some(all))
}
