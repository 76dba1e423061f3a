//! What bears a tag, of any view: by the tag's own key, which is by age.

use uuid::Uuid;

use super::{Page, Position, Query, Turn};
use crate::model::conversation::{Conversation, View};
use crate::store::{Conn, Error, rows};

macro_rules! tagged {
    ($view:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM conversation_tags JOIN conversations ON id = conversation_id \
             WHERE tag_id = $2 AND conversation_id < $1 AND merged_into IS NULL",
            $view,
            " AND desk_id = COALESCE($4, desk_id) AND channel_id = COALESCE($5, channel_id) \
             ORDER BY conversation_id DESC LIMIT $3"
        )
    };
}

const UNCLAIMED: &str = tagged!(" AND state = 'open' AND owner_id IS NULL");
const MINE: &str = tagged!(" AND owner_id = $6 AND state IN ('open', 'waiting')");
const WATCHING: &str = tagged!(
    " AND EXISTS (SELECT 1 FROM watches w WHERE w.staff_id = $6 AND w.conversation_id = conversations.id)"
);
const WAITING: &str = tagged!(" AND state = 'waiting'");
const SNOOZED: &str = tagged!(" AND state = 'snoozed'");
const DONE: &str = tagged!(" AND state = 'done'");
const SPAM: &str = tagged!(" AND state = 'spam'");
pub(super) const EVERYTHING: &str = tagged!("");

pub(in crate::store) const TAGGED: &[&str] =
    &[UNCLAIMED, MINE, WATCHING, WAITING, SNOOZED, DONE, SPAM, EVERYTHING];

/// One page of them, the latest begun first.
pub(super) async fn bearing(conn: &mut Conn, query: &Query, tag: Uuid) -> Result<Page, Error> {
    let before = query.after.map_or(Uuid::max(), |after| after.id);
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX - 1) + 1;
    let (desk, channel) = (query.desk, query.channel);
    let text = match query.view {
        View::Unclaimed => UNCLAIMED,
        View::Mine => MINE,
        View::Watching => WATCHING,
        View::Waiting => WAITING,
        View::Snoozed => SNOOZED,
        View::Done => DONE,
        View::Spam => SPAM,
        View::All => EVERYTHING,
    };
    let mut items: Vec<Conversation> = match query.view {
        View::Mine | View::Watching => {
            rows!(conn, Conversation, text, before, tag, limit, desk, channel, query.staff)?
        }
        _ => rows!(conn, Conversation, text, before, tag, limit, desk, channel)?,
    };
    let more = items.len() > query.limit;
    items.truncate(query.limit);
    let next = items.last().filter(|_| more);
    let next = next.map(|last| Position { key: 0, id: last.id, turn: Turn::default() });
    Ok(Page { items, next })
}
