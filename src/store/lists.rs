//! The inbox: each view is one keyset read on one index, whatever it is filtered by.
//!
//! No text here sorts, joins or counts its way to a page; a test asks both engines how they would run each of them.

use std::collections::HashSet;

use sqlx::FromRow;
use uuid::Uuid;

use super::{Conn, Error, row, rows, watches};
use crate::model::Millis;
use crate::model::conversation::{Conversation, State, View};
use crate::model::queue::Rank;
use crate::model::search;
use crate::model::tag;

macro_rules! columns {
    () => {
        "id, number, channel_id, desk_id, patron_id, patron_name, thread, subject, preview, visibility, state, \
         owner_id, owner_since, waiting_since, due_at, snoozed_until, last_patron_at, last_at, seq, trouble, \
         has_attachments, created_at, outcome, follow_up_at, tags, urgent, merged_into, live, skill, language, \
         offered, kept_for, kept_until, step, hop_at"
    };
}
macro_rules! unclaimed {
    ($filter:literal $(, $more:literal)?) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM conversations WHERE state = 'open' AND owner_id IS NULL",
            $filter,
            $($more,)?
            " AND (due_at, id) > ($1, $2) ORDER BY due_at, id LIMIT $3"
        )
    };
}
macro_rules! mine {
    ($filter:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM conversations WHERE owner_id = $4 AND state IN ('open', 'waiting')",
            $filter,
            " AND (due_at, id) > ($1, $2) ORDER BY due_at, id LIMIT $3"
        )
    };
}
/// By id, which is by age: the key of the watches themselves.
macro_rules! watched {
    ($filter:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM watches JOIN conversations ON id = conversation_id \
             WHERE staff_id = $2 AND conversation_id < $1",
            $filter,
            " ORDER BY conversation_id DESC LIMIT $3"
        )
    };
}
macro_rules! snoozed {
    ($filter:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM conversations WHERE state = 'snoozed'",
            $filter,
            " AND (snoozed_until, id) > ($1, $2) ORDER BY snoozed_until, id LIMIT $3"
        )
    };
}
macro_rules! of_state {
    ($state:literal, $filter:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM conversations WHERE state = '",
            $state,
            "'",
            $filter,
            " AND merged_into IS NULL AND (last_at, id) < ($1, $2)"
        )
    };
}
macro_rules! newest {
    ($filter:literal, $state:literal) => {
        concat!(of_state!($state, $filter), " ORDER BY last_at DESC, id DESC LIMIT $3")
    };
}
/// Each state's newest, and the newest of those: at most five pages are looked at, whatever the table holds.
macro_rules! merged {
    ($filter:literal, $first:literal $(, $state:literal)+) => {
        concat!(
            "SELECT * FROM (SELECT * FROM (",
            newest!($filter, $first),
            ") newest",
            $(" UNION ALL SELECT * FROM (", newest!($filter, $state), ") newest",)+
            ") newest ORDER BY last_at DESC, id DESC LIMIT $3"
        )
    };
}
/// The four ways to filter a view, in the order in which [`filtered`] picks one.
macro_rules! each_filter {
    ($text:ident $(, $state:literal)*) => {
        &[
            $text!("" $(, $state)*),
            $text!(" AND desk_id = $4" $(, $state)*),
            $text!(" AND channel_id = $4" $(, $state)*),
            $text!(" AND channel_id = $4 AND desk_id = $5" $(, $state)*),
        ]
    };
}

mod queue;
mod sifted;
mod tagged;

pub(super) const UNCLAIMED: &[&str] = each_filter!(unclaimed);
// What one person can hold is little enough to be looked through for a desk or a channel.
pub(super) const MINE: &[&str] = &[
    mine!(""),
    mine!(" AND desk_id = $5"),
    mine!(" AND channel_id = $5"),
    mine!(" AND channel_id = $5 AND desk_id = $6"),
];
// As little as what one person holds.
pub(super) const WATCHED: &[&str] = each_filter!(watched);
pub(super) const SNOOZED: &[&str] = each_filter!(snoozed);
pub(super) const WAITING: &[&str] = each_filter!(newest, "waiting");
pub(super) const DONE: &[&str] = each_filter!(newest, "done");
pub(super) const SPAM: &[&str] = each_filter!(newest, "spam");
pub(super) const EVERYTHING: &[&str] = each_filter!(merged, "open", "waiting", "snoozed", "done", "spam");
/// What comes before what is not late: as unclaimed ones, but few.
macro_rules! urgent {
    ($filter:literal) => {
        unclaimed!(" AND urgent", $filter)
    };
}
pub(super) const URGENT: &[&str] = each_filter!(urgent);
/// Whose patrons wait at their screens: few as well.
macro_rules! live {
    ($filter:literal) => {
        unclaimed!(" AND live AND waiting_since IS NOT NULL", $filter)
    };
}
pub(super) const LIVE: &[&str] = each_filter!(live);
pub(super) use sifted::{SIFTED, Sift, sifted};
pub(super) use tagged::TAGGED;
pub(super) const ALL: &[&str] = &[COUNTS, EARLIER, OF_PATRON, LINKED];

const COUNTS: &str = "SELECT \
     CAST(COALESCE(SUM(CASE WHEN state = 'open' AND owner = '-' THEN conversations END), 0) AS BIGINT) AS unclaimed, \
     CAST(COALESCE(SUM(CASE WHEN state IN ('open', 'waiting') AND owner = $1 THEN conversations END), 0) AS BIGINT) \
     AS mine, \
     CAST(COALESCE(SUM(CASE WHEN state = 'waiting' THEN conversations END), 0) AS BIGINT) AS waiting, \
     CAST(COALESCE(SUM(CASE WHEN state = 'snoozed' THEN conversations END), 0) AS BIGINT) AS snoozed, \
     CAST(COALESCE(SUM(CASE WHEN state = 'done' THEN conversations END), 0) AS BIGINT) AS done, \
     CAST(COALESCE(SUM(CASE WHEN state = 'spam' THEN conversations END), 0) AS BIGINT) AS spam, \
     CAST(COALESCE(SUM(conversations), 0) AS BIGINT) AS everything FROM tallies";
const EARLIER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM conversations WHERE patron_id = $1 AND id <> $2 AND merged_into IS NULL ORDER BY id DESC LIMIT $3"
);
const OF_PATRON: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM conversations WHERE patron_id = $1 AND id < $2 AND merged_into IS NULL ORDER BY id DESC LIMIT $3"
);
const LINKED: &str = "SELECT id, number, subject, why FROM conversation_links JOIN conversations ON id = other_id \
     WHERE (conversation_id = $1 OR conversation_id IN (SELECT g.from_id FROM merges g WHERE g.into_id = $1 AND g.undone_at IS NULL)) \
     AND other_id <> $1 \
     UNION ALL SELECT c.id, c.number, c.subject, 'has_split_off' FROM splits s JOIN conversations c ON c.id = s.into_id \
     WHERE s.from_id = $1 AND c.merged_into IS NULL \
     UNION ALL SELECT c.id, c.number, c.subject, 'split_off' FROM splits s JOIN conversations c ON c.id = s.from_id \
     WHERE s.into_id = $1 AND c.merged_into IS NULL ORDER BY id";

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Query {
    /// The way of looking.
    pub view: View,
    /// Who looks: whose [`View::Mine`] is.
    pub staff: Uuid,
    /// Only at this desk.
    pub desk: Option<Uuid>,
    /// Only by this channel.
    pub channel: Option<Uuid>,
    /// Only with this tag; the latest begun is first then.
    pub tag: Option<Uuid>,
    /// Only where this holds; the order is then where it holds at last, newest first.
    pub sought: Option<search::Query>,
    /// What is late is late now.
    pub now: Millis,
    /// At most so many.
    pub limit: usize,
    /// Go on after this.
    pub after: Option<Position>,
}

/// Where a page ends: the sort key and the id of its last row. Means something only together with the same [`Query`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// What the view is sorted by: a time, or the number of the newest message in which what is looked for holds.
    pub key: i64,
    /// The conversation.
    pub id: Uuid,
    /// With what rank it was shown among the unclaimed, as of which moment; elsewhere nothing.
    pub turn: Turn,
}

/// Where among the unclaimed a page ends: what is late is late as of the first page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Its rank.
    pub rank: Rank,
    /// As of then.
    pub as_of: Millis,
}

/// A part of a view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// In the view's order.
    pub items: Vec<Conversation>,
    /// Where the next part begins; none: this was the last.
    pub next: Option<Position>,
}

/// Another conversation that this one is linked with.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Link {
    /// The other conversation.
    pub id: Uuid,
    /// Its number.
    pub number: i64,
    /// Its subject.
    pub subject: String,
    /// `same_message` or `unproven_reference`.
    pub why: String,
}

/// One page of a view.
pub async fn conversations(conn: &mut Conn, query: &Query) -> Result<Page, Error> {
    if let Some(sought) = &query.sought {
        return super::search::page(conn, query, sought).await;
    }
    if let Some(tag) = query.tag {
        return tagged::bearing(conn, query, tag).await;
    }
    if query.view == View::Unclaimed {
        return queue::unclaimed(conn, query).await;
    }
    let turn = Turn::default();
    let after = query.after.unwrap_or(if rises(query.view) {
        Position { key: i64::MIN, id: Uuid::nil(), turn }
    } else {
        Position { key: i64::MAX, id: Uuid::max(), turn }
    });
    // One more than is shown tells whether there is a next page.
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX - 1) + 1;
    let mut items: Vec<Conversation> = match query.view {
        View::Unclaimed => filtered(conn, UNCLAIMED, query, after, limit).await?,
        View::Mine => filtered_mine(conn, query, after, limit).await?,
        View::Watching => filtered_watched(conn, query, after.id, limit).await?,
        View::Waiting => filtered(conn, WAITING, query, after, limit).await?,
        View::Snoozed => filtered(conn, SNOOZED, query, after, limit).await?,
        View::Done => filtered(conn, DONE, query, after, limit).await?,
        View::Spam => filtered(conn, SPAM, query, after, limit).await?,
        View::All => filtered(conn, EVERYTHING, query, after, limit).await?,
    };
    let more = items.len() > query.limit;
    items.truncate(query.limit);
    let last = items.last().filter(|_| more);
    let next = last.map(|last| Position { key: key_of(query.view, last), id: last.id, turn });
    Ok(Page { items, next })
}

async fn filtered(
    conn: &mut Conn,
    texts: &'static [&'static str],
    query: &Query,
    Position { key, id, .. }: Position,
    limit: i64,
) -> Result<Vec<Conversation>, Error> {
    let found = match (query.desk, query.channel) {
        (None, None) => rows!(conn, Conversation, texts[0], key, id, limit),
        (Some(desk), None) => rows!(conn, Conversation, texts[1], key, id, limit, desk),
        (None, Some(channel)) => rows!(conn, Conversation, texts[2], key, id, limit, channel),
        (Some(desk), Some(channel)) => rows!(conn, Conversation, texts[3], key, id, limit, channel, desk),
    };
    Ok(found?)
}

async fn filtered_mine(
    conn: &mut Conn,
    query: &Query,
    Position { key, id, .. }: Position,
    limit: i64,
) -> Result<Vec<Conversation>, Error> {
    let me = query.staff;
    let found = match (query.desk, query.channel) {
        (None, None) => rows!(conn, Conversation, MINE[0], key, id, limit, me),
        (Some(desk), None) => rows!(conn, Conversation, MINE[1], key, id, limit, me, desk),
        (None, Some(channel)) => rows!(conn, Conversation, MINE[2], key, id, limit, me, channel),
        (Some(desk), Some(channel)) => rows!(conn, Conversation, MINE[3], key, id, limit, me, channel, desk),
    };
    Ok(found?)
}

async fn filtered_watched(
    conn: &mut Conn,
    query: &Query,
    before: Uuid,
    limit: i64,
) -> Result<Vec<Conversation>, Error> {
    let me = query.staff;
    let found = match (query.desk, query.channel) {
        (None, None) => rows!(conn, Conversation, WATCHED[0], before, me, limit),
        (Some(desk), None) => rows!(conn, Conversation, WATCHED[1], before, me, limit, desk),
        (None, Some(channel)) => rows!(conn, Conversation, WATCHED[2], before, me, limit, channel),
        (Some(desk), Some(channel)) => {
            rows!(conn, Conversation, WATCHED[3], before, me, limit, channel, desk)
        }
    };
    Ok(found?)
}

/// Whether the view begins with the smallest key.
const fn rises(view: View) -> bool {
    matches!(view, View::Unclaimed | View::Mine | View::Snoozed)
}

fn key_of(view: View, row: &Conversation) -> Millis {
    match view {
        View::Unclaimed | View::Mine => row.due_at,
        View::Snoozed => row.snoozed_until.unwrap_or(i64::MAX),
        // The id alone says where a page of these ends.
        View::Watching => 0,
        View::Waiting | View::Done | View::Spam | View::All => row.last_at,
    }
}

/// Whether a conversation is one of the view's, as far as its row can tell. Spam is everywhere else for those alone who ask
/// for it.
pub(super) fn shows(query: &Query, watched: &HashSet<Uuid>, row: &Conversation, with_spam: bool) -> bool {
    let in_view = match query.view {
        View::Unclaimed => row.state == State::Open && row.owner_id.is_none(),
        View::Mine => row.owner_id == Some(query.staff) && matches!(row.state, State::Open | State::Waiting),
        View::Watching => watched.contains(&row.id),
        View::Waiting => row.state == State::Waiting,
        View::Snoozed => row.state == State::Snoozed,
        View::Done => row.state == State::Done,
        View::Spam => row.state == State::Spam,
        View::All => with_spam || row.state != State::Spam,
    };
    in_view
        && query.desk.is_none_or(|desk| desk == row.desk_id)
        && query.channel.is_none_or(|channel| channel == row.channel_id)
        && query.tag.is_none_or(|tag| tag::ids(&row.tags).any(|id| id == tag))
}

/// How many conversations each view holds, in the order of the menu: from the tallies, but for the few watched ones.
pub async fn views(conn: &mut Conn, staff: Uuid) -> Result<Vec<(View, i64)>, Error> {
    #[derive(Default, FromRow)]
    struct Counts {
        unclaimed: i64,
        mine: i64,
        waiting: i64,
        snoozed: i64,
        done: i64,
        spam: i64,
        everything: i64,
    }
    let counts = row!(conn, Counts, COUNTS, staff.to_string())?.unwrap_or_default();
    let watched = watches::count(conn, staff).await?;
    let count = |view| match view {
        View::Watching => watched,
        View::Unclaimed => counts.unclaimed,
        View::Mine => counts.mine,
        View::Waiting => counts.waiting,
        View::Snoozed => counts.snoozed,
        View::Done => counts.done,
        View::Spam => counts.spam,
        View::All => counts.everything,
    };
    Ok(View::ALL.map(|view| (view, count(view))).to_vec())
}

/// A patron's other conversations, the latest begun first.
pub async fn earlier_of_patron(
    conn: &mut Conn,
    patron: Uuid,
    not: Uuid,
    limit: i64,
) -> Result<Vec<Conversation>, Error> {
    Ok(rows!(conn, Conversation, EARLIER, patron, not, limit)?)
}

/// A patron's conversations that began before this one, the latest first.
pub async fn of_patron(
    conn: &mut Conn,
    patron: Uuid,
    before: Uuid,
    limit: i64,
) -> Result<Vec<Conversation>, Error> {
    Ok(rows!(conn, Conversation, OF_PATRON, patron, before, limit)?)
}

/// What a conversation is linked with, oldest first.
pub async fn linked(conn: &mut Conn, conversation: Uuid) -> Result<Vec<Link>, Error> {
    Ok(rows!(conn, Link, LINKED, conversation)?)
}
